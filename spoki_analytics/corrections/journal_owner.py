"""Whose journal it is: the account's, where it is known which one a key belongs to; else the key's alone.

A key may be replaced by another one of the same account, which must not send again what the first has sent. Which
account it is was once asked of Spoki and is then kept in a file beside the journal: a machine that is offline later
finds the same journal.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from urllib.parse import urlsplit

from spoki_analytics.origin import SPOKI_HOSTS
from spoki_analytics.private_files import make_private_folder, write_private
from spoki_analytics.settings import Settings

_LOOPBACK = ("localhost", "127.0.0.1", "::1")


def key_journal(settings: Settings) -> Path:
    """The file of the journal of a key of which the account is not known."""
    return _folder(settings) / f"{settings.fingerprint}.sqlite"


def account_journal(settings: Settings, account: int) -> Path:
    """The file of the journal of an account, the same however its origin is spelled."""
    service = hashlib.blake2b(_service(settings.base_url).encode(), digest_size=4).hexdigest()
    return _folder(settings) / f"account-{account}-{service}.sqlite"


def kept_account(settings: Settings) -> int | None:
    """The account of the key as it was found out before; None where it was not, or where one is stated now."""
    kept = _kept(settings)
    text = kept.read_text().strip() if settings.account is None and kept.is_file() else ""
    return int(text) if text.isdigit() else None


def keep_account(settings: Settings, account: int) -> None:
    """Remember the account of the key."""
    kept = _kept(settings)
    make_private_folder(kept.parent, tighten=True)
    write_private(kept, f"{account}\n")


def has_accounts(settings: Settings) -> bool:
    """Whether this machine has the journal of any account, which may be that of the key."""
    return any(_folder(settings).glob("account-*.sqlite"))


def _kept(settings: Settings) -> Path:
    return _folder(settings) / f"{settings.fingerprint}.account"


def _folder(settings: Settings) -> Path:
    return settings.data_dir / "journal"


def _service(origin: str) -> str:
    """What answers at an origin: Spoki has two hosts, and this machine several names."""
    parts = urlsplit(origin)
    if parts.hostname in SPOKI_HOSTS:
        return "spoki"
    return f"loopback:{parts.port}" if parts.hostname in _LOOPBACK else origin
