"""The facts of a page: read in the order of the page, whatever stands between them."""

from __future__ import annotations

from typing import Any

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from spoki_analytics.page.marks import KPI_MIME, Section, page_facts


def output(mark: Any, kpis: Any = None) -> Any:
    data = {} if kpis is None else {KPI_MIME: kpis}
    return new_output("display_data", data=data, metadata={"spoki": mark})


def test_the_facts_come_in_the_order_of_the_page() -> None:
    first = [
        output({"page": {"title": "Usage", "subject": "Caffè"}}),
        output({"headline": [{"label": "Sent", "value": "3"}]}, {"kpis": [{"name": "sent"}]}),
        output({"section": {"title": "By day", "anchor": "section-by-day"}}),
    ]
    second = [output({"chart": "daily"}), output({"page": {"title": "Another"}}), output({"chart": "hourly"})]
    cells = [
        new_code_cell("a", outputs=first),
        new_markdown_cell("## How it was made\n\n# No section\n## And why "),
        new_code_cell("b", outputs=[*second, output({"headline": [{"label": "Read", "value": "2"}]})]),
    ]
    facts = page_facts(new_notebook(cells=cells))
    assert facts.heading == {"title": "Usage", "subject": "Caffè"}
    assert facts.sections == (
        Section("By day", "section-by-day"),
        Section("How it was made", "How-it-was-made"),
        Section("And why", "And-why"),
    )
    assert facts.charts == {"daily", "hourly"}
    assert facts.kpis == ({"name": "sent"},)
    assert [figure["label"] for figure in facts.headline] == ["Sent", "Read"]


@pytest.mark.parametrize(
    "mark",
    [None, "x", [], {"page": "x"}, {"section": {"title": "x"}}, {"chart": ["x"]}, {"headline": "x"}, {"section": []}],
)
def test_what_is_no_mark_of_ours_says_nothing(mark: Any) -> None:
    empty = page_facts(new_notebook())
    assert page_facts(new_notebook(cells=[new_code_cell("a", outputs=[output(mark, "x"), output(mark, [])])])) == empty


def test_a_notebook_without_a_title_block_has_no_heading() -> None:
    assert page_facts(new_notebook(cells=[new_markdown_cell("text")])).heading == {}


def test_what_figures_rest_on_is_kept_as_data() -> None:
    marks = [output({"basis": {"campaign_counters": {"reading": "exclusive"}}}), output({"basis": "nonsense"})]
    facts = page_facts(new_notebook(cells=[new_code_cell("a", outputs=marks)]))
    assert facts.basis == {"campaign_counters": {"reading": "exclusive"}}
