"""A run notebook as one self-contained HTML page."""

from __future__ import annotations

import functools
import re
import threading
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from spoki_analytics.page.fragments import stylesheet
from spoki_analytics.page.marks import PageFacts, page_facts
from spoki_analytics.reporting.sanitise import safe_html
from spoki_analytics.wording.messages import gettext, language

if TYPE_CHECKING:
    from nbconvert.exporters import HTMLExporter
    from nbformat import NotebookNode

POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
"""Content security policy of every page: nothing runs and nothing is loaded, whatever the page holds."""

_SHOWN = ["text/html", "text/markdown", "image/svg+xml", "image/png", "image/jpeg", "text/latex", "text/plain"]
_PASSED_OVER = [
    "application/vnd.jupyter.widget-view+json",
    "application/javascript",
    "text/vnd.mermaid",
    "application/pdf",
]
_exporting = threading.Lock()


def html_page(notebook: NotebookNode, facts: PageFacts, name: str, written: datetime, notice: str = "") -> str:
    """The notebook's outputs as a page that needs nothing from the network and runs no script.

    Args:
        notebook: A notebook that was run.
        facts: What it says about its page.
        name: What to call the page when it has no title block.
        written: Moment to print at the foot, in UTC.
        notice: What to say of the origin of its data, where its title block does not say it; empty for Spoki.
    """
    title = facts.heading.get("title") or name
    details = (facts.heading.get("subject"), facts.heading.get("period"))
    about = {
        "name": title,
        "title": " – ".join(part for part in (title, *details) if part),
        "has_title": bool(facts.heading),
        "notice": notice if facts.heading.get("origin") != notice else "",
        "sections": facts.sections,
        "policy": POLICY,
        "styles": page_styles(),
        "version": version("spoki_analytics"),
        "written": f"{written:%Y-%m-%d %H:%M} UTC",
        "language": language(),
        "gettext": gettext,
    }
    with _exporting:
        body, _ = exporter().from_notebook_node(_published(notebook), resources={"spoki": about})
    return str(body)


@functools.cache
def exporter() -> HTMLExporter:
    """The exporter of nbconvert with this package's template; made once, as making it costs more than using it."""
    from nbconvert.exporters import HTMLExporter
    from traitlets.config import Config

    made = HTMLExporter(  # type: ignore[no-untyped-call]
        config=Config({"NbConvertBase": {"display_data_priority": _SHOWN + _PASSED_OVER}}),
        extra_template_basedirs=[str(Path(__file__).with_name("templates"))],
        template_name="spoki",
        exclude_input=True,
        exclude_output_prompt=True,
        anchor_link_text="",
    )
    made.register_filter("safe_html", safe_html)  # type: ignore[no-untyped-call]
    return made


def warm_exporter() -> None:
    """Make an empty page, while a kernel is busy: the first page costs five times what the next ones do."""
    from nbformat.v4 import new_markdown_cell, new_notebook

    empty = new_notebook(cells=[new_markdown_cell("")])  # type: ignore[no-untyped-call]
    html_page(empty, page_facts(empty), "", datetime.min.replace(tzinfo=UTC))


def _published(notebook: NotebookNode) -> NotebookNode:
    """The notebook without Markdown that opens with ``# ``: that is its own title, and a page has one."""
    kept = [cell for cell in notebook.cells if not (cell.cell_type == "markdown" and cell.source.startswith("# "))]
    return type(notebook)(notebook, cells=kept)


@functools.cache
def page_styles() -> str:
    """The styles of a whole page; the page's own come last, as they adapt the parts to paper."""
    return re.sub(r"\s*\n\s*", "", stylesheet("parts.css") + stylesheet("page.css"))
