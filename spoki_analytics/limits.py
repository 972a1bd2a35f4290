"""Waiting for others, never without a limit and never without a word: locks of other processes, and the keyring."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import filelock

from spoki_analytics.errors import warn
from spoki_analytics.wording.messages import gettext

T = TypeVar("T")
WORD_AFTER = 3.0
"""Seconds after which somebody who waits is told what for."""
LOCK_SECONDS = 60.0
"""Longest wait for a lock that is held for moments only."""
KEYRING_SECONDS = 30.0
"""Longest wait for the keyring, which may ask its owner for a password meanwhile."""


@contextmanager
def held(lock: filelock.BaseFileLock, what: str, limit: float = LOCK_SECONDS) -> Iterator[filelock.BaseFileLock]:
    """Hold a lock of several processes.

    Args:
        lock: The lock.
        what: What it guards, for the word.
        limit: Longest wait in seconds.

    Raises:
        TimeoutError: Another process has held it for so long; it names the file.
    """
    taken = _take(lock, min(WORD_AFTER, limit))
    if not taken:
        warn(gettext("{what} is in use by another process: waiting for it.", what=what))
        taken = _take(lock, max(0.0, limit - WORD_AFTER))
    if not taken:
        sentence = gettext(
            "in use by another process for more than {seconds} s; end that process, or let it go on if it is stopped",
            seconds=f"{limit:.0f}",
        )
        raise TimeoutError(None, sentence, what)
    try:
        yield lock
    finally:
        lock.release()


def within(seconds: float, call: Callable[[], T]) -> T:
    """What a call gives that may never come back, run beside this thread.

    Raises:
        TimeoutError: It did not come back in time; it is left alone.
        Exception: Whatever the call raises.
    """
    told: list[Any] = []

    def run() -> None:
        try:
            told.extend([True, call()])
        except BaseException as problem:
            told.extend([False, problem])

    beside = threading.Thread(target=run, daemon=True)
    beside.start()
    beside.join(seconds)
    if not told or beside.is_alive():
        raise TimeoutError(gettext("it did not answer within {seconds} s", seconds=f"{seconds:.0f}"))
    succeeded, result = told
    if not succeeded:
        raise result
    return result  # type: ignore[no-any-return]


def _take(lock: filelock.BaseFileLock, seconds: float) -> bool:
    try:
        lock.acquire(timeout=seconds)
    except filelock.Timeout:
        return False
    return True
