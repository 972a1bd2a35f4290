"""Which account a key belongs to, and its country and time zone: decided once for frames, plans and pages alike.

An explicit setting or argument comes first, then what the account itself says, then Italy. The account is the one that
was stated, else the only one that the key sees; where it sees several, nothing says whose its rows are. Spoki is asked
for its accounts at most once for a client, and only when something depends on the answer: a phone number that is none
with a country code of its own, a day that has to be cut, or a page whose rows name no account. The listing is the one
that ``spoki.accounts.load()`` keeps, so that mostly nothing is asked at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from threading import Lock
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from spoki_analytics.api.session import Session
from spoki_analytics.catalogue import operation
from spoki_analytics.errors import SpokiError, UnavailableError, UsageError, warn
from spoki_analytics.frames.phones import is_region
from spoki_analytics.frames.schemas import SCHEMAS
from spoki_analytics.frames.tables import TableCodec
from spoki_analytics.wording.arguments import argument
from spoki_analytics.wording.messages import gettext

DEFAULT_REGION = "IT"
DEFAULT_TIMEZONE = "Europe/Rome"


class Home:
    """The account of a key, its country and its time zone.

    Args:
        session: The session of the key.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._asking = Lock()

    def account(self) -> int | None:
        """Id of the account that the key belongs to; None where it sees several, or none, and nobody stated it.

        Raises:
            UsageError: The key does not see the account that was stated.
        """
        return _number(self._account.get("id"))

    def own(self, ids: Iterable[int] = ()) -> dict[str, Any]:
        """What is known of the account of the key, for rows that name none: they are of that account and no other.

        Args:
            ids: The accounts whose rows are asked for; none means whatever account it is.

        Returns:
            Its row of List Accounts, its ``id`` alone where that is not to be had, nothing where it is not known.

        Raises:
            UsageError: Other accounts are asked for than the one that is known.
        """
        known, others = self.account(), sorted(set(ids) - {self.account()})
        if others and known is None:
            raise UsageError(
                gettext(
                    "{accounts} {ids} can't be honoured: these rows name no account, and which account the key "
                    "belongs to is not known.",
                    accounts=argument("accounts"),
                    ids=_join(others),
                ),
                advice=gettext("Set SPOKI_ACCOUNT to the account of this key, or leave the accounts out."),
            )
        if others:
            raise UsageError(
                gettext(
                    "{accounts} {ids} can't be honoured: these rows name no account, and the key belongs to account "
                    "{known}.",
                    accounts=argument("accounts"),
                    ids=_join(others),
                    known=known,
                ),
                advice=gettext("Use the key of that account; SPOKI_ACCOUNT states which account a key belongs to."),
            )
        return self._account

    def refuse_others(self, named: Iterable[int]) -> None:
        """Refuse rows that contradict what is known of the account of the key.

        Args:
            named: The accounts that the rows name.

        Raises:
            UsageError: They name an account that is neither the key's nor one that it sees.
        """
        others = sorted(set(named) - {self.account()} - self._seen)
        if others and self.account() is not None:
            raise UsageError(
                gettext(
                    "The key belongs to account {known}, but the data names account {others}.",
                    known=self.account(),
                    others=_join(others),
                ),
                advice=gettext("Check SPOKI_ACCOUNT, and that the key is the one of that account."),
            )

    def region(self) -> str:
        """ISO code of the country whose phone numbers may come without a country code, such as ``IT``."""
        self._session.require_own_process()
        return self._session.settings.region or self._region

    def zone(self) -> ZoneInfo:
        """The time zone in which days are cut."""
        self._session.require_own_process()
        chosen = self._session.settings.timezone
        return ZoneInfo(chosen) if chosen else self._zone

    @cached_property
    def _region(self) -> str:
        codes = (str(self._account.get(name) or "").upper() for name in ("default_country_code", "country_code"))
        return next((code for code in codes if is_region(code)), DEFAULT_REGION)

    @cached_property
    def _zone(self) -> ZoneInfo:
        try:
            return ZoneInfo(str(self._account.get("timezone") or DEFAULT_TIMEZONE))
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return ZoneInfo(DEFAULT_TIMEZONE)

    @cached_property
    def _account(self) -> dict[str, Any]:
        """The account of the key: the one stated, or the only one that it sees; else nothing."""
        stated, listed = self._session.settings.account, self._listed
        if stated is None:
            return listed[0] if listed and len(listed) == 1 else {}
        if listed is None:  # nobody contradicts it
            return {"id": stated}
        if stated not in self._seen:
            raise UsageError(
                gettext(
                    "The key does not see account {account}, which SPOKI_ACCOUNT states as its own.", account=stated
                ),
                advice=gettext("`spoki-analytics load accounts` lists the accounts that it sees."),
            )
        return next(row for row in listed if _number(row.get("id")) == stated)

    @property
    def _seen(self) -> set[int]:
        """Ids of the accounts that the key sees, as far as Spoki says so."""
        return {number for row in self._listed or () if (number := _number(row.get("id"))) is not None}

    @property
    def _listed(self) -> list[dict[str, Any]] | None:
        """The accounts that the key sees, asked for once: a refusal, too, is not asked for again by another thread."""
        with self._asking:
            return self._accounts

    @cached_property
    def _accounts(self) -> list[dict[str, Any]] | None:
        """The accounts that the key sees; None where Spoki does not say."""
        codec = TableCodec(SCHEMAS["accounts"], self._session.settings.naive_timezone)
        try:
            # Kept answers will do even for a client that refreshes: an account does not move house between two loads.
            table = self._session.listing(operation("list_accounts"), {}, codec, refresh=False).value
        except UnavailableError:
            _warn_of_defaults()
            return None
        except SpokiError:  # a key that may not see its accounts
            return None
        rows: list[dict[str, Any]] = table.to_pylist()
        return rows


def _join(ids: Iterable[int]) -> str:
    return ", ".join(map(str, ids))


def _number(value: Any) -> int | None:
    """An id as a number; None for what is none, as in a column that Spoki filled with something else."""
    return int(value) if str(value).isdecimal() else None


def _warn_of_defaults() -> None:
    warn(
        gettext(
            "Spoki did not say where the account is at home: phone numbers without a country code are read as numbers "
            "of {region} and days are cut in {timezone}, where SPOKI_REGION and SPOKI_TIMEZONE do not say otherwise.",
            region=DEFAULT_REGION,
            timezone=DEFAULT_TIMEZONE,
        )
    )
