"""One way, once, in this fresh process: ``python -m benchmarks.one MODULE:FUNCTION OPTIONS`` prints what it took.

A way is a function that takes the options of its stage, prepares everything and gives a ``Job``. By the clock ``work``
its time runs while the job works; by the clock ``process`` it runs from the start of the process, imports included.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any, NamedTuple

from benchmarks.peak import peak, reset_peak, resident

STARTED = "BENCHMARK_STARTED"
"""Environment variable with the moment of the monotonic clock at which the process was started."""


class Job(NamedTuple):
    """What is timed, and what its result tells afterwards, by name: ``same`` must not differ between ways."""

    work: Callable[[], Any]
    tell: Callable[[Any], dict[str, Any]] = lambda _: {}


def main() -> None:
    """Measure and print JSON."""
    way, options = sys.argv[1], json.loads(sys.argv[2])
    whole = options["clock"] == "process"
    module, function = way.split(":")
    job = getattr(importlib.import_module(f"benchmarks.ways.{module}"), function)(options)
    before = 0.0
    if not whole:
        reset_peak()
        before = resident() or 0.0
    begun = float(os.environ[STARTED]) if whole else time.monotonic()
    result = job.work()
    seconds = time.monotonic() - begun
    highest = peak()
    facts = {"seconds": seconds, "memory": None if highest is None else highest - before, **job.tell(result)}
    print(json.dumps(facts))


if __name__ == "__main__":
    main()
