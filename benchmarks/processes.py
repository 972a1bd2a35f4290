"""Runs a way in a fresh process, in a folder and with an environment of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.one import STARTED

ROOT = Path(__file__).resolve().parents[1]
Facts = dict[str, Any]
_LEFT_OUT = ("SPOKI_", "PYTHONDONTWRITEBYTECODE")
"""Variables of whoever runs the benchmarks: with the second each run would compile this package's sources, where those
of the libraries are compiled since pip installed them."""


@dataclass(frozen=True)
class Way:
    """One of the things that are compared.

    Attributes:
        name: What the page calls it.
        function: ``module:function`` in ``benchmarks.ways``.
        clock: ``work`` times the work alone, ``process`` a fresh process from its start, imports included.
        warm: Use the folders that the stage has filled instead of empty ones.
        options: What the function is told beside what the stage says.
    """

    name: str
    function: str
    clock: str = "work"
    warm: bool = False
    options: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Stage:
    """What all ways of a case find there.

    Attributes:
        options: What every way is told.
        environment: ``SPOKI_*`` variables; those of whoever runs the benchmarks don't count.
        filled: Folder of the caches for warm ways.
    """

    options: dict[str, Any] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    filled: Path | None = None


def run(way: Way, stage: Stage) -> Facts:
    """What one run of a way in a fresh process took and told.

    Raises:
        RuntimeError: It failed; with what it said.
    """
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        place = stage.filled if way.warm and stage.filled else Path(folder)
        options = {**stage.options, **way.options, "clock": way.clock, "folder": folder}
        environment = {name: value for name, value in os.environ.items() if not name.startswith(_LEFT_OUT)}
        environment |= {"PYTHONPATH": str(ROOT), **stage.environment}
        environment |= {"SPOKI_CACHE_DIR": str(place / "cache"), "SPOKI_DATA_DIR": str(place / "data")}
        command = [sys.executable, "-m", "benchmarks.one", way.function, json.dumps(options)]
        environment[STARTED] = repr(time.monotonic())
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{way.name} failed:\n{done.stderr}")
    facts: Facts = json.loads(done.stdout.splitlines()[-1])
    facts["seconds"] *= facts.pop("times", 1)
    return facts
