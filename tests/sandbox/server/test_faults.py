"""Faults on demand: each does what its row says, and a patient client gets through all of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests

from spoki_analytics.errors import UsageError
from spoki_analytics.sandbox import FAULTS
from tests.sandbox.conftest import Client

DEADLY = ("die", "die_before")
SURVIVED = [kind for kind in FAULTS if kind not in DEADLY]


def patient(client: Client, path: str) -> requests.Response:
    """Ask again when the answer does not come or is not JSON."""
    for _ in range(5):
        try:
            answer = client.http.get(f"{client.sandbox.base_url}/api/1{path}", timeout=10)
            answer.json()
        except requests.RequestException:
            continue
        if answer.status_code == 200:
            return answer
    raise AssertionError(path)


@pytest.mark.parametrize("kind", SURVIVED)
def test_a_patient_client_gets_through(start: Callable[..., Client], kind: str) -> None:
    client = start(faults=[kind])
    for path in ("/tags/", "/contacts/?page=2&page_size=150"):
        assert patient(client, path).json()["results"]
        assert any(each.faults == (kind,) for each in client.sandbox.requests) or kind in ("drift", "twice")
    assert client.sandbox.requests[-1].faults in ((kind,), ())


@pytest.mark.parametrize("kind", FAULTS)
def test_every_fault_has_a_name_and_a_line(kind: str) -> None:
    assert FAULTS[kind].kind == kind
    assert 10 < len(FAULTS[kind].description) < 80
    assert "\n" not in FAULTS[kind].description


@pytest.mark.parametrize("kind", ["reset", "lost"])
def test_a_dropped_connection_answers_nothing(start: Callable[..., Client], kind: str) -> None:
    client = start()
    client.sandbox.fail_next(kind)
    with pytest.raises(requests.ConnectionError):
        client.ask("/tags/")
    assert client.ask("/tags/").status_code == 200
    assert [each.status for each in client.sandbox.requests] == [0, 200]


def test_a_lost_answer_happened_and_a_reset_one_did_not(start: Callable[..., Client]) -> None:
    client = start()
    count = client.ask("/templates/").json()["count"]
    for kind, copies in (("reset", 0), ("lost", 1)):
        client.sandbox.fail_next(kind, path="clone")
        with pytest.raises(requests.ConnectionError):
            client.ask("/templates/454501/clone/")
        assert client.ask("/templates/").json()["count"] == count + copies


def test_a_truncated_body_is_shorter_than_announced(start: Callable[..., Client]) -> None:
    client = start()
    client.sandbox.fail_next("truncated")
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        client.ask("/contacts/")
    assert client.ask("/contacts/").status_code == 200


def test_too_many_says_when_to_come_back(start: Callable[..., Client]) -> None:
    client = start()
    client.sandbox.fail_next("too_many", seconds=42)
    answer = client.ask("/tags/")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "42")


def test_a_server_error_and_a_page_of_html(start: Callable[..., Client]) -> None:
    client = start()
    client.sandbox.fail_next("server_error")
    assert client.ask("/tags/").status_code == 500
    client.sandbox.fail_next("html")
    page = client.ask("/tags/")
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "<html>" in page.text


def test_a_slow_answer_takes_its_time(start: Callable[..., Client]) -> None:
    client = start()
    client.sandbox.fail_next("slow", seconds=0.3)
    with pytest.raises(requests.Timeout):
        client.http.get(f"{client.sandbox.base_url}/api/1/tags/", timeout=0.1)
    assert client.ask("/tags/").status_code == 200


@pytest.mark.parametrize(("kind", "is_abroad"), [("redirect", False), ("foreign_redirect", True)])
def test_redirects(start: Callable[..., Client], kind: str, is_abroad: bool) -> None:
    client = start()
    client.sandbox.fail_next(kind)
    answer = client.ask("/contacts/", search="a&b")
    assert answer.status_code == 302
    assert client.sandbox.base_url in answer.headers["location"] or is_abroad
    followed = client.http.get(answer.headers["location"], timeout=10)
    assert followed.status_code == 200
    assert followed.url.startswith(client.sandbox.base_url) != is_abroad
    assert client.sandbox.requests[-1].host.startswith("localhost") == is_abroad
    assert "search=a%26b" in followed.url


def test_a_walk_that_was_redirected_goes_on_at_the_usual_addresses(start: Callable[..., Client]) -> None:
    client = start(faults=["redirect"])
    first = client.http.get(f"{client.sandbox.base_url}/api/1/contacts/", timeout=10)
    assert "sandbox_hop" in first.url
    assert "sandbox_hop" not in first.json()["next"]


def test_rows_that_arrive_between_pages_repeat_others(start: Callable[..., Client]) -> None:
    client = start(faults=["drift"])
    first = client.ask("/contacts/").json()
    second = client.http.get(first["next"], timeout=10).json()
    assert second["count"] == first["count"] + 1
    assert first["results"][-1] == second["results"][0]
    rows = client.rows("/contacts/")
    assert len({row["id"] for row in rows}) < len(rows)


def test_reports_do_not_drift(start: Callable[..., Client]) -> None:
    client = start(faults=["drift"])
    assert client.ask("/reports/", page=2, page_size=10).status_code == 200
    assert client.sandbox.requests[-1].faults == ()


def test_a_drift_can_be_limited_to_one_walk(start: Callable[..., Client]) -> None:
    client = start()
    client.sandbox.fail_next("drift")
    drifted, quiet = client.rows("/contacts/"), client.rows("/contacts/")
    assert len({row["id"] for row in drifted}) < len(drifted)
    assert len({row["id"] for row in quiet}) == len(quiet) == 401


def kinds(rows: list[dict[str, Any]], name: str) -> set[str]:
    return {type(row[name]).__name__ for row in rows}


def test_values_of_other_types(start: Callable[..., Client]) -> None:
    rows = start(faults=["wrong_types"]).rows("/lists/")
    assert kinds(rows, "contacts_count") == {"int", "str"}
    assert kinds(rows, "name") == {"str", "dict"}
    assert kinds(rows, "id") == {"int"}


def test_fields_that_nobody_documented(start: Callable[..., Client]) -> None:
    client = start(faults=["unknown_fields"])
    assert all("sandbox_extra" in row for row in client.rows("/lists/"))
    assert all("sandbox_extra" in row for row in client.ask("/accounts/").json())
    assert "sandbox_extra" in client.ask("/accounts/4100/").json()


def test_headers_that_defeat_caching_and_cookies(start: Callable[..., Client]) -> None:
    client = start(faults=["vary", "cookies"])
    answer = client.ask("/tags/")
    assert "Cookie" in answer.headers["vary"]
    assert "no-store" in answer.headers["cache-control"]
    assert answer.cookies
    client.ask("/tags/")
    assert [each.has_cookie for each in client.sandbox.requests] == [False, True]
    assert client.sandbox.requests[0].faults == ("vary", "cookies")


def test_a_next_that_leads_abroad(start: Callable[..., Client]) -> None:
    client = start(faults=["foreign_next"])
    first, again = (client.ask("/contacts/").json()["next"] for _ in range(2))
    assert first.startswith("http://localhost:")
    assert again.startswith(client.sandbox.base_url)


def test_faults_can_be_aimed(start: Callable[..., Client]) -> None:
    client = start()
    client.sandbox.fail_next("server_error", times=2, path="GET /api/1/tags/")
    client.sandbox.fail_next("html", path="page=2")
    statuses = [client.ask(path).status_code for path in ("/lists/", "/tags/", "/tags/", "/tags/")]
    assert statuses == [200, 500, 500, 200]
    assert client.ask("/contacts/", page=2).headers["content-type"].startswith("text/html")
    assert client.ask("/contacts/", page=2).json()["results"]


def test_a_fault_that_does_not_exist(start: Callable[..., Client]) -> None:
    with pytest.raises(UsageError, match="no fault 'nonsense'"):
        start().sandbox.fail_next("nonsense")
