"""A value of a frame with its unit, in words: shares of few as counts, points, yes and no."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from spoki_analytics.wording.messages import gettext
from spoki_analytics.wording.numbers import (
    MISSING,
    format_euro,
    format_number,
    format_percent,
    format_percent_range,
    format_plain,
    is_missing,
)

SMALL = 20
"""Below this denominator a share is shown as "3 of 12": a percentage would claim more than the data knows."""


def format_value(value: Any, unit: str | None = None) -> str:
    """A single value with its unit.

    Args:
        value: Anything a frame's cell may hold; missing values give a dash.
        unit: ``share`` (a fraction of 1), ``points`` (the same as a difference), ``eur``, ``days``, ``id``
            (digits only), or anything else for plain numbers.
    """
    if isinstance(value, (list, tuple, set)):
        return ", ".join(format_value(item, unit) for item in value) or MISSING
    if is_missing(value):
        return MISSING
    value = value.item() if hasattr(value, "item") else value  # numpy's values as Python's
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if not isinstance(value, int | float | Decimal):
        return value.isoformat() if isinstance(value, date) else str(value)
    return _FORMATS.get(unit or "", format_plain)(value)


def format_share(share: Any, out_of: Any) -> str:
    """A share for a place that gives its denominator elsewhere: "71.2 %", or "3 of 12" where the latter is small."""
    if is_missing(share) or is_missing(out_of) or out_of >= SMALL:
        return format_percent(share)
    return gettext("{part} of {whole}", part=format_number(share * out_of), whole=format_number(out_of)).replace(
        " ", "\u00a0"
    )


def format_share_of(share: Any, out_of: Any, digits: int = 0) -> str:
    """A share with its denominator: "71 % of 1,204", or "3 of 12" where the denominator is small."""
    if is_missing(share) or is_missing(out_of):
        return MISSING
    part = format_number(share * out_of) if out_of < SMALL else format_percent(share, digits)
    return gettext("{part} of {whole}", part=part, whole=format_number(out_of))


def format_interval(low: Any, high: Any, unit: str | None) -> str:
    """Both ends of an interval, or nothing when one is missing."""
    if is_missing(low) or is_missing(high):
        return ""
    if unit == "share":
        return format_percent_range(low, high)
    return gettext("{first} to {last}", first=format_value(low, unit), last=format_value(high, unit))


def format_points(difference: float) -> str:
    """The difference of two shares, such as "-8.8 points"."""
    return gettext("{number}\u00a0points", number=format_number(difference * 100, 1, signed=True))


_FORMATS: dict[str, Callable[[Any], str]] = {
    "share": format_percent,
    "points": format_points,
    "eur": format_euro,
    "days": lambda number: format_number(number, 1),
    "id": lambda number: str(int(number)),
    # The mean of persons: whole ones, but where they are few.
    "contacts": lambda number: format_number(number, 0 if number >= SMALL or number == int(number) else 1),
}
