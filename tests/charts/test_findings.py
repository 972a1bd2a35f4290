"""What charts say: the finding in the title, units and denominators, what is not over."""

import re
from datetime import date

import pandas as pd
import pytest

from spoki_analytics.charts import campaigns, comparison, credit, ranking, usage
from spoki_analytics.metrics import campaigns as campaign_metrics
from spoki_analytics.metrics.periods import Period
from spoki_analytics.metrics.rates import add_rates
from spoki_analytics.metrics.runway import HORIZON
from spoki_analytics.metrics.usage import by_weekday, current_report_counts, usage_figures
from spoki_analytics.page import notes

LATER = pd.Timestamp("2026-12-01T00:00Z")


def said(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_messages_name_the_busiest_day_and_the_open_one(per_period, october) -> None:
    chart = usage.messages_over_time(per_period(october, sent=[5, 900, 3], incoming=[1, 1, 1]), october)
    assert chart.alt == "908 messages sent, most on Fri 2 Oct (900)."
    assert "The hatched day is not over." in chart.sentence
    assert "not finished" in chart.svg()
    assert "messages per day" in chart.svg()


def test_a_period_that_is_over_has_no_hatch(per_period, october) -> None:
    chart = usage.messages_over_time(per_period(october, LATER, sent=[5]), october)
    assert "not finished" not in chart.svg()
    assert "hatched" not in chart.sentence


def test_a_fallen_read_rate_is_the_title(per_period, october) -> None:
    now = per_period(october, LATER, sent=[1000] * 31, delivered=[1000] * 31, read=[640] * 31)
    before = per_period(october.previous(), LATER, sent=[1000] * 31, delivered=[1000] * 31, read=[710] * 31)
    chart = usage.rates_over_time(now, usage_figures(now, before), october)
    assert said(chart.alt) == "Read rate fell from 71 % to 64 %."
    assert "of delivered" in chart.svg()
    assert "lower bound" in chart.sentence


def test_one_message_is_drawn_hollow_and_told_as_a_count(per_period) -> None:
    day = Period(date(2026, 10, 1), date(2026, 10, 1))
    table = per_period(day, LATER, sent=[1], delivered=[1], read=[1])
    chart = usage.rates_over_time(table, usage_figures(table, table.assign(sent=pd.NA)), day)
    assert said(chart.alt) == "Read rate is 1 of 1."
    assert "fill: #ffffff; stroke: #d55e00" in chart.svg()


def test_a_long_period_is_evened_out_over_weeks(per_period) -> None:
    long = Period(date(2026, 1, 1), date(2026, 12, 31))
    table = per_period(
        long, pd.Timestamp("2027-02-01T00:00Z"), **dict.fromkeys(("sent", "delivered", "read"), [10] * 365)
    )
    chart = usage.rates_over_time(table, usage_figures(table, table), long)
    assert "Each point covers 7 days." in chart.sentence
    assert chart.data["Sent"].iloc[6:].unique().tolist() == [70]


def test_a_rate_that_cannot_be_gives_way_to_the_other_and_has_no_direction(per_period, october) -> None:
    days = {"sent": [100] * 31, "delivered": [90] * 31}
    now = per_period(october, LATER, **days, read=[0] * 30 + [9000])
    before = per_period(october.previous(), LATER, **days, read=[70] * 31)
    figures = usage_figures(now, before)
    assert figures.set_index("name").loc["read_per_delivered", "direction"] == ""
    assert said(usage.rates_over_time(now, figures, october).alt) == "Delivery rate is 90 %, no clear change from 90 %."


def test_an_account_that_wrote_only_today_has_no_figures_of_days_that_are_over(per_period) -> None:
    days = Period(date(2026, 10, 30), date(2026, 10, 31))
    columns = ("sent", "delivered", "read", "incoming", "template", "free", "conversations")
    one = {name: [None, 9] for name in columns}
    table = per_period(days, **one)
    assert usage.rates_over_time(table, usage_figures(table, table.iloc[:0]), days) is None
    for draw in (usage.messages_over_time, usage.template_share, usage.conversations_and_contacts):
        assert draw(table, days) is None


def test_what_is_unknown_is_no_zero_and_no_dash_in_a_title(per_period, october) -> None:
    received = usage.messages_over_time(per_period(october, LATER, incoming=[4, 5]), october)
    assert (received.alt, "sent" in received.sentence) == ("9 messages received from contacts.", False)
    reached = usage.conversations_and_contacts(per_period(october, LATER, contacts_reached=[10, 20]), october)
    assert reached.alt == "15 contacts reached on an average day."
    templates = usage.template_share(per_period(october, LATER, sent=[1], template=[8], free=[2]), october)
    assert templates.alt == "8 template and 2 free-form messages."


def test_conversations_name_the_days_that_their_total_is_of(per_period, october) -> None:
    chart = usage.conversations_and_contacts(per_period(october, conversations=[1] * 31), october)
    assert chart.alt.startswith("30 conversations")
    assert "1 Oct 2026 to 30 Oct 2026" in chart.sentence


@pytest.mark.parametrize("granularity", ["Day", "Week", "Month", "Year"])
def test_where_nothing_is_over_that_is_why_nothing_is_compared(per_period, granularity) -> None:
    period = Period(date(2026, 10, 31), date(2026, 10, 31), granularity)
    table = per_period(period, pd.Timestamp("2026-10-31T12:00Z"), sent=[5])
    scope = notes.usage_scope(table, table.iloc[:0], period)
    assert f"No {period.unit} of " in scope
    assert "no reports" not in scope
    chart = usage.messages_over_time(table, period)
    assert "average" not in chart.sentence


def test_one_weekday_is_no_pattern_and_equal_ones_have_no_busiest(per_period, october) -> None:
    friday = Period(date(2026, 10, 2), date(2026, 10, 2))
    assert comparison.weekday_pattern(by_weekday(per_period(friday, LATER, sent=[7])), friday) is None
    even = comparison.weekday_pattern(by_weekday(per_period(october, LATER, sent=[10] * 31)), october)
    assert even.alt == "10 sent a day, on no weekday more than on others."


def test_templates_are_told_as_a_share_of_sent(per_period, october) -> None:
    chart = usage.template_share(per_period(october, sent=[10], template=[8], free=[2]), october)
    assert said(chart.alt) == "80 % of sent messages were templates."


def test_contacts_are_not_added_up(per_period, october) -> None:
    chart = usage.conversations_and_contacts(
        per_period(october, sent=[1, 1], conversations=[3, 4], contacts_reached=[10, 20]), october
    )
    assert chart.alt == "7 conversations; 15 contacts reached on an average day."
    assert "no sum over time" in chart.sentence


def test_weekdays_say_how_many_of_them_there_were(per_period, october) -> None:
    weekdays = by_weekday(per_period(october, LATER, sent=[10, 20, 30, 40, 50, 60, 70] * 4))
    chart = comparison.weekday_pattern(weekdays, october)
    assert chart.alt.startswith("Busiest on Wednesdays (70 sent a day), quietest on Thursdays")
    assert "5 days" in chart.svg()


def test_the_period_before_is_compared_over_as_many_days(per_period, october) -> None:
    now, before = per_period(october, sent=[12] * 31), per_period(october.previous(), sent=[10] * 31)
    chart = comparison.against_previous(now, before, october)
    assert said(chart.alt) == "20.0 % more messages sent than in the 30 days before."
    assert len(chart.data) == 30


def test_a_time_before_that_has_no_start_is_not_compared(per_period, october) -> None:
    before = per_period(october.previous(), sent=[None] * 20 + [10] * 11)
    now = per_period(october, sent=[12] * 31)
    assert comparison.against_previous(now, before, october) is None
    assert "not from its start" in notes.usage_scope(now, before, october)


def test_the_current_report_stands_hatched_beside_history(per_period) -> None:
    months = Period(date(2026, 7, 1), date(2026, 9, 30), "Month")
    history = per_period(months, sent=[None, 300, 400])
    row = {"period_start": "2026-10-01", "granularity": "Month", "sent_message_count": 100}
    chart = comparison.current_beside_history(history, current_report_counts(pd.DataFrame([row])).iloc[0], months)
    assert said(chart.alt) == "Oct 2026 so far: 100 messages sent, 25 % of Sep 2026."
    assert chart.data["Month"].tolist() == ["Aug 2026", "Sep 2026", "Oct 2026"]
    assert "current report, not finished" in chart.svg()


def test_accounts_below_their_threshold_are_hatched_and_named(lasting) -> None:
    chart = credit.balance_and_threshold(lasting("Rossi", "Verdi", "Blu", "Neri", "Bianchi"))
    assert said(chart.alt) == "€ 387.50 of credit; 1 of 5 accounts below the threshold."
    assert "€\u00a012.50 below" in chart.svg()


def test_the_runway_names_the_first_account_with_its_range(lasting) -> None:
    chart = credit.days_left(lasting("Rossi", "Verdi"))
    assert re.fullmatch(r"Verdi runs out first, in about 3\d\d days\.", chart.alt)
    assert "no recharge" in chart.sentence
    assert "in four of five cases" in chart.sentence
    assert re.search(r"in about 3\d\d days \(\d+ to \d+\)", chart.svg())


@pytest.mark.parametrize(
    ("days", "low", "high", "said"),
    [
        (8.88, 7.5, 10.2, "in about 9 days (8 to 10)"),
        (19.63, 18.4, 22.6, "in about 20 days (18 to 23)"),
        (4.5, 1, 6, "in about 5 days (1 to 6)"),
        (1, 1, 1, "in about 1 day (1 to 1)"),
        (0, 0, 0, "nothing left"),
        (9, pd.NA, pd.NA, "in about 9 days"),
        (300, 120, HORIZON, "in about 300 days (120 or more)"),
        (HORIZON, 500, HORIZON, "not within two years (500 or more)"),
        (HORIZON, HORIZON, HORIZON, "not within two years"),
        (HORIZON, pd.NA, pd.NA, "not within two years"),
    ],
)
def test_days_are_rounded_to_the_nearest_and_never_down(lasting, days, low, high, said: str) -> None:
    left = {"days_left": days, "days_left_low": low, "days_left_high": high}
    assert f">{said}<" in credit.days_left(lasting("Rossi").assign(**left).astype(dict.fromkeys(left, "Float64"))).svg()


def test_an_account_without_credit_is_named_first(lasting) -> None:
    table = lasting("Rossi").assign(days_left=0.0)
    assert credit.days_left(table).alt == "Rossi has no credit left."


def test_without_use_no_account_runs_out(lasting) -> None:
    assert credit.days_left(lasting("Rossi", used=0)).alt == "No account runs out within two years."


def test_the_pace_gives_mean_and_median(use, october) -> None:
    assert credit.daily_use(use, october).alt == "6 conversations on an average day, 6 on a median one."


def test_funnels_say_what_was_delivered(campaign_table) -> None:
    table = campaign_table("a", "b")
    for chart in (campaigns.funnel(campaign_metrics.funnel(table), 2), campaigns.funnel_by_campaign(table)):
        assert "delivered" in chart.svg()
        assert "received" not in chart.svg() + chart.sentence


def test_young_campaigns_are_marked_as_changing(campaign_table, october) -> None:
    table = campaign_table("a", status="Processing")
    assert "not finished" in campaigns.timeline(table, october).svg()
    assert (
        notes.campaigns_scope(table)
        == "Figures rest on 0 finished campaigns of 1 in the period; the counters of 1 still change."
    )


def test_few_messages_are_counts_in_a_ranking(campaign_table) -> None:
    chart = ranking.campaign_ranking(campaign_metrics.ranking(campaign_table("Few", sent=12)))
    assert chart.alt == "Few: 6 of 12 sent were read."


def test_an_outlier_is_marked_and_named(campaign_table) -> None:
    table = campaign_table(*"abcdef")
    table["failed"] = pd.array([18, 20, 22, 24, 21, 300], dtype="Int64")
    chart = ranking.failures(
        campaign_metrics.outliers(add_rates(table, campaign_metrics.RATES), "failed_per_attempted")
    )
    assert said(chart.alt) == "1 campaign out of line with the median of 2.1 % failed."
    assert ", outlier" in chart.svg()


def test_1_july_2025_is_told_where_conversations_are_counted(per_period) -> None:
    july = Period(date(2025, 7, 1), date(2025, 7, 31))
    now, before = (per_period(p, sent=[1] * 31, conversations=[1] * 31) for p in (july, july.previous()))
    assert "On 1 July 2025" in notes.usage_scope(now, before, july)
    assert "On 1 July 2025" not in notes.usage_scope(now.assign(conversations=pd.NA), before, july)
