import os
import sqlite3
import subprocess
import sys
import threading
import time

import pytest
from pyrate_limiter import SQLiteBucket

from spoki_analytics import SpokiWarning
from spoki_analytics.api.pacing import Pace
from spoki_analytics.catalogue import operation
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
