"""The journal's file: JSON lines that are only ever added, each on the disk before anything else happens.

The intent of a request is written before it is sent and its outcome after, so whoever reads the file knows every
request that can have left this machine, wherever the process was killed. A line that was cut off is passed over: what
it announced was not done yet, or its outcome counts as unknown.
"""

from __future__ import annotations

import getpass
import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import filelock
import orjson

from spoki_analytics.corrections.change import State
from spoki_analytics.private_files import make_private_folder, open_private, sync_folder

Record = dict[str, Any]


@dataclass(slots=True)
class Standing:
    """How far a plan has come.

    Attributes:
        states: What became of each change that was touched, by its place in the plan.
        notes: Why, or what went wrong.
        statuses: HTTP statuses.
        created: Ids of records that changes made.
        opened: When the latest request of each change was announced.
    """

    states: dict[int, State] = field(default_factory=dict)
    notes: dict[int, str] = field(default_factory=dict)
    statuses: dict[int, int | None] = field(default_factory=dict)
    created: dict[int, Any] = field(default_factory=dict)
    opened: dict[int, datetime] = field(default_factory=dict)

    def take(self, record: Record) -> None:
        """Follow one record of the plan."""
        if record["kind"] == "intent":
            for place in record["changes"]:
                self.states[place] = State.UNKNOWN
                self.notes[place] = "interrupted before its outcome was known"
                self.opened[place] = datetime.fromisoformat(record["at"])
        elif record["kind"] == "outcome":
            for text, (state, note) in record["states"].items():
                self.states[int(text)], self.notes[int(text)] = State(state), note
                self.statuses[int(text)] = record["status"]
            self.created |= {int(text): created for text, created in record["created"].items()}

    def places(self, *states: State) -> list[int]:
        """The changes in one of these states."""
        return sorted(place for place, state in self.states.items() if state in states)

    @property
    def has_acted(self) -> bool:
        """Whether anything was done, or may have been."""
        return bool(self.places(State.APPLIED, State.UNKNOWN))


class Log:
    """The journal file of one account key.

    Args:
        path: Where it is; its folder is made private.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def records(self) -> list[Record]:
        """Every whole record, oldest first."""
        if not self.path.exists():
            return []
        return [record for line in self.path.read_bytes().split(b"\n") if (record := _record(line)) is not None]

    def plans(self) -> dict[str, tuple[Record, Standing]]:
        """Every plan with how far it has come, by its id, oldest first."""
        found: dict[str, tuple[Record, Standing]] = {}
        for record in self.records():
            if record["kind"] == "plan":
                found[record["plan"]] = record, Standing()
            elif record["plan"] in found:
                found[record["plan"]][1].take(record)
        return found

    def standing(self, plan_id: str) -> Standing:
        """How far a plan has come; nowhere when it is not in the journal."""
        return self.plans().get(plan_id, ({}, Standing()))[1]

    def append(self, kind: str, plan_id: str, **facts: Any) -> Record:
        """Add a record, and come back only when it is on the disk.

        Raises:
            OSError: It could not be written; nothing that depends on it may be done.
        """
        record: Record = {"kind": kind, "plan": plan_id, "at": datetime.now(UTC).isoformat(), **facts}
        with self.alone():
            self._write(orjson.dumps(record) + b"\n")
        return record

    def alone(self) -> filelock.BaseFileLock:
        """Hold the file alone among all processes; may be held again by whoever holds it."""
        make_private_folder(self.path.parent, tighten=True)
        return filelock.FileLock(self.path.with_suffix(".lock"), mode=0o600, is_singleton=True)

    @contextmanager
    def running(self, plan_id: str) -> Iterator[bool]:
        """Be the only one who applies a plan; gives False when somebody else does."""
        make_private_folder(self.path.parent, tighten=True)
        lock = filelock.FileLock(self.path.with_name(f"{self.path.stem}-{plan_id}.lock"), mode=0o600, timeout=0)
        try:
            lock.acquire()
        except filelock.Timeout:
            yield False
            return
        try:
            yield True
        finally:
            lock.release()

    def _write(self, line: bytes) -> None:
        new = not self.path.exists()
        with open(self.path, "ab", buffering=0, opener=open_private) as file:
            left = b"\n" + line if self._is_torn() else line
            while left:
                left = left[file.write(left) :]
            os.fsync(file.fileno())
        if new:
            sync_folder(self.path.parent)

    def _is_torn(self) -> bool:
        """Whether the file ends in the middle of a line."""
        with self.path.open("rb") as file:
            if file.seek(0, os.SEEK_END) == 0:
                return False
            file.seek(-1, os.SEEK_END)
            return file.read(1) != b"\n"


def who() -> str:
    """Who is at work: user@host, and the process."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError):
        user = "unknown"
    return f"{user}@{socket.gethostname()} (process {os.getpid()})"


def _record(line: bytes) -> Record | None:
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    return record if isinstance(record, Mapping) and {"kind", "plan"} <= record.keys() else None  # type: ignore[return-value]
