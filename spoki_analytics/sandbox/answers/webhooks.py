"""Outgoing webhooks; the secret of one is shown once, and nothing leaves the sandbox."""

from __future__ import annotations

import secrets

from spoki_analytics.sandbox.answers.bodies import Values, read_body
from spoki_analytics.sandbox.answers.call import Call
from spoki_analytics.sandbox.answers.families import shows
from spoki_analytics.sandbox.answers.records import answers, delete, find_record, save, update
from spoki_analytics.sandbox.answers.replies import Reply, encode
from spoki_analytics.sandbox.world.collection import Record, Row
from spoki_analytics.sandbox.world.workspace import Workspace


@shows("webhooks")
def show_webhook(space: Workspace, record: Record) -> Row:
    """An outgoing webhook without its secret, which only its creation shows."""
    return {key: record[key] for key in ("id", "event", "version", "url", "is_active")}


@answers("list_webhook_expands")
def list_webhook_expands(call: Call) -> Reply:
    """What a webhook sends in full."""
    return Reply(body=encode({"expands": find_record(call)["expands"]}))


@answers("create_webhook")
def create_webhook(call: Call) -> Reply:
    """A webhook with its secret, which is shown this once."""
    return _with_secret(call, {"is_active": True, **read_body(call), "expands": []})


@answers("rotate_webhook_secret")
def rotate_secret(call: Call) -> Reply:
    """Another secret; the old one stops working."""
    return _with_secret(call, find_record(call))


def _with_secret(call: Call, webhook: Values) -> Reply:
    status = 200 if "id" in webhook else 201
    keep = call.space.webhooks.put if "id" in webhook else call.space.webhooks.add
    kept = keep({**webhook, "secret": f"sbx_secret_{secrets.token_hex(16)}"})
    return Reply(status, encode({**show_webhook(call.space, kept), "secret": kept["secret"]}))


@answers("set_webhook_expands")
def set_expands(call: Call) -> Reply:
    """What the webhook sends in full."""
    webhook, values = find_record(call), read_body(call)
    save(call, webhook, values)
    return Reply(body=encode(values))


@answers("test_webhook")
def test_webhook(call: Call) -> Reply:
    """Says that a test event went out; nothing leaves the sandbox."""
    find_record(call)
    return Reply(body=encode({"status": "sent"}))


answers("update_webhook")(update)
answers("delete_webhook")(delete)
