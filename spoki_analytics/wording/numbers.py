"""Values as a reader sees them: one place decides how numbers, shares, money and times look on every page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

MISSING = "–"
SMALL = 20
"""Below this denominator a share is shown as "3 of 12": a percentage would claim more than the data knows."""

_SPACE = "\u00a0"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")  # in any locale


def value_text(value: Any, unit: str | None = None) -> str:
    """A single value with its unit.

    Args:
        value: Anything a frame's cell may hold; missing values give a dash.
        unit: ``share`` (a fraction of 1), ``points`` (the same as a difference), ``eur``, ``days``, ``id``
            (digits only), or anything else for plain numbers.
    """
    if isinstance(value, (list, tuple, set)):
        return ", ".join(value_text(item, unit) for item in value) or MISSING
    if pd.isna(value):
        return MISSING
    if pd.api.types.is_bool(value):
        return "yes" if value else "no"
    if not pd.api.types.is_number(value):
        return value.isoformat() if isinstance(value, date) else str(value)
    return _NUMBERS.get(unit or "", _number)(value)


def share_text(value: Any, n: Any) -> str:
    """A share of ``n``: a percentage, or counts where ``n`` is small."""
    if pd.isna(value) or pd.isna(n) or n >= SMALL:
        return value_text(value, "share")
    return f"{round(value * n):,}{_SPACE}of{_SPACE}{int(n):,}"


def interval_text(low: Any, high: Any, unit: str | None) -> str:
    """Both ends of an interval, or nothing when one is missing."""
    if pd.isna(low) or pd.isna(high):
        return ""
    if unit == "share":
        return f"{low * 100:.1f}–{high * 100:.1f}{_SPACE}%"
    return f"{value_text(low, unit)} to {value_text(high, unit)}"


def day_text(day: date) -> str:
    """A day, such as ``1 Oct 2026``."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def moment_text(moment: str | datetime, timezone: str) -> str:
    """A moment in a time zone, such as ``22 Nov 2026, 07:31``."""
    found = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    local = found.astimezone(ZoneInfo(timezone)) if found.tzinfo else found
    return f"{day_text(local.date())}, {local:%H:%M}"


def column_texts(column: pd.Series[Any], unit: str | None, timezone: str) -> list[str]:
    """A column of a frame as text."""
    if isinstance(column.dtype, pd.DatetimeTZDtype) or pd.api.types.is_datetime64_dtype(column.dtype):
        return _time_texts(column, timezone)
    return [value_text(value, unit) for value in column]


def is_numeric(column: pd.Series[Any]) -> bool:
    """Whether a column is to be read as numbers, hence aligned at the right."""
    return pd.api.types.is_numeric_dtype(column.dtype) and not pd.api.types.is_bool_dtype(column.dtype)


def _time_texts(column: pd.Series[Any], timezone: str) -> list[str]:
    known = column.dropna()
    if (known == known.dt.normalize()).all():
        return [MISSING if pd.isna(value) else f"{value:%Y-%m-%d}" for value in column]
    local = column.dt.tz_convert(timezone) if column.dt.tz is not None else column
    return [MISSING if pd.isna(value) else f"{value:%Y-%m-%d %H:%M}" for value in local]


def _number(value: Any) -> str:
    if float(value).is_integer():
        return f"{int(value):,}"
    return f"{value:,.2f}" if abs(value) < 100 else f"{value:,.1f}"


_NUMBERS: dict[str, Callable[[Any], str]] = {
    "share": lambda number: f"{number * 100:.1f}{_SPACE}%",
    "points": lambda number: f"{number * 100:+.1f}{_SPACE}points",
    "eur": lambda number: f"{'-' if number < 0 else ''}€{_SPACE}{abs(number):,.2f}",
    "days": lambda number: f"{number:,.1f}",
    "id": lambda number: str(int(number)),
}
