"""Why a chart is not there."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pandas as pd
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from spoki_analytics.metrics import CurrentStudy, Period, UsageStudy
from spoki_analytics.metrics.usage import COUNTS, per_period
from spoki_analytics.page import Page, gaps, notes
from spoki_analytics.page.marks import page_facts

PERIOD = Period(date(2026, 10, 1), date(2026, 10, 31))
NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"


def usage(sent: int) -> UsageStudy:
    return cast("UsageStudy", SimpleNamespace(finished=PERIOD, now=pd.DataFrame({"sent": [sent], "open": [False]})))


def current(past: Period | None) -> CurrentStudy:
    return CurrentStudy(pd.DataFrame(), past, pd.DataFrame())


@pytest.mark.parametrize(
    ("report", "reasons"),
    [
        ("usage", gaps.usage_gaps(usage(1), current(None))),
        ("credit", gaps.credit_gaps(PERIOD)),
        ("campaigns", gaps.campaigns_gaps(PERIOD)),
    ],
    ids=["usage", "credit", "campaigns"],
)
def test_every_chart_of_a_shipped_notebook_has_a_reason(report: str, reasons: dict[str, str]) -> None:
    notebook = json.loads((NOTEBOOKS / f"{report}.ipynb").read_text(encoding="utf-8"))
    assert sorted(notebook["metadata"]["spoki"]["charts"]) == sorted(reasons)


def test_without_messages_that_is_the_reason_for_all_but_the_current_report() -> None:
    reasons = gaps.usage_gaps(usage(0), current(PERIOD))
    reason = reasons.pop("current_report")
    assert set(reasons.values()) == {"No messages were reported, 1 Oct 2026 to 31 Oct 2026."}
    assert reason.startswith("There are no reports of the time before")
    assert "more than 50 of them" in gaps.usage_gaps(usage(0), current(None))["current_report"]


def test_a_page_says_its_own_reason_unless_another_is_given(shown: list[NotebookNode]) -> None:
    page = Page("A report", otherwise={"one": "No reports."})
    page.chart("one", None)
    page.chart("one", None, "Nothing here.")
    page.chart("two", None)
    said: list[Any] = [output["data"]["text/plain"] for output in shown[1:]]
    assert said == ["No reports.", "Nothing here.", "Nothing to show for this period."]


def test_a_reason_is_said_once_and_its_charts_still_count(shown: list[NotebookNode]) -> None:
    page = Page("A report", otherwise=dict.fromkeys(("one", "two", "three"), "Nothing was reported."))
    page.chart("one", None)
    page.chart("two", None)
    page.say("Two days are missing.")
    page.chart("three", None, "Two days are missing.")
    page.section("Empty", shown=False)
    said: list[Any] = [output["data"]["text/plain"] for output in shown[1:]]
    assert [text for text in said if text] == ["Nothing was reported.", "Two days are missing."]
    facts = page_facts(new_notebook(cells=[new_code_cell("x", outputs=list(shown))]))
    assert (facts.charts, facts.sections) == ({"one", "two", "three"}, ())


def test_before_the_first_data_there_is_one_sentence_and_no_heading() -> None:
    counts = dict.fromkeys((*COUNTS, "period_start"), pd.Series([], dtype="Float64"))
    rows = pd.DataFrame(counts).astype({"period_start": "datetime64[us, UTC]"})
    now = per_period(rows, PERIOD, pd.Timestamp("2026-12-01T00:00Z"), "Europe/Rome")
    details = pd.DataFrame({"period_start": [], "status": [], "count": []}).astype(
        {"period_start": "datetime64[us, UTC]"}
    )
    study = UsageStudy(PERIOD, pd.DataFrame(), rows, details, now, now.iloc[:0], PERIOD)
    assert not study.has_messages
    (said,) = notes.usage_remarks(study, 1)
    reasons = gaps.usage_gaps(study, current(None))
    assert {reason for name, reason in reasons.items() if name != "current_report"} == {said}


def test_several_paragraphs(shown: list[NotebookNode]) -> None:
    Page("A report").say("One.", "Two.")
    assert [output["data"]["text/plain"] for output in shown[1:]] == ["One.", "Two."]
