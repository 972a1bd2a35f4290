"""Rows of JSON to one typed Arrow table, page by page.

Each page becomes Arrow arrays at once, one for each column, so that no Python rows are kept; a page whose values
have other types than declared takes a slower way for the columns concerned.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from spoki_analytics.frames.derived import derived_names
from spoki_analytics.frames.notes import DROPPED, Note, read_note
from spoki_analytics.frames.objects import Node, distinct
from spoki_analytics.frames.schemas import Schema
from spoki_analytics.frames.shelf import Shelf

NOTES_KEY = b"spoki"


class TableBuilder:
    """Collects the pages of one listing.

    Args:
        schema: What the rows should look like.
        naive_timezone: IANA zone of date-times that come without an offset.
    """

    def __init__(self, schema: Schema, naive_timezone: str = "UTC") -> None:
        self._schema = schema
        self._zone = naive_timezone
        self._node = Node(schema.fields)
        self._rows = 0
        self._dropped = 0

    def add(self, rows: list[Any]) -> None:
        """Take one page; rows that are not objects are dropped, counted and warned about later."""
        if not {dict}.issuperset(map(type, rows)):
            objects = [row for row in rows if isinstance(row, dict)]
            self._dropped += len(rows) - len(objects)
            rows = objects
        self._node.add(self._rows, rows)
        self._rows += len(rows)

    @property
    def rows(self) -> int:
        """How many rows it has taken."""
        return self._rows

    def put_aside(self, shelf: Shelf) -> None:
        """Put on the shelf what was taken so far; from then on ``part`` gives the table, one part after the other."""
        for leaf in self._node.leaves():
            leaf.put_aside(shelf, self._zone)

    def finish(self) -> pa.Table:
        """The typed table: objects flattened with a dot, sets still nested, unknown fields at the right.

        Its metadata tells the unknown columns and what to warn about, so that a table that was kept repeats it.
        """
        return self.part(range(self._rows))

    def part(self, rows: range) -> pa.Table:
        """These rows of the table, with the columns and the metadata of the whole; each part once, in their order."""
        declared, others = self._node.finish(rows, self._zone)
        names = frozenset(name for name, _ in declared)
        others = distinct(others, names | derived_names(self._schema))
        columns = declared + others
        notes = {"unknown": [name for name, _ in others], "warnings": [note.spell() for note in self._notes()]}
        arrow_schema = pa.schema(
            [(name, array.type) for name, array in columns], {NOTES_KEY: json.dumps(notes).encode()}
        )
        if not columns:
            return pa.table({}, arrow_schema)
        return pa.Table.from_arrays([array for _, array in columns], schema=arrow_schema)

    def _notes(self) -> Iterator[Note]:
        yield from (note.below(self._schema.name) for note in self._node.notes(self._zone))
        if self._dropped:
            yield Note(self._schema.name, DROPPED, self._dropped, {})


def unknown_columns(table: pa.Table) -> list[str]:
    """The columns that no schema declares."""
    return list(_kept(table)["unknown"])


def notes_of(table: pa.Table) -> list[Note]:
    """What a table carries for the readers of its columns."""
    return [read_note(spelled) for spelled in _kept(table)["warnings"]]


def _kept(table: pa.Table) -> dict[str, list[Any]]:
    notes: dict[str, list[Any]] = json.loads(
        (table.schema.metadata or {}).get(NOTES_KEY, b'{"unknown": [], "warnings": []}')
    )
    return notes
