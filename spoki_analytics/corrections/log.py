"""The journal of one account key: what is asked of it and what is added to it.

The intent of a request is in the file before it is sent and its outcome after, so whoever reads the file knows every
request that can have left this machine, wherever the process was killed: a request without an outcome is unknown.
"""

from __future__ import annotations

import getpass
import os
import socket
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import filelock
import orjson

from spoki_analytics.clock import Clock, now
from spoki_analytics.corrections.change import State
from spoki_analytics.corrections.journal_file import JournalFile
from spoki_analytics.corrections.journal_records import Record, digest, read_records
from spoki_analytics.private_files import make_private_folder
from spoki_analytics.wording.messages import gettext

_ENTRIES = """
SELECT plans.number, plans.id, fingerprint, at, by, masked, operations, count(changes.plan),
    sum(state IS 'applied'), sum(state IS 'skipped'), sum(state IS 'failed'), sum(state IS 'unknown')
FROM plans LEFT JOIN changes ON changes.plan = plans.number
"""
_SENT = "SELECT plan FROM changes WHERE essence = ? AND state IN ('applied', 'unknown')"
_DIGESTS = "SELECT essence FROM changes JOIN plans ON plan = number WHERE id = ? AND essence IS NOT NULL"
_STANDING = """
SELECT position, state, note, status, created, opened FROM changes JOIN plans ON plan = number
WHERE id = ? AND state IS NOT NULL ORDER BY position
"""
_MADE = "SELECT content, created FROM changes WHERE created IS NOT NULL"
_CHANGES = "SELECT content FROM changes JOIN plans ON plan = number WHERE id = ? ORDER BY position"


@dataclass(frozen=True, slots=True)
class Entry:
    """One plan of the journal.

    Attributes:
        number: Counts plans in the order in which they were applied.
        plan: Its id.
        fingerprint: What was agreed to: account and content, and what was there before.
        at: When it was applied, in ISO 8601.
        by: By whom, as user@host.
        masked: Whether the journal keeps none of its values.
        operations: Slugs of its operations.
        counts: How many changes it has, and how many of them came to each outcome; open ones have none yet.
    """

    number: int
    plan: str
    fingerprint: str
    at: str
    by: str
    masked: bool
    operations: tuple[str, ...]
    counts: Mapping[str, int]

    @property
    def has_acted(self) -> bool:
        """Whether anything was done, or may have been."""
        return bool(self.counts["applied"] or self.counts["unknown"])


@dataclass(slots=True)
class Standing:
    """How far a plan has come.

    Attributes:
        states: What became of each change that was touched, by its position in the plan.
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

    def positions(self, *states: State) -> list[int]:
        """The changes in one of these states."""
        return sorted(position for position, state in self.states.items() if state in states)


class Log:
    """The journal of one account key.

    Args:
        path: Its file; the folder is made private.
        key: Fingerprint of the key and its origin.
        account: Account id, or what stands for it where no id is known.
        clock: Gives the moment of each record.
        former: The file of the key, where the journal is its account's.
    """

    def __init__(
        self, path: Path, key: str = "", account: str = "", clock: Clock = now, former: Path | None = None
    ) -> None:
        self.path = path
        self._key = key
        self._former = JournalFile(former, key, account) if former is not None else None
        self._file = JournalFile(path, key, account, self._former)
        self._clock = clock

    def entries(self, fingerprint: str | None = None) -> list[Entry]:
        """Every plan, or those of one fingerprint, oldest first."""
        if fingerprint is None:
            return self._entries("TRUE")
        return self._entries("fingerprint = ?", fingerprint)

    def same(self, essences: Sequence[bytes], *marks: str) -> list[Entry]:
        """The plans that ask for the same, oldest first.

        Args:
            essences: Digests of all that is asked for, in any order.
            marks: How their fingerprints may begin, which stands for the content; it decides alone where no digest was
                kept.
        """
        alike = self._entries(f"substr(fingerprint, 1, {len(marks[0])}) IN ({', '.join('?' * len(marks))})", *marks)
        kept = {entry.plan: self.essences(entry.plan) for entry in alike}
        return [entry for entry in alike if kept[entry.plan] in ([], sorted(essences))]

    def essences(self, plan_id: str) -> list[bytes]:
        """Digests of what a plan asks for, without those that were not kept."""
        with self._file.question() as database:
            return sorted(essence for (essence,) in database.execute(_DIGESTS, (plan_id,)))

    def entry(self, plan_id: str) -> Entry | None:
        """One plan; None when the journal has none of that id."""
        return next(iter(self._entries("plans.id = ?", plan_id)), None)

    def changes(self, plan_id: str) -> list[Any]:
        """The changes of a plan as JSON values; of a masked one their targets."""
        with self._file.question() as database:
            return [orjson.loads(content) for (content,) in database.execute(_CHANGES, (plan_id,))]

    def standing(self, plan_id: str) -> Standing:
        """How far a plan has come; nowhere when it is not in the journal."""
        standing = Standing()
        with self._file.question() as database:
            for position, state, note, status, created, opened in database.execute(_STANDING, (plan_id,)):
                standing.states[position] = State(state)
                standing.notes[position] = note or _note_of(standing.states[position])
                standing.statuses[position] = status
                if created is not None:
                    standing.created[position] = orjson.loads(created)
                if opened is not None:
                    standing.opened[position] = datetime.fromisoformat(opened)
        return standing

    def sent(self, essences: Iterable[bytes]) -> tuple[Entry, int] | None:
        """The first plan with which some of these steps were sent, or may have been, and how many of them."""
        with self._file.question() as database:
            plans = Counter(plan for each in essences for (plan,) in database.execute(_SENT, (digest(each),)))
        if not plans:
            return None
        (entry,) = self._entries("plans.number = ?", min(plans))
        return entry, plans[entry.number]

    def made(self) -> dict[str, set[Any]]:
        """Ids of the records that are known to have been made, by the operation that made them."""
        made: dict[str, set[Any]] = {}
        with self._file.question() as database:
            for content, created in database.execute(_MADE):
                change = orjson.loads(content)
                if not isinstance(change, str):  # a masked one is its target alone
                    made.setdefault(change["step"]["operation"], set()).add(orjson.loads(created))
        return made

    def json_lines(self) -> bytes:
        """Every record as a line of JSON, in the order in which they were made."""
        with self._file.question() as database:
            return _lines(read_records(database))

    def salvage(self) -> bytes:
        """What can still be read of a damaged file, as ``json_lines`` gives it."""
        return _lines(self._file.salvage())

    def require_sound(self) -> None:
        """Go through the whole file, before something is sent that it may show to have been sent already.

        Raises:
            JournalError: It is damaged: a question might miss what is in it.
        """
        self._file.require_sound()

    def append(self, kind: str, plan_id: str, **facts: Any) -> Record:
        """Add a record, and come back only when it is on the disk.

        Raises:
            OSError: It could not be written; nothing that depends on it may be done.
            JournalError: The file cannot be used, or does not know the plan.
        """
        record: Record = {"kind": kind, "plan": plan_id, "at": self._clock().astimezone(UTC).isoformat(), **facts}
        self._file.add(orjson.loads(orjson.dumps(record)))
        return record

    def lock(self) -> AbstractContextManager[filelock.BaseFileLock]:
        """Hold the file alone among all processes; may be held again by whoever holds it."""
        return self._file.lock()

    @contextmanager
    def hold(self, plan_id: str) -> Iterator[bool]:
        """Be the only one who applies a plan; gives False when somebody else does."""
        make_private_folder(self.path.parent, tighten=True)
        owner = self.path.stem if self._former is None else self._key_of(plan_id) or self._key
        lock = filelock.FileLock(self.path.with_name(f"{owner}-{plan_id}.lock"), mode=0o600, timeout=0)
        try:
            lock.acquire()
        except filelock.Timeout:
            yield False
            return
        try:
            yield True
        finally:
            lock.release()

    def _key_of(self, plan_id: str) -> str:
        """The key that applied a plan: its process holds the lock of that name, whichever file its journal is."""
        with self._file.question() as database:
            row = database.execute("SELECT key FROM plans WHERE id = ?", (plan_id,)).fetchone()
        return str(row["key"]) if row else ""

    def _entries(self, condition: str, *values: Any) -> list[Entry]:
        query = f"{_ENTRIES} WHERE {condition} GROUP BY plans.number ORDER BY plans.number"
        with self._file.question() as database:
            return [_entry(row) for row in database.execute(query, values)]


def who() -> str:
    """Who is at work: user@host, and the process."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError):
        user = "unknown"
    return f"{user}@{socket.gethostname()} (process {os.getpid()})"


def _lines(records: Iterable[Record]) -> bytes:
    return b"".join(orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE) for record in records)


def _entry(row: tuple[Any, ...]) -> Entry:
    number, plan, fingerprint, at, by, masked, operations, total, *ended = row
    counts = dict(zip(("applied", "skipped", "failed", "unknown"), ended, strict=True))
    counts = {"changes": total, **counts, "open": total - sum(ended)}
    return Entry(number, plan, fingerprint, at, by, bool(masked), tuple(orjson.loads(operations)), counts)


def _note_of(state: State) -> str:
    """What is said of a change of which no more is known than where it stands."""
    return gettext("interrupted before its outcome was known") if state is State.UNKNOWN else ""
