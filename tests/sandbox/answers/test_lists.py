"""Contact lists: who is in them, and that their sizes are always true."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from tests.sandbox.conftest import Client

LIST = 41001
NEW = "+393337654321"


def members(client: Client, list_id: int = LIST) -> dict[int, dict[str, Any]]:
    rows = client.rows("/contacts/")
    return {row["id"]: row for row in rows if list_id in [each["id"] for each in row["list_set"]]}


def require_true_sizes(client: Client) -> None:
    """Every list, wherever it is shown, is as long as contacts say."""
    contacts = client.rows("/contacts/")
    counted = Counter(each["id"] for row in contacts for each in row["list_set"])
    told = {row["id"]: row["contacts_count"] for row in client.rows("/lists/")}
    assert told == {i: counted[i] for i in told}
    assert all(each["contacts_count"] == told[each["id"]] for row in contacts for each in row["list_set"])


def test_a_list_is_made_and_deleted(start: Callable[..., Client]) -> None:
    client = start()
    made = client.send("POST", "/lists/", {"name": "VIP"})
    assert made.status_code == 201
    expected = {"name": "VIP", "color": None, "contacts_count": 0, "created_datetime": "2026-11-20T13:00:00Z"}
    assert made.json() == {"id": made.json()["id"], **expected}
    assert client.rows("/lists/")[0] == made.json()
    assert client.done("POST", "/lists/", {"name": "VIP"})["id"] != made.json()["id"]
    assert client.refused("POST", "/lists/", {"name": " "}) == {"name": ["This field may not be blank."]}
    assert members(client)
    count = client.ask("/contacts/").json()["count"]
    client.done("DELETE", f"/lists/{LIST}/")
    assert not members(client)
    assert client.ask("/contacts/").json()["count"] == count
    require_true_sizes(client)


def test_syncing_updates_creates_and_adds(start: Callable[..., Client]) -> None:
    client = start()
    before = members(client)
    outsider = next(row for row in client.rows("/contacts/") if row["id"] not in before and len(row["phone"]) > 11)
    insider = next(row for row in before.values() if len(row["phone"]) > 11)
    items = [
        {"phone": outsider["phone"], "first_name": "Eva", "status": "Unsubscribed"},
        {"phone": insider["phone"]},
        {"phone": NEW, "custom_fields": {"CITTA": "Pavia"}},
        {"phone": "x"},
    ]
    answer = client.done("POST", f"/lists/{LIST}/sync_contacts/", {"contacts": items})
    assert list(answer) == ["errors"]
    assert [(each["index"], each["phone"]) for each in answer["errors"]] == [(3, "x")]
    after = members(client)
    (added,) = set(after) - set(before) - {outsider["id"]}
    assert after[added]["contactfield_values"] == {"CITTA": "Pavia"}
    assert (after[outsider["id"]]["first_name"], after[outsider["id"]]["status"]) == ("Eva", outsider["status"])
    assert after[insider["id"]]["list_set"] == [
        {**each, "contacts_count": each["contacts_count"] + 2 * (each["id"] == LIST)} for each in insider["list_set"]
    ]
    require_true_sizes(client)


def test_syncing_takes_an_object_with_at_most_500(start: Callable[..., Client]) -> None:
    client = start()
    path = f"/lists/{LIST}/sync_contacts/"
    items = [{"phone": f"+39347{i:07d}"} for i in range(501)]
    assert "more than 500" in client.refused("POST", path, {"contacts": items})["contacts"][0]
    assert "non_field_errors" in client.refused("POST", path, items[:1])
    before = len(members(client))
    client.done("POST", path, {"contacts": items[:500]})
    assert len(members(client)) == before + 500
    require_true_sizes(client)


@pytest.mark.parametrize("by", ["ids", "phones", "emails"])
def test_contacts_are_taken_out(start: Callable[..., Client], by: str) -> None:
    client = start()
    before = members(client)
    row = next(each for each in before.values() if each["email"] and each["phone"].startswith("+"))
    said = {
        "ids": [row["id"], 1, row["id"]],
        "phones": [row["phone"].removeprefix("+"), "+390000"],
        "emails": [row["email"].upper(), ""],
    }[by]
    for count in (1, 0):
        assert client.done("POST", f"/lists/{LIST}/remove_contacts/", {by: said}) == {"removed": count}
    assert set(members(client)) == set(before) - {row["id"]}
    assert client.ask(f"/contacts/{row['id']}/").status_code == 200
    require_true_sizes(client)


def test_taking_out_nobody_is_refused(start: Callable[..., Client]) -> None:
    client = start()
    for body in ({}, {"ids": []}, {"contacts": [900001]}):
        assert "detail" in client.refused("POST", f"/lists/{LIST}/remove_contacts/", body)
    require_true_sizes(client)


def test_a_list_is_emptied(start: Callable[..., Client]) -> None:
    client = start()
    count = len(members(client))
    for removed in (count, 0):
        assert client.done("POST", f"/lists/{LIST}/remove_all_contacts/", {}) == {"removed": removed}
    assert not members(client)
    require_true_sizes(client)
