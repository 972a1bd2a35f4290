"""A world that is seen again later is the same world grown older."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from spoki_analytics.sandbox.world.collection import Collection, Record
from spoki_analytics.sandbox.world.inventory import FIRST_IDS
from spoki_analytics.sandbox.world.reports import detailed_rows, legacy_rows
from spoki_analytics.sandbox.world.workspace import Workspace
from spoki_analytics.sandbox.world.world import World
from tests.sandbox.conftest import NOON

SINCE = NOON.date() - timedelta(days=730)


class Ageing:
    """A world whose moment a test moves."""

    def __init__(self, since: datetime = NOON) -> None:
        self.moment = since
        self.world = World("small", 1, lambda: self.moment)

    def wait(self, **time: float) -> Workspace:
        """The records of the main account after some time."""
        self.moment += timedelta(**time)
        self.world.look()
        return self.space

    @property
    def space(self) -> Workspace:
        return self.world.workspace(self.world.main)


def everything(world: World, moment: datetime) -> dict[str, Any]:
    """All that a world shows at a moment, by account and kind."""
    start, end = moment.date() - timedelta(days=60), moment.date()
    shown: dict[str, Any] = {}
    for account in world.all_accounts():
        space = world.workspace(account)
        shown |= {f"{account.id} {family}": list(space.collection(family).records()) for family in FIRST_IDS}
        shown[f"{account.id} sizes of lists"] = +space.list_sizes
        shown[f"{account.id} account"] = account.row(moment)
        shown[f"{account.id} reports"] = list(legacy_rows(account, "Day", start, end, moment))
        shown[f"{account.id} details"] = list(detailed_rows(account, "Day", start, end, moment))
    return shown


@pytest.mark.parametrize("step", [timedelta(hours=7), timedelta(days=1), timedelta(days=45)])
def test_growing_step_by_step_leads_to_the_world_that_is_first_seen_later(step: timedelta) -> None:
    ageing = Ageing()
    everything(ageing.world, NOON)
    while ageing.moment < NOON + 2 * timedelta(days=45):
        space = ageing.wait(seconds=step.total_seconds())
        list(space.campaigns.records())
    later = World("small", 1, ageing.moment, since=SINCE)
    assert everything(ageing.world, ageing.moment) == everything(later, ageing.moment)


def test_tickets_close_and_campaigns_go_on() -> None:
    ageing = Ageing()
    ageing.wait(days=15)
    tickets, campaigns = (
        {each["id"]: each for each in ageing.space.collection(family).records()} for family in ("tickets", "campaigns")
    )
    space = ageing.wait(days=30)
    after = {each["id"]: each for each in space.tickets.records()}
    closed = [i for i in tickets if tickets[i]["closed_datetime"] is None and after[i]["closed_datetime"]]
    assert closed
    assert all(tickets[i]["created_datetime"] == after[i]["created_datetime"] for i in tickets)
    assert len(after) > len(tickets)
    sent = {each["id"]: each["counters"]["messages_sent"] for each in space.campaigns.records()}
    assert any(sent[i] > each["counters"]["messages_sent"] for i, each in campaigns.items())
    assert all(sent[i] >= each["counters"]["messages_sent"] for i, each in campaigns.items())
    assert len(sent) > len(campaigns)


@pytest.mark.parametrize("family", ["contacts", "tickets", "campaigns"])
def test_a_record_is_there_from_its_creation_on(family: str) -> None:
    ageing = Ageing()
    while ageing.moment < NOON + timedelta(days=40):
        before, known = ageing.moment, set(ageing.space.collection(family).ids())
        for record in ageing.wait(hours=5).collection(family).records():
            created = datetime.fromisoformat(record["created_datetime"])
            assert created <= ageing.moment
            assert (created > before) == (record["id"] not in known)


def test_hours_are_enough_for_a_campaign_under_way() -> None:
    ageing = Ageing()
    (running,) = [each for each in ageing.space.campaigns.records() if each["status"] == "Processing"]
    later = ageing.wait(hours=3).campaigns.get(running["id"])
    assert later is not None
    assert later["counters"]["messages_sent"] > running["counters"]["messages_sent"]


def test_what_clients_wrote_stays_and_new_records_come_behind_it() -> None:
    ageing = Ageing()
    space = ageing.space
    first, newest = space.contacts.ids()[-1], space.contacts.ids()[0]
    added = space.save_contact({**_without_id(space.contacts.get(first)), "phone": "+393339999999"})
    changed = space.campaigns.put({**(space.campaigns.get(601) or {}), "name": "Mine"})
    space.remove_contact(space.contacts.get(newest) or {})
    kept = dict(added)
    ageing.wait(days=30)
    assert space.contacts.get(added["id"]) == kept
    assert space.campaigns.get(601) == changed
    assert space.contacts.get(newest) is None
    come = [i for i in space.contacts.ids() if i > added["id"]]
    assert len(come) == 16
    assert space.phones.find("+393339999999") == [added]
    other = World("small", 1, ageing.moment, since=SINCE)
    untouched = other.workspace(other.main).contacts
    assert [_without_id(space.contacts.get(i)) for i in sorted(come)] == [
        _without_id(untouched.get(newest + 1 + k)) for k in range(16)
    ]


def test_new_contacts_are_found_by_their_number_and_counted_in_their_lists() -> None:
    ageing = Ageing()
    space = ageing.space
    space.phones.find("+390000000")
    before = set(space.contacts.ids())
    ageing.wait(days=30)
    come = [contact for contact in space.contacts.records() if contact["id"] not in before]
    assert come
    assert all(contact in space.phones.find(contact["phone"]) for contact in come)
    members = sum(len(contact["lists"]) for contact in space.contacts.records())
    assert space.list_sizes.total() == members


def test_a_world_is_not_seen_earlier_than_before() -> None:
    ageing = Ageing()
    before = list(ageing.space.campaigns.records())
    assert list(ageing.wait(days=-30).campaigns.records()) == before


def test_a_collection_gives_no_id_twice() -> None:
    made = Collection(2, 10, lambda i: {"index": i})
    ids = [made.add({})["id"], made.grow()["id"], made.add({})["id"], made.grow()["id"]]
    assert ids == [12, 13, 14, 15]
    made.remove(13)
    assert made.grow() == {"id": 16, "index": 4}
    assert [record.get("index") for record in made.records()] == [4, 3, None, None, 1, 0]


def _without_id(record: Record | None) -> Record:
    return {name: value for name, value in (record or {}).items() if name != "id"}
