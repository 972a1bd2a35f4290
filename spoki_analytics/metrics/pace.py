"""Pace: what accounts used on each day in the units that are billed, and what they are going to use by plan."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd

from spoki_analytics.metrics.numbers import counts, numbers
from spoki_analytics.metrics.periods import Period, local_day, moments

PACE_WEEKS = 13
"""Whole weeks that the pace rests on: a quarter of a year holds several campaigns and shows where the level goes."""

BASES = ("template_delivered", "template", "conversations", "sent")
"""What stands for the billed unit, best first: the first that the reports of an account know is taken.

Since 1 July 2025 a delivered template message costs credit; a template that was sent is one at most. Conversations were
billed before: most of those that customers begin cost nothing now, so that they count only where no template is known.
"""

BILLED = BASES[0]

_USE = {
    "account": "Int64",
    "period_start": "datetime64[us, UTC]",
    "used": "Int64",
    "basis": "str",
    "conversations": "Int64",
}
_PLANNED = {"account": "Int64", "day": "Int64", "planned": "Int64", "campaigns": "Int64"}


def pace_period(as_of: pd.Timestamp, timezone: str) -> Period:
    """The whole weeks that end with the last complete day, whatever period a page is about.

    Args:
        as_of: When the balances were true.
        timezone: IANA zone in which a day ends.

    Example:
        >>> str(pace_period(pd.Timestamp("2026-11-27T06:00Z"), "Europe/Rome"))
        '28 Aug 2026 to 26 Nov 2026'
    """
    today = local_day(pd.Series([as_of]), timezone).iloc[0].date()
    return Period(today - timedelta(weeks=PACE_WEEKS), today - timedelta(days=1))


def daily_use(
    reports: pd.DataFrame, accounts: pd.DataFrame, period: Period, as_of: pd.Timestamp, timezone: str
) -> pd.DataFrame:
    """Billed units of each account on each complete day of the period.

    Args:
        reports: ``spoki.reports.load(granularity="Day", form="wide")``, with ``template_delivered`` where
            `breakdown.add_delivered_templates` has added it.
        accounts: The accounts in question; rows that name no account belong to it when there is just one.
        period: By day.
        as_of: When the data was true; a day that had not ended then is left out.
        timezone: IANA zone in which a day ends.

    Returns:
        ``account`` (Int64), ``period_start`` (UTC label), ``used`` (Int64, messages or conversations), ``basis``
        (text, one of `BASES`) and ``conversations`` (Int64, for Spoki's own estimate; missing where unknown). From the
        first day of an account with use on, or from the first reported one where nothing was used; a day that is not
        reported counts zero.

    Source: support.spoki.com, "Conversations: Costs and Usage" (2026-02-25) and Meta, "Pricing updates on the WhatsApp
    Business Platform" (delivered template messages are charged since 1 July 2025).
    """
    over = period.starts[~period.is_open(as_of, timezone).to_numpy(dtype=bool)]
    ids = numbers(accounts, "id").astype("Int64")
    account = numbers(reports, "account").astype("Int64")
    own = counts(reports, BASES).assign(account=account.fillna(ids.iloc[0]) if len(ids) == 1 else account)
    own["period_start"] = period.label_of(reports["period_start"])
    own = own[own["account"].isin(ids.dropna()).fillna(False) & own["period_start"].isin(over)]
    parts = [_days_of(rows, over) for _, rows in own.groupby("account")] or [pd.DataFrame(columns=list(_USE))]
    return pd.concat(parts, ignore_index=True).astype(_USE)


def planned_use(campaigns: pd.DataFrame, as_of: pd.Timestamp, timezone: str) -> pd.DataFrame:
    """What scheduled campaigns are going to use: a message to each contact, on the day of sending.

    Args:
        campaigns: ``spoki.campaigns.load()`` with a column ``account``, as campaigns don't say whose they are.
        as_of: When the balances were true; what was scheduled before is stuck rather than to come.
        timezone: IANA zone of the days.

    Returns:
        ``account`` (Int64), ``day`` (Int64: days from that of ``as_of`` to that of the campaign; 1 for one still to be
        sent today), ``planned`` (Int64, messages) and ``campaigns`` (Int64, how many), one row a day with campaigns.
    """
    start = moments(campaigns["scheduled_datetime"])
    coming = campaigns[(campaigns["status"].astype("str").str.casefold() == "scheduled") & (start >= as_of)]
    today = local_day(pd.Series([as_of]), timezone).iloc[0]
    days = (local_day(coming["scheduled_datetime"], timezone) - today).dt.days.clip(lower=1)
    contacts = counts(coming, ["contacts_count"])["contacts_count"].fillna(0)
    by_day = contacts.groupby([coming["account"].rename("account"), days.rename("day")])
    return by_day.agg(planned="sum", campaigns="count").reset_index().astype(_PLANNED)


def _days_of(rows: pd.DataFrame, over: pd.DatetimeIndex) -> pd.DataFrame:
    """One account's use on each day since it first used something."""
    basis = next((name for name in BASES if rows[name].notna().any()), None)
    days = over[over >= _first_day(rows, basis)] if basis else over[:0]
    sums = rows.groupby("period_start")[list(BASES)].sum(min_count=1).reindex(days)
    conversations = sums["conversations"].fillna(0) if sums["conversations"].notna().any() else sums["conversations"]
    columns = {
        "account": rows["account"].iloc[0],
        "period_start": days,
        "used": sums[basis or BILLED].fillna(0).to_numpy(),
        "basis": basis,
        "conversations": conversations.to_numpy(),
    }
    return pd.DataFrame(columns, columns=list(_USE)).astype(_USE)


def _first_day(rows: pd.DataFrame, basis: str) -> pd.Timestamp:
    """The first day with use: days before an account started are no days of zero use."""
    used = rows.loc[(rows[basis] > 0).fillna(False), "period_start"]
    first: pd.Timestamp = (used if len(used) else rows["period_start"]).min()
    return first
