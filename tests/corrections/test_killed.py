"""kill -9 at any point of a batch: no row is sent twice, the journal knows every request, resume completes the rest."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import tempfile
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import KEY
from tests.corrections.spoki_double import ticket
from tests.depth import depth

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and kill -9, which Windows has not")
ROWS = 300
"""Rows of a batch; more than those up to which the preview reads each target by itself."""
RUNS = range(depth(10, 100))


@pytest.fixture
def quick_folder():
    """A folder in memory where there is one: what a killed process has written is there all the same, only sooner."""
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None) as folder:
        yield Path(folder)


@pytest.mark.parametrize("seed", RUNS)
def test_killed_anywhere_every_row_is_sent_once(double, workers, quick_folder, seed):
    rows = ROWS
    double.add("tickets", *[ticket(n) for n in range(1, rows + 1)])
    environment = {
        "SPOKI_API_KEY": KEY,
        "SPOKI_BASE_URL": double.base_url,
        "SPOKI_RATE_WINDOW": "0.5",
        "SPOKI_DEFAULT_RATE": "5000",
        "SPOKI_CACHE_DIR": str(quick_folder / "cache"),
        "SPOKI_DATA_DIR": str(quick_folder / "data"),
    }
    chance = random.Random(seed)
    fatal = chance.randrange(rows)
    lag = chance.choice([None, 0.0, chance.random() * 0.01])
    victim: list[int] = []
    known = threading.Event()

    def kill() -> None:
        known.wait()
        os.kill(victim[0], signal.SIGKILL)

    def strike(method: str, path: str) -> bool:
        """With the fatal request: kill at once and lose the answer, or answer and kill a little later."""
        if len(double.writes) != fatal + 1:
            return False
        if lag is None:
            kill()
            return True
        threading.Timer(lag, kill).start()
        return False

    double.lose = strike
    victim.append(workers.start("apply", environment=environment, rows=rows))
    known.set()
    assert workers.status() in (-signal.SIGKILL, 0)
    double.lose = lambda method, path: False
    time.sleep(0.02)
    known_requests = intents(quick_folder)
    assert {path for _, path, _ in double.writes} <= known_requests
    before = len(double.writes)
    assert fatal < before <= rows
    workers.start("resume", environment=environment)
    assert workers.status() == 0
    sent = [path for _, path, _ in double.writes]
    assert len(sent) == len(set(sent)) == rows
    assert {row["status"] for row in double.records["tickets"].values()} == {"Closed"}
    assert intents(quick_folder) == set(sent)


def intents(quick_folder: Path) -> set[str]:
    """What the file says was sent, read with sqlite alone."""
    (journal,) = (quick_folder / "data" / "journal").glob("*.sqlite")
    with closing(sqlite3.connect(journal)) as database:
        rows = database.execute("SELECT content FROM events WHERE kind = 'intent'").fetchall()
    return {f"/api/1/tickets/{json.loads(content)['path']['id']}/" for (content,) in rows}
