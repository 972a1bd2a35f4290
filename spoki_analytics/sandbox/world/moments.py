"""Moments as the API writes them, and what of a day is over at one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

SUMMER_OFFSET = timezone(timedelta(hours=2))
SHOWN = "%Y-%m-%d %H:%M"
"""How the text of a custom value shows a moment, in the account's zone."""


def stamp(moment: datetime) -> str:
    """ISO 8601 as the API writes it: ``2026-10-07T16:30:00Z``, with microseconds where there are any."""
    return moment.isoformat().replace("+00:00", "Z")


def stamp_rome(moment: datetime) -> str:
    """The same moment with an explicit offset, as some of the API's rows carry."""
    return moment.astimezone(SUMMER_OFFSET).isoformat()


def midnight(day: date) -> datetime:
    """The first moment of a UTC day."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def opening_share(moment: datetime) -> float:
    """Share of a day's messages that are out by this time: none before 7, all from 19 UTC on."""
    hours = moment.hour + moment.minute / 60
    return min(max((hours - 7) / 12, 0.0), 1.0)
