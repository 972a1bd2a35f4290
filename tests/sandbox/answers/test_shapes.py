"""Answers have the keys of the published examples."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from spoki_analytics.sandbox import Sandbox
from tests.sandbox.conftest import Client

EXAMPLES = Path(__file__).parents[2] / "examples"

LISTINGS = {
    "accounts": "/accounts/",
    "agencies": "/agencies/",
    "automations": "/automations/",
    "campaigns": "/campaigns/",
    "channels.inferred": "/channel/",
    "contacts": "/contacts/",
    "custom_fields": "/custom-fields/",
    "invitations.inferred": "/invitations/",
    "lists": "/lists/",
    "media": "/media/",
    "partners.inferred": "/partners/",
    "reports.inferred": "/reports/",
    "roles": "/roles/",
    "tags": "/tags/",
    "templates": "/templates/",
    "tickets": "/tickets/",
    "webhooks.inferred": "/external-webhooks/",
}
RECORDS = {
    "account": "/accounts/4100/",
    "account_current_report": "/accounts/4100/current_report/",
    "automation": "/automations/345001/",
    "campaign": "/campaigns/602/",
    "custom_field": "/custom-fields/332001/",
    "list": "/lists/41001/",
    "media_item": "/media/66001/",
    "role": "/roles/7701/",
    "role_has_private_key": "/roles/7703/has_private_key/",
    "tag": "/tags/5101/",
    "template": "/templates/454501/",
    "ticket": "/tickets/20501/",
}
EXTRA = {"acquisition", "is_dynamic"}
"""Keys that the examples plant to test tolerance."""


def example(name: str) -> Any:
    return json.loads((EXAMPLES / f"{name}.json").read_text(encoding="utf-8"))


def shape(value: Any, path: str = "") -> dict[str, set[str]]:
    """Keys of every object in a body, by where it is; keys of custom values are data."""
    found: dict[str, set[str]] = {}
    if isinstance(value, list):
        for each in value:
            for place, keys in shape(each, path).items():
                found.setdefault(place, set()).update(keys)
    if isinstance(value, dict) and not path.endswith("contactfield_values"):
        found[path] = set(value) - EXTRA
        for key, each in value.items():
            found |= shape(each, f"{path}.{key}")
    return found


@pytest.mark.parametrize("name", LISTINGS)
def test_listings_have_the_keys_of_the_examples(client: Client, name: str) -> None:
    known, given = shape(example(name)), shape(client.ask(LISTINGS[name]).json())
    known[".results"] = known.get(".results", set()) - ({"category"} if name == "tickets" else set())
    for place in known.keys() & given.keys():
        assert given[place] == known[place], place


@pytest.mark.parametrize("name", RECORDS)
def test_records_have_the_keys_of_the_examples(client: Client, name: str) -> None:
    assert set(client.ask(RECORDS[name]).json()) == set(example(name))


def test_a_contact_has_the_keys_of_the_example(client: Client) -> None:
    listed = next(row for row in client.rows("/contacts/") if row["role_set"] and row["contactfield_set"])
    contact = client.ask(f"/contacts/{listed['id']}/").json()
    assert contact == listed
    assert shape(contact)[""] == shape(example("contact"))[""]


def test_detailed_rows_have_the_keys_of_the_example(standing: Sandbox, client: Client) -> None:
    """The main key sees several accounts, and only its rows say which."""
    known = set(example("reports_detailed.inferred")["results"][0])
    single = Client(standing, standing.api_keys[4101])
    assert {frozenset(row) for row in single.rows("/reports/detailed/")} == {frozenset(known)}
    assert {frozenset(row) for row in client.rows("/reports/detailed/")} == {frozenset(known | {"account"})}
    single.http.close()
