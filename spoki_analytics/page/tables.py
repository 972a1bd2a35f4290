"""Frames as HTML tables: every cell, heading and caption escaped, numbers aligned and with units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from spoki_analytics.charts.labels import spell_out, value_word
from spoki_analytics.wording.numbers import MISSING
from spoki_analytics.wording.units import format_value

IDS = ("id", "account")


@dataclass(frozen=True)
class Column:
    """One column, ready to be shown."""

    heading: str
    number: bool
    cells: list[str]


@dataclass(frozen=True)
class Table:
    """A table, ready to be shown.

    Attributes:
        caption: What the table holds.
        columns: From left to right.
        more: How many rows were left out at the end.
    """

    caption: str
    columns: list[Column]
    more: int = 0

    @property
    def rows(self) -> list[tuple[str, ...]]:
        """The cells row by row."""
        return list(zip(*(column.cells for column in self.columns), strict=True))


def table(
    frame: pd.DataFrame,
    columns: Mapping[str, str] | None = None,
    units: Mapping[str, str] | None = None,
    caption: str = "",
    limit: int | None = None,
    timezone: str = "UTC",
) -> Table:
    """A frame as a table.

    Args:
        frame: What to show. An index that holds something (dates, names) becomes the first column.
        columns: Columns to show in this order, with their headings; all when missing.
        units: Unit of a column: ``share``, ``points``, ``eur``, ``id``, ...
        caption: What the table holds.
        limit: Rows to show at most.
        timezone: Zone of times of day; calendar days are shown as they are.
    """
    whole = frame.reset_index(drop=_index_says_nothing(frame))
    headings = columns or {name: spell_out(name) for name in whole.columns}
    shown = whole.head(limit) if limit is not None else whole
    made = [_column(shown[name], label, (units or {}).get(name), timezone) for name, label in headings.items()]
    return Table(caption, made, len(whole) - len(shown))


def _index_says_nothing(frame: pd.DataFrame) -> bool:
    """Whether the index only numbers the rows, or repeats a column."""
    names = frame.index.names
    if any(name is not None for name in names):
        return any(name in frame.columns for name in names)
    return pd.api.types.is_integer_dtype(frame.index.dtype)


def _column(column: pd.Series[Any], label: str, unit: str | None, timezone: str) -> Column:
    name = str(column.name).rpartition(".")[2]
    identifies = unit == "id" or (unit is None and (name in IDS or name.endswith("_id")))
    number = _is_numeric(column) and not identifies
    return Column(label, number, _texts(column, "id" if identifies else unit, timezone))


def _is_numeric(column: pd.Series[Any]) -> bool:
    """Whether a column is to be read as numbers, hence aligned at the right."""
    return pd.api.types.is_numeric_dtype(column.dtype) and not pd.api.types.is_bool_dtype(column.dtype)


def _texts(column: pd.Series[Any], unit: str | None, timezone: str) -> list[str]:
    if isinstance(column.dtype, pd.DatetimeTZDtype) or pd.api.types.is_datetime64_dtype(column.dtype):
        return _times(column, timezone)
    return [format_value(value_word(str(column.name), value), unit) for value in column]


def _times(column: pd.Series[Any], timezone: str) -> list[str]:
    """Days where all values are midnights, else moments; in ISO 8601, which sorts and reads alike in every language."""
    known = column.dropna()
    if (known == known.dt.normalize()).all():
        return [MISSING if pd.isna(value) else f"{value:%Y-%m-%d}" for value in column]
    local = column.dt.tz_convert(timezone) if column.dt.tz is not None else column
    return [MISSING if pd.isna(value) else f"{value:%Y-%m-%d %H:%M}" for value in local]
