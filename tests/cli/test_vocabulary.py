"""Each surface in its own words: no Python in the errors of the shell, no options in the errors of Python."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from spoki_analytics import Sandbox, Spoki, SpokiError
from tests.cli import test_correct, test_load, test_operations
from tests.cli.conftest import Run

PYTHON = re.compile(
    r"\w\([^)]*\)|\w=(?:True|False|None|['\"])|\b(?:DataFrame|frame|spoki\.|plan\.|dtype|argument|keyword|Parameter)\b"
)
"""Calls, keyword arguments with their values, and things that only Python has."""
OPTION = re.compile(r"(?<![\w`-])--\w")
WORDS = [
    *(("load", *words) for words, _ in test_load.WRONG + test_operations.WRONG),
    *(("correct", *words) for words, _ in test_correct.WRONG),
    ("load", "reports", "--filter", "start=2026-10-31", "--filter", "end=2026-10-01"),
    ("load", "reports", "--filter", "start=2026-10-01", "--filter", "granularity=Hour"),
    ("load", "campaigns", "--filter", "scheduled_from=soon"),
    ("correct", "lists", "remove-contacts", "--id", "41001"),
    ("correct", "contacts", "update", "--from-file", "empty.csv"),
    ("correct", "contacts", "update", "--id", "900001", "--set", "email=", "--apply"),
    ("journal", "show", "20261122-180412-3fa94c"),
    ("journal", "undo", "20261122-180412-3fa94c"),
    ("operations", "--family", "contact"),
    ("report", "nothing", "--demo"),
    ("report", "usage", "--from", "soon", "--demo"),
]


@pytest.fixture
def sandbox(spoki_sandbox_factory: Callable[..., Sandbox], monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    """A sandbox whose rates nobody meets."""
    monkeypatch.setenv("SPOKI_RATE_WINDOW", "0.001")
    return spoki_sandbox_factory(window=1e-9)


@pytest.mark.parametrize("words", WORDS, ids=" ".join)
def test_a_wrong_command_is_answered_in_the_words_of_the_shell(
    run: Run, sandbox: Sandbox, words: tuple[str, ...]
) -> None:
    Path("rows.csv").write_text("id,email\n900001,anna@example.com\n", encoding="utf-8")
    Path("empty.csv").write_text("id,email\n900001,\n", encoding="utf-8")
    told = run(*words)
    assert told.code != 0
    assert PYTHON.findall(told.out + told.err) == []


def test_what_was_done_before_is_refused_in_the_words_of_the_shell(run: Run, sandbox: Sandbox) -> None:
    words = ("correct", "contacts", "block", "--id", "900010")
    fingerprint = run(*words).out[5:17]
    assert run(*words, "--apply", "--yes", fingerprint).code == 0
    assert run("correct", "contacts", "unblock", "--id", "900010", "--apply", "--yes", "0").code == 2
    undone = run("correct", "contacts", "unblock", "--id", "900010").out[5:17]
    assert run("correct", "contacts", "unblock", "--id", "900010", "--apply", "--yes", undone).code == 0
    told = run(*words, "--apply", "--yes", fingerprint)
    assert told.code == 2
    assert "--again" in told.err
    assert PYTHON.findall(told.err) == []


def wrong_calls(spoki: Spoki) -> Iterator[Callable[[], Any]]:
    yield lambda: spoki.contacts.load(limit=0)
    yield lambda: spoki.contacts.load(status="subscribed")
    yield lambda: spoki.reports.load("2026-10-31", "2026-10-01")
    yield lambda: spoki.reports.load("2026-10-01", "2026-10-02", form="broad")
    yield lambda: spoki.reports.load("2026-10-01", "2026-10-02", granularity="Hour")
    yield lambda: spoki.campaigns.load(scheduled_from="soon")
    yield lambda: spoki.contacts.update(900001)
    yield lambda: spoki.contacts.update([{"id": 900001, "email": ""}], missing="drop")
    yield lambda: spoki.lists.remove_contacts(41001)
    yield lambda: spoki.contacts.block(900010).apply()
    yield lambda: spoki.journal.show("20261122-180412-3fa94c")
    yield lambda: Spoki(base_url="ftp://example.com")


def test_a_wrong_call_is_answered_in_the_words_of_python(sandbox: Sandbox) -> None:
    with Spoki() as spoki:
        for wrong in wrong_calls(spoki):
            with pytest.raises(SpokiError) as caught:
                wrong()
            assert OPTION.findall(str(caught.value)) == []
