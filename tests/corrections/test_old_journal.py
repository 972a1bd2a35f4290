"""Files that 0.1.0 wrote are taken over: nothing is lost, nothing is doubled, nothing is sent a second time.

The files in ``data`` were written by 0.1.0 itself (commit 67b5126) against its sandbox; user and host are invented. In
"interrupted" it was killed while it waited for the answer to the fourth of six requests, in "torn" in the middle of
writing an outcome.
"""

from __future__ import annotations

import json
import os
import signal
from collections import defaultdict
from datetime import datetime
from pathlib import Path

import pytest

from spoki_analytics.corrections.log import Log
from spoki_analytics.errors import AlreadyAppliedError, JournalError, UsageError
from tests.corrections.spoki_double import contact

DATA = Path(__file__).with_name("data")
NAMES = ["applied", "interrupted", "masked", "torn", "undone", "unknown"]
OUTCOMES = ["applied", "skipped", "failed", "unknown", "open"]


def written(name: str) -> bytes:
    return (DATA / f"journal_0_1_0_{name}.jsonl").read_bytes()


def lines(content: bytes) -> list[dict]:
    """The records of a file as 0.1.0 reads them."""
    found = []
    for line in content.split(b"\n"):
        try:
            found.append(json.loads(line))
        except ValueError:
            continue
    return found


def told_by_0_1_0(content: bytes) -> dict[str, dict[int, str]]:
    """Where each change of each plan stands, reckoned as 0.1.0 does it."""
    plans: dict[str, dict[int, str]] = defaultdict(dict)
    for record in lines(content):
        plan = plans[record["plan"]]
        if record["kind"] == "intent":
            datetime.fromisoformat(record["at"])
            plan |= dict.fromkeys(record["changes"], "unknown")
        elif record["kind"] == "outcome":
            plan |= {int(text): state for text, (state, _) in record["states"].items()}
    return plans


def lay(path: Path, content: bytes) -> Path:
    """Put a file of 0.1.0 where it kept it."""
    old = path.with_suffix(".jsonl")
    old.parent.mkdir(parents=True, exist_ok=True)
    old.write_bytes(content)
    return old


@pytest.fixture
def log(tmp_path):
    return Log(tmp_path / "journal" / "a.sqlite", "key", "4100")


@pytest.mark.parametrize("name", NAMES)
def test_everything_in_it_is_known(log, name):
    content = written(name)
    lay(log.path, content)
    standings = {entry.plan: log.standing(entry.plan).states for entry in log.entries()}
    assert standings == told_by_0_1_0(content)
    taken = [json.loads(line) for line in log.json_lines().splitlines()]
    assert [{k: v for k, v in record.items() if k not in ("key", "account")} for record in taken] == lines(content)
    assert {record["key"] for record in taken if record["kind"] == "plan"} == {"key"}


@pytest.mark.parametrize(
    ("name", "counts"),
    {
        "applied": [[2, 0, 0, 0, 0], [1, 2, 0, 0, 0], [1, 0, 0, 0, 0], [1, 0, 0, 0, 0]],
        "interrupted": [[3, 1, 0, 1, 1]],
        "masked": [[2, 0, 0, 0, 0], [0, 0, 0, 1, 0]],
        "torn": [[1, 0, 0, 1, 2]],
        "undone": [[2, 0, 0, 0, 0], [2, 0, 0, 0, 0]],
        "unknown": [[0, 0, 0, 1, 0], [0, 0, 0, 1, 0]],
    }.items(),
    ids=NAMES,
)
def test_it_is_shown_as_ever(spoki, name, counts):
    lay(spoki.journal.log.path, written(name))
    assert spoki.journal.show()[OUTCOMES].to_numpy().tolist() == counts


@pytest.mark.parametrize("name", NAMES)
def test_it_stays_beside_and_is_taken_over_once(log, name):
    content = written(name)
    old = lay(log.path, content)
    first = log.json_lines()
    kept = old.read_bytes()
    assert kept.startswith(content)
    assert log.json_lines() == Log(log.path, "key", "4100").json_lines() == first
    assert old.read_bytes() == kept


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and kill -9, which Windows has not")
@pytest.mark.parametrize("point", [*range(15), "rename"])
def test_killed_while_it_is_taken_over_it_is_taken_over_again(log, workers, point):
    content = written("applied")
    lay(log.path, content)
    assert len(lines(content)) == 15
    workers.start("take_over", path=str(log.path), point=point)
    assert workers.status() == -signal.SIGKILL
    assert not log.path.exists()
    assert len(log.json_lines().splitlines()) == 15
    assert {entry.plan: log.standing(entry.plan).states for entry in log.entries()} == told_by_0_1_0(content)


def test_what_a_batch_of_0_1_0_adds_meanwhile_is_taken_over_too(log):
    content = written("applied")
    cut = content.index(b'{"kind":"outcome"')
    old = lay(log.path, content[:cut])
    assert log.entries()[0].counts["unknown"] == 1
    for line in content[cut:].splitlines(keepends=True):
        with old.open("ab") as file:
            file.write(line)
        log.entries()
    assert {entry.plan: log.standing(entry.plan).states for entry in log.entries()} == told_by_0_1_0(content)


def test_both_versions_hold_the_same_locks(log):
    with log.lock() as lock, log.hold("20261128-015556-6d4ef2"):
        assert Path(lock.lock_file).name == "a.lock"
        assert (log.path.parent / "a-20261128-015556-6d4ef2.lock").exists()


def test_0_1_0_stops_at_the_file_that_was_taken_over(log):
    old = lay(log.path, written("torn"))
    log.entries()
    with pytest.raises(ValueError, match=r"The journal has moved: .* Nothing was sent\."):
        told_by_0_1_0(old.read_bytes())


def test_a_file_of_0_1_0_that_appears_later_is_taken_over_as_well(log):
    lay(log.path, written("undone"))
    log.entries()
    other = Log(log.path.with_name("b.sqlite"))
    assert other.entries() == []
    other.append("plan", "new", fingerprint="f", by="anna", masked=True, operations=[], changes=["contact 1"])
    lay(other.path, written("undone"))
    assert [entry.plan for entry in other.entries()] == ["new", *(entry.plan for entry in log.entries())]


def test_a_record_that_is_none_is_refused_with_the_name_of_the_file(log):
    old = lay(log.path, b'{"kind":"plan","plan":"a","at":"2026-11-28T01:55:54+00:00"}\n')
    with pytest.raises(JournalError, match="is damaged") as refused:
        log.entries()
    assert str(old) in str(refused.value)
    assert not log.path.exists()


def world(double, content: bytes, *, not_done: tuple[str, ...] = ("open",)) -> dict[int, str]:
    """Give the double the contacts of a file, as far as 0.1.0 had come with them; gives where each stands."""
    states = told_by_0_1_0(content)
    stands = {}
    for record in lines(content):
        for number, change in enumerate(record["changes"] if record["kind"] == "plan" else ()):
            target = change["step"]["path"]["id"]
            stands[target] = states[record["plan"]].get(number, "open")
            values = change["before"] if stands[target] in not_done else change["after"]
            double.add("contacts", contact(target, **{"first_name": "Anna", **values}))
    return stands


@pytest.mark.parametrize("not_done", [("open",), ("open", "unknown")], ids=["it happened", "it did not happen"])
@pytest.mark.parametrize("name", ["interrupted", "torn"])
def test_an_interrupted_batch_is_resumed_and_sends_what_is_missing(client, double, name, not_done):
    content = written(name)
    missing = [target for target, state in world(double, content, not_done=not_done).items() if state in not_done]
    lay(client().journal.log.path, content)
    outcome = client().journal.resume(lines(content)[0]["plan"])
    assert set(outcome["outcome"]) <= {"applied", "skipped"}
    assert sorted(path for _, path, _ in double.writes) == sorted(f"/api/1/contacts/{each}/" for each in missing)
    assert {row["first_name"] for row in double.records["contacts"].values()} == {"Anna"}


def test_what_is_unknown_is_read_back(spoki, double):
    content = written("unknown")
    double.add("contacts", contact(900400, first_name="Anna"))
    lay(spoki.journal.log.path, content)
    assert spoki.journal.resolve()["outcome"].tolist() == ["applied", "failed"]
    assert double.writes == []


def test_what_was_applied_is_undone(spoki, double):
    content = written("undone")
    world(double, content)
    first, second = (record for record in lines(content) if record["kind"] == "plan")
    lay(spoki.journal.log.path, content)
    undo = spoki.journal.undo(second["plan"])
    assert [change.after for change in undo.changes] == [change["before"] for change in reversed(second["changes"])]
    assert undo.apply()["outcome"].tolist() == ["applied", "applied"]
    assert first["plan"] != second["plan"]


def test_of_a_masked_one_no_values_are_known(spoki):
    content = written("masked")
    lay(spoki.journal.log.path, content)
    (entry, _) = spoki.journal.log.entries()
    with pytest.raises(UsageError, match="keeps no values"):
        spoki.journal.undo(entry.plan)
    assert spoki.journal.show(entry.plan)["target"].tolist() == ["contact 900400", "contact 900399"]
    assert spoki.journal.resolve()["outcome"].tolist() == ["unknown"]


def test_what_0_1_0_created_is_not_created_again(spoki, double):
    content = written("applied")
    (made,) = [r["changes"][0] for r in lines(content) if r["kind"] == "plan" and r["operations"] == ["create_ticket"]]
    lay(spoki.journal.log.path, content)
    asked = made["step"]["body"]
    rows = [asked, {**asked, "title": "Another"}]
    with pytest.raises(AlreadyAppliedError, match=r"1 of these was sent .* by anna@office"):
        spoki.tickets.create(rows).apply()
    assert double.writes == []


def test_what_0_1_0_applied_is_not_applied_again(spoki, double):
    double.add("contacts", contact(900400, first_name="Grace"), contact(900399, first_name="Ada"))
    plan = spoki.contacts.update([900400, 900399], first_name="Anna", last_name="Rossi")
    # The fingerprint holds the account, and so the port of the server that the file was written against.
    content = written("applied")
    content = content.replace(lines(content)[0]["fingerprint"].encode(), plan.fingerprint.encode())
    lay(spoki.journal.log.path, content)
    with pytest.raises(AlreadyAppliedError, match="was applied at 2026-11-28"):
        plan.apply()
    assert double.writes == []


def test_a_damaged_line_in_the_middle_is_refused_and_nothing_is_sent_again(spoki, double):
    content = written("applied")
    (made,) = [line for line in content.splitlines(keepends=True) if b'"operations":["create_ticket"]' in line]
    lay(spoki.journal.log.path, content.replace(made, made.replace(b'"kind"', b'"k\x01nd"')))
    asked = json.loads(made)["changes"][0]["step"]["body"]
    with pytest.raises(JournalError, match="is damaged"):
        spoki.tickets.create(**asked).apply()
    assert double.writes == []
