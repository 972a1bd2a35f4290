"""Every write of the catalogue over HTTP: it answers, what it needs is asked for, and it is written down."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from spoki_analytics.catalogue import Operation, catalogue, operation
from spoki_analytics.sandbox import Sandbox
from spoki_analytics.sandbox.world.inventory import FIRST_IDS
from tests.sandbox.conftest import NOON, Client

WRITES = [each for each in catalogue() if not each.is_read]
WORKING = [each for each in WRITES if not each.removed]
AT_THE_ROOT = ("bulk_sync_contacts", "create_accounts")
STORED_AS = {"partner_roles": "roles", "partner_invitations": "invitations"}
TARGETS = {"delete_custom_field": 332004, "delete_template": 454502}
"""Where the first record of the family cannot be written so."""
UUID = "00000000-0000-4000-8000-000000000001"
LOCALIZATION = {"language": "it", "body_template_component": {"text": "Ciao %%FIRST_NAME%%"}}
VALUES: dict[str, Any] = {
    "phone": "+393337654321",
    "contact_phone": "+393330000001",
    "email": "operatore1@example.com",
    "role": "Chat Operator",
    "name": "Prova <b>",
    "title": "Prova",
    "label": "Etichetta",
    "code": "CODICE_NUOVO",
    "field_type": 1,
    "external_url": "https://example.com/a.jpg",
    "category": "UTILITY",
    "templatelocalization_set": [LOCALIZATION],
    "status": "Open",
    "scheduled_datetime": "2026-12-01T09:00:00Z",
    "lists": [41001],
    "contacts": [{"phone": "+393337654321"}],
    "type": "Template",
    "platform": 1,
    "event": "message.outbound",
    "version": 2,
    "url": "https://example.com/hook",
    "expands": ["contact"],
    "secret": "EXAMPLE-NOT-A-SECRET-0",
    "private_key": "none",
    "account": 4101,
    "account_id": 4101,
    "destination_account": 4101,
    "amount": 1000,
    "credit_to_move": 1000,
    "conversations": 10,
    "clients": [{"account_name": "Nuovo"}],
}
ORDER = sorted(WORKING, key=lambda each: (each.method == "DELETE", each.slug))


def body(write: Operation) -> Any:
    """A body with what the operation requires."""
    values = {each.name: VALUES[each.name] for each in write.accepts("body") if each.required}
    if write.family == "campaigns" and "status" in values:
        values["status"] = "Draft"
    if write.slug == "set_profits":  # its account goes by either of two names, so that neither is required
        return {"destination_account": VALUES["destination_account"]}
    if write.slug == "remove_contacts_from_list":
        return {"ids": [900001]}
    return next(iter(values.values())) if write.slug in AT_THE_ROOT else values


def address(write: Operation) -> str:
    """A path of the operation that exists in the sandbox."""
    first = FIRST_IDS.get(STORED_AS.get(write.family, write.family), 1)
    return write.target(id=TARGETS.get(write.slug, first), uuid=UUID)


@pytest.fixture(scope="module")
def writer() -> Iterator[Client]:
    """One sandbox for all writes that stand on their own."""
    sandbox = Sandbox(now=NOON, window=1e-9).start()
    client = Client(sandbox)
    yield client
    client.http.close()
    sandbox.stop()


def send(client: Client, write: Operation, content: Any) -> requests.Response:
    return client.http.request(write.method, f"{client.sandbox.base_url}{address(write)}", json=content, timeout=10)


@pytest.mark.parametrize("write", WORKING, ids=lambda write: write.slug)
def test_every_write_of_the_catalogue_answers(start: Callable[..., Client], write: Operation) -> None:
    client = start()
    answer = send(client, write, body(write))
    if write.slug == "get_authentication_token":
        assert answer.status_code == 401
        return
    assert answer.status_code in (200, 201, 204), answer.text
    assert bool(answer.content) == (write.response != "empty")
    if write.response == "empty" and write.method == "DELETE":
        assert answer.status_code == 204
        assert send(client, write, None).status_code == 404
    (written,) = client.sandbox.writes(write.slug)[:1]
    assert (written.operation, written.done, written.sent) == (write.slug, True, body(write))


@pytest.mark.parametrize(
    ("write", "field"),
    [(each, needed.name) for each in WORKING for needed in each.accepts("body") if needed.required],
    ids=lambda value: value if isinstance(value, str) else value.slug,
)
def test_what_is_required_is_asked_for(writer: Client, write: Operation, field: str) -> None:
    content = body(write)
    if write.slug in AT_THE_ROOT:
        assert send(writer, write, {"contacts": content}).json() == {
            "non_field_errors": ['Expected a list of items but got type "dict".']
        }
        return
    answer = send(writer, write, {name: value for name, value in content.items() if name != field})
    assert (answer.status_code, answer.json()) == (400, {field: ["This field is required."]})
    assert send(writer, write, {**content, field: None}).json() == {field: ["This field may not be null."]}
    assert not any(each.done for each in writer.sandbox.writes(write.slug))


@pytest.mark.parametrize("write", [each for each in WORKING if each.accepts("body")], ids=lambda write: write.slug)
def test_values_have_the_documented_types(writer: Client, write: Operation) -> None:
    if write.slug in AT_THE_ROOT:
        return
    wrong = {each.name: ["x"] if "list[int]" in each.type else {"x": 1} for each in write.accepts("body")}
    wrong |= {each.name: 7 for each in write.accepts("body") if each.type == "object"}
    answer = send(writer, write, wrong)
    assert answer.status_code == 400
    assert answer.json().keys() == wrong.keys()
    assert send(writer, write, [1]).json() == {
        "non_field_errors": ["Invalid data. Expected a dictionary, but got list."]
    }


@pytest.mark.parametrize("write", [each for each in WORKING if "{id}" in each.path], ids=lambda write: write.slug)
def test_what_does_not_exist_cannot_be_written(writer: Client, write: Operation) -> None:
    path = write.target(id=123456789)
    answer = writer.http.request(write.method, writer.sandbox.base_url + path, json=body(write), timeout=10)
    assert (answer.status_code, answer.json()) == (404, {"detail": "Not found."})


def test_no_write_is_left_out() -> None:
    assert {each.slug for each in WRITES} - {each.slug for each in WORKING} == {"create_account_onboarding_link"}
    assert operation("clone_template") in WORKING


def test_a_body_that_is_no_json_is_refused(writer: Client) -> None:
    answer = writer.http.post(f"{writer.sandbox.base_url}/api/1/lists/", data="{", timeout=10)
    assert (answer.status_code, list(answer.json())) == (400, ["detail"])


def test_writes_are_limited_by_their_documented_rates(start: Callable[..., Client]) -> None:
    client = start(window=600)
    batch = [{"phone": "+393337654321"}]
    assert [client.send("POST", "/contacts/sync_all/", batch).status_code for _ in range(2)] == [200, 429]
    assert [each.done for each in client.sandbox.writes("bulk_sync_contacts")] == [True, False]
    assert client.send("POST", "/contacts/sync/", batch[0]).status_code == 200


def test_writes_are_told_from_reads_and_keep_their_bodies(start: Callable[..., Client]) -> None:
    client = start()
    client.ask("/lists/")
    client.send("POST", "/lists/", {"name": "Prova"})
    client.send("DELETE", "/lists/41001/")
    client.ask("/templates/454501/clone/")
    created, deleted, cloned = client.sandbox.writes()
    assert (created.operation, created.path, created.sent) == (
        "create_contact_list",
        "/api/1/lists/",
        {"name": "Prova"},
    )
    assert (deleted.sent, deleted.done, deleted.status) == (None, True, 204)
    assert cloned.operation == "clone_template"
    assert "Prova" not in repr(client.sandbox.requests)


def test_pages_of_a_world_that_has_changed_are_forgotten(start: Callable[..., Client]) -> None:
    client = start()
    for _ in range(5):
        client.rows("/contacts/")
        client.done("POST", "/lists/", {"name": "Prova"})
    client.rows("/contacts/")
    memory = client.sandbox._simulator.memory
    pages = len(memory._kept)
    client.rows("/contacts/")
    assert len(memory._kept) == pages == 5


def test_each_account_keeps_its_own(start: Callable[..., Client]) -> None:
    client = start()
    other = Client(client.sandbox, client.sandbox.api_keys[4101])
    before = other.rows("/lists/")
    client.done("POST", "/lists/", {"name": "Solo mia"})
    assert other.rows("/lists/") == before
    assert other.send("DELETE", "/lists/41001/").status_code == 404
    other.http.close()
