"""What must not be shown or kept: credentials by their name and by their value, and what tells who a person is."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from spoki_analytics.wording.names import replace_hidden

REDACTED = "[redacted]"
"""Stands for a credential that an answer held under its name."""
KEY_REMOVED = "[API key removed]"
"""Stands for the reader's own key, wherever it turned up."""
MASKED = "[masked]"
"""Stands for what may be an address, a phone number or a secret inside a sentence."""

_CREDENTIAL = re.compile(
    r"secret(?!ar)|token(?!i[sz])|pass[_-]?(w(or)?d|phrase)|credential|authorization"
    r"|(?<![a-z])keys?(?![a-z])|(api|private|access|auth|sign(ing)?|encryption|client|service|shared|master)keys?$"
)
"""Kinds of names whose values are credentials wherever they turn up (contract, sections 1.2 and 4.11): a secret, token,
password or key of any sort. ``monkey`` and ``keyboard`` are none."""
_STEMS = (b"secret", b"token", b"pass", b"credential", b"authorization", b"key", "\N{KELVIN SIGN}".encode())
"""One of these is in each name that ``_CREDENTIAL`` finds; the Kelvin sign is a k in lower case."""
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
"""Where one word of a name in camel case ends and the next begins."""
MAX_DEPTH = 100
"""Deepest level of an answer that is looked into; what lies deeper is left out."""
SHORTEST_KEY = 6
"""A shorter word is no key and would match by chance."""
_PERSONAL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+|\+?\d[\d\s().-]{5,}\d|[A-Za-z0-9_-]{24,}")


@lru_cache(maxsize=4096)  # the few names of a listing come again with each of its rows
def is_credential(name: str) -> bool:
    """True for the name of a credential: of a secret, token, password or key of any sort, in any spelling of names."""
    return _CREDENTIAL.search(_HUMP.sub("_", name).lower()) is not None


def may_hold_credentials(body: bytes) -> bool:
    """Whether a JSON text can hold a credential under its name: seldom, so that most are not gone through for it."""
    lower = body.lower()
    return any(stem in lower for stem in _STEMS)


def mask_credentials(value: Any, depth: int = 0) -> Any:
    """The JSON value with every credential in it replaced, judged by the name it stands under."""
    if depth > MAX_DEPTH and isinstance(value, dict | list):
        return "[nested too deeply]"
    if isinstance(value, dict):
        return {
            name: REDACTED if _is_secret(name, inner) else mask_credentials(inner, depth + 1)
            for name, inner in value.items()
        }
    if isinstance(value, list):
        return [mask_credentials(inner, depth + 1) for inner in value]
    return value


def _is_secret(name: str, value: Any) -> bool:
    """Whether a value under that name is to be hidden: nothing, yes and no, and how many there are tell no secret."""
    if value is None or isinstance(value, bool) or (isinstance(value, int | float) and name.lower().endswith("s")):
        return False
    return is_credential(name)


def mask_key(value: Any, key: str | None) -> Any:
    """The value (text, or lists and mappings of it) with the key replaced wherever it stands."""
    if isinstance(value, str):
        for spelling in _spellings(key):
            value = value.replace(spelling, KEY_REMOVED)
        return value
    if isinstance(value, dict):
        return type(value)({mask_key(name, key): mask_key(item, key) for name, item in value.items()})
    if isinstance(value, (list, tuple)):
        return type(value)(mask_key(item, key) for item in value)
    return value


def holds_key(texts: Iterable[str], key: str | None) -> bool:
    """Whether any text holds the key."""
    known = _spellings(key)
    return any(spelling in text for text in texts for spelling in known)


def mask_personal(text: str) -> str:
    """A sentence without addresses, phone numbers and anything that looks like a secret."""
    return _PERSONAL.sub(MASKED, text)


def excerpt(text: str, key: str | None, longest: int) -> str:
    """What an answer says, as a message may quote it: one harmless line, without the key, cut."""
    line: str = mask_key(replace_hidden(" ".join(text.split())), key)
    # In a quote even a key goes that is too short to be looked for on a page, where it would match by chance.
    return (line.replace(key, KEY_REMOVED) if key else line)[:longest]


def _spellings(key: str | None) -> tuple[str, ...]:
    """The key as text, as JSON and as HTML would spell it."""
    if not key or len(key) < SHORTEST_KEY:
        return ()
    return tuple(dict.fromkeys((key, json.dumps(key)[1:-1], html.escape(key))))
