"""The last look before a report is published: the API key's value is in none of its files."""

from __future__ import annotations

import html
import json
from collections.abc import Iterable
from typing import Any

SHORTEST = 6
"""A shorter word is no key and would be found by chance."""
REPLACEMENT = "[API key removed]"


def spellings(key: str | None) -> tuple[str, ...]:
    """The key as text, as JSON and as HTML would spell it."""
    if not key or len(key) < SHORTEST:
        return ()
    return tuple(dict.fromkeys((key, json.dumps(key)[1:-1], html.escape(key))))


def holds_key(texts: Iterable[str], key: str | None) -> bool:
    """Whether any text holds the key."""
    known = spellings(key)
    return any(spelling in text for text in texts for spelling in known)


def without_key(value: Any, key: str | None) -> Any:
    """The value (text, or lists and mappings of it) with the key replaced wherever it stands."""
    if isinstance(value, str):
        for spelling in spellings(key):
            value = value.replace(spelling, REPLACEMENT)
        return value
    if isinstance(value, dict):
        return type(value)({without_key(name, key): without_key(item, key) for name, item in value.items()})
    if isinstance(value, (list, tuple)):
        return type(value)(without_key(item, key) for item in value)
    return value
