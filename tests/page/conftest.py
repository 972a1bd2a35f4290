"""Outputs as Page shows them, and a look at pages with a parser and with Chromium."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook, new_output


@dataclass
class TinyChart:
    """What ``Page.chart`` needs of a chart."""

    alt: str
    sentence: str
    data: pd.DataFrame
    label: str = "label"

    def svg(self) -> str:
        return f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text>{self.label}</text></svg>'


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[NotebookNode]:
    """The outputs that were displayed, as a notebook would keep them."""
    outputs: list[NotebookNode] = []

    def display(data: dict[str, Any], *, raw: bool, metadata: dict[str, Any]) -> None:
        assert raw
        outputs.append(new_output("display_data", data=data, metadata=metadata))

    monkeypatch.setattr("IPython.display.display", display)
    return outputs


def as_notebook(outputs: list[NotebookNode]) -> NotebookNode:
    made = new_notebook()
    made.cells.append(new_code_cell("pass", outputs=outputs))
    return made


@dataclass
class Elements(HTMLParser):
    """Every element of a page with its attributes, and its text."""

    found: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())


def elements(page: str) -> Elements:
    parser = Elements()
    parser.feed(page)
    return parser


def active_parts(page: str) -> list[str]:
    """Everything in a page that could run or load something."""
    odd: list[str] = []
    for tag, attributes in elements(page).found:
        if tag in ("script", "iframe", "object", "embed", "form", "base", "link", "svg", "math", "video", "audio"):
            odd.append(tag)
        for name, value in attributes.items():
            address = name in ("src", "href", "action", "data", "srcset", "style", "background", "poster")
            if name.startswith("on") or (address and not str(value).startswith(("#", "data:image/"))):
                odd.append(f"{tag} {name}={value}")
    return odd


@pytest.fixture(scope="session")
def chromium() -> Callable[[Path], str] | None:
    """A browser's view of a page after its scripts ran, or None where no browser is installed."""
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if browser is None:
        return None

    def dump(page: Path) -> str:
        profile = page.with_suffix(".profile")
        quiet = ["--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update"]
        headless = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-sync", f"--user-data-dir={profile}"]
        command = [browser, *headless, *quiet, "--dump-dom", page.as_uri()]
        return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout

    return dump


@pytest.fixture
def page_file(tmp_path: Path) -> Callable[[str, str], Path]:
    def write(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write
