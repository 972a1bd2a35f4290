"""Writes of campaigns: drafts, schedules, lists and automations; a status that starts one fixes whom it aims at."""

from __future__ import annotations

from spoki_analytics.sandbox.answers.bodies import Values, read_body, require_known
from spoki_analytics.sandbox.answers.call import Call
from spoki_analytics.sandbox.answers.records import answers, create, find_record, save
from spoki_analytics.sandbox.answers.replies import Reply
from spoki_analytics.sandbox.answers.views import AWAITED, show_campaign
from spoki_analytics.sandbox.world.collection import Record
from spoki_analytics.sandbox.world.workspace import NOTHING_SENT


@answers("create_campaign")
def create_campaign(call: Call) -> Reply:
    """A campaign; the sandbox never sends it."""
    campaign = {
        "automation": None,
        "template": None,
        **_known(call, read_body(call)),
        "created_datetime": call.moment,
        "other_contacts": [],
        "target": 0,
        "counters": NOTHING_SENT,
    }
    return create(call, {**campaign, "target": _aim(call, campaign)})


@answers("update_campaign")
def update_campaign(call: Call) -> Reply:
    """What was sent of a campaign."""
    campaign = {**find_record(call), **_known(call, read_body(call))}
    return save(call, campaign, {"target": _aim(call, campaign)})


def _known(call: Call, values: Values) -> Values:
    """The values, whose references must lead somewhere."""
    require_known("lists", values.get("lists", ()), call.space.lists.get)
    for name, family in (("automation", "automations"), ("template", "templates")):
        if values.get(name) is not None:
            require_known(name, [values[name]], call.space.collection(family).get)
    return values


def _aim(call: Call, campaign: Record) -> int:
    """How many contacts it aims at: until it starts, those that its lists have."""
    before = call.space.campaigns.get(campaign["id"]) if "id" in campaign else None
    if before and before["status"] not in AWAITED:
        count: int = before["target"]
        return count
    row = show_campaign(call.space, {"id": 0, **campaign, "status": AWAITED[0]})
    total: int = row["contacts_count"]
    return total
