"""The columns of a frame in words, for docstrings: each with its dtype and unit, as the schema has them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter

from spoki_analytics.frames.schemas import Field, Schema

_INSTANT = "datetime64[us, UTC]"
DTYPES = {
    "id": "Int64",
    "int": "Int64",
    "money": "Int64, thousandths of a euro",
    "number": "Float64",
    "bool": "boolean",
    "text": "text",
    "phone": "E.164 text",
    "enum": "category",
    "datetime": _INSTANT,
    "date": f"{_INSTANT}, midnight of the calendar day",
    "any": "text; structures as JSON",
    "secret": "text, always redacted",
}
"""What a column of each kind holds."""
CUSTOM = "field.<CODE>"
"""Stands for the columns of custom values, one for each code."""

Column = tuple[str, str]


def describe_columns(schema: Schema) -> str:
    """The columns of the main frame, such as ``id (Int64), name, status (text)``."""
    return _join(column for path, field in schema.leaves() for column in _columns(path, field))


def describe_side_table(schema: Schema, which: str) -> str:
    """The columns of a side table."""
    return _join(_side_columns(schema, which))


def column_names(schema: Schema) -> list[str]:
    """Names of the columns of the main frame."""
    return [name for path, field in schema.leaves() for name in names_of(path, field)]


def side_column_names(schema: Schema, which: str) -> list[str]:
    """Names of the columns of a side table."""
    return [name for name, _ in _side_columns(schema, which)]


def names_of(path: str, field: Field) -> list[str]:
    """Names of the columns that one field becomes."""
    return [name for name, _ in _columns(path, field)]


def _side_columns(schema: Schema, which: str) -> list[Column]:
    field = schema.sides[which]
    leaves = [(path, inner) for path, inner in Schema(which, field.fields).leaves() if not inner.derive]
    items = [column for path, inner in leaves for column in _plain(path, inner)]
    if field.kind == "values":
        items = [("field", DTYPES["id"]), ("code", DTYPES["text"]), *items[-2:]]
    return [(f"{schema.noun}_id", DTYPES["id"]), *items]


def _columns(path: str, field: Field) -> Iterator[Column]:
    """The columns that one field becomes, each with its dtype and unit."""
    if field.kind == "values":
        yield CUSTOM, "text, one for each custom field met"
    elif field.kind == "set":
        yield path, f"list of {field.label}"
    elif field.kind != "map":
        yield from _plain(path, field)
    if field.kind == "phone":
        yield f"{path}_raw", "text, as Spoki keeps it"
    if field.kind == "money":
        yield f"{path}_eur", "Float64, euro"


def _plain(path: str, field: Field) -> Iterator[Column]:
    yield path, f"{DTYPES[field.kind]}, {field.about}" if field.about else DTYPES[field.kind]


def _join(columns: Iterable[Column]) -> str:
    """Neighbours of one dtype share its brackets."""
    runs = groupby(columns, key=itemgetter(1))
    return ", ".join(f"{', '.join(name for name, _ in run)} ({dtype})" for dtype, run in runs)
