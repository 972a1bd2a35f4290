"""JSON values as text: what a column holds when its values have no better type."""

from __future__ import annotations

import json
from typing import Any

REDACTED = "[redacted]"
SECRET_NAMES = frozenset({"secret", "api_key", "apikey", "private_key", "password", "token"})
"""Names whose values are credentials wherever they turn up (contract, sections 1.2 and 4.11)."""


def clean(text: str) -> str:
    """The text without lone surrogates, which UTF-8 cannot hold; they are spelled out instead."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def as_text(value: Any) -> str | None:
    """The value as text: texts as they are, numbers and booleans as JSON spells them, the rest as compact JSON."""
    if value is None:
        return None
    if isinstance(value, str):
        return clean(value)
    try:
        return clean(json.dumps(without_secrets(value), ensure_ascii=False, separators=(",", ":")))
    except RecursionError:
        return "[nested too deeply]"


def without_secrets(value: Any) -> Any:
    """The value with every credential in it replaced."""
    if isinstance(value, dict):
        return {
            name: REDACTED if is_secret(name) and inner is not None else without_secrets(inner)
            for name, inner in value.items()
        }
    if isinstance(value, list):
        return [without_secrets(inner) for inner in value]
    return value


def is_secret(name: str) -> bool:
    """True for the name of a credential."""
    return name.lower() in SECRET_NAMES


def type_name(value: Any) -> str:
    """How JSON calls the type of a value; a warning shows this, never the value, which may be personal."""
    names = {bool: "boolean", int: "number", float: "number", str: "text", list: "list", dict: "object"}
    return names.get(type(value), "null")
