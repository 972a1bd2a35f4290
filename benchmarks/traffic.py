"""Accounts of invented traffic, for which the true day is known: what they used, and what they are going to use.

Every account has an ordinary day of its own size and a weekend that is quieter. What it does beside that is its kind.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Random: TypeAlias = np.random.Generator

PAST, COMING = 91, 400
"""Days that are known, thirteen weeks of them, and days that come."""
_DAYS = np.arange(PAST + COMING)
_OF_THE_WEEK = np.array([1.0, 1.0, 1.05, 1.05, 1.1, 0.5, 0.35])
_WEEKEND = (5, 6)


class Account(NamedTuple):
    """Units used a day.

    Attributes:
        past: On each day that is over.
        coming: On each day that comes.
    """

    past: NDArray[np.int64]
    coming: NDArray[np.int64]


def account(kind: str, random: Random) -> Account:
    """One account of a kind.

    Args:
        kind: One of `KINDS`.
        random: Where its size and its days come from.
    """
    weekday = (_DAYS + random.integers(len(_OF_THE_WEEK))) % len(_OF_THE_WEEK)
    ordinary = random.lognormal(mean=4, sigma=0.6) * _OF_THE_WEEK[weekday]
    used = KINDS[kind](ordinary, weekday, random)
    return Account(used[:PAST], used[PAST:])


def _steady(ordinary: Floats, _weekday: NDArray[np.int64], random: Random) -> NDArray[np.int64]:
    return random.poisson(ordinary)


def _with_campaigns(ordinary: Floats, _weekday: NDArray[np.int64], random: Random) -> NDArray[np.int64]:
    """Two fifths of an ordinary day, and on one day in nine, by chance, a campaign of about seven whole ones."""
    sizes = random.lognormal(np.log(7 * ordinary.mean()), 0.6, len(_DAYS))
    campaigns = np.where(random.random(len(_DAYS)) < 1 / 9, sizes, 0)
    return random.poisson(0.4 * ordinary) + campaigns.astype(np.int64)


def _changing(daily: float) -> Callable[[Floats, NDArray[np.int64], Random], NDArray[np.int64]]:
    """More, or less, by a share of each day, all the time."""
    return lambda ordinary, _weekday, random: random.poisson(ordinary * np.exp(daily * (_DAYS - PAST)))


def _weekends(ordinary: Floats, weekday: NDArray[np.int64], random: Random) -> NDArray[np.int64]:
    return random.poisson(np.where(np.isin(weekday, _WEEKEND), 4 * ordinary, 0))


def _wandering(ordinary: Floats, _weekday: NDArray[np.int64], random: Random) -> NDArray[np.int64]:
    """A level that goes up or down by about 3 % each day, nobody knows where."""
    return random.poisson(ordinary * np.exp(random.normal(0, 0.03, len(_DAYS)).cumsum()))


def _started(days: int) -> Callable[[Floats, NDArray[np.int64], Random], NDArray[np.int64]]:
    """Steady, but only so many days old."""
    return lambda ordinary, _weekday, random: random.poisson(np.where(PAST - days <= _DAYS, ordinary, 0))


KINDS = {
    "steady": _steady,
    "campaigns": _with_campaigns,
    "growing by 0.4 % a day": _changing(0.004),
    "shrinking by 0.3 % a day": _changing(-0.003),
    "weekends only": _weekends,
    "started 3 weeks ago": _started(21),
    "started 5 weeks ago": _started(35),
    "wandering by 3 % a day": _wandering,
}
"""What an account may do."""
