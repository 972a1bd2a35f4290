"""What Spoki answered, kept for its documented life in one requests-cache file per account key.

An entry is one whole answer: a single object as JSON, or a listing as the typed table that its pages made. Pages of a
walk that is under way lie here too, until the table is there: all of one walk, and none of them is ever an answer, as
pages that expire each on their own clock add up to the right number of rows, and the wrong ones.
"""

from __future__ import annotations

import hashlib
import logging
import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import filelock
import orjson
from requests.structures import CaseInsensitiveDict
from requests_cache.backends.base import BaseCache
from requests_cache.backends.sqlite import SQLiteCache
from requests_cache.models.request import CachedRequest
from requests_cache.models.response import CachedResponse

from spoki_analytics.clock import Clock, now, real
from spoki_analytics.errors import warn
from spoki_analytics.limits import WORD_AFTER
from spoki_analytics.private_files import make_private_file, make_private_folder, open_private
from spoki_analytics.wording.messages import gettext

LANDED = "/"
"""What follows the key of a listing in the keys of pages that landed of it."""
PIECE = "#"
"""What follows the key of an entry in the keys of the pieces of its body after the first."""
_PIECE_BYTES = 2**23
"""Longest piece of a body: each is copied several times on its way into the file."""
FACTS_HEADER = "X-Listing-Facts"
SEAL_HEADER = "X-Seal"
KEEP_EXPIRED = timedelta(days=7)
"""How long an expired answer is kept, to be served stale if the user allows it."""
PATIENCE = 120.0
"""Seconds to wait for a load of another thread or process that shows no sign of going on."""
PURGE_EVERY = timedelta(days=1)
_BUSY_MS = 10_000
_DAMAGE = (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_SCHEMA)
"""What SQLite says of a file that is damaged, or whose tables are not ours; the rest is the disk or another process."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Entry:
    """One kept answer.

    Attributes:
        body: JSON of an object, or the encoded table of a listing.
        as_of: When Spoki was asked (start of the walk of a listing).
        stored: When it was kept; its life counts from here.
        facts: How its making went: rows, drift.
    """

    body: bytes
    as_of: datetime
    stored: datetime
    facts: Mapping[str, Any]

    def is_fresh(self, life: timedelta, now: datetime) -> bool:
        """Whether the answer is still within its life."""
        return abs(now - self.stored) < life  # one from the future was stored by a wrong clock


class Store:
    """Answers of one account key, on disk, or in memory where the disk cannot be written.

    Args:
        directory: Folder of the toolkit's own, made private (mode 0700).
        name: File name without suffix; the fingerprint of key and origin.
        clock: Gives the present moment, by which answers expire.
        mend: Put a damaged file aside and begin a new one; else it is left as it is, for whoever looks into it.
    """

    def __init__(self, directory: Path, name: str, *, clock: Clock = now, mend: bool = True) -> None:
        self.path = directory / f"{name}.sqlite"
        self._clock = clock
        self._mend = mend
        self._locks = directory / "locks"
        self._memory_locks: dict[str, threading.Lock] = {}
        self._guard = threading.Lock()
        # Closing the file under a thread that reads it ends the whole process, as sqlite3 frees what is in use.
        self._in_use = threading.RLock()
        self._cache = self._open()

    @property
    def on_disk(self) -> bool:
        """False when answers are kept in memory only."""
        return isinstance(self._cache, SQLiteCache)

    def get(self, key: str) -> Entry | None:
        """The entry of that key, fresh or not; None when there is none that can be read, so that Spoki is asked."""
        try:
            with self._in_use:
                response = self._cache.get_response(key)
            return self._whole(key, _entry(response)) if response is not None else None
        except (sqlite3.DatabaseError, OSError) as problem:
            self._fall_back(problem)
        except Exception as problem:  # damaged bytes can fail in any way that any of the libraries below knows
            _log.info("puts %s aside: %s", key, type(problem).__name__)
            self.forget(key)
        return None

    def holds(self, key: str) -> bool:
        """Whether there is an entry of that key, readable or not."""
        try:
            with self._in_use:
                return bool(self._cache.contains(key))
        except sqlite3.DatabaseError as problem:
            self._fall_back(problem)
            return False

    def put(self, key: str, entry: Entry, life: timedelta) -> None:
        """Keep an entry; a failure costs one warning and switches to memory."""
        expires = entry.stored + life
        try:
            if self.on_disk:
                self._require_writable()
            self._save(key, entry, expires)
        except (sqlite3.DatabaseError, OSError) as problem:
            self._fall_back(problem)
            self._save(key, entry, expires)

    def forget(self, prefix: str) -> int:
        """Drop every entry whose key starts with that prefix; give their number."""
        try:
            with self._in_use:
                keys = [key for key in self._keys() if key.startswith(prefix)]
                self._cache.responses.bulk_delete(keys)
        except (sqlite3.DatabaseError, OSError) as problem:
            self._fall_back(problem)
            return 0
        return len(keys)

    def entries(self) -> Iterator[tuple[str, Entry]]:
        """All readable entries with their keys."""
        for key in self._keys():
            if PIECE not in key and (entry := self.get(key)) is not None:
                yield key, entry

    def tally(self, hit: bool) -> None:
        """Count an answer that came from here, or did not: one byte more in a file, which needs no lock."""
        if self.on_disk:
            file = self._tally_file(hit)
            with suppress(OSError), open(file, "ab", buffering=0, opener=open_private) as marks:
                marks.write(b".")

    def tallied(self) -> tuple[int, int]:
        """How many answers came from here since the file was made, and how many did not."""
        files = self._tally_file(True), self._tally_file(False)
        hits, misses = (file.stat().st_size if file.is_file() else 0 for file in files)
        return hits, misses

    @contextmanager
    def lock(self, key: str, patience: float = PATIENCE) -> Iterator[None]:
        """Hold this key alone among all threads and processes, so that one of them asks Spoki and the others read.

        Whoever holds it may be stopped. When no page has landed for as long as the patience lasts, this one goes on
        without the lock: then Spoki is asked twice, which is better than to wait for ever.

        Args:
            key: Key of the answer.
            patience: Seconds to wait without a sign that the other one goes on.
        """
        lock = self._lock_of(key)
        taken = self._wait_for(lock, key, patience)
        try:
            yield
        finally:
            if taken:
                lock.release()

    def _wait_for(self, lock: Any, key: str, patience: float) -> bool:
        """Wait until a lock is free; False where whoever holds it shows no sign of going on."""
        if _take(lock, min(WORD_AFTER, patience)):
            return True
        operation = key.partition(":")[0].replace("_", " ")
        warn(gettext("Another load of {operation} is under way: waiting for what it reads.", operation=operation))
        landed, since = self._landed(key, 0), time.monotonic()
        while time.monotonic() - since < patience:
            if _take(lock, min(WORD_AFTER, patience)):
                return True
            if (more := self._landed(key, landed)) > landed:
                landed, since = more, time.monotonic()
        warn(
            gettext(
                "The other load of {operation} has not moved for {seconds} s (is it stopped?): asking Spoki beside it.",
                operation=operation,
                seconds=f"{patience:.0f}",
            )
        )
        return False

    def _landed(self, key: str, count: int) -> int:
        """How many batches of pages have landed of a listing, counted on from so many."""
        while self.holds(f"{key}{LANDED}{count:06d}"):
            count += 1
        return count

    def _lock_of(self, key: str) -> Any:
        if self.on_disk:
            with suppress(OSError, NotImplementedError):
                make_private_folder(self._locks, tighten=True)
                name = f"{self.path.stem}-{key.replace(':', '-')}.lock"
                lock = filelock.FileLock(self._locks / name, mode=0o600)
                with suppress(filelock.Timeout):  # a disk that knows no locks says so here
                    lock.acquire(timeout=0).lock.release()
                return lock
        with self._guard:
            return self._memory_locks.setdefault(key, threading.Lock())

    def close(self) -> None:
        """Close the file, when no thread is at it."""
        with self._in_use:
            self._cache.close()  # type: ignore[no-untyped-call]

    def _save(self, key: str, entry: Entry, expires: datetime) -> None:
        """Save an entry, a long body in pieces; the first one last, as it counts the others."""
        starts = range(0, max(1, len(entry.body)), _PIECE_BYTES)
        for number in reversed(range(len(starts))):
            name = _piece(key, number)
            body = entry.body[starts[number] : starts[number] + _PIECE_BYTES]
            facts = {} if number else {**entry.facts, **({"pieces": len(starts)} if len(starts) > 1 else {})}
            with self._in_use:
                self._cache.save_response(_response(name, replace(entry, body=body, facts=facts)), name, expires)
                if not self._cache.contains(name):
                    raise sqlite3.OperationalError("the answer could not be stored")

    def _whole(self, key: str, first: Entry) -> Entry:
        """The entry with all pieces of its body.

        Raises:
            ValueError: One is missing, or belongs to another entry.
        """
        bodies = [first.body]
        for number in range(1, first.facts.get("pieces", 1)):
            with self._in_use:
                response = self._cache.get_response(_piece(key, number))
            entry = _entry(response) if response is not None else None
            if entry is None or (entry.as_of, entry.stored) != (first.as_of, first.stored):
                raise ValueError("a piece of it is missing")
            bodies.append(entry.body)
        return first if len(bodies) == 1 else replace(first, body=b"".join(bodies))

    def _keys(self) -> list[str]:
        """Names of all entries; none is decoded for it."""
        with self._in_use:
            return [str(key) for key in self._cache.responses]

    def _tally_file(self, hit: bool) -> Path:
        return self.path.with_suffix(".hits" if hit else ".misses")

    def _open(self) -> BaseCache:
        try:
            return self._open_file()
        except (OSError, ValueError, sqlite3.DatabaseError) as problem:
            if self._mend and _is_damage(problem) and self._put_aside(problem):
                with suppress(OSError, ValueError, sqlite3.DatabaseError):
                    return self._open_file()
            self._warn(problem)
            return BaseCache()

    def _open_file(self) -> SQLiteCache:
        make_private_folder(self.path.parent, tighten=True)
        make_private_file(self.path)
        self._require_writable()
        cache = SQLiteCache(self.path, serializer="json", wal=True, busy_timeout=_BUSY_MS)
        try:
            self._purge(cache)
        except BaseException:
            cache.close()  # type: ignore[no-untyped-call]
            raise
        return cache

    def _require_writable(self) -> None:
        """Write a row: on a full or read-only disk requests-cache itself would wait for ever, or lose it in silence."""
        with closing(sqlite3.connect(self.path, timeout=_BUSY_MS / 1000, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("CREATE TABLE IF NOT EXISTS probe (written REAL)")
            connection.execute("DELETE FROM probe")
            connection.execute("INSERT INTO probe VALUES (1)")
            connection.execute("COMMIT")

    def _purge(self, cache: SQLiteCache) -> None:
        """Delete what expired long ago, at most once a day.

        Answers age by the clock that was handed in, files by the machine's. requests-cache's own ``delete`` cannot do
        it: ``expired=True`` takes what may still be served stale, ``older_than`` counts from the making and not from
        the end of life, and reads and decodes every entry for it, tables of a hundred megabytes included.
        """
        stamp = self.path.with_suffix(".purged")
        if stamp.exists() and _age(stamp) < PURGE_EVERY.total_seconds():
            return
        stamp.touch(mode=0o600)
        limit = int((self._clock() - KEEP_EXPIRED).timestamp())
        with cache.responses.connection(commit=True) as connection:
            connection.execute(f"DELETE FROM {cache.responses.table_name} WHERE expires < ?", (limit,))  # noqa: S608
        for lock in self._locks.glob(f"{self.path.stem}-*.lock") if self._locks.is_dir() else ():
            if _age(lock) > KEEP_EXPIRED.total_seconds():
                lock.unlink(missing_ok=True)

    def _fall_back(self, problem: Exception) -> None:
        """Begin a new file where the old one is damaged, or go on in memory where the disk does not allow it."""
        if not self.on_disk:
            return
        self.close()
        if self._mend and _is_damage(problem) and self._put_aside(problem):
            self._cache = self._open()
            return
        self._warn(problem)
        self._cache = BaseCache()

    def _put_aside(self, problem: Exception) -> bool:
        """Move the damaged file away from its name and say so; False where that cannot be done."""
        aside = self.path.with_suffix(".damaged")
        try:
            self.path.replace(aside)
            for ending in ("-wal", "-shm"):  # they belong to the file that is gone, and would spoil the new one
                self.path.with_name(f"{self.path.name}{ending}").unlink(missing_ok=True)
        except OSError:
            return False
        warn(
            gettext(
                "The cache {path} was damaged ({problem}): it was put aside as {aside}, and Spoki is asked again.",
                path=self.path,
                problem=problem,
                aside=aside.name,
            )
        )
        return True

    def _warn(self, problem: Exception) -> None:
        warn(
            gettext(
                "The cache {path} cannot be used ({problem}): answers are kept in memory for this session only. "
                "Free the disk, mend the permissions, or delete the file with `spoki-analytics cache clear`.",
                path=self.path,
                problem=problem,
            )
        )


def _take(lock: Any, seconds: float) -> bool:
    """Take a lock of a file, or of this process, within so many seconds."""
    try:
        return bool(lock.acquire(timeout=seconds))
    except filelock.Timeout:
        return False


def _age(file: Path) -> float:
    """Seconds since the file was touched."""
    return real().timestamp() - file.stat().st_mtime


def _is_damage(problem: Exception) -> bool:
    """Whether the file itself is at fault: not the disk, its rights, or another process that holds it."""
    if isinstance(problem, sqlite3.Error):
        return (getattr(problem, "sqlite_errorcode", 0) & 0xFF) in _DAMAGE  # the low byte is the kind of an error
    return not isinstance(problem, OSError)


def _piece(key: str, number: int) -> str:
    """The key of a piece of a body."""
    return f"{key}{PIECE}{number:04d}" if number else key


def _response(key: str, entry: Entry) -> CachedResponse:
    moments = {"as_of": entry.as_of.isoformat(), "stored": entry.stored.isoformat()}
    facts = orjson.dumps({**moments, "facts": dict(entry.facts)}).decode()
    return CachedResponse(
        content=entry.body,
        created_at=entry.stored,
        headers=CaseInsensitiveDict({FACTS_HEADER: facts, SEAL_HEADER: _seal(facts, entry.body)}),
        request=CachedRequest(method="GET", url=f"spoki:{key}"),
        status_code=200,
        url=f"spoki:{key}",
    )


def _entry(response: CachedResponse) -> Entry:
    """The entry of a response.

    Raises:
        ValueError: It is not what was kept.
    """
    facts = response.headers[FACTS_HEADER]
    if response.headers.get(SEAL_HEADER) != _seal(facts, response.content):
        raise ValueError("its seal is broken")
    kept = orjson.loads(facts)
    as_of, stored = (datetime.fromisoformat(kept[name]) for name in ("as_of", "stored"))
    return Entry(response.content, as_of, stored, kept["facts"])


def _seal(facts: str, body: bytes) -> str:
    """A checksum: a flipped bit of a table can give another number as well as an error."""
    return hashlib.blake2b(body, digest_size=16, key=hashlib.blake2b(facts.encode()).digest()).hexdigest()
