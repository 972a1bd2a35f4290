"""A page follows the reader's language: under a catalogue that marks every sentence, no word of ours stays unmarked."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from gettext import NullTranslations
from typing import Any
from xml.etree import ElementTree

import pandas as pd
import pytest
from babel import Locale
from jinja2 import PackageLoader
from nbformat import NotebookNode

from spoki_analytics.charts import campaigns, comparison, credit, ranking, usage
from spoki_analytics.charts.chart import Chart
from spoki_analytics.metrics import campaigns as campaign_metrics
from spoki_analytics.metrics import usage as usage_metrics
from spoki_analytics.metrics.breakdown import NOT_STATED
from spoki_analytics.metrics.credit import credit_figures
from spoki_analytics.metrics.periods import Period
from spoki_analytics.page import gaps, layouts, notes, outlook
from spoki_analytics.page.fragments import templates
from spoki_analytics.page.page import Page
from spoki_analytics.wording import messages
from spoki_analytics.wording.messages import speaking
from tests.charts.conftest import campaign_table, lasting, per_period, use  # noqa: F401  fixtures
from tests.page.conftest import elements

MONTHS = (Period(date(2026, 7, 1), date(2026, 9, 30), "Month"), pd.Timestamp("2026-10-15T12:00Z"))
WEEKS = (Period(date(2026, 9, 7), date(2026, 10, 18), "Week"), pd.Timestamp("2026-10-15T12:00Z"))
YEARS = (Period(date(2024, 1, 1), date(2025, 12, 31), "Year"), pd.Timestamp("2026-10-15T12:00Z"))
OCTOBER = (Period(date(2026, 10, 1), date(2026, 10, 31)), pd.Timestamp("2026-10-31T12:00Z"))
SPOKIS_OWN = {*campaign_metrics.STATUSES, "Reports", "detailed"}
"""Words that are Spoki's: statuses, names of operations."""


class Marks(NullTranslations):
    """A catalogue of a language in which every sentence is the English one between marks."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"⟦{msgid1 if n == 1 else msgid2}⟧"


@pytest.fixture(autouse=True)
def _marked(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(messages, "_catalogue", lambda language: Marks())
    with speaking("xx"):
        yield


def outside(text: str) -> str:
    """What no mark encloses."""
    depth, kept = 0, []
    for letter in text:
        depth += (letter == "⟦") - (letter == "⟧")
        kept.append(" " if depth or letter == "⟧" else letter)
    assert depth == 0
    return "".join(kept)


def unmarked(texts: list[str]) -> set[str]:
    """Words outside of marks that are neither names of days and months, nor Spoki's."""
    locale = Locale("en")
    calendar = {*locale.months["format"]["abbreviated"].values(), *locale.days["format"]["abbreviated"].values()}
    calendar |= {*locale.days["format"]["wide"].values(), "Europe", "Rome"}
    # a sentence with a line break is two texts of a drawing, hence all of them are looked at as one
    return set(re.findall(r"[A-Za-z]{2,}", outside("\n".join(texts)))) - calendar - SPOKIS_OWN


def drawn(chart: Chart | None) -> list[str]:
    """All that a chart says: in its drawing, beside it and in the headings of its numbers."""
    assert chart is not None
    nodes = ElementTree.fromstring(chart.svg()).iter("{http://www.w3.org/2000/svg}text")
    return [chart.alt, chart.sentence, *map(str, chart.data.columns), *("".join(node.itertext()) for node in nodes)]


def written(shown: list[NotebookNode]) -> list[str]:
    """All text of a page, with that of attributes which are read out."""
    texts: list[str] = []
    for output in shown:
        found = elements(re.sub(r"<style>.*?</style>", "", output.data["text/html"], flags=re.DOTALL))
        attributes = [attributes for _, attributes in found.found]
        texts += [*found.words, *(str(a[name]) for a in attributes for name in ("alt", "aria-label") if a.get(name))]
        pictures = [a["src"] for a in attributes if str(a.get("src", "")).startswith("data:image/svg")]
        for picture in pictures:
            root = ElementTree.fromstring(base64.b64decode(str(picture).partition(",")[2]))
            texts += ["".join(node.itertext()) for node in root.iter("{http://www.w3.org/2000/svg}text")]
    return texts


@pytest.mark.parametrize(("period", "as_of"), [OCTOBER, WEEKS, MONTHS, YEARS], ids=["days", "weeks", "months", "years"])
@pytest.mark.parametrize("sent", [1, 1000])
def test_charts_of_usage(
    per_period: Callable[..., pd.DataFrame],  # noqa: F811
    period: Period,
    as_of: pd.Timestamp,
    sent: int,
) -> None:
    length = len(period.starts)
    counts = {name: [sent] * length for name in usage_metrics.COUNTS}
    now, before = (per_period(each, as_of, **counts) for each in (period, period.previous()))
    more = per_period(period, as_of, **{name: [2 * sent] * length for name in usage_metrics.COUNTS})
    figures = usage_metrics.usage_figures(more, before.assign(read=before["read"] // 2))
    current = pd.Series({"period_start": period.starts[-1], "granularity": period.granularity, "sent": sent})
    charts = [
        usage.messages_over_time(now, period),
        usage.rates_over_time(now, figures, period),
        usage.template_share(now, period),
        usage.conversations_and_contacts(now, period),
        *(comparison.against_previous(table, before, period) for table in (now, more)),
        comparison.against_previous(now, per_period(period.previous(), as_of, sent=[3 * sent] * length), period),
        comparison.current_beside_history(now, current, period),
    ]
    assert unmarked([text for chart in charts for text in drawn(chart)]) == set()
    unreported = before.assign(sent=pd.NA)
    assert unmarked([notes.usage_scope(now, past, period) for past in (before, unreported)]) == set()


def test_charts_of_parts_and_weekdays(per_period: Callable[..., pd.DataFrame]) -> None:  # noqa: F811
    period, _ = OCTOBER
    days = per_period(period, sent=[10, 20, 30] * 10, incoming=[1] * 30)
    weekdays = comparison.weekday_pattern(usage_metrics.by_weekday(days), period)
    counts = {
        "sent": [10, 90],
        "delivered": [9, 80],
        "read": [3, 30],
        "failed": [1, 1],
        "read_per_delivered": [0.3, 0.4],
    }
    parts = [
        comparison.by_part(pd.DataFrame({part: [NOT_STATED[part], "№ 1"], **counts}), period) for part in NOT_STATED
    ]
    assert unmarked([text for chart in (weekdays, *parts) for text in drawn(chart)]) == set()


def test_charts_of_credit(lasting: Callable[..., pd.DataFrame], use: pd.DataFrame) -> None:  # noqa: F811
    for runway in (lasting("1", "2", "3"), lasting("1", used=0), lasting(*map(str, range(20)))):
        charts = [credit.balance_and_threshold(runway), credit.conversations_left(runway), credit.days_left(runway)]
        assert unmarked([text for chart in charts for text in drawn(chart)]) == set()
        assert unmarked(outlook.runway_remarks(runway.assign(name="1"))) == set()
        assert unmarked(outlook.runway_remarks(runway.assign(name="1", days_left_by_conversations=1.0))) == set()
    mixed = use.assign(basis=["conversations", "template"] * (len(use) // 2))
    assert unmarked(drawn(credit.daily_use(mixed, OCTOBER[0]))) == set()


def test_charts_of_campaigns(campaign_table: Callable[..., pd.DataFrame]) -> None:  # noqa: F811
    period, _ = OCTOBER
    for table in (campaign_table("1"), campaign_table(*map(str, range(20)))):
        settled = campaign_metrics.settled(table)
        judged = campaign_metrics.outliers(table, "failed_per_attempted")
        marked = judged.assign(outlier=[True, *[False] * (len(judged) - 1)])
        unnamed = pd.concat([table, table.assign(automation=campaign_metrics.NO_AUTOMATION)], ignore_index=True)
        charts = [
            campaigns.status_overview(campaign_metrics.by_status(table)),
            campaigns.timeline(table, period),
            campaigns.funnel(campaign_metrics.funnel(table), len(settled)),
            campaigns.funnel_by_campaign(settled),
            ranking.campaign_ranking(campaign_metrics.ranking(table)),
            ranking.failures(judged),
            ranking.failures(marked),
            ranking.automations(campaign_metrics.by_automation(table)),
            ranking.automations(campaign_metrics.by_automation(unnamed)),
        ]
        assert unmarked([text for chart in charts for text in drawn(chart)]) == set()
    changing = campaign_table("1", status="Processing")
    assert unmarked([*drawn(campaigns.timeline(changing, period)), *changing["state"]]) == set()
    assert unmarked([notes.campaigns_scope(each) for each in (table, changing, table.iloc[:0])]) == set()


def test_a_page(
    shown: list[NotebookNode],
    per_period: Callable[..., pd.DataFrame],  # noqa: F811
    lasting: Callable[..., pd.DataFrame],  # noqa: F811
) -> None:
    period, _ = OCTOBER
    counts: dict[str, Any] = {name: [1000] * 31 for name in usage_metrics.COUNTS}
    now, before = (per_period(each, **counts) for each in (period, period.previous()))
    source = {"operation": "reports_detailed", "account": 1, "as_of": "2026-11-22T06:31:00+00:00", "requests": 2}
    source |= {"cache_hits": 3, "stale": True, "drift": True, "unknown_columns": ["1"], "rows": 5}
    accounts = pd.DataFrame({"id": range(1, 7), "name": ["1", None, "3", "4", "5", "6"]})
    page = Page("1", accounts=accounts, start=period.start, end=period.end, provenance=[source], partial=True)
    figures = usage_metrics.usage_figures(now, before)
    current = usage_metrics.current_report_counts(
        pd.DataFrame({"period_start": ["2026-10-01"], "granularity": "Month", "contacted_contacts": [3]})
    ).iloc[0]
    page.kpis(figures)
    page.kpis(usage_metrics.current_figures(current, figures.iloc[:0]))
    page.kpis(credit_figures(lasting("1", "2")))
    page.kpis(figures.assign(direction="same"))
    page.chart("1", usage.messages_over_time(now, period))
    page.chart("2", None)
    page.table(lasting("1", "2"), columns={"urgency": "1", "below_threshold": "2"}, limit=1)
    page.table(pd.DataFrame({"1": []}))
    page.footer(*notes.USAGE, *notes.CREDIT, *notes.CAMPAIGNS)
    assert unmarked(written(shown)) == set()


def test_tables_and_gaps_of_the_shipped_dashboards() -> None:
    period = OCTOBER[0]
    tables = [layouts.current_report(), layouts.usage_by_account(period), layouts.days_left(), layouts.balances()]
    tables.append(layouts.campaigns(period))
    assert unmarked([text for table in tables for text in (table["caption"], *table["columns"].values())]) == set()
    assert unmarked([*gaps.credit_gaps(period).values(), *gaps.campaigns_gaps(period).values()]) == set()


def test_the_index_of_runs() -> None:
    environment = templates().overlay(loader=PackageLoader("spoki_analytics.reporting"))
    template = environment.get_template("index_of_runs.html.j2")
    assert unmarked(elements(template.render(cards=[], rows=[], now="2026-11-22", styles="", policy="")).words) == set()


def test_the_look_for_unmarked_words_finds_some(shown: list[NotebookNode]) -> None:
    Page("Title").say(f"Unmarked ⟦but not this⟧ {datetime(2026, 10, 1, tzinfo=UTC):%d %b}")
    assert unmarked(written(shown)) == {"Title", "Unmarked"}


def test_the_notes_name_the_hours_after_which_campaigns_settle() -> None:
    assert any(f"at least {campaign_metrics.MATURE_HOURS} hours" in note for note in notes.CAMPAIGNS)
