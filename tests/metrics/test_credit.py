from datetime import date

import pandas as pd
import pytest

from spoki_analytics.metrics.credit import balances, credit_figures
from spoki_analytics.metrics.pace import daily_use
from spoki_analytics.metrics.periods import Period
from spoki_analytics.metrics.runway import runway

ROME = "Europe/Rome"
NOON = pd.Timestamp("2026-10-15T12:00Z")
FORTNIGHT = Period(date(2026, 10, 1), date(2026, 10, 14))


def used(*counts: int, name: str = "conversations") -> dict[str, dict[str, int]]:
    """Report rows of the days since 1 October."""
    return {f"2026-10-{day:02}": {name: count} for day, count in enumerate(counts, 1)}


def test_money_is_thousandths_with_euro_beside(accounts) -> None:
    row = balances(accounts((125430, 15000, 1254, False))).iloc[0]
    assert row["balance"] == 125430
    assert row["balance_eur"] == 125.43
    assert row["cost_per_conversation_eur"] == pytest.approx(0.100024, abs=1e-6)


@pytest.mark.parametrize(
    ("credit", "threshold", "flag", "below", "agrees"),
    [
        (14999, 15000, True, True, True),
        (15000, 15000, True, False, False),
        (15001, 15000, False, False, True),
        (1, 15000, False, True, False),
        (None, 15000, True, pd.NA, pd.NA),
        (1, None, True, pd.NA, pd.NA),
        (1, 15000, None, True, pd.NA),
    ],
)
def test_flag_and_comparison_stand_side_by_side(accounts, credit, threshold, flag, below, agrees) -> None:
    row = balances(accounts((credit, threshold, 1, flag)))[["below_threshold", "flag_agrees", "alert_flag"]].iloc[0]
    assert row.tolist() == [below, agrees, pd.NA if flag is None else flag]


@pytest.mark.parametrize(("credit", "left"), [(1000, 0), (0, 10), (-500, 10), (1000, None)])
def test_a_conversation_without_credit_or_estimate_has_no_cost(accounts, credit, left) -> None:
    assert pd.isna(balances(accounts((credit, 0, left, False)))["cost_per_conversation_eur"].iloc[0])


def test_columns_that_are_absent_or_text_are_tolerated(accounts) -> None:
    frame = accounts((125430, 15000, 1254, True)).astype({"current_credit": "str", "has_low_credit_alert": "str"})
    row = balances(frame.drop(columns=["low_credit_threshold"])).iloc[0]
    assert row["balance"] == 125430
    assert pd.isna(row["threshold"])
    assert pd.isna(row["alert_flag"])


def test_credit_lasts_as_long_as_conversations_at_the_daily_mean(accounts, reports) -> None:
    frame = accounts((20000, 5000, 200, False))
    use = daily_use(reports(used(*[5, 15] * 7)), frame, FORTNIGHT, NOON, ROME)
    row = runway(balances(frame), use, NOON, ROME).iloc[0]
    assert row[["days", "used_per_day", "used_on_median_day", "days_left"]].tolist() == [14, 10, 10, 20]
    assert 5 <= row["used_per_day_low"] <= 10 <= row["used_per_day_high"] <= 15
    assert 13 < row["days_left_low"] < 20 < row["days_left_high"] < 40
    assert row["empty_on"] == pd.Timestamp("2026-11-04")
    assert row["urgency"] == "later"


def test_the_estimate_is_the_same_every_time(accounts, reports) -> None:
    frame = accounts((20000, 5000, 200, False))
    use = daily_use(reports(used(*(day**3 for day in range(14)))), frame, FORTNIGHT, NOON, ROME)
    pd.testing.assert_frame_equal(*(runway(balances(frame), use, NOON, ROME) for _ in range(2)))


def test_nothing_used_lasts_beyond_the_horizon(accounts, reports) -> None:
    frame = accounts((20000, 5000, 200, False))
    row = runway(balances(frame), daily_use(reports(used(*[0] * 14)), frame, FORTNIGHT, NOON, ROME), NOON, ROME).iloc[0]
    assert row[["days_left", "days_left_low", "days_left_high"]].tolist() == [365, 365, 365]
    assert pd.isna(row["empty_on"])


def test_nothing_left_is_zero_days_and_urgent(accounts, reports) -> None:
    frame = accounts((20, 0, 0, False))
    row = runway(balances(frame), daily_use(reports(used(*[3] * 14)), frame, FORTNIGHT, NOON, ROME), NOON, ROME).iloc[0]
    assert row["days_left"] == 0
    assert row["urgency"] == "now"


def test_too_few_days_give_no_estimate(accounts, reports) -> None:
    frame = accounts((20000, 5000, 200, False))
    row = runway(
        balances(frame),
        daily_use(reports(used(1, 2)), frame, Period(date(2026, 10, 1), date(2026, 10, 6)), NOON, ROME),
        NOON,
        ROME,
    ).iloc[0]
    assert row["days"] == 6
    assert pd.isna(row["days_left"])
    assert row["urgency"] == "unknown"


def test_the_running_day_is_no_complete_day(accounts, reports) -> None:
    frame = accounts((20000, 5000, 200, False))
    morning = pd.Timestamp("2026-10-14T08:00Z")
    assert daily_use(reports(used(*[1] * 14)), frame, FORTNIGHT, morning, ROME)["period_start"].max().day == 13


def test_the_pace_starts_with_the_first_report_and_silent_days_count_zero(accounts, reports) -> None:
    rows = reports({"2026-10-05": {"conversations": 7}, "2026-10-07": {"conversations": 7}})
    use = daily_use(rows, accounts((1, 1, 1, True)), FORTNIGHT, NOON, ROME)
    assert use["used"].tolist() == [7, 0, 7, 0, 0, 0, 0, 0, 0, 0]


@pytest.mark.parametrize("basis", ["conversations", "template", "sent"])
def test_templates_or_sent_messages_stand_for_conversations(accounts, reports, basis: str) -> None:
    use = daily_use(reports(used(4, name=basis)), accounts((1, 1, 1, True)), FORTNIGHT, NOON, ROME)
    assert use.loc[0, ["used", "basis"]].tolist() == [4, basis]


def test_reports_without_account_belong_to_a_single_account_only(accounts, reports) -> None:
    rows = reports(used(4), None)
    one, two = ((1, 1, 1, True),), ((1, 1, 1, True), (1, 1, 1, True))
    assert daily_use(rows, accounts(*one), FORTNIGHT, NOON, ROME)["account"].unique().tolist() == [4100]
    assert daily_use(rows, accounts(*two), FORTNIGHT, NOON, ROME).empty


def test_who_needs_a_recharge_first_stands_on_top(accounts, reports) -> None:
    frame = accounts((90000, 100, 900, False), (1000, 5000, 10, True), (2000, 100, 20, False), (50000, 100, 500, False))
    rows = pd.concat([reports(used(*[2] * 14), account) for account in (4100, 4101, 4102)])
    table = runway(balances(frame), daily_use(rows, frame, FORTNIGHT, NOON, ROME), NOON, ROME)
    assert table["account"].tolist() == [4101, 4102, 4100, 4103]
    assert table["urgency"].tolist() == ["now", "soon", "later", "unknown"]


def test_figures_are_sums_and_cost_is_a_ratio_of_sums(accounts, reports) -> None:
    frame = accounts((10000, 20000, 100, False), (30000, 100, 100, False), (0, 100, 0, False))
    table = runway(balances(frame), daily_use(reports(used(*[2] * 14)), frame, FORTNIGHT, NOON, ROME), NOON, ROME)
    figures = credit_figures(table).set_index("name")["value"]
    assert figures["balance_eur"] == 40
    assert figures["accounts_below_threshold"] == 2
    assert figures["conversations_left"] == 200
    assert figures["cost_per_conversation_eur"] == 0.2
    assert figures["days_left"] == 0


def test_no_accounts_have_all_columns_and_no_figures(accounts, reports) -> None:
    frame = accounts()
    table = runway(balances(frame), daily_use(reports({}), frame, FORTNIGHT, NOON, ROME), NOON, ROME)
    full = runway(balances(accounts((1, 1, 1, True))), daily_use(reports({}), frame, FORTNIGHT, NOON, ROME), NOON, ROME)
    assert table.dtypes.to_dict() == full.dtypes.to_dict()
    assert credit_figures(table)["value"].isna().all()
