"""What the outputs of a run notebook say about its page: title block, sections, charts and key figures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from nbformat import NotebookNode

_T = TypeVar("_T")

KPI_MIME = "application/vnd.spoki.kpis+json"
MARK = "spoki"
"""Key of the output metadata in which ``Page`` says what it has shown."""


@dataclass(frozen=True)
class Section:
    """A heading of the page, as its contents list it."""

    title: str
    anchor: str


@dataclass(frozen=True)
class PageFacts:
    """What a run notebook says about its page, in the order of the page.

    Attributes:
        heading: Title, subject, period and as_of of the title block in words, and start, end, zone and read_at for
            programs; empty when there is none.
        sections: The headings, those of ``Page.section`` and ``##`` in Markdown cells.
        charts: Names of the charts that are there, as picture or as a note that there is nothing to show.
        kpis: Records of the key figures.
        headline: Label and value of the key figures, as the page shows them.
        basis: What the key figures rest on, as data by name.
    """

    heading: dict[str, str]
    sections: tuple[Section, ...]
    charts: frozenset[str]
    kpis: tuple[dict[str, Any], ...]
    headline: tuple[dict[str, str], ...]
    basis: dict[str, Any] = field(default_factory=dict)


def page_facts(notebook: NotebookNode) -> PageFacts:
    """Read the facts of a page, in one walk over the cells of its notebook.

    A notebook may hold outputs of anybody's making: what looks like a mark, but is none of ours, says nothing.
    """
    heading: dict[str, str] = {}
    sections: list[Section] = []
    charts: set[str] = set()
    kpis: list[dict[str, Any]] = []
    headline: list[dict[str, str]] = []
    basis: dict[str, Any] = {}
    for cell in notebook.cells:
        sections += _markdown_sections(cell)
        for output in cell.get("outputs", ()):
            mark = _part(output.get("metadata", {}), MARK, dict)
            heading = heading or _part(mark, "page", dict)
            sections += _marked_sections(mark)
            charts |= {_part(mark, "chart", str)} - {""}
            kpis += _part(_part(output.get("data", {}), KPI_MIME, dict), "kpis", list)
            headline += [_texts(figure) for figure in _part(mark, "headline", list) if isinstance(figure, dict)]
            basis |= _part(mark, "basis", dict)
    return PageFacts(_texts(heading), tuple(sections), frozenset(charts), tuple(kpis), tuple(headline), basis)


def _part(whole: Mapping[str, Any], name: str, kind: type[_T]) -> _T:
    """A part of a JSON object when it is of that type, else an empty one."""
    part = whole.get(name)
    return part if isinstance(part, kind) else kind()


def _texts(facts: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in facts.items()}


def _marked_sections(mark: Mapping[str, Any]) -> list[Section]:
    section = _part(mark, "section", dict)
    return [Section(section["title"], section["anchor"])] if {"title", "anchor"} <= set(section) else []


def _markdown_sections(cell: NotebookNode) -> list[Section]:
    if cell.cell_type != "markdown":
        return []
    titles = re.findall(r"^## +(.+?)\s*$", cell.source, re.MULTILINE)
    return [Section(title, title.replace(" ", "-")) for title in titles]
