"""Reports of the sandbox: aggregated messages by day, month or year, legacy and detailed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import product

import numpy as np

from spoki_analytics.sandbox.world.accounts import Account
from spoki_analytics.sandbox.world.collection import Row
from spoki_analytics.sandbox.world.moments import midnight, stamp
from spoki_analytics.sandbox.world.traffic import DELIVERED, ERROR, READ, SENT, STATUSES, Numbers

DISTINCT_SHARE = {"Day": 1.0, "Month": 0.55, "Year": 0.3}
"""Distinct contacts of a period as a share of the sum of its days: people are contacted again."""
CUTS = {"Day": 10, "Month": 7, "Year": 4}
"""How much of an ISO date names the period."""


def legacy_rows(account: Account, granularity: str, start: date, end: date, now: datetime) -> Iterator[Row]:
    """One row a period, all counters of the contract's section 4.3; periods without messages are rows of zeros."""
    numbers = account.traffic.until(now)
    for first, days in _periods(account, granularity, start, end, now):
        yield _legacy_row(account, granularity, first, days, numbers, now)


def current_report(account: Account, now: datetime) -> Row:
    """The running month."""
    month = now.date().replace(day=1)
    return next(legacy_rows(account, "Month", month, now.date(), now))


def detailed_rows(account: Account, granularity: str, start: date, end: date, now: datetime) -> Iterator[Row]:
    """One row for each period, channel, category and status that has messages.

    Messages whose channel was not recorded (part of the errors of access codes) have neither channel nor category.
    """
    states = account.traffic.until(now).states
    for first, days in _periods(account, granularity, start, end, now):
        counts = states[:, :, days].sum(axis=2)
        for (index, lane), (code, status) in product(enumerate(account.traffic.lanes), enumerate(STATUSES)):
            if count := int(counts[index, code]):
                lost = lane.category == "AUTHENTICATION" and code == ERROR
                channel = account.channels[lane.channel] if account.channels else None
                yield {
                    "period_start": first.isoformat(),
                    "channel": {"id": channel["id"], "name": channel["name"]} if channel and not lost else None,
                    "category": None if lost else lane.category,
                    "status": status,
                    "count": count,
                }


def _periods(account: Account, granularity: str, start: date, end: date, now: datetime) -> Iterator[tuple[date, slice]]:
    """Each period that overlaps the range, cut to it, as its first day and the slice of its days."""
    traffic = account.traffic
    first = max(start, account.since.date())
    last = min(end, now.astimezone(UTC).date())
    cut = CUTS[granularity]
    while first <= last:
        stop = first
        while stop <= last and stop.isoformat()[:cut] == first.isoformat()[:cut]:
            stop += timedelta(days=1)
        name = first.isoformat()[:cut] + "-01-01"[cut - 10 :] if cut < 10 else first.isoformat()
        yield date.fromisoformat(name), slice(traffic.day(first), traffic.day(stop))
        first = stop


def _legacy_row(account: Account, granularity: str, first: date, days: slice, numbers: Numbers, now: datetime) -> Row:
    states = numbers.states[:, :, days].sum(axis=2)
    sent = states[:, SENT:ERROR].sum(axis=1)
    template = int(sum(n for n, lane in zip(sent, account.traffic.lanes, strict=True) if lane.category))
    incoming = int(numbers.incoming[days].sum())
    share = DISTINCT_SHARE[granularity]
    total = int(sent.sum())
    closed = min(midnight(account.since.date()) + timedelta(days=days.stop, seconds=-1), now.replace(microsecond=0))
    return {
        "account": account.id,
        "granularity": granularity,
        "period_start": first.isoformat(),
        "contacted_contacts": _distinct(numbers.contacted[days], share),
        "conversation_count": _distinct(numbers.conversations[days], share),
        "exchanged_messages": total + incoming,
        "sent_message_count": total,
        "delivered_message_count": int(states[:, [DELIVERED, READ]].sum()),
        "read_message_count": int(states[:, READ].sum()),
        "incoming_message_count": incoming,
        "template_message_count": template,
        "free_message_count": total - template,
        "created_datetime": stamp(midnight(first) + timedelta(minutes=5)),
        "updated_datetime": stamp(closed),
    }


def _distinct(daily: np.ndarray, share: float) -> int:
    return max(int(daily.sum() * share), int(daily.max(initial=0)))
