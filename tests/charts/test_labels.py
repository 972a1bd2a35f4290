"""What figures and columns are called: every one of ours has its words."""

from __future__ import annotations

import pandas as pd
import pytest
from matplotlib import pyplot as plt
from matplotlib.dates import num2date

from spoki_analytics.charts.axes import TICKS, calendar
from spoki_analytics.charts.labels import FIGURES, UNITS, figure_label, numbers_behind, unit_word, value_word
from spoki_analytics.metrics import campaigns, credit, usage
from spoki_analytics.metrics.periods import Granularity, Period


@pytest.mark.parametrize(
    "figures", [usage.FIGURES, credit.FIGURES, campaigns.FIGURES], ids=["usage", "credit", "campaigns"]
)
def test_every_key_figure_has_a_label_and_a_unit(figures) -> None:
    assert {figure.name for figure in figures} <= set(FIGURES)
    assert {figure.name for figure in figures if figure.rate_of} <= {
        name for name, label in FIGURES.items() if label.unit == "share"
    }
    assert {FIGURES[figure.name].unit for figure in figures} <= {*UNITS, "share", "eur"}


def test_a_figure_of_the_current_report_says_since_when() -> None:
    label = figure_label("conversations_in_current_report", pd.Timestamp("2026-10-01T00:00Z"))
    assert (label.title, label.unit, label.note) == (
        "Conversations",
        "conversations",
        "current report, since 2026-10-01",
    )


def test_a_figure_that_nobody_named_keeps_its_name() -> None:
    assert figure_label("spam_per_sent").title == "spam_per_sent"
    assert unit_word("parsecs") == "parsecs"


def test_only_words_of_ours_are_replaced() -> None:
    assert value_word("urgency", "now") == "now"
    assert value_word("name", "now") == "now"
    assert value_word("automation", pd.NA) is pd.NA


def test_numbers_behind_a_chart_have_headings_with_units() -> None:
    table = pd.DataFrame({"period_start": ["d"], "read_per_delivered": [0.5], "sent_per_day": [3.0], "sent": [2]})
    behind = numbers_behind(table, ["sent", "read_per_delivered", "sent_per_day"])
    assert list(behind.columns) == ["Period", "Sent", "Read per delivered, %", "Sent per day"]
    assert behind.loc[0].tolist() == ["d", 2, 50, 3]


def test_a_column_that_nobody_named_is_spelled_out() -> None:
    table = pd.DataFrame({"period_start": ["d"], "spam": [1], "spam_per_sent": [0.5]})
    assert list(numbers_behind(table, ["spam", "spam_per_sent"]).columns) == ["Period", "Spam", "Spam per sent, %"]


@pytest.mark.parametrize("months", [3, 7, 12, 18, 24, 36])
@pytest.mark.parametrize("granularity", ["Day", "Week"])
def test_long_periods_are_dated_at_the_starts_of_months(months: int, granularity: Granularity) -> None:
    start = pd.Timestamp("2024-02-10")
    period = Period(start.date(), (start + pd.DateOffset(months=months)).date(), granularity)
    _, axes = plt.subplots()
    calendar(axes, period)
    middles = [num2date(place).date() for place in axes.get_xticks()]
    plt.close()
    if granularity == "Day":
        assert {day.day for day in middles} == {1}
    assert all(day.day <= 10 for day in middles)
    assert 2 <= len(middles) <= TICKS
