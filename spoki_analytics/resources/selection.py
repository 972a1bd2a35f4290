"""Which rows of a frame are kept where Spoki itself does not filter, and what their provenance says of that."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from spoki_analytics.resources.days import next_day


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows that are chosen here, where Spoki itself does not filter.

    Attributes:
        column: What they are chosen by.
        keep: Says of each of its values whether the row is kept.
        asked: What was asked for, as the provenance tells it.
    """

    column: str
    keep: Callable[[pd.Series[Any]], pd.Series[bool]]
    asked: Mapping[str, object]


def cut(frame: pd.DataFrame, keep: pd.Series[bool], limit: int | None = None, **asked: object) -> pd.DataFrame:
    """The rows to keep, at most so many, with the provenance of the whole and what they were chosen by."""
    chosen = frame[keep.to_numpy(dtype=bool)].head(limit or len(frame)).reset_index(drop=True)
    facts = frame.attrs["spoki"]
    by = {name: str(value) for name, value in asked.items() if value is not None}
    chosen.attrs = {**frame.attrs, "spoki": {**facts, "rows": len(chosen), "filters": {**facts["filters"], **by}}}
    return chosen


def within(moments: pd.Series[pd.Timestamp], first: date | None, last: date | None, zone: ZoneInfo) -> pd.Series[bool]:
    """Which moments fall on the days from first to last, both included, as cut in a time zone.

    A moment that cannot be read falls on no day.
    """
    instants = pd.to_datetime(moments, utc=True, errors="coerce", format="ISO8601")
    keep = instants.notna()
    if first:
        keep &= instants >= _midnight(first, zone)
    if last:
        keep &= instants < _midnight(next_day(last), zone)
    return keep


def _midnight(day: date, zone: ZoneInfo) -> pd.Timestamp:
    return pd.Timestamp(datetime(day.year, day.month, day.day, tzinfo=zone))
