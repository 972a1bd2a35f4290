"""One question to Spoki, past the cache: does it answer, does it take the key, what does it say on the way."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

from spoki_analytics.settings import Settings
from spoki_analytics.wording.messages import gettext

PATIENCE = 10.0
"""Seconds to wait for an answer: who tests a connection sits in front of it."""


@dataclass(frozen=True)
class Reply:
    """What came back.

    Attributes:
        headers: Headers of the answer that matter here.
        seconds: How long it took, waiting for the rate limit included.
        accounts: How many accounts the key sees; None when no key was sent.
    """

    headers: Mapping[str, str]
    seconds: float
    accounts: int | None = None


def ask_accounts(settings: Settings) -> Reply:
    """List the accounts with the key, once, at the documented rate.

    Raises:
        SpokiError: Spoki does not answer, or not to this key.
    """
    from spoki_analytics.api.progress import Meter, shows_progress
    from spoki_analytics.api.session import Session
    from spoki_analytics.api.walks import read_page
    from spoki_analytics.catalogue import operation

    brief = settings.model_copy(update={"max_attempts": 1, "timeout": min(settings.timeout, PATIENCE)})
    session = Session(brief)
    row = operation("list_accounts")
    try:
        with Meter(gettext("Asking Spoki"), show=shows_progress(None)) as meter:
            begun = time.monotonic()
            answer = session.reads.read(row, f"{settings.base_url}{row.target()}", session.account, meter)
            page = read_page(answer)
            return Reply(session.reads.seen_headers, time.monotonic() - begun, page.count or len(page.rows))
    finally:
        session.close()


def ask_origin(settings: Settings) -> Reply:
    """Knock at the origin without a key.

    Raises:
        UnavailableError: Nobody answers.
    """
    import requests

    from spoki_analytics.api.transport import no_authentication
    from spoki_analytics.errors import UnavailableError

    begun = time.monotonic()
    patience = min(settings.timeout, PATIENCE)
    try:
        # One redirect is answer enough, and no password of ~/.netrc is anybody's business.
        with requests.get(
            settings.base_url, timeout=patience, allow_redirects=False, stream=True, auth=no_authentication
        ) as response:
            return Reply(dict(response.headers), time.monotonic() - begun)
    except requests.RequestException as problem:
        raise UnavailableError(
            gettext("{origin} does not answer ({problem}).", origin=settings.base_url, problem=type(problem).__name__)
        ) from None
