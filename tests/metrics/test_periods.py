from datetime import date

import pandas as pd
import pytest

from spoki_analytics.errors import UsageError
from spoki_analytics.metrics.periods import Granularity, Period, local_day, midnight


def test_the_previous_period_is_as_long_and_ends_the_day_before() -> None:
    assert Period(date(2026, 3, 20), date(2026, 3, 31)).previous() == Period(date(2026, 3, 8), date(2026, 3, 19))


def test_months_are_whole_and_compared_with_months() -> None:
    period = Period(date(2026, 1, 15), date(2026, 3, 2), "Month")
    assert (period.start, period.end) == (date(2026, 1, 1), date(2026, 3, 31))
    assert period.previous() == Period(date(2025, 10, 1), date(2025, 12, 31), "Month")


def test_years_are_whole_and_compared_with_years() -> None:
    period = Period(date(2026, 5, 1), date(2026, 6, 1), "Year")
    assert period.previous() == Period(date(2025, 1, 1), date(2025, 12, 31), "Year")


@pytest.mark.parametrize("changed", [date(2026, 3, 29), date(2026, 10, 25)])
def test_a_day_of_23_or_25_hours_is_one_day(changed: date) -> None:
    period = Period(changed, changed)
    assert list(period.starts) == [pd.Timestamp(changed, tz="UTC")]
    assert len(Period(date(2026, 3, 1), date(2026, 10, 31)).starts) == 245


@pytest.mark.parametrize(
    ("changed", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 6, 1), 24)]
)
def test_days_end_at_local_midnight(changed: date, hours: int) -> None:
    start, end = midnight(pd.DatetimeIndex([changed, pd.Timestamp(changed) + pd.DateOffset(days=1)]), "Europe/Rome")
    assert end - start == pd.Timedelta(hours=hours)


def test_a_day_without_midnight_starts_when_its_clock_does() -> None:
    first = midnight(pd.DatetimeIndex(["2026-04-24"]), "Africa/Cairo")[0]
    assert first == pd.Timestamp("2026-04-23T22:00Z")


@pytest.mark.parametrize(
    ("as_of", "unfinished"),
    [("2026-10-25T22:59Z", True), ("2026-10-25T23:00Z", False), ("2026-10-25T23:01Z", False)],
)
def test_a_day_is_open_until_local_midnight(as_of: str, unfinished: bool) -> None:
    period = Period(date(2026, 10, 25), date(2026, 10, 25))
    assert list(period.is_open(pd.Timestamp(as_of), "Europe/Rome")) == [unfinished]


def test_moments_are_cut_into_local_days_through_both_clock_changes() -> None:
    moments = pd.Series(
        pd.to_datetime(["2026-03-28T23:30Z", "2026-03-29T21:59Z", "2026-03-29T22:00Z", "2026-10-25T22:59Z"])
    )
    days = local_day(moments, "Europe/Rome")
    assert list(days.dt.strftime("%m-%d")) == ["03-29", "03-29", "03-30", "10-25"]


def test_report_labels_are_calendar_days_whatever_the_zone() -> None:
    labels = pd.Series(pd.to_datetime(["2026-10-01T00:00Z", None], utc=True))
    period = Period(date(2026, 10, 1), date(2026, 10, 31), "Month")
    assert period.label_of(labels)[0] == period.starts[0]
    assert pd.isna(period.label_of(labels)[1])


def test_a_period_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(UsageError, match="ends"):
        Period(date(2026, 2, 1), date(2026, 1, 1))
    with pytest.raises(UsageError, match="Hour"):
        Period(date(2026, 1, 1), date(2026, 2, 1), "Hour")  # type: ignore[arg-type]


def test_a_period_reads_as_words() -> None:
    assert str(Period(date(2026, 10, 1), date(2026, 10, 31))) == "1 Oct 2026 to 31 Oct 2026"


@pytest.mark.parametrize(
    ("start", "end", "granularity", "as_of", "first", "last"),
    [
        ("2026-10-01", "2026-11-30", "Month", "2026-11-28T12:00Z", "2026-09-01", "2026-09-30"),
        ("2026-11-21", "2026-11-28", "Day", "2026-11-28T12:00Z", "2026-11-14", "2026-11-20"),
        ("2026-11-20", "2026-11-20", "Day", "2026-11-28T12:00Z", "2026-11-19", "2026-11-19"),
        ("2028-03-01", "2028-03-31", "Day", "2028-03-02T12:00Z", "2028-02-29", "2028-02-29"),
        ("2028-02-29", "2028-03-01", "Day", "2028-04-01T12:00Z", "2028-02-27", "2028-02-28"),
        ("2026-03-29", "2026-03-30", "Day", "2026-03-30T21:59Z", "2026-03-28", "2026-03-28"),
        ("2026-10-25", "2026-10-26", "Day", "2026-10-25T22:59Z", None, None),
        ("2026-01-01", "2026-02-28", "Month", "2026-02-28T12:00Z", "2025-12-01", "2025-12-31"),
        ("2025-01-01", "2026-12-31", "Year", "2026-12-31T22:59Z", "2024-01-01", "2024-12-31"),
        ("2026-11-01", "2026-11-30", "Month", "2026-11-28T12:00Z", None, None),
    ],
)
def test_finished_steps_are_compared_with_as_many_that_end_where_they_begin(
    start: str, end: str, granularity: Granularity, as_of: str, first: str | None, last: str | None
) -> None:
    period = Period(date.fromisoformat(start), date.fromisoformat(end), granularity)
    before = period.before(pd.Timestamp(as_of), "Europe/Rome")
    assert (before and str(before.start), before and str(before.end)) == (first, last)


def test_weeks_are_those_of_iso_8601() -> None:
    weeks = Period(date(2026, 12, 30), date(2027, 1, 5), "Week")
    assert (weeks.start, weeks.end) == (date(2026, 12, 28), date(2027, 1, 10))
    assert [start.isocalendar()[:2] for start in weeks.starts] == [(2026, 53), (2027, 1)]
    assert weeks.before(pd.Timestamp("2027-01-05T12:00Z"), "Europe/Rome") == Period(
        date(2026, 12, 21), date(2026, 12, 27), "Week"
    )
