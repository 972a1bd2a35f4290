"""Credentials in answers: taken out before anything is stored, shown or put into a table."""

from __future__ import annotations

from typing import Any

REDACTED = "[redacted]"
SECRET_NAMES = frozenset({"secret", "api_key", "apikey", "private_key", "password", "token"})
"""Names whose values are credentials wherever they turn up (contract, sections 1.2 and 4.11)."""
MAX_DEPTH = 100
"""Deepest level of an answer that is looked into; what lies deeper is left out."""


def without_secrets(value: Any, depth: int = 0) -> Any:
    """The value with every credential in it replaced."""
    if depth > MAX_DEPTH and isinstance(value, dict | list):
        return "[nested too deeply]"
    if isinstance(value, dict):
        return {
            name: REDACTED if is_secret(name) and inner is not None else without_secrets(inner, depth + 1)
            for name, inner in value.items()
        }
    if isinstance(value, list):
        return [without_secrets(inner, depth + 1) for inner in value]
    return value


def is_secret(name: str) -> bool:
    """True for the name of a credential."""
    return name.lower() in SECRET_NAMES
