"""On which day a balance will be used up: many possible futures of an account's use, and the day on which each ends.

The 10th to 90th percentile of these days is a promise: it holds the true day in at least three of four simulated
accounts of every kind that docs/benchmarks.md lists (steady, with campaigns, growing, shrinking, weekends only,
recently started, wandering). Nothing that an account's past does not show is in it, such as a season that is to come.

The steps, each with its reason:

1. Only whole weeks from the first use on are looked at, ending on the last known day: days before an account started
   are no days of zero use, and whole weeks carry every weekday once.
2. 750 candidates say how the level of weekly use may behave: how far it wanders, how fast it grows, how unevenly weeks
   fall around it. Each follows the weeks with a gamma-Poisson filter, and how well it foretold each next week becomes
   its weight. So a steady account gets a narrow range and a wandering one a wide range, without anybody choosing.
3. How unevenly days fall is measured between the same weekdays of neighbouring weeks, which neither a weekday pattern
   nor a slow drift disturbs; campaigns raise it, and then the level is held to be less well known.
4. A future draws a candidate, a present level, its further walk and growth (which fades), and for each coming week a
   past week's shape relative to the level it had then. The balance is used up on the day that the sum reaches it.

Sources: Harvey and Fernandes 1989 (counts with a wandering level: the gamma-Poisson filter); Muth 1960 (the mean that
best follows such a level); Efron 1979 (drawing from what was observed).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]

WEEK = 7
LONGEST = 730
"""Days of two years: nothing is followed further, and what lasts longer is said to last longer."""
LOW, HIGH = 0.1, 0.9
"""The range runs from the 10th to the 90th percentile."""

_LONGEST_WEEKS = -(-LONGEST // WEEK)
_DRAWS = 1000
_FADE = 120
"""Days in which growth fades to a third: no account grows by half a percent a day for ever."""
_FEW_WEEKS = 5
"""Below so many weeks, whole weeks are too few to draw from, and days of the same weekday are drawn one by one."""

_WANDER = np.array([0, 0.01, 0.02, 0.03, 0.045, 0.07])
"""How far a level may wander in a day, as standard deviation of its logarithm."""
_WANDER_PRIOR = np.array([0.30, 0.12, 0.16, 0.18, 0.14, 0.10])
_GROWTH = np.arange(-12, 13) / 1000
"""How much a level may grow in a day, in its logarithm: up to 1.2 % either way, most likely not at all."""
_GROWTH_PRIOR = np.exp(-np.abs(_GROWTH) / 0.003) * np.where(_GROWTH == 0, 3, 1)
_UNEVEN = 2.0 ** np.arange(-2, 3)
"""Variance over mean of weekly use, as a multiple of what single days show."""
_UNEVEN_PRIOR = np.exp(-0.5 * np.log2(_UNEVEN) ** 2)

_GRID = np.meshgrid(_WANDER, _GROWTH, _UNEVEN, indexing="ij")
WANDER, GROWTH, UNEVEN = (axis.ravel() for axis in _GRID)
"""One entry a candidate."""
_LOG_PRIOR = np.log(
    (_WANDER_PRIOR[:, None, None] * _GROWTH_PRIOR[None, :, None] * _UNEVEN_PRIOR[None, None, :]).ravel()
)


@dataclass(frozen=True, slots=True)
class DaysLeft:
    """Days until a balance is used up; day 1 is the first that comes, and `LONGEST` stands for longer.

    Attributes:
        value: The median of the futures.
        low: Their 10th percentile.
        high: Their 90th percentile.
    """

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class _Level:
    """What is known of the present level of weekly use, one entry a candidate: its weight, and a gamma distribution."""

    weight: Floats
    shape: Floats
    rate: Floats
    uneven: Floats


def days_left(used: Floats, balance: float, *, planned: Floats | None = None, seed: int = 0) -> DaysLeft | None:
    """How many days a balance lasts, with a range that holds the true day.

    Args:
        used: Units used on each day that is over, up to yesterday; may begin with days before the first use.
        balance: Units that are left.
        planned: Units that will be used beside the usual on each coming day, such as scheduled campaigns.
        seed: Of the drawing; the same seed gives the same figures.

    Returns:
        The days; all zero when nothing is left, None without a whole week in which something was used.

    Example:
        >>> days_left(np.full(70, 10.0), 100).value
        10.0
    """
    if balance <= 0:
        return DaysLeft(0.0, 0.0, 0.0)
    weeks = whole_weeks(used)
    if not weeks.any():
        return None
    ahead = _weeks_ahead(weeks, balance)
    days = _last_days(weeks, balance, ahead, planned, seed)
    if np.quantile(days, HIGH) > WEEK * ahead:  # more than a tenth of the futures outlast what was followed
        days = _last_days(weeks, balance, _LONGEST_WEEKS, planned, seed)
    value, low, high = np.minimum(np.quantile(days, (0.5, LOW, HIGH)), LONGEST).tolist()
    return DaysLeft(value, low, high)


def whole_weeks(used: Floats) -> Floats:
    """The days from the first use on as whole weeks that end on the last day, one week a row."""
    since_first = np.trim_zeros(np.asarray(used, dtype=float), "f")
    return since_first[len(since_first) % WEEK :].reshape(-1, WEEK)


def _last_days(weeks: Floats, balance: float, ahead: int, planned: Floats | None, seed: int) -> NDArray[np.int64]:
    """The day of each future on which the balance is used up; the day after all where it outlasts the weeks ahead."""
    random = np.random.default_rng(seed)
    level = _follow(weeks)
    use = _levels_ahead(level, ahead, random)[:, :, None] * _draw_weeks(_shapes(weeks, level), ahead, random)
    total = np.cumsum(use.reshape(_DRAWS, -1), axis=1)
    if planned is not None:
        total += np.cumsum(_first(planned, total.shape[1]))
    days: NDArray[np.int64] = (total < balance).sum(axis=1) + 1
    return days


def _follow(weeks: Floats) -> _Level:
    """Let each candidate follow the weeks; how well it foretold the next one is its weight."""
    sums = weeks.sum(axis=1)
    last = len(sums) - 1
    uneven = np.maximum(np.maximum(_unevenness(weeks), 1) * UNEVEN, 1)
    seen = sums[:, None] / uneven  # in units whose variance equals their mean
    # A candidate's weeks are brought to the level of the last one along its growth.
    exposure = np.exp(WEEK * GROWTH * (np.arange(len(sums)) - last)[:, None]) / uneven
    # The half is Jeffreys' prior: of a first week without use it makes a low level, not none.
    shape, rate, log_weight = seen[0] + 0.5, exposure[0], _LOG_PRIOR.copy()
    # Weekly MEANS of a random walk differ by two thirds of the variance that single days a week apart have.
    loss = 2 / 3 * WEEK * WANDER**2
    for week in range(1, last + 1):
        forget = 1 / (1 + shape * loss)
        shape, rate = shape * forget, rate * forget
        log_weight += _log_chance(seen[week], shape, rate, exposure[week]) - np.log(uneven)
        shape, rate = shape + seen[week], rate + exposure[week]
    weight = np.exp(log_weight - log_weight.max())
    return _Level(weight / weight.sum(), shape, rate, uneven)


def _log_chance(count: Floats, shape: Floats, rate: Floats, exposure: Floats) -> Floats:
    """Logarithm of the negative binomial chance of a count whose level is gamma distributed."""
    ways = _log_gamma(shape + count) - _log_gamma(shape) - _log_gamma(count + 1)
    chance: Floats = ways + shape * np.log(rate / (rate + exposure)) + count * np.log(exposure / (rate + exposure))
    return chance


def _unevenness(weeks: Floats) -> float:
    """Variance over mean of a day's use, from the same weekday one week apart."""
    if len(weeks) == 1:
        return float((weeks**2).sum() / weeks.sum())
    before, after = weeks[:-1], weeks[1:]
    return float(((after - before) ** 2).sum() / max((after + before).sum(), 1))


def _weeks_ahead(weeks: Floats, balance: float) -> int:
    """How many coming weeks are worth following: thrice what the pace of the last month asks for, and some."""
    lately = max(weeks[-4:].sum(axis=1).mean(), 1e-9)
    return int(min(3 * balance / lately + 8, _LONGEST_WEEKS))


def _levels_ahead(level: _Level, ahead: int, random: np.random.Generator) -> Floats:
    """The level of each coming week in each future."""
    # Every candidate is drawn as often as its weight says, as evenly as a thousand draws allow.
    even = (np.arange(_DRAWS) + 0.5) / _DRAWS * (1 - 1e-6)
    drawn = random.permutation(np.searchsorted(np.cumsum(level.weight), even))
    steps = random.normal(size=(_DRAWS, ahead)) * np.sqrt(WEEK)
    steps[:, 0] *= np.sqrt(2 / 3)  # the first week's mean has wandered less than a week
    grown = _FADE * (1 - np.exp(-WEEK * np.arange(1, ahead + 1) / _FADE))
    growth = GROWTH[drawn] + random.uniform(-0.0005, 0.0005, _DRAWS)  # between the steps of the grid
    now = random.gamma(level.shape[drawn]) / level.rate[drawn]
    path: Floats = now[:, None] * np.exp(growth[:, None] * grown + WANDER[drawn][:, None] * np.cumsum(steps, axis=1))
    return path


def _shapes(weeks: Floats, level: _Level) -> Floats:
    """The past weeks, day by day, as multiples of the level that each had in its time."""
    sums, count = weeks.sum(axis=1), len(weeks)
    kernel = _kernel(sums, level)
    growth = np.exp(WEEK * (level.weight * GROWTH).sum() * np.arange(1 - count, 1))
    ratio = weeks / np.maximum(kernel @ (sums / growth) * growth, 1e-9)[:, None]
    size = np.maximum(ratio.sum(axis=1, keepdims=True), 1e-9)
    if count > 1:  # a week pulls the level of its own time towards itself: its deviation is widened by as much
        own = np.sqrt(1 - np.diag(kernel))[:, None]
        ratio *= np.maximum(1 + (size - 1) / own, 0) / size
    shapes: Floats = ratio / (ratio.sum() / count)
    return shapes


def _kernel(sums: Floats, level: _Level) -> Floats:
    """How much each week says of the level in the time of each other: less with distance, the more a level wanders."""
    wander = WEEK * (level.weight * WANDER**2).sum()
    noise = np.exp((level.weight * np.log(level.uneven)).sum()) / sums.mean()
    signal = wander / noise
    # The decay of the best exponential mean of a level that wanders under noise (Muth 1960).
    keep = np.clip(1 - (np.sqrt(signal**2 + 4 * signal) - signal) / 2, 1e-3, 1)
    weeks = np.arange(len(sums))
    kernel = keep ** np.abs(np.subtract.outer(weeks, weeks))
    even: Floats = kernel / kernel.sum(axis=1, keepdims=True)
    return even


def _draw_weeks(shapes: Floats, ahead: int, random: np.random.Generator) -> Floats:
    """Past weeks for the coming ones of each future; single days of each weekday where weeks are few."""
    if len(shapes) >= _FEW_WEEKS:
        return shapes[random.integers(0, len(shapes), (_DRAWS, ahead))]
    return shapes[random.integers(0, len(shapes), (_DRAWS, ahead, WEEK)), np.arange(WEEK)]


def _first(planned: Floats, days: int) -> Floats:
    """The plan of the first days, nothing planned after its end."""
    plan = np.zeros(days)
    known = np.asarray(planned, dtype=float)[:days]
    plan[: len(known)] = known
    return plan


def _log_gamma(x: Floats) -> Floats:
    """Logarithm of the gamma function by Stirling's series, shifted by two for small values; numpy has none."""
    y = x + 2
    stirling: Floats = (y - 0.5) * np.log(y) - y + 0.5 * np.log(2 * np.pi) + 1 / (12 * y) - np.log(x * (x + 1))
    return stirling
