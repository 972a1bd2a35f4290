"""The journal of 0.1.0: a file of JSON lines beside the database, which takes over everything that is in it.

The file stays where it is. A batch of 0.1.0 that is under way goes on writing to it, and is taken over at the next
question. But 0.1.0 does not know what the database has, and would send it again: so the file gets one last entry, at
which 0.1.0 stops whenever it asks its journal, as it does before it sends anything.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from spoki_analytics.private_files import open_private

_SEAL = "moved"
_STOP = "The journal has moved: corrections of this key need spoki_analytics 0.2 or later. Nothing was sent."
"""0.1.0 takes it for the moment of a request and raises ``ValueError: Invalid isoformat string`` with these words."""


class OldJournal:
    """The file of JSON lines of one key.

    Args:
        path: Where 0.1.0 keeps it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def size(self) -> int:
        """Its bytes; 0 when there is none."""
        return self.path.stat().st_size if self.path.is_file() else 0

    def records(self, start: int) -> Iterator[dict[str, Any]]:
        """Every whole record from that byte on; a line that was cut off announced nothing that was done.

        Raises:
            ValueError: A line is damaged in another way: it may have announced what was done.
        """
        with self.path.open("rb") as file:
            file.seek(start)
            for line in file:
                record = _parsed(line)
                if isinstance(record, dict) and {"kind", "plan"} <= record.keys() and record["plan"] != _SEAL:
                    yield record

    def seal(self) -> None:
        """Let 0.1.0 stop at this file, and come back when that is on the disk."""
        content = self.path.read_bytes()
        if orjson.dumps(_STOP) in content:
            return
        plan = {"kind": "plan", "plan": _SEAL}
        intent = {"kind": "intent", "plan": _SEAL, "changes": [0], "at": _STOP}
        torn = b"" if content.endswith(b"\n") else b"\n"
        with open(self.path, "ab", opener=open_private) as file:
            file.write(torn + orjson.dumps(plan) + b"\n" + orjson.dumps(intent) + b"\n")
            file.flush()
            os.fsync(file.fileno())


def _parsed(line: bytes) -> Any:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        if line.strip() and not _is_cut_off(line):
            raise
        return None


def _is_cut_off(line: bytes) -> bool:
    """Whether a line is the beginning of one: it opens more than it closes."""
    return b'{"kind":'.startswith(line[:8].rstrip()) and line.count(b"{") > line.count(b"}")
