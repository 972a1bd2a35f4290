"""Rates with their uncertainty: shares of counts, Wilson intervals and the difference of two shares."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

Floats = np.ndarray[Any, np.dtype[np.float64]]

Z = 1.959963984540054
"""Standard normal quantile of a two-sided 95 % interval."""


def share(count: pd.Series, out_of: pd.Series) -> pd.Series:
    """``count / out_of`` as Float64 between 0 and 1.

    Missing where the denominator is zero or unknown, and where the count exceeds it: then the two come from
    different messages (a message sent before midnight and read after it), and their quotient is no share.
    """
    rate, _ = _shares(count, out_of)
    return pd.Series(rate, index=count.index, dtype="Float64")


def wilson(count: pd.Series, out_of: pd.Series) -> pd.DataFrame:
    """95 % score interval of a share.

    Args:
        count: Successes.
        out_of: Trials.

    Returns:
        Columns ``low`` and ``high`` (Float64, 0 to 1), missing where `share` is.

    Source: Wilson 1927, "Probable inference, the law of succession, and statistical inference".
    """
    rate, trials = _shares(count, out_of)
    scale = 1 + Z**2 / trials
    middle = (rate + Z**2 / (2 * trials)) / scale
    half = Z * np.sqrt(rate * (1 - rate) / trials + Z**2 / (4 * trials**2)) / scale
    # rounding may push a bound past the rate itself at 0 and 1
    bounds = {
        "low": np.minimum(np.maximum(middle - half, 0), rate),
        "high": np.maximum(np.minimum(middle + half, 1), rate),
    }
    return pd.DataFrame(bounds, index=count.index, dtype="Float64")


def add_rates(frame: pd.DataFrame, definitions: Mapping[str, tuple[str, str]]) -> pd.DataFrame:
    """The frame with a rate and its interval for each definition.

    Args:
        frame: Counts.
        definitions: Name of the rate to the columns (numerator, denominator).

    Returns:
        The frame plus ``name``, ``name_low``, ``name_high`` (Float64, 0 to 1) for each definition.
    """
    columns: dict[str, pd.Series] = {}
    for name, (count, out_of) in definitions.items():
        interval = wilson(frame[count], frame[out_of])
        columns[name] = share(frame[count], frame[out_of])
        columns[f"{name}_low"], columns[f"{name}_high"] = interval["low"], interval["high"]
    return frame.assign(**columns)


def difference(count: float, out_of: float, count_before: float, out_of_before: float) -> tuple[float, float, float]:
    """Change of a share between two samples with its 95 % interval.

    Returns:
        Change, low, high (-1 to 1); all NaN where one of the shares is undefined.

    Source: Newcombe 1998, "Interval estimation for the difference between independent proportions", method 10.
    """
    sample = pd.DataFrame({"k": [count, count_before], "n": [out_of, out_of_before]}, dtype="Float64")
    rate = share(sample["k"], sample["n"])
    if rate.isna().any():
        return math.nan, math.nan, math.nan
    bounds = wilson(sample["k"], sample["n"])
    (now, before), (low, low_before), (high, high_before) = rate, bounds["low"], bounds["high"]
    change = float(now - before)
    down = math.hypot(now - low, high_before - before)
    return change, change - down, change + math.hypot(high - now, before - low_before)


def _shares(count: pd.Series, out_of: pd.Series) -> tuple[Floats, Floats]:
    """Shares and their denominators, NaN where there is no share."""
    hits, trials = (values.to_numpy(dtype=float, na_value=np.nan) for values in (count, out_of))
    trials = np.where((trials > 0) & (hits >= 0) & (hits <= trials), trials, np.nan)
    return hits / trials, trials
