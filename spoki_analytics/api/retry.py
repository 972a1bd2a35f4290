"""Whether a read that failed is sent again, and when: a decision without HTTP, that can be read as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from spoki_analytics.errors import SpokiError
from spoki_analytics.settings import Settings

_WINDOW = 60.0
"""Length of Spoki's rate window in seconds, for which the waits below are made."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An attempt that failed.

    Attributes:
        error: What it amounts to.
        repeatable: Whether another attempt may go better.
        busy: Whether Spoki asked to slow down (429).
        pause: Seconds that it asked to wait, None where it did not say.
        never_left: Whether the request certainly never reached Spoki.
    """

    error: SpokiError
    repeatable: bool
    busy: bool = False
    pause: float | None = None
    never_left: bool = False


@dataclass(frozen=True)
class Policy:
    """How often a read is sent, and how long is waited in between.

    Attributes:
        attempts: How often at most, the first time included.
        longest_pause: Longest pause in seconds, asked for by Spoki, that is waited for.
        backoff: Seconds of the back-off, doubled with each failure after the first; the first is repeated at once.
        jitter: Seconds that chance adds to a back-off at most, so that many clients do not come back together.
        longest_backoff: Longest back-off in seconds.
        unstated_pauses: Seconds to wait after each 429 without Retry-After; together they outlast Spoki's window.
    """

    attempts: int
    longest_pause: float
    backoff: float = 0.5
    jitter: float = 0.25
    longest_backoff: float = 30.0
    unstated_pauses: tuple[float, ...] = (2.0, 10.0, 50.0)

    @classmethod
    def of(cls, settings: Settings) -> Policy:
        """The policy of these settings; where they make the rate window shorter, all waits are that much shorter."""
        scale = settings.rate_window / _WINDOW
        return cls(
            settings.max_attempts,
            settings.max_retry_after,
            cls.backoff * scale,
            cls.jitter * scale,
            cls.longest_backoff * scale,
            tuple(pause * scale for pause in cls.unstated_pauses),
        )


@dataclass(frozen=True, slots=True)
class Decision:
    """What comes after a failure.

    Attributes:
        error: The error in which the read ends; None when it is sent again.
        pause: Seconds for which every process of the key must keep from the operation, None for no pause.
        backoff: Seconds that this read waits before it is sent again.
    """

    error: SpokiError | None
    pause: float | None = None
    backoff: float = 0.0


def decide(failures: Sequence[Failure], policy: Policy, chance: float) -> Decision:
    """What comes after the latest failure of a read.

    Args:
        failures: Every failed attempt so far, the latest last.
        policy: How often is tried and how long is waited.
        chance: A number from 0 to 1 that chooses the share of the jitter.
    """
    latest = failures[-1]
    if not latest.repeatable:
        return Decision(latest.error)
    pause = _pause(failures, policy)
    too_long = pause is not None and pause > policy.longest_pause
    if too_long or len(failures) >= policy.attempts:
        return Decision(latest.error, pause)
    return Decision(None, pause, 0.0 if pause is not None else _backoff(len(failures), policy, chance))


def _pause(failures: Sequence[Failure], policy: Policy) -> float | None:
    """The pause that Spoki asked for, or a guess where it asked to slow down without saying for how long."""
    latest = failures[-1]
    if latest.pause is not None or not latest.busy:
        return latest.pause
    unstated = sum(failure.busy and failure.pause is None for failure in failures)
    return policy.unstated_pauses[min(unstated, len(policy.unstated_pauses)) - 1]


def _backoff(attempts: int, policy: Policy, chance: float) -> float:
    if attempts == 1:
        return 0.0
    return min(policy.backoff * 2.0 ** (attempts - 1) + policy.jitter * chance, policy.longest_backoff)
