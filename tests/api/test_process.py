"""A client that came into a process by a fork is refused there, and works on where it was made."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import Answer

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
# multiprocessing itself warns of forking where threads run: that is what happens to people, and what is tested here.
_THREADS = pytest.mark.filterwarnings("ignore:.*use of fork.*:DeprecationWarning")


def in_fork(act: Callable[[], Any]) -> str:
    """What became of a call in a forked process: the text of its error, or ``fine``."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()

    def run() -> None:
        try:
            act()
            theirs.send("fine")
        except Exception as problem:
            theirs.send(f"{type(problem).__name__}: {problem}")

    child = context.Process(target=run)
    child.start()
    text: str = ours.recv()
    child.join()
    return text


@_THREADS
@pytest.mark.parametrize("call", ["tags", "lists", "campaigns", "contacts"])
def test_a_client_that_came_by_a_fork_is_refused_by_name(script, client, call):
    script["/api/1/tags/"] = Answer([])
    spoki = client()
    spoki.tags.load()
    text = in_fork(getattr(spoki, call).load)
    assert text.startswith("UsageError: This Spoki client was made in process")
    assert str(os.getpid()) in text
    assert f"the key …{spoki.session.account[-4:]}" in text
    assert script.paths() == ["/api/1/tags/"]


@_THREADS
def test_a_forked_client_does_not_guess_the_zone(script, client):
    spoki = client()
    assert in_fork(lambda: spoki.zone).startswith("UsageError")


@_THREADS
def test_no_correction_is_sent_by_a_forked_client(script, client):
    script["/api/1/lists/"] = [Answer([]), Answer({"id": 1, "name": "Neu"}, 201)]
    spoki = client(writes=True)
    plan = spoki.lists.create("Neu")
    seen = len(script.seen)
    assert in_fork(plan.apply).startswith("UsageError")
    assert len(script.seen) == seen


@_THREADS
def test_closing_in_a_fork_leaves_the_client_to_its_own_process(script, client):
    script["/api/1/tags/"] = Answer([])
    spoki = client()
    spoki.tags.load()
    assert in_fork(spoki.close) == "fine"
    assert len(spoki.tags.load(refresh=True)) == 0


def test_a_process_that_was_not_forked_is_its_own(script, client):
    script["/api/1/tags/"] = Answer([{"id": 1}])
    assert len(client().tags.load()) == 1


@_THREADS
def test_a_client_made_in_the_fork_works_there(script, client):
    script["/api/1/tags/"] = Answer([])

    def load() -> None:
        client().tags.load()

    assert in_fork(load) == "fine"
