"""The accounts of the sandbox: who they are, and what they show at a moment."""

from __future__ import annotations

import hashlib
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from spoki_analytics.sandbox.world import names
from spoki_analytics.sandbox.world.moments import opening_share
from spoki_analytics.sandbox.world.sizes import Size
from spoki_analytics.sandbox.world.traffic import LANES, Traffic

FIRST_ACCOUNT = 4100
FIRST_CHANNEL = 17
ID_SPAN = 1_000_000
"""Distance between the ids of two accounts' records."""
CONVERSATION_PRICE = 100
"""Thousandths of a euro for one conversation: the one published example divides exactly by it."""
THRESHOLD = 15_000
TIERS = (250, 1_000, 10_000, 100_000)
"""Messaging limits: unique users that may be contacted in 24 hours."""

LOW_CREDIT_INDEX = 1
SANDBOX_INDEX = 3
BAD_QUALITY_EVERY = 6


class Country(NamedTuple):
    """Where an account is at home."""

    code: str
    prefix: str
    language: str
    timezone: str


HOME = Country("IT", "+39", "it", "Europe/Rome")
ABROAD = {2: Country("GR", "+30", "el", "Europe/Athens"), 4: Country("AE", "+971", "ar", "Asia/Dubai")}


class Account:
    """One account of a world.

    Args:
        seed: Seed of the world.
        index: 0 for the main account, then 1, 2, …
        size: Size of the account.
        since: First day of the world.
    """

    def __init__(self, seed: int, index: int, size: Size, since: datetime) -> None:
        self.id = FIRST_ACCOUNT + index
        self.seed = seed
        self.index = index
        self.size = size
        self.since = since
        self.is_sandbox = index == SANDBOX_INDEX
        self.country = ABROAD.get(index, HOME)
        self.name = _name(index)
        self.primary: int | None = None
        """Channel that was made the primary one; None is the first."""
        self._row: tuple[datetime, dict[str, Any]] | None = None
        self.key = "sbx_" + hashlib.blake2b(f"{seed}:{index}".encode(), digest_size=16).hexdigest()

    @cached_property
    def traffic(self) -> Traffic:
        """What the account sends and receives."""
        lanes = tuple(lane for lane in LANES if lane.channel < max(len(self.channels), 1))
        quiet_after = 40 if self.is_sandbox else None
        size = self.size
        return Traffic(self.seed, self.index, size.contacts, size.campaigns, self.since, lanes, quiet_after)

    @cached_property
    def channels(self) -> list[dict[str, Any]]:
        """The first state of the account's channels, the primary one first."""
        first = self.index * ID_SPAN + FIRST_CHANNEL
        if self.is_sandbox:
            return []
        primary = self._channel(first, "WhatsApp principale", active=True, primary=True)
        if self.index % 3:
            return [primary]
        return [primary, self._channel(first + 1, "WhatsApp assistenza <b>B2B</b>", active=True, primary=False)]

    def row(self, now: datetime) -> dict[str, Any]:
        """The account as listings show it."""
        if self._row is None or self._row[0] != now:
            self._row = (now, self._make_row(now))
        return self._row[1]

    def make_primary(self, channel_id: int) -> None:
        """Show another channel as the primary one."""
        self.primary, self._row = channel_id, None

    def _make_row(self, now: datetime) -> dict[str, Any]:
        credit = self.credit(now)
        day, week = self._contacted(now)
        return {
            "id": self.id,
            "name": self.name,
            "status": "Onboarding Started" if self.is_sandbox else "Active",
            "account_type": 1 if self.is_sandbox else 2,
            "is_active": not self.is_sandbox,
            "phone": None if self.is_sandbox else self.channels[0]["identifier"],
            "phone_status": "" if self.is_sandbox else "Connected",
            "quality_score": None if self.is_sandbox else 2 if self._has_bad_quality else 1,
            "quality_reasons": ["LOW_READ_RATE"] if self._has_bad_quality or self.is_sandbox else None,
            "has_official_verification": self.index % 5 == 0,
            "daily_limit": self._tier(day),
            "contacted_in_24h": day,
            "contacted_in_7d": week,
            "current_credit": credit,
            "low_credit_threshold": THRESHOLD,
            "has_low_credit_alert": credit < THRESHOLD or self.index % 4 == 2,
            "min_credit_balance_millicents": 0,
            "estimated_available_conversations": credit // CONVERSATION_PRICE,
            "default_pricing_delta": 0,
            "country_code": self.country.code if self.index % 3 else "",
            "default_country_code": self.country.code,
            "default_prefix": self.country.prefix,
            "default_language": self.country.language,
            "timezone": self.country.timezone,
            "primary_channel_id": self.primary or (self.channels[0]["id"] if self.channels else None),
        }

    def credit(self, now: datetime) -> int:
        """Balance in thousandths of a euro: what was recharged, always by the same amount, less what was spent."""
        if self.is_sandbox:
            return 9_000
        recharge, left = self._budget
        spent = int(self.traffic.until(now).spent[-1])
        return int(recharge - (spent - self.traffic.spent_after_period() + recharge - left) % recharge)

    @cached_property
    def _budget(self) -> tuple[int, int]:
        """Amount of a recharge, and what is left of it after the first two years."""
        two_months = self.traffic.spent_after_period() // 12
        recharge = max(50_000, two_months // 50_000 * 50_000)
        draw = float(np.random.default_rng([self.seed, self.index, 4]).random())
        low = self.index % 25 == LOW_CREDIT_INDEX
        return recharge, THRESHOLD * 2 // 3 if low else int(recharge * (0.4 + 0.5 * draw))

    @property
    def _has_bad_quality(self) -> bool:
        return self.index % BAD_QUALITY_EVERY == BAD_QUALITY_EVERY - 1

    def _contacted(self, now: datetime) -> tuple[int, int]:
        """Users contacted in the last 24 hours and 7 days."""
        contacted = self.traffic.until(now).contacted
        today, before = int(contacted[-1]), contacted[-8:-1]
        day = today + int(int(contacted[-2:-1].sum()) * (1 - opening_share(now)))
        return day, max(day, int((today + int(before.sum())) * 0.85))

    def _tier(self, contacted: int) -> int:
        if self.is_sandbox:
            return TIERS[0]
        return next((tier for tier in TIERS[1:] if tier >= max(contacted, self.size.contacts)), TIERS[-1])

    def _channel(self, channel_id: int, name: str, *, active: bool, primary: bool) -> dict[str, Any]:
        return {
            "id": channel_id,
            "name": name,
            "identifier": f"{self.country.prefix[1:]}333{self.index * 10 + channel_id % ID_SPAN:07d}",
            "platform": "WhatsApp",
            "status": "Active" if active else "Onboarding Started",
            "phone_status": "🟢 Connected",
            "quality_score": "🟡 Yellow" if self._has_bad_quality else "🟢 Green",
            "is_primary": primary,
            "whatsapp_business_account": f"waba-{self.id}",
        }


def _name(index: int) -> str:
    if index < len(names.SHOPS):
        return names.SHOPS[index]
    trade = names.TRADES[index % len(names.TRADES)]
    city = names.ITALIAN.city[index * 3 % len(names.ITALIAN.city)]
    return f"{trade} {city} {index}"
