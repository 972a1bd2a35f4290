"""JSON values as text: what a column holds when its values have no better type."""

from __future__ import annotations

import json
from typing import Any

from spoki_analytics.wording.masking import without_secrets


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


def type_name(value: Any) -> str:
    """How JSON calls the type of a value; a warning shows this, never the value, which may be personal."""
    names = {bool: "boolean", int: "number", float: "number", str: "text", list: "list", dict: "object"}
    return names.get(type(value), "null")
