"""The page: whatever the API's text says, it is shown and never run; numbers carry their units."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from spoki_analytics.page.marks import KPI_MIME, page_facts
from spoki_analytics.page.page import Page
from spoki_analytics.page.tiles import records
from spoki_analytics.reporting.html import html_page
from tests.page.conftest import TinyChart, active_parts, as_notebook, elements

NOW = datetime(2026, 11, 22, 7, 31, tzinfo=UTC)
RAN = "document.documentElement.setAttribute('data-ran', '1')"
HOSTILE = f'"><script>{RAN}</script><img src=x onerror="{RAN}"><a href="javascript:{RAN}">\'`</style></title>'
AS_OF = "2026-11-22T06:31:00+00:00"


def as_page(notebook: NotebookNode, name: str, written: datetime) -> str:
    return html_page(notebook, page_facts(notebook), name, written)


def test_a_figure_without_a_note_has_an_empty_one_in_kpis_json() -> None:
    """Programs that read kpis.json may take what a note is: a text, never null."""
    sent, days = records(pd.DataFrame({"name": ["sent", "days_left"], "value": [1.0, None]}))
    assert (sent["note"], sent["unit"], sent["label"]) == ("", "messages", "Messages sent")
    assert days["note"]
    assert days["value"] is None


def test_figures_of_single_accounts_are_in_kpis_json_and_on_no_tile(shown: list[NotebookNode]) -> None:
    figures = pd.DataFrame({"name": ["days_left"], "value": [5.0]})
    single = pd.DataFrame({"name": "days_left", "account": [4100, 4101], "value": [5.0, None], "low": 4.0, "high": 6.0})
    Page("Credit").kpis(figures, by_account=single.astype({"value": "Float64"}))
    whole, first, second = page_facts(as_notebook(shown)).kpis
    assert "account" not in whole
    assert {
        "name": "days_left",
        "account": 4100,
        "value": 5,
        "low": 4,
        "high": 6,
        "unit": "days",
    }.items() <= first.items()
    assert (second["account"], second["value"], second["label"]) == (4101, None, "Days left")
    assert [figure["label"] for figure in page_facts(as_notebook(shown)).headline] == ["First account runs out in"]


def source(**facts: object) -> dict[str, object]:
    known = {
        "account": 4100,
        "operation": "reports_detailed",
        "as_of": AS_OF,
        "rows": 31,
        "requests": 4,
        "cache_hits": 2,
    }
    return {**known, "stale": False, "drift": False, "unknown_columns": [], **facts}


def accounts(name: str = "Caffè Centrale") -> pd.DataFrame:
    return pd.DataFrame({"id": pd.array([4100], dtype="Int64"), "name": [name]})


def kpi_frame(text: str = "Read, of delivered") -> pd.DataFrame:
    rows = [
        {
            "name": "read_per_delivered",
            "label": text,
            "value": 0.712,
            "n": 11765,
            "low": 0.704,
            "high": 0.72,
            "unit": "share",
        },
        {
            "name": "messages_sent",
            "label": "Messages sent",
            "value": 12345.0,
            "unit": "messages",
            "previous": 10988.0,
            "change": 0.1235,
            "direction": "up",
        },
        {"name": "credit", "label": "Credit", "value": -1234.5, "unit": "eur", "note": text},
        {"name": "failed_per_sent", "label": "Failed, of sent", "value": 0.25, "n": 12, "unit": "share"},
        {"name": "reached", "label": "Reached", "value": None, "unit": "contacts"},
    ]
    frame = pd.DataFrame(rows)
    return frame.astype({"n": "Int64", "value": "Float64", "low": "Float64"})


def everything(text: str) -> None:
    """A page that has ``text`` in every place that takes text."""
    provenance = [source(operation=text, account=text, unknown_columns=[text], stale=True, drift=True)]
    page = Page(text, accounts=accounts(text), start=date(2026, 10, 1), end=date(2026, 10, 31), provenance=provenance)
    frame = pd.DataFrame(
        {text: [text], "tags": [[text]], "kind": pd.Categorical([text])}, index=pd.Index([text], name=text + text)
    )
    page.kpis(kpi_frame(text))
    page.section(text)
    page.say(text)
    page.chart(text, TinyChart(alt=text, sentence=text, data=frame, label="&lt;script&gt;"), columns={text: text})
    page.empty(text, text)
    page.table(frame, columns={text: text}, caption=text)
    page.table(frame)
    page.footer(text)


@pytest.fixture
def hostile(shown: list[NotebookNode]) -> NotebookNode:
    """The worst notebook: hostile text in every call of Page, and outputs made without it."""
    everything(HOSTILE)
    styled = pd.DataFrame({HOSTILE: [HOSTILE]}).style.set_caption(HOSTILE)
    rich = {"text/html": HOSTILE + styled.to_html(), "text/plain": HOSTILE}
    foreign = '<style>@import "http://evil.example"</style><link rel=icon href=//evil.example><svg onload="x"></svg>'
    foreign += (
        '<img src="http://evil.example/pixel.png"><a href="http://evil.example">x</a><form action=x><math></math>'
    )
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" onload="{RAN}"><script>{RAN}</script></svg>'
    bundles = [
        rich,
        {"text/html": foreign},
        {"text/markdown": f"**{HOSTILE}** [x](javascript:{RAN}) ![x](http://evil.example/x.png)"},
        {"image/svg+xml": svg},
        {"application/javascript": RAN, "text/plain": HOSTILE},
        {"text/latex": f"$${HOSTILE}$$"},
        {"text/vnd.mermaid": HOSTILE},
        {"application/vnd.jupyter.widget-view+json": {"model_id": HOSTILE}, "text/plain": HOSTILE},
        {"text/plain": HOSTILE},
    ]
    made = as_notebook(shown + [new_output("display_data", data=bundle) for bundle in bundles])
    streams = [new_output("stream", name=name, text=HOSTILE) for name in ("stdout", "stderr")]
    error = new_output("error", ename=HOSTILE, evalue=HOSTILE, traceback=[HOSTILE])
    made.cells.append(new_code_cell(HOSTILE, outputs=[*streams, error]))
    made.cells.append(new_markdown_cell(f"## {HOSTILE}\n{HOSTILE}\n\n![x]({HOSTILE})"))
    return made


def test_hostile_text_is_shown_and_has_no_active_part(hostile: NotebookNode) -> None:
    page = as_page(hostile, HOSTILE, NOW)
    assert active_parts(page) == []
    assert HOSTILE in "".join(elements(page).words)
    assert "evil.example" not in page.replace("javascript:", "")


def test_the_look_for_active_parts_finds_some() -> None:
    assert active_parts(HOSTILE) == ["script", "img src=x", f"img onerror={RAN}", f"a href=javascript:{RAN}"]


def test_hostile_text_does_not_run_in_a_browser_even_without_the_policy(
    hostile: NotebookNode,
    chromium: Callable[[Path], str] | None,
    page_file: Callable[[str, str], Path],
) -> None:
    page = as_page(hostile, "Hostile", NOW)
    bare = page.replace("Content-Security-Policy", "Removed-Policy")
    assert "Content-Security-Policy" not in bare
    assert active_parts(bare) == []
    if chromium is not None:
        raw = page_file("raw.html", f"<!DOCTYPE html><body>{HOSTILE}")
        assert 'data-ran="1"' in chromium(raw)  # the payload does run where nothing stops it
        assert 'data-ran="1"' not in chromium(page_file("bare.html", bare))


def test_fragments_are_safe_before_cleaning_too(shown: list[NotebookNode]) -> None:
    """In JupyterLab nobody cleans: the fragments themselves must be right."""
    everything(HOSTILE)
    for output in shown:
        html = output.data["text/html"]
        assert active_parts(html.replace("<style>", "<!--").replace("</style>", "-->", 1)) == []


def test_the_page_needs_nothing_from_the_network(shown: list[NotebookNode]) -> None:
    everything("plain")
    page = as_page(as_notebook(shown), "plain", NOW)
    assert "http://" not in page
    assert "https://" not in page
    assert "url(" not in page
    assert "@import" not in page
    policy = [meta["content"] for meta in elements(page).all("meta") if meta.get("http-equiv")]
    assert policy == [
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    ]


def test_the_page_is_complete_for_all_readers(shown: list[NotebookNode]) -> None:
    everything("Uso")
    found = elements(as_page(as_notebook(shown), "Uso", NOW))
    assert found.all("html") == [{"lang": "en"}]
    assert len(found.all("h1")) == 1
    assert {"class": "skip", "href": "#content"} in found.all("a")
    assert [link["href"] for link in found.all("a")] == ["#content", "#section-uso"]
    assert {"id": "section-uso"} in found.all("h2")
    assert [image["alt"] for image in found.all("img")] == ["Uso"]
    assert all(head.get("scope") == "col" for head in found.all("th"))
    assert all(region.get("aria-label") for region in found.all("div") if region.get("role") == "region")


def test_pictures_made_without_page_keep_their_alt_text() -> None:
    data = {"image/png": "iVBORw0KGgo=", "text/plain": "<Figure>"}
    outputs = [
        new_output("display_data", data=data, metadata={"image/png": {"alt": "Fell"}} if n else {}) for n in (0, 1)
    ]
    alts = [image["alt"] for image in elements(as_page(as_notebook(outputs), "x", NOW)).all("img")]
    assert alts == ["Chart without a description", "Fell"]


def test_code_warnings_and_tracebacks_are_not_published() -> None:
    outputs = [
        new_output("stream", name="stderr", text="SomeWarning"),
        new_output("stream", name="stdout", text="\x1b[31mprinted <b>\x1b[0m"),
        new_output("error", ename="E", evalue="went wrong", traceback=["went wrong"]),
    ]
    made = as_notebook(outputs)
    made.cells[0].source = "hidden_code = 1"
    made.cells.insert(0, new_markdown_cell("# Title of the notebook\n\nHow to use it"))
    made.cells.append(new_markdown_cell("## Method notes\n\nThey are *long*."))
    page = as_page(made, "Report", NOW)
    text = elements(page).text
    assert "printed <b>" in text
    assert "They are long ." in " ".join(elements(page).words).replace("  ", " ") or "They are long." in text
    for absent in ("hidden_code", "SomeWarning", "went wrong", "How to use it", "[31m"):
        assert absent not in page
    assert [(s.title, s.anchor) for s in page_facts(made).sections] == [("Method notes", "Method-notes")]
    assert {"id": "Method-notes"} in elements(page).all("h2")
    assert len(elements(page).all("h1")) == 1


def test_same_page_same_bytes(shown: list[NotebookNode]) -> None:
    everything("Uso")
    once = list(shown)
    shown.clear()
    everything("Uso")
    assert as_page(as_notebook(once), "x", NOW) == as_page(as_notebook(shown), "x", NOW)


def test_the_title_block_says_whose_when_and_how_fresh(shown: list[NotebookNode]) -> None:
    many = pd.DataFrame({"id": range(1, 7), "name": ["A", "B", None, "D", "E", "F"]})
    period = {"start": date(2026, 10, 1), "end": date(2026, 10, 31)}
    later = "2026-11-22T09:00:00+00:00"
    Page("Usage", accounts=many, **period, provenance=[source(as_of=later), pd.DataFrame(), source()], partial=True)
    made = as_notebook(shown)
    text = elements(as_page(made, "x", NOW)).text
    assert "A (1), B (2), Account 3, D (4) and 2 more" in text
    assert "Period1 Oct 2026 – 31 Oct 2026 (Europe/Rome)" in text
    assert "Data as of22 Nov 2026, 07:31 (Europe/Rome)" in text
    assert "8 requests to Spoki, 4 from the cache" in text
    assert "its figures will still grow" in text
    assert page_facts(made).heading["period"] == "1 Oct 2026 – 31 Oct 2026"
    shown.clear()
    Page("Credit", provenance=[source(stale=True, cache_hits=0, requests=1)])
    text = elements(shown[0].data["text/html"]).text
    assert "1 request to Spoki" in text
    assert "Period" not in text
    assert "labelled stale" in text


def test_key_figures_carry_interval_count_and_change(shown: list[NotebookNode]) -> None:
    Page("Usage").kpis(kpi_frame())
    made = as_notebook(shown)
    text = elements(shown[-1].data["text/html"]).text.replace("\u00a0", " ")
    assert "Read, of delivered 71.2 % range 70.4–72.0 % of 11,765" in text
    assert "Messages sent 12,345 ▲ +12.3 % (10,988 before)" in text
    assert "-€ 1,234.50" in text
    assert "3 of 12" in text
    assert "Reached –" in text
    found = {record["name"]: record for record in page_facts(made).kpis}
    assert found["read_per_delivered"] == {
        "name": "read_per_delivered",
        "label": "Read, of delivered",
        "value": 0.712,
        "n": 11765,
        "low": 0.704,
        "high": 0.72,
        "unit": "share",
        "previous": None,
        "change": None,
        "direction": None,
        "note": None,
    }
    assert found["reached"]["value"] is None
    assert page_facts(made).headline[1] == {"label": "Messages sent", "value": "12,345"}
    assert KPI_MIME in shown[-1].data


def test_no_change_is_claimed_inside_the_interval(shown: list[NotebookNode]) -> None:
    frame = kpi_frame().iloc[:1].assign(previous=0.71, change=0.002, direction="same")
    Page("Usage").kpis(frame)
    assert "71.0\u00a0% before, no clear change" in shown[-1].data["text/html"]
    Page("Usage").kpis(frame.assign(previous=0.8, change=-0.088, direction="down"))
    assert "▼ -8.8\u00a0points (80.0\u00a0% before)" in shown[-1].data["text/html"]


def test_tables_show_typed_columns_with_units(shown: list[NotebookNode]) -> None:
    frame = pd.DataFrame(
        {
            "id": pd.array([41001234, None], dtype="Int64"),
            "sent": pd.array([12345, None], dtype="Int64"),
            "read_per_sent": pd.array([0.5, None], dtype="Float64"),
            "spent": pd.array([1.5, 2000.0], dtype="Float64"),
            "days": [1.256, 1234.56],
            "open": pd.array([True, None], dtype="boolean"),
            "status": pd.Categorical(["Sent", None]),
            "day": pd.to_datetime(["2026-10-25", "2026-10-26"], utc=True).as_unit("us"),
            "at": pd.to_datetime(["2026-10-25T00:30:00Z", None], utc=True).as_unit("us"),
            "tags": [["a", "b"], []],
        }
    )
    Page("x").table(frame, units={"read_per_sent": "share", "spent": "eur"}, caption="All", limit=None)
    html = shown[-1].data["text/html"].replace("\u00a0", " ")
    cells = [cell.partition("<")[0] for cell in html.split("<td")[1:]]
    values = [cell.partition(">")[2] for cell in cells]
    assert values[:10] == [
        *("41001234", "12,345", "50.0 %", "€ 1.50", "1.26", "yes", "Sent", "2026-10-25", "2026-10-25 02:30", "a, b")
    ]
    assert values[10:] == [*("–", "–", "–", "€ 2,000.00", "1,234.6", "–", "–", "2026-10-26", "–", "–")]
    assert [' class="num"' in cell for cell in cells[:10]] == [False, True, True, True, True, *[False] * 5]


def test_long_tables_say_what_they_left_out(shown: list[NotebookNode]) -> None:
    Page("x").table(pd.DataFrame({"n": range(1200)}), limit=10)
    assert "and 1,190 more rows" in shown[-1].data["text/html"]
    Page("x").table(pd.DataFrame({"n": []}))
    assert "Nothing to list." in shown[-1].data["text/html"]


def test_charts_leave_their_names(shown: list[NotebookNode]) -> None:
    page = Page("x")
    page.chart("a", TinyChart("Rose", "It rose.", pd.DataFrame({"n": [1]})))
    page.empty("b", "Nothing.")
    assert page_facts(as_notebook(shown)).charts == {"a", "b"}
    text = elements(shown[-2].data["text/html"]).text
    assert text.startswith("It rose. Data behind this chart")


def test_figures_of_the_current_report_are_never_the_headline(shown: list[NotebookNode]) -> None:
    current = pd.DataFrame({"name": ["sent_in_current_report"], "value": [3562.0], "since": pd.Timestamp("2026-11-01")})
    Page("Usage").kpis(current)
    facts = page_facts(as_notebook(shown))
    assert facts.headline == ()
    assert "3,562" not in elements(shown[-1].data["text/html"]).text
    assert [record["value"] for record in facts.kpis] == [3562.0]
    Page("Usage").kpis(pd.concat([pd.DataFrame({"name": ["sent"], "value": [5.0]}), current]))
    assert [figure["value"] for figure in page_facts(as_notebook(shown)).headline] == ["5"]
    assert "3,562" in elements(shown[-1].data["text/html"]).text


def test_the_title_block_says_period_and_age_for_programs(shown: list[NotebookNode]) -> None:
    period = {"start": date(2026, 10, 1), "end": date(2026, 10, 31)}
    Page("Usage", **period, provenance=[{"as_of": "2026-11-01T06:31:00Z"}], timezone="Europe/Rome")
    heading = page_facts(as_notebook(shown)).heading
    assert [heading[name] for name in ("start", "end", "zone")] == ["2026-10-01", "2026-10-31", "Europe/Rome"]
    assert heading["read_at"] == "2026-11-01T06:31:00+00:00"


def test_a_frame_that_was_not_checked_says_so_in_its_caption(shown):
    frame = pd.DataFrame({"id": [1]})
    frame.attrs["spoki"] = source(checked=False)
    page = Page("Contacts", provenance=[frame])
    page.table(frame, caption="All of them")
    page.footer()
    table, footer = (output.data["text/html"] for output in shown[-2:])
    assert "All of them; not checked whether rows moved meanwhile" in table
    assert "not checked whether rows moved meanwhile" in footer
