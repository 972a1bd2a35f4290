"""Pauses that Spoki asked for (Retry-After), obeyed by every process of the key.

A pause is a file beside the rates: its modification time is the end of the pause, its content how long the pause was
asked to be. What is on disk is believed only as far as it can be true: the machine's clock may have been wrong when it
was written, or be wrong now, but no pause has more left than the seconds that were asked for.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

from spoki_analytics.catalogue import Operation
from spoki_analytics.clock import real
from spoki_analytics.private_files import open_private

LONGEST_SHARED_PAUSE = 24 * 3600.0
"""Seconds for which one Retry-After may stop a key: an absurd one must not lock it out for ever."""


class Pauses:
    """The pauses of one account key.

    Args:
        file: The file of its rates, beside which they lie.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._stamps: dict[str, Path] = {}
        self._until: dict[str, float] = {}  # by the monotonic clock, which nobody puts right

    def note(self, operation: Operation, seconds: float) -> None:
        """Keep every process of this key from that operation for so long; a longer pause is never shortened.

        Raises:
            OSError: It cannot be written; this process obeys it nevertheless.
        """
        length = min(seconds, LONGEST_SHARED_PAUSE)
        longer = length > self._left_on_disk(operation)
        self._until[operation.slug] = max(time.monotonic() + length, self._until.get(operation.slug, 0.0))
        if longer:
            self._write(self._stamp(operation), length)

    def left(self, operation: Operation) -> float:
        """Seconds for which that operation must still rest.

        Raises:
            OSError: The file cannot be read or put right.
        """
        own = self._until.get(operation.slug, 0.0) - time.monotonic()
        return max(0.0, own, self._left_on_disk(operation))

    def own(self, operation: Operation) -> float:
        """What is left of the pauses that this process was asked for itself."""
        return max(0.0, self._until.get(operation.slug, 0.0) - time.monotonic())

    def _left_on_disk(self, operation: Operation) -> float:
        stamp = self._stamp(operation)
        if not stamp.exists():
            return 0.0
        left, length = stamp.stat().st_mtime - real().timestamp(), _length(stamp)
        if left > length:  # noted by a clock that was ahead: as long as it was asked for, counted from now
            left = length
            self._write(stamp, length)
        return max(0.0, left)

    def _write(self, stamp: Path, length: float) -> None:
        with open(stamp, "w", encoding="ascii", opener=open_private) as file:
            file.write(f"{length}")
        until = real().timestamp() + length
        os.utime(stamp, (until, until))

    def _stamp(self, operation: Operation) -> Path:
        if operation.slug not in self._stamps:
            self._stamps[operation.slug] = self._file.with_name(f"{self._file.stem}-{operation.slug}.pause")
        return self._stamps[operation.slug]


def _length(stamp: Path) -> float:
    """How long the pause was asked to be; an older version did not write it down, and then nothing is believed."""
    try:
        return min(float(stamp.read_text(encoding="ascii")), LONGEST_SHARED_PAUSE)
    except ValueError:
        return 0.0
