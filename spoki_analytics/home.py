"""Where an account is at home: its country and its time zone, decided once for frames, comparisons and plans alike.

An explicit setting or argument comes first, then what the account itself says, then Italy. Spoki is asked for its
accounts at most once for a client, and only when something depends on the answer: a phone number that is none with a
country code of its own, or a day that has to be cut. The listing is the one that ``spoki.accounts.load()`` keeps, so
that mostly nothing is asked at all.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers

from spoki_analytics.api.session import Session
from spoki_analytics.catalogue import operation
from spoki_analytics.errors import SpokiError, UnavailableError, warn
from spoki_analytics.frames.schemas import SCHEMAS
from spoki_analytics.frames.tables import TableCodec
from spoki_analytics.wording.messages import gettext

DEFAULT_REGION = "IT"
DEFAULT_TIMEZONE = "Europe/Rome"


class Home:
    """Country and time zone of the account of a key.

    Args:
        session: The session of the key.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    def region(self) -> str:
        """ISO code of the country whose phone numbers may come without a country code, such as ``IT``."""
        return self._session.settings.region or self._region

    def zone(self) -> ZoneInfo:
        """The time zone in which days are cut."""
        chosen = self._session.settings.timezone
        return ZoneInfo(chosen) if chosen else self._zone

    @cached_property
    def _region(self) -> str:
        codes = (str(self._account.get(name) or "").upper() for name in ("default_country_code", "country_code"))
        return next((code for code in codes if code in phonenumbers.SUPPORTED_REGIONS), DEFAULT_REGION)

    @cached_property
    def _zone(self) -> ZoneInfo:
        try:
            return ZoneInfo(str(self._account.get("timezone") or DEFAULT_TIMEZONE))
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return ZoneInfo(DEFAULT_TIMEZONE)

    @cached_property
    def _account(self) -> dict[str, Any]:
        """The account of the key, if it sees exactly one; else nothing."""
        codec = TableCodec(SCHEMAS["accounts"], self._session.settings.naive_timezone)
        try:
            # Kept answers will do even for a client that refreshes: an account does not move house between two loads.
            table = self._session.listing(operation("list_accounts"), {}, codec, refresh=False).value
        except UnavailableError:
            _warn_of_defaults()
            return {}
        except SpokiError:  # a key that may not see its accounts
            return {}
        account: dict[str, Any] = table.to_pylist()[0] if table.num_rows == 1 else {}
        return account


def _warn_of_defaults() -> None:
    warn(
        gettext(
            "Spoki did not say where the account is at home: phone numbers without a country code are read as numbers "
            "of {region} and days are cut in {timezone}, where SPOKI_REGION and SPOKI_TIMEZONE do not say otherwise.",
            region=DEFAULT_REGION,
            timezone=DEFAULT_TIMEZONE,
        )
    )
