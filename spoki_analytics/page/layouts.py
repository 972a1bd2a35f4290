"""Tables of the shipped dashboards: which columns, under which headings, in which units.

Each gives what ``Page.table`` takes: ``page.table(study.by_account, **layouts.usage_by_account(period))``.
"""

from __future__ import annotations

from typing import TypedDict

from spoki_analytics.metrics.periods import Period
from spoki_analytics.metrics.runway import HORIZON
from spoki_analytics.wording.messages import gettext


class Layout(TypedDict):
    """How a table is shown.

    Attributes:
        columns: Columns in the order to show, with their headings.
        units: Unit of a column: ``share``, ``points``, ``eur``, ``id``.
        caption: What the table holds.
    """

    columns: dict[str, str]
    units: dict[str, str]
    caption: str


def current_report() -> Layout:
    """Of `metrics.CurrentStudy.counts`."""
    return {
        "columns": {
            "period_start": gettext("Since"),
            "sent": gettext("Sent"),
            "delivered_per_sent": gettext("Delivered, of sent"),
            "read_per_delivered": gettext("Read, of delivered"),
            "incoming": gettext("Received"),
            "template": gettext("Templates"),
            "free": gettext("Free-form"),
            "conversations": gettext("Conversations"),
            "contacts_reached": gettext("Contacts reached"),
        },
        "units": {"delivered_per_sent": "share", "read_per_delivered": "share"},
        "caption": gettext("The current report, all accounts of this page together; it is not over"),
    }


def usage_by_account(period: Period) -> Layout:
    """Of `metrics.UsageStudy.by_account`."""
    return {
        "columns": {
            "name": gettext("Account"),
            "account": gettext("Id"),
            "sent": gettext("Sent"),
            "delivered_per_sent": gettext("Delivered, of sent"),
            "read_per_delivered": gettext("Read, of delivered"),
            "failed_per_attempted": gettext("Failed, of attempted"),
        },
        "units": {"delivered_per_sent": "share", "read_per_delivered": "share", "failed_per_attempted": "share"},
        "caption": gettext("Messages by account, {period}", period=period),
    }


def days_left() -> Layout:
    """Of `metrics.CreditStudy.runway`: how long the credit lasts."""
    return {
        "columns": {
            "name": gettext("Account"),
            "account": gettext("Id"),
            "urgency": gettext("Recharge"),
            "balance_eur": gettext("Balance"),
            "used_per_day": gettext("Used per day"),
            "days_left": gettext("Days left"),
            "days_left_low": gettext("at least"),
            "days_left_high": gettext("at most"),
            "empty_on": gettext("Empty about"),
            "days_left_by_conversations": gettext("Days, if conversations cost"),
        },
        "units": {"balance_eur": "eur"},
        "caption": gettext(
            "The most urgent first; in four of five cases the days lie between at least and at most; {days} days stand "
            "for longer than two years",
            days=HORIZON,
        ),
    }


def balances() -> Layout:
    """Of `metrics.CreditStudy.runway`: what is there."""
    return {
        "columns": {
            "name": gettext("Account"),
            "account": gettext("Id"),
            "balance_eur": gettext("Balance"),
            "threshold_eur": gettext("Threshold"),
            "below_threshold": gettext("Below threshold"),
            "alert_flag": gettext("Alert flag"),
            "flag_agrees": gettext("Flag agrees"),
            "conversations_left": gettext("Conversations left"),
            "cost_per_conversation_eur": gettext("Cost of one"),
        },
        "units": {"balance_eur": "eur", "threshold_eur": "eur", "cost_per_conversation_eur": "eur"},
        "caption": gettext(
            "Alert flag as sent: “alert on” or “credit is low”; it agrees where the latter is what we find"
        ),
    }


def campaigns(period: Period) -> Layout:
    """Of `metrics.CampaignStudy.table`."""
    return {
        "columns": {
            "name": gettext("Campaign"),
            "state": gettext("Status"),
            "scheduled_datetime": gettext("Scheduled"),
            "contacts": gettext("Contacts"),
            "sent": gettext("Sent"),
            "delivered": gettext("Delivered"),
            "read_per_sent": gettext("Read, of sent"),
            "failed_per_attempted": gettext("Failed, of attempted"),
            "interacted_per_started": gettext("Interacted, of started"),
        },
        "units": {"read_per_sent": "share", "failed_per_attempted": "share", "interacted_per_started": "share"},
        "caption": gettext("Campaigns scheduled in {period}, the latest first", period=period),
    }
