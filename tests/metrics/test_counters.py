"""What the message counters of campaigns mean, decided from the campaigns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pandas as pd
import pytest

from spoki_analytics.metrics.campaigns import campaign_table, rates_of
from spoki_analytics.metrics.counters import read_counters
from spoki_analytics.metrics.periods import Period
from spoki_analytics.metrics.studies import CampaignStudy, study_campaigns

Make = Callable[..., pd.DataFrame]
LATER = pd.Timestamp("2026-11-22T12:00Z")
OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 31))
OLDER = "2026-05-05T09:00Z"


def row(
    contacts: int, sent: int | None, received: int | None, read: int | None, failed: int | None, **more: Any
) -> Any:
    counters = {"messages_sent": sent, "messages_received": received, "messages_read": read, "messages_failed": failed}
    return {"contacts_count": contacts} | counters


STATES = row(100, 2, 38, 55, 5)
TOTALS = row(100, 100, 93, 55, 5)
EITHER = row(100, 40, 30, 20, 10)


def study(frame: pd.DataFrame, fixed: str | None = None) -> CampaignStudy:
    return study_campaigns(frame, OCTOBER, LATER, "Europe/Rome", fixed)


@pytest.mark.parametrize(
    ("rows", "reading", "basis"),
    [
        ([STATES], "exclusive", "data"),
        ([EITHER, EITHER, STATES], "exclusive", "data"),
        ([TOTALS] * 3, "cumulative", "data"),
        ([TOTALS], "cumulative", "undecided"),
        ([EITHER] * 5, "cumulative", "undecided"),
        ([], "cumulative", "undecided"),
        ([row(100, 0, 0, 0, 0)], "cumulative", "undecided"),
        ([TOTALS] * 9 + [STATES], "cumulative", "contradictory"),
        ([STATES] * 9 + [TOTALS] * 3, "exclusive", "data"),  # three of twelve send a contact several messages
        ([row(100, 60, 70, 120, 5)] * 4, "exclusive", "contradictory"),
    ],
)
def test_the_campaigns_decide(campaigns: Make, rows: list[Any], reading: str, basis: str) -> None:
    counters = read_counters(campaigns(*rows), LATER)
    assert (counters.reading, counters.basis) == (reading, basis)


@pytest.mark.parametrize(
    "other",
    [
        STATES | {"status": "Processing"},
        STATES | {"status": "Paused"},
        STATES | {"scheduled_datetime": "2026-11-21T09:00Z"},
        STATES | {"scheduled_datetime": None},
        row(1, 0, 0, 1, 0),  # a test sent to one colleague
        row(100, None, 38, 55, 5),
        row(100, 2, 38, None, 5),
        row(100, -5, 38, 55, 5),
        row(100, 2, 10**30, 55, 5),
    ],
)
def test_what_can_not_tell_is_not_heard(campaigns: Make, other: Any) -> None:
    frame = campaigns(*[TOTALS] * 3)
    odd = pd.DataFrame([frame.iloc[0].to_dict() | other]).astype({"messages_received": "object"})
    odd["scheduled_datetime"] = pd.to_datetime(odd["scheduled_datetime"], utc=True)
    counters = read_counters(pd.concat([frame.astype({"messages_received": "object"}), odd]), LATER)
    assert (counters.reading, counters.basis, counters.campaigns) == ("cumulative", "data", 3)


def test_small_campaigns_are_heard_where_there_are_no_larger_ones(campaigns: Make) -> None:
    assert read_counters(campaigns(row(3, 0, 1, 2, 0)), LATER).reading == "exclusive"


def test_runs_of_an_automation_stand_for_contacts_that_are_unknown(campaigns: Make) -> None:
    unknown = campaigns(*[TOTALS | {"contacts_count": 0, "automation_started": 100}] * 3)
    assert read_counters(unknown, LATER).basis == "data"
    assert read_counters(unknown.assign(automation_started=0), LATER).against_exclusive == 0


def test_campaigns_of_other_times_are_heard(campaigns: Make) -> None:
    frame = campaigns(EITHER, *[STATES | {"scheduled_datetime": OLDER}] * 2)
    seen = study(frame)
    assert seen.counters.reading == "exclusive"
    assert seen.table[["sent", "delivered", "read", "attempted"]].iloc[0].tolist() == [100, 50, 20, 100]
    assert seen.funnel["count"].tolist() == [100, 100, 50, 20]


def test_both_readings_of_one_sending_give_the_same_figures(campaigns: Make) -> None:
    states, totals = study(campaigns(*[STATES] * 3)), study(campaigns(*[TOTALS] * 3))
    assert rates_of(states.figures) == rates_of(totals.figures)
    assert rates_of(states.figures)["read_per_sent"] == 0.55
    columns = ["sent", "delivered", "read", "failed", "attempted", "failed_per_attempted"]
    pd.testing.assert_frame_equal(states.ranking[columns], totals.ranking[columns])
    pd.testing.assert_frame_equal(
        states.by_automation.drop(columns="received"), totals.by_automation.drop(columns="received")
    )


def test_a_setting_holds_whatever_the_campaigns_say(campaigns: Make) -> None:
    counters = study(campaigns(*[TOTALS] * 3), "exclusive").counters
    assert (counters.reading, counters.basis, counters.contradicting) == ("exclusive", "setting", 3)


def test_doubt_shows_what_the_other_reading_gives(campaigns: Make) -> None:
    doubtful = study(campaigns(EITHER))
    facts = doubtful.facts["campaign_counters"]
    assert (facts["reading"], facts["basis"], facts["campaigns"]) == ("cumulative", "undecided", 1)
    assert rates_of(doubtful.figures)["delivered_per_sent"] == 0.75
    assert facts["other_reading"]["delivered_per_sent"] == 0.5
    assert "other_reading" not in study(campaigns(STATES)).facts["campaign_counters"]


def test_failed_messages_may_or_may_not_be_among_cumulative_sent_ones(campaigns: Make) -> None:
    rows = [row(100, 100, 100, 50, 25), row(100, 100, 70, 50, 25), row(100, 100, None, 50, 25)]
    table = campaign_table(campaigns(*rows), OCTOBER.start, OCTOBER.end, LATER, "Europe/Rome")
    assert table["attempted"].tolist() == [125, 100, 100]
