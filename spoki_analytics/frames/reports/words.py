"""The words by which report rows are recognised: no source documents the body of ``/reports/detailed/``.

A name is compared in snake case, whatever its spelling (``periodStart``, ``Period start``), its dots as underscores.
"""

from __future__ import annotations

import re

ROLES: dict[str, tuple[str, ...]] = {
    "period_start": (
        "period_start", "date", "day", "period", "start_date", "start", "period_date", "report_date", "month", "year",
        "datetime", "timestamp", "data", "giorno",
    ),
    "account": ("account", "account_id"),
    "channel": (
        "channel", "channel_name", "channel_label", "channel_identifier", "channel_phone", "channel_platform",
        "channel_id", "canale",
    ),
    "category": (
        "category", "template_category", "category_name", "message_category", "conversation_category",
        "template_type", "categoria",
    ),
    "status": (
        "status", "message_status", "state", "status_name", "send_status", "delivery_status", "message_state", "stato",
    ),
    "count": (
        "count", "total", "messages", "value", "quantity", "message_count", "messages_count", "total_messages",
        "count_messages", "messages_total", "total_count", "number", "amount", "qty", "totale",
    ),
}  # fmt: skip
"""What each column of the long form may be called, the likeliest first."""

STATUSES: dict[str, tuple[str, ...]] = {
    "Pending": ("pending", "queued", "scheduled", "accepted", "processing"),
    "Sent": ("sent", "inviato", "inviati"),
    "Delivered": ("delivered", "consegnato", "consegnati"),
    "Read": ("read", "seen", "letto", "letti"),
    "Error": ("error", "errors", "failed", "failure", "undelivered", "errore", "errori", "fallito", "falliti"),
    "Incoming": ("incoming", "inbound"),
}
"""Labels of message states and the words for each (webhook vocabulary; contract, section 4.4)."""

COUNTERS: dict[str, tuple[str, ...]] = {
    "sent": STATUSES["Sent"],
    "delivered": STATUSES["Delivered"],
    "read": STATUSES["Read"],
    "failed": STATUSES["Error"],
    "pending": STATUSES["Pending"],
    "incoming": STATUSES["Incoming"],
    "template": ("template", "templates"),
    "free": ("free",),
    "conversations": ("conversation", "conversations"),
    "contacts_reached": ("contacted", "reached"),
    "exchanged": ("exchanged",),
}
"""Counters of the wide form and the words for each; ``sent_message_count`` and ``messagesSent`` both say *sent*."""

API_NAMES: dict[str, str] = {
    "contacts_reached": "contacted_contacts",
    "conversations": "conversation_count",
    "exchanged": "exchanged_messages",
    "sent": "sent_message_count",
    "delivered": "delivered_message_count",
    "read": "read_message_count",
    "incoming": "incoming_message_count",
    "template": "template_message_count",
    "free": "free_message_count",
}
"""What the API calls each counter (contract, section 4.3), in its order."""

CATEGORIES = ("MARKETING", "UTILITY", "AUTHENTICATION")

WRAPPERS = frozenset(
    {
        *("status", "statuses", "state", "states", "count", "counts", "counters", "message", "messages"),
        *("category", "categories", "template_category", "template_categories", "template", "templates"),
        *("channel", "channels", "data", "breakdown", "detail", "details", "stats", "statistics", "metrics"),
        *("values", "totals", "report", "by_status", "by_state", "by_category", "by_template_category", "by_channel"),
    }
)
"""Names of objects that only hold others together."""
STATE_WRAPPERS = frozenset({"status", "statuses", "state", "states", "by_status", "by_state"})
"""Objects whose numbers are states, also where none of them is known."""
NO_STATES = frozenset({*ROLES["count"], "id", "sum", "all", "year", "month", "day", "week", "order", "version"})
"""Numbers beside states that are none."""
CHANNEL_WRAPPERS = frozenset({"channel", "channels", "by_channel"})
_SINGULAR = {
    "channels": "channel",
    "categories": "category",
    "template_categories": "category",
    "statuses": "status",
    "states": "status",
}
_OBJECTS = frozenset({"channel", "category", "template_category", "template"})
"""Objects whose own ``status`` or ``count`` is not that of messages."""

_FILLERS = frozenset({"message", "messages", "count", "counts", "counter", "total", "number", "num", "of", "contacts"})
_STATUS_OF = {word: label for label, words in STATUSES.items() for word in words}
_COUNTER_OF = {word: name for name, words in COUNTERS.items() for word in words}


def snake(name: str) -> str:
    """A name in snake case: ``periodStart`` and ``Period start`` are both ``period_start``."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return re.sub(r"\W+|_+", "_", parted).strip("_").lower()


def aliases(name: str) -> list[str]:
    """What a column may be called: its whole name, and that of its last part where the others only hold together."""
    *outer, last = (snake(segment) for segment in name.split("."))
    names = [snake(name)]
    if outer and outer[-1] in _SINGULAR:
        names.append(f"{_SINGULAR[outer[-1]]}_{last}")
    if outer and WRAPPERS.issuperset(outer) and outer[-1] not in _OBJECTS:
        names.append(last)
    return names


def counter_of(name: str) -> str | None:
    """The counter of the wide form that a name speaks of, or None."""
    return _COUNTER_OF.get(_essence(name))


def status_of(name: str) -> str | None:
    """The label of the message state that a name or value speaks of, or None."""
    return _STATUS_OF.get(_essence(name))


def _essence(name: str) -> str:
    """The one word of a name that is not filler, or nothing."""
    words = [word for word in snake(name).split("_") if word not in _FILLERS]
    return words[0] if len(words) == 1 else ""
