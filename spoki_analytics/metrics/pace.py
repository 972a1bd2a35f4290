"""Pace: what accounts used on each day, in the units that are billed."""

from __future__ import annotations

import pandas as pd

from spoki_analytics.metrics.numbers import counts, numbers
from spoki_analytics.metrics.periods import Period

BASES = ("conversations", "template", "sent")
"""What stands for the billed unit, best first: the first that the reports of an account know is taken."""

_USE = {"account": "Int64", "period_start": "datetime64[us, UTC]", "used": "Int64", "basis": "str"}


def daily_use(
    reports: pd.DataFrame, accounts: pd.DataFrame, period: Period, as_of: pd.Timestamp, timezone: str
) -> pd.DataFrame:
    """Billed units of each account on each complete day of the period.

    Args:
        reports: ``spoki.reports.load(granularity="Day", form="wide")``.
        accounts: The accounts in question; rows that name no account belong to it when there is just one.
        period: By day.
        as_of: When the data was true; a day that had not ended then is left out.
        timezone: IANA zone in which a day ends.

    Returns:
        ``account`` (Int64), ``period_start`` (UTC label), ``used`` (Int64, conversations or messages), ``basis``
        (text, one of `BASES`). From the first reported day of an account on; a day that is not reported counts zero.
    """
    over = period.starts[~period.is_open(as_of, timezone).to_numpy(dtype=bool)]
    ids = numbers(accounts, "id").astype("Int64")
    account = numbers(reports, "account").astype("Int64")
    own = counts(reports, BASES).assign(account=account.fillna(ids.iloc[0]) if len(ids) == 1 else account)
    own["period_start"] = period.label_of(reports["period_start"])
    own = own[own["account"].isin(ids.dropna()).fillna(False) & own["period_start"].isin(over)]
    parts = [_days_of(rows, over) for _, rows in own.groupby("account")] or [pd.DataFrame(columns=list(_USE))]
    return pd.concat(parts, ignore_index=True).astype(_USE)


def _days_of(rows: pd.DataFrame, over: pd.DatetimeIndex) -> pd.DataFrame:
    """One account's use on each day since it first reported."""
    basis = next((name for name in BASES if rows[name].notna().any()), None)
    days = over[over >= rows["period_start"].min()] if basis else over[:0]
    used = rows.groupby("period_start")[basis or BASES[0]].sum().reindex(days, fill_value=0)
    return pd.DataFrame(
        {"account": rows["account"].iloc[0], "period_start": days, "used": used.to_numpy(), "basis": basis},
        columns=list(_USE),
    ).astype(_USE)
