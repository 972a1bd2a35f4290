"""What a start costs: a fresh interpreter that imports one thing, or the command's help."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.one import Job


def python(options: dict[str, Any]) -> Job:
    """A fresh interpreter that runs one line."""
    return Job(lambda: subprocess.run([sys.executable, "-c", options["line"]], check=True))


def command_help(options: dict[str, Any]) -> Job:
    """``spoki-analytics --help``."""
    command = [str(Path(sys.executable).with_name("spoki-analytics")), "--help"]
    return Job(lambda: subprocess.run(command, check=True, capture_output=True))
