"""What notebooks of 0.1.0 import keeps working for one release, and says what it is called now."""

from __future__ import annotations

import ast
import importlib
import json
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from spoki_analytics.renamed import GONE_IN, RENAMED
from spoki_analytics.reporting.render import Outcome, ReportRequest, render_many
from spoki_analytics.sandbox import Sandbox

ROOT = Path(__file__).resolve().parents[1]
OLD = sorted((ROOT / "tests" / "data" / "notebooks_0_1_0").glob("*.ipynb"))
"""The notebooks as 0.1.0 shipped them."""
DASHBOARDS = ("usage", "credit", "campaigns")


def code(notebook: Path) -> ast.Module:
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return ast.parse("\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"))


def used_names(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Each name that a notebook takes from the package: imported, or as an attribute of an imported module."""
    homes: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("spoki_analytics"):
            homes |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
            yield from ((node.module, alias.name) for alias in node.names)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in homes:
            yield homes[node.value.id], node.attr


def take(module: str, name: str) -> object:
    """What a notebook takes: a name of a module, a module of a package, or an attribute of a class or function."""
    try:
        home = importlib.import_module(module)
    except ModuleNotFoundError:
        package, _, owner = module.rpartition(".")
        return getattr(getattr(importlib.import_module(package), owner), name)
    try:
        return getattr(home, name)
    except AttributeError:
        return importlib.import_module(f"{module}.{name}")


@pytest.mark.parametrize("notebook", OLD, ids=lambda path: path.stem)
@pytest.mark.filterwarnings("ignore:.*the old name goes in:DeprecationWarning")
def test_every_name_of_an_old_notebook_is_found(notebook: Path) -> None:
    assert [pair for pair in used_names(code(notebook)) if take(*pair) is None] == []


@pytest.mark.parametrize("old", RENAMED)
def test_the_table_leads_to_what_exists(old: str) -> None:
    new = RENAMED[old]
    assert (":" in old) == (":" in new)
    module, _, name = new.partition(":")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert not name or hasattr(importlib.import_module(module), name)


@pytest.mark.parametrize("old", RENAMED)
def test_an_old_name_warns_at_the_line_that_uses_it(old: str) -> None:
    module, _, name = old.partition(":")
    statement = f"from {module} import {name}" if name else f"import {module}"
    program = f"import spoki_analytics\n\n{statement}\n"
    today = RENAMED[old].replace(":", ".")
    done = subprocess.run([sys.executable, "-W", "default", "-c", program], capture_output=True, text=True, check=True)
    expected = f"{old.replace(':', '.')} is called {today} now; the old name goes in {GONE_IN}."
    assert f"<string>:3: DeprecationWarning: {expected}" in done.stderr
    assert done.stderr.count("DeprecationWarning") == 1


def test_an_old_module_and_the_new_one_hold_the_same() -> None:
    with pytest.warns(DeprecationWarning, match=r"spoki_analytics\.page\.page"):
        sys.modules.pop("spoki_analytics.reporting.page", None)
        old = importlib.import_module("spoki_analytics.reporting.page")
    assert old.Page is importlib.import_module("spoki_analytics.page.page").Page


def test_what_never_was_is_still_not_found() -> None:
    from spoki_analytics.charts import ranking

    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("spoki_analytics.nothing")
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = ranking.nothing


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Outcome]]:
    """Runs of the old notebooks, by name, and of those of today."""
    with Sandbox():
        old = [ReportRequest(str(path)) for path in OLD]
        done = render_many([*old, *map(ReportRequest, DASHBOARDS)], tmp_path_factory.mktemp("reports"))
        yield {f"{run.name}{' of today' if number >= len(OLD) else ''}": run for number, run in enumerate(done)}


@pytest.mark.parametrize("name", [path.stem for path in OLD])
def test_an_old_notebook_runs_and_its_page_says_nothing_of_old_names(runs: dict[str, Outcome], name: str) -> None:
    assert runs[name].error == ""
    page = runs[name].html
    assert page is not None
    assert "DeprecationWarning" not in page.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", DASHBOARDS)
def test_an_old_dashboard_has_the_figures_of_today(runs: dict[str, Outcome], name: str) -> None:
    assert figures(runs[name]) == figures(runs[f"{name} of today"])


def figures(run: Outcome) -> object:
    """The figures that both have: those of single accounts are newer, and the days left are foretold otherwise now."""
    assert run.kpis is not None
    kpis = json.loads(run.kpis.read_text(encoding="utf-8"))["kpis"]
    return [kpi | ({"value": ...} if kpi["name"] == "days_left" else {}) for kpi in kpis if "account" not in kpi]
