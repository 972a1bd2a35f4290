"""The file of a journal: what is in it lasts, what is damaged is refused, and neither is forgotten in silence."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import stat
import time
from collections import Counter
from contextlib import closing, contextmanager, suppress

import pytest

from spoki_analytics.corrections import journal_file
from spoki_analytics.corrections.journal_file import VERSION, JournalFile
from spoki_analytics.corrections.log import Log
from spoki_analytics.errors import JournalError, UsageError
from tests.corrections.spoki_double import ticket
from tests.corrections.test_log import change, essence, opened
from tests.depth import depth

DAMAGES = range(depth(40, 2000))
KILLS = range(depth(20, 500))
needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and kill -9, which Windows has not")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "journal" / "a.sqlite"


@pytest.fixture
def log(path):
    """A journal in which one plan was applied."""
    log = Log(path, "key", "4100")
    opened(log, "a", *map(change, range(40)))
    log.append("intent", "a", changes=list(range(40)), operation="create_ticket", path={})
    log.append("outcome", "a", states={str(n): ["applied", ""] for n in range(40)}, created={}, status=201)
    return log


def test_a_record_is_on_the_disk_when_it_is_acknowledged(log, path):
    with JournalFile(path, "key", "4100").transaction() as database:
        settings = {name: database.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")}
    assert settings == {"journal_mode": "delete", "synchronous": 3}
    assert sorted(file.name for file in path.parent.iterdir()) == ["a.lock", "a.sqlite"]


def test_whatever_the_file_is_made_of_is_private(log, path):
    seen = set()
    with JournalFile(path, "key", "4100").transaction() as database:
        database.execute("DELETE FROM events")
        seen |= {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
        assert (path.parent / "a.sqlite-journal").exists()
    assert seen == {0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_transaction_that_was_cut_off_did_not_happen(log, path):
    before = log.json_lines()
    torn = {}
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA cache_spill=1")
        database.execute("PRAGMA cache_size=1")
        database.execute("UPDATE changes SET state = 'unsent', note = ?", ("x" * 4000,))
        torn = {name: (path.parent / name).read_bytes() for name in ("a.sqlite", "a.sqlite-journal")}
        database.rollback()
    assert torn["a.sqlite"] != path.read_bytes()
    for name, content in torn.items():
        (path.parent / name).write_bytes(content)
    assert log.json_lines() == before
    assert log.entries()[0].counts["applied"] == 40


def test_making_the_file_is_begun_anew_where_it_was_cut_off(path):
    path.parent.mkdir()
    path.with_suffix(".new").write_bytes(b"half a file")
    log = Log(path)
    opened(log, "a", change(0))
    assert [entry.plan for entry in log.entries()] == ["a"]
    assert not path.with_suffix(".new").exists()


@pytest.mark.parametrize("seed", DAMAGES)
def test_damage_is_refused_and_what_was_sent_is_never_forgotten(log, path, seed):
    chance = random.Random(seed)
    content = bytearray(path.read_bytes())
    start = chance.randrange(len(content))
    length = chance.choice([1, 16, 512, 4096])
    content[start : start + length] = chance.choice([bytes(length), chance.randbytes(length)])
    path.write_bytes(content)
    with suppress(JournalError):
        log.require_sound()
        assert [entry.has_acted for entry in log.entries("f")] == [True]
        assert log.sent([essence(7)])[1] == 1
        assert set(log.standing("a").states.values()) == {"applied"}


@pytest.mark.parametrize("content", [b"", b"no database" * 100, "half"], ids=["empty", "another file", "half of it"])
def test_a_file_that_is_no_journal_is_refused_and_left_as_it_is(client, double, content):
    double.add("tickets", ticket(1))
    spoki = client()
    spoki.tickets.update(1, status="Closed").apply()
    path = spoki.journal.log.path
    whole = path.read_bytes()
    damaged = whole[: len(whole) // 2] if content == "half" else content
    path.write_bytes(damaged)
    double.records["tickets"][1]["status"] = "Open"
    plan = client().tickets.update(1, status="Closed")
    with pytest.raises(JournalError, match="is damaged") as refused:
        plan.apply()
    assert str(path) in str(refused.value)
    assert len(double.writes) == 1
    assert path.read_bytes() == damaged


def test_what_can_be_read_of_a_damaged_file_is_counted_and_written_elsewhere(client, double, tmp_path):
    double.add("tickets", *map(ticket, range(1, 200)))
    spoki = client()
    spoki.tickets.update(list(range(1, 200)), status="Closed").apply()
    path, whole = spoki.journal.log.path, spoki.journal.log.json_lines()
    content = bytearray(path.read_bytes())
    page = content.rindex(b'"operation":"update_ticket"') // 4096
    content[page * 4096 : (page + 1) * 4096] = bytes(4096)
    path.write_bytes(content)
    with pytest.raises(JournalError, match=r"\d+ records can still be read") as refused:
        client().tickets.update(1, status="Pending").apply()
    assert str(path) in str(refused.value)
    assert "journal export --salvage FILE" in refused.value.advice
    assert len(double.writes) == 199
    lines = spoki.journal.salvage(tmp_path / "readable.jsonl").read_bytes().splitlines()
    assert 200 < len(lines) < len(whole.splitlines())
    assert set(lines) <= set(whole.splitlines())
    assert path.read_bytes() == content
    with pytest.raises(UsageError, match="the journal itself"):
        spoki.journal.salvage(path)


def test_a_newer_file_is_refused_by_name_and_version(log, path):
    with closing(sqlite3.connect(path)) as database:
        database.execute(f"PRAGMA user_version={VERSION + 1}")
    with pytest.raises(JournalError, match=rf"a\.sqlite has version {VERSION + 1}.* knows version {VERSION}\."):
        log.entries()
    with pytest.raises(JournalError, match="newer"):
        opened(log, "b", change(0))


def test_a_file_that_is_gone_in_the_middle_of_a_batch_ends_it(client, double):
    double.add("tickets", *map(ticket, range(1, 4)))
    spoki = client()
    double.lose = lambda method, path: spoki.journal.log.path.unlink()
    plan = spoki.tickets.update([1, 2, 3], status="Closed")
    with pytest.raises(JournalError, match="is not in it"):
        plan.apply()
    assert len(double.writes) == 1


@contextmanager
def filling_disk():
    """Gives what makes the disk full for this process; after the block it is free again, for pytest writes as well."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        yield lambda *_: resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_on_a_full_disk_nothing_is_sent(client, double, monkeypatch):
    double.add("tickets", ticket(1))
    spoki = client()
    plan = spoki.tickets.update(1, status="Closed")
    with filling_disk() as fill:
        monkeypatch.setattr(spoki.journal._sender, "wait_turn", fill)
        with pytest.raises(OSError, match="I/O") as refused:
            plan.apply()
    assert refused.value.filename == str(spoki.journal.log.path)
    assert double.writes == []


@pytest.mark.filterwarnings("ignore:The rate file")  # where the request took so long that its slot counts anew
def test_what_was_sent_while_the_disk_became_full_is_unknown(client, double):
    double.add("tickets", *map(ticket, range(1, 4)))
    spoki = client()
    plan = spoki.tickets.update([1, 2, 3], status="Closed")
    with filling_disk() as fill:
        double.lose = fill
        with pytest.raises(OSError, match="I/O"):
            plan.apply()
    assert len(double.writes) == 1
    assert spoki.journal.show()[["unknown", "open"]].iloc[0].tolist() == [1, 2]


@pytest.mark.parametrize(
    ("code", "name"), [(sqlite3.SQLITE_FULL, "ENOSPC"), (sqlite3.SQLITE_IOERR_FSYNC, "EIO"), (None, None)]
)
def test_trouble_with_the_disk_is_no_damage(path, code, name):
    problem = sqlite3.OperationalError("trouble")
    if code is not None:
        problem.sqlite_errorcode = code
    with pytest.raises(OSError if code else JournalError, match="trouble") as raised, journal_file._explained(path):
        raise problem
    assert str(path) in str(raised.value)


def test_a_journal_on_a_disk_that_is_read_only_can_be_asked_but_not_added_to(log, path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    monkeypatch.setattr(JournalFile, "lock", lambda self: pytest.fail("a lock cannot be taken"))
    before = path.read_bytes()
    assert log.entries()[0].has_acted
    with JournalFile(path, "key", "4100").question() as database, pytest.raises(sqlite3.OperationalError):
        database.execute("DELETE FROM events")
    assert path.read_bytes() == before


@needs_fork
def test_a_forked_process_opens_the_file_for_itself(workers, path):
    workers.start("share", path=str(path), changes=[change(n) for n in range(3)])
    assert workers.status() == 0
    log = Log(path)
    assert set(log.standing("parent").states.values()) == {"unknown"}
    assert log.entries()[0].counts["open"] == 0
    log.require_sound()


@needs_fork
@pytest.mark.parametrize("seed", KILLS)
def test_killed_anywhere_what_was_acknowledged_is_there(workers, path, seed):
    victim = workers.start("append", path=str(path), changes=[change(n) for n in range(300)])
    time.sleep(random.Random(seed).random() * 0.2)
    os.kill(victim, signal.SIGKILL)
    assert workers.status() == -signal.SIGKILL
    notes = path.with_name("a.sqlite.acknowledged")
    acknowledged = dict(line.split() for line in notes.read_text().splitlines()) if notes.exists() else {}
    log = Log(path)
    log.require_sound()
    states = {str(position): str(state) for position, state in log.standing("p").states.items()}
    assert acknowledged.keys() <= states.keys()
    assert len(states) - len(acknowledged) <= 1
    assert [n for n, state in acknowledged.items() if state == "applied" and states[n] != "applied"] == []
    kinds = Counter(json.loads(line)["kind"] for line in log.json_lines().splitlines())
    assert kinds["intent"] == len(states)
    assert kinds["outcome"] == sum(state == "applied" for state in states.values())


def test_a_copy_of_the_file_is_a_journal(log, path, tmp_path):
    copy = tmp_path / "elsewhere" / "a.sqlite"
    copy.parent.mkdir()
    shutil.copy(path, copy)
    assert Log(copy).json_lines() == log.json_lines()
