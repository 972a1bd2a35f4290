"""Sentences that every report owes its readers: what its figures cover, and how they are made."""

from __future__ import annotations

import pandas as pd

from spoki_analytics.charts.wording import long_day, number, plural
from spoki_analytics.metrics.campaigns import MATURE_HOURS
from spoki_analytics.metrics.periods import Period
from spoki_analytics.metrics.usage import is_comparable, is_repriced

_INTERVALS = (
    "Intervals are 95 % Wilson intervals; differences of rates use Newcombe's, and no change is claimed inside it."
)
_READ = "Contacts can switch read receipts off: read figures are lower bounds."

USAGE = (
    _INTERVALS,
    _READ,
    "A message whose “read” arrived without its “delivered” counts as delivered.",
    "In detailed reports each message counts once, under its latest status, so that sent = Sent + Delivered + Read; "
    "the format of these reports is not documented, and this is an assumption.",
    "Where the report counts no templates, a message under a template category is taken as one, others as free-form.",
    "Spoki cuts the days of its reports itself; whether at midnight UTC or of the account's zone is not documented.",
    "Contacts reached are distinct within one period and account: they have no sum over time.",
)

CREDIT = (
    "Balances and thresholds are in euro, of which Spoki sends thousandths; the currency is assumed.",
    "The alert flag has two readings in public sources, “alert enabled” and “credit is low”: both it and our own "
    "comparison of balance and threshold are shown.",
    "Days left = estimated conversations left / conversations used on an average complete day of the period, which "
    "is the balance divided by the daily cost at Spoki's own estimate. The range is the 10th to 90th percentile over "
    "1000 resamplings of the days. Assumed: days like these, no recharge, nothing else that costs credit.",
    "Where reports have no conversations, template messages stand for them, or sent messages where those are missing "
    "too.",
)

CAMPAIGNS = (
    _INTERVALS,
    _READ,
    f"Only settled campaigns are counted and ranked: Completed, and scheduled at least {MATURE_HOURS} hours before the "
    "data was read.",
    "“Received (as reported)” is Spoki's messages_received; whether it means delivered is not documented, so no "
    "delivery rate is made of it.",
    "Attempted is the larger of sent and received + failed, as it is not documented whether sent includes failed.",
)


def usage_scope(now: pd.DataFrame, before: pd.DataFrame, period: Period) -> str:
    """What the key figures cover and what they are compared with.

    Args:
        now: `metrics.usage.per_period` of the period.
        before: The same of the period before.
        period: The period.
    """
    over = int((~now["open"]).sum())
    text = f"Figures cover {plural(over, 'complete ' + period.unit)}, {period}"
    if over and is_comparable(before):
        text += f", compared with the {plural(over, period.unit)} from {long_day(before['period_start'].iloc[0])} on."
    else:
        text += "; the time before has no reports, or not from its start, to compare them with."
    if is_repriced(now, before) and now["conversations"].notna().any():
        text += (
            " On 1 July 2025 WhatsApp changed from prices per conversation to prices per message: conversations before "
            "and after that day are not compared."
        )
    return text


def campaigns_scope(table: pd.DataFrame) -> str:
    """How many campaigns the figures rest on, and how many still change.

    Args:
        table: `metrics.campaigns.campaign_table`.
    """
    if not len(table):
        return "No campaign was scheduled in this period."
    settled, changing = int(table["settled"].sum()), int(table["changing"].sum())
    text = f"Figures rest on {plural(settled, 'settled campaign')} of {number(len(table))} in the period"
    return f"{text}; the counters of {number(changing)} still change." if changing else f"{text}."
