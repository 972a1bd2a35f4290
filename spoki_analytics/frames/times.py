"""ISO 8601 texts to UTC instants, fast where Arrow can read them and tolerantly where it cannot."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

INSTANT = pa.timestamp("us", "UTC")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
_FIRST, _LAST = ((datetime(*day, tzinfo=UTC) - _EPOCH) // _TICK for day in ((1, 1, 2), (9999, 12, 30)))
_DATE = re.compile(r"\s*(\d{4})(?:-?(\d{2})(?:-?(\d{2}))?)?(?![\d-])")


def instants(texts: pa.Array, naive_timezone: str) -> tuple[pa.Array, int, int]:
    """Date-times as UTC instants.

    Args:
        texts: ISO 8601 with or without offset, with or without fraction; an empty text is a missing value.
        naive_timezone: IANA zone of the texts that carry no offset.

    Returns:
        The instants (microseconds, UTC); how many texts carried no offset; how many could not be read (now missing).
    """
    try:
        return _in_calendar(texts.cast(INSTANT)), 0, 0
    except pa.ArrowInvalid:
        return _one_by_one(texts, ZoneInfo(naive_timezone))


def days(texts: pa.Array) -> tuple[pa.Array, int, int]:
    """Calendar dates as midnight UTC of the day that is written, whatever time and offset follow it.

    A month (``2026-10``) or a year (``2026``) stands for its first day.
    """
    try:
        return _in_calendar(pc.utf8_slice_codeunits(texts, 0, 10).cast(pa.timestamp("us")).cast(INSTANT)), 0, 0
    except pa.ArrowInvalid:
        ticks = [_day(text) for text in texts.to_pylist()]
        return _array(ticks), 0, _unread(texts, ticks)


def _one_by_one(texts: pa.Array, zone: tzinfo) -> tuple[pa.Array, int, int]:
    ticks: list[int | None] = []
    naive = 0
    for text in texts.to_pylist():
        moment = _moment(text)
        if moment is not None and moment.tzinfo is None:
            naive += 1
            moment = moment.replace(tzinfo=zone)
        ticks.append(None if moment is None else (moment - _EPOCH) // _TICK)
    return _array(ticks), naive, _unread(texts, ticks)


def _moment(text: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat((text or "").strip())
    except ValueError:
        return None


def _day(text: str | None) -> int | None:
    match = _DATE.match(text or "")
    try:
        return match and (datetime(int(match[1]), int(match[2] or 1), int(match[3] or 1), tzinfo=UTC) - _EPOCH) // _TICK
    except ValueError:
        return None


def _array(ticks: list[int | None]) -> pa.Array:
    return _in_calendar(pa.array(ticks, pa.int64()).cast(INSTANT))


def _in_calendar(moments: pa.Array) -> pa.Array:
    """The instants, those that leave the calendar in some time zone (years 1 and 9999, for *never*) moved into it."""
    ticks = pc.max_element_wise(moments.cast(pa.int64()), _FIRST, skip_nulls=False)
    return pc.min_element_wise(ticks, _LAST, skip_nulls=False).cast(INSTANT)


def _unread(texts: pa.Array, ticks: list[int | None]) -> int:
    return sum(1 for text, tick in zip(texts.to_pylist(), ticks, strict=True) if tick is None and text and text.strip())
