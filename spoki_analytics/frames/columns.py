"""Scalar columns, collected page by page as Arrow arrays and finished with one type; what does not fit becomes text."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pyarrow as pa

from spoki_analytics.frames.notes import MIXED, NAIVE, STRAY, UNFIT, UNREAD, Note
from spoki_analytics.frames.schemas import KINDS
from spoki_analytics.frames.shelf import Aside, Shelf, as_array
from spoki_analytics.frames.times import days, instants
from spoki_analytics.wording.masking import REDACTED, mask_credentials
from spoki_analytics.wording.messages import noop

INFERRED = "inferred"
"""Kind of a column that no schema declares: numbers and booleans keep their type, all else is text."""

_ARROW = {"id": pa.int64(), "int": pa.int64(), "money": pa.int64(), "number": pa.float64(), "bool": pa.bool_()}
_READERS: dict[str, Callable[[pa.Array, str], tuple[pa.Array, int, int]]] = {
    "datetime": instants,
    "date": lambda texts, _zone: days(texts),
}
Chunks = list[tuple[int, pa.Array | Aside]]
_TYPE_NAMES: dict[type, str] = {
    bool: noop("boolean"),
    int: noop("number"),
    float: noop("number"),
    str: noop("text"),
    list: noop("list"),
    dict: noop("object"),
}
_TEXTS = ("any", "secret", INFERRED)
_NUMBERS = frozenset({int, float, type(None)})
_REFUSALS = (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, OverflowError, UnicodeEncodeError)


class Leaf:
    """A column in the making.

    Args:
        path: Its name in the flat table.
        kind: A key of ``KINDS``, or ``INFERRED``.

    Attributes:
        has_values: Whether any page had this column.
    """

    def __init__(self, path: str, kind: str) -> None:
        self.path = path
        self.kind = kind
        self.has_values = False
        self._chunks: Chunks = []
        self._type: pa.DataType | None = None
        self._is_aside = False
        self._wrong = 0
        self._mixed = 0
        self._example = ""
        self._naive = 0
        self._unread = 0

    def add(self, start: int, values: list[Any]) -> None:
        """Take the values of the rows from ``start`` on."""
        try:
            array = _exact(values, self.kind)
        except _REFUSALS:
            array = pa.array([as_text(value) for value in values], pa.string())
            self._count_wrong(values)
        self._chunks.append((start, array))
        self.has_values = True

    def put_aside(self, shelf: Shelf, naive_timezone: str) -> None:
        """Put on the shelf what was taken so far, neighbours of one type as one array."""
        reader = _READERS.get(self.kind)
        waiting = [(start, chunk) for start, chunk in self._chunks if isinstance(chunk, pa.Array)]
        merged: Chunks = [each for each in self._chunks if isinstance(each[1], Aside)]
        for start, array in _merged(waiting):
            if reader is not None and pa.types.is_string(array.type):
                _, naive, unread = reader(array, naive_timezone)
                self._naive += naive
                self._unread += unread
            merged.append((start, shelf.put(array)))
        self._chunks = merged
        self._is_aside = True

    def finish(self, rows: range, naive_timezone: str) -> pa.Array:
        """The column of these rows, missing where no page had it; of all rows, or of one part after the other."""
        if self._type is None:
            self._type = self._decide()
        kept = _join_chunks(self._chunks, rows, self._type)
        self._chunks = [(start, chunk) for start, chunk in self._chunks if start + len(chunk) > rows.stop]
        reader = _READERS.get(self.kind)
        if reader is None or self._wrong:
            return kept
        if self._is_aside:  # counted when it was put aside, as the first part must know of the last
            return kept if self._unread else reader(kept, naive_timezone)[0]
        moments, self._naive, self._unread = reader(kept, naive_timezone)
        return kept if self._unread else moments

    def _decide(self) -> pa.DataType:
        """The one type of the whole column."""
        declared = _ARROW.get(self.kind, pa.string())
        types = {array.type for _, array in self._chunks if array.type != pa.null()}
        if self.kind != INFERRED:
            return declared if types <= {declared} else pa.string()
        common = _common(self._chunks, types)
        if pa.types.is_string(common) and len(types) > 1:
            self._mixed = sum(len(array) - array.null_count for _, array in self._chunks)
        return common

    def notes(self, naive_timezone: str) -> Iterator[Note]:
        """What a reader of the column should know."""
        expected = KINDS.get(self.kind, "")
        if self._mixed:
            yield Note(self.path, MIXED, self._mixed, {})
        elif self._wrong:
            yield Note(self.path, UNFIT, self._wrong, {"example": self._example, "expected": expected})
        elif self._unread:
            yield Note(self.path, UNREAD, self._unread, {"expected": expected})
        elif self._naive:
            yield Note(self.path, NAIVE, self._naive, {"timezone": naive_timezone})

    def _count_wrong(self, values: list[Any]) -> None:
        wrong = [value for value in values if not _fits(value, self.kind)]
        self._wrong += len(wrong)
        if wrong and not self._example:
            beyond = self.kind in _ARROW and type(wrong[0]) is int
            self._example = noop("number beyond 64 bits") if beyond else type_name(wrong[0])


class Strays:
    """A text column beside what was declared, holding what does not belong there, and the count of it."""

    def __init__(self, path: str, kind: str) -> None:
        self._leaf = Leaf(path, "any")
        self._kind = kind
        self._count = 0
        self._example = ""

    def add(self, start: int, values: list[Any]) -> None:
        """Take what does not belong, None elsewhere."""
        present = [value for value in values if value is not None]
        if present:
            self._leaf.add(start, [as_text(value) for value in values])
            self.count(present)

    def count(self, values: list[Any]) -> None:
        """Note values that were found a place all the same."""
        self._count += len(values)
        self._example = self._example or type_name(values[0])

    def leaves(self) -> Iterator[Leaf]:
        """Its column."""
        yield self._leaf

    def finish(self, rows: range, zone: str) -> list[tuple[str, pa.Array]]:
        """The column, if there is anything in it."""
        return [(self._leaf.path, self._leaf.finish(rows, zone))] if self._leaf.has_values else []

    def notes(self) -> Iterator[Note]:
        """How many there were."""
        if self._count:
            yield Note(self._leaf.path, STRAY, self._count, {"example": self._example, "expected": KINDS[self._kind]})


def _exact(values: list[Any], kind: str) -> pa.Array:
    """The values with the type of their kind; raises one of ``_REFUSALS`` when one does not fit."""
    if kind in ("id", "int", "money"):
        return pa.array(_whole(values), pa.int64())
    if kind == "number":
        return pa.array(_real(values), pa.float64(), from_pandas=True)
    if kind == "secret":
        return pa.array([None if value is None else REDACTED for value in values], pa.string())
    if kind == INFERRED:
        return _inferred(values)
    return pa.array(values, _ARROW.get(kind, pa.string()))


def _whole(values: list[Any]) -> list[Any]:
    """The values if all are whole numbers (Arrow itself would cut 1.5 to 1)."""
    types = set(map(type, values))
    if float not in types:
        return values
    if types <= _NUMBERS and all(value.is_integer() for value in values if type(value) is float):
        return [None if value is None else int(value) for value in values]
    raise OverflowError


def _real(values: list[Any]) -> list[float | None]:
    """The values if all are numbers (Arrow itself would take True for 1.0), none of them changed on the way."""
    if set(map(type, values)) <= _NUMBERS:
        real = [None if value is None else float(value) for value in values]
        if all(type(value) is not int or value == one for one, value in zip(real, values, strict=True)):
            return real
    raise pa.ArrowInvalid


def _inferred(values: list[Any]) -> pa.Array:
    array = pa.array(values)
    if array.type in (pa.int64(), pa.float64(), pa.bool_(), pa.string(), pa.null()):
        return array
    raise pa.ArrowInvalid


def _fits(value: Any, kind: str) -> bool:
    """Whether one value is of its kind; slow, asked only about pages that did not fit as a whole."""
    if value is None or kind in _TEXTS:
        return True
    if kind not in _ARROW:
        return isinstance(value, str)
    try:
        _exact([value], kind)
    except _REFUSALS:
        return False
    return True


def _merged(chunks: list[tuple[int, pa.Array]]) -> Iterator[tuple[int, pa.Array]]:
    """The chunks, those that follow upon each other and have one type as one."""
    run: list[pa.Array] = []
    first = end = 0
    for start, array in chunks:
        if run and (start != end or array.type != run[0].type):
            yield first, pa.concat_arrays(run)
            run = []
        first = start if not run else first
        run.append(array)
        end = start + len(array)
    if run:
        yield first, pa.concat_arrays(run)


def _join_chunks(chunks: Chunks, rows: range, kind: pa.DataType) -> pa.Array:
    """The values of these rows as one array, with nulls where there was no page."""
    parts: list[pa.Array] = []
    filled = rows.start
    for start, chunk in chunks:
        first, last = max(start, rows.start), min(start + len(chunk), rows.stop)
        if first >= last:
            continue
        if first > filled:
            parts.append(pa.nulls(first - filled, kind))
        array = as_array(chunk).slice(first - start, last - first)
        parts.append(array if array.type == kind else array.cast(kind))
        filled = last
    return pa.concat_arrays([*parts, pa.nulls(rows.stop - filled, kind)])


def _common(chunks: Chunks, present: set[pa.DataType]) -> pa.DataType:
    """The one type of all pages: text where they disagree, also where a whole number is too long for a real one."""
    if present == {pa.int64(), pa.float64()}:
        whole = [array for _, array in chunks if array.type == pa.int64()]
        return pa.float64() if all(_is_real(as_array(array)) for array in whole) else pa.string()
    return present.pop() if len(present) == 1 else pa.string()


def _is_real(whole: pa.Array) -> bool:
    """Whether every whole number is the same as a real one (Arrow refuses to cast one that is not)."""
    try:
        whole.cast(pa.float64())
    except pa.ArrowInvalid:
        return False
    return True


def clean(text: str) -> str:
    """The text without lone surrogates, which UTF-8 cannot hold; they are spelled out instead."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def as_text(value: Any) -> str | None:
    """The value as text: texts as they are, numbers and booleans as JSON spells them, the rest as compact JSON."""
    if value is None:
        return None
    if isinstance(value, str):
        return clean(value)
    try:
        return clean(json.dumps(mask_credentials(value), ensure_ascii=False, separators=(",", ":")))
    except RecursionError:
        return "[nested too deeply]"


def type_name(value: Any) -> str:
    """How JSON calls the type of a value; a warning shows this, never the value, which may be personal."""
    return _TYPE_NAMES.get(type(value), noop("null"))
