"""Runway: on which day credit is used up, with a range that holds.

What is left is Spoki's estimate of conversations that the balance pays; each unit that is billed is taken to cost as
much as one of them. The day itself is foretold by `forecast`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from spoki_analytics.metrics.forecast import LONGEST, DaysLeft, Floats, days_left
from spoki_analytics.metrics.periods import local_day
from spoki_analytics.renamed import old_names

__getattr__ = old_names(__name__)

HORIZON = LONGEST
"""Days of two years; an account that is not empty by then has so many, which stand for longer."""

ENOUGH_DAYS = 7
"""Complete days from the first use on that an estimate needs: each day of the week once."""

RANGE_DAYS = 14
"""Complete days from the first use on that a range needs: one week says nothing of how weeks differ."""

SOON = 14
"""Days: an account whose credit may run out within them needs a recharge soon."""

URGENCY = ("now", "soon", "later", "unknown")

_OUTLOOK = {
    "account": "Int64",
    "days": "Int64",
    "basis": "str",
    "used_per_day": "Float64",
    "used_per_day_low": "Float64",
    "used_per_day_high": "Float64",
    "used_on_median_day": "Float64",
    "days_left": "Float64",
    "days_left_low": "Float64",
    "days_left_high": "Float64",
    "days_left_by_conversations": "Float64",
}


def runway(
    balances: pd.DataFrame,
    use: pd.DataFrame,
    as_of: pd.Timestamp,
    timezone: str,
    seed: int = 0,
    planned: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """How long each balance lasts; who needs a recharge first stands on top.

    The range is the 10th to 90th percentile of the day on which the balance is used up, so that it holds the true day
    in about four of five cases (docs/benchmarks.md has the measured shares). Assumptions: what is to come shows in the
    past or in the plan, a billed unit costs what Spoki's own estimate implies, nothing else costs, nobody tops up.

    Args:
        balances: From `credit.balances`.
        use: From `pace.daily_use`; it ends with the day before ``as_of``.
        as_of: When the balance was true.
        timezone: IANA zone of the date.
        seed: Of the futures that the forecast draws.
        planned: From `pace.planned_use`, what will be used beside the usual.

    Returns:
        `balances` plus ``days`` (Int64, days from the first use on, which the pace is taken from), ``basis`` (text),
        ``used_per_day`` and ``used_on_median_day`` (Float64, mean and median), ``used_per_day_low`` and
        ``used_per_day_high`` (Float64, the average pace at which the range would end), ``days_left`` (Float64, the
        median; 0 without credit, `HORIZON` for longer, missing with fewer than 7 days), ``days_left_low`` and
        ``days_left_high`` (Float64, the range; missing with fewer than 14 days, or without any use),
        ``days_left_by_conversations`` (Float64, the same counted in conversations, as Spoki's own estimate counts;
        missing where they are the basis, or unknown), ``empty_on``, ``empty_on_low`` and ``empty_on_high`` (datetime64,
        local days of the three; missing beyond the horizon) and ``urgency`` (category: now = below the threshold or
        nothing left, soon = may be empty within 14 days, later, unknown).

    Source: support.spoki.com, "Conversations: Costs and Usage" (2026-02-25: delivered template messages cost credit).
    """
    paces = [
        _outlook(use[use["account"] == account], left, _plan(planned, account), seed) | {"account": account}
        for account, left in zip(balances["account"], _units_left(balances), strict=True)
    ]
    outlook = pd.DataFrame(paces, columns=list(_OUTLOOK), index=balances.index).astype(_OUTLOOK)
    table = balances.join(outlook.drop(columns="account"))
    for bound in ("", "_low", "_high"):
        table[f"empty_on{bound}"] = _empty_on(table[f"days_left{bound}"], as_of, timezone)
    table["urgency"] = _urgency(table)
    headroom = table["balance"] - table["threshold"].fillna(0)
    by = ["urgency", "days_left", "headroom"]
    return table.assign(headroom=headroom).sort_values(by, ignore_index=True).drop(columns="headroom")


def _units_left(balances: pd.DataFrame) -> pd.Series:
    """Units that each balance pays: none without credit, whatever Spoki estimates."""
    left = balances["conversations_left"].astype("Float64")
    return left.mask((balances["balance"] <= 0).fillna(False), 0.0)


def _plan(planned: pd.DataFrame | None, account: Any) -> Floats:
    """Planned units of an account on each coming day up to the horizon."""
    plan = np.zeros(HORIZON)
    if planned is not None:
        own = planned[(planned["account"] == account) & planned["day"].between(1, HORIZON)]
        np.add.at(plan, own["day"].to_numpy(dtype=int) - 1, own["planned"].to_numpy(dtype=float))
    return plan


def _outlook(use: pd.DataFrame, left: Any, plan: Floats, seed: int) -> dict[str, Any]:
    """Pace and days left of one account, as far as its days tell them."""
    used = use["used"].to_numpy(dtype=float)
    facts: dict[str, Any] = {"days": len(used), "basis": use["basis"].iloc[0] if len(used) else None}
    enough = len(used) >= ENOUGH_DAYS
    if enough:
        facts |= {"used_per_day": used.mean(), "used_on_median_day": np.median(used)}
    if pd.isna(left) or not (enough or left == 0):
        return facts
    days = days_left(used, left, planned=plan, seed=seed)
    if days is None:
        return facts | {"days_left": _days_by_plan(plan, left)}
    ranged = len(used) >= RANGE_DAYS or left == 0
    facts |= _with_range(days, left) if ranged else {"days_left": days.value}
    return facts | _by_conversations(use, left, plan, seed)


def _with_range(days: DaysLeft, left: float) -> dict[str, float]:
    """The days, and the average pace at which either end of the range would come."""
    range_ = {"days_left": days.value, "days_left_low": days.low, "days_left_high": days.high}
    if not left:
        return range_
    return range_ | {"used_per_day_low": left / days.high, "used_per_day_high": left / days.low}


def _days_by_plan(plan: Floats, left: float) -> float:
    """The day on which the plan alone uses the balance up, for an account that has used nothing so far."""
    return float(min(int(np.searchsorted(np.cumsum(plan), left)) + 1, HORIZON))


def _by_conversations(use: pd.DataFrame, left: float, plan: Floats, seed: int) -> dict[str, float]:
    """The days if every conversation cost one unit, where that is another reading than the one taken."""
    conversations = use["conversations"]
    if not len(use) or use["basis"].iloc[0] == "conversations" or conversations.isna().any():
        return {}
    days = days_left(conversations.to_numpy(dtype=float), left, planned=plan, seed=seed)
    return {"days_left_by_conversations": days.value} if days else {}


def _empty_on(days_left: pd.Series, as_of: pd.Timestamp, timezone: str) -> pd.Series:
    """The local day on which the balance is used up; half days are rounded up, as in words."""
    today = local_day(pd.Series([as_of]), timezone).iloc[0]
    known = days_left.mask((days_left >= HORIZON).fillna(False)).to_numpy(dtype=float, na_value=np.nan)
    whole = np.floor(known + 0.5)
    return pd.Series(today + pd.to_timedelta(whole, unit="D"), index=days_left.index).astype("datetime64[us]")


def _urgency(table: pd.DataFrame) -> pd.Series:
    """What to do, by the day on which the balance may be used up at the earliest."""
    now = table["below_threshold"].fillna(False) | (table["days_left"] == 0).fillna(False)
    earliest = table["days_left_low"].fillna(table["days_left"])
    cases = [case.to_numpy(dtype=bool) for case in (now, (earliest <= SOON).fillna(False), earliest.notna())]
    chosen = np.select(cases, list(URGENCY[:3]), default=URGENCY[3])
    return pd.Series(pd.Categorical(chosen, categories=list(URGENCY), ordered=True), index=table.index)
