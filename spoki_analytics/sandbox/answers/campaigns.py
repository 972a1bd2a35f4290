"""Campaigns: drafts, schedules, lists and automations; a status that starts one fixes whom it aims at."""

from __future__ import annotations

from spoki_analytics.sandbox.answers.bodies import Values, read_body, require_known
from spoki_analytics.sandbox.answers.call import Call
from spoki_analytics.sandbox.answers.families import shows
from spoki_analytics.sandbox.answers.lists import show_list
from spoki_analytics.sandbox.answers.records import answers, create, delete, find_record, present, save
from spoki_analytics.sandbox.answers.replies import Reply
from spoki_analytics.sandbox.world.collection import Record, Row
from spoki_analytics.sandbox.world.workspace import NOTHING_SENT, Workspace

AWAITED = ("Draft", "Scheduled")
"""Statuses of campaigns that have not started."""


@shows("campaigns")
def show_campaign(space: Workspace, record: Record) -> Row:
    """A campaign with its lists; before it starts it counts the contacts that its lists have today."""
    automation = space.automations.get(record["automation"]) if record["automation"] else None
    lists = [show_list(space, each) for each in present(space.lists, record["lists"])]
    target = record["target"]
    if record["status"] in AWAITED:
        target = sum(each["contacts_count"] for each in lists) + len(record["other_contacts"])
    row = {key: record[key] for key in ("id", "name", "status", "scheduled_datetime", "created_datetime")}
    row["automation"] = automation and {"id": automation["id"], "name": automation["name"]}
    row |= {"lists": lists, "other_contacts": record["other_contacts"], "contacts_count": target}
    row |= record["counters"]
    return row if record["template"] is None else {**row, "template": record["template"]}


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


answers("delete_campaign")(delete)
