"""Writes of contacts: partial updates, upserts by phone one by one and in bulk, operators, deletion."""

from __future__ import annotations

from spoki_analytics.sandbox.answers.bodies import read_array, read_body, require_phone
from spoki_analytics.sandbox.answers.call import Call
from spoki_analytics.sandbox.answers.contact_values import read_fields, upsert_all, upsert_one
from spoki_analytics.sandbox.answers.records import answers, find_record, show
from spoki_analytics.sandbox.answers.replies import RefusedError, Reply, encode, invalid, no_content
from spoki_analytics.sandbox.answers.views import show_short_contact


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


@answers("add_contact_operator", "remove_contact_operator")
def change_operators(call: Call) -> Reply:
    """Assign an operator to a contact, or take one away; doing it again changes nothing."""
    contact, role = find_record(call), _operator(call)
    others = [each for each in contact["operators"] if each != role]
    kept = [*others, role] if call.operation.slug == "add_contact_operator" else others
    return show(call, call.space.save_contact({**contact, "operators": kept}))


def _operator(call: Call) -> int:
    """Id of the role whose e-mail was sent."""
    email = read_body(call)["email"]
    for role in call.space.roles.records():
        if role["user"]["email"].casefold() == email.casefold():
            found: int = role["id"]
            return found
    raise invalid("email", f"There is no operator {email}.")
