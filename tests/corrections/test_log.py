"""What is asked of the journal of one key, and what is added to it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from spoki_analytics.corrections.change import State
from spoki_analytics.corrections.log import Log
from spoki_analytics.errors import JournalError

AT = datetime(2026, 11, 22, 18, 4, 12, tzinfo=UTC)
IN_ROME = AT.astimezone(timezone(timedelta(hours=1)))


def change(number: int) -> dict[str, object]:
    step = {"operation": "create_ticket", "path": {}, "body": {"title": f"T{number}"}, "query": {}}
    return {"step": step, "target": f"ticket {number}"}


def essence(number: int) -> bytes:
    return b'["create_ticket",{},{"title":"T%d"},{}]' % number


def opened(log: Log, plan: str, *changes: object, fingerprint: str = "f", masked: bool = False) -> None:
    facts = {"fingerprint": fingerprint, "by": "anna@office", "masked": masked, "operations": ["create_ticket"]}
    log.append("plan", plan, changes=list(changes), **facts)


@pytest.fixture
def log(tmp_path):
    return Log(tmp_path / "journal" / "a.sqlite", "key", "4100", clock=lambda: IN_ROME)


def test_it_counts_states_from_its_records(log):
    opened(log, "p", change(0), change(1), change(2))
    log.append("intent", "p", changes=[0, 1], operation="create_ticket", path={})
    log.append("outcome", "p", states={"0": ["applied", ""]}, created={"0": 7}, status=200)
    standing = log.standing("p")
    assert standing.positions(State.APPLIED) == [0]
    assert standing.positions(State.UNKNOWN) == [1]
    assert standing.notes == {0: "", 1: "interrupted before its outcome was known"}
    assert standing.created == {0: 7}
    assert standing.statuses == {0: 200, 1: None}
    assert standing.opened == {0: AT, 1: AT}
    (entry,) = log.entries()
    counts = {"changes": 3, "applied": 1, "skipped": 0, "failed": 0, "unknown": 1, "open": 1}
    assert (entry.counts, entry.has_acted, entry.at) == (counts, True, AT.isoformat())


def test_it_finds_a_plan_by_its_fingerprint_and_by_its_id(log):
    for plan, fingerprint in {"a": "f", "b": "g", "c": "f"}.items():
        opened(log, plan, change(0), fingerprint=fingerprint)
    assert [entry.plan for entry in log.entries()] == ["a", "b", "c"]
    assert [entry.plan for entry in log.entries("f")] == ["a", "c"]
    assert log.entry("b") == log.entries()[1]
    assert log.entry("d") is None
    assert log.changes("b") == [change(0)]


def test_it_knows_what_was_sent_with_whichever_plan(log):
    opened(log, "a", change(0), change(1))
    opened(log, "b", change(1), change(2), change(3))
    assert log.sent([essence(1)]) is None
    log.append("intent", "b", changes=[0, 2], operation="create_ticket", path={})
    log.append("outcome", "b", states={"2": ["applied", ""]}, created={}, status=201)
    entry, count = log.sent(map(essence, range(9)))
    assert (entry.plan, count) == ("b", 2)
    log.append("outcome", "b", states={"0": ["failed", "no"]}, created={}, status=400)
    assert log.sent([essence(1), essence(2)]) is None


def test_a_masked_plan_is_known_by_nothing_that_could_be_guessed(log):
    opened(log, "a", "contact [masked]", masked=True)
    log.append("intent", "a", changes=[0], operation="create_ticket", path={})
    assert log.changes("a") == ["contact [masked]"]
    assert log.sent([essence(0)]) is None


def test_asking_leaves_no_trace_where_there_is_no_journal(log):
    assert log.entries() == log.changes("p") == []
    assert log.json_lines() == b""
    assert log.standing("p").states == {}
    assert not log.path.parent.exists()


def test_what_belongs_to_no_plan_is_refused(log):
    opened(log, "a", change(0))
    with pytest.raises(JournalError, match=r"a\.sqlite is damaged \(plan b is not in it\)"):
        log.append("intent", "b", changes=[0], operation="create_ticket", path={})
    assert log.json_lines().count(b"\n") == 1


def test_each_plan_says_whose_it_is(log):
    opened(log, "a", change(0))
    record = json.loads(log.json_lines())
    assert (record["key"], record["account"]) == ("key", "4100")
