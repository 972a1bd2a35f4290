"""What an account plans to send: its campaigns, each with the funnel that it will have."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import NamedTuple

import numpy as np

from spoki_analytics.sandbox.world.moments import midnight, opening_share
from spoki_analytics.sandbox.world.sizes import PERIOD_DAYS

DRIP_DAYS = 100
"""How long a slow campaign sends; one follows the other, so that one is always under way."""
DRIP_NOTICE = timedelta(days=80)
DRAFT_EVERY = 10
PAUSED_EVERY, PAUSED = 13, 9
"""One campaign in so many is stopped on its day, and never taken up again."""
PAUSED_AT = 0.4
"""Share of a paused campaign that is out."""


class Funnel(NamedTuple):
    """Where the messages of a campaign end: every message is in exactly one state."""

    sent: int
    delivered: int
    read: int
    failed: int

    def part(self, share: float) -> Funnel:
        """The funnel once this share of the campaign is out."""
        return Funnel(*(int(count * share) for count in self))


@dataclass(frozen=True)
class Plan:
    """One campaign as planned.

    Attributes:
        number: Place in the order of making, which numbers names, lists and automations.
        created: When it was made.
        scheduled: When it starts.
        days: How many days it sends.
        draft: Whether it is never sent.
        paused: Whether it is stopped before its end, at which the funnel stands.
        target: How many contacts it aims at.
        funnel: How it ends.
        valid_failed: Share of failures that count as valid.
        interacted: Share of readers that react.
    """

    number: int
    created: datetime
    scheduled: datetime
    days: int
    draft: bool
    paused: bool
    target: int
    funnel: Funnel
    valid_failed: float
    interacted: float

    def progress(self, now: datetime) -> float:
        """Share that is out at a moment: by the hour on its day, by the day when it is slow."""
        if self.draft or now < self.scheduled:
            return 0.0
        elapsed = (now.date() - self.scheduled.date()).days
        return min((elapsed + opening_share(now)) / self.days, 1.0)

    def status(self, now: datetime) -> str:
        """Draft, Scheduled, Processing, Paused or Completed at a moment."""
        if self.draft:
            return "Draft"
        if now < self.scheduled:
            return "Scheduled"
        if self.progress(now) < 1:
            return "Processing"
        return "Paused" if self.paused else "Completed"

    @cached_property
    def daily(self) -> np.ndarray:
        """Messages by state and day of sending; the rows are those of the funnel."""
        steps = np.arange(self.days + 1) / self.days
        return np.diff(np.floor(np.outer(self.funnel, steps) + 1e-9)).astype(np.int64)


def make_plans(seed: int, index: int, contacts: int, campaigns: int, since: datetime, until: datetime) -> list[Plan]:
    """All campaigns of an account that exist at ``until``, in the order of their making.

    A later ``until`` adds campaigns and changes none.
    """
    singles = max(campaigns - PERIOD_DAYS // DRIP_DAYS - 2, 1)
    gap = PERIOD_DAYS / singles
    days = (until - since).days
    draws = np.random.default_rng([seed, index, 1]).random((int(days / gap) + 14, 8))
    plans = [_single(j, draws[j], gap, contacts, since) for j in range(len(draws))]
    drips = days // DRIP_DAYS + 2
    slow = np.random.default_rng([seed, index, 2]).random((drips, 8))
    plans += [_drip(j, slow[j], contacts, since) for j in range(drips)]
    return sorted((plan for plan in plans if plan.created <= until), key=lambda plan: plan.created)


def _single(j: int, draw: np.ndarray, gap: float, contacts: int, since: datetime) -> Plan:
    day = int((j + 0.2 + 0.6 * draw[0]) * gap)
    start = midnight(since.date()) + timedelta(days=day, hours=8 + int(draw[1] * 4), minutes=30 * int(draw[2] * 2))
    if start.weekday() > 4:
        start += timedelta(days=7 - start.weekday())
    created = start - timedelta(days=4 + int(draw[3] * 22), hours=1, minutes=17 + j % 40)
    target = max(int(contacts * min(0.4 + day / PERIOD_DAYS * 0.6, 1.5) * (0.15 + 0.7 * draw[4])), 2)
    return _plan(j, draw, created, start, 1, target, draft=j % DRAFT_EVERY == 4)


def _drip(j: int, draw: np.ndarray, contacts: int, since: datetime) -> Plan:
    start = midnight(since.date()) + timedelta(days=j * DRIP_DAYS, hours=7)
    created = max(start - DRIP_NOTICE, since.astimezone(UTC))
    return _plan(1000 + j, draw, created, start, DRIP_DAYS, max(int(contacts * 0.9), 2), draft=False)


def _plan(
    number: int, draw: np.ndarray, created: datetime, start: datetime, days: int, target: int, *, draft: bool
) -> Plan:
    out = int(target * (0.95 + 0.04 * draw[5]))
    failed = int(out * (0.25 if number % 13 == 6 else 0.01 + 0.04 * draw[6]))
    stuck = int(out * 0.01)
    received = out - failed - stuck
    read = int(received * (0.45 + 0.4 * draw[7]))
    funnel = Funnel(stuck, received - read, read, failed)
    paused = not draft and days == 1 and number % PAUSED_EVERY == PAUSED
    stopped = funnel.part(PAUSED_AT) if paused else funnel
    return Plan(number, created, start, days, draft, paused, target, stopped, 0.3 + 0.4 * draw[0], 0.1 + 0.3 * draw[2])
