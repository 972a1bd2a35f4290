"""Where an account is at home: the country of phone numbers that are written without a country code."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from spoki_analytics.api.session import Session
from spoki_analytics.catalogue import operation
from spoki_analytics.corrections.reader import RowsCodec
from spoki_analytics.errors import SpokiError

PHONES = ("phone", "contact_phone", "phones")
"""What phone numbers are called in the bodies of writes."""


def home_region(session: Session, phones: Iterable[Any]) -> str:
    """The country for these numbers: ``SPOKI_REGION`` when it is set, else the account's own, else Italy.

    Spoki is asked for its accounts, or the cache, only when one of the numbers has no plus.

    Args:
        session: The account.
        phones: The numbers as they were given.

    Returns:
        ISO country code, such as IT (``default_country_code`` of the account: corsair).
    """
    settings = session.settings
    if "region" in settings.model_fields_set or all(_is_international(phone) for phone in phones):
        return settings.region
    try:
        accounts = session.listing(operation("list_accounts"), {}, RowsCodec()).value
    except SpokiError:
        return settings.region
    codes = {str(account.get("default_country_code") or "").upper() for account in accounts}
    only = codes.pop() if len(codes) == 1 else ""
    return only if len(only) == 2 else settings.region


def _is_international(phone: Any) -> bool:
    return not isinstance(phone, str) or not phone.strip() or phone.strip().startswith(("+", "00"))
