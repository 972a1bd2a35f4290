from datetime import date

import pandas as pd
import pytest

from spoki_analytics.metrics.periods import Granularity, Period
from spoki_analytics.metrics.usage import (
    by_account,
    by_weekday,
    current_figures,
    current_report_counts,
    history_before,
    per_period,
    totals,
    usage_figures,
)

ROME = "Europe/Rome"
LATER = pd.Timestamp("2027-01-01T00:00Z")
WEEK = Period(date(2026, 10, 5), date(2026, 10, 11))
DAY = {"sent": 100, "delivered": 90, "read": 45, "failed": 25, "incoming": 30, "template": 80, "free": 20}


def figure(figures: pd.DataFrame, name: str) -> pd.Series:
    return figures[figures["name"] == name].iloc[0]


def test_each_day_has_a_row_with_counts_and_rates(reports) -> None:
    days = per_period(reports({"2026-10-06": DAY}), WEEK, LATER, ROME)
    assert len(days) == 7
    tuesday = days.iloc[1]
    assert tuesday["delivered_per_sent"] == 0.9
    assert tuesday["read_per_delivered"] == 0.5
    assert tuesday["failed_per_attempted"] == 0.2
    assert tuesday["template_per_sent"] == 0.8
    assert days["sent"].isna().sum() == 6


def test_accounts_are_added_up(reports) -> None:
    rows = pd.concat([reports({"2026-10-06": DAY}, account) for account in (4100, 4101)])
    assert per_period(rows, WEEK, LATER, ROME)["sent"].sum() == 200


def test_what_the_source_does_not_know_stays_missing(reports) -> None:
    days = per_period(reports({"2026-10-06": {"sent": 3, "delivered": 3, "read": 1}}), WEEK, LATER, ROME)
    assert days[["incoming", "failed", "attempted", "failed_per_attempted"]].isna().all(axis=None)


def test_no_messages_have_no_rate(reports) -> None:
    days = per_period(reports({"2026-10-06": dict.fromkeys(DAY, 0)}), WEEK, LATER, ROME)
    assert days.filter(like="_per_").isna().all(axis=None)


def test_one_message_has_a_rate_and_a_wide_interval(reports) -> None:
    day = per_period(reports({"2026-10-06": {"sent": 1, "delivered": 1, "read": 0}}), WEEK, LATER, ROME).iloc[1]
    assert day["delivered_per_sent"] == 1
    assert day["delivered_per_sent_low"] < 0.21


def test_counts_stay_as_reported_where_more_is_read_than_delivered(reports) -> None:
    day = per_period(reports({"2026-10-06": {"sent": 10, "delivered": 4, "read": 6}}), WEEK, LATER, ROME).iloc[1]
    assert day[["delivered", "read"]].tolist() == [4, 6]
    assert pd.isna(day["read_per_delivered"])


def test_what_is_read_after_midnight_is_a_share_of_what_was_delivered_before_it(reports) -> None:
    friday, saturday = {"sent": 1000, "delivered": 900, "read": 200}, {"sent": 20, "delivered": 60, "read": 520}
    days = per_period(reports({"2026-10-09": friday, "2026-10-10": saturday}), WEEK, LATER, ROME)
    sums = totals(days)
    assert sums[["sent", "delivered", "read"]].tolist() == [1020, 960, 720]
    assert sums["delivered_per_sent"] == 960 / 1020
    assert sums["read_per_delivered"] == 0.75


@pytest.mark.parametrize("granularity", ["Month", "Year"])
def test_totals_do_not_depend_on_the_granularity(reports, granularity: Granularity) -> None:
    counts = {"sent": 7, "delivered": 9, "read": -2, "failed": 1}
    rows = reports({f"2026-{month:02}-{day:02}": counts for month in range(1, 13) for day in (1, 15, 28)})
    days, steps = (Period(date(2026, 1, 1), date(2026, 12, 31), name) for name in ("Day", granularity))
    by_day, by_step = (totals(per_period(rows, period, LATER, ROME)) for period in (days, steps))
    names = ["sent", "delivered", "read", "failed", "attempted", "failed_per_attempted"]
    assert by_day[names].tolist() == by_step[names].tolist() == [252, 324, -72, 36, 288, 0.125]


def test_what_64_bits_do_not_hold_is_missing_and_never_wraps(reports) -> None:
    rows = reports({f"2026-10-{day:02}": {"sent": 2**62, "read": 1} for day in range(5, 12)})
    sums = totals(per_period(rows, WEEK, LATER, ROME))
    assert pd.isna(sums["sent"])
    assert sums["read"] == 7


def test_retyped_columns_are_tolerated(reports) -> None:
    rows = reports({"2026-10-06": DAY}).astype({"sent": "str", "read": "str"})
    assert per_period(rows, WEEK, LATER, ROME)["sent"].sum() == 100


def test_the_running_day_is_open_and_left_out_of_figures(reports) -> None:
    rows = reports({"2026-10-10": DAY, "2026-10-11": DAY, "2026-10-03": DAY})
    now, before = (per_period(rows, p, pd.Timestamp("2026-10-11T12:00Z"), ROME) for p in (WEEK, WEEK.previous()))
    assert now["open"].tolist() == [False] * 6 + [True]
    assert figure(usage_figures(now, before), "sent")[["value", "previous"]].tolist() == [100, 100]


def test_a_period_that_is_wholly_open_stands_alone(reports) -> None:
    month = Period(date(2026, 10, 1), date(2026, 10, 31), "Month")
    rows = reports({"2026-10-01": DAY, "2026-09-01": DAY})
    now, before = (per_period(rows, p, pd.Timestamp("2026-10-11T12:00Z"), ROME) for p in (month, month.previous()))
    sent = figure(usage_figures(now, before), "sent")
    assert sent["value"] == 100
    assert pd.isna(sent["previous"])


@pytest.mark.parametrize("changed", ["2026-03-29", "2026-10-25"])
def test_weekday_means_divide_by_the_days_that_existed(reports, changed: str) -> None:
    end = date.fromisoformat(changed)
    period = Period(date.fromordinal(end.toordinal() - 13), end)
    rows = reports({str(day.date()): {"sent": 10} for day in period.starts[:-7]} | {changed: {"sent": 30}})
    sunday = by_weekday(per_period(rows, period, LATER, ROME)).iloc[-1]
    assert sunday[["weekday", "days", "sent_per_day"]].tolist() == ["Sunday", 2, 20]


def test_a_weekday_that_did_not_exist_has_no_mean(reports) -> None:
    weekdays = by_weekday(per_period(reports({"2026-10-05": DAY}), Period(WEEK.start, WEEK.start), LATER, ROME))
    assert weekdays["days"].tolist() == [1, 0, 0, 0, 0, 0, 0]
    assert weekdays["sent_per_day"].isna().sum() == 6


def test_totals_are_ratios_of_sums_and_contacts_have_none(reports) -> None:
    rows = reports(
        {
            "2026-10-05": {"sent": 10, "delivered": 1, "contacts_reached": 4},
            "2026-10-06": {"sent": 90, "delivered": 89, "contacts_reached": 8},
        }
    )
    sums = totals(per_period(rows, WEEK, LATER, ROME))
    assert sums["delivered_per_sent"] == 0.9
    assert sums["contacts_reached_per_period"] == 6
    assert "contacts_reached" not in sums


def test_a_change_beyond_chance_has_a_direction_and_one_within_it_has_none(reports) -> None:
    rows = reports(
        {
            "2026-10-05": {"sent": 1000, "delivered": 1000, "read": 640, "failed": 10},
            "2026-10-04": {"sent": 1000, "delivered": 1000, "read": 710, "failed": 12},
        }
    )
    day = Period(WEEK.start, WEEK.start)
    figures = usage_figures(*(per_period(rows, p, LATER, ROME) for p in (day, day.previous())))
    read, failed = figure(figures, "read_per_delivered"), figure(figures, "failed_per_attempted")
    assert read["direction"] == "down"
    assert read["change"] == pytest.approx(-0.07)
    assert read["change_low"] < read["change"] < read["change_high"] < 0
    assert failed["direction"] == "same"
    assert figure(figures, "sent")["direction"] == "same"


def test_few_messages_have_no_direction(reports) -> None:
    rows = reports(
        {"2026-10-05": {"sent": 19, "delivered": 0, "read": 0}, "2026-10-04": {"sent": 100, "delivered": 100}}
    )
    day = Period(WEEK.start, WEEK.start)
    figures = usage_figures(*(per_period(rows, p, LATER, ROME) for p in (day, day.previous())))
    assert figure(figures, "delivered_per_sent")["direction"] == ""


def test_conversations_are_not_compared_across_1_july_2025(reports) -> None:
    period = Period(date(2025, 7, 1), date(2025, 7, 2))
    rows = reports({str(day): {"sent": 5, "conversations": 3} for day in ("2025-06-29", "2025-06-30", "2025-07-01")})
    figures = usage_figures(*(per_period(rows, p, LATER, ROME) for p in (period, period.previous())))
    assert pd.isna(figure(figures, "conversations")["previous"])
    assert figure(figures, "sent")["previous"] == 10


def test_without_reports_there_are_no_figures(reports) -> None:
    empty = per_period(reports({}), WEEK, LATER, ROME)
    assert len(empty) == 7
    assert usage_figures(empty, empty).empty
    assert by_weekday(empty)["sent_per_day"].dropna().empty


def test_usage_by_account_names_the_busiest_first(reports, accounts) -> None:
    rows = pd.concat(
        [
            reports({"2026-10-05": {"sent": n, "delivered": n}}, account)
            for n, account in ((1, 4100), (5, 4101), (7, None))
        ]
    )
    table = by_account(rows, accounts((1, 1, 1, True), (1, 1, 1, True)), WEEK)
    assert table["name"].tolist() == ["Account 4101", "Account 4100"]
    assert table["sent"].tolist() == [5, 1]


CURRENT = {
    "account": 4100,
    "granularity": "Month",
    "period_start": "2026-10-01",
    "contacted_contacts": 8,
    "conversation_count": 6,
    "sent_message_count": 20,
    "delivered_message_count": 20,
    "read_message_count": 10,
    "incoming_message_count": None,
}


def test_the_current_report_speaks_the_words_of_history() -> None:
    current = current_report_counts(pd.DataFrame([CURRENT, CURRENT | {"account": 4101}]))
    assert len(current) == 1
    assert current.loc[0, ["sent", "conversations", "contacts_reached"]].tolist() == [40, 12, 16]
    assert current.loc[0, "read_per_delivered"] == 0.5
    assert pd.isna(current.loc[0, "incoming"])


def test_a_current_report_without_a_start_is_no_report() -> None:
    assert current_report_counts(pd.DataFrame([CURRENT | {"period_start": None}])).empty


@pytest.mark.parametrize(
    ("granularity", "expected"),
    [
        ("Month", Period(date(2025, 10, 1), date(2026, 9, 30), "Month")),
        (None, Period(date(2025, 10, 1), date(2026, 9, 30), "Month")),
        ("Day", Period(date(2026, 9, 19), date(2026, 9, 30))),
        ("Year", Period(date(2014, 1, 1), date(2025, 12, 31), "Year")),
    ],
)
def test_history_has_the_granularity_of_the_current_report(granularity: str | None, expected: Period) -> None:
    current = current_report_counts(pd.DataFrame([CURRENT | {"granularity": granularity}])).iloc[0]
    assert history_before(current) == expected


def test_the_current_report_tells_what_detailed_reports_do_not(reports) -> None:
    current = current_report_counts(pd.DataFrame([CURRENT])).iloc[0]
    detailed = per_period(reports({"2026-10-05": {"sent": 5, "delivered": 5, "read": 5}}), WEEK, LATER, ROME)
    figures = current_figures(current, usage_figures(detailed, detailed))
    assert figures["name"].tolist() == ["conversations_in_current_report", "contacts_reached_in_current_report"]
    assert figures["value"].tolist() == [6, 8]
