"""The sandbox's world: accounts, their keys and their records, all from one seed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cached_property

from spoki_analytics.clock import Clock
from spoki_analytics.errors import UsageError
from spoki_analytics.sandbox.world.accounts import FIRST_ACCOUNT, Account
from spoki_analytics.sandbox.world.clock import WorldClock
from spoki_analytics.sandbox.world.moments import midnight
from spoki_analytics.sandbox.world.sizes import PERIOD_DAYS, SIZES
from spoki_analytics.sandbox.world.workspace import CAMPAIGN_COUNTERS, Workspace
from spoki_analytics.wording.messages import gettext


class World:
    """Accounts and records; the same seed, size and moment give the same world, byte for byte.

    Args:
        size: Name of a size: ``small``, ``medium`` or ``large``.
        seed: Seed of everything that is invented.
        now: The moment at which the world is seen, or a function that gives it; None goes on from the process's clock.
        since: First day of history; None is two years before. With the same ``since``, a world that is seen
            later is the same world grown older.
        campaign_counters: ``cumulative`` or ``exclusive``: how campaigns count their messages.

    Raises:
        UsageError: The size or the counters are not known, or the seed is negative.
    """

    def __init__(
        self,
        size: str = "small",
        seed: int = 1,
        now: datetime | Clock | None = None,
        since: date | None = None,
        campaign_counters: str = "cumulative",
    ) -> None:
        if size not in SIZES:
            raise UsageError(
                gettext("There is no sandbox size {size}.", size=repr(size)),
                advice=gettext("Choose one of {sizes}.", sizes=", ".join(SIZES)),
            )
        if seed < 0:
            raise UsageError(gettext("The seed must not be negative."))
        if campaign_counters not in CAMPAIGN_COUNTERS:
            raise UsageError(
                gettext("There are no campaign counters {name}.", name=repr(campaign_counters)),
                advice=gettext("Choose one of {names}.", names=", ".join(CAMPAIGN_COUNTERS)),
            )
        self.campaign_counters = campaign_counters
        self.size = SIZES[size]
        self.seed = seed
        self.now = WorldClock(now)
        self.seen = self.now()
        """The moment at which the records are seen; reports and balances follow the clock by themselves."""
        self.since = midnight(since or self.seen.date() - timedelta(days=PERIOD_DAYS))
        self._accounts: dict[int, Account] = {}
        self._spaces: dict[int, Workspace] = {}

    @cached_property
    def keys(self) -> dict[str, int]:
        """Every API key with the account that it belongs to; the first one is the main key."""
        return {account.key: account.id for account in self.all_accounts()}

    @property
    def main(self) -> Account:
        """The account whose key sees all the others."""
        return self._account(0)

    def account(self, account_id: int) -> Account | None:
        """The account of that id, or None."""
        index = account_id - FIRST_ACCOUNT
        return self._account(index) if 0 <= index < self.size.accounts else None

    def all_accounts(self) -> list[Account]:
        """Every account, the main one first."""
        return [self._account(index) for index in range(self.size.accounts)]

    def seen_by(self, account: Account) -> list[Account]:
        """The accounts that an account's key sees: all for the main one, itself for the others."""
        return self.all_accounts() if account.index == 0 else [account]

    def workspace(self, account: Account) -> Workspace:
        """The records of an account, made when first asked for, and grown when first asked for after a new look."""
        if account.id not in self._spaces:
            self._spaces[account.id] = Workspace(account, self.seen, self.campaign_counters)
        space = self._spaces[account.id]
        if space.now < self.seen:
            space.grow(self.seen)
        return space

    def advance(self, time: timedelta) -> None:
        """Let time pass: the same world, grown older.

        Raises:
            UsageError: That is not forward, or too far.
        """
        self.now.advance(time)
        self.look()

    def look(self) -> None:
        """See the records at the present moment."""
        self.seen = max(self.seen, self.now())

    def look_daily(self) -> None:
        """See the records anew when a day has begun since the last look; within a day they stand still."""
        if self.now().date() > self.seen.date():
            self.look()

    def _account(self, index: int) -> Account:
        if index not in self._accounts:
            size = self.size.of_account(index)
            self._accounts[index] = Account(self.seed, index, size, self.since)
        return self._accounts[index]
