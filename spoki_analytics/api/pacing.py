"""Pace first: every request takes a slot of its operation's rate, shared by all threads and processes of one key.

Slots are kept by pyrate-limiter in one SQLite file per key under a file lock; pauses that Spoki asked for lie beside
it. The file holds no more than the last minute: one that is broken is put aside and made anew, and a slot that lies in
the future, taken while the clock of the machine was ahead, counts as taken now.

The time here is the machine's own, never a ``Clock`` that was handed in: requests are counted where they arrive, in
real time, and processes agree on the slots by it. Were slots dated by a simulated clock, a client that is a day ahead
would lock the others out for a day, and one whose clock stands still would wait for ever for a slot to become free.
"""

from __future__ import annotations

import logging
import math
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import TypeVar

import filelock
from pyrate_limiter import InMemoryBucket, Rate, RateItem, SQLiteBucket

from spoki_analytics.api.pauses import Pauses
from spoki_analytics.api.reach import Reach
from spoki_analytics.api.slots import Bucket, believe, redate, remove
from spoki_analytics.catalogue import Operation
from spoki_analytics.clock import real
from spoki_analytics.errors import RateLimitedError, warn
from spoki_analytics.private_files import make_private_file, make_private_folder
from spoki_analytics.settings import Settings
from spoki_analytics.wording.messages import gettext

MARGIN = 0.02
"""Share by which a window is made longer, at least 50 ms: Spoki's clock is another one."""
PUT_ASIDE = ".broken"
"""What the name of a rate file ends in that could not be used."""
_LOCK_SECONDS = 15.0
"""How long the lock of the rates is waited for; it is held for milliseconds, so that its holder must be stopped."""

_log = logging.getLogger(__name__)
OnWait = Callable[[float], None]
Number = TypeVar("Number", int, float)


def _now() -> int:
    """Milliseconds of the machine's clock, which is the one that processes share."""
    return int(real().timestamp() * 1000)


class Pace:
    """The rates of one account key.

    Args:
        directory: Folder of the toolkit's own for the shared counts.
        name: File name without suffix; the fingerprint of key and origin.
        window: Length of the rate window in seconds; 60 for Spoki.
        default_rate: Requests per window where the catalogue states none.
        longest_pause: Longest Retry-After in seconds that is waited for.

    Attributes:
        reach: Whether Spoki could be reached just now, with this key on this machine.
    """

    def __init__(self, directory: Path, name: str, *, window: float, default_rate: int, longest_pause: float) -> None:
        self._file = directory / f"{name}.sqlite"
        self._margin = max(0.05, window * MARGIN)
        self._window = window
        self._window_ms = round(1000 * (window + self._margin))
        self._default_rate = default_rate
        self._longest_pause = longest_pause
        self._buckets: dict[str, Bucket] = {}
        self._taken: dict[str, deque[int]] = {}
        self._pauses = Pauses(self._file)
        self.reach = Reach(self._file.with_suffix(".unreachable"))
        self._lock = threading.Lock()
        self._shared = True
        self._shared = self._prepare()

    @classmethod
    def of(cls, settings: Settings) -> Pace:
        """The rates of the key of these settings, shared with every process that has the same.

        Raises:
            AuthenticationError: There is no key.
        """
        return cls(
            settings.data_dir / "rates",
            settings.fingerprint,
            window=settings.rate_window,
            default_rate=settings.default_rate,
            longest_pause=settings.max_retry_after,
        )

    def rate(self, operation: Operation) -> int:
        """Requests per window of that operation that are in force."""
        return operation.rate or self._default_rate

    def left(self, operation: Operation) -> int:
        """Slots of that operation that are free now, other processes counted."""
        with self._lock:
            return max(0, self.rate(operation) - self._shared_or_own(self._count, operation))

    def seconds(self, operation: Operation, count: int) -> float:
        """How long so many requests of that operation wait in all: slots come free a window at a time."""
        over = max(0, count - self.left(operation))
        return math.ceil(over / self.rate(operation)) * self._window

    def was_used(self, operation: Operation) -> bool:
        """Whether that operation was ever requested with this key on this machine."""
        return self._mark(operation).exists() or operation.slug in self._taken

    def take(self, operation: Operation, on_wait: OnWait | None = None) -> None:
        """Wait for a slot and take it.

        Args:
            operation: What is about to be requested.
            on_wait: Told the seconds of each wait before it begins.

        Raises:
            RateLimitedError: Spoki asked all clients of this key for a pause that is longer than allowed.
        """
        while (delay := (pause := self._pause(operation)) or self._try(operation)) > 0:
            why = "Spoki asked for a pause" if pause else f"its rate is {self.rate(operation)} requests a window"
            _log.info("waits %.1f s for %s: %s", delay, operation.slug, why)
            if on_wait is not None:
                on_wait(delay)
            time.sleep(delay)

    def give_back(self, operation: Operation) -> None:
        """Free the slot that was taken last: what was to be requested never reached Spoki."""
        with self._lock:
            self._shared_or_own(self._remove, operation)

    @contextmanager
    def under_way(self, operation: Operation) -> Iterator[None]:
        """Send a request in this block: its slot counts from the end, however late it came to arrive at Spoki.

        A new connection can take seconds (a name to look up, a lost packet, TLS): counted from the beginning, the next
        requests would follow too soon after this one. One that is over within half the margin cannot have come late.
        """
        began = time.monotonic()
        try:
            yield
        finally:
            if time.monotonic() - began > self._margin / 2:
                with self._lock:
                    self._shared_or_own(self._redate, operation)

    def pause(self, operation: Operation, seconds: float) -> None:
        """Keep every process of this key from that operation for so long (a Retry-After)."""
        try:
            self._pauses.note(operation, seconds)
        except OSError as problem:
            self._keep_to_this_process(problem)

    def _pause(self, operation: Operation) -> float:
        try:
            left = self._pauses.left(operation) if self._shared else self._pauses.own(operation)
        except OSError as problem:
            self._keep_to_this_process(problem)
            left = self._pauses.own(operation)
        if left > self._longest_pause:
            raise RateLimitedError(
                gettext("Spoki asked for a longer pause than this client waits for."),
                retry_after=left,
                operation=operation.name,
            )
        return left

    def _try(self, operation: Operation) -> float:
        """Take a slot and give 0, or give the seconds until one may be free."""
        with self._lock:
            return self._shared_or_own(self._put, operation)

    def _put(self, operation: Operation) -> float:
        bucket = self._bucket(operation)
        # The moment is taken under the file's lock: one that waited for the lock would free its slot too early.
        guard: AbstractContextManager[object] = bucket.limiter_lock() or nullcontext()  # type: ignore[assignment]
        with guard:
            item = RateItem(operation.slug, _now())
            believe(bucket, item.timestamp)
            if bucket.put(item):
                if self._shared and operation.slug not in self._taken:
                    make_private_file(self._mark(operation))
                self._taken.setdefault(operation.slug, deque(maxlen=self.rate(operation))).append(item.timestamp)
                return 0.0
            bucket.leak(item.timestamp)
            return max(0.001, float(bucket.waiting(item)) / 1000)  # type: ignore[arg-type]

    def _count(self, operation: Operation) -> int:
        bucket = self._bucket(operation)
        bucket.leak(_now())
        return bucket.count()

    def _remove(self, operation: Operation) -> int:
        taken = self._taken.get(operation.slug)
        return remove(self._bucket(operation), taken.pop()) if taken else 0

    def _redate(self, operation: Operation) -> int:
        taken = self._taken.get(operation.slug)
        if not taken:
            return 0
        moment, now = taken.pop(), _now()
        taken.append(now)
        return redate(self._bucket(operation), moment, now)

    def _shared_or_own(self, act: Callable[[Operation], Number], operation: Operation) -> Number:
        """Do it with the shared counts, made anew where their file is broken, or else with this process's own."""
        try:
            return act(operation)
        except (sqlite3.Error, OSError) as problem:
            if not self._mend(problem):
                self._keep_to_this_process(problem)
        try:
            return act(operation)
        except (sqlite3.Error, OSError) as problem:
            self._keep_to_this_process(problem)
            return act(operation)

    def _mend(self, problem: Exception) -> bool:
        """Put a file aside that is no database any more; whoever has it open still counts by what is left of it."""
        if not self._shared or type(problem) is not sqlite3.DatabaseError:  # its subclasses mean a disk, or a lock
            return False
        self.close()
        aside = self._file.with_name(self._file.name + PUT_ASIDE)
        try:
            if not _is_database(self._file):  # else another process has mended it meanwhile
                self._file.replace(aside)
                for suffix in ("-wal", "-shm"):
                    self._file.with_name(self._file.name + suffix).unlink(missing_ok=True)
        except OSError:
            return False
        sentence = gettext(
            "The file of rates was broken ({problem}) and was made anew; the old one is {path}, which may be deleted.",
            problem=problem,
            path=aside,
        )
        warn(sentence)
        return self._prepare()

    def close(self) -> None:
        """Close the shared counts; they are opened again when a slot is asked for."""
        for bucket in self._buckets.values():
            bucket.close()
        self._buckets.clear()

    def _bucket(self, operation: Operation) -> Bucket:
        if operation.slug not in self._buckets:
            self._buckets[operation.slug] = self._open(operation)
        return self._buckets[operation.slug]

    def _open(self, operation: Operation) -> Bucket:
        rates = [Rate(self.rate(operation), self._window_ms)]
        if self._shared:
            # Once with a limit, as pyrate-limiter itself waits for the lock without one until it is told otherwise.
            filelock.FileLock(f"{self._file}.lock").acquire(timeout=_LOCK_SECONDS).lock.release()
            bucket = SQLiteBucket.init_from_file(rates, operation.slug, str(self._file), use_file_lock=True)
            bucket.lock.timeout = _LOCK_SECONDS  # type: ignore[attr-defined]
            bucket.leak(_now())
            return bucket
        own = InMemoryBucket(rates)
        for moment in self._taken.get(operation.slug, ()):
            own.put(RateItem(operation.slug, moment))
        return own

    def _prepare(self) -> bool:
        try:
            make_private_folder(self._file.parent, tighten=True)
            make_private_file(self._file)
            return True
        except OSError as problem:
            self._keep_to_this_process(problem)
            return False

    def _mark(self, operation: Operation) -> Path:
        """A file that says: this operation was requested."""
        return self._file.with_name(f"{self._file.stem}-{operation.slug}.used")

    def _keep_to_this_process(self, problem: Exception) -> None:
        """Keep to this process's own counts from now on, and say so once."""
        self._buckets.clear()
        if not self._shared:
            return
        self._shared = False
        warn(
            gettext(
                "The rate file {path} cannot be used ({problem}): rates are kept for this process alone. "
                "Close other notebooks and reports with the same key, or mend SPOKI_DATA_DIR.",
                path=self._file,
                problem=problem,
            )
        )


def _is_database(path: Path) -> bool:
    """Whether SQLite can read the whole file."""
    with suppress(sqlite3.Error), sqlite3.connect(path, timeout=1) as connection:
        return bool(connection.execute("PRAGMA quick_check").fetchone()[0] == "ok")
    return False
