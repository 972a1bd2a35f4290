"""When two values of the API mean the same, and where each written value is found in the row that Spoki gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from spoki_analytics.corrections.change import Values
from spoki_analytics.frames.phones import Region, e164

UNTOLD = object()
"""A value that Spoki's row does not hold, as against one that is empty."""
ApiRow = Mapping[str, Any]


def project(family: str, row: ApiRow, names: Values) -> dict[str, Any]:
    """The values of a row under the names by which they are written; those that the row does not hold are left out.

    Args:
        family: Family of the row.
        row: As Spoki gives it.
        names: The written values; of custom fields only these codes are looked up.
    """
    found = {}
    for name, written in names.items():
        look = _PLACES.get((family, name))
        value = look(row, written) if look else row.get(name, UNTOLD)
        if value is not UNTOLD:
            found[name] = value
    return found


def same_values(left: Values | None, right: Values | None, region: Region) -> bool:
    """Whether two sets of values mean the same; a record that is there never equals one that is not."""
    if left is None or right is None:
        return left is right
    return left.keys() == right.keys() and all(same(name, left[name], right[name], region) for name in left)


def same(name: str, left: Any, right: Any, region: Region) -> bool:
    """Whether two values mean the same: +39… and 39…, A@x and a@x, null and empty, one moment in two zones."""
    if left in (None, "") and right in (None, ""):
        return True
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        return all(same(key, left.get(key), right.get(key), region) for key in {*left, *right})
    if isinstance(left, list) and isinstance(right, list):
        return sorted(map(str, left)) == sorted(map(str, right)) if _is_set(name) else left == right
    if isinstance(left, str) and isinstance(right, str):
        return left == right or _spelling(name, left, region) == _spelling(name, right, region)
    return bool(left == right)


def _is_set(name: str) -> bool:
    return name in ("lists", "operators", "template_groups", "expands")


def _spelling(name: str, text: str, region: Region) -> Any:
    """What a text stands for, so that two spellings of it compare equal."""
    if name in ("phone", "contact_phone"):
        return e164(pa.array([text]), region)[0].as_py() or text
    if name == "email":
        return text.casefold()
    try:
        moment = datetime.fromisoformat(text) if len(text) > len("2026-01-01") else None
    except ValueError:
        return text
    return moment.astimezone(UTC) if moment is not None and moment.utcoffset() is not None else text


def custom_values(row: ApiRow) -> dict[str, Any] | None:
    """The custom values of a contact by code; None when the row does not tell them."""
    if isinstance(entries := row.get("contactfield_set"), list):
        good = [entry for entry in entries if isinstance(entry, Mapping) and "visual_code" in entry]
        return {str(entry["visual_code"]).strip("%"): entry.get("value") for entry in good}
    values = row.get("contactfield_values")
    return dict(values) if isinstance(values, Mapping) else None


def operators(row: ApiRow) -> list[str] | None:
    """The e-mails of a contact's operators; None when the row does not tell them."""
    if not isinstance(row.get("role_set"), list):
        return None
    users = [role["user"] if isinstance(role.get("user"), Mapping) else role for role in row["role_set"]]
    return sorted(str(user["email"]) for user in users if user.get("email"))


def list_ids(row: ApiRow, name: str = "list_set") -> list[int] | None:
    """The ids of the lists that a row belongs to; None when it does not tell them."""
    if not isinstance(row.get(name), list):
        return None
    return [each["id"] if isinstance(each, Mapping) else each for each in row[name]]


def _custom_fields(row: ApiRow, written: Any) -> Any:
    values = custom_values(row)
    return UNTOLD if values is None else {code: values.get(code) for code in written}


def _inner(outer: str, name: str) -> Callable[[ApiRow, Any], Any]:
    def look(row: ApiRow, written: Any) -> Any:
        if outer not in row:
            return UNTOLD
        inner = row[outer]
        return inner.get(name) if isinstance(inner, Mapping) else inner

    return look


def _target_lists(row: ApiRow, written: Any) -> Any:
    ids = list_ids(row, "lists")
    return UNTOLD if ids is None else ids


def _service_name(row: ApiRow, written: Any) -> Any:
    user = row.get("user")
    return user.get("firstname", UNTOLD) if isinstance(user, Mapping) else UNTOLD


def _user_email(row: ApiRow, written: Any) -> Any:
    user = row.get("user")
    return user.get("email", UNTOLD) if isinstance(user, Mapping) else UNTOLD


def _operators(row: ApiRow, written: Any) -> Any:
    found = operators(row)
    return UNTOLD if found is None else found


_PLACES: dict[tuple[str, str], Callable[[ApiRow, Any], Any]] = {
    ("contacts", "custom_fields"): _custom_fields,
    ("contacts", "operators"): _operators,
    ("campaigns", "automation"): _inner("automation", "id"),
    ("campaigns", "template"): _inner("template", "id"),
    ("campaigns", "lists"): _target_lists,
    ("tickets", "contact_phone"): _inner("contact", "phone"),
    ("roles", "name"): _service_name,
    ("roles", "email"): _user_email,
    ("webhooks", "expands"): lambda row, written: row.get("expands", row.get("items", UNTOLD)),
}
"""Where a written value is found when it is not under its own name."""
