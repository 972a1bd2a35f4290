"""The columns of one kind of JSON object, collected page by page: a row, an object in it, an item of a list.

Each column takes its values apart from the others, so that one value of the wrong type costs its own column its
type and nothing else, and a field that no schema declares becomes a column wherever it turns up.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from operator import itemgetter
from typing import Any, Protocol

import numpy as np
import pyarrow as pa

from spoki_analytics.frames.columns import INFERRED, Leaf, Strays, as_text, clean
from spoki_analytics.frames.notes import Note
from spoki_analytics.frames.schemas import Field
from spoki_analytics.wording.masking import is_credential

MAX_UNKNOWN = 300
"""Most columns that one undeclared object may add; what goes beyond stays together as JSON text."""
MAX_DEPTH = 5
"""Deepest level to which undeclared objects are flattened."""

_NOTHING: dict[str, Any] = {}
_OBJECTS = frozenset({dict, type(None)})
_LISTS = frozenset({list, type(None)})

Columns = list[tuple[str, pa.Array]]


class Part(Protocol):
    """What collects the values of one field."""

    def add(self, start: int, values: list[Any]) -> None:
        """Take the values of the rows from ``start`` on."""

    def finish(self, rows: range, zone: str) -> tuple[Columns, Columns]:
        """The declared columns, and the others, of these rows."""

    def leaves(self) -> Iterator[Leaf]:
        """Every column of single values that is in it."""

    def notes(self, zone: str) -> Iterator[Note]:
        """What a reader of the columns should know."""


class Node:
    """The columns of one kind of JSON object.

    Args:
        fields: The declared ones.
        prefix: What their names start with in the flat table.
        depth: How many undeclared objects this one is inside of.
    """

    def __init__(self, fields: tuple[Field, ...], prefix: str = "", depth: int = 0) -> None:
        self.parts: dict[str, Part] = {field.name: _declared(field, prefix) for field in fields if not field.derive}
        self._prefix = prefix
        self._depth = depth
        self._known = len(self.parts)

    def add(self, start: int, rows: list[dict[str, Any]]) -> None:
        """Take the objects of the rows from ``start`` on."""
        for name, values in _transpose(rows).items():
            part = self.parts.get(name) or self._discover(name)
            part.add(start, values)

    def leaves(self) -> Iterator[Leaf]:
        """Every column of single values that is in it."""
        for part in self.parts.values():
            yield from part.leaves()

    def finish(self, rows: range, zone: str) -> tuple[Columns, Columns]:
        """The declared columns in their order, and the others in the order in which they turned up."""
        declared: Columns = []
        others: Columns = []
        for position, part in enumerate(self.parts.values()):
            mine, more = part.finish(rows, zone)
            (declared if position < self._known else others).extend(mine)
            others += more
        return declared, others

    def notes(self, zone: str) -> Iterator[Note]:
        """What a reader of the columns should know."""
        for part in self.parts.values():
            yield from part.notes(zone)

    def has_room_for(self, names: Any) -> bool:
        """Whether an undeclared object with these names may still be flattened."""
        return self._depth <= MAX_DEPTH and len(self.parts.keys() | names) <= MAX_UNKNOWN

    def _discover(self, name: str) -> Part:
        path = self._prefix + clean(name)
        self.parts[name] = Scalar(path, "secret") if is_credential(name) else Unknown(path, self._depth + 1)
        return self.parts[name]


class Scalar:
    """A declared column of single values."""

    def __init__(self, path: str, kind: str) -> None:
        self.leaf = Leaf(path, kind)
        self.add = self.leaf.add

    def leaves(self) -> Iterator[Leaf]:
        """Every column of single values that is in it."""
        yield self.leaf

    def finish(self, rows: range, zone: str) -> tuple[Columns, Columns]:
        """The column."""
        return [(self.leaf.path, self.leaf.finish(rows, zone))], []

    def notes(self, zone: str) -> Iterator[Note]:
        """What a reader of the column should know."""
        yield from self.leaf.notes(zone)


class Nested:
    """A declared object, flattened with a dot."""

    def __init__(self, field: Field, prefix: str) -> None:
        path = prefix + field.name
        self._node = Node(field.fields, f"{path}.")
        self._strays = Strays(path, field.kind)

    def add(self, start: int, values: list[Any]) -> None:
        """Take the objects of the rows from ``start`` on."""
        if not _OBJECTS.issuperset(map(type, values)):
            self._strays.add(start, [None if isinstance(value, dict) else value for value in values])
            values = [value if isinstance(value, dict) else None for value in values]
        self._node.add(start, [value or _NOTHING for value in values])

    def leaves(self) -> Iterator[Leaf]:
        """Every column of single values that is in it."""
        yield from self._strays.leaves()
        yield from self._node.leaves()

    def finish(self, rows: range, zone: str) -> tuple[Columns, Columns]:
        """Its declared columns, and the others."""
        declared, others = self._node.finish(rows, zone)
        return declared, others + self._strays.finish(rows, zone)

    def notes(self, zone: str) -> Iterator[Note]:
        """What a reader of the columns should know."""
        yield from self._strays.notes()
        yield from self._node.notes(zone)


class Unknown:
    """A field that no schema declares: objects are flattened, single values and lists become a column."""

    def __init__(self, path: str, depth: int) -> None:
        self._leaf = Leaf(path, INFERRED)
        self._node = Node((), f"{path}.", depth)
        self._bare = False

    def add(self, start: int, values: list[Any]) -> None:
        """Take the values of the rows from ``start`` on."""
        if dict in set(map(type, values)):
            flat = [value if self._can_flatten(value) else None for value in values]
            self._node.add(start, [value or _NOTHING for value in flat])
            values = [None if inner else value for value, inner in zip(values, flat, strict=True)]
        if any(value is not None for value in values):
            self._leaf.add(start, values)

    def leaves(self) -> Iterator[Leaf]:
        """Every column of single values that is in it."""
        yield self._leaf
        yield from self._node.leaves()

    def finish(self, rows: range, zone: str) -> tuple[Columns, Columns]:
        """The column of single values, unless there were none, and the flattened ones."""
        _, others = self._node.finish(rows, zone)
        if others and not self._leaf.has_values:
            return others, []
        return [(self._leaf.path, self._leaf.finish(rows, zone)), *others], []

    def notes(self, zone: str) -> Iterator[Note]:
        """Whether its values are of one type; no other promise was made."""
        yield from self._leaf.notes(zone)

    def _can_flatten(self, value: Any) -> bool:
        return isinstance(value, dict) and bool(value) and self._node.has_room_for(value.keys())


class Items:
    """A declared list of objects: one column of lists, whose items have columns of their own."""

    def __init__(self, field: Field, prefix: str) -> None:
        self._path = prefix + field.name
        self._label = field.label.partition(".")[0]
        self._node = Node(field.fields)
        self._strays = Strays(f"{self._path}_api", field.kind)
        self._lengths: list[tuple[int, np.ndarray]] = []
        self._count = 0
        self._offsets: np.ndarray | None = None

    def add(self, start: int, values: list[Any]) -> None:
        """Take the lists of the rows from ``start`` on."""
        if not _LISTS.issuperset(map(type, values)):
            self._strays.add(start, [None if isinstance(value, list) else value for value in values])
            values = [value if isinstance(value, list) else None for value in values]
        lists = [value or () for value in values]
        if not {dict}.issuperset(map(type, chain.from_iterable(lists))):
            lists = [[self._item(item) for item in items if item is not None] for items in lists]
        items = list(chain.from_iterable(lists))
        self._lengths.append((start, np.fromiter(map(len, lists), np.int32, len(lists))))
        self._node.add(self._count, items)
        self._count += len(items)

    def leaves(self) -> Iterator[Leaf]:
        """Every column of single values that is in it."""
        yield from self._strays.leaves()
        yield from self._node.leaves()

    def finish(self, rows: range, zone: str) -> tuple[Columns, Columns]:
        """The column of lists; rows without one have an empty list."""
        if self._offsets is None:
            self._offsets = _offsets(self._lengths)
        at = np.minimum(np.arange(rows.start, rows.stop + 1), len(self._offsets) - 1)
        mine = self._offsets[at]
        declared, others = self._node.finish(range(int(mine[0]), int(mine[-1])), zone)
        columns = distinct([*declared, *others])
        items = pa.StructArray.from_arrays([array for _, array in columns], [name for name, _ in columns])
        lists = pa.ListArray.from_arrays(pa.array(mine - mine[0], pa.int32()), items)
        return [(self._path, lists)], self._strays.finish(rows, zone)

    def notes(self, zone: str) -> Iterator[Note]:
        """What a reader of the side table should know."""
        yield from self._strays.notes()
        for note in self._node.notes(zone):
            yield note.below(self._path)

    def _item(self, value: Any) -> dict[str, Any]:
        """An item as an object: a bare number is taken for its id, a bare text for its name."""
        if isinstance(value, dict):
            return value
        self._strays.count([value])
        return {"id": value} if type(value) is int else {self._label: as_text(value)}


class Values(Items):
    """An object with a name of its own for each custom value, kept as a list of code and value."""

    FIELDS = (Field("code", "any"), Field("value", "any"))

    def __init__(self, field: Field, prefix: str) -> None:
        super().__init__(Field(field.name, field.kind, fields=self.FIELDS), prefix)

    def add(self, start: int, values: list[Any]) -> None:
        """Take the objects of the rows from ``start`` on."""
        super().add(start, [_pairs(value) if isinstance(value, dict) else as_text(value) for value in values])


def distinct(columns: Columns, taken: frozenset[str] = frozenset()) -> Columns:
    """The columns with names that differ: the later of two gets ``_api`` at its end."""
    seen = set(taken)
    named: Columns = []
    for column, array in columns:
        name = column
        while name in seen:
            name += "_api"
        seen.add(name)
        named.append((name, array))
    return named


def _transpose(rows: list[dict[str, Any]]) -> dict[str, list[Any]]:
    """The values of each field; faster where all rows have the same fields, as those of one page mostly do."""
    shapes = dict.fromkeys(map(tuple, rows))
    names = dict.fromkeys(chain.from_iterable(shapes))
    if len(shapes) == 1:
        return {name: list(map(itemgetter(name), rows)) for name in names}
    return {name: [row.get(name) for row in rows] for name in names}


def _pairs(values: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"code": code, "value": value} for code, value in values.items()]


def _offsets(lengths: list[tuple[int, np.ndarray]]) -> np.ndarray:
    """Where each row's items start, and where those of the last row that has any end."""
    rows = max((start + len(counts) for start, counts in lengths), default=0)
    offsets = np.zeros(rows + 1, np.int32)
    for start, counts in lengths:
        offsets[start + 1 : start + 1 + len(counts)] = counts
    return np.cumsum(offsets, dtype=np.int32)


def _declared(field: Field, prefix: str) -> Part:
    if field.kind == "object":
        return Nested(field, prefix)
    if field.kind in ("set", "values"):
        return Items(field, prefix)
    if field.kind == "map":
        return Values(field, prefix)
    return Scalar(prefix + field.name, field.kind)
