"""Columns that somebody chooses: which there are, before anything is asked, and how a frame of them is made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from spoki_analytics.errors import UsageError, warn
from spoki_analytics.frames.descriptions import CUSTOM, column_names, side_column_names
from spoki_analytics.frames.schemas import Schema
from spoki_analytics.wording.arguments import argument
from spoki_analytics.wording.messages import gettext, noop
from spoki_analytics.wording.names import quote, suggest

_VALUE = CUSTOM.partition("<")[0]
_MOMENT = "_datetime"
Chosen = tuple[str, ...]


def choose(columns: Iterable[str] | None, names: Iterable[str], family: str, *, is_open: bool = False) -> Chosen | None:
    """The chosen columns, in the order in which they were given; None where none were.

    Args:
        columns: What was given; a single text is one column.
        names: The columns that there are; ``field.<CODE>`` stands for any custom value.
        family: What the rows are, for the message.
        is_open: No source documents all columns, so that ``require`` has to judge when they are here.

    Raises:
        UsageError: Before any request: none is named, one twice, or one that there is not; with the nearest name.
    """
    if columns is None:
        return None
    given: Any = [columns] if isinstance(columns, str) else columns
    named = tuple(given) if isinstance(given, Iterable) else ()
    if not named or not all(isinstance(name, str) for name in named):
        raise UsageError(gettext("{columns} must name one column or more.", columns=argument("columns")))
    if twice := next((name for name in named if named.count(name) > 1), None):
        raise UsageError(gettext("{columns} names {name} twice.", columns=argument("columns"), name=quote(twice)))
    known = list(names)
    for name in named if not is_open else ():
        if name not in known and not (CUSTOM in known and is_custom(name)):
            raise _no_column(name, known, family)
    return named


def choose_of(columns: Iterable[str] | None, schema: Schema) -> Chosen | None:
    """The chosen columns of the main frame of a schema; see ``choose``."""
    return choose(columns, column_names(schema), schema.name, is_open=schema.is_open)


def choose_of_side(columns: Iterable[str] | None, schema: Schema, which: str) -> Chosen | None:
    """The chosen columns of a side table; see ``choose``."""
    return choose(columns, side_column_names(schema, which), f"{schema.name}.{which}")


def require(columns: Chosen, there: Iterable[str], family: str) -> None:
    """Refuse columns that are not there after all, custom values apart.

    Raises:
        UsageError: It names the nearest that is there.
    """
    known = list(there)
    for name in columns:
        if name not in known and not is_custom(name):
            raise _no_column(name, known, family)


def pick(frame: pd.DataFrame, columns: Chosen | None, family: str) -> pd.DataFrame:
    """The chosen columns of a frame; what its provenance says of its columns stays true."""
    if columns is None:
        return frame
    require(columns, frame.columns, family)
    picked = frame[list(columns)]
    picked.attrs = {**frame.attrs}
    facts = frame.attrs.get("spoki", {})
    if "unknown_columns" in facts:
        unknown = [name for name in facts["unknown_columns"] if name in columns]
        picked.attrs["spoki"] = {**facts, "unknown_columns": unknown}
    return picked


def is_custom(name: str) -> bool:
    """Whether a column holds a custom value."""
    return name.startswith(_VALUE) and name != _VALUE


def missing_values(columns: Chosen, there: Iterable[str], rows: int, text: Any) -> Iterator[tuple[str, pd.Series[Any]]]:
    """The chosen custom values that no row has, as columns without any value."""
    for name in _without_values(columns, there):
        kind = "datetime64[us, UTC]" if name.endswith(_MOMENT) else text
        yield name, pd.Series([None] * rows, dtype=kind)


def warn_of_missing_values(columns: Chosen, there: Iterable[str]) -> None:
    """Warn of chosen custom values that no row has: a code may be mistyped."""
    known = list(filter(is_custom, there))
    for name in _without_values(columns, known):
        warn(gettext("No row has a value of {column}.", column=quote(name)) + suggest(name, known))


def _without_values(columns: Chosen, there: Iterable[str]) -> list[str]:
    return [name for name in columns if is_custom(name) and name not in there]


def _no_column(name: str, known: list[str], family: str) -> UsageError:
    sentence = noop("{family} have no column {name}; without {columns} all come.")
    wrong = gettext(sentence, family=family, name=quote(name), columns=argument("columns"))
    return UsageError(wrong + suggest(name, known))
