"""What can go wrong with a write: its answer is lost or doubled, or the server dies before or after it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable

import pytest
import requests

from tests.sandbox.conftest import Client

BODY = {"name": "VIP"}


def lists(client: Client) -> list[str]:
    return [row["name"] for row in client.rows("/lists/")]


def test_a_lost_answer_leaves_the_change(start: Callable[..., Client]) -> None:
    client = start()
    client.sandbox.fail_next("lost", path="POST /api/1/lists/")
    with pytest.raises(requests.ConnectionError):
        client.send("POST", "/lists/", BODY)
    assert lists(client)[0] == "VIP"
    (write,) = client.sandbox.writes()
    assert (write.done, write.status, write.faults) == (True, 0, ("lost",))


def test_a_refusal_can_be_lost_too(start: Callable[..., Client]) -> None:
    client = start()
    client.sandbox.fail_next("lost")
    with pytest.raises(requests.ConnectionError):
        client.send("POST", "/lists/", {})
    (write,) = client.sandbox.writes()
    assert (write.done, write.status, write.sent) == (False, 0, {})


@pytest.mark.parametrize("kind", ["reset", "too_many", "server_error", "html", "redirect", "foreign_redirect"])
def test_some_faults_come_before_the_change(start: Callable[..., Client], kind: str) -> None:
    client = start()
    before = lists(client)
    client.sandbox.fail_next(kind)
    try:
        client.send("POST", "/lists/", BODY)
    except requests.ConnectionError:
        assert kind == "reset"
    assert lists(client) == before
    assert [each.done for each in client.sandbox.writes()] == [False]


def test_an_answer_can_come_twice(start: Callable[..., Client]) -> None:
    client = start()
    client.sandbox.fail_next("twice")
    address = ("127.0.0.1", int(client.sandbox.base_url.rpartition(":")[2]))
    head = f"DELETE /api/1/lists/41001/ HTTP/1.1\r\nHost: x\r\nX-Spoki-Api-Key: {client.sandbox.api_key}\r\n"
    with socket.create_connection(address, timeout=10) as connection:
        connection.sendall(f"{head}Connection: close\r\n\r\n".encode())
        told = b"".join(iter(lambda: connection.recv(65536), b""))
    assert told.count(b"HTTP/1.1 204 No Content\r\n") == 2
    assert told.lower().count(b"connection: close") == 2
    assert [each.done for each in client.sandbox.writes()] == [True]
    client.http.headers["Connection"] = "close"
    client.sandbox.fail_next("twice")
    assert client.ask("/tags/").status_code == 200
    assert client.done("POST", "/lists/", BODY)["name"] == "VIP"
    assert client.done("POST", "/lists/", {"name": "Altri"})["name"] == "Altri"
    assert lists(client)[:2] == ["Altri", "VIP"]
    assert [each.faults for each in client.sandbox.requests if each.faults] == [("twice",)] * 2


@pytest.mark.parametrize(("kind", "happened"), [("die", True), ("die_before", False)])
def test_a_server_dies_and_is_revived_with_what_it_knew(
    start: Callable[..., Client], kind: str, happened: bool
) -> None:
    client = start()
    address = client.sandbox.base_url
    client.done("POST", "/lists/", {"name": "Prima"})
    client.sandbox.fail_next(kind, path="POST")
    with pytest.raises(requests.ConnectionError):
        client.send("POST", "/lists/", BODY)
    for _ in range(2):
        with pytest.raises(requests.ConnectionError, match="refused"):
            client.send("POST", "/lists/", BODY)
    assert client.sandbox.revive().base_url == address
    assert lists(client)[:2] == (["VIP", "Prima"] if happened else ["Prima", lists(client)[1]])
    assert [(each.done, each.status) for each in client.sandbox.writes()] == [(True, 201), (happened, 0)]


def test_a_dead_server_can_be_stopped(start: Callable[..., Client]) -> None:
    threads = set(threading.enumerate())
    client = start()
    client.sandbox.fail_next("die")
    with pytest.raises(requests.ConnectionError):
        client.ask("/tags/")
    for thread in set(threading.enumerate()) - threads:
        thread.join(10)
    client.sandbox.stop()
    client.sandbox.stop()
    assert client.sandbox.start().requests[0].status == 0
    client.sandbox.revive()
    assert client.ask("/tags/").status_code == 200


def test_every_connection_ends_with_the_server(start: Callable[..., Client]) -> None:
    client, bystander = start(), None
    bystander = Client(client.sandbox)
    assert bystander.ask("/tags/").status_code == 200
    client.sandbox.fail_next("die")
    with pytest.raises(requests.ConnectionError):
        client.ask("/tags/")
    with pytest.raises(requests.ConnectionError):
        bystander.ask("/tags/")
    bystander.http.close()
