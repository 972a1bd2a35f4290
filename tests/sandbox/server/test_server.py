"""The sandbox as a server: keys, routes, rates, errors, and what it writes down."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import datetime

import pytest
import requests

from spoki_analytics.catalogue import Operation, catalogue, operation
from spoki_analytics.errors import UsageError
from spoki_analytics.sandbox import Sandbox
from spoki_analytics.sandbox.answers.replies import RefusedError
from spoki_analytics.sandbox.server.rates import Rates
from spoki_analytics.sandbox.world.inventory import FIRST_IDS
from tests.sandbox.conftest import NOON, Client

READS = [each for each in catalogue() if each.is_read]
STORED_AS = {"partner_roles": "roles", "partner_invitations": "invitations"}
PARTNER_QUERY = {
    "account_id": "4101",
    "granularity": "2",
    "startDate": "2026-11-01",
    "endDate": "2026-11-03",
    "country_code": "IT",
}


def needed(read: Operation) -> dict[str, str]:
    """The parameters that an operation requires."""
    return {each.name: PARTNER_QUERY[each.name] for each in read.accepts("query") if each.required}


def address(read: Operation) -> str:
    """A path of that operation that exists in the sandbox."""
    first = FIRST_IDS.get(STORED_AS.get(read.family, read.family), 1)
    number = "+393330000017"
    values = {"id": first, "account_id": 4100, "phone": number, "identifier": number}
    return read.target(**{each.name: values[each.name] for each in read.accepts("path")}).removeprefix("/api/1")


@pytest.mark.parametrize("read", READS, ids=lambda read: read.slug)
def test_every_read_of_the_catalogue_answers(client: Client, read: Operation) -> None:
    answer = client.ask(address(read), **needed(read))
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    body = answer.json()
    if read.is_listing:
        assert body["results"] if isinstance(body, dict) else body


@pytest.mark.parametrize(("key", "detail"), [(None, "not provided"), ("wrong", "not provided"), ("", "not provided")])
def test_no_answer_without_a_good_key(standing: Sandbox, key: str | None, detail: str) -> None:
    headers = {} if key is None else {"x-spoki-api-key": key}
    answer = requests.get(f"{standing.base_url}/api/1/tags/", headers=headers, timeout=10)
    assert answer.status_code == 401
    assert detail in answer.json()["detail"]


def test_the_name_of_the_key_header_is_not_case_sensitive(standing: Sandbox) -> None:
    answer = requests.get(f"{standing.base_url}/api/1/tags/", headers={"X-SPOKI-api-KEY": standing.api_key}, timeout=10)
    assert answer.status_code == 200


def test_the_main_key_sees_all_accounts_and_the_others_only_their_own(standing: Sandbox, client: Client) -> None:
    assert [row["id"] for row in client.ask("/accounts/").json()] == [4100, 4101, 4102, 4103]
    other = Client(standing, standing.api_keys[4101])
    assert [row["id"] for row in other.ask("/accounts/").json()] == [4101]
    assert other.ask("/accounts/4101/").status_code == 200
    refused = other.ask("/accounts/4100/")
    assert refused.status_code == 403
    assert set(refused.json()) == {"title", "detail"}
    assert other.ask("/accounts/4999/").status_code == 404
    other.http.close()


def test_each_key_has_its_own_records(standing: Sandbox, client: Client) -> None:
    other = Client(standing, standing.api_keys[4101])
    assert not {row["id"] for row in client.rows("/contacts/")} & {row["id"] for row in other.rows("/contacts/")}
    assert other.ask("/contacts/900001/").status_code == 404
    other.http.close()


@pytest.mark.parametrize("path", ["/nothing/", "/tags", "/contacts/12345678/", "/tags/?page=2", "/contacts/x/"])
def test_what_does_not_exist_is_not_found(client: Client, path: str) -> None:
    answer = client.ask(path)
    assert answer.status_code == 404
    assert "detail" in answer.json()


def test_a_removed_operation_answers_404(client: Client) -> None:
    answer = client.ask("/accounts/4100/onboarding/", method="POST")
    assert answer.status_code == 404
    assert answer.json() == {"detail": "Not found."}


@pytest.mark.parametrize("method", ["PUT", "HEAD"])
def test_other_methods_are_not_allowed(client: Client, method: str) -> None:
    assert client.ask("/templates/454501/clone/", method=method).status_code == 405


def test_cloning_a_template_creates_a_draft_each_time(start: Callable[..., Client]) -> None:
    client = start()
    before = len(client.rows("/templates/"))
    copies = [client.ask("/templates/454501/clone/").json() for _ in range(2)]
    assert len({454501, *(copy["id"] for copy in copies)}) == 3
    assert not any(copy["is_approved"] for copy in copies)
    assert {each["status"] for each in copies[0]["templatelocalization_set"]} == {"DRAFT"}
    assert len(client.rows("/templates/")) == before + 2
    assert client.ask(f"/templates/{copies[0]['id']}/").json() == copies[0]


def test_documented_rates_are_kept_per_operation_and_key(start: Callable[..., Client]) -> None:
    client = start(window=600)
    assert [client.ask("/lists/").status_code for _ in range(6)] == [200] * 5 + [429]
    assert client.ask("/lists/41001/").status_code == 200
    other = Client(client.sandbox, client.sandbox.api_keys[4101])
    assert other.ask("/lists/").status_code == 200
    other.http.close()
    refused = client.ask("/lists/")
    assert 0 < int(refused.headers["retry-after"]) <= 600
    assert refused.headers["retry-after"] in refused.json()["detail"]


def test_rates_that_nobody_documents_are_not_limited(start: Callable[..., Client]) -> None:
    client = start(window=600)
    inferred = operation("list_automations")
    assert inferred.rate_source == "inferred"
    assert inferred.rate is not None
    asked = [client.ask("/automations/").status_code for _ in range(inferred.rate + 3)]
    assert set(asked) == {200}


def test_the_window_slides() -> None:
    clock = [0.0]
    rates = Rates(60, lambda: clock[0])
    lists = operation("list_lists")
    for moment in (0, 10, 20, 30, 40):
        clock[0] = moment
        rates.take(lists, 1)
    clock[0] = 55.5
    with pytest.raises(RefusedError) as refused:
        rates.take(lists, 1)
    assert dict(refused.value.reply.headers)["retry-after"] == "5"
    clock[0] = 60
    rates.take(lists, 1)
    clock[0] = 69
    with pytest.raises(RefusedError):
        rates.take(lists, 1)


def test_requests_are_written_down(start: Callable[..., Client]) -> None:
    client = start()
    client.ask("/contacts/", search="a b", page=1)
    client.ask("/nothing/")
    requests.get(f"{client.sandbox.base_url}/api/1/tags/", cookies={"a": "b"}, timeout=10)
    listed, unknown, unauthenticated = client.sandbox.requests
    assert (listed.method, listed.path, listed.query) == ("GET", "/api/1/contacts/", "search=a+b&page=1")
    assert (listed.operation, listed.status, listed.account) == ("list_contacts", 200, 4100)
    assert listed.moment <= unknown.moment
    assert listed.wall <= unknown.wall
    assert (unknown.operation, unknown.status) == ("", 404)
    assert (unauthenticated.status, unauthenticated.has_key, unauthenticated.has_cookie) == (401, False, True)
    assert client.sandbox.calls("list_contacts") == 1
    assert client.sandbox.calls("list_tags") == 1


def test_no_key_is_written_down(client: Client, standing: Sandbox) -> None:
    client.ask("/tags/")
    assert standing.api_key not in repr(standing.requests)


def test_a_port_that_is_taken_is_refused() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(UsageError, match="cannot be opened"):
            Sandbox(port=taken.getsockname()[1]).start()


def test_it_stops_and_starts_again_on_the_same_port() -> None:
    sandbox = Sandbox(now=NOON)
    sandbox.stop()
    before = threading.enumerate()
    with sandbox:
        address = sandbox.base_url
        with requests.Session() as http:
            assert http.get(f"{address}/api/1/tags/", timeout=10).status_code == 401
    assert set(threading.enumerate()) <= set(before)
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{address}/api/1/tags/", timeout=10)
    with sandbox:
        assert sandbox.base_url == address
        assert requests.get(f"{address}/api/1/tags/", timeout=10).status_code == 401


@pytest.mark.parametrize(
    "options", [{"size": "huge"}, {"faults": ["nonsense"]}, {"seed": -1}, {"now": datetime(2026, 1, 1)}]
)
def test_options_that_do_not_exist_are_refused(options: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        Sandbox(**options)  # type: ignore[arg-type]


def test_serve_tells_how_to_reach_it_and_ends_with_an_interrupt() -> None:
    program = "from spoki_analytics.sandbox import serve; serve(seed=3, faults=('vary',))"
    with subprocess.Popen([sys.executable, "-W", "error", "-c", program], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        lines = [process.stdout.readline() for _ in range(5)]
        variables = dict(line.removeprefix("  export ").strip().split("=") for line in lines if "export" in line)
        answer = requests.get(
            f"{variables['SPOKI_BASE_URL']}/api/1/tags/",
            headers={"X-Spoki-Api-Key": variables["SPOKI_API_KEY"]},
            timeout=10,
        )
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0
    assert answer.status_code == 200
    assert "vary" in answer.headers
