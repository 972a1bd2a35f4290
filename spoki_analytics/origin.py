"""Where data comes from: Spoki itself, or something else, which every page and every file made of it then says."""

from __future__ import annotations

from urllib.parse import urlsplit

from spoki_analytics.wording.messages import gettext

SPOKI_HOSTS = ("api.spoki.com", "app.spoki.it")
"""Where Spoki itself answers (contract, section 1.1)."""
SANDBOX_KEY = "sbx_"
"""How the keys of the sandbox begin, by which its invented data is known wherever it answers."""
_HTTPS = 443


def is_spoki(origin: str) -> bool:
    """Whether data from that origin is Spoki's own: from one of its hosts, over https.

    Args:
        origin: Such as ``https://api.spoki.com``.
    """
    parts = urlsplit(origin)
    return parts.scheme == "https" and parts.hostname in SPOKI_HOSTS and parts.port in (None, _HTTPS)


def origin_notice(origin: str, key: str | None) -> str:
    """What a page must say of an origin other than Spoki; empty for Spoki itself.

    Args:
        origin: Such as ``http://127.0.0.1:8000``.
        key: The API key in clear, which tells the sandbox from other origins; it is not shown.
    """
    if is_spoki(origin):
        return ""
    if key is not None and key.startswith(SANDBOX_KEY):
        return gettext("Invented data: from the sandbox at {origin}, not from Spoki.", origin=origin)
    if urlsplit(origin).hostname in SPOKI_HOSTS:
        return gettext("Data from {origin}, not from Spoki over https.", origin=origin)
    return gettext("Data from {origin}, not from Spoki.", origin=origin)
