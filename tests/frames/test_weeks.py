"""Weeks out of days: what adds up is added up, what does not is missing."""

import pandas as pd
import pytest

from spoki_analytics.errors import UsageError
from spoki_analytics.frames.reports import long_form, natural_form, wide_form
from spoki_analytics.frames.reports.weeks import to_weeks

DAYS = ("2026-10-04", "2026-10-05", "2026-10-11", "2026-10-12")
"""A Sunday, the Monday and the Sunday of a week, a Monday."""
MONDAYS = ["2026-09-28", "2026-10-05", "2026-10-12"]


@pytest.fixture
def days(frame) -> pd.DataFrame:
    counters = {"sent_message_count": 10, "read_message_count": 3, "conversation_count": 2, "contacted_contacts": 2}
    rows = [{"account": 4100, "granularity": "Day", "period_start": day, **counters} for day in DAYS]
    return natural_form(frame("reports", rows))


def test_counts_are_added_up_from_monday_to_sunday(days) -> None:
    weeks = to_weeks(days)
    assert weeks["period_start"].dt.strftime("%Y-%m-%d").tolist() == MONDAYS
    assert weeks["sent_message_count"].tolist() == [10, 20, 10]
    assert weeks["granularity"].unique().tolist() == ["Week"]
    assert list(weeks.columns) == list(days.columns)


@pytest.mark.parametrize("form", [natural_form, wide_form])
def test_distinct_contacts_and_conversations_are_not_given_by_week(days, form) -> None:
    weeks = wide_form(to_weeks(form(days)))
    assert weeks[["conversations", "contacts_reached"]].isna().all(axis=None)
    assert weeks["sent"].tolist() == [10, 20, 10]


def test_states_are_added_up_apart(days) -> None:
    weeks = to_weeks(long_form(days))
    read = weeks[weeks["status"] == "Read"]
    assert read["count"].tolist() == [3, 6, 3]
    assert weeks["count"].sum() == long_form(days)["count"].sum()


def test_no_days_are_no_weeks_and_rows_without_days_are_refused(days) -> None:
    assert to_weeks(days.iloc[:0]).empty
    with pytest.raises(UsageError, match="of which day"):
        to_weeks(days.drop(columns="period_start"))
