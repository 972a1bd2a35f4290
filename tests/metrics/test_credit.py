from datetime import date

import pandas as pd
import pytest

from spoki_analytics.metrics.credit import balances, credit_figures
from spoki_analytics.metrics.pace import BASES, PACE_WEEKS, daily_use, pace_period, planned_use
from spoki_analytics.metrics.periods import Period
from spoki_analytics.metrics.runway import HORIZON, runway

ROME = "Europe/Rome"
NOON = pd.Timestamp("2026-10-15T12:00Z")
KNOWN_BY_DAYS = [(6, False, False), (7, True, False), (13, True, False), (14, True, True)]
"""Days of use, and whether they tell the days left, and their range."""
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
    assert row[["days", "used_per_day", "used_on_median_day"]].tolist() == [14, 10, 10]
    assert row["days_left"] == pytest.approx(20, abs=1)
    assert 5 <= row["used_per_day_low"] <= 10 <= row["used_per_day_high"] <= 15
    assert 13 < row["days_left_low"] < 20 < row["days_left_high"] < 40
    assert row["empty_on"] == pd.Timestamp("2026-10-15") + pd.Timedelta(days=row["days_left"])
    assert row["empty_on_low"] < row["empty_on"] < row["empty_on_high"]
    assert row["urgency"] == "later"


def test_the_estimate_is_the_same_every_time(accounts, reports) -> None:
    frame = accounts((20000, 5000, 200, False))
    use = daily_use(reports(used(*(day**3 for day in range(14)))), frame, FORTNIGHT, NOON, ROME)
    pd.testing.assert_frame_equal(*(runway(balances(frame), use, NOON, ROME) for _ in range(2)))


def test_nothing_used_lasts_beyond_the_horizon(accounts, reports) -> None:
    frame = accounts((20000, 5000, 200, False))
    row = runway(balances(frame), daily_use(reports(used(*[0] * 14)), frame, FORTNIGHT, NOON, ROME), NOON, ROME).iloc[0]
    assert row["days_left"] == HORIZON
    assert row[["days_left_low", "days_left_high", "empty_on"]].isna().all(), "what was never used has no range"


def test_what_two_years_do_not_use_up_is_the_horizon_at_both_ends(accounts, reports) -> None:
    frame = accounts((20_000_000, 5000, 200_000, False))
    row = runway(balances(frame), daily_use(reports(used(*[3] * 14)), frame, FORTNIGHT, NOON, ROME), NOON, ROME).iloc[0]
    assert row[["days_left", "days_left_low", "days_left_high"]].tolist() == [HORIZON] * 3
    assert 730 <= HORIZON <= 731
    assert pd.isna(row["empty_on"])
    assert row["urgency"] == "later"


def test_nothing_left_is_zero_days_and_urgent(accounts, reports) -> None:
    frame = accounts((20, 0, 0, False))
    row = runway(balances(frame), daily_use(reports(used(*[3] * 14)), frame, FORTNIGHT, NOON, ROME), NOON, ROME).iloc[0]
    assert row["days_left"] == 0
    assert row["urgency"] == "now"


@pytest.mark.parametrize("credit", [0, -12_500])
@pytest.mark.parametrize("left", [None, 0, 40])
@pytest.mark.parametrize("days", [0, 14])
def test_a_zero_or_negative_balance_is_zero_days(accounts, reports, credit: int, left: int | None, days: int) -> None:
    frame = accounts((credit, 0, left, False))
    use = daily_use(reports(used(*[3] * days)), frame, FORTNIGHT, NOON, ROME)
    row = runway(balances(frame), use, NOON, ROME).iloc[0]
    assert row[["days_left", "days_left_low", "days_left_high"]].tolist() == [0, 0, 0]
    assert row["empty_on"] == pd.Timestamp("2026-10-15")
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


@pytest.mark.parametrize("before", [0, 8])
@pytest.mark.parametrize(
    ("days", "value", "ranged"), [(6, False, False), (7, True, False), (13, True, False), (14, True, True)]
)
def test_a_range_needs_two_weeks_from_the_first_use_on(
    accounts, reports, before: int, days: int, value: bool, ranged: bool
) -> None:
    frame = accounts((20000, 5000, 200, False))
    period = Period(date(2026, 9, 1), date(2026, 10, 14))
    starts = [str(day.date()) for day in period.starts[-days - before :]]
    counts = [{"conversations": 0}] * before + [{"conversations": 10}] * days
    use = daily_use(reports(dict(zip(starts, counts, strict=True))), frame, period, NOON, ROME)
    row = runway(balances(frame), use, NOON, ROME).iloc[0]
    assert row["days"] == days
    assert row[["days_left", "days_left_low", "days_left_high"]].notna().tolist() == [value, ranged, ranged]


def test_without_a_range_the_value_says_how_urgent_it_is(accounts, reports) -> None:
    frame = accounts((20000, 5000, 90, False))
    use = daily_use(reports(used(*[0] * 6, *[10] * 8)), frame, FORTNIGHT, NOON, ROME)
    assert runway(balances(frame), use, NOON, ROME)["urgency"].tolist() == ["soon"]


def test_conversations_that_cost_nothing_do_not_shorten_the_days(accounts, reports) -> None:
    """Nearly all of a support desk's messages are free answers; ten templates a day cost credit."""
    frame = accounts((125400, 15000, 1254, True))
    desk = {"template": 10, "conversations": 1000, "sent": 3000}
    use = daily_use(reports({f"2026-10-{day:02}": desk for day in range(1, 15)}), frame, FORTNIGHT, NOON, ROME)
    row = runway(balances(frame), use, NOON, ROME).iloc[0]
    assert row[["basis", "used_per_day"]].tolist() == ["template", 10]
    assert row["days_left"] == pytest.approx(125, abs=6)
    assert row["days_left_by_conversations"] == 2
    assert row["urgency"] == "later"


def test_conversations_are_no_second_reading_of_themselves(accounts, reports) -> None:
    frame = accounts((20000, 5000, 200, False))
    use = daily_use(reports(used(*[10] * 14)), frame, FORTNIGHT, NOON, ROME)
    assert runway(balances(frame), use, NOON, ROME)["days_left_by_conversations"].isna().all()


def test_delivered_templates_come_before_every_other_unit(accounts, reports) -> None:
    row = {"template": 9, "conversations": 8, "sent": 10}
    rows = reports({"2026-10-01": row}).assign(template_delivered=pd.array([7], dtype="Int64"))
    frame = accounts((1, 1, 1, True))
    bases = []
    for unit in (*BASES, None):
        use = daily_use(rows, frame, FORTNIGHT, NOON, ROME)
        bases += use["basis"].unique().tolist()
        rows = rows.assign(**{unit: pd.NA}) if unit else rows
    assert bases == ["template_delivered", "template", "conversations", "sent"]


def test_scheduled_campaigns_are_used_on_their_day(accounts, reports, campaigns) -> None:
    frame = accounts((20000, 5000, 200, False))
    plan = planned_use(
        campaigns(
            {"status": "Scheduled", "scheduled_datetime": "2026-10-17T22:30Z", "contacts_count": 90},
            {"status": "Scheduled", "scheduled_datetime": "2026-10-18T09:00Z", "contacts_count": 67},
            {"status": "Scheduled", "scheduled_datetime": "2026-10-15T13:00Z", "contacts_count": 3},
            {"status": "Scheduled", "scheduled_datetime": "2026-10-15T09:00Z", "contacts_count": 5000},
            {"status": "Draft", "scheduled_datetime": "2026-10-18T09:00Z", "contacts_count": 5000},
            {"status": "Scheduled", "scheduled_datetime": None, "contacts_count": 5000},
        ).assign(account=4100),
        NOON,
        ROME,
    )
    assert planned_use(campaigns().assign(account=4100), NOON, ROME).empty
    assert plan.to_dict("records") == [
        {"account": 4100, "day": 1, "planned": 3, "campaigns": 1},
        {"account": 4100, "day": 3, "planned": 157, "campaigns": 2},
    ]
    use = daily_use(reports(used(*[10] * 14)), frame, FORTNIGHT, NOON, ROME)
    row = runway(balances(frame), use, NOON, ROME, planned=plan).iloc[0]
    assert row["days_left"] == 4
    unused = daily_use(reports(used(*[0] * 14)), frame, FORTNIGHT, NOON, ROME)
    assert runway(balances(frame), unused, NOON, ROME, planned=plan)["days_left"].tolist() == [HORIZON]
    plenty = plan.assign(planned=10 * plan["planned"])
    sooner = runway(balances(frame), unused, NOON, ROME, planned=plenty)
    assert sooner[["days_left", "empty_on"]].iloc[0].tolist() == [3, pd.Timestamp("2026-10-18")]
    elsewhere = plan.assign(account=plan["account"] + 1)
    assert runway(balances(frame), use, NOON, ROME, planned=elsewhere)["days_left"].tolist() == [20]


def test_the_pace_rests_on_whole_weeks_that_end_with_the_last_complete_day() -> None:
    late = pd.Timestamp("2026-10-14T22:30Z")  # half past midnight in Rome
    assert str(pace_period(late, ROME)) == "16 Jul 2026 to 14 Oct 2026"
    assert str(pace_period(late, "UTC")) == "15 Jul 2026 to 13 Oct 2026"
    assert len(pace_period(late, ROME).starts) == 7 * PACE_WEEKS


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
