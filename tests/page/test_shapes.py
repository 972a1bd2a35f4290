"""The usage page over every shape of report that the contract allows: it is made, whatever the numbers are."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from nbformat import NotebookNode

from spoki_analytics import charts, metrics
from spoki_analytics.frames.reports import natural_form, wide_form
from spoki_analytics.metrics import Period
from spoki_analytics.page import gaps, layouts, notes
from spoki_analytics.page.page import Page
from tests.depth import depth
from tests.page.conftest import elements

ROME = "Europe/Rome"
COUNTERS = {
    "contacted_contacts": 1,
    "conversation_count": 1,
    "exchanged_messages": 3,
    "sent_message_count": 2,
    "delivered_message_count": 2,
    "read_message_count": 1,
    "incoming_message_count": 1,
    "template_message_count": 1,
    "free_message_count": 1,
}
VALUES: dict[str, tuple[Any, ...]] = {
    "null": (None,),
    "zero": (0,),
    "one": (1,),
    "negative": (-5, 3),
    "huge": (2**53 + 1, 10**15),
    "any": (None, 0, 1, -1, 7, 900, 2**40),
}
PERIODS = {
    "a day": Period(date(2026, 10, 14), date(2026, 10, 14)),
    "days": Period(date(2026, 10, 1), date(2026, 10, 18)),
    "months": Period(date(2026, 8, 1), date(2026, 10, 31), "Month"),
    "years": Period(date(2025, 1, 1), date(2026, 12, 31), "Year"),
}
AS_OF = pd.Timestamp("2026-10-18T12:00Z")


def generated(values: tuple[Any, ...], accounts: int, period: Period, seed: int) -> pd.DataFrame:
    """Rows of counters as Spoki's older report has them, some of the counters absent altogether."""
    drawn = np.random.default_rng(seed)
    kept = [name for name in COUNTERS if drawn.random() < 0.8]
    steps = Period(period.previous().start, period.end, period.granularity).starts.strftime("%Y-%m-%d")
    rows = [
        {"account": 4100 + account, "granularity": period.granularity, "period_start": step}
        | {name: values[int(drawn.integers(len(values)))] for name in kept}
        for account in range(accounts)
        for step in steps
        if drawn.random() < 0.9
    ]
    return pd.DataFrame(rows, columns=["account", "granularity", "period_start", *kept]).astype(object)


def show(natural: pd.DataFrame, accounts: int, period: Period) -> None:
    """The parts of the usage page, as its notebook shows them."""
    known = pd.DataFrame({"id": range(4100, 4100 + accounts), "name": [None, *["Rossi"] * (accounts - 1)][:accounts]})
    usage = metrics.study_usage(natural, wide_form(natural), known, period, AS_OF, ROME)
    current = metrics.study_current_report(
        pd.DataFrame({"period_start": [], "granularity": []}), None, known, AS_OF, ROME
    )
    page = Page("Usage", accounts=known, otherwise=gaps.usage_gaps(usage, current))
    page.kpis(current.figures_beside(usage))
    page.say(*notes.usage_remarks(usage, accounts))
    page.chart("messages_over_time", charts.messages_over_time(usage.now, period))
    page.chart("against_previous", charts.against_previous(usage.now, usage.before, period))
    page.chart("template_share", charts.template_share(usage.now, period))
    page.chart("rates_over_time", charts.rates_over_time(usage.now, usage.figures, period))
    page.chart("conversations_and_contacts", charts.conversations_and_contacts(usage.now, period))
    page.chart("weekday_pattern", charts.weekday_pattern(usage.weekdays, period))
    page.chart("by_channel", charts.by_part(usage.by_part("channel"), period))
    page.chart("by_category", charts.by_part(usage.by_part("category"), period))
    if usage.compares_accounts:
        page.table(usage.by_account, **layouts.usage_by_account(period))


def text_of(shown: list[NotebookNode]) -> str:
    return " ".join(elements(part.data["text/html"]).text for part in shown)


@pytest.mark.parametrize("period", PERIODS.values(), ids=PERIODS)
@pytest.mark.parametrize("values", VALUES.values(), ids=VALUES)
def test_the_page_is_made_of_whatever_was_counted(
    values: tuple[Any, ...], period: Period, shown: list[NotebookNode]
) -> None:
    for seed in range(depth(1, 20)):
        show(natural_form(generated(values, 1 + seed % 3, period, seed)), 1 + seed % 3, period)
    assert not {"nan", "<NA>", "NaT", "inf"} & set(text_of(shown).split())


def test_the_page_is_made_of_no_rows_and_of_one(shown: list[NotebookNode]) -> None:
    rows = generated((5,), 1, PERIODS["days"], 0)
    for count in (0, 1):
        show(natural_form(rows.head(count)), 1, PERIODS["days"])
    assert shown


def test_the_page_is_made_of_500_accounts(shown: list[NotebookNode]) -> None:
    show(natural_form(generated((5, None), 500, PERIODS["months"], 0)), 500, PERIODS["months"])
    assert "450 more" in text_of(shown) or "Messages by account" in text_of(shown)


STATES: tuple[Any, ...] = ("Sent", "Delivered", "Read", "Error", "Pending", "Held", "warning", "", None)
CATEGORIES: tuple[Any, ...] = ("MARKETING", "UTILITY", "TRANSACTIONAL", "<b>x</b>", None)
CHANNELS: tuple[Any, ...] = ("390612345678", "+39 06 1234", "WhatsApp 📱", None)


@pytest.mark.filterwarnings("ignore:.*no counter for messages in state")
@pytest.mark.parametrize("values", VALUES.values(), ids=VALUES)
def test_the_page_is_made_of_any_states_categories_and_channels(
    values: tuple[Any, ...], shown: list[NotebookNode]
) -> None:
    period, drawn = PERIODS["days"], np.random.default_rng(7)
    rows = [
        {"period_start": f"2026-10-{day:02}", "channel": channel, "category": category, "status": state}
        | {"count": values[int(drawn.integers(len(values)))]}
        for day in range(1, 19, 4)
        for channel in CHANNELS
        for category in CATEGORIES
        for state in STATES
    ]
    show(natural_form(pd.DataFrame(rows).astype({"count": "Int64"})), 1, period)
    assert not {"nan", "<NA>", "NaT", "inf"} & set(text_of(shown).split())
