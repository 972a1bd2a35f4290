"""Pages and filters of the sandbox."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from spoki_analytics.sandbox import Sandbox
from tests.sandbox.conftest import Client


def test_pages_are_linked_absolutely_and_hold_every_row_once(client: Client, standing: Sandbox) -> None:
    first = client.ask("/contacts/", language="it", page_size=50).json()
    assert first["previous"] is None
    assert first["next"].startswith(f"{standing.base_url}/api/1/contacts/?")
    assert {"language=it", "page_size=50", "page=2"} == set(first["next"].partition("?")[2].split("&"))
    second = client.http.get(first["next"], timeout=10).json()
    assert second["previous"].endswith("page=1")
    rows = client.rows("/contacts/", language="it", page_size=50)
    assert len(rows) == len({row["id"] for row in rows}) == first["count"]
    assert first["count"] < 400


@pytest.mark.parametrize(
    ("path", "query", "expected"),
    [
        ("/contacts/", {}, 100),
        ("/contacts/", {"page_size": 7}, 7),
        ("/contacts/", {"page_size": 1000}, 200),
        ("/contacts/", {"page_size": "x"}, 100),
        ("/contacts/", {"page_size": 0}, 100),
        ("/tickets/", {"per_page": 9}, 9),
        ("/contacts/", {"page": 4}, 100),
    ],
)
def test_page_sizes(client: Client, path: str, query: dict[str, Any], expected: int) -> None:
    assert len(client.ask(path, **query).json()["results"]) == expected


def test_channels_have_page_sizes_of_their_own(start: Callable[..., Client]) -> None:
    client = start()
    channels = client.sandbox.world.workspace(client.sandbox.world.main).channels
    for _ in range(40):
        channels.add({**next(channels.records())})
    assert len(client.ask("/channel/").json()["results"]) == 15
    assert len(client.ask("/channel/", page_size=100).json()["results"]) == 30


@pytest.mark.parametrize("page", ["0", "5", "-1", "x", "1.5"])
def test_pages_that_do_not_exist(client: Client, page: str) -> None:
    answer = client.ask("/contacts/", page=page)
    assert answer.status_code == 404
    assert answer.json() == {"detail": "Invalid page."}


def test_an_empty_listing_is_an_empty_page(client: Client) -> None:
    expected = {"count": 0, "next": None, "previous": None, "results": []}
    assert client.ask("/contacts/", search="nobody has this name").json() == expected


def test_newest_first(client: Client) -> None:
    ids = [row["id"] for row in client.rows("/contacts/")]
    assert ids == sorted(ids, reverse=True)


FILTERS: list[tuple[str, str, str, Callable[[dict[str, Any]], bool]]] = [
    ("/contacts/", "status", "Unsubscribed", lambda row: row["status"] == "Unsubscribed"),
    ("/contacts/", "language", "el", lambda row: row["language"] == "el"),
    ("/contacts/", "first_name", "Anna", lambda row: row["first_name"] == "Anna"),
    ("/contacts/", "is_blocked", "true", lambda row: row["is_blocked"]),
    ("/contacts/", "is_blocked", "0", lambda row: not row["is_blocked"]),
    ("/contacts/", "tag", "5102", lambda row: any(tag["id"] == 5102 for tag in row["tag_set"])),
    ("/contacts/", "search", "rossi", lambda row: "rossi" in row["last_name"].lower()),
    ("/contacts/", "search", "<SCRIPT>", lambda row: "<script>" in row["first_name"]),
    ("/tickets/", "status", "Closed", lambda row: row["status"] == "Closed"),
    ("/lists/", "search", "clienti", lambda row: "clienti" in row["name"].lower()),
    ("/roles/", "search", "FERRARI", lambda row: row["user"]["surname"] == "Ferrari"),
    ("/templates/", "search", "saldi", lambda row: "saldi" in str(row).lower()),
    ("/automations/", "is_active", "false", lambda row: not row["is_active"]),
    ("/automations/", "search", "000000000001/", lambda row: row["id"] == 345001),
    ("/external-webhooks/", "event", "contact.updated", lambda row: row["event"] == "contact.updated"),
    ("/external-webhooks/", "is_active", "true", lambda row: row["is_active"]),
    ("/campaigns/", "scheduled_datetime_gte", "2026-06-01", lambda row: row["scheduled_datetime"] >= "2026-06-01"),
    ("/campaigns/", "scheduled_datetime_lte", "2026-06-01", lambda row: row["scheduled_datetime"] < "2026-06-02"),
    ("/channel/", "waba", "waba-4100", lambda row: True),
    ("/invitations/", "search", "operatore1", lambda row: "operatore1" in row["email"]),
]


@pytest.mark.parametrize(("path", "name", "value", "fits"), FILTERS, ids=lambda part: str(part)[:25])
def test_documented_filters(
    client: Client, path: str, name: str, value: str, fits: Callable[[dict[str, Any]], bool]
) -> None:
    chosen = client.rows(path, **{name: value})
    assert chosen
    assert chosen == [row for row in client.rows(path) if fits(row)]


def test_campaigns_of_one_day(client: Client) -> None:
    campaign = next(row for row in client.rows("/campaigns/") if row["status"] == "Completed")
    day = campaign["scheduled_datetime"][:10]
    chosen = client.rows("/campaigns/", scheduled_datetime_gte=day, scheduled_datetime_lte=day)
    assert campaign in chosen
    assert {row["scheduled_datetime"][:10] for row in chosen} == {day}


def test_phones_are_found_as_they_are_stored_and_in_no_other_form(client: Client) -> None:
    stored = next(row["phone"] for row in client.rows("/contacts/") if row["phone"].startswith("+39333"))
    bare = next(row["phone"] for row in client.rows("/contacts/") if row["phone"].startswith("39333"))
    for phone in (stored, bare):
        digits = phone.lstrip("+")
        for asked in (digits, f"+{digits}"):
            assert [row["phone"] for row in client.rows("/contacts/", phone=asked)] == [phone] * (asked == phone)


def test_automations_are_found_by_platform_and_templates_by_channel(client: Client) -> None:
    assert [row["id"] for row in client.rows("/automations/", webhook_platform="Shopify")] == [345002]
    assert client.rows("/automations/", webhook_platform="Zendesk") == []
    everywhere = {row["id"] for row in client.rows("/templates/")}
    assert {row["id"] for row in client.rows("/templates/", channel_id=17)} == everywhere
    assert {row["id"] for row in client.rows("/templates/", channel_id=18)} < everywhere


def test_custom_fields_by_label_and_code(client: Client) -> None:
    assert [row["code"] for row in client.ask("/custom-fields/", label="data").json()] == ["DATA_NASCITA"]
    assert [row["code"] for row in client.ask("/custom-fields/", code="targa").json()] == ["_TARGA_"]


def test_tickets_are_sorted_as_asked(client: Client) -> None:
    titles = [row["title"] for row in client.rows("/tickets/", sort_by="title", order="desc")]
    assert titles == sorted(titles, reverse=True)
    assert titles != sorted(titles)


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/contacts/", {"tag": "x"}),
        ("/contacts/", {"status": "subscribed"}),
        ("/contacts/", {"is_blocked": "maybe"}),
        ("/campaigns/", {"scheduled_datetime_gte": "yesterday"}),
        ("/reports/", {"granularity": "Week"}),
        ("/reports/detailed/", {"start_date": "2026-13-01"}),
        ("/tickets/", {"order": "up"}),
        ("/partners/get_account_report/", {"account_id": "4100", "granularity": "2", "endDate": "2026-01-01"}),
    ],
)
def test_wrong_values_are_refused_by_field(client: Client, path: str, query: dict[str, str]) -> None:
    answer = client.ask(path, **query)
    assert answer.status_code == 400
    ((field, messages),) = answer.json().items()
    assert field in {*query, "startDate"}
    assert all(isinstance(message, str) for message in messages)


def test_unknown_parameters_are_ignored(client: Client) -> None:
    assert client.ask("/contacts/", list=41001).json()["count"] == 400
