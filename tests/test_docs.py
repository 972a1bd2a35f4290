"""The pages tell the truth: their tables are the code's, and their examples run."""

from __future__ import annotations

import re
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from spoki_analytics import Spoki
from spoki_analytics.cli.exits import MEANINGS
from spoki_analytics.sandbox import Sandbox
from spoki_analytics.settings import Settings

ROOT = Path(__file__).resolve().parents[1]


def text(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def table(page: str, heading: str) -> list[list[str]]:
    """The rows of the first table below a heading, without its head."""
    below = text(page).split(f"# {heading}\n", 1)[1]
    rows = re.search(r"(?:^\|.*\n)+", below, re.MULTILINE)
    assert rows is not None
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in rows[0].splitlines()[2:]]


def words(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def python_block(page: str, number: int = 0) -> str:
    """An example in Python of a page, the first one unless said."""
    blocks: list[str] = re.findall(r"```python\n(.*?)```", text(page), re.DOTALL)
    return blocks[number]


def test_written_pages_are_current() -> None:
    written: dict[Path, str] = runpy.run_path(str(ROOT / "docs" / "write_pages.py"))["pages"]()
    assert {page.name for page in written} == {"operations.md", "loading.md"}
    assert [page.name for page, made in written.items() if page.read_text(encoding="utf-8") != made] == []


def test_the_table_of_environment_variables() -> None:
    stated = {
        words(name)[0]: default.strip("`") for name, default, _ in table("docs/settings.md", "Environment variables")
    }
    fields = Settings.model_fields
    assert sorted(stated) == sorted(f"SPOKI_{name.upper()}" for name in fields)
    for name, field in fields.items():
        if field.default is not None and field.default_factory is None:
            assert (
                stated[f"SPOKI_{name.upper()}"] == str(field.default).lower()
                or stated[f"SPOKI_{name.upper()}"] == field.default
            )


def test_the_exit_codes() -> None:
    assert re.findall(r"(\d+)  (.+)", MEANINGS) == [tuple(row) for row in table("docs/scheduling.md", "Exit codes")]


def test_the_quick_start_runs(spoki_sandbox: Sandbox) -> None:
    names: dict[str, Any] = {}
    exec(python_block("docs/loading.md"), names)
    names["spoki"].close()
    assert len(names["contacts"]) > 10
    assert len(names["campaigns"]) > 1


def test_the_readme_runs(spoki_sandbox: Sandbox) -> None:
    names: dict[str, Any] = {}
    exec(python_block("README.md"), names)
    names["spoki"].close()
    assert len(names["contacts"]) > 10
    assert len(names["plan"].changes) == 1


def test_the_example_of_a_correction_runs(spoki_sandbox: Sandbox) -> None:
    with Spoki(writes=True) as spoki:
        names: dict[str, Any] = {"spoki": spoki, "frame": pd.DataFrame({"id": [900003], "email": ["b@example.com"]})}
        exec(python_block("docs/corrections.md"), names)
    assert [write.operation for write in spoki_sandbox.writes()] == ["update_contact", *["delete_contact"] * 2]


def test_the_example_of_a_sandbox_runs() -> None:
    names: dict[str, Any] = {}
    exec(python_block("docs/sandbox.md"), names)
    names["spoki"].close()
    assert names["after"]["period_start"].max() > names["before"]["period_start"].max()


def test_the_example_of_a_test_passes(spoki_sandbox: Sandbox) -> None:
    names: dict[str, Callable[..., None]] = {}
    exec(python_block("docs/sandbox.md", 1), names)
    names["test_my_report"](spoki_sandbox)
    assert spoki_sandbox.calls("list_contacts") > 1
