"""Writes of channels and outgoing webhooks."""

from __future__ import annotations

import secrets

from spoki_analytics.sandbox.answers.bodies import Values, read_body
from spoki_analytics.sandbox.answers.call import Call
from spoki_analytics.sandbox.answers.records import answers, find_record, save, show
from spoki_analytics.sandbox.answers.replies import RefusedError, Reply, encode
from spoki_analytics.sandbox.answers.views import show_webhook

WHATSAPP = 1
PLATFORMS = {WHATSAPP: "WhatsApp", 6: "Custom"}
"""The two platforms that a source writes; the name of the second has none."""


@answers("create_channel")
def create_channel(call: Call) -> Reply:
    """A channel; one on WhatsApp begins with the onboarding page, and no source shows what else is answered."""
    values = read_body(call)
    missing = [name for name in ("name", "identifier") if values["platform"] != WHATSAPP and not values.get(name)]
    if missing:
        raise RefusedError(400, {name: ["This field is required."] for name in missing})
    channel = call.space.channels.add(_new_channel(call, values))
    if values.get("is_primary"):
        _make_primary(call, channel["id"])
    if values["platform"] != WHATSAPP:
        return show(call, call.space.channels.get(channel["id"]) or channel, status=201)
    link = f"https://example.invalid/onboarding/{channel['id']}"
    return Reply(201, encode({"id": channel["id"], "redirect_url": link}))


def _new_channel(call: Call, values: Values) -> Values:
    platform = PLATFORMS[values["platform"]]
    started = values["platform"] == WHATSAPP
    return {
        "name": values.get("name") or platform,
        "identifier": values.get("identifier", ""),
        "platform": platform,
        "status": "Onboarding Started" if started else "Active",
        "phone_status": "",
        "quality_score": None,
        "is_primary": False,
        "whatsapp_business_account": f"waba-{call.account.id}",
    }


@answers("set_primary_channel")
def set_primary(call: Call) -> Reply:
    """Make a channel the primary one of its platform."""
    _make_primary(call, find_record(call)["id"])
    return show(call, find_record(call))


def _make_primary(call: Call, channel_id: int) -> None:
    channels = list(call.space.channels.records())
    platform = next(each["platform"] for each in channels if each["id"] == channel_id)
    for channel in channels:
        if channel["platform"] == platform:
            call.space.channels.put({**channel, "is_primary": channel["id"] == channel_id})
    if platform == PLATFORMS[WHATSAPP]:
        call.account.make_primary(channel_id)


@answers("refresh_channel_status")
def refresh_status(call: Call) -> Reply:
    """Ask WhatsApp again; it says the same."""
    return show(call, find_record(call))


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
