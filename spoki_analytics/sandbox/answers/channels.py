"""Channels, through which an account writes and is written to."""

from __future__ import annotations

from spoki_analytics.sandbox.answers.bodies import Values, read_body
from spoki_analytics.sandbox.answers.call import Call
from spoki_analytics.sandbox.answers.families import PageSize, shows
from spoki_analytics.sandbox.answers.records import answers, find_record, show, update
from spoki_analytics.sandbox.answers.replies import RefusedError, Reply, encode, not_found
from spoki_analytics.sandbox.world.collection import Record, Row
from spoki_analytics.sandbox.world.workspace import Workspace

WHATSAPP = 1
PLATFORMS = {WHATSAPP: "WhatsApp", 6: "Custom"}
"""The two platforms that a source writes; the name of the second has none."""
CHANNEL = ("name", "identifier", "platform", "status", "phone_status", "quality_score", "is_primary")
"""What is shown of a channel wherever it is shown."""


@shows("channels", page_size=PageSize(15, 30))
def show_channel(space: Workspace, record: Record) -> Row:
    """A channel on its own."""
    return {"id": record["id"], **show_own_channel(record), "phone": record["identifier"]}


def show_own_channel(record: Record) -> Row:
    """A channel as its account shows it."""
    return {key: record[key] for key in CHANNEL}


@answers("retrieve_channel_by_phone")
def retrieve_channel_by_phone(call: Call) -> Reply:
    """The channel that has a number or another identifier."""
    identifier = call.path["identifier"].lstrip("+")
    for channel in call.space.channels.records():
        if channel["identifier"] == identifier:
            return Reply(body=encode(show_channel(call.space, channel)))
    raise not_found()


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


answers("update_channel")(update)
