"""Calendar periods: days, months and years as labels, and the moments at which they end in an account's time zone.

``period_start`` of a report names a calendar day; it is a label at midnight UTC, not a moment. Arithmetic is on
calendar labels, so a day of 23 or 25 hours (29 March and 25 October 2026 in Italy) is one day like any other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from spoki_analytics.errors import UsageError
from spoki_analytics.wording.messages import gettext
from spoki_analytics.wording.names import quote
from spoki_analytics.wording.numbers import format_day

Granularity = Literal["Day", "Week", "Month", "Year"]

PRICED_BY_MESSAGE = date(2025, 7, 1)
"""From this day WhatsApp charges delivered template messages, before it conversations of 24 hours.

Source: Meta, "Pricing updates on the WhatsApp Business Platform". Costs and conversations have no trend across it.
"""

MOST_DAYS = 184
"""So many days (half a year) can be told apart in a picture; a longer period by day is drawn by week."""

MOST_DAYS_BY_WEEK = 1096
"""So many days (three years) are drawn by week; a longer period by month."""

_FREQUENCY = {"Day": "D", "Week": "W-SUN", "Month": "M", "Year": "Y"}
"""Of pandas; a week begins on Monday and ends on Sunday, as in ISO 8601."""


@dataclass(frozen=True)
class Period:
    """A row of whole days, weeks, months or years.

    Args:
        start: First day; moved back to the start of its week, month or year when the granularity asks for it.
        end: Last day, included; moved on to the end of its week, month or year likewise.
        granularity: ``Day``, ``Week``, ``Month`` or ``Year``.
        cut: Its first and last step hold only the days from `start` to `end`, which then stay as they are.

    Raises:
        UsageError: The end lies before the start, or the granularity is none of these.
    """

    start: date
    end: date
    granularity: Granularity = "Day"
    cut: bool = False

    def __post_init__(self) -> None:
        if self.granularity not in get_args(Granularity):
            raise UsageError(
                gettext(
                    "granularity must be {known}, not {value}.",
                    known=", ".join(get_args(Granularity)),
                    value=quote(self.granularity),
                )
            )
        if self.end < self.start:
            raise UsageError(
                gettext("The period ends ({end}) before it starts ({start}).", end=self.end, start=self.start)
            )
        if self.cut:
            return
        object.__setattr__(self, "start", self.labels[0].start_time.date())
        object.__setattr__(self, "end", self.labels[-1].end_time.date())

    @property
    def labels(self) -> pd.PeriodIndex:
        """The single days, months or years."""
        return pd.period_range(self.start, self.end, freq=_FREQUENCY[self.granularity])

    @property
    def unit(self) -> str:
        """What it is made of, as a word: ``day``, ``week``, ``month`` or ``year``."""
        return self.granularity.lower()

    @property
    def starts(self) -> pd.DatetimeIndex:
        """First day of each, as the UTC label that reports use."""
        return self.labels.to_timestamp().as_unit("us").tz_localize("UTC").rename("period_start")

    def previous(self) -> Period:
        """The period of equal length (in days, months or years) that ends the day before this one starts."""
        labels = self.labels
        before = labels[0] - len(labels)
        return Period(before.start_time.date(), (labels[0] - 1).end_time.date(), self.granularity)

    def first(self, count: int) -> Period:
        """The first so many of its days, months or years, at least one."""
        return Period(self.start, min(self.end, self.labels[count - 1].end_time.date()), self.granularity, self.cut)

    def readable(self) -> Period:
        """The same days in steps that a picture can show: by week over `MOST_DAYS`, by month over three years."""
        days = len(self.labels)
        if self.granularity != "Day" or days <= MOST_DAYS:
            return self
        return Period(self.start, self.end, "Week" if days <= MOST_DAYS_BY_WEEK else "Month", cut=True)

    def finished(self, as_of: pd.Timestamp, timezone: str) -> Period | None:
        """The days, months or years of it that were over at `as_of`; None where none was."""
        count = int((~self.is_open(as_of, timezone)).sum())
        return self.first(count) if count else None

    def before(self, as_of: pd.Timestamp, timezone: str) -> Period | None:
        """What its figures are compared with: as many steps as were over at `as_of`, up to the day before it starts.

        A step that is not over is never compared, so on 28 November the months of October and November are compared
        with September alone. None where no step is over.
        """
        finished = self.finished(as_of, timezone)
        return finished.previous() if finished else None

    def widen(self, days: int) -> Period:
        """The days of this period and so many more on each side."""
        margin = timedelta(days=days)
        return Period(self.start - margin, self.end + margin)

    def label_of(self, values: pd.Series) -> pd.Series:
        """The `starts` label of the day, month or year that each report label falls in."""
        days = pd.DatetimeIndex(moments(values)).tz_localize(None)
        starts = days.to_period(_FREQUENCY[self.granularity]).to_timestamp().as_unit("us").tz_localize("UTC")
        return pd.Series(starts, index=values.index, name="period_start")

    def is_open(self, as_of: pd.Timestamp, timezone: str) -> pd.Series:
        """Whether each had not yet ended at `as_of`, by the clock of the time zone (boolean, indexed by `starts`)."""
        ends = midnight((self.labels + 1).to_timestamp(), timezone)
        return pd.Series(ends > as_of, index=self.starts, dtype="boolean", name="open")

    def __str__(self) -> str:
        """Such as "1 Oct 2026 to 31 Oct 2026", in the reader's language."""
        return gettext("{first} to {last}", first=format_day(self.start), last=format_day(self.end))


def midnight(days: pd.DatetimeIndex, timezone: str) -> pd.DatetimeIndex:
    """The UTC moment at which each calendar day starts in the zone (where clocks change at midnight: the first)."""
    first = np.ones(len(days), dtype=bool)
    local = days.tz_localize(ZoneInfo(timezone), ambiguous=first, nonexistent="shift_forward")
    return local.tz_convert("UTC")


def moments(values: pd.Series) -> pd.Series:
    """Values as UTC moments, also where a column came as text; what can't be read is missing."""
    return pd.to_datetime(values, utc=True, errors="coerce", format="ISO8601").dt.as_unit("us")


def local_day(values: pd.Series, timezone: str) -> pd.Series:
    """The calendar day of each moment in the zone, as a naive midnight (datetime64)."""
    local: pd.Series = moments(values).dt.tz_convert(ZoneInfo(timezone)).dt.tz_localize(None).dt.normalize()
    return local
