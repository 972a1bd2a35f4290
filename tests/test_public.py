"""What is public: listed once in each module, documented, and all that notebooks need."""

from __future__ import annotations

import ast
import importlib
import inspect
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "public.md").read_text(encoding="utf-8")
TABLE = dict(re.findall(r"^\| `([\w.]+)` \| (.+) \|$", PAGE, re.MULTILINE))
"""Public modules, and the text that names what is public there."""
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
MOST_NAMES = 20


def public(module: str) -> dict[str, object]:
    home = importlib.import_module(module)
    return {name: getattr(home, name) for name in home.__all__}


def tree(notebook: Path) -> ast.Module:
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return ast.parse("\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"))


def used(notebook: Path) -> Iterator[tuple[str, str]]:
    """The names that a notebook takes from modules of the package, imported or as their attributes."""
    modules: dict[str, str] = {}
    for node in ast.walk(tree(notebook)):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("spoki_analytics"):
            for alias in node.names:
                value = getattr(importlib.import_module(node.module), alias.name, None)
                if isinstance(value, ModuleType) or value is None:
                    modules[alias.asname or alias.name] = f"{node.module}.{alias.name}"
                else:
                    yield node.module, alias.name
    for node in ast.walk(tree(notebook)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in modules:
            yield modules[node.value.id], node.attr


@pytest.mark.parametrize("module", TABLE)
def test_the_page_names_what_the_module_exports(module: str) -> None:
    assert set(re.findall(r"`(\w+)`", TABLE[module])) == set(public(module))


def test_a_client_that_only_loads_does_not_import_corrections() -> None:
    code = "import sys; from spoki_analytics import Spoki; sys.exit('spoki_analytics.corrections' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("module", TABLE)
def test_every_public_name_is_documented(module: str) -> None:
    assert importlib.import_module(module).__doc__
    undocumented = [
        name
        for name, value in public(module).items()
        if (callable(value) or isinstance(value, ModuleType)) and not inspect.getdoc(value)
    ]
    assert undocumented == []


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_use_public_names_only_and_few_of_them(notebook: Path) -> None:
    names = set(used(notebook))
    private = [
        f"{module}.{name}"
        for module, name in names
        if name.startswith("_")
        or (name not in public(module) if module in TABLE else module.rpartition(".")[2] not in public(parent(module)))
    ]
    assert private == []
    assert 0 < len(names) <= MOST_NAMES


def parent(module: str) -> str:
    return module.rpartition(".")[0]
