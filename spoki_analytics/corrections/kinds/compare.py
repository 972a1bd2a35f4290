"""When two values of the API mean the same, what is different from what is there, and what puts it back."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from spoki_analytics.corrections.change import Values
from spoki_analytics.corrections.subjects import NOT_SHOWN, ApiRow, Subject, Value
from spoki_analytics.frames.phones import Region, held, identity
from spoki_analytics.wording.messages import gettext


def project(subject: Subject, row: ApiRow, names: Values) -> dict[str, Any]:
    """The values of a row under the names by which they are written; those that the row does not hold are left out.

    Args:
        subject: What the row is about.
        row: As Spoki gives it.
        names: The written values; of custom fields only these codes are looked up.
    """
    values = {}
    for name, written in names.items():
        look = subject.value(name).look
        value = look(row, written) if look else row.get(name, NOT_SHOWN)
        if value is not NOT_SHOWN:
            values[name] = value
    return values


def same_values(subject: Subject, left: Values | None, right: Values | None, region: Region) -> bool:
    """Whether two sets of values mean the same; a record that is there never equals one that is not."""
    if left is None or right is None:
        return left is right
    return left.keys() == right.keys() and all(same(subject, name, left[name], right[name], region) for name in left)


def same(subject: Subject, name: str, left: Any, right: Any, region: Region) -> bool:
    """Whether two values mean the same: +39… and 39…, A@x and a@x, null and empty, one moment in two zones."""
    if left in (None, "") and right in (None, ""):
        return True
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        return all(same(subject, key, left.get(key), right.get(key), region) for key in {*left, *right})
    value = subject.value(name)
    if isinstance(left, list) and isinstance(right, list):
        return sorted(map(str, left)) == sorted(map(str, right)) if value.is_set else left == right
    if isinstance(left, str) and isinstance(right, str):
        return left == right or _meaning(value, left, region) == _meaning(value, right, region)
    return bool(left == right)


def _meaning(value: Value, text: str, region: Region) -> Any:
    """What a text stands for, so that two spellings of it compare equal."""
    if value.is_phone:
        number = held(text, region)
        return identity(number) if number else text
    if value.is_state:
        return re.sub(r"[\s_-]+", " ", text).strip().casefold()
    if value.ignores_case:
        return text.casefold()
    try:
        moment = datetime.fromisoformat(text) if len(text) > len("2026-01-01") else None
    except ValueError:
        return text
    return moment.astimezone(UTC) if moment is not None and moment.utcoffset() is not None else text


def differing(subject: Subject, current: Values, asked: Values, region: Region) -> dict[str, Any]:
    """The values asked for that are not there yet; of custom fields, the codes that are not."""
    different: dict[str, Any] = {}
    for name, value in asked.items():
        if name not in current:
            different[name] = value
        elif isinstance(value, Mapping) and isinstance(current[name], Mapping):
            if inner := differing(subject, current[name], value, region):
                different[name] = inner
        elif not same(subject, name, current[name], value, region):
            different[name] = value
    return different


def restoring(before: Values, not_texts: Collection[str] = ()) -> dict[str, Any]:
    """Values that put back what was there; Spoki clears a text with an empty one, others with none."""
    return {
        name: restoring(value)
        if isinstance(value, Mapping)
        else ""
        if value is None and name not in not_texts
        else value
        for name, value in before.items()
    }


def hidden(before: Values, after: Values) -> str:
    """Why an undoing is not whole: names of the changed values that Spoki does not show; empty when it shows all."""
    names = [name for name in after if name not in before]
    if not names:
        return ""
    return gettext("Spoki does not show {names} as it is, so that cannot be put back.", names=", ".join(names))
