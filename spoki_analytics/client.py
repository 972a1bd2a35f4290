"""The client: one object with all families of one account key."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, NoReturn, Self
from zoneinfo import ZoneInfo

import pandas as pd
from pydantic import SecretStr

from spoki_analytics.api.session import Session
from spoki_analytics.clock import Clock, now
from spoki_analytics.home import Home
from spoki_analytics.resources.accounts import Accounts
from spoki_analytics.resources.agencies import Agencies
from spoki_analytics.resources.automations import Automations
from spoki_analytics.resources.campaigns import Campaigns
from spoki_analytics.resources.channels import Channels
from spoki_analytics.resources.contacts import Contacts
from spoki_analytics.resources.custom_fields import CustomFields
from spoki_analytics.resources.invitations import Invitations
from spoki_analytics.resources.lists import Lists
from spoki_analytics.resources.media import Media
from spoki_analytics.resources.operations import operations
from spoki_analytics.resources.partners import Partners
from spoki_analytics.resources.reports import Reports
from spoki_analytics.resources.roles import Roles
from spoki_analytics.resources.tags import Tags
from spoki_analytics.resources.templates import Templates
from spoki_analytics.resources.tickets import Tickets
from spoki_analytics.resources.webhooks import Webhooks
from spoki_analytics.settings import load_settings
from spoki_analytics.wording.names import name_account

if TYPE_CHECKING:
    from spoki_analytics.corrections.journal import Journal
    from spoki_analytics.corrections.planner import Planner


class Spoki:
    """A Spoki account, as frames.

    Args:
        api_key: The key; else ``SPOKI_API_KEY``, ``.env``, or what ``spoki-analytics login`` stored.
        base_url: Origin of the API; else ``SPOKI_BASE_URL``, else https://api.spoki.com.
        cache_dir: Where answers are kept; else ``SPOKI_CACHE_DIR``, else the user's cache folder.
        data_dir: Where rates in use and the journal live; else ``SPOKI_DATA_DIR``, else the user's data folder.
        refresh: Ask Spoki again for everything instead of using the cache.
        progress: Show progress bars; None shows them in a terminal and in an interactive notebook.
        allow_stale: Serve expired data, labelled stale, when Spoki does not answer.
        writes: Allow corrections to be applied.
        account: Id of the account that the key belongs to; else ``SPOKI_ACCOUNT``, else the only one that it sees.
        region: Country of phone numbers that come without a country code; else ``SPOKI_REGION``, else the account's.
        timezone: IANA time zone in which days are cut; else ``SPOKI_TIMEZONE``, else the account's.
        clock: Gives the present moment, with its time zone; the real one when missing.

    Raises:
        AuthenticationError: No key was found.
        UsageError: A setting is not acceptable.

    Example:
        >>> spoki = Spoki()
        >>> campaigns = spoki.campaigns.load(scheduled_from="2026-10-01")
    """

    def __init__(
        self,
        *,
        api_key: str | None = None,
        base_url: str | None = None,
        cache_dir: str | Path | None = None,
        data_dir: str | Path | None = None,
        refresh: bool = False,
        progress: bool | None = None,
        allow_stale: bool | None = None,
        writes: bool | None = None,
        account: int | None = None,
        region: str | None = None,
        timezone: str | None = None,
        clock: Clock = now,
    ) -> None:
        secret = SecretStr(api_key) if isinstance(api_key, str) else api_key
        del api_key  # a traceback with local variables must not show it
        self.settings = load_settings(
            api_key=secret,
            base_url=base_url,
            cache_dir=cache_dir,
            data_dir=data_dir,
            allow_stale=allow_stale,
            writes=writes,
            account=account,
            region=region,
            timezone=timezone,
        )
        self.session = Session(self.settings, refresh=refresh, progress=progress, clock=clock)
        self.home = Home(self.session)

    def __repr__(self) -> str:
        if "session" not in self.__dict__:  # a debugger looks at it while it is being refused
            return "<Spoki, not ready>"
        return f"<Spoki {name_account(self.session.account)} at {self.settings.base_url}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("A Spoki client holds a key and cannot be pickled: create one in each process.")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close connections and files."""
        self.session.close()

    def now(self) -> datetime:
        """The current moment by the client's clock, in UTC."""
        return self.session.clock().astimezone(UTC)

    @property
    def account(self) -> int | None:
        """Id of the account that the key belongs to: the one stated, else the only one that it sees, else None.

        Raises:
            UsageError: The key does not see the account that was stated.
        """
        return self.home.account()

    @property
    def region(self) -> str:
        """Country of phone numbers without a country code: the one set, else the account's own, else Italy."""
        return self.home.region()

    @property
    def zone(self) -> ZoneInfo:
        """Time zone in which days are cut: the one set, else the account's own, else Europe/Rome."""
        return self.home.zone()

    def together(self, *loads: Callable[[], Any]) -> list[Any]:
        """Run several loads at the same time, each family at its own rate, and give their results in order.

        Args:
            loads: Functions without arguments, such as ``spoki.accounts.load``.

        Example:
            >>> accounts, lists = spoki.together(spoki.accounts.load, spoki.lists.load)
        """
        if not loads:
            return []
        with ThreadPoolExecutor(max_workers=len(loads)) as pool:
            return [future.result() for future in [pool.submit(load) for load in loads]]

    @cached_property
    def journal(self) -> Journal:
        """Every correction of this account, or key, on this machine: show, resume, resolve, undo."""
        from spoki_analytics.corrections.journal import Journal  # a fifth of what there is to import, and seldom used

        return Journal(self.session, self.home.region, self.home.zone, self.home.account)

    @cached_property
    def corrections(self) -> Planner:
        """Plans every correction of the families' methods; the journal applies them."""
        from spoki_analytics.corrections.planner import Planner

        return Planner(self.session, self.home.region, self.home.zone, self.journal)

    @property
    def operations(self) -> pd.DataFrame:
        """Every operation of the API: what it is, its rate, and the Python call and the command that use it."""
        return operations()

    @cached_property
    def accounts(self) -> Accounts:
        """Accounts and their current reports."""
        return Accounts(self)

    @cached_property
    def agencies(self) -> Agencies:
        """Agencies."""
        return Agencies(self)

    @cached_property
    def campaigns(self) -> Campaigns:
        """Campaigns and their funnels."""
        return Campaigns(self)

    @cached_property
    def contacts(self) -> Contacts:
        """Contacts and what they belong to."""
        return Contacts(self)

    @cached_property
    def custom_fields(self) -> CustomFields:
        """Custom fields of contacts."""
        return CustomFields(self)

    @cached_property
    def lists(self) -> Lists:
        """Contact lists."""
        return Lists(self)

    @cached_property
    def reports(self) -> Reports:
        """Messages and conversations by period."""
        return Reports(self)

    @cached_property
    def tags(self) -> Tags:
        """Tags."""
        return Tags(self)

    @cached_property
    def tickets(self) -> Tickets:
        """Support tickets."""
        return Tickets(self)

    @cached_property
    def automations(self) -> Automations:
        """Automations and their webhooks."""
        return Automations(self)

    @cached_property
    def channels(self) -> Channels:
        """WhatsApp numbers and other channels."""
        return Channels(self)

    @cached_property
    def invitations(self) -> Invitations:
        """Invitations of operators."""
        return Invitations(self)

    @cached_property
    def media(self) -> Media:
        """Media files."""
        return Media(self)

    @cached_property
    def partners(self) -> Partners:
        """Partners and a partner's accounts."""
        return Partners(self)

    @cached_property
    def roles(self) -> Roles:
        """Operators and their roles."""
        return Roles(self)

    @cached_property
    def templates(self) -> Templates:
        """Message templates."""
        return Templates(self)

    @cached_property
    def webhooks(self) -> Webhooks:
        """Outgoing webhooks."""
        return Webhooks(self)
