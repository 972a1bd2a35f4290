"""``--verbose``: what the client does at Spoki's, on stderr."""

from __future__ import annotations

import logging

import pytest

from tests.cli.conftest import Run
from tests.conftest import KEY, Answer, Script

TAGS = "/api/1/tags/"
ROWS = [{"id": 1, "name": "a very private name", "color": None, "order": 0}]


@pytest.mark.parametrize(
    "words",
    [("--verbose", "load", "tags"), ("load", "tags", "--verbose"), ("--verbose", "load", "tags", "--verbose")],
    ids=["before", "after", "both"],
)
def test_before_or_after_the_command_it_says_each_thing_once(
    run: Run, spoki_api: Script, words: tuple[str, ...]
) -> None:
    spoki_api[TAGS] = Answer(ROWS)
    told = run(*words)
    assert told.code == 0
    assert told.err.count("sent GET /tags/ (list_tags) for key-") == 1
    assert "sent GET" not in told.out
    assert KEY not in told.err
    assert "private" not in told.err
    assert "from the store" in run("load", "tags", "--verbose").err


def test_without_it_nothing_is_said_also_after_a_command_that_had_it(run: Run, spoki_api: Script) -> None:
    spoki_api[TAGS] = Answer(ROWS)
    run("load", "tags", "--verbose")
    assert "sent" not in run("load", "tags", "--refresh").err
    assert logging.getLogger("spoki_analytics.api").level == logging.NOTSET


@pytest.mark.parametrize("command", ["load", "correct", "login", "doctor", "journal resume", "journal undo"])
def test_the_help_of_whatever_asks_spoki_names_it(run: Run, command: str) -> None:
    assert "--verbose" in run(*command.split(), "--help").out
