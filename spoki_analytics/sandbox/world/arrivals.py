"""How records come into the world: one after the other, for as long as it is seen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from spoki_analytics.sandbox.world.sizes import PERIOD_DAYS

PERIOD = timedelta(days=PERIOD_DAYS)
PAUSE = timedelta(days=1)
"""Nothing comes on the day after the two years, so that a world is as big as its size says at any hour of its start."""


class Arrivals:
    """The records of one kind: so many in two years, and on at the same pace.

    Args:
        since: First day of the world.
        total: How many come in two years.
        delay: How far into its step a record comes, by its index: no more than the step, which it is handed.
    """

    def __init__(self, since: datetime, total: int, delay: Callable[[int, timedelta], timedelta]) -> None:
        self._since = since
        self._total = total
        self._step = PERIOD / total
        self._delay = delay

    def moment(self, index: int) -> datetime:
        """When the record at an index comes."""
        pause = PAUSE if index >= self._total else timedelta()
        return self._since + self._step * index + pause + self._delay(index, self._step)

    def count(self, now: datetime) -> int:
        """How many have come until a moment."""
        elapsed = now - self._since
        if elapsed > PERIOD:
            elapsed = max(PERIOD, elapsed - PAUSE)
        complete = max(elapsed // self._step, 0)
        return complete + (self.moment(complete) <= now)
