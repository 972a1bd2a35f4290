from datetime import date

import pandas as pd
import pytest

from spoki_analytics.metrics.campaigns import (
    by_automation,
    by_status,
    campaign_figures,
    campaign_table,
    funnel,
    outliers,
    ranking,
    settled,
)

ROME = "Europe/Rome"
LATER = pd.Timestamp("2026-11-22T12:00Z")
SENT = {"contacts_count": 100, "messages_sent": 90, "messages_received": 80, "messages_read": 45, "messages_failed": 10}


def table_of(frame: pd.DataFrame, as_of: pd.Timestamp = LATER) -> pd.DataFrame:
    return campaign_table(frame, date(2026, 10, 1), date(2026, 10, 31), as_of, ROME)


def test_rates_have_their_denominators(campaigns) -> None:
    row = table_of(campaigns(SENT | {"automation_started": 50, "automation_interacted_with": 10})).iloc[0]
    assert row["sent_per_contact"] == 0.9
    assert row["read_per_sent"] == 0.5
    assert row["delivered_per_sent"] == pytest.approx(80 / 90)
    assert row["failed_per_attempted"] == pytest.approx(10 / 90)
    assert row["interacted_per_started"] == 0.2


def test_failed_messages_may_or_may_not_be_among_the_sent(campaigns) -> None:
    apart = table_of(campaigns({"messages_sent": 100, "messages_received": 100, "messages_failed": 25})).iloc[0]
    assert apart["attempted"] == 125
    assert apart["failed_per_attempted"] == 0.2


def test_campaigns_are_cut_by_local_day_through_the_clock_change(campaigns) -> None:
    moments = ["2026-09-30T21:59Z", "2026-09-30T22:00Z", "2026-10-31T22:59Z", "2026-10-31T23:00Z"]
    table = table_of(campaigns(*({"scheduled_datetime": moment} for moment in moments)))
    assert table["id"].tolist() == [88001, 88002]
    assert table["day"].dt.day.tolist() == [1, 31]


@pytest.mark.parametrize(
    ("status", "hours", "is_settled", "is_changing"),
    [
        ("Completed", 72, True, False),
        ("Completed", 71, False, True),
        ("Processing", 500, False, True),
        ("Draft", 500, False, False),
        ("Scheduled", -1, False, False),
        ("Archiviata", 500, False, False),
    ],
)
def test_only_old_completed_campaigns_are_settled(campaigns, status, hours, is_settled, is_changing) -> None:
    moment = pd.Timestamp("2026-10-05T09:00Z")
    frame = campaigns({"status": status, "scheduled_datetime": moment.isoformat()})
    row = table_of(frame, moment + pd.Timedelta(hours=hours)).iloc[0]
    assert [row["settled"], row["changing"]] == [is_settled, is_changing]
    assert row["state"] == status + (", still changing" if is_changing else "")


def test_few_messages_rank_below_many_of_the_same_rate(campaigns) -> None:
    few = {"messages_sent": 4, "messages_received": 4, "messages_read": 4}
    many = {"messages_sent": 1000, "messages_received": 900, "messages_read": 800}
    none = {"messages_sent": 0}
    running = many | {"status": "Processing"}
    ranked = ranking(table_of(campaigns(few, many, none, running)))
    assert ranked["id"].tolist() == [88001, 88003, 88000]
    assert ranked["settled"].tolist() == [True, False, True]


def test_the_odd_campaign_is_an_outlier_and_a_tiny_one_is_not(campaigns) -> None:
    usual = [{"messages_sent": 1000, "messages_failed": failed} for failed in (18, 20, 22, 24)]
    odd, tiny = {"messages_sent": 1000, "messages_failed": 200}, {"messages_sent": 8, "messages_failed": 1}
    judged = outliers(table_of(campaigns(*usual, odd, tiny)), "failed_per_attempted")
    assert judged.loc[judged["outlier"], "id"].tolist() == [88004]
    assert judged["median"].tolist() == pytest.approx([0.023] * 6)
    assert judged.set_index("id").loc[88005, "score"] > 3.5


@pytest.mark.parametrize("failed", [[20] * 6, [20, 20, 900]])
def test_without_spread_or_company_nothing_is_odd(campaigns, failed: list[int]) -> None:
    frame = campaigns(*({"messages_sent": 1000, "messages_failed": n} for n in failed))
    judged = outliers(table_of(frame), "failed_per_attempted")
    assert not judged["outlier"].any()
    assert judged["score"].isna().all()


def test_the_funnel_adds_up_settled_campaigns(campaigns) -> None:
    stages = funnel(table_of(campaigns(SENT, SENT, SENT | {"status": "Processing"})))
    assert stages["count"].tolist() == [200, 180, 160, 90]
    assert stages["share_of_contacts"].tolist() == [1, 0.9, 0.8, 0.45]
    assert stages["share_of_stage_before"].tolist() == pytest.approx([1, 0.9, 160 / 180, 90 / 160])


def test_a_stage_larger_than_the_one_before_has_no_share(campaigns) -> None:
    stages = funnel(table_of(campaigns(SENT | {"messages_sent": 150})))
    assert stages["share_of_contacts"].isna().tolist() == [False, True, False, False]


def test_statuses_stand_in_the_order_of_a_campaigns_life(campaigns) -> None:
    frame = campaigns({"status": "Sospesa"}, SENT, {"status": "Draft", "contacts_count": 7})
    statuses = by_status(table_of(frame))
    assert statuses["status"].tolist() == ["Draft", "Scheduled", "Processing", "Paused", "Completed", "Sospesa"]
    assert statuses["campaigns"].tolist() == [1, 0, 0, 0, 1, 1]
    assert statuses.loc[0, "contacts"] == 7


def test_automations_gather_their_campaigns(campaigns) -> None:
    run = {"automation_started": 10, "automation_interacted_with": 5}
    named = run | {"automation.name": "$\\frac{Benvenuto"}
    groups = by_automation(table_of(campaigns(named, named, run)))
    assert groups["automation"].tolist() == ["$\\frac{Benvenuto", "no automation"]
    assert groups["campaigns"].tolist() == [2, 1]
    assert groups["interacted_per_started"].tolist() == [0.5, 0.5]


def test_figures_are_ratios_of_sums(campaigns) -> None:
    one = {"messages_sent": 100, "messages_received": 100, "messages_read": 10}
    frame = campaigns(one, {"messages_sent": 300, "messages_received": 300, "messages_read": 190})
    figures = campaign_figures(table_of(frame)).set_index("name")
    assert figures.loc["campaigns", "value"] == 2
    assert figures.loc["read_per_sent", ["value", "n"]].tolist() == [0.5, 400]


def test_moments_that_came_as_text_are_read_and_nonsense_is_left_out(campaigns) -> None:
    texts = ["2026-10-05 09:00:00+00:00", "2026-10-05T11:00:00+02:00", "soon", None]
    frame = campaigns(*[SENT] * 4).assign(scheduled_datetime=pd.Series(texts, dtype="str"))
    assert table_of(frame)["scheduled_datetime"].tolist() == [pd.Timestamp("2026-10-05T09:00Z")] * 2


def test_text_and_missing_counts_are_tolerated(campaigns) -> None:
    frame = campaigns(SENT).astype({"messages_sent": "str"}).drop(columns="automation_started")
    row = table_of(frame).iloc[0]
    assert row["sent"] == 90
    assert pd.isna(row["interacted_per_started"])


def test_no_campaigns_have_all_columns(campaigns) -> None:
    empty, full = table_of(campaigns()), table_of(campaigns(SENT))
    assert list(empty.columns) == list(full.columns)
    assert settled(empty).empty
    assert ranking(empty).empty
    assert outliers(empty, "read_per_sent").empty
    assert by_automation(empty).empty
    assert funnel(empty)["count"].isna().all()
    assert by_status(empty)["campaigns"].sum() == 0
    assert campaign_figures(empty).set_index("name").loc["campaigns", "value"] == 0
