"""Records as the API shows them: references become nested objects, internal keys stay inside."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from spoki_analytics.sandbox.world.collection import Collection, Record
from spoki_analytics.sandbox.world.contacts import show_fields
from spoki_analytics.sandbox.world.workspace import Workspace

Row = dict[str, Any]
View = Callable[[Workspace, Record], Row]

SHORT_CONTACT = ("id", "phone", "email", "first_name", "last_name", "language", "chat_link", "has_invalid_phone")
CHANNEL = ("name", "identifier", "platform", "status", "phone_status", "quality_score", "is_primary")
CHAT = "https://app.spoki.com/chats/c-{id}"
TRIGGER = "https://api.spoki.com/wh/ap/{uuid}/"
AWAITED = ("Draft", "Scheduled")


def show_list(space: Workspace, record: Record) -> Row:
    """A list with its size."""
    return {
        "id": record["id"],
        "name": record["name"],
        "color": record["color"],
        "contacts_count": space.list_sizes[record["id"]],
        "created_datetime": record["created_datetime"],
    }


def show_role(space: Workspace, record: Record) -> Row:
    """An operator."""
    return {"id": record["id"], "role": record["role"], "user": record["user"]}


def show_contact(space: Workspace, record: Record) -> Row:
    """A contact in the full form."""
    codes = {each["id"]: each["code"] for each in space.custom_fields.records()}
    return {
        **show_short_contact(record),
        "status": record["status"],
        "is_blocked": record["is_blocked"],
        "is_restricted": record["is_restricted"],
        "created_datetime": record["created_datetime"],
        **show_fields(record, codes),
        "list_set": [show_list(space, each) for each in _present(space.lists, record["lists"])],
        "tag_set": _present(space.tags, record["tags"]),
        "role_set": [show_role(space, each) for each in _present(space.roles, record["operators"])],
    }


def show_short_contact(record: Record) -> Row:
    """A contact in the short form."""
    return {**{key: record.get(key) for key in SHORT_CONTACT}, "chat_link": CHAT.format(id=record["id"])}


def show_ticket(space: Workspace, record: Record) -> Row:
    """A ticket with its contact in the short form and its owner."""
    contact = space.contacts.get(record["contact"])
    owner = space.roles.get(record["owner"]) if record["owner"] else None
    person = contact and {
        **show_short_contact(contact),
        "role_set": [show_role(space, each) for each in _present(space.roles, contact["operators"])],
    }
    return {**record, "contact": person, "owner": owner and owner["user"]}


def show_campaign(space: Workspace, record: Record) -> Row:
    """A campaign with its lists; before it starts it counts the contacts that its lists have today."""
    automation = space.automations.get(record["automation"]) if record["automation"] else None
    lists = [show_list(space, each) for each in _present(space.lists, record["lists"])]
    target = record["target"]
    if record["status"] in AWAITED:
        target = sum(each["contacts_count"] for each in lists) + len(record["other_contacts"])
    row = {key: record[key] for key in ("id", "name", "status", "scheduled_datetime", "created_datetime")}
    row["automation"] = automation and {"id": automation["id"], "name": automation["name"]}
    row |= {"lists": lists, "other_contacts": record["other_contacts"], "contacts_count": target}
    row |= record["counters"]
    return row if record["template"] is None else {**row, "template": record["template"]}


def show_automation(space: Workspace, record: Record) -> Row:
    """An automation with its webhook, secret included, as the API does."""
    user = space.roles.get(space.first_id("roles") + record["updated_by"])
    hook = record["webhook"]
    return {
        "id": record["id"],
        "name": record["name"],
        "is_active": record["is_active"],
        "is_favorite": record["is_favorite"],
        "first_message_text": record["first_message_text"],
        "created_datetime": record["created_datetime"],
        "updated_datetime": record["updated_datetime"],
        "automation_groups": record["groups"],
        "updated_user": user and user["user"],
        "webhook_set": [{**hook, "link": TRIGGER.format(**hook)}] if hook else [],
    }


def show_channel(space: Workspace, record: Record) -> Row:
    """A channel on its own."""
    return {"id": record["id"], **show_own_channel(record), "phone": record["identifier"]}


def show_own_channel(record: Record) -> Row:
    """A channel as its account shows it."""
    return {key: record[key] for key in CHANNEL}


def show_template(space: Workspace, record: Record) -> Row:
    """A template."""
    return {key: value for key, value in record.items() if key != "channels"}


def show_webhook(space: Workspace, record: Record) -> Row:
    """An outgoing webhook without its secret, which only its creation shows."""
    return {key: record[key] for key in ("id", "event", "version", "url", "is_active")}


def show_plainly(space: Workspace, record: Record) -> Row:
    """A record that is already what the API shows."""
    return record


VIEWS: dict[str, View] = {
    "lists": show_list,
    "roles": show_role,
    "contacts": show_contact,
    "tickets": show_ticket,
    "campaigns": show_campaign,
    "automations": show_automation,
    "channels": show_channel,
    "templates": show_template,
    "webhooks": show_webhook,
}
"""How each family is shown; those that are missing are shown plainly."""


def view(family: str) -> View:
    """How a family is shown."""
    return VIEWS.get(family, show_plainly)


def _present(collection: Collection, ids: list[int]) -> list[Record]:
    """The records that still exist."""
    return [record for record in map(collection.get, ids) if record is not None]
