"""Days as a caller may write them: dates, datetimes or ISO text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from spoki_analytics.errors import UsageError
from spoki_analytics.wording.arguments import argument
from spoki_analytics.wording.messages import gettext

Day = date | datetime | str
Zone = Callable[[], ZoneInfo]


def as_day(value: Day | None, name: str, zone: Zone) -> date | None:
    """The calendar day of a value in a time zone; None stays None.

    Args:
        value: A date, a datetime (with a zone it is converted, without one it is taken as it stands), or ISO text.
        name: Parameter name for the error.
        zone: Gives the time zone in which days are cut; asked only about a datetime with a zone of its own.

    Raises:
        UsageError: The value is no day.
    """
    if value is None:
        return None
    given: Any = value  # callers are not held to the types
    try:
        if isinstance(given, str):
            given = datetime.fromisoformat(given.strip())
        if given != given:  # noqa: PLR0124 - NaT of pandas is a datetime too, and equals nothing
            given = None
        if isinstance(given, datetime):
            return (given.astimezone(zone()) if given.tzinfo else given).date()
        if isinstance(given, date):
            return given
    except (ValueError, OverflowError):
        pass
    raise UsageError(gettext("{argument} must be a day such as 2026-10-31.", argument=argument(name)))


def day_range(
    start: Day | None, end: Day | None, zone: Zone, names: tuple[str, str]
) -> tuple[date | None, date | None]:
    """First and last day, in order.

    Raises:
        UsageError: A value is no day, or the first is after the last.
    """
    first, last = as_day(start, names[0], zone), as_day(end, names[1], zone)
    if first and last and first > last:
        begin, finish = map(argument, names)
        raise UsageError(
            gettext("{start} ({first}) is after {end} ({last}).", start=begin, first=first, end=finish, last=last)
        )
    return first, last


def whole_weeks(first: date | None, last: date | None) -> tuple[date | None, date | None]:
    """The Monday of the week of the first day, and the Sunday of that of the last."""
    monday = next_day(first, -first.weekday()) if first else None
    return monday, next_day(last, 6 - last.weekday()) if last else None


def next_day(day: date, step: int = 1) -> date:
    """So many days later, or earlier; the calendar's own first and last day stay what they are."""
    try:
        return day + timedelta(days=step)
    except OverflowError:
        return day
