"""The README tells the truth."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from spoki_analytics import Spoki
from spoki_analytics.cli.exits import MEANINGS
from spoki_analytics.cli.loadable import LOADABLE, SINGLE, filters
from spoki_analytics.resources.wording import in_python
from spoki_analytics.sandbox import Sandbox
from spoki_analytics.settings import Settings

README = (Path(__file__).resolve().parents[1] / "README.md").read_text(encoding="utf-8")


def table(heading: str) -> list[list[str]]:
    """The rows of the first table below a heading, without its head."""
    below = README.split(f"# {heading}\n", 1)[1]
    rows = re.search(r"(?:^\|.*\n)+", below, re.MULTILINE)
    assert rows is not None
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in rows[0].splitlines()[2:]]


def words(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def python_blocks() -> list[str]:
    return re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def test_the_table_of_resources(spoki_sandbox: Sandbox) -> None:
    with Spoki() as spoki:
        told = {words(name)[0]: (words(call)[0], words(taken)) for name, call, taken in table("What can be loaded")}
        assert told == {name: (in_python(call), list(filters(call, spoki))) for name, call in LOADABLE.items()}


def test_what_is_only_had_by_id() -> None:
    told = README.split("Only\nwith it: ", 1)[1].split(".\n", 1)[0]
    assert sorted(words(told)) == sorted(set(SINGLE) - set(LOADABLE))


def test_the_table_of_environment_variables() -> None:
    told = {words(name)[0]: default.strip("`") for name, default, _ in table("Environment variables")}
    fields = Settings.model_fields
    assert sorted(told) == sorted(f"SPOKI_{name.upper()}" for name in fields)
    for name, field in fields.items():
        if field.default is not None and field.default_factory is None:
            assert (
                told[f"SPOKI_{name.upper()}"] == str(field.default).lower()
                or told[f"SPOKI_{name.upper()}"] == field.default
            )


def test_the_exit_codes() -> None:
    assert re.findall(r"(\d)  (.+)", MEANINGS) == [tuple(row) for row in table("Exit codes")]


def test_the_quick_start_runs(spoki_sandbox: Sandbox) -> None:
    names: dict[str, Any] = {}
    exec(python_blocks()[0], names)
    names["spoki"].close()
    assert len(names["contacts"]) > 10
    assert len(names["campaigns"]) > 1


def test_the_example_of_a_correction_runs(spoki_sandbox: Sandbox) -> None:
    with Spoki(writes=True) as spoki:
        names: dict[str, Any] = {"spoki": spoki, "frame": pd.DataFrame({"id": [900003], "email": ["b@example.com"]})}
        exec(python_blocks()[1], names)
    assert [write.operation for write in spoki_sandbox.writes()] == ["update_contact", *["delete_contact"] * 2]


def test_the_example_of_a_test_passes(spoki_sandbox: Sandbox) -> None:
    names: dict[str, Callable[..., None]] = {}
    exec(python_blocks()[2], names)
    names["test_my_report"](spoki_sandbox)
    assert spoki_sandbox.calls("list_contacts") > 1
