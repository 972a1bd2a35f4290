"""The file of a journal: an sqlite database for each key, opened so that what is in it is on the disk.

``journal_mode=DELETE``, because a write-ahead log needs memory that all processes share, and a home on the network has
none (https://sqlite.org/wal.html, "does not work over a network filesystem"). ``synchronous=EXTRA``, because only then
a transaction that has ended outlives a power cut in every case (https://sqlite.org/pragma.html#pragma_synchronous).
sqlite's own locks fail on some network homes, too (https://sqlite.org/faq.html#q5): who opens the file holds the lock
beside it, which is the one that 0.1.0 takes for its own file.

A connection lives for one use. So no thread meets that of another, and no forked process one of its parent, which
would damage the file (https://sqlite.org/howtocorrupt.html, section 2.6).
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from pathlib import Path

import filelock

from spoki_analytics.corrections.journal_records import SCHEMA, Record, read_records, salvage_records, write_record
from spoki_analytics.corrections.old_journal import OldJournal
from spoki_analytics.errors import JournalError
from spoki_analytics.limits import held
from spoki_analytics.private_files import make_private_file, make_private_folder, sync_folder
from spoki_analytics.wording.messages import gettext, ngettext

VERSION = 1
"""Of the tables; a file with a higher one was written by a newer version of this package."""
_BUSY = 10.0
"""Seconds to wait for another program, such as a viewer of databases, that has the file open."""
_DISK = {
    sqlite3.SQLITE_FULL: errno.ENOSPC,
    sqlite3.SQLITE_READONLY: errno.EROFS,
    sqlite3.SQLITE_IOERR: errno.EIO,
    sqlite3.SQLITE_CANTOPEN: errno.EACCES,
    sqlite3.SQLITE_PERM: errno.EACCES,
    sqlite3.SQLITE_BUSY: errno.EBUSY,
}
"""What sqlite calls the troubles of a disk, and the system does; everything else means that the file is damaged."""


class JournalFile:
    """The database of one key, and the file that 0.1.0 left beside it.

    Args:
        path: Where it is; its folder is made private.
        key: Fingerprint of the key and its origin.
        account: Account id, or what stands for it where no id is known.
        former: The file of the key, where this one is its account's: what is in it is taken over.
    """

    def __init__(self, path: Path, key: str, account: str, former: JournalFile | None = None) -> None:
        self.path = path
        self._former = former
        self._old = OldJournal(path.with_suffix(".jsonl"))
        self._owner = {"key": key, "account": account}

    @property
    def is_there(self) -> bool:
        """Whether there is anything to ask, in this file or in one that it takes over."""
        return self.path.exists() or self._old.path.exists() or (self._former is not None and self._former.is_there)

    def lock(self) -> AbstractContextManager[filelock.BaseFileLock]:
        """Hold the file alone among all processes; may be held again by whoever holds it.

        Raises:
            TimeoutError: Another process has held it for too long.
        """
        make_private_folder(self.path.parent, tighten=True)
        lock = filelock.FileLock(self.path.with_suffix(".lock"), mode=0o600, is_singleton=True)
        return held(lock, str(self.path))

    @contextmanager
    def question(self) -> Iterator[sqlite3.Connection]:
        """The database to ask; an empty one where there is none yet, so that asking leaves no trace.

        Raises:
            OSError: It cannot be read.
            JournalError: It is damaged, or newer than this package.
        """
        if not self.is_there:
            with closing(_in_memory()) as database:
                yield database
        elif os.access(self.path.parent, os.W_OK):
            with self.transaction() as database:
                yield database
        else:  # where nobody can write, nobody can lock and nothing changes
            with _explained(self.path), closing(_connect(self.path, "ro")) as database:
                yield database

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """The database, held alone: what is written inside the block is on the disk when it has ended, or not at all.

        Raises:
            OSError: It could not be written.
            JournalError: It is damaged, or newer than this package.
        """
        with self.lock(), _explained(self.path):
            if not self.path.exists():
                self._make()
            with closing(_connect(self.path, "rw")) as database, database:
                self._take_over(database)
                yield database

    def add(self, record: Record) -> None:
        """Add a record; it is on the disk when this returns.

        Raises:
            OSError: It could not be written.
            JournalError: The file cannot be used, or does not know the plan.
        """
        with self.transaction() as database:
            if not write_record(database, {**self._owner, **record}):
                missing = gettext("plan {plan} is not in it", plan=record["plan"])
                raise _damaged(self.path, missing)

    def require_sound(self) -> None:
        """Go through the whole file before something is sent that must not have been sent before.

        Raises:
            JournalError: It is damaged; a question might miss what is in it.
        """
        with self.question() as database:
            (problem,) = database.execute("PRAGMA integrity_check(1)").fetchone()
        if problem != "ok":
            raise _damaged(self.path, problem)

    def salvage(self) -> list[Record]:
        """What can still be read of a damaged file, in the order in which it was written; nothing is changed.

        Raises:
            OSError: There is no file.
        """
        return _salvage(self.path)

    def _make(self) -> None:
        """Make the file under another name and rename it when it is whole: a half-made one is never taken for it."""
        aside = self.path.with_suffix(".new")
        aside.unlink(missing_ok=True)  # of a process that was killed
        make_private_file(aside)
        with closing(_opened(aside)) as database:
            database.execute("PRAGMA journal_mode=MEMORY")  # no second file that could be left behind
            database.executescript(f"BEGIN; {SCHEMA} PRAGMA user_version={VERSION}; COMMIT")
            with database:
                self._take_over(database)
        aside.replace(self.path)
        sync_folder(self.path.parent)

    def _take_over(self, database: sqlite3.Connection) -> None:
        """Take over what others have written since the last time, in the transaction that is open."""
        self._take_over_old(database)
        if self._former is not None and self._former.is_there:
            self._take_over_former(database, self._former)

    def _take_over_former(self, database: sqlite3.Connection, former: JournalFile) -> None:
        """Take over from the file of the key, which was used before its account was known, or is where it is not."""
        database.execute("CREATE TABLE IF NOT EXISTS former (path TEXT PRIMARY KEY, records INTEGER NOT NULL)")
        row = database.execute("SELECT records FROM former WHERE path = ?", (former.path.name,)).fetchone()
        taken = row["records"] if row else 0
        with former.question() as source:
            new = list(read_records(source, after=taken))
        for record in new:
            write_record(database, {**self._owner, **record, "account": self._owner["account"]})
        if new:
            values = (former.path.name, taken + len(new))
            database.execute("INSERT OR REPLACE INTO former (path, records) VALUES (?, ?)", values)

    def _take_over_old(self, database: sqlite3.Connection) -> None:
        (taken,) = database.execute("SELECT coalesce(max(bytes), 0) FROM old_file").fetchone()
        if self._old.size == taken:
            return
        if not taken:
            self._old.seal()
        try:
            for record in self._old.records(taken):
                write_record(database, {**self._owner, **record})
        except (KeyError, TypeError, ValueError, sqlite3.ProgrammingError) as problem:
            raise _damaged(self._old.path, repr(problem)) from None
        database.execute("DELETE FROM old_file")
        database.execute("INSERT INTO old_file (bytes) VALUES (?)", (self._old.size,))


def _opened(path: Path | str, *, uri: bool = False) -> sqlite3.Connection:
    database = sqlite3.connect(path, timeout=_BUSY, uri=uri)
    database.row_factory = sqlite3.Row
    return database


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    """Open a file that is there; ``rw`` and ``ro`` make none."""
    database = _opened(f"{path.absolute().as_uri()}?mode={mode}", uri=True)
    try:
        (version,) = database.execute("PRAGMA user_version").fetchone()
        if version > VERSION:
            raise _newer(path, version)
        if version < 1:
            raise _damaged(path, gettext("it has no tables"))
        database.execute("PRAGMA journal_mode=DELETE")
        database.execute("PRAGMA synchronous=EXTRA")
        database.execute("PRAGMA fullfsync=ON")  # on macOS, where fsync alone leaves data in the memory of the disk
    except BaseException:
        database.close()
        raise
    return database


def _in_memory() -> sqlite3.Connection:
    database = _opened(":memory:")
    database.executescript(SCHEMA)
    return database


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Say which file it is that could not be read or written, and whether it is the disk or what is in the file."""
    try:
        yield
    except sqlite3.DatabaseError as problem:
        code = _DISK.get(getattr(problem, "sqlite_errorcode", 0) & 0xFF)  # the low byte says what kind it is
        if code is None:
            raise _damaged(path, str(problem)) from None
        raise OSError(code, str(problem), str(path)) from None
    except ValueError as problem:  # JSON, moments and states that are none
        raise _damaged(path, str(problem)) from None


def _salvage(path: Path) -> list[Record]:
    with closing(_opened(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
        return list(salvage_records(database))


def _damaged(path: Path, problem: str) -> JournalError:
    readable = 0
    with suppress(OSError, sqlite3.Error):
        readable = len(_salvage(path))
    return JournalError(
        gettext(
            "The journal of corrections {path} is damaged ({problem}); {records} can still be read.",
            path=path,
            problem=problem,
            records=ngettext("{count} record", "{count} records", readable),
        ),
        advice=gettext(
            "Nothing is sent without it. `spoki-analytics journal export --salvage FILE` writes what can be read. "
            "Put a sound copy in its place; or move it away, and what was corrected before is not known any more and "
            "would be sent again."
        ),
    )


def _newer(path: Path, version: int) -> JournalError:
    return JournalError(
        gettext(
            "The journal of corrections {path} has version {version}; this spoki_analytics knows version {known}.",
            path=path,
            version=version,
            known=VERSION,
        ),
        advice=gettext("Nothing is sent without it. Install the newer spoki_analytics that wrote it."),
    )
