"""Contacts can be changed as the contract says, and not otherwise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from spoki_analytics.sandbox.world.names import HOSTILE
from tests.sandbox.conftest import Client

LUCA = 900002
PHONE = "+393330000001"
NEW = "+393337654321"


def contact(client: Client, contact_id: int = LUCA) -> dict[str, Any]:
    row: dict[str, Any] = client.ask(f"/contacts/{contact_id}/").json()
    return row


def test_only_what_is_sent_changes(start: Callable[..., Client]) -> None:
    client = start()
    before = contact(client)
    answer = client.done("PATCH", f"/contacts/{LUCA}/", {"email": "luca@example.com", "is_blocked": True})
    assert answer == {**before, "email": "luca@example.com", "is_blocked": True} == contact(client)
    assert contact(client) in client.rows("/contacts/")
    back = client.done("PATCH", f"/contacts/{LUCA}/", {"email": before["email"], "is_blocked": before["is_blocked"]})
    assert back == before


@pytest.mark.parametrize("text", [*HOSTILE, "a\x00b\r\n\tc\x1b[31m", "  rand  ", "\u200f\u202eabc", "😀" * 50])
def test_any_text_survives(start: Callable[..., Client], text: str) -> None:
    client = start()
    client.done("PATCH", f"/contacts/{LUCA}/", {"first_name": text, "custom_fields": {"CITTA": text}})
    row = contact(client)
    assert (row["first_name"], row["contactfield_values"]["CITTA"]) == (text, text)


def test_a_consent_cannot_be_patched_but_synced(start: Callable[..., Client]) -> None:
    client = start()
    before = contact(client)["status"]
    wanted = next(each for each in ("Subscribed", "Unsubscribed") if each != before)
    assert client.done("PATCH", f"/contacts/{LUCA}/", {"status": wanted})["status"] == before
    client.done("POST", "/contacts/sync/", {"phone": PHONE, "status": wanted})
    assert contact(client)["status"] == wanted


def test_custom_values_are_added_changed_and_taken_away(start: Callable[..., Client]) -> None:
    client = start()
    before = contact(client)["contactfield_values"]
    sent = {"CITTA": "Pavia", "DATA_NASCITA": "1980-02-29", "ULTIMO_ORDINE": "2026-01-02 10:30"}
    row = client.done("PATCH", f"/contacts/{LUCA}/", {"custom_fields": sent})
    assert row["contactfield_values"] == {**before, **sent}
    moments = {each["visual_code"]: each["value_datetime"] for each in row["contactfield_set"]}
    assert moments["%%CITTA%%"] is None
    assert moments["%%DATA_NASCITA%%"] == "1980-02-29T00:00:00Z"
    assert moments["%%ULTIMO_ORDINE%%"] == "2026-01-02T09:30:00Z"
    for written in ("07/17/2026 15:00", "2026-07-17T13:00:00Z"):  # the account's time, as Spoki wants it, and any ISO
        row = client.done("PATCH", f"/contacts/{LUCA}/", {"custom_fields": {"ULTIMO_ORDINE": written}})
        assert row["contactfield_values"]["ULTIMO_ORDINE"] == "2026-07-17 15:00"
    left = client.done("PATCH", f"/contacts/{LUCA}/", {"custom_fields": {"CITTA": "", "DATA_NASCITA": ""}})
    assert left["contactfield_values"].keys() & {"CITTA", "DATA_NASCITA"} == set()


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        ({"email": "luca@"}, {"email": ["Enter a valid email address."]}),
        ({"phone": "333 123"}, {"phone": ["Enter a valid phone number."]}),
        ({"phone": ""}, {"phone": ["This field may not be blank."]}),
        ({"first_name": None}, {"first_name": ["This field may not be null."]}),
        ({"first_name": 3}, {"first_name": ["Not a valid string."]}),
        ({"is_blocked": "yes"}, {"is_blocked": ["Must be a valid boolean."]}),
        ({"custom_fields": {"X": "1"}}, {"custom_fields": {"X": ["There is no custom field with this code."]}}),
        (
            {"custom_fields": {"DATA_NASCITA": "29/02/1980"}},
            {"custom_fields": {"DATA_NASCITA": ["Not a valid value for a field of this type."]}},
        ),
        (
            {"custom_fields": {"CITTA": 3}},
            {"custom_fields": {"CITTA": ["Not a valid value for a field of this type."]}},
        ),
    ],
)
def test_wrong_values_are_refused_and_change_nothing(
    start: Callable[..., Client], values: dict[str, Any], complaint: dict[str, Any]
) -> None:
    client = start()
    before = contact(client)
    assert client.refused("PATCH", f"/contacts/{LUCA}/", {"last_name": "Nuovo", **values}) == complaint
    assert contact(client) == before


def test_a_bad_number_may_stay_but_not_come(start: Callable[..., Client]) -> None:
    client = start()
    bad = next(row for row in client.rows("/contacts/") if row["has_invalid_phone"])
    path = f"/contacts/{bad['id']}/"
    assert client.done("PATCH", path, {"phone": bad["phone"], "first_name": "Ada"})["has_invalid_phone"]
    mended = client.done("PATCH", path, {"phone": NEW})
    assert (mended["phone"], mended["has_invalid_phone"]) == (NEW, False)
    assert [row["id"] for row in client.rows("/contacts/", phone=NEW)] == [bad["id"]]
    assert bad["id"] not in {row["id"] for row in client.rows("/contacts/", phone=bad["phone"])}


def test_an_upsert_goes_by_the_digits_of_the_number(start: Callable[..., Client]) -> None:
    client = start()
    count = client.ask("/contacts/").json()["count"]
    for phone in (PHONE, PHONE.removeprefix("+")):
        answer = client.send("POST", "/contacts/sync/", {"phone": phone, "last_name": phone})
        assert (answer.status_code, answer.json()["id"]) == (200, LUCA)
        assert (contact(client)["phone"], contact(client)["last_name"]) == (PHONE, phone)
    created = client.send("POST", "/contacts/sync/", {"phone": NEW, "first_name": "Ada"})
    assert created.status_code == 201
    again = client.send("POST", "/contacts/sync/", {"phone": NEW.removeprefix("+"), "last_name": "Re"})
    assert (again.status_code, again.json()["id"]) == (200, created.json()["id"])
    assert client.ask("/contacts/").json()["count"] == count + 1


def test_a_sync_answers_the_short_form_and_a_patch_the_full_one(start: Callable[..., Client]) -> None:
    client = start()
    short = client.done("POST", "/contacts/sync/", {"phone": NEW, "email": "ada@example.com", "status": "Subscribed"})
    keys = {"id", "phone", "email", "first_name", "last_name", "language", "chat_link", "has_invalid_phone"}
    assert short.keys() == keys
    full = client.done("PATCH", f"/contacts/{short['id']}/", {})
    assert full.keys() == contact(client, LUCA).keys() > keys
    assert (full["status"], full["language"], full["list_set"]) == ("Subscribed", "it", [])
    assert full["created_datetime"] == "2026-11-20T13:00:00Z"
    assert client.rows("/contacts/")[0] == full


def test_a_consent_that_does_not_exist_is_refused(start: Callable[..., Client]) -> None:
    client = start()
    complaint = client.refused("POST", "/contacts/sync/", {"phone": NEW, "status": "subscribed"})
    assert complaint == {"status": ['"subscribed" is not a valid choice.']}


def test_a_bulk_sync_keeps_what_is_good_and_tells_what_is_not(start: Callable[..., Client]) -> None:
    client = start()
    count = client.ask("/contacts/").json()["count"]
    items = [
        {"phone": PHONE, "first_name": "Luca"},
        {"phone": NEW},
        {"phone": "12"},
        {"first_name": "Nessuno"},
        {"phone": NEW, "first_name": "Ada"},
        "+393330000009",
    ]
    answer = client.done("POST", "/contacts/sync_all/", items)
    assert (answer["created"], answer["updated"]) == (1, 2)
    assert [(each["index"], each["phone"], list(each["errors"])) for each in answer["errors"]] == [
        (2, "12", ["phone"]),
        (3, None, ["phone"]),
        (5, None, ["non_field_errors"]),
    ]
    assert contact(client)["first_name"] == "Luca"
    assert client.rows("/contacts/", phone=NEW)[0]["first_name"] == "Ada"
    assert client.ask("/contacts/").json()["count"] == count + 1


def test_a_bulk_sync_takes_an_array_of_at_most_500(start: Callable[..., Client]) -> None:
    client = start()
    items = [{"phone": f"+39347{i:07d}"} for i in range(501)]
    assert "more than 500" in client.refused("POST", "/contacts/sync_all/", items)["non_field_errors"][0]
    assert client.done("POST", "/contacts/sync_all/", items[:500])["created"] == 500
    assert "dict" in client.refused("POST", "/contacts/sync_all/", {"contacts": items[:1]})["non_field_errors"][0]


def test_a_deleted_contact_is_gone(start: Callable[..., Client]) -> None:
    client = start()
    lists = {row["id"]: row["contacts_count"] for row in client.rows("/lists/")}
    memberships = {each["id"] for each in contact(client)["list_set"]}
    assert client.send("DELETE", f"/contacts/{LUCA}/").status_code == 204
    for method in ("GET", "DELETE", "PATCH"):
        assert client.send(method, f"/contacts/{LUCA}/").status_code == 404
    assert client.rows("/contacts/", phone=PHONE) == []
    assert LUCA not in {row["id"] for row in client.rows("/contacts/")}
    after = {row["id"]: row["contacts_count"] for row in client.rows("/lists/")}
    assert {i for i in lists if after[i] == lists[i] - 1} == memberships
    assert client.done("POST", "/contacts/sync/", {"phone": PHONE})["id"] != LUCA


def test_operators_come_and_go(start: Callable[..., Client]) -> None:
    client = start()
    path = f"/contacts/{LUCA}"

    def emails() -> list[str]:
        return [role["user"]["email"] for role in contact(client)["role_set"]]

    before = emails()
    for _ in range(2):
        client.done("POST", f"{path}/add_operator/", {"email": "OPERATORE1@example.com"})
        assert emails() == [*before, "operatore1@example.com"]
    for _ in range(2):
        client.done("POST", f"{path}/remove_operator/", {"email": "operatore1@example.com"})
        assert emails() == before
    for action in ("add_operator", "remove_operator"):
        refused = client.refused("POST", f"{path}/{action}/", {"email": "nuovo.operatore0@example.com"})
        assert refused == {"detail": "No operator found with this email", "code": "spoki::3004"}
