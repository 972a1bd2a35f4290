"""``spoki-analytics operations``, and that each command it tells works."""

from __future__ import annotations

import csv
import io
import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from spoki_analytics.catalogue import Operation, catalogue
from spoki_analytics.resources.calls import ABSENT
from spoki_analytics.resources.operations import operations
from spoki_analytics.sandbox import Sandbox
from tests.cli.conftest import Run
from tests.examples_of_use import EXAMPLES

USED = [entry for entry in catalogue() if entry.slug not in ABSENT]
COMMANDS = dict(zip((entry.slug for entry in catalogue()), operations()["command"], strict=True))


@pytest.fixture
def sandbox(spoki_sandbox_factory: Callable[..., Sandbox]) -> Sandbox:
    """A sandbox whose rates nobody meets."""
    return spoki_sandbox_factory(window=1e-9)


def words(slug: str) -> list[str]:
    """The command of an operation, with an example for each word in capitals."""
    example = EXAMPLES.get(slug, {})
    if "FRAME" in example:
        pd.DataFrame(example["FRAME"]).to_csv("rows.csv", index=False)
    return [
        re.sub(r"^[A-Z_]+(?==)|(?<==)[A-Z_]+$|^[A-Z]+$", lambda match: typed(example[match[0]]), word)
        for word in shlex.split(COMMANDS[slug])[1:]
    ]


def typed(value: Any) -> str:
    """A value as it is typed."""
    if not isinstance(value, list):
        return str(value)
    return json.dumps(value) if isinstance(value[0], dict) else ", ".join(map(str, value))


@pytest.mark.parametrize("entry", USED, ids=lambda entry: f"{entry.number or 'beyond'}-{entry.slug}")
def test_the_command_reaches_spoki(run: Run, sandbox: Sandbox, entry: Operation) -> None:
    command = words(entry.slug)
    told = run(*command, *(["--filter", "form=wide"] if entry.slug == "list_reports" else []))
    if entry.removed:
        assert (told.code, sandbox.requests) == (4, [])
        assert "spoki.channels.create(platform=1)" in told.err
        return
    assert told.code == 0, told.err
    if entry.is_read:
        assert list(csv.DictReader(io.StringIO(told.out)))
        assert sandbox.calls(entry.slug) >= 1
        return
    assert sandbox.writes() == []
    agreed = shlex.split(told.out.rpartition("unattended: ")[2])
    assert agreed[:2] == ["--apply", "--yes"]
    done = run(*command, *agreed)
    assert done.code == 0, done.out + done.err
    assert [write.operation for write in sandbox.writes()] == [entry.slug]
    assert "1 applied, 0 skipped, 0 failed, 0 unknown, 0 open" in done.out


def test_all_are_listed_without_a_key(run: Run) -> None:
    told = run("operations")
    assert told.code == 0
    assert [line.partition(":")[0] for line in told.out.splitlines() if not line.startswith(" ")] == [
        entry.name for entry in catalogue()
    ]
    assert "not here: reaches customers and costs credit" in told.out


def test_one_family(run: Run) -> None:
    told = run("operations", "--family", "custom-fields")
    assert "Update Custom Field: correction, 5 a minute (documented)" in told.out
    assert "    spoki-analytics correct custom-fields update --id ID --set label=LABEL" in told.out
    assert "Contact" not in told.out
    assert "did you mean contacts?" in run("operations", "--family", "contact").err


def test_what_is_loaded_by_id_is_the_frame_of_one(run: Run, sandbox: Sandbox, tmp_path: Path) -> None:
    told = run("load", "contacts", "--id", "900001", "--out", "one.parquet")
    assert told.err.startswith("1 row in one.parquet: Retrieve Contact as of 20")
    run("load", "contacts", "--out", "all.parquet")
    one, every = pd.read_parquet("one.parquet"), pd.read_parquet("all.parquet")
    assert one["phone"].tolist() == every.loc[every["id"] == 900001, "phone"].tolist()
    assert (one["id"].dtype, one["created_datetime"].dtype) == (every["id"].dtype, every["created_datetime"].dtype)
    assert one.attrs["spoki"]["rows"] == 1


WRONG = [
    (["contacts", "--id", "anna"], "--id must be a whole number."),
    (["webhooks.expands"], "It takes an --id: spoki-analytics load webhooks.expands --id ID."),
    (["contacts.lists", "--id", "1"], "It takes no --id: spoki-analytics load contacts.lists."),
    (["partners.account-report", "--id", "4100"], "needs --filter start=... --filter end=..."),
    (["contacts", "--id", "1", "--filter", "status=Subscribed"], "--id takes no filters"),
]


@pytest.mark.parametrize(("given", "complaint"), WRONG, ids=[" ".join(given) for given, _ in WRONG])
def test_wrong_words_ask_nothing(run: Run, sandbox: Sandbox, given: list[str], complaint: str) -> None:
    told = run("load", *given)
    assert (told.code, told.out, sandbox.requests) == (2, "", [])
    assert complaint in told.err


def test_one_that_does_not_exist(run: Run, sandbox: Sandbox) -> None:
    assert run("load", "contacts", "--id", "1").code == 1
