"""Each listing answers with each of its documented parameters, on a sandbox that was asked nothing before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from spoki_analytics.catalogue import Operation, Parameter, catalogue, operation
from spoki_analytics.sandbox import Sandbox
from spoki_analytics.sandbox.answers.call import Memory
from tests.sandbox.conftest import Client

SAMPLES = {"str": "a", "int": "1", "bool": "true", "date": "2026-11-01", "datetime": "2026-11-01T00:00:00Z"}
NAMED = {"account_id": "4100", "granularity": "Day", "country_code": "IT", "phone": "+393330000001"}
CASES = [
    pytest.param(row, parameter, id=f"{row.slug}-{parameter.name}")
    for row in catalogue()
    if row.method == "GET" and row.is_listing and not row.removed and "{" not in row.path
    for parameter in row.accepts("query")
]


def sample(parameter: Parameter) -> str:
    """A value that the parameter takes."""
    named = NAMED.get(parameter.name)
    if parameter.choices:
        return named if named in parameter.choices else parameter.choices[0]
    return named or SAMPLES[parameter.type]


def ask(client: Client, row: Operation, parameter: Parameter) -> Any:
    required = {other.name: sample(other) for other in row.accepts("query") if other.required}
    return client.ask(row.path, **{**required, parameter.name: sample(parameter)})


@pytest.mark.parametrize(("row", "parameter"), CASES)
def test_each_listing_takes_each_of_its_parameters(
    standing: Sandbox, client: Client, row: Operation, parameter: Parameter
) -> None:
    standing._simulator.memory = Memory()  # what another question has left there must not help
    answer = ask(client, row, parameter)
    assert answer.status_code == 200, answer.text
    assert answer.json() is not None


@pytest.mark.parametrize("slug", ["list_contacts", "create_or_update_contact"])
def test_an_observed_rate_is_kept_to_like_a_documented_one(start: Callable[..., Client], slug: str) -> None:
    row = operation(slug)
    client = start(window=60.0)
    statuses = []
    for _ in range(121):
        statuses.append(client.send(row.method, row.path, {"phone": "+393330000001"} if row.method == "POST" else None))
        if statuses[-1].status_code == 429:
            break
    assert [answer.status_code for answer in statuses[:-1]] == [statuses[0].status_code] * 120
    assert statuses[-1].status_code == 429
    assert row.rate_source == "observed"


def test_what_spoki_calls_deprecated_is_answered_still(client: Client, standing: Sandbox) -> None:
    body = {"destination_account": 4100, "conversations": 10}
    assert client.done("POST", "/partners/create_conversations_subrecharge/", body)["status"] == "ok"
    assert not operation("create_conversations_subrecharge").removed


@pytest.mark.parametrize("name", ["destination_account", "account_id"])
def test_profits_are_set_by_either_name_of_the_account(client: Client, name: str) -> None:
    margins = {
        each.name: 49 for each in operation("set_profits").accepts("body") if each.name.endswith("_profit_margin")
    }
    assert margins
    assert client.done("POST", "/partners/set_profits/", {name: 4100, **margins})["status"] == "ok"
    wrong = dict.fromkeys(margins, "much")
    assert set(client.refused("POST", "/partners/set_profits/", {name: 4100, **wrong})) == set(margins)
    assert client.refused("POST", "/partners/set_profits/", margins) == {
        "destination_account": ["This field is required."]
    }


@pytest.mark.parametrize("empty", [[], {}])
def test_an_empty_array_of_php_is_an_empty_dictionary(client: Client, empty: Any) -> None:
    body = {"type": "Message", "phone": "+393330000001", "text": "Ciao", "custom_fields": empty}
    assert client.done("POST", "/messages/send/", body)["status"] == "Pending"
    assert client.done("POST", "/contacts/sync/", {"phone": "+393330000001", "custom_fields": empty})
    refused = client.refused("POST", "/contacts/sync/", {"phone": "+393330000001", "custom_fields": ["x"]})
    assert "custom_fields" in refused
