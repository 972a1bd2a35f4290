"""Which accounts a report is about, and the time zone in which its days are cut."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

import pandas as pd

from spoki_analytics.errors import UsageError
from spoki_analytics.metrics.numbers import numbers
from spoki_analytics.wording.messages import gettext, ngettext

DEFAULT_TIMEZONE = "Europe/Rome"


def select_accounts(accounts: pd.DataFrame, ids: Sequence[int]) -> pd.DataFrame:
    """The accounts asked for, all of them when none is named.

    Raises:
        UsageError: An id is not among the accounts that the key sees.
    """
    known = numbers(accounts, "id")
    unknown = sorted(set(ids) - set(known.dropna().astype(int)))
    if unknown:
        raise UsageError(
            ngettext(
                "No account {ids} among the {count} that this key sees.",
                "No account {ids} among the {count} that this key sees.",
                len(accounts),
                ids=", ".join(map(str, unknown)),
            ),
            advice=gettext("`spoki-analytics load accounts` lists them."),
        )
    return accounts[known.isin(list(ids)).fillna(False)] if ids else accounts


def timezone_of(accounts: pd.DataFrame, default: str = DEFAULT_TIMEZONE) -> str:
    """The IANA zone that all the accounts share; `default` where they differ, name none, or name an unknown one."""
    zones = {str(zone) for zone in accounts["timezone"].dropna()} if "timezone" in accounts else set()
    shared = zones.pop() if len(zones) == 1 else default
    return shared if _is_zone(shared) else default


def account_ids(accounts: pd.DataFrame, most: int) -> list[int]:
    """The ids of the accounts, or none at all where there are more than `most`: for what is asked one by one."""
    return [int(number) for number in accounts["id"].dropna()] if len(accounts) <= most else []


def reports_of(reports: pd.DataFrame, accounts: pd.DataFrame) -> pd.DataFrame:
    """The report rows of these accounts, and those that name no account (a key of one account reports its own)."""
    account = numbers(reports, "account")
    return reports[(account.isna() | account.isin(numbers(accounts, "id").dropna())).fillna(True)]


def names_accounts(reports: pd.DataFrame) -> bool:
    """Whether the report rows say to which account they belong (detailed reports may not)."""
    return bool(numbers(reports, "account").notna().any())


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown name, malformed name, name of a folder
        return False
    return True
