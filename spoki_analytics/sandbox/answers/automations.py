"""Automations and their triggers; the client has no method that writes them, so they are answered plausibly."""

from __future__ import annotations

import secrets
from uuid import uuid4

from spoki_analytics.sandbox.answers.bodies import read_body, read_contacts
from spoki_analytics.sandbox.answers.call import Call
from spoki_analytics.sandbox.answers.contact_values import upsert_all, upsert_one
from spoki_analytics.sandbox.answers.families import shows
from spoki_analytics.sandbox.answers.records import answers, create, find_record
from spoki_analytics.sandbox.answers.replies import RefusedError, Reply, encode, not_found
from spoki_analytics.sandbox.world.collection import Record, Row
from spoki_analytics.sandbox.world.workspace import Workspace

TRIGGER = "https://api.spoki.com/wh/ap/{uuid}/"


@shows("automations", searched=("name", "webhook_set"))
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


@answers("list_custom_fields_of_automation")
def list_custom_fields_of_automation(call: Call) -> Reply:
    """The custom fields that an automation uses."""
    automation = find_record(call)
    used = [each for each in call.space.custom_fields.records() if each["code"] in automation["fields"]]
    return Reply(body=encode({"custom_fields": used}))


@answers("create_automation")
def create_automation(call: Call) -> Reply:
    """An automation without steps, with a webhook when one is sent."""
    values = read_body(call)
    webhook = {"uuid": str(uuid4()), "secret": secrets.token_hex(16), "is_active": True}
    return create(
        call,
        {
            "name": values["name"],
            "is_active": values.get("is_active", False),
            "is_favorite": values.get("is_favorite", False),
            "first_message_text": None,
            "created_datetime": call.moment,
            "updated_datetime": call.moment,
            "groups": [],
            "updated_by": 0,
            "webhook": webhook if values.get("webhook_set") else None,
            "webhook_platform": "Api",
            "fields": [],
            "sends": None,
        },
    )


@answers("start_automation")
def start_automation(call: Call) -> Reply:
    """Trigger an automation of the main account for one contact, who is created or updated."""
    _require_secret(call)
    upsert_one(call, call.body)
    return Reply()


@answers("start_automation_in_bulk")
def start_automations(call: Call) -> Reply:
    """Trigger an automation of the main account for many contacts."""
    _require_secret(call)
    _, _, errors = upsert_all(call, read_contacts(call))
    return Reply(body=encode({"errors": errors}))


def _require_secret(call: Call) -> None:
    hooks = {each["webhook"]["uuid"]: each["webhook"] for each in call.space.automations.records() if each["webhook"]}
    if call.path["uuid"] not in hooks:
        raise not_found()
    if read_body(call)["secret"] != hooks[call.path["uuid"]]["secret"]:
        raise RefusedError(401, {"detail": "Invalid secret."})
