"""Runway: how long credit lasts at the pace of a period, as an estimate with a range."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from spoki_analytics.metrics.periods import local_day
from spoki_analytics.renamed import old_names

__getattr__ = old_names(__name__)

HORIZON = 365
"""Days beyond which no estimate is given: "> 365 days"."""

ENOUGH_DAYS = 7
"""Complete days needed before a pace is taken from them."""

SOON = 14
"""Days: an account whose credit may run out within them needs a recharge soon."""

URGENCY = ("now", "soon", "later", "unknown")

_SAMPLES = 1000

_PACE = {
    "account": "Int64",
    "days": "Int64",
    "basis": "str",
    "used_per_day": "Float64",
    "used_per_day_low": "Float64",
    "used_per_day_high": "Float64",
    "used_on_median_day": "Float64",
}


def runway(
    balances: pd.DataFrame, use: pd.DataFrame, as_of: pd.Timestamp, timezone: str, seed: int = 0
) -> pd.DataFrame:
    """How long each balance lasts if days stay like those of the period; who needs a recharge first stands on top.

    Estimate: balance / (used per day x cost per estimated conversation), which is conversations left / used per day.
    The range is the 10th to 90th percentile over 1000 resamplings of the days (bootstrap with a fixed seed).
    Assumptions: coming days are like these, a conversation costs what Spoki's own estimate implies, nothing but the
    counted unit costs money, nobody tops up.

    Args:
        balances: From `credit.balances`.
        use: From `pace.daily_use`.
        as_of: When the balance was true.
        timezone: IANA zone of the date.
        seed: Of the resampling.

    Returns:
        `balances` plus ``days`` (Int64, days the pace is taken from), ``basis`` (text), ``used_per_day``,
        ``used_per_day_low``, ``used_per_day_high``, ``used_on_median_day`` (Float64), ``days_left``,
        ``days_left_low``, ``days_left_high`` (Float64, days, at most 365, which stands for longer; missing with fewer
        than 7 days), ``empty_on`` (datetime64, local day; missing beyond 365 days) and ``urgency`` (category: now =
        below the threshold or nothing left, soon = may be empty within 14 days, later, unknown).

    Source: support.spoki.com (credit pays conversations and templates); Efron 1979 (bootstrap).
    """
    paces = [{"account": account} | _pace(rows, seed) for account, rows in use.groupby("account")]
    table = balances.merge(pd.DataFrame(paces, columns=list(_PACE)).astype(_PACE), on="account", how="left")
    left = table["conversations_left"].astype("Float64")
    for bound, pace in {"": "", "_low": "_high", "_high": "_low"}.items():
        table[f"days_left{bound}"] = _days_left(left, table[f"used_per_day{pace}"])
    table["empty_on"] = _empty_on(table["days_left"], as_of, timezone)
    table["urgency"] = _urgency(table)
    headroom = table["balance"] - table["threshold"].fillna(0)
    by = ["urgency", "days_left", "headroom"]
    return table.assign(headroom=headroom).sort_values(by, ignore_index=True).drop(columns="headroom")


def _pace(rows: pd.DataFrame, seed: int) -> dict[str, Any]:
    """Mean with its range and median of the units an account uses a day; with too few days only their number."""
    used = rows["used"].to_numpy(dtype=float, na_value=0.0)
    facts = {"days": len(used), "basis": rows["basis"].iloc[0]}
    if len(used) < ENOUGH_DAYS:
        return facts
    drawn = np.random.default_rng(seed).integers(0, len(used), (_SAMPLES, len(used)))
    low, high = np.quantile(used[drawn].mean(axis=1), (0.1, 0.9))
    pace = {"used_per_day": used.mean(), "used_per_day_low": low, "used_per_day_high": high}
    return facts | pace | {"used_on_median_day": np.median(used)}


def _days_left(left: pd.Series, per_day: pd.Series) -> pd.Series:
    """Days until nothing is left, at most `HORIZON`; with nothing used the horizon, with nothing left zero."""
    days = (left / per_day.mask((per_day == 0).fillna(False))).clip(upper=HORIZON)
    idle = ((per_day == 0) & left.notna()).fillna(False)
    return days.mask(idle, HORIZON).mask((left == 0).fillna(False), 0.0)


def _empty_on(days_left: pd.Series, as_of: pd.Timestamp, timezone: str) -> pd.Series:
    today = local_day(pd.Series([as_of]), timezone).iloc[0]
    whole = np.floor(days_left.mask((days_left >= HORIZON).fillna(False)).to_numpy(dtype=float, na_value=np.nan))
    return pd.Series(today + pd.to_timedelta(whole, unit="D"), index=days_left.index).astype("datetime64[us]")


def _urgency(table: pd.DataFrame) -> pd.Series:
    now = table["below_threshold"].fillna(False) | (table["conversations_left"] == 0).fillna(False)
    soon = (table["days_left_low"] <= SOON).fillna(False)
    cases = [case.to_numpy(dtype=bool) for case in (now, soon, table["days_left"].notna())]
    chosen = np.select(cases, list(URGENCY[:3]), default=URGENCY[3])
    return pd.Series(pd.Categorical(chosen, categories=list(URGENCY), ordered=True), index=table.index)
