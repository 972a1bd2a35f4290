"""A process that forks workers which correct something, so that a test can kill them anywhere at no cost.

It reads one JSON order a line and answers with the worker's process id, then with its exit status once it has ended.
The tests themselves do not fork: they have threads, and a fork of a process with threads may stand still.
"""

from __future__ import annotations

import itertools
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from spoki_analytics import Spoki
from spoki_analytics.corrections import journal_file
from spoki_analytics.corrections.log import Log

PLAN = {"fingerprint": "f", "by": "anna@office", "masked": False, "operations": ["create_ticket"]}


class Workers:
    """Forks workers; one at a time."""

    def __init__(self) -> None:
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
        self._process = subprocess.Popen(
            [sys.executable, __file__], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._line() == "ready"

    def start(self, do: str, **order: Any) -> int:
        """Give an order to a new worker; gives its process id."""
        self._process.stdin.write(json.dumps({"do": do, **order}) + "\n")
        self._process.stdin.flush()
        return int(self._line())

    def status(self) -> int:
        """Wait until it has ended; gives its exit status, negative for a signal."""
        return int(self._line())

    def close(self) -> None:
        self._process.communicate()

    def _line(self) -> str:
        return self._process.stdout.readline().strip()


def apply(environment: dict[str, str], rows: int) -> None:
    os.environ.update(environment)
    with Spoki(writes=True, progress=False) as spoki:
        spoki.tickets.update(list(range(1, rows + 1)), status="Closed").apply()


def resume(environment: dict[str, str]) -> None:
    os.environ.update(environment)
    with Spoki(writes=True, progress=False) as spoki:
        (plan,) = spoki.journal.show()["plan"]
        frame = spoki.journal.resume(plan)
        outcome = frame["outcome"]
        assert set(outcome) == {"applied"}, frame[outcome != "applied"].to_dict("records")


def append(path: str, changes: list[Any]) -> None:
    """Announce and conclude one change after the other, and note in a file beside what was acknowledged."""
    log = Log(Path(path))
    handle = os.open(f"{path}.acknowledged", os.O_CREAT | os.O_APPEND | os.O_WRONLY)
    log.append("plan", "p", changes=changes, **PLAN)
    for position in range(len(changes)):
        log.append("intent", "p", changes=[position], operation="create_ticket", path={})
        os.write(handle, f"{position} unknown\n".encode())
        log.append("outcome", "p", states={str(position): ["applied", ""]}, created={}, status=201)
        os.write(handle, f"{position} applied\n".encode())


def take_over(path: str, point: int | str) -> None:
    """Take over a file of 0.1.0 and be killed at one of its records, or before the new file gets its name."""
    write, calls = journal_file.write_record, itertools.count()

    def write_until(*given: Any) -> Any:
        return die() if next(calls) == point else write(*given)

    journal_file.write_record = write_until
    if point == "rename":
        journal_file.os.replace = die
    Log(Path(path)).entries()


def share(path: str, changes: list[Any]) -> None:
    """Fork with a journal at hand that was used before; both processes add to it."""
    log = Log(Path(path))
    log.append("plan", "parent", changes=changes, **PLAN)
    child = os.fork()
    log.append("intent", "parent", changes=[0 if child else 1], operation="create_ticket", path={})
    if not child:
        die()
    os.waitpid(child, 0)
    log.append("intent", "parent", changes=[2], operation="create_ticket", path={})


def die(*_: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    print("ready", flush=True)
    orders = {order.__name__: order for order in (apply, resume, append, take_over, share)}
    for line in sys.stdin:
        worker = os.fork()
        if not worker:
            given = json.loads(line)
            orders[given.pop("do")](**given)
            os._exit(0)
        print(worker, flush=True)
        _, status = os.waitpid(worker, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()
