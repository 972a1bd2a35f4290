"""Custom fields: unique labels and codes, no reserved ones, and none that an automation needs is deleted."""

from __future__ import annotations

import re

from spoki_analytics.sandbox.answers.bodies import read_body
from spoki_analytics.sandbox.answers.call import Call
from spoki_analytics.sandbox.answers.families import show_plainly, shows
from spoki_analytics.sandbox.answers.records import answers, create, find_record, save
from spoki_analytics.sandbox.answers.replies import Reply, forbidden_now, invalid, no_content

RESERVED = ("FIRST_NAME", "LAST_NAME", "EMAIL", "PHONE", "ACCOUNT_NAME", "LANGUAGE")
"""Codes of the contact's own values (dart-sdk)."""
CODE = re.compile(r"[A-Z_][A-Z0-9_]*")


shows("custom_fields", searched=("label", "code"), is_bare=True)(show_plainly)


@answers("create_custom_field")
def create_field(call: Call) -> Reply:
    """A field."""
    values = {"example": None, **read_body(call)}
    if not CODE.fullmatch(values["code"]):
        raise invalid("code", "Use upper case letters, digits and underscores.")
    if values["code"] in RESERVED:
        raise invalid("code", f"{values['code']} is reserved.")
    _require_unique(call, "code", values["code"])
    _require_unique(call, "label", values["label"])
    return create(call, values)


@answers("update_custom_field")
def update_field(call: Call) -> Reply:
    """A field's label, the only thing that can change."""
    field, label = find_record(call), read_body(call)["label"]
    if label != field["label"]:
        _require_unique(call, "label", label)
    return save(call, field, {"label": label})


@answers("delete_custom_field")
def delete_field(call: Call) -> Reply:
    """A field that no automation uses, and with it the values that contacts have in it."""
    field = find_record(call)
    users = [each["id"] for each in call.space.automations.records() if field["code"] in each["fields"]]
    if users:
        raise forbidden_now(f"The custom field is used in automations: {', '.join(map(str, users))}.")
    call.space.custom_fields.remove(field["id"])
    return no_content()


def _require_unique(call: Call, name: str, value: str) -> None:
    if any(field[name] == value for field in call.space.custom_fields.records()):
        raise invalid(name, f"custom field with this {name} already exists.")
