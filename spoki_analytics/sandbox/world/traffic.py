"""How many messages an account exchanges, day by day, and what that costs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

import numpy as np

from spoki_analytics.sandbox.world.campaigns import Plan, make_plans
from spoki_analytics.sandbox.world.moments import opening_share
from spoki_analytics.sandbox.world.sizes import PERIOD_DAYS

STATUSES = ("Pending", "Sent", "Delivered", "Read", "Error")
"""Current states of a message; every message is counted in exactly one."""
PENDING, SENT, DELIVERED, READ, ERROR = range(5)

SEASON = np.array([0.95, 0.95, 1.0, 1.05, 1.05, 1.0, 0.8, 0.5, 1.0, 1.1, 1.25, 1.5])
"""Weight of the months: a dip in August, a peak in December."""
WEEKDAY = np.array([1.1, 1.1, 1.05, 1.0, 1.0, 0.6, 0.2])
"""Weight of the days, Monday first."""


DAYS_AHEAD = 100
"""Days that are worked out at once beyond the one asked for, so that a world that grows daily seldom works out any."""


class Lane(NamedTuple):
    """One kind of traffic: a template category (None: no template) on one of the account's channels.

    Attributes:
        channel: Index of the channel.
        category: Template category, None for free messages.
        share: Share of the account's everyday messages.
        read: Share of the delivered messages that is read.
        price: Thousandths of a euro for each message that is not refused.
    """

    channel: int
    category: str | None
    share: float
    read: float
    price: int


LANES = (
    Lane(0, "MARKETING", 0.13, 0.62, 69),
    Lane(0, "UTILITY", 0.36, 0.83, 30),
    Lane(0, "AUTHENTICATION", 0.12, 0.9, 30),
    Lane(0, None, 0.22, 0.88, 0),
    Lane(1, "UTILITY", 0.09, 0.78, 30),
    Lane(1, None, 0.08, 0.86, 0),
)
CAMPAIGN_LANE = 0


@dataclass(frozen=True)
class Numbers:
    """Daily numbers up to a moment; arrays of integers whose last axis is the day.

    Attributes:
        states: Messages by lane, state and day.
        incoming: Messages from contacts.
        contacted: Distinct contacts reached.
        conversations: Conversations.
        spent: Thousandths of a euro since the first day, at the end of each day.
    """

    states: np.ndarray
    incoming: np.ndarray
    contacted: np.ndarray
    conversations: np.ndarray
    spent: np.ndarray


class Traffic:
    """The traffic of one account.

    Args:
        seed: Seed of the world.
        index: Index of the account, which makes its traffic its own.
        contacts: How many contacts it has, which sets the volume.
        campaigns: How many campaigns it makes in two years.
        since: First day.
        lanes: Which kinds of traffic it has.
        quiet_after: Day from which it sends nothing any more.
    """

    def __init__(
        self,
        seed: int,
        index: int,
        contacts: int,
        campaigns: int,
        since: datetime,
        lanes: tuple[Lane, ...],
        quiet_after: int | None = None,
    ) -> None:
        self.lanes = lanes
        self.since = since
        self._draw = (seed, index)
        self._contacts = contacts
        self._campaigns = campaigns
        self._quiet_after = quiet_after
        self._whole: Numbers | None = None
        self._plans: list[Plan] = []
        self._planned_until = since

    def plans(self, until: datetime) -> list[Plan]:
        """The campaigns that exist at a moment, oldest first."""
        if self._quiet_after is not None:
            until = self.since + timedelta(days=self._quiet_after)
        if not self._plans or until > self._planned_until:
            self._planned_until = until + timedelta(days=DAYS_AHEAD)
            self._plans = make_plans(*self._draw, self._contacts, self._campaigns, self.since, self._planned_until)
        return [plan for plan in self._plans if plan.created <= until]

    def day(self, moment: datetime | date) -> int:
        """Number of a day, 0 for the first."""
        return moment.toordinal() - self.since.toordinal()

    def until(self, now: datetime) -> Numbers:
        """The numbers up to a moment; those of its day are partial."""
        days = self.day(now) + 1
        if self._whole is None or len(self._whole.incoming) < days:
            self._whole = self._complete(max(days, PERIOD_DAYS) + DAYS_AHEAD)
        whole = self._whole
        states = whole.states[:, :, :days].copy()
        share = opening_share(now)
        states[:, :, -1] = (states[:, :, -1] * share).astype(states.dtype)
        waiting = -(-states[:, DELIVERED, -1] // 8)
        states[:, PENDING, -1] += waiting
        states[:, DELIVERED, -1] -= waiting
        return Numbers(
            states,
            _until_hour(whole.incoming[:days], share),
            _until_hour(whole.contacted[:days], share),
            _until_hour(whole.conversations[:days], share),
            self._spent(states),
        )

    def spent_after_period(self) -> int:
        """Thousandths of a euro that the first two years cost; balances are laid out around this."""
        end = self.since + timedelta(days=PERIOD_DAYS - 1, hours=23, minutes=59)
        return int(self.until(end).spent[-1])

    def _complete(self, days: int) -> Numbers:
        draw = np.random.default_rng([*self._draw, 3]).random((days, 8))
        everyday = self._everyday(draw)
        states = np.zeros((len(self.lanes), len(STATUSES), days), dtype=np.int32)
        for row, lane in enumerate(self.lanes):
            attempts = (everyday * lane.share + draw[:, 2]).astype(np.int64)
            errors = np.minimum((attempts * self._error_rate(draw) + draw[:, 6]).astype(np.int64), attempts)
            stuck = (attempts * 0.02 + draw[:, 3]).astype(np.int64)
            stuck = np.minimum(stuck, attempts - errors)
            arrived = attempts - errors - stuck
            read = (arrived * (lane.read - 0.08 + 0.12 * draw[:, 4])).astype(np.int64)
            states[row, SENT:] = stuck, arrived - read, read, errors
        self._add_campaigns(states[CAMPAIGN_LANE], days)
        sent = states[:, SENT:ERROR].sum(axis=(0, 1))
        free = sum(states[i, SENT:ERROR].sum(axis=0) for i, lane in enumerate(self.lanes) if lane.category is None)
        incoming = (free * (0.8 + 0.4 * draw[:, 5]) + sent * 0.04).astype(np.int64)
        contacted = np.ceil(sent * (0.55 + 0.2 * draw[:, 6])).astype(np.int64)
        conversations = (contacted * (0.88 + 0.1 * draw[:, 7])).astype(np.int64)
        return Numbers(states, incoming, contacted, conversations, self._spent(states))

    def _everyday(self, draw: np.ndarray) -> np.ndarray:
        """Messages that automations and operators try to send each day."""
        days = np.arange(len(draw))
        dates = np.datetime64(self.since.date()) + days
        month = dates.astype("datetime64[M]").astype(np.int64) % 12
        weekday = (dates.astype("datetime64[D]").astype(np.int64) + 3) % 7
        growth = 0.8 + 0.4 * days / PERIOD_DAYS
        noise = np.exp(0.35 * (draw[:, 0] + draw[:, 1] - 1))
        volume = max(self._contacts * 0.15, 3) * SEASON[month] * WEEKDAY[weekday] * growth * noise
        return volume if self._quiet_after is None else np.where(days < self._quiet_after, volume, 0) * (days > 0)

    def _error_rate(self, draw: np.ndarray) -> np.ndarray:
        """Two to four in a hundred, with one bad week in every quarter."""
        bad_week = np.arange(len(draw)) % 91 // 7 == 9
        return np.where(bad_week, 0.12, 0.02) + 0.02 * draw[:, 5]

    def _add_campaigns(self, lane: np.ndarray, days: int) -> None:
        for plan in self.plans(self.since + timedelta(days=days)):
            start = self.day(plan.scheduled)
            stop = min(start + plan.days, days)
            if not plan.draft and start < days:
                lane[SENT:, start:stop] += plan.daily[:, : stop - start].astype(lane.dtype)

    def _spent(self, states: np.ndarray) -> np.ndarray:
        prices = np.array([lane.price for lane in self.lanes])
        costs = np.tensordot(prices, states[:, SENT:ERROR].sum(axis=1, dtype=np.int64), axes=1)
        return np.asarray(np.cumsum(costs))


def _until_hour(daily: np.ndarray, share: float) -> np.ndarray:
    """Daily counts of which the last day is only partly over."""
    partial = daily.copy()
    partial[-1] = int(partial[-1] * share)
    return partial
