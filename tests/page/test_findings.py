"""What stands on top of a page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pandas as pd

from spoki_analytics.charts import campaigns as campaign_charts
from spoki_analytics.charts import ranking
from spoki_analytics.metrics.periods import Period
from spoki_analytics.metrics.studies import CampaignStudy, study_campaigns
from spoki_analytics.page.findings import campaigns_findings
from spoki_analytics.page.readings import say_counters
from tests.metrics.conftest import campaigns  # noqa: F401  fixture

Make = Callable[..., pd.DataFrame]
OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 31))
AS_OF = pd.Timestamp("2026-11-28T12:00Z")
SEPTEMBER = "2026-09-10T09:00Z"


def sent(number: int, failed: int, **more: Any) -> dict[str, Any]:
    """A finished campaign, as totals."""
    counters = {"messages_sent": number, "messages_received": number - failed, "messages_failed": failed}
    return {"contacts_count": number, "messages_read": (number - failed) // 2} | counters | more


def study(frame: pd.DataFrame, as_of: pd.Timestamp = AS_OF) -> CampaignStudy:
    return study_campaigns(frame, OCTOBER, as_of, "Europe/Rome")


def say(frame: pd.DataFrame, as_of: pd.Timestamp = AS_OF) -> list[str]:
    return [text.replace("\u00a0", " ") for text in campaigns_findings(study(frame, as_of))]


def test_the_campaign_that_is_stuck_and_failing_stands_on_top(campaigns: Make) -> None:  # noqa: F811
    """One settled campaign that is well, and one that has been Processing for a month and fails a quarter."""
    stuck = {"name": "Apertura", "status": "Processing", "scheduled_datetime": "2026-10-28T09:00Z"}
    frame = campaigns(sent(300, 5), sent(104, 26, contacts_count=360, **stuck))
    worst = "1 campaign has been Processing for 31 days, 25 % of its messages failed: Apertura."
    assert say(frame) == [worst]
    paused = campaigns(sent(100, 3, name="Older", status="Paused", id=1, scheduled_datetime=SEPTEMBER))
    assert say(pd.concat([paused, frame]))[0] == worst
    judged = study(frame).failures
    assert judged["name"].tolist() == ["Apertura", "Campaign 0"]
    assert judged["outlier"].tolist() == [True, False]
    chart = ranking.failures(judged)
    assert chart is not None
    assert chart.alt.startswith("1 campaign out of line with the median of 1.7")
    assert "Processing for 31 days, outlier" in chart.svg().replace("\u00a0", " ")


def test_what_fails_is_measured_by_earlier_campaigns_where_the_period_has_no_finished_one(campaigns: Make) -> None:  # noqa: F811
    bad = sent(100, 50, name="Young", id=1, scheduled_datetime="2026-10-31T09:00Z")
    frame = campaigns(bad, *(sent(200, 4, scheduled_datetime=SEPTEMBER) for _ in range(3)))
    as_of = pd.Timestamp("2026-11-01T12:00Z")
    assert say(frame, as_of) == ["1 campaign fails far more often than the others, 50 % of its messages: Young."]
    chart = ranking.failures(study(frame, as_of).failures)
    assert chart is not None
    assert chart.alt.replace("\u00a0", " ") == "Young: 50.0 % of 100 attempted failed."


def test_without_a_finished_campaign_no_evidence_is_counted(campaigns: Make) -> None:  # noqa: F811
    said = say_counters(study(campaigns({"status": "Processing"})))
    assert "0 of 0" not in said
    assert "Read like this" not in said
    assert "No finished campaign" in said


def test_shares_of_unknown_contacts_make_no_title(campaigns: Make) -> None:  # noqa: F811
    known = study(campaigns(sent(100, 5, contacts_count=None)))
    chart = campaign_charts.funnel(known.funnel, 1)
    assert chart is not None
    assert chart.alt == "Read: 47."
    unread = campaign_charts.funnel_by_campaign(study(campaigns(sent(100, 5, messages_read=None))).settled)
    assert unread is not None
    assert "–" not in unread.alt


def test_every_kind_of_being_stuck_is_said(campaigns: Make) -> None:  # noqa: F811
    paused = {"status": "Paused", "scheduled_datetime": "2026-08-10T09:00Z"}
    frame = campaigns(
        *(sent(50, 10, **paused) for _ in range(5)),
        {"status": "Paused", "scheduled_datetime": "2026-11-27T09:00Z"},
        {"status": "Scheduled", "name": "Late"},
        {"status": "Scheduled", "scheduled_datetime": "2026-12-24T09:00Z"},
        {"status": "Processing", "name": "Silent"},
        {"status": "Draft"},
        {"status": "Archiviata"},
    )
    assert say(frame) == [
        "5 campaigns have been Paused for up to 110 days, 20 % of their messages failed: "
        "Campaign 0, Campaign 1, Campaign 2 and 2 more.",
        "1 campaign has been Processing for 54 days, and sent nothing: Silent.",
        "1 campaign has not started, although it was due on 5 Oct 2026: Late.",
    ]


def test_a_doubled_share_of_failures_names_who_makes_it(campaigns: Make) -> None:  # noqa: F811
    before = [sent(1000, 20, scheduled_datetime=SEPTEMBER)] * 2
    now = [sent(1000, 22), sent(1000, 110, name="Saldi"), sent(1000, 24)]
    (finding,) = say(campaigns(*before, *now))
    assert finding == (
        "The share of messages that failed rose from 2.0 % to 5.2 %, which is more than chance. "
        "Most of it comes from Saldi."
    )
    assert say(campaigns(*before, sent(1000, 22))) == []
    assert say(campaigns(*before, sent(20, 1))) == []


def test_one_that_is_being_sent_and_fails_is_said(campaigns: Make) -> None:  # noqa: F811
    usual = [sent(1000, failed) for failed in (18, 20, 22)]
    young = {"status": "Processing", "scheduled_datetime": "2026-10-31T09:00Z", "name": "Young"}
    now = pd.Timestamp("2026-10-31T15:00Z")
    assert say(campaigns(*usual, sent(400, 100, **young)), now) == [
        "1 campaign fails far more often than the others, 25 % of its messages: Young."
    ]
    assert say(campaigns(*usual, sent(400, 9, **young)), now) == []
    assert say(campaigns(*usual, sent(8, 2, **young)), now) == []


def test_how_counters_are_read_is_said_with_the_evidence(campaigns: Make) -> None:  # noqa: F811
    states = sent(100, 5, messages_sent=2, messages_received=40, messages_read=53)
    said = say_counters(study(campaigns(states)))
    assert said.startswith("Spoki's message counters are taken as separate states")
    assert "in 1 of 1 more messages are read than received" in said
    doubt = say_counters(study(campaigns(sent(100, 5))))
    assert "don't show whether that is so" in doubt
    assert "Read the other way: Delivered, of sent" in doubt
    fixed = study_campaigns(campaigns(states), OCTOBER, AS_OF, "Europe/Rome", "cumulative")
    assert "So SPOKI_CAMPAIGN_COUNTERS says. 1 of 1 finished campaigns contradicts it." in say_counters(fixed)


def test_no_campaigns_need_no_finding(campaigns: Make) -> None:  # noqa: F811
    assert say(campaigns()) == []
