"""Writes that the client has no method for: automations and their triggers, messages, and calls of partners.

They are answered plausibly, so that every row of the catalogue can be called; only contacts, automations and tokens of
the account change by them. No money moves.
"""

from __future__ import annotations

import secrets
from typing import Any
from uuid import uuid4

from spoki_analytics.sandbox.answers.bodies import read_array, read_body, read_contacts
from spoki_analytics.sandbox.answers.call import Call
from spoki_analytics.sandbox.answers.contact_values import upsert_all, upsert_one
from spoki_analytics.sandbox.answers.records import answers, create, find_account
from spoki_analytics.sandbox.answers.replies import RefusedError, Reply, encode, not_found

FORWARDED = ("destination_account", "account_id", "account")
"""Keys under which partner calls name an account."""


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


@answers("send_message")
def send_message(call: Call) -> Reply:
    """A message that goes nowhere."""
    read_body(call)
    return Reply(body=encode({"id": secrets.randbelow(10**6), "uuid": str(uuid4()), "status": "Pending"}))


@answers("create_accounts")
def create_accounts(call: Call) -> Reply:
    """As many ids as were asked for, of accounts that are not there."""
    return Reply(201, encode([{"id": 10**6 + place} for place in range(len(read_array(call)))]))


@answers("start_partner_onboarding", "create_api_key_for_account", "revoke_api_key_for_account")
def change_access(call: Call) -> Reply:
    """A page or a key for an account that the partner sees; the key opens nothing."""
    account = _named_account(call)
    told: dict[str, dict[str, Any]] = {
        "start_partner_onboarding": {"redirect_url": f"https://example.invalid/onboarding/{account}"},
        "create_api_key_for_account": {"api_key": f"sbx_partner_{secrets.token_hex(16)}"},
    }
    return Reply(body=encode(told.get(call.operation.slug, {})))


@answers("create_subrecharge", "move_credit_from_account", "set_profits")
def move_money(call: Call) -> Reply:
    """Says that it was done."""
    return Reply(body=encode({"account": _named_account(call), "status": "ok"}))


def _named_account(call: Call) -> int:
    values = read_body(call)
    return find_account(call, next(values[name] for name in FORWARDED if name in values)).id
