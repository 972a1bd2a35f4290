"""What people type, as typed values: text of a shell, Python objects and form entries become the same JSON values."""

from __future__ import annotations

import json
import math
import operator
import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, TypeAlias

from spoki_analytics.wording.messages import gettext

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

GRANULARITIES = ("Day", "Week", "Month", "Year")
_TRUTHS = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}
_WHOLE = re.compile(r"[+-]?(0|[1-9][0-9]*)", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def to_bool(value: Any) -> bool:
    """True or false, also as a word; the text ``false`` is false."""
    truth = _TRUTHS.get(str(value).strip().casefold())
    if truth is None:
        raise ValueError(gettext("{value} is neither true nor false.", value=repr(value)))
    return truth


def to_int(value: Any) -> int:
    """A whole number; text such as ``007`` or ``1_000`` is none."""
    if isinstance(value, str) and _WHOLE.fullmatch(value.strip()):
        return int(value)
    try:
        if isinstance(value, bool):
            raise TypeError
        return operator.index(value)
    except TypeError:
        raise ValueError(gettext("{value} is not a whole number.", value=repr(value))) from None


def to_float(value: Any) -> float:
    """A finite number."""
    try:
        number = float("nan" if isinstance(value, bool) else value)
    except (TypeError, ValueError):
        number = math.nan
    if not math.isfinite(number):
        raise ValueError(gettext("{value} is not a number.", value=repr(value)))
    return number


def to_text(value: Any) -> str:
    """Text, unchanged: phones keep their plus and codes their zeros. Dates become ISO text."""
    if isinstance(value, date):
        return value.isoformat()
    if not isinstance(value, str):
        raise ValueError(gettext("{value} is not text; put it in quotes.", value=repr(value)))
    return value


def to_day(value: Any) -> str:
    """A day as ``YYYY-MM-DD``, or empty for the default."""
    text = value.date().isoformat() if isinstance(value, datetime) else to_text("" if value is None else value).strip()
    try:
        if text and not _DAY.fullmatch(text):
            raise ValueError
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError:
        raise ValueError(gettext("{value} is not a date; write YYYY-MM-DD.", value=repr(text))) from None


def to_granularity(value: Any) -> str:
    """``Day``, ``Week``, ``Month`` or ``Year``, in any case."""
    for choice in GRANULARITIES:
        if str(value).strip().casefold() == choice.casefold():
            return choice
    raise ValueError(gettext("{value} is not one of {choices}.", value=repr(value), choices=", ".join(GRANULARITIES)))


def to_list(value: Any) -> list[Json]:
    """A list of plain values; text is split at commas."""
    return [to_json(item) for item in to_items(value)]


def to_ids(value: Any) -> list[Json]:
    """A list of ids, each once."""
    ids = [to_int(item) for item in to_items(value)]
    if any(number < 1 for number in ids):
        raise ValueError(gettext("ids are positive numbers."))
    return list(dict.fromkeys(ids))


def to_dict(value: Any) -> dict[str, Json]:
    """A JSON object, also as text."""
    mapping = json.loads(value) if isinstance(value, str) else value
    if not isinstance(mapping, Mapping):
        raise ValueError(gettext("{value} is not a JSON object.", value=repr(value)))
    return {to_text(key): to_json(item) for key, item in mapping.items()}


def to_items(value: Any) -> list[Any]:
    """The items of a list; text is split at commas."""
    if value is None:
        return []
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    if isinstance(value, (list, tuple, set, frozenset)):
        return sorted(value) if isinstance(value, (set, frozenset)) else list(value)
    return [value]


def to_json(value: Any) -> Json:
    """The value as JSON gives it back, so that nothing changes on its way into the notebook."""
    if isinstance(value, date):
        return value.isoformat()
    try:
        again: Json = json.loads(json.dumps(value, allow_nan=False))
    except (TypeError, ValueError):
        raise ValueError(gettext("{value} can't be stored as JSON.", value=repr(value))) from None
    return again
