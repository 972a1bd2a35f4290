"""Tickets: the account's own statuses as they are spelled, numbers with a plus, closing and reopening."""

from __future__ import annotations

import re

from spoki_analytics.sandbox.answers.bodies import Values, read_body, require_phone
from spoki_analytics.sandbox.answers.call import Call
from spoki_analytics.sandbox.answers.contacts import show_short_contact
from spoki_analytics.sandbox.answers.families import shows
from spoki_analytics.sandbox.answers.records import answers, create, delete, find_record, present, save
from spoki_analytics.sandbox.answers.replies import RefusedError, Reply, invalid
from spoki_analytics.sandbox.answers.roles import show_role
from spoki_analytics.sandbox.world.collection import Record, Row
from spoki_analytics.sandbox.world.inventory import TICKET_STATUSES
from spoki_analytics.sandbox.world.workspace import Workspace

WITH_PLUS = re.compile(r"\+[1-9][0-9]{7,14}")
USUAL_PRIORITY = "Medium"


@shows("tickets")
def show_ticket(space: Workspace, record: Record) -> Row:
    """A ticket with its contact in the short form and its owner."""
    contact = space.contacts.get(record["contact"])
    owner = space.roles.get(record["owner"]) if record["owner"] else None
    person = contact and {
        **show_short_contact(contact),
        "role_set": [show_role(space, each) for each in present(space.roles, contact["operators"])],
    }
    return {**record, "contact": person, "owner": owner and owner["user"]}


@answers("create_ticket")
def create_ticket(call: Call) -> Reply:
    """A ticket of the contact that has the number, nobody's yet; the reference is filled when it is left empty."""
    values = _with_contact(call, read_body(call))
    number = len(call.space.tickets) + 1
    ticket: Values = {
        "description": None,
        "priority": USUAL_PRIORITY,
        **values,
        "reference": values.get("reference") or f"RIF-{call.now.year}-{number:05d}",
        "created_datetime": call.moment,
        "closed_datetime": None,
        "owner": None,
    }
    return create(call, {**ticket, **_dates(call, ticket)})


@answers("update_ticket")
def update_ticket(call: Call) -> Reply:
    """What was sent of a ticket."""
    ticket, values = find_record(call), _with_contact(call, read_body(call))
    return save(call, ticket, {**values, **_dates(call, {**ticket, **values})})


def _with_contact(call: Call, values: Values) -> Values:
    """The contact in place of its number.

    Raises:
        RefusedError: The number has no plus, or no contact has it (400).
    """
    if "contact_phone" not in values:
        return values
    complaints = require_phone(values, "contact_phone", WITH_PLUS)
    if complaints:
        raise RefusedError(400, complaints)
    contacts = call.space.phones.find(values.pop("contact_phone"))
    if not contacts:
        raise invalid("contact_phone", "There is no contact with this number.")
    return {**values, "contact": contacts[0]["id"]}


def _dates(call: Call, ticket: Values) -> Values:
    """When it was touched, and closed: a ticket that stays closed keeps its date, a reopened one loses it."""
    closed = (ticket["closed_datetime"] or call.moment) if TICKET_STATUSES[ticket["status"]] else None
    return {"updated_datetime": call.moment, "closed_datetime": closed}


answers("delete_ticket")(delete)
