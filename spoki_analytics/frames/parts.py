"""Listings of any length in bounded memory: read into the bytes in which they are kept, and given part by part.

The parts of a table are frames that have the columns, dtypes and categories of the whole, also where a custom value or
a category turns up for the first time in the last row.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from spoki_analytics.frames.builder import TableBuilder
from spoki_analytics.frames.chosen import Chosen
from spoki_analytics.frames.phones import Region
from spoki_analytics.frames.schemas import Schema
from spoki_analytics.frames.shelf import Shelf
from spoki_analytics.frames.side_tables import CustomValues, custom_values
from spoki_analytics.frames.tables import COMPRESSION, PART, TableCodec, array_of, dump, to_frame


class PartsBuilder:
    """Collects the pages of one listing on the disk.

    Args:
        builder: Makes the columns.
    """

    def __init__(self, builder: TableBuilder) -> None:
        self._builder = builder
        self._shelf = Shelf()
        self._borders = [0]

    def add(self, rows: list[Any]) -> None:
        """Take one page."""
        self._builder.add(rows)
        if self._builder.rows - self._borders[-1] >= PART:
            self._put_aside()

    def finish(self) -> bytes:
        """The table as it is kept."""
        if len(self._borders) == 1:
            return dump(self._builder.finish())
        self._put_aside()
        parts = (self._builder.part(range(start, stop)) for start, stop in pairwise(self._borders))
        return _joined(parts)

    def _put_aside(self) -> None:
        self._builder.put_aside(self._shelf)
        self._borders.append(self._builder.rows)


class PartsCodec:
    """Makes tables of one schema in the form in which ``TableCodec`` keeps them, and leaves them in it."""

    def __init__(self, schema: Schema, naive_timezone: str) -> None:
        self._tables = TableCodec(schema, naive_timezone)
        self.key = self._tables.key
        self.version = self._tables.version

    def builder(self) -> PartsBuilder:
        """A new table in the making."""
        return PartsBuilder(self._tables.builder())

    def dump(self, table: bytes) -> bytes:
        """The table as it is."""
        return table

    def load(self, body: bytes) -> bytes:
        """The table as it is."""
        return body

    def head(self, table: bytes, rows: int) -> bytes:
        """The first rows of the table."""

        def first() -> Iterator[pa.Table]:
            left = rows
            for part in _tables(table):
                yield part.slice(0, left)
                left -= part.num_rows
                if left <= 0:
                    return

        return _joined(first())


@dataclass(frozen=True, slots=True)
class Parts:
    """The frame of a kept table, part by part.

    Args:
        body: The table as it is kept.
        schema: The schema it was built with.
        region: Country of phone numbers without a country code.
    """

    body: bytes
    schema: Schema
    region: Region

    @property
    def rows(self) -> int:
        """How many there are."""
        return int(pq.read_metadata(pa.BufferReader(self.body)).num_rows)

    def frames(self, chosen: Chosen | None = None, *, tells: bool = True) -> Iterator[pd.DataFrame]:
        """The parts, one at least, with the chosen columns; the first one warns."""
        values, schema = self._survey()
        for number, table in enumerate(_tables(self.body)):
            first = tells and not number
            yield to_frame(table, schema, self.region, chosen, values=values, tells=first)

    def _survey(self) -> tuple[CustomValues | None, Schema]:
        """What the parts need to know of the whole: the codes of custom values, and every category."""
        enums = [(path, field) for path, field in self.schema.leaves() if field.kind == "enum"]
        met: dict[str, set[str]] = {path: set() for path, _ in enums}
        for table in _tables(self.body):
            for path, field in enums:
                met[path].update(pc.drop_null(pc.unique(array_of(table, path, field))).to_pylist())
        custom = next((field for field in self.schema.fields if field.kind == "values"), None)
        values = None if custom is None else custom_values(_tables(self.body), custom)
        return values, replace(self.schema, fields=_with_choices(self.schema.fields, met))


def _with_choices(fields: Any, met: dict[str, set[str]], prefix: str = "") -> Any:
    """The fields, with all values that were met among the choices of the enumerations."""
    return tuple(
        replace(field, fields=_with_choices(field.fields, met, f"{prefix}{field.name}."))
        if field.kind == "object"
        else replace(field, choices=(*field.choices, *sorted(met[prefix + field.name] - set(field.choices))))
        if field.kind == "enum"
        else field
        for field in fields
    )


def _tables(body: bytes) -> Iterator[pa.Table]:
    """The parts of a kept table, one at least."""
    file = pq.ParquetFile(pa.BufferReader(body), pre_buffer=False)
    for number in range(file.num_row_groups):
        yield file.read_row_group(number, use_threads=False)
    if not file.num_row_groups:
        yield file.schema_arrow.empty_table()


def _joined(parts: Iterator[pa.Table]) -> bytes:
    """The parts of a table as it is kept, written by way of a file, as a buffer would grow by doubling."""
    first = next(parts)
    with tempfile.TemporaryFile() as file:
        with pq.ParquetWriter(file, first.schema, compression=COMPRESSION) as writer:
            writer.write_table(first)
            for part in parts:
                writer.write_table(part)
        file.seek(0)
        return file.read()
