"""The one clock: nothing else in the package reads the time of day.

Whoever needs the time is handed a ``Clock``; ``now``, the default, is the real one, moved by as many seconds as the
variable ``SPOKI_CLOCK_OFFSET`` says. The sandbox sets that variable to walk through days with every process that works
for it (clients, kernels of reports); a single client gets another clock by ``Spoki(clock=...)``. How long something
took is measured with ``time.monotonic``, which is no time of day.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

OFFSET_VARIABLE = "SPOKI_CLOCK_OFFSET"
Clock = Callable[[], datetime]
"""Gives the present moment, with its time zone."""


def now() -> datetime:
    """The present moment in UTC."""
    return real() + offset()


def real() -> datetime:
    """The present moment in UTC, whatever the variable says.

    For those who set it, and for what processes agree on by files (slots of a rate, ages of files): real requests go
    out in real time, whatever day is being simulated.
    """
    return datetime.fromtimestamp(time.time(), UTC)


def offset() -> timedelta:
    """How far the clock is moved."""
    return timedelta(seconds=float(os.environ.get(OFFSET_VARIABLE) or 0))
