"""Credit: balances, thresholds and estimated conversations of each account.

Money is integer thousandths of a euro (``balance``, ``threshold``) with a euro column beside it for showing.
"""

from __future__ import annotations

import pandas as pd

from spoki_analytics.metrics.comparison import KeyFigure, key_figures
from spoki_analytics.metrics.numbers import counts, numbers


def balances(accounts: pd.DataFrame) -> pd.DataFrame:
    """Balance, threshold, alert flag in both readings and estimated conversations of each account.

    Args:
        accounts: ``spoki.accounts.load()``.

    Returns:
        ``account`` (Int64), ``name`` (text), ``balance``, ``threshold`` (Int64, thousandths of a euro),
        ``balance_eur``, ``threshold_eur`` (Float64, euro), ``below_threshold`` (boolean: balance < threshold, our
        comparison), ``alert_flag`` (boolean: has_low_credit_alert as sent, which one source reads as "alert enabled"
        and another as "credit is low"), ``flag_agrees`` (boolean: the flag, read as "credit is low", equals the
        comparison), ``conversations_left`` (Int64), ``cost_per_conversation_eur`` (Float64, euro: balance over
        estimated conversations; missing at zero or below).

    Source: dart-sdk and keel (unit), dart-sdk (comparison), docs page (estimated conversations), composio-types and
    dart-sdk (the two readings of the flag).
    """
    money = {new: numbers(accounts, old).round().astype("Int64") for new, old in _MONEY.items()}
    balance, threshold = money["balance"], money["threshold"]
    left = counts(accounts, ["estimated_available_conversations"])["estimated_available_conversations"]
    below, flag = (balance < threshold).astype("boolean"), _flag(accounts)
    payable = balance.where((balance > 0) & (left > 0)).astype("Float64")
    columns = {
        "account": numbers(accounts, "id").astype("Int64"),
        "name": accounts["name"].astype("str"),
        "balance": balance,
        "balance_eur": balance.astype("Float64") / 1000,
        "threshold": threshold,
        "threshold_eur": threshold.astype("Float64") / 1000,
        "below_threshold": below,
        "alert_flag": flag,
        "flag_agrees": flag == below,
        "conversations_left": left,
        "cost_per_conversation_eur": payable / left / 1000,
    }
    return pd.DataFrame(columns).reset_index(drop=True)


FIGURES = (
    KeyFigure("balance_eur"),
    KeyFigure("accounts_below_threshold"),
    KeyFigure("conversations_left"),
    KeyFigure("cost_per_conversation_eur"),
    KeyFigure("days_left"),
)


def credit_figures(runway: pd.DataFrame) -> pd.DataFrame:
    """Key figures over all accounts of `runway.runway`, as `key_figures` gives them; cost is a ratio of sums."""
    costed = runway[runway["cost_per_conversation_eur"].notna()]
    conversations = costed["conversations_left"].sum()
    values = {
        "balance_eur": runway["balance"].sum(min_count=1) / 1000,
        "accounts_below_threshold": runway["below_threshold"].sum(min_count=1),
        "conversations_left": runway["conversations_left"].sum(min_count=1),
        "cost_per_conversation_eur": costed["balance"].sum() / conversations / 1000 if conversations else pd.NA,
        "days_left": runway["days_left"].min(),
    }
    return key_figures(FIGURES, pd.Series(values, dtype="object"))


def account_figures(runway: pd.DataFrame) -> pd.DataFrame:
    """Days left of each account of `runway.runway`: the day on which its balance is used up.

    Returns:
        ``name`` (text, ``days_left``), ``account`` (Int64), ``value``, ``low`` and ``high`` (Float64: median, 10th and
        90th percentile; missing where they are not known).
    """
    columns = {"account": "account", "days_left": "value", "days_left_low": "low", "days_left_high": "high"}
    figures = runway[list(columns)].rename(columns=columns)
    figures.insert(0, "name", pd.Series("days_left", index=figures.index, dtype="str"))
    return figures


_MONEY = {"balance": "current_credit", "threshold": "low_credit_threshold"}


def _flag(accounts: pd.DataFrame) -> pd.Series:
    if "has_low_credit_alert" not in accounts:
        return pd.Series(pd.NA, index=accounts.index, dtype="boolean")
    flag = accounts["has_low_credit_alert"].astype("object")
    return flag.where(flag.isin([True, False])).astype("boolean")
