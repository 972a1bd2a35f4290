"""What the outputs of a run notebook say about its page: title, sections, charts and key figures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nbformat import NotebookNode

KPI_MIME = "application/vnd.spoki.kpis+json"
MARK = "spoki"
"""Key of the output metadata in which ``Page`` says what it has shown."""


def marks(cell: NotebookNode) -> Iterator[dict[str, Any]]:
    """The marks that ``Page`` left on a cell's outputs."""
    for output in cell.get("outputs", ()):
        mark = output.get("metadata", {}).get(MARK)
        if isinstance(mark, dict):
            yield mark


def facts(notebook: NotebookNode) -> dict[str, str]:
    """Title, subject, period and as_of of the page; empty when the notebook shows no title block."""
    found = (mark["page"] for cell in notebook.cells for mark in marks(cell) if "page" in mark)
    return dict(next(found, {}))


def charts(notebook: NotebookNode) -> set[str]:
    """Names of the charts that are there, as picture or as a note that there is nothing to show."""
    return {mark["chart"] for cell in notebook.cells for mark in marks(cell) if "chart" in mark}


def kpis(notebook: NotebookNode) -> list[dict[str, Any]]:
    """The records of the key figures, in the order of the page."""
    bundles = [output.get("data", {}) for cell in notebook.cells for output in cell.get("outputs", ())]
    return [record for bundle in bundles for record in bundle.get(KPI_MIME, {}).get("kpis", ())]


def headline(notebook: NotebookNode) -> list[dict[str, str]]:
    """Label and value of the key figures, as the page shows them."""
    return [figure for cell in notebook.cells for mark in marks(cell) for figure in mark.get("headline", ())]
