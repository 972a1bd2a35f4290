"""Dashboards that other packages bring: found by name, listed in the help, rendered with the public face."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from spoki_analytics.errors import SpokiWarning, UsageError
from spoki_analytics.reporting.dashboards import dashboards, find_dashboard
from spoki_analytics.sandbox import Sandbox

ROOT = Path(__file__).resolve().parents[2]
PYPROJECT = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "{name}-dashboards"
version = "1.0"

[project.entry-points."spoki_analytics.dashboards"]
{name} = "{name}_dashboards.notebooks"

[tool.hatch.build.targets.wheel]
packages = ["{name}_dashboards"]
"""
CELLS = (
    """
from spoki_analytics import metrics
from spoki_analytics.notebook import open_report

report = open_report(accounts=accounts)
tags = report.spoki.tags.load()
""",
    """
figures = metrics.key_figures([metrics.KeyFigure("tags")], tags.agg({"id": "count"}).rename({"id": "tags"}))
page = report.page("Tags", [tags])
page.kpis(figures.assign(label="Tags in use", unit="tags"))
page.table(tags, columns={"name": "Tag"})
page.chart("tags_by_name", None, "There are no charts of tags.")
page.footer("Counted as they came.")
""",
)
Bring = Callable[..., None]


def make_notebook(path: Path) -> None:
    made = new_notebook(
        metadata={"spoki": {"charts": ["tags_by_name"], "description": "Tags in use.", "title": "Tags"}}
    )
    made.cells = [new_code_cell("accounts: list = []  # Account ids", metadata={"tags": ["parameters"]})]
    made.cells += [new_code_cell(cell.strip()) for cell in CELLS]
    nbformat.write(made, path)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder from which packages are imported, here and in the processes that are started."""
    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.syspath_prepend(str(site))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(site), str(ROOT)]))
    return site


@pytest.fixture
def bring(site: Path) -> Bring:
    """Bring dashboards of these names, as an installed package would, without the time that pip takes."""

    def bring(source: str, *names: str, value: str = "") -> None:
        package = site / f"{source}_dashboards"
        (package / "notebooks").mkdir(parents=True)
        for name in names:
            make_notebook(package / "notebooks" / f"{name}.ipynb")
        info = site / f"{source}_dashboards-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {source}-dashboards\nVersion: 1.0\n")
        target = value or f"{source}_dashboards.notebooks"
        (info / "entry_points.txt").write_text(f"[spoki_analytics.dashboards]\n{source} = {target}\n")

    return bring


def test_a_package_installed_by_pip_brings_a_dashboard(
    site: Path, tmp_path: Path, spoki_sandbox: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "source"
    (source / "acme_dashboards" / "notebooks").mkdir(parents=True)
    (source / "pyproject.toml").write_text(PYPROJECT.format(name="acme"))
    (source / "acme_dashboards" / "__init__.py").touch()
    make_notebook(source / "acme_dashboards" / "notebooks" / "tags.ipynb")
    options = ["--quiet", "--no-index", "--no-deps", "--no-build-isolation", "--disable-pip-version-check"]
    command = [sys.executable, "-m", "pip", "install", *options, "--target", str(site), str(source)]
    subprocess.run(command, check=True, capture_output=True, text=True)
    program = "from spoki_analytics.cli.main import main; main()"
    command = [sys.executable, "-c", program, "report", "tags", "--out", str(tmp_path / "out")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    page = Path(done.stdout.splitlines()[0].split(maxsplit=1)[1]).read_text(encoding="utf-8")
    for said in ("Tags in use", "There are no charts of tags.", "Counted as they came.", "Data behind this report"):
        assert said in page


def test_help_lists_every_dashboard_with_the_package_that_brings_it(bring: Bring) -> None:
    bring("acme", "tags")
    program = "from spoki_analytics.cli.main import main; main()"
    command = [sys.executable, "-c", program, "report", "--help"]
    said = " ".join(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())
    assert "tags Tags in use. (acme)" in said
    assert "credit Balances, thresholds, conversations left and how long the credit lasts. (spoki_analytics)" in said


def test_a_shipped_name_stays_the_shipped_dashboard(bring: Bring) -> None:
    bring("acme", "usage", "tags")
    assert find_dashboard("usage").source == "spoki_analytics"
    assert find_dashboard("acme:usage").path.parent.parent.name == "acme_dashboards"
    assert [each.full_name for each in dashboards()][-2:] == ["acme:tags", "acme:usage"]


def test_a_name_that_two_packages_bring_is_refused(bring: Bring) -> None:
    bring("acme", "tags")
    bring("brand", "tags")
    with pytest.raises(UsageError, match="Several packages bring a report called tags: say acme:tags, brand:tags"):
        find_dashboard("tags")
    assert find_dashboard("brand:tags").source == "brand"


@pytest.mark.parametrize(("word", "near"), [("usagee", "usage"), ("acme:tag", "acme:tags")])
def test_the_nearest_name_is_proposed(bring: Bring, word: str, near: str) -> None:
    bring("acme", "tags")
    with pytest.raises(UsageError, match=f"There is no report called {word}; .* Did you mean {near}\\?"):
        find_dashboard(word)


def test_a_notebook_of_the_working_folder_is_meant_by_its_path_alone(tmp_path: Path) -> None:
    make_notebook(tmp_path / "tags.ipynb")
    with pytest.raises(UsageError, match="There is no report called tags"):
        find_dashboard("tags")


@pytest.mark.parametrize("value", ["no_such_package", "no_such.package", "json.decoder"])
def test_what_brings_nothing_warns_and_stops_nobody(bring: Bring, value: str) -> None:
    bring("acme", value=value)
    with pytest.warns(SpokiWarning, match=f"acme brings dashboards from {value}, which is no package"):
        assert find_dashboard("usage").source == "spoki_analytics"


def test_files_that_are_no_dashboards_are_passed_over(bring: Bring, site: Path) -> None:
    bring("acme")
    folder = site / "acme_dashboards" / "notebooks"
    for number, text in enumerate(["", "[]", "{}", '{"metadata": {}}', '{"metadata": {"spoki": 1}}']):
        (folder / f"{number}.ipynb").write_text(text)
    assert [each.name for each in dashboards() if each.source == "acme"] == []
