"""Which rows of a frame are kept where Spoki itself does not filter, and what their provenance says of that."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self
from zoneinfo import ZoneInfo

import pandas as pd

from spoki_analytics.api.walks import check_limit
from spoki_analytics.catalogue import operation
from spoki_analytics.frames.chosen import Chosen, choose_of, pick
from spoki_analytics.frames.schemas import Schema
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


@dataclass(frozen=True, slots=True)
class Choice:
    """What is kept of a listing: some columns, and some rows.

    Attributes:
        columns: The columns, in their order; None for all.
        rows: The rows, where Spoki itself does not filter.
        limit: Rows at most.
        family: What the rows are.
    """

    columns: Chosen | None
    rows: Rows | None
    limit: int | None
    family: str

    @classmethod
    def of(cls, columns: Iterable[str] | None, schema: Schema, rows: Rows | None, limit: int | None, slug: str) -> Self:
        """What was asked for.

        Raises:
            UsageError: Before any request: there is no such column, or the limit is none.
        """
        chosen = choose_of(columns, schema)
        check_limit(limit, operation(slug))
        return cls(chosen, rows, limit, schema.name)

    @property
    def asked_limit(self) -> int | None:
        """Rows after which Spoki need not be asked for more."""
        return None if self.rows else self.limit

    @property
    def key(self) -> Chosen | None:
        """The column by which rows are chosen."""
        return (self.rows.column,) if self.rows else None

    @property
    def read(self) -> Chosen | None:
        """The columns that are needed."""
        return self.columns and tuple(dict.fromkeys([*self.columns, *(self.key or ())]))

    def count(self, keys: Iterable[pd.DataFrame]) -> int:
        """How many rows are kept of parts that have the column by which they are chosen."""
        kept = sum(len(key) if self.rows is None else int(self.rows.keep(key[self.rows.column]).sum()) for key in keys)
        return kept if self.limit is None else min(kept, self.limit)

    def apply(self, frame: pd.DataFrame, most: int | None = None) -> pd.DataFrame:
        """The chosen part of a frame, so many rows at most."""
        if self.rows is not None:
            frame = cut(frame, self.rows.keep(frame[self.rows.column]), most, **self.rows.asked)
        return pick(frame, self.columns, self.family)


def cut(frame: pd.DataFrame, keep: pd.Series[bool], limit: int | None = None, **asked: object) -> pd.DataFrame:
    """The rows to keep, at most so many, with the provenance of the whole and what they were chosen by."""
    chosen = frame[keep.to_numpy(dtype=bool)].head(len(frame) if limit is None else limit).reset_index(drop=True)
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
