"""What figures and columns are called where a reader sees them: one table for tiles, tables, charts and kpis.json.

Metrics know names and numbers only; here each name gets its words, its unit and what is to be known about it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from spoki_analytics.metrics.breakdown import NOT_STATED
from spoki_analytics.metrics.campaigns import NO_AUTOMATION
from spoki_analytics.metrics.lifecycle import NO_STATUS
from spoki_analytics.wording.messages import gettext, noop
from spoki_analytics.wording.units import format_value

IN_CURRENT_REPORT = "_in_current_report"
"""Ending of figures that `metrics.usage.current_figures` takes from the current report."""
OF_ACCOUNT = "_of_account"
"""Ending of the label of a figure that is one account's, where all of them together are called otherwise."""


@dataclass(frozen=True)
class Label:
    """What a key figure is called.

    Attributes:
        title: Its name on a tile.
        unit: ``messages``, ``conversations``, ``contacts``, ``accounts``, ``campaigns``, ``eur``, ``share``, ``days``.
        note: What the reader should know about it.
    """

    title: str
    unit: str = ""
    note: str = ""


FIGURES = {
    "sent": Label(noop("Messages sent"), "messages"),
    "incoming": Label(noop("Messages received from contacts"), "messages"),
    "template": Label(noop("Template messages"), "messages"),
    "free": Label(noop("Free-form messages"), "messages"),
    "conversations": Label(noop("Conversations"), "conversations"),
    "contacts_reached": Label(noop("Contacts reached"), "contacts"),
    "contacts_reached_per_period": Label(noop("Contacts reached, average"), "contacts"),
    "delivered_per_sent": Label(noop("Delivered, of sent"), "share"),
    "read_per_delivered": Label(noop("Read, of delivered (at least)"), "share"),
    "failed_per_attempted": Label(noop("Failed, of attempted"), "share"),
    "template_per_sent": Label(noop("Templates, of sent"), "share"),
    "free_per_sent": Label(noop("Free-form, of sent"), "share"),
    "campaigns": Label(noop("Finished campaigns"), "campaigns"),
    "read_per_sent": Label(noop("Read, of sent (at least)"), "share"),
    "interacted_per_started": Label(noop("Interacted, of started"), "share"),
    "balance_eur": Label(noop("Credit"), "eur"),
    "accounts_below_threshold": Label(noop("Accounts below their threshold"), "accounts"),
    "conversations_left": Label(noop("Conversations left"), "conversations", noop("Spoki's estimate")),
    "cost_per_conversation_eur": Label(
        noop("Cost per estimated conversation"), "eur", noop("credit / conversations left")
    ),
    "days_left": Label(
        noop("First account runs out in"), "days", noop("an estimate, from the last 13 weeks; 730 stand for longer")
    ),
    "days_left_of_account": Label(noop("Days left"), "days", noop("730 stand for longer than two years")),
}
"""Key figures by name."""

UNITS = {
    "messages": noop("messages"),
    "conversations": noop("conversations"),
    "contacts": noop("contacts"),
    "accounts": noop("accounts"),
    "campaigns": noop("campaigns"),
    "days": noop("days"),
}
"""Units that stand beside a number as a word."""

HEADINGS = {
    "attempted": noop("Attempted"),
    "automation": noop("Automation"),
    "campaigns": noop("Campaigns"),
    "category": noop("Category"),
    "channel": noop("Channel"),
    "completed": noop("Completed"),
    "contacts": noop("Contacts"),
    "contacts_reached": noop("Contacts reached"),
    "conversations": noop("Conversations"),
    "day": noop("Day"),
    "days": noop("Days"),
    "delivered": noop("Delivered"),
    "delivered_per_sent": noop("Delivered per sent, %"),
    "failed": noop("Failed"),
    "failed_per_attempted": noop("Failed per attempted, %"),
    "free": noop("Free"),
    "incoming": noop("Incoming"),
    "incoming_per_day": noop("Incoming per day"),
    "interacted": noop("Interacted"),
    "interacted_per_started": noop("Interacted per started, %"),
    "name": noop("Name"),
    "outlier": noop("Outlier"),
    "pending": noop("Pending"),
    "period_start": noop("Period"),
    "read": noop("Read"),
    "read_per_delivered": noop("Read per delivered, %"),
    "read_per_sent": noop("Read per sent, %"),
    "read_per_sent_high": noop("Read per sent high, %"),
    "read_per_sent_low": noop("Read per sent low, %"),
    "received": noop("Received"),
    "score": noop("Score"),
    "sent": noop("Sent"),
    "sent_per_day": noop("Sent per day"),
    "started": noop("Started"),
    "status": noop("Status"),
    "template": noop("Template"),
    "template_per_sent": noop("Template per sent, %"),
    "weekday": noop("Weekday"),
}
"""Columns of the numbers behind charts; a share is shown there in percent."""

_WORDS = {
    "automation": {NO_AUTOMATION: noop("no automation")},
    "status": {NO_STATUS: noop("no status")},
    "state": {NO_STATUS: noop("no status")},
    "channel": {NOT_STATED["channel"]: noop("no channel")},
    "category": {NOT_STATED["category"]: noop("no template category")},
    "urgency": {"now": noop("now"), "soon": noop("soon"), "later": noop("later"), "unknown": noop("unknown")},
}
"""Values of metric frames that are words of ours, by column; all other texts in frames are Spoki's or the user's."""


def figure_label(name: str, since: Any = None) -> Label:
    """What a key figure is called, in the reader's language; the name itself where nobody gave it another.

    Args:
        name: Its name; the ending ``_in_current_report`` says where it comes from.
        since: First day of the current report.
    """
    known = FIGURES.get(name.removesuffix(IN_CURRENT_REPORT), Label(name))
    note = gettext(known.note) if known.note else ""
    if name.endswith(IN_CURRENT_REPORT):
        note = gettext("current report, since {day}", day=format_value(since.date()))
    return Label(gettext(known.title), known.unit, note)


def is_of_current_report(name: str) -> bool:
    """Whether a figure is of the current report, and so of another period than the page: never its headline."""
    return name.endswith(IN_CURRENT_REPORT)


def unit_word(unit: str) -> str:
    """A unit as a word beside a number."""
    return gettext(UNITS[unit]) if unit in UNITS else unit


def value_word(column: str, value: Any) -> Any:
    """A value of a metric frame as the reader's language has it, where it is a word of ours; else the value."""
    word = _WORDS.get(column, {}).get(value) if isinstance(value, str) else None
    return value if word is None else gettext(word)


def numbers_behind(table: pd.DataFrame, columns: Sequence[str], first: str = "period_start") -> pd.DataFrame:
    """The named columns under headings for readers, shares in percent."""
    shown = table[[first, *columns]].reset_index(drop=True)
    shares = [name for name in columns if "_per_" in name and not name.endswith("_per_day")]
    shown[shares] = shown[shares] * 100
    if first in _WORDS:
        shown[first] = [value_word(first, value) for value in shown[first]]
    return shown.rename(columns={name: _heading(name, name in shares) for name in (first, *columns)})


def _heading(name: str, in_percent: bool) -> str:
    known = HEADINGS.get(name)
    if known is None:
        return f"{spell_out(name)}, %" if in_percent else spell_out(name)
    return gettext(known)


def spell_out(name: Any) -> str:
    """The name of a column that nobody gave a heading: ``spam_per_sent`` becomes ``Spam per sent``."""
    words = " ".join(map(str, name)) if isinstance(name, tuple) else str(name)
    words = words.replace("_", " ").strip()
    return words[:1].upper() + words[1:]
