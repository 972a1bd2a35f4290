"""What a dashboard needs of its data, worked out once."""

from datetime import date

import pandas as pd
import pytest

from spoki_analytics import charts, metrics
from spoki_analytics.frames.reports import natural_form, wide_form
from spoki_analytics.metrics import Period
from spoki_analytics.metrics.usage import basis, per_period, usage_figures
from spoki_analytics.page import notes
from spoki_analytics.page.page import Page
from tests.page import conftest as page_tests

shown = page_tests.shown

ROME = "Europe/Rome"
LATER = pd.Timestamp("2026-11-22T12:00Z")
WEEK = Period(date(2026, 10, 12), date(2026, 10, 18))


def study(reports, accounts, as_of=LATER, names=True, period=WEEK):
    rows = {f"2026-10-{day:02}": {"sent": 10 * day, "delivered": 9 * day, "read": 5 * day} for day in range(5, 19)}
    counts = reports(rows, 4100 if names else None)
    natural = counts.rename(columns={"sent": "sent_message_count"})[["period_start", "account", "sent_message_count"]]
    return metrics.study_usage(natural, counts, accounts, period, as_of, ROME)


@pytest.fixture
def two(accounts) -> pd.DataFrame:
    row = (1000, 500, 10, False)
    return accounts(row, row)


def test_usage_stands_beside_the_week_before(reports, two) -> None:
    usage = study(reports, two)
    assert usage.now["sent"].tolist() == [10 * day for day in range(12, 19)]
    assert usage.before["sent"].tolist() == [10 * day for day in range(5, 12)]
    sent = usage.figures.set_index("name").loc["sent"]
    assert (sent["value"], sent["previous"]) == (1050, 560)
    assert not usage.is_open
    assert study(reports, two, pd.Timestamp("2026-10-18T12:00Z")).is_open


def test_accounts_are_compared_where_there_are_several_and_reports_name_them(reports, two) -> None:
    usage = study(reports, two)
    assert usage.compares_accounts
    assert usage.by_account["sent"].tolist() == [1050]
    assert not study(reports, two.head(1)).compares_accounts
    assert not study(reports, two, names=False).compares_accounts


def test_weekdays_are_of_days(reports, two) -> None:
    assert study(reports, two).weekdays["days"].tolist() == [1] * 7
    months = study(reports, two, period=Period(date(2026, 10, 1), date(2026, 10, 31), "Month"))
    assert months.weekdays.empty


def current(*accounts: int, start: str = "2026-11-01T00:00Z") -> pd.DataFrame:
    """Current reports as ``spoki.accounts.current_report()`` gives them."""
    counters = dict.fromkeys(
        ("sent", "delivered", "read", "incoming", "template", "free"), pd.array([100] * len(accounts), dtype="Int64")
    )
    frame = pd.DataFrame({f"{name}_message_count": values for name, values in counters.items()})
    more = {"conversation_count": 7, "contacted_contacts": 5}
    moments = pd.Series(pd.to_datetime([start] * len(accounts), utc=True)).dt.as_unit("us")
    return frame.assign(period_start=moments, granularity="MONTH", **more)


def test_the_current_report_adds_what_the_reports_do_not_count(reports, two) -> None:
    usage = study(reports, two, period=Period(date(2026, 11, 2), date(2026, 11, 8)))
    past = metrics.time_before(current(4100, 4101))
    assert past is not None
    assert (past.start, past.end) == (date(2025, 11, 1), date(2026, 10, 31))
    now = metrics.study_current_report(current(4100, 4101), reports({"2026-10-01": {"sent": 5}}), two, LATER, ROME)
    assert now.counts["sent"].tolist() == [200]
    assert now.before["sent"].sum() == 5
    added = now.figures_beside(usage).set_index("name")["value"]
    assert added["conversations_in_current_report"] == 14
    assert len(now.figures_beside(study(reports, two))) == len(study(reports, two).figures)


def test_without_a_current_report_there_is_nothing_beside(reports, two) -> None:
    nothing = metrics.study_current_report(current(), None, two, LATER, ROME)
    assert metrics.time_before(current()) is None
    assert (nothing.past, len(nothing.counts), len(nothing.before)) == (None, 0, 0)
    assert nothing.figures_beside(study(reports, two))["name"].tolist() == study(reports, two).figures["name"].tolist()


def test_credit_lasts_at_the_pace_of_the_period(reports, accounts) -> None:
    counts = reports({f"2026-10-{day:02}": {"conversations": 2} for day in range(12, 19)})
    credit = metrics.study_credit(counts, counts, accounts((10_000, 1_000, 60, False)), WEEK, LATER, ROME)
    assert credit.runway["days_left"].tolist() == [30]
    assert credit.use["used"].tolist() == [2] * 7
    assert credit.figures.set_index("name").loc["days_left", "value"] == 30
    assert credit.names_accounts


def test_campaigns_are_those_of_the_period(campaigns) -> None:
    sent = {"contacts_count": 100, "messages_sent": 90, "messages_received": 80, "messages_read": 45}
    loaded = campaigns(sent | {"scheduled_datetime": "2026-10-13T09:00Z"}, sent)
    study = metrics.study_campaigns(loaded, WEEK, LATER, ROME)
    assert study.table["id"].tolist() == study.settled["id"].tolist() == study.ranking["id"].tolist() == [88000]
    assert study.figures.set_index("name").loc["sent", "value"] == 90
    assert study.funnel["count"].tolist() == [100, 90, 80, 45]
    assert study.by_status.set_index("status").loc["Completed", "campaigns"] == 1
    assert study.by_automation["campaigns"].tolist() == [1]
    assert study.failures["failed_per_attempted"].tolist() == [0]


def test_ids_of_few_accounts_only(two) -> None:
    assert metrics.account_ids(two, most=2) == [4100, 4101]
    assert metrics.account_ids(two, most=1) == []


def test_a_period_widened_by_days() -> None:
    wide = Period(date(2026, 10, 1), date(2026, 10, 31), "Month").widen(days=1)
    assert (wide.start, wide.end, wide.granularity) == (date(2026, 9, 30), date(2026, 11, 1), "Day")


MONTHS = {"2026-08-01": 1837, "2026-09-01": 3337, "2026-10-01": 3874, "2026-11-01": 3562}


def test_the_month_that_is_not_over_is_in_no_figure_and_october_stands_beside_september(reports, two) -> None:
    rows = reports({month: {"sent": sent, "incoming": 1} for month, sent in MONTHS.items()})
    natural = rows.rename(columns={"sent": "sent_message_count"})
    period = Period(date(2026, 10, 1), date(2026, 11, 30), "Month")
    usage = metrics.study_usage(natural, rows, two, period, pd.Timestamp("2026-11-28T12:00Z"), ROME)
    sent = usage.figures.set_index("name").loc["sent"]
    assert (sent["value"], sent["previous"]) == (3874, 3337)
    assert usage.by_account["sent"].tolist() == [3874]
    title = charts.messages_over_time(usage.now, period).alt
    against = charts.against_previous(usage.now, usage.before, period)
    assert title.startswith("3,874 messages sent")
    assert against.alt.replace("\u00a0", " ") == "16.1 % more messages sent than in the 1 month before."
    assert against.sentence == (
        "3,874 messages sent, 1 Oct 2026 to 31 Oct 2026; 3,337 sent, 1 Sep 2026 to 30 Sep 2026."
    )
    scope = notes.usage_scope(usage.now, usage.before, period)
    assert "1 Oct 2026 to 31 Oct 2026, compared with the 1 month before, 1 Sep 2026 to 30 Sep 2026" in scope


def test_a_day_that_is_open_moves_the_comparison_and_leaves_every_total_alike(reports, two) -> None:
    usage = study(reports, two, pd.Timestamp("2026-10-18T12:00Z"))
    assert usage.before["period_start"].dt.day.tolist() == [6, 7, 8, 9, 10, 11]
    sent = usage.figures.set_index("name").loc["sent"]
    assert (sent["value"], sent["previous"]) == (870, 510)
    assert charts.messages_over_time(usage.now, WEEK).alt.startswith("870 messages sent")
    assert usage.by_account["sent"].tolist() == [870]


def test_a_longer_time_before_is_matched_from_its_end(reports) -> None:
    rows = reports({month: {"sent": sent} for month, sent in MONTHS.items()})
    period = Period(date(2026, 10, 1), date(2026, 11, 30), "Month")
    noon = pd.Timestamp("2026-11-28T12:00Z")
    now, before = (per_period(rows, span, noon, ROME) for span in (period, period.previous()))
    assert usage_figures(now, before).set_index("name").loc["sent", "previous"] == 3337


def test_a_month_without_reports_before_is_not_compared(reports) -> None:
    rows = reports({month: {"sent": sent} for month, sent in MONTHS.items() if month > "2026-08-31"})
    period = Period(date(2026, 10, 1), date(2026, 11, 30), "Month")
    now, before = (per_period(rows, span, LATER + pd.Timedelta(days=30), ROME) for span in (period, period.previous()))
    assert usage_figures(now, before)["previous"].isna().all()


def test_one_step_is_two_bars(reports, two) -> None:
    day = Period(date(2026, 10, 14), date(2026, 10, 14))
    usage = study(reports, two, period=day)
    drawn = charts.against_previous(usage.now, usage.before, day).figure.axes[0]
    assert [bar.get_height() for bar in drawn.patches] == [130, 140]
    assert not drawn.lines


def test_more_read_than_delivered_over_the_whole_period_is_shown_and_said(reports, shown) -> None:
    rows = reports({"2026-10-12": {"sent": 1000, "delivered": 600, "read": 720}})
    now = per_period(rows, WEEK, LATER, ROME)
    Page("Usage").kpis(usage_figures(now, now.iloc[:0]))
    assert "720 of 600: that cannot be" in page_tests.elements(shown[-1].data["text/html"]).text
    assert notes.contradictions(now) == [
        "Spoki reports more messages read (720) than delivered (600): that cannot be, so no rate is given."
    ]
    assert not notes.contradictions(now.iloc[1:])


@pytest.mark.filterwarnings("ignore:.*no counter for messages in state")
def test_states_that_nobody_documented_are_named_on_the_page(two) -> None:
    states = {"Read": 30, "Held": 5, "Warning": 1}
    natural = natural_form(
        pd.DataFrame([{"period_start": "2026-10-13", "status": s, "count": n} for s, n in states.items()])
    )
    usage = metrics.study_usage(natural, wide_form(natural), two, WEEK, LATER, ROME)
    assert notes.name_unknown_states(usage.unknown_states) == [
        "6 messages are in states that this page does not know, and in none of its figures: Held (5) and Warning (1)."
    ]
    assert notes.usage_remarks(usage, 1)[1:] == notes.name_unknown_states(usage.unknown_states)


@pytest.mark.parametrize(
    ("failed", "said"),
    [(60, ["At least twice as many messages fail as before: 5.7 % (60 of 1,060 attempted), after 2.4 %."]), (25, [])],
)
def test_a_doubled_failure_rate_is_a_finding_on_top(reports, two, failed: int, said: list[str]) -> None:
    rows = reports({"2026-10-05": {"sent": 1000, "failed": 25}, "2026-10-12": {"sent": 1000, "failed": failed}})
    natural = rows.rename(columns={"sent": "sent_message_count"})
    findings = notes.usage_findings(metrics.study_usage(natural, rows, two, WEEK, LATER, ROME))
    assert [text.replace("\u00a0", " ") for text in findings] == said


def test_a_manager_reads_no_statistics(shown) -> None:
    rows = {"sent": [900] * 7, "delivered": [800] * 7, "read": [500] * 7, "contacts_reached": [9] * 7}
    now = per_period(pd.DataFrame({"period_start": WEEK.starts, **rows}), WEEK, LATER, ROME)
    page = Page("Usage")
    page.kpis(usage_figures(now, now))
    page.chart("rates", charts.rates_over_time(now, usage_figures(now, now), WEEK))
    said = " ".join(page_tests.elements(part.data["text/html"]).text for part in shown).replace("\u00a0", " ")
    assert "of 6,300" in said
    assert not [word for word in ("settled", "n =", "Wilson", "Newcombe", "not summable", "95 %") if word in said]


LONG = {
    "a leap year": (Period(date(2024, 1, 1), date(2024, 12, 31)), "Week", 53),
    "two years": (Period(date(2024, 11, 20), date(2026, 11, 20)), "Week", 105),
    "four years": (Period(date(2022, 11, 20), date(2026, 11, 19)), "Month", 49),
    "half a year": (Period(date(2026, 5, 1), date(2026, 10, 31)), "Day", 184),
}


@pytest.mark.parametrize(("period", "step", "count"), LONG.values(), ids=LONG)
@pytest.mark.parametrize("as_of", [LATER, pd.Timestamp("2024-12-31T12:00Z")], ids=["over", "not over"])
def test_a_long_period_is_shown_in_longer_steps_with_the_same_totals(
    period, step, count, as_of, reports, two, shown
) -> None:
    days = period.starts.strftime("%Y-%m-%d")
    rows = {day: {"sent": n + 30, "delivered": n, "read": n // 2, "conversations": 1} for n, day in enumerate(days)}
    counts = reports(rows, 4100)
    natural = counts.rename(columns={"sent": "sent_message_count"})[["period_start", "account", "sent_message_count"]]
    usage = metrics.study_usage(natural, counts, two, period, as_of, ROME)
    over = usage.now.loc[~usage.now["open"]]
    over = over if len(over) else usage.now
    assert usage.granularity == {"asked": "Day", "shown": step}
    if not usage.is_open:
        assert len(usage.shown) == count
    assert basis(usage.shown)["sent"].sum() == over["sent"].sum()
    assert usage.figures.set_index("name").loc["sent", "value"] == over["sent"].sum()
    assert (usage.steps.start, usage.finished.end) == (period.start, over["period_start"].iloc[-1].date())
    said = [each for each in notes.usage_remarks(usage, 1) if each.startswith("Shown by")]
    assert len(said) == usage.steps.cut
    if usage.steps.cut:
        assert usage.shown["conversations"].isna().all()
    chart = charts.messages_over_time(usage.shown, usage.steps)
    assert chart.sentence.startswith(f"{over['sent'].sum():,} messages sent, ")
    assert str(usage.finished) in chart.sentence
    assert charts.rates_over_time(usage.shown, usage.figures, usage.steps)


@pytest.mark.parametrize("granularity", ["Week", "Month", "Year"])
def test_what_is_asked_by_longer_steps_is_shown_by_them(granularity) -> None:
    period = Period(date(2016, 1, 1), date(2026, 11, 19), granularity)
    assert period.readable() == period
