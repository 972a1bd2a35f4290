import numpy as np
import pytest

from benchmarks.coverage import CASES, HORIZONS, LEAST, measure
from benchmarks.traffic import KINDS
from spoki_analytics.metrics.forecast import LONGEST, DaysLeft, days_left
from tests.depth import depth

CASE_COUNT = depth(40, CASES)
HOLDS = depth(65, round(100 * LEAST)) / 100
"""Of forty accounts, a tenth less may hold by chance alone."""
TEN_A_DAY = np.full(91, 10.0)


def bootstrap(used: np.ndarray, balance: float) -> DaysLeft:
    """The balance over the mean of days, and over means of days drawn from them: blind to weeks, bursts and growth."""
    drawn = np.random.default_rng(0).integers(0, len(used), (1000, len(used)))
    low, high = np.quantile(used[drawn].mean(axis=1), (0.1, 0.9))
    return DaysLeft(balance / used.mean(), balance / high, balance / low)


@pytest.mark.parametrize("kind", KINDS)
def test_the_range_holds_the_true_day(kind: str) -> None:
    cells = [measure(kind, horizon, CASE_COUNT) for horizon in HORIZONS]
    assert min(cell.holds for cell in cells) >= HOLDS, cells
    assert all(cell.width < 2 * cell.horizon for cell in cells), cells


@pytest.mark.parametrize("kind", ["campaigns", "growing by 0.4 % a day", "wandering by 3 % a day"])
def test_the_same_measure_sees_a_range_that_does_not_hold(kind: str) -> None:
    assert min(measure(kind, horizon, CASE_COUNT, forecast=bootstrap).holds for horizon in HORIZONS) < HOLDS


def test_an_even_use_has_one_day_and_hardly_a_range() -> None:
    left = days_left(TEN_A_DAY, 200)
    assert left.value == pytest.approx(20, abs=1)
    assert 17 <= left.low <= left.value <= left.high <= 23


@pytest.mark.parametrize("balance", [0, -12.5])
def test_nothing_left_is_zero_days(balance: float) -> None:
    assert days_left(TEN_A_DAY, balance) == DaysLeft(0, 0, 0)


@pytest.mark.parametrize("used", [[], [0] * 30, [3] * 6])
def test_without_a_whole_week_of_use_nothing_is_foretold(used: list[int]) -> None:
    assert days_left(np.array(used), 100) is None


def test_what_lasts_longer_than_two_years_is_the_longest() -> None:
    assert days_left(TEN_A_DAY, 1e6) == DaysLeft(LONGEST, LONGEST, LONGEST)


def test_days_before_the_first_use_are_no_days_of_zero_use() -> None:
    recent = TEN_A_DAY[:28]
    assert days_left(np.append(np.zeros(63), recent), 300) == days_left(recent, 300)


def test_futures_are_followed_until_most_of_them_have_ended() -> None:
    """Three weeks that differ so much say so little that a tenth of the futures outlast thrice the pace."""
    bursts = np.zeros((3, 7))
    bursts[:, 2] = 900, 40, 3
    thrice = 3 * 4000 / bursts.sum(axis=1).mean() + 8
    assert days_left(bursts.ravel(), 4000).high > 7 * thrice + 1


def test_what_is_planned_shortens_the_days_from_its_day_on() -> None:
    planned = np.array([0, 0, 0, 150.0])
    assert days_left(TEN_A_DAY, 180, planned=planned).value == 4
    assert days_left(TEN_A_DAY, 25, planned=planned) == days_left(TEN_A_DAY, 25)
    assert days_left(TEN_A_DAY, 180, planned=np.append(np.zeros(500), 9e9)) == days_left(TEN_A_DAY, 180)


def test_the_same_seed_gives_the_same_days() -> None:
    use = np.random.default_rng(5).poisson(30, 70)
    assert days_left(use, 9000, seed=1) == days_left(use, 9000, seed=1)
    assert days_left(use, 9000, seed=1) != days_left(use, 9000, seed=2)
