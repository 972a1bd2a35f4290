"""Whether Spoki could be reached just now: told to the other processes of the key, so that not each finds it out.

Several reports of one command would else wait one after the other for a server that is not there.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from spoki_analytics.clock import real
from spoki_analytics.private_files import make_private_file

LATELY = 30.0
"""Seconds for which one process takes another's word that Spoki cannot be reached, and tries once only."""
GIVE_UP = 5.0
"""Seconds after which a read that never reached Spoki is not repeated."""


class Reach:
    """What is known about reaching Spoki with one key.

    Args:
        file: Is there while Spoki cannot be reached; its age says since when.
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    def was_lost_lately(self) -> bool:
        """Whether a process of this key gave up reaching Spoki a moment ago."""
        try:
            return abs(real().timestamp() - self._file.stat().st_mtime) < LATELY
        except OSError:
            return False

    def lose(self) -> None:
        """Tell the others that Spoki cannot be reached."""
        with suppress(OSError):
            make_private_file(self._file)
            self._file.touch()

    def find(self) -> None:
        """Tell the others that it can."""
        with suppress(OSError):
            self._file.unlink(missing_ok=True)
