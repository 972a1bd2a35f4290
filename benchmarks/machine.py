"""What a reader must know of the machine and the libraries; no name and no place of it."""

from __future__ import annotations

import os
import platform
import re
from importlib.metadata import version
from pathlib import Path

_LIBRARIES = (
    "pandas", "numpy", "pyarrow", "orjson", "requests", "urllib3", "requests-cache", "pyrate-limiter", "papermill",
    "nbclient", "nbconvert", "ipykernel", "matplotlib",
)  # fmt: skip


def machine() -> str:
    """Processor, cores, memory and system in one line."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{_processor()}, {cores} cores{_memory()}, {platform.system()}"


def versions() -> str:
    """Python and the libraries that matter."""
    return ", ".join([f"Python {platform.python_version()}", *(f"{name} {version(name)}" for name in _LIBRARIES)])


def _processor() -> str:
    found = re.search(r"model name\s*:\s*(.+)", _text("/proc/cpuinfo"))
    return found[1].strip() if found else platform.machine()


def _memory() -> str:
    found = re.search(r"MemTotal:\s*(\d+) kB", _text("/proc/meminfo"))
    return f", {int(found[1]) / 2**20:.0f} GiB" if found else ""


def _text(path: str) -> str:
    file = Path(path)
    return file.read_text() if file.exists() else ""
