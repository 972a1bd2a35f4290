"""From what a request says of a contact to the record that is kept, for every operation that writes contacts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from spoki_analytics.catalogue import operation
from spoki_analytics.sandbox.answers.bodies import Complaints, Values, read_values, require_phone
from spoki_analytics.sandbox.answers.call import Call
from spoki_analytics.sandbox.answers.replies import RefusedError
from spoki_analytics.sandbox.world.collection import Record
from spoki_analytics.sandbox.world.moments import SHOWN, midnight, stamp

Fields = dict[int, tuple[str, str | None]]
"""Custom values by field: the text, and the moment where the field has one."""
DATE, MOMENT = 2, 3
"""Types of custom fields whose values must be dates or moments."""
WRITTEN = "%m/%d/%Y %H:%M"
"""How a moment is written, in the account's zone (contract, 4.12); ISO 8601 is taken, too."""


def upsert(call: Call, item: Any, *, into: int | None = None) -> tuple[Record, bool, Complaints]:
    """Create a contact, or update the one that has the number.

    Args:
        call: Whose account.
        item: A contact as sent.
        into: List that the contact joins, whose items may not carry a consent.

    Returns:
        The contact, whether it is new, and what is wrong with the item, in which case nothing happened.
    """
    values, complaints = read_values(operation("create_or_update_contact"), item)
    if into is not None:
        values.pop("status", None)
    complaints = complaints or require_phone(values)
    known = {} if complaints else next(iter(call.space.phones.find(values["phone"])), {})
    fields, wrong = read_fields(call, values.pop("custom_fields", {}), known.get("fields", {}))
    complaints |= wrong
    if complaints:
        return {}, False, complaints
    if known:
        values.pop("phone")
    contact = {**(known or _new_contact(call)), **values, "fields": fields}
    if into is not None and into not in contact["lists"]:
        contact["lists"] = [*contact["lists"], into]
    return call.space.save_contact(contact), not known, {}


def upsert_one(call: Call, item: Any) -> tuple[Record, bool]:
    """Create or update the contact of a request that is about one.

    Raises:
        RefusedError: The item is wrong (400, by field).
    """
    contact, is_new, complaints = upsert(call, item)
    if complaints:
        raise RefusedError(400, complaints)
    return contact, is_new


def upsert_all(call: Call, items: list[Any], into: int | None = None) -> tuple[int, int, list[Record]]:
    """Create or update many: how many were created and updated, and the items that were refused, with the reason."""
    created = updated = 0
    errors: list[Record] = []
    for index, item in enumerate(items):
        _, is_new, complaints = upsert(call, item, into=into)
        if complaints:
            phone = item.get("phone") if isinstance(item, Mapping) else None
            errors.append({"index": index, "phone": phone, "errors": complaints})
        created += is_new and not complaints
        updated += not is_new and not complaints
    return created, updated, errors


def read_fields(call: Call, given: Values, before: Fields) -> tuple[Fields, Complaints]:
    """Custom values after a change, by field, and what is wrong with the change; an empty text takes a value away."""
    known = {field["code"]: field for field in call.space.custom_fields.records()}
    after, wrong = dict(before), {}
    for code, text in given.items():
        try:
            field = known[code]
            after[field["id"]] = _value(field["field_type"], text, ZoneInfo(call.account.country.timezone))
            if text == "":
                del after[field["id"]]
        except KeyError:
            wrong[code] = ["There is no custom field with this code."]
        except (TypeError, ValueError):
            wrong[code] = ["Not a valid value for a field of this type."]
    return after, {"custom_fields": wrong} if wrong else {}


def _value(field_type: int, text: Any, zone: ZoneInfo) -> tuple[str, str | None]:
    """A value as it is kept: its text, and the moment that the value of a date or datetime field stands for."""
    if not isinstance(text, str):
        raise TypeError(text)
    if not text or field_type not in (DATE, MOMENT):
        return text, None
    if field_type == DATE:
        return text, stamp(midnight(date.fromisoformat(text)))
    try:
        moment = datetime.strptime(text, WRITTEN)  # noqa: DTZ007 - the account's zone is put in below
    except ValueError:
        moment = datetime.fromisoformat(text)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    return f"{moment.astimezone(zone):{SHOWN}}", stamp(moment.astimezone(UTC))


def _new_contact(call: Call) -> Record:
    return {
        "email": None,
        "first_name": "",
        "last_name": "",
        "language": call.account.country.language,
        "status": "Not Declared",
        "has_invalid_phone": False,
        "is_blocked": False,
        "is_restricted": False,
        "created_datetime": call.moment,
        "lists": [],
        "tags": [],
        "operators": [],
    }
