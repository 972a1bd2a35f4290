"""Tickets and campaigns: statuses, dates, references."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.sandbox.conftest import NOON, Client

TICKET = 20501
NEEDED = {"contact_phone": "+393330000001", "title": "Reso", "status": "Open"}
NOW = "2026-11-20T13:00:00Z"


def test_a_ticket_is_opened(start: Callable[..., Client]) -> None:
    client = start()
    answer = client.send("POST", "/tickets/", NEEDED)
    ticket = answer.json()
    assert answer.status_code == 201
    assert (ticket["title"], ticket["status"], ticket["priority"]) == ("Reso", "Open", "Medium")
    assert (ticket["contact"]["id"], ticket["owner"], ticket["closed_datetime"]) == (900002, None, None)
    assert ticket["created_datetime"] == ticket["updated_datetime"] == NOW
    assert ticket["reference"].startswith("RIF-2026-")
    assert client.rows("/tickets/")[0] == ticket == client.ask(f"/tickets/{ticket['id']}/").json()
    assert ticket.keys() == client.ask(f"/tickets/{TICKET}/").json().keys()
    named = client.done("POST", "/tickets/", {**NEEDED, "reference": "R1", "status": "In attesa fornitore"})
    assert (named["reference"], named["status"]) == ("R1", "In attesa fornitore")
    assert client.done("POST", "/tickets/", {**NEEDED, "status": "Closed"})["closed_datetime"] == NOW


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"contact_phone": "393330000001"}, "contact_phone"),
        ({"contact_phone": "3330000001"}, "contact_phone"),
        ({"contact_phone": "+393339999999"}, "contact_phone"),
        ({"status": "open"}, "status"),
        ({"status": "CLOSED"}, "status"),
        ({"status": "Nuovo"}, "status"),
        ({"priority": "high"}, "priority"),
        ({"priority": "Critical"}, "priority"),
        ({"title": ""}, "title"),
        ({"title": "x" * 257}, "title"),
        ({"description": "x" * 1025}, "description"),
        ({"reference": "x" * 257}, "reference"),
    ],
)
def test_wrong_values_are_refused(client: Client, values: dict[str, Any], field: str) -> None:
    count = client.ask("/tickets/").json()["count"]
    assert list(client.refused("POST", "/tickets/", {**NEEDED, **values})) == [field]
    assert list(client.refused("PATCH", f"/tickets/{TICKET}/", values)) == [field]
    assert client.ask("/tickets/").json()["count"] == count


def test_every_status_that_a_ticket_has_can_be_given_back(start: Callable[..., Client]) -> None:
    client = start()
    for ticket in client.rows("/tickets/"):
        again = client.done("PATCH", f"/tickets/{ticket['id']}/", {"status": ticket["status"]})
        assert again == {**ticket, "updated_datetime": NOW}


def test_a_ticket_is_closed_and_reopened(start: Callable[..., Client]) -> None:
    moments = [NOON]
    client = start(now=lambda: moments[0])
    path = f"/tickets/{client.done('POST', '/tickets/', NEEDED)['id']}/"

    def patch(status: str, later: int) -> tuple[str | None, str]:
        moments[0] = NOON + timedelta(hours=later)
        row = client.done("PATCH", path, {"status": status})
        return row["closed_datetime"], row["updated_datetime"]

    one, two, three = (f"2026-11-20T{hour}:00:00Z" for hour in (14, 15, 16))
    assert patch("Closed", 1) == (one, one)
    assert patch("Resolved", 2) == (one, two)
    assert patch("In Progress", 3) == (None, three)
    row = client.done("PATCH", path, {"contact_phone": "+393330000002"})
    assert (row["contact"]["id"], row["status"]) == (900003, "In Progress")


def test_a_campaign_is_planned_changed_and_deleted(start: Callable[..., Client]) -> None:
    client = start()
    sent = {"name": "Natale", "scheduled_datetime": "2026-12-20T10:00:00+01:00", "status": "Draft", "lists": [41001]}
    answer = client.send("POST", "/campaigns/", {**sent, "automation": 345001})
    campaign = answer.json()
    sizes = {row["id"]: row["contacts_count"] for row in client.rows("/lists/")}
    assert answer.status_code == 201
    assert campaign["scheduled_datetime"] == "2026-12-20T09:00:00Z"
    assert (campaign["automation"]["id"], campaign["contacts_count"]) == (345001, sizes[41001])
    assert campaign["messages_sent"] == campaign["automation_started"] == 0
    path = f"/campaigns/{campaign['id']}/"
    row = client.done("PATCH", path, {"lists": [41001, 41002], "automation": None})
    assert row == {
        **campaign,
        "automation": None,
        "lists": [next(each for each in client.rows("/lists/") if each["id"] == i) for i in (41001, 41002)],
        "contacts_count": sizes[41001] + sizes[41002],
    }
    client.done("DELETE", path)
    assert client.ask(path).status_code == 404


def test_a_started_campaign_keeps_its_target(start: Callable[..., Client]) -> None:
    client = start()
    values = {"name": "Ora", "scheduled_datetime": "2026-11-20", "status": "Scheduled", "lists": [41001]}
    path = f"/campaigns/{client.done('POST', '/campaigns/', values)['id']}/"
    assert client.done("POST", "/lists/41001/sync_contacts/", {"contacts": [{"phone": "+393337654321"}]})
    size = client.ask("/lists/41001/").json()["contacts_count"]
    assert client.done("PATCH", path, {"status": "Processing"})["contacts_count"] == size > 0
    client.done("POST", "/lists/41001/remove_all_contacts/", {})
    assert client.ask(path).json()["contacts_count"] == size
    assert client.done("PATCH", path, {"name": "Poi"})["contacts_count"] == size
    assert client.done("PATCH", path, {"status": "Draft"})["contacts_count"] == 0


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"status": "draft"}, "status"),
        ({"scheduled_datetime": "domani"}, "scheduled_datetime"),
        ({"lists": [1]}, "lists"),
        ({"lists": 41001}, "lists"),
        ({"automation": 1}, "automation"),
        ({"name": ""}, "name"),
    ],
)
def test_wrong_values_of_a_campaign_are_refused(client: Client, values: dict[str, Any], field: str) -> None:
    before = client.ask("/campaigns/601/").json()
    assert list(client.refused("PATCH", "/campaigns/601/", values)) == [field]
    assert client.ask("/campaigns/601/").json() == before
