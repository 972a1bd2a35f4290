"""Notebooks made on the spot, and settings that lead nowhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from spoki_analytics.settings import Settings

KEY = "sekret-key-0123456789"
MakeNotebook = Callable[..., Path]


def notebook(*cells: str, parameters: str = "", metadata: dict[str, Any] | None = None) -> NotebookNode:
    """A notebook of code cells; ``parameters`` becomes its parameters cell."""
    made = new_notebook(metadata=metadata or {})
    if parameters:
        made.cells.append(new_code_cell(parameters, metadata={"tags": ["parameters"]}))
    made.cells += [new_markdown_cell(cell[3:]) if cell.startswith("md:") else new_code_cell(cell) for cell in cells]
    return made


@pytest.fixture(scope="session")
def make_notebook() -> MakeNotebook:
    def make(path: Path, *cells: str, **options: Any) -> Path:
        nbformat.write(notebook(*cells, **options), path)
        return path

    return make


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    home = tmp_path_factory.mktemp("home")
    return Settings(api_key=KEY, cache_dir=home / "cache", data_dir=home / "data", base_url="http://127.0.0.1:9")
