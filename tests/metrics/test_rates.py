import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spoki_analytics.metrics.rates import add_rates, difference, share, wilson

COUNTS = st.integers(0, 10**9)


def of(*values: float | None) -> pd.Series:
    return pd.Series(values, dtype="Float64")


@pytest.mark.parametrize(
    ("count", "out_of", "low", "high"),
    [
        (0, 20, 0, 0.161),
        (14, 20, 0.481, 0.855),
        (35, 50, 0.562, 0.809),
        (700, 1000, 0.671, 0.728),
        (10, 200, 0.027, 0.09),
    ],
)
def test_wilson_agrees_with_published_intervals(count: int, out_of: int, low: float, high: float) -> None:
    interval = wilson(of(count), of(out_of)).iloc[0]
    assert interval["low"] == pytest.approx(low, abs=5e-4)
    assert interval["high"] == pytest.approx(high, abs=5e-4)


@pytest.mark.parametrize(("count", "out_of"), [(0, 0), (5, 0), (5, 4), (None, 3), (3, None), (-1, 3)])
def test_no_share_without_a_sound_denominator(count: float | None, out_of: float | None) -> None:
    assert share(of(count), of(out_of)).isna().all()
    assert wilson(of(count), of(out_of)).isna().all(axis=None)


@given(COUNTS, COUNTS)
def test_a_rate_lies_in_its_interval(count: int, out_of: int) -> None:
    rated = add_rates(pd.DataFrame({"k": of(count), "n": of(out_of)}), {"k_per_n": ("k", "n")}).iloc[0]
    if 0 < out_of >= count:
        assert 0 <= rated["k_per_n_low"] <= rated["k_per_n"] <= rated["k_per_n_high"] <= 1
    else:
        assert pd.isna(rated["k_per_n"])


@given(*[st.integers(0, 1000)] * 4)
def test_a_difference_lies_in_its_interval(now: int, out_of: int, before: int, out_of_before: int) -> None:
    change, low, high = difference(now, out_of, before, out_of_before)
    if 0 < out_of >= now and 0 < out_of_before >= before:
        assert -1 <= low <= change <= high <= 1
    else:
        assert math.isnan(change)


def test_newcombe_agrees_with_the_published_example() -> None:
    assert difference(56, 70, 48, 80) == pytest.approx((0.2, 0.0524, 0.3339), abs=1e-4)


def test_a_difference_of_equal_samples_holds_zero() -> None:
    change, low, high = difference(65, 1000, 50, 1000)
    assert change == pytest.approx(0.015)
    assert low < 0 < high
