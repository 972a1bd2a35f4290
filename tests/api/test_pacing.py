import os
import random
import sqlite3
import subprocess
import sys
import threading
import time
from datetime import timedelta

import filelock
import pytest
import urllib3.connection
from pyrate_limiter import SQLiteBucket

from spoki_analytics import SpokiWarning
from spoki_analytics.api import pacing, pauses
from spoki_analytics.api.pacing import Pace
from spoki_analytics.catalogue import operation
from spoki_analytics.clock import real
from tests.conftest import Answer

LISTS = operation("list_lists")


def pace(directory, window=1.0):
    return Pace(directory / "rates", "one", window=window, default_rate=60, longest_pause=120)


def most_in_any_window(times, window=0.95):
    """Of a window of 1 s, less what a busy machine may add between a slot and its request."""
    return max(sum(1 for other in times if start <= other < start + window) for start in times)


def test_never_more_than_the_rate_in_any_window(script, client):
    script["/api/1/lists/"] = Answer([])
    spoki = client()
    for _ in range(11):
        spoki.lists.load(refresh=True)
    assert most_in_any_window([seen.at for seen in script.seen]) <= LISTS.rate


@pytest.mark.parametrize("write", [False, True])
def test_a_request_that_arrives_late_counts_from_its_arrival(script, client, monkeypatch, write):
    connect, lates = urllib3.connection.HTTPConnection.connect, [0.7]

    def late(connection):
        time.sleep(lates.pop() if lates else 0)
        connect(connection)

    monkeypatch.setattr(urllib3.connection.HTTPConnection, "connect", late)
    script["/api/1/lists/"] = Answer([])
    spoki = client()
    for _ in range(LISTS.rate + 1):
        if write:
            spoki.session.writes.wait_turn(LISTS)
            spoki.session.writes.send(LISTS, {}, None, {})
        else:
            spoki.lists.load(refresh=True)
    assert len(script.seen) == LISTS.rate + 1
    assert most_in_any_window([seen.at for seen in script.seen]) <= LISTS.rate


def test_repeats_cost_a_slot(script, client):
    script["/api/1/lists/"] = [Answer(b"", 500), Answer(b"", 500), Answer([])]
    spoki = client()
    left = spoki.session.pace.left(LISTS)
    spoki.lists.load()
    assert spoki.session.pace.left(LISTS) == left - 3


def test_cache_hits_cost_nothing(script, client):
    script["/api/1/lists/"] = Answer([])
    spoki = client()
    for _ in range(20):
        spoki.lists.load()
    assert spoki.session.pace.left(LISTS) == LISTS.rate - 1


def test_processes_share_one_rate(tmp_path):
    code = """
import sys, time
from pathlib import Path
from spoki_analytics.catalogue import operation
from spoki_analytics.api.pacing import Pace
pace = Pace(Path(sys.argv[1]) / "rates", "one", window=1.0, default_rate=60, longest_pause=120)
for _ in range(6):
    pace.take(operation("list_lists"))
    print(time.time())
"""
    runs = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE) for _ in range(2)]
    times = sorted(float(line) for run in runs for line in run.communicate()[0].split())
    assert len(times) == 12
    assert most_in_any_window(times) <= LISTS.rate


def test_operations_have_budgets_of_their_own(tmp_path):
    one = pace(tmp_path, window=60)
    for _ in range(LISTS.rate):
        one.take(LISTS)
    assert one.left(LISTS) == 0
    assert one.left(operation("list_accounts")) == operation("list_accounts").rate


def test_a_pause_is_seen_by_another_process_of_the_key(tmp_path):
    pace(tmp_path).pause(LISTS, 0.5)
    waits = []
    started = time.monotonic()
    pace(tmp_path).take(LISTS, waits.append)
    assert time.monotonic() - started >= 0.45
    assert waits


def test_a_pause_is_never_shortened(tmp_path):
    one = pace(tmp_path)
    one.pause(LISTS, 0.4)
    one.pause(LISTS, 0.0)
    waits = []
    one.take(LISTS, waits.append)
    assert sum(waits) > 0.3


def test_a_folder_that_cannot_be_made_costs_one_warning_and_keeps_the_rate(tmp_path):
    (tmp_path / "rates").write_text("in the way")
    with pytest.warns(SpokiWarning, match="for this process alone") as caught:
        one = pace(tmp_path, window=60)
        one.take(LISTS)
    assert len(caught) == 1
    assert one.left(LISTS) == LISTS.rate - 1


@pytest.mark.skipif(os.name != "posix", reason="file modes")
def test_the_rate_file_is_private(tmp_path):
    pace(tmp_path).take(LISTS)
    assert (tmp_path / "rates").stat().st_mode & 0o077 == 0


def test_a_rate_file_that_becomes_unusable_costs_one_warning_and_keeps_the_slots_taken(tmp_path, monkeypatch):
    one = pace(tmp_path, window=60)
    one.take(LISTS)
    one.take(LISTS)

    def full(*args):
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(SQLiteBucket, "put", full)
    with pytest.warns(SpokiWarning, match="disk is full") as caught:
        one.take(LISTS)
        one.take(LISTS)
    assert len(caught) == 1
    assert one.left(LISTS) == LISTS.rate - 4


def test_a_slot_is_dated_when_it_is_granted_not_when_it_was_waited_for(tmp_path):
    one, other = pace(tmp_path, window=60), pace(tmp_path, window=60)
    one.take(LISTS)
    lock = one._buckets[LISTS.slug].limiter_lock()
    other.left(LISTS)
    with lock:
        waiting = threading.Thread(target=other.take, args=(LISTS,))
        waiting.start()
        time.sleep(0.3)
        released = time.time_ns() // 1_000_000
    waiting.join()
    assert other._taken[LISTS.slug][0] >= released


def test_it_is_known_which_operations_were_requested_with_a_key(tmp_path):
    one = pace(tmp_path)
    one.left(LISTS)
    assert not one.was_used(LISTS)
    one.take(LISTS)
    assert pace(tmp_path).was_used(LISTS)
    assert not pace(tmp_path).was_used(operation("list_accounts"))


def test_slots_are_of_the_day_on_which_requests_go_out_whatever_day_is_simulated(tmp_path, monkeypatch):
    monkeypatch.setenv("SPOKI_CLOCK_OFFSET", "86400")
    for _ in range(LISTS.rate):
        pace(tmp_path).take(LISTS)
    pace(tmp_path).pause(LISTS, 0.2)
    monkeypatch.delenv("SPOKI_CLOCK_OFFSET")

    def wait(seconds):
        assert seconds < 2, "a simulated day keeps others waiting"

    pace(tmp_path).take(LISTS, wait)


@pytest.fixture
def machine(monkeypatch):
    """The machine's clock, set ahead by so many seconds."""

    def ahead(seconds):
        moment = real()
        monkeypatch.setattr(pacing, "real", lambda: moment + timedelta(seconds=seconds))
        monkeypatch.setattr(pauses, "real", lambda: moment + timedelta(seconds=seconds))

    return ahead


@pytest.mark.parametrize("ahead", [30, 3600, 86_400 * 365])
def test_slots_from_a_clock_that_was_ahead_keep_nobody_longer_than_a_window(tmp_path, machine, ahead):
    machine(ahead)
    for _ in range(LISTS.rate):
        pace(tmp_path, window=60).take(LISTS)
    machine(0)
    with pytest.raises(InterruptedError) as waiting:
        pace(tmp_path, window=60).take(LISTS, _refuse_to_wait)
    assert 55 < waiting.value.args[0] <= 62


@pytest.mark.parametrize("ahead", [30, 3600, 86_400 * 365])
def test_a_pause_from_a_clock_that_was_ahead_is_no_longer_than_it_was_asked_for(tmp_path, machine, ahead):
    machine(ahead)
    pace(tmp_path).pause(LISTS, 1)
    machine(0)
    waits = []
    machine(0)
    with pytest.raises(InterruptedError) as waiting:
        pace(tmp_path).take(LISTS, _refuse_to_wait)
    assert 0 < waiting.value.args[0] <= 1
    machine(1.1)
    pace(tmp_path).take(LISTS, waits.append)
    assert waits == []


def test_a_pause_that_an_older_version_noted_ahead_is_not_believed(tmp_path):
    one = pace(tmp_path)
    stamp = tmp_path / "rates" / f"one-{LISTS.slug}.pause"
    stamp.touch()
    os.utime(stamp, (2**32, 2**32))
    waits = []
    one.take(LISTS, waits.append)
    assert waits == []


def _refuse_to_wait(seconds):
    raise InterruptedError(seconds)


def test_a_slot_that_is_given_back_is_free_again(tmp_path):
    one = pace(tmp_path, window=60)
    one.take(LISTS)
    one.take(LISTS)
    one.give_back(LISTS)
    assert one.left(LISTS) == pace(tmp_path, window=60).left(LISTS) == LISTS.rate - 1


@pytest.mark.parametrize("content", [random.Random(1).randbytes(3000), b"SQLite format 3\x00" + bytes(3000)])
def test_a_broken_rate_file_is_put_aside_and_made_anew(tmp_path, content):
    first = pace(tmp_path, window=60)
    first.take(LISTS)
    first.close()  # one that is open would write its pages over the broken ones when it goes
    file = tmp_path / "rates" / "one.sqlite"
    for each in file.parent.glob("one.sqlite-*"):
        each.unlink()
    file.write_bytes(content)
    with pytest.warns(SpokiWarning, match=r"made anew.*one\.sqlite\.broken, which may be deleted"):
        pace(tmp_path, window=60).take(LISTS)
    again = pace(tmp_path, window=60)
    again.take(LISTS)
    assert again.left(LISTS) == LISTS.rate - 2


def test_a_lock_that_a_stopped_process_holds_costs_a_warning_and_no_more(tmp_path, monkeypatch):
    monkeypatch.setattr(pacing, "_LOCK_SECONDS", 0.1)
    one = pace(tmp_path, window=60)
    with filelock.FileLock(tmp_path / "rates" / "one.sqlite.lock"), pytest.warns(SpokiWarning, match="cannot be used"):
        one.take(LISTS)


@pytest.mark.parametrize(("count", "windows"), [(1, 0), (5, 0), (6, 1), (10, 1), (11, 2)])
def test_how_long_requests_wait_is_told_in_windows(tmp_path, count, windows):
    assert LISTS.rate == 5
    assert pace(tmp_path, window=60).seconds(LISTS, count) == windows * 60


def test_slots_that_are_taken_already_make_the_wait_longer(tmp_path):
    used = pace(tmp_path, window=60)
    used.take(LISTS)
    assert [used.seconds(LISTS, count) for count in (4, 5, 9, 10)] == [0, 60, 60, 120]


def test_closing_a_client_closes_its_file_of_rates(script, client):
    script["/api/1/tags/"] = Answer([])
    spoki = client()
    spoki.tags.load()
    assert spoki.session.pace._buckets
    spoki.close()
    assert not spoki.session.pace._buckets
    spoki.close()
