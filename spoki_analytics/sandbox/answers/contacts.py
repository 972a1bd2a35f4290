"""Contacts: the two forms they are shown in, updates, upserts by phone one by one and in bulk, operators."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from spoki_analytics.sandbox.answers.bodies import read_array, read_body, require_phone
from spoki_analytics.sandbox.answers.call import Call
from spoki_analytics.sandbox.answers.contact_values import read_fields, upsert_all, upsert_one
from spoki_analytics.sandbox.answers.families import shows
from spoki_analytics.sandbox.answers.lists import show_list
from spoki_analytics.sandbox.answers.records import answers, find_record, present, show
from spoki_analytics.sandbox.answers.replies import RefusedError, Reply, encode, no_content
from spoki_analytics.sandbox.answers.roles import show_role
from spoki_analytics.sandbox.world.collection import Record, Row
from spoki_analytics.sandbox.world.workspace import Workspace

SHORT_CONTACT = ("id", "phone", "email", "first_name", "last_name", "language", "chat_link", "has_invalid_phone")
CHAT = "https://app.spoki.com/chats/c-{id}"


@shows("contacts", searched=("phone", "email", "first_name", "last_name", "language", "notes"))
def show_contact(space: Workspace, record: Record) -> Row:
    """A contact in the full form."""
    codes = {each["id"]: each["code"] for each in space.custom_fields.records()}
    return {
        **show_short_contact(record),
        "status": record["status"],
        "is_blocked": record["is_blocked"],
        "is_restricted": record["is_restricted"],
        "created_datetime": record["created_datetime"],
        **_show_fields(record, codes),
        "list_set": [show_list(space, each) for each in present(space.lists, record["lists"])],
        "tag_set": present(space.tags, record["tags"]),
        "role_set": [show_role(space, each) for each in present(space.roles, record["operators"])],
    }


def show_short_contact(record: Record) -> Row:
    """A contact in the short form."""
    return {**{key: record.get(key) for key in SHORT_CONTACT}, "chat_link": CHAT.format(id=record["id"])}


def _show_fields(contact: Record, codes: dict[int, str]) -> dict[str, Any]:
    """The custom values of a contact in the API's two forms; those of a field that was deleted are lost."""
    known = [(field, value) for field, value in contact["fields"].items() if field in codes]
    entries = [
        {
            "id": contact["id"] * 10 + index,
            "field": field,
            "visual_code": f"%%{codes[field]}%%",
            "value": text,
            "value_datetime": moment,
        }
        for index, (field, (text, moment)) in enumerate(known)
    ]
    return {"contactfield_set": entries, "contactfield_values": {codes[field]: value[0] for field, value in known}}


@answers("create_or_update_contact")
def create_or_update(call: Call) -> Reply:
    """One contact, by its number, in the short form."""
    contact, is_new = upsert_one(call, call.body)
    return Reply(201 if is_new else 200, encode(show_short_contact(contact)))


@answers("bulk_sync_contacts")
def sync_all(call: Call) -> Reply:
    """Many contacts, by their numbers; good ones are kept even when others are refused."""
    created, updated, errors = upsert_all(call, read_array(call))
    return Reply(body=encode({"created": created, "updated": updated, "errors": errors}))


@answers("update_contact")
def update(call: Call) -> Reply:
    """What was sent of one contact; a consent is not among what can be."""
    contact, values = find_record(call), read_body(call)
    fields, complaints = read_fields(call, values.pop("custom_fields", {}), contact["fields"])
    if values.get("phone", contact["phone"]) != contact["phone"]:
        complaints |= require_phone(values)
        values["has_invalid_phone"] = False
    if complaints:
        raise RefusedError(400, complaints)
    return show(call, call.space.save_contact({**contact, **values, "fields": fields}))


@answers("delete_contact")
def delete(call: Call) -> Reply:
    """A contact, for good."""
    call.space.remove_contact(find_record(call))
    return no_content()


@answers("add_contact_operator")
def add_operator(call: Call) -> Reply:
    """Assign an operator to a contact; doing it again changes nothing."""
    return _change_operators(call, lambda others, role: [*others, role])


@answers("remove_contact_operator")
def remove_operator(call: Call) -> Reply:
    """Take an operator from a contact; doing it again changes nothing."""
    return _change_operators(call, lambda others, role: others)


def _change_operators(call: Call, keep: Callable[[list[int], int], list[int]]) -> Reply:
    """The contact with the operators that are kept, of the others and the one that was named."""
    contact, role = find_record(call), _operator(call)
    others = [each for each in contact["operators"] if each != role]
    return show(call, call.space.save_contact({**contact, "operators": keep(others, role)}))


def _operator(call: Call) -> int:
    """Id of the role whose e-mail was sent."""
    email = read_body(call)["email"]
    for role in call.space.roles.records():
        if role["user"]["email"].casefold() == email.casefold():
            role_id: int = role["id"]
            return role_id
    raise RefusedError(400, {"detail": "No operator found with this email", "code": "spoki::3004"})
