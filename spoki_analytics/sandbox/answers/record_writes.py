"""Writes that change some values of a record, or delete it, without a rule of their own."""

from __future__ import annotations

from spoki_analytics.sandbox.answers.bodies import read_body
from spoki_analytics.sandbox.answers.call import Call
from spoki_analytics.sandbox.answers.records import answers, create, family, find_record, save
from spoki_analytics.sandbox.answers.replies import Reply, no_content

UNKNOWN_FILE = {"format_type": "document", "content_type": "application/octet-stream"}


@answers(
    "update_media",
    "update_channel",
    "update_webhook",
    "update_role",
    "update_partner_role",
    "update_invitation_role",
    "update_partner_invitation_role",
)
def update(call: Call) -> Reply:
    """The documented values that were sent; the others stay."""
    return save(call, find_record(call), read_body(call))


@answers(
    "delete_ticket",
    "delete_media_file",
    "delete_campaign",
    "delete_invitation",
    "delete_partner_invitation",
    "delete_webhook",
)
def delete(call: Call) -> Reply:
    """A record, for good."""
    call.space.collection(family(call.operation)).remove(find_record(call)["id"])
    return no_content()


@answers("create_media_file")
def create_media(call: Call) -> Reply:
    """Register the address of a file; nothing is uploaded."""
    values = {**UNKNOWN_FILE, **read_body(call)}
    return create(call, {"media": values["external_url"], "external_id": None, "is_deleted": False, **values})
