"""Peak memory of this process, where the system tells it (Linux)."""

from __future__ import annotations

import re
from pathlib import Path

_STATUS = Path("/proc/self/status")
_RESET = Path("/proc/self/clear_refs")


def resident() -> float | None:
    """MiB resident now."""
    return _status("VmRSS")


def peak() -> float | None:
    """MiB of the high-water mark of resident memory."""
    return _status("VmHWM")


def reset_peak() -> None:
    """Let the high-water mark start from what is resident now."""
    if _RESET.exists():
        _RESET.write_text("5")


def _status(name: str) -> float | None:
    if not _STATUS.exists():
        return None
    found = re.search(rf"^{name}:\s+(\d+) kB", _STATUS.read_text(), re.MULTILINE)
    return int(found[1]) / 1024 if found else None
