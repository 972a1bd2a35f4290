"""The known rates: so many requests of one operation and key in any window."""

from __future__ import annotations

import math
import time
from collections import defaultdict, deque
from collections.abc import Callable

from spoki_analytics.catalogue import Operation
from spoki_analytics.sandbox.answers.replies import throttled


class Rates:
    """Refuses what goes beyond a rate that is documented or was observed; where nobody knows one there is no limit.

    Args:
        window: Length of the sliding window in seconds.
        clock: Gives seconds that never go back, and jump when the sandbox's time does.
    """

    def __init__(self, window: float = 60.0, clock: Callable[[], float] = time.monotonic) -> None:
        self.window = window
        self._clock = clock
        self._taken: defaultdict[tuple[str, int], deque[float]] = defaultdict(deque)

    def take(self, operation: Operation, account_id: int) -> None:
        """Count a request.

        Raises:
            RefusedError: The window is full (429 with the seconds until it is not); the request is not counted.
        """
        if operation.rate_source not in ("documented", "observed") or operation.rate is None:
            return
        now, taken = self._clock(), self._taken[operation.slug, account_id]
        while taken and taken[0] <= now - self.window:
            taken.popleft()
        if len(taken) >= operation.rate:
            raise throttled(max(math.ceil(taken[0] + self.window - now), 1))
        taken.append(now)
