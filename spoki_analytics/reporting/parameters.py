"""A report's parameters as its notebook uses them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from spoki_analytics.errors import UsageError
from spoki_analytics.reporting.conversion import Json, converted

TIMEZONE = "Europe/Rome"
TODAY_VARIABLE = "SPOKI_REPORT_TODAY"
DEFAULT_DAYS = 30

Granularity = Literal["Day", "Month", "Year"]


@dataclass(frozen=True)
class ReportParameters:
    """What a report is about, ready for use in its notebook.

    Attributes:
        accounts: Account ids; empty means all that the key sees.
        start: First day.
        end: Last day, included.
        granularity: Width of a step in time.
        refresh: Ask Spoki again instead of using the cache.
        today: The day of the run in the account's time zone.
    """

    accounts: tuple[int, ...]
    start: date
    end: date
    granularity: Granularity
    refresh: bool
    today: date


def report_parameters(
    *,
    accounts: Any = (),
    start: Any = "",
    end: Any = "",
    granularity: Any = "Day",
    refresh: Any = False,
    timezone: str = TIMEZONE,
    today: date | None = None,
) -> ReportParameters:
    """The parameters of a notebook, checked; call it in the first cell after the parameters cell.

    Args:
        accounts: Account ids; empty means all that the key sees.
        start: First day, ``YYYY-MM-DD``; empty means 30 days before ``end``.
        end: Last day, ``YYYY-MM-DD``; empty means yesterday.
        granularity: ``Day``, ``Month`` or ``Year``.
        refresh: Ask Spoki again instead of using the cache.
        timezone: Zone in which days begin and end.
        today: The day of the run; found from the clock when missing.

    Raises:
        UsageError: A value is not acceptable; the message says which and what to write.
    """
    day = today or today_in(timezone)
    first, last = period(converted("start", "str", start), converted("end", "str", end), day)
    return ReportParameters(
        accounts=tuple(cast(list[int], converted("accounts", "list", accounts))),
        start=first,
        end=last,
        granularity=cast(Granularity, converted("granularity", "str", granularity)),
        refresh=bool(converted("refresh", "bool", refresh)),
        today=day,
    )


def today_in(timezone: str = TIMEZONE) -> date:
    """Today in a time zone; a running report keeps the day on which it was ordered.

    Raises:
        UsageError: There is no such time zone.
    """
    ordered = os.environ.get(TODAY_VARIABLE)
    if ordered:
        return date.fromisoformat(ordered)
    try:
        return datetime.now(ZoneInfo(timezone)).date()
    except (ZoneInfoNotFoundError, ValueError):
        raise UsageError(f"Unknown time zone {timezone!r}; write an IANA name such as {TIMEZONE}.") from None


def period(start: Json, end: Json, today: date) -> tuple[date, date]:
    """First and last day: the end is yesterday unless given, the start 30 days before it.

    Raises:
        UsageError: The start lies after the end.
    """
    last = date.fromisoformat(str(end)) if end else today - timedelta(days=1)
    first = date.fromisoformat(str(start)) if start else last - timedelta(days=DEFAULT_DAYS)
    if first > last:
        raise UsageError(f"The period starts on {first}, after its end on {last}.")
    return first, last
