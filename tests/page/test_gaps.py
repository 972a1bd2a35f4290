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

from spoki_analytics.metrics import CurrentStudy, Period, UsageStudy
from spoki_analytics.page import Page, gaps

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


def test_several_paragraphs(shown: list[NotebookNode]) -> None:
    Page("A report").say("One.", "Two.")
    assert [output["data"]["text/plain"] for output in shown[1:]] == ["One.", "Two."]
