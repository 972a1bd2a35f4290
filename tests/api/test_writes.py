"""One write: sent once, never repeated, never redirected, and its fate told apart."""

from __future__ import annotations

import socket
import threading
import time

import pytest

from spoki_analytics import Spoki
from spoki_analytics.api.writes import Fate, Writes
from spoki_analytics.catalogue import operation
from spoki_analytics.errors import RateLimitedError, RemovedOperationError
from tests.conftest import KEY, Answer
from tests.corrections.spoki_double import Double, ticket

TICKET = "/api/1/tickets/7/"
UPDATE = operation("update_ticket")


@pytest.fixture
def double():
    server = Double()
    yield server
    server.close()


@pytest.fixture
def writes(script, monkeypatch):
    return make(script.base_url, monkeypatch)


def make(base_url, monkeypatch, **settings):
    monkeypatch.setenv("SPOKI_RATE_WINDOW", "1")
    for name, value in settings.items():
        monkeypatch.setenv(f"SPOKI_{name.upper()}", str(value))
    session = Spoki(api_key=KEY, base_url=base_url).session
    return Writes(session.settings, session.pace)


def send(writes, body=None):
    writes.wait_turn(UPDATE)
    return writes.send(UPDATE, {"id": 7}, {"status": "Closed"} if body is None else body, {})


@pytest.mark.parametrize(
    ("answer", "fate"),
    [
        (Answer({"id": 7}), Fate.DONE),
        (Answer({"id": 7}, 201), Fate.DONE),
        (Answer(b"", 204), Fate.DONE),
        (Answer(b"", 200), Fate.DONE),
        (Answer(b"<html>Sign in to the hotel's network</html>", 200), Fate.UNKNOWN),
        (Answer(b'{"id": 7, "sta', 200), Fate.UNKNOWN),
        (Answer({"id": 7}, cut=4), Fate.UNKNOWN),
        (Answer(b"", 301, {"Location": "/api/1/tickets/7"}), Fate.UNKNOWN),
        (Answer(b"", 302, {"Location": "https://example.invalid/"}), Fate.UNKNOWN),
        (Answer(b"", 307, {"Location": "/api/1/tickets/8/"}), Fate.UNKNOWN),
        (Answer({"status": ["No."]}, 400), Fate.REFUSED),
        (Answer({"detail": "No."}, 401), Fate.REFUSED),
        (Answer({"detail": "No."}, 403), Fate.REFUSED),
        (Answer({"detail": "No."}, 404), Fate.REFUSED),
        (Answer({"detail": "No."}, 409), Fate.REFUSED),
        (Answer(b"", 408), Fate.UNKNOWN),
        (Answer({"detail": "Slow down."}, 429, {"Retry-After": "0"}), Fate.UNSENT),
        (Answer({"message": "Internal error"}, 500), Fate.UNKNOWN),
        (Answer(b"", 502), Fate.UNKNOWN),
        (Answer(b"", 504), Fate.UNKNOWN),
    ],
)
def test_every_answer_has_a_fate_and_nothing_is_sent_twice(script, writes, answer, fate):
    script[TICKET] = answer
    sent = send(writes)
    assert sent.fate is fate
    assert (sent.error is None) == (fate is Fate.DONE)
    assert [(seen.method, seen.path) for seen in script.seen] == [("PATCH", TICKET)]


def test_the_request_is_json_with_the_key_and_on_a_connection_of_its_own(script, writes):
    script[TICKET] = Answer({"id": 7})
    send(writes, {"title": "Perché “no”? <b>\u202e"})
    (seen,) = script.seen
    assert seen.body.decode() == '{"title":"Perché “no”? <b>\u202e"}'
    assert seen.headers["content-type"] == "application/json"
    assert seen.headers["x-spoki-api-key"] == KEY
    assert seen.headers["connection"] == "close"


def test_a_server_that_nobody_reaches_was_not_sent_anything(monkeypatch):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        writes = make(f"http://127.0.0.1:{closed.getsockname()[1]}", monkeypatch)
        sent = send(writes)
    assert sent.fate is Fate.UNSENT
    assert "could not be reached" in str(sent.error)


def test_an_answer_that_takes_too_long_may_have_been_done(script, monkeypatch):
    script[TICKET] = Answer({"id": 7}, delay=0.4)
    sent = send(make(script.base_url, monkeypatch, timeout=0.1))
    assert sent.fate is Fate.UNKNOWN
    assert len(script.seen) == 1


def test_a_connection_that_breaks_before_any_answer_may_have_been_done(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as server:

        def hang_up() -> None:
            connection, _ = server.accept()
            connection.recv(65536)
            connection.close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        sent = send(make(f"http://127.0.0.1:{server.getsockname()[1]}", monkeypatch))
        thread.join()
    assert sent.fate is Fate.UNKNOWN


def test_a_retry_after_keeps_the_next_write_waiting(script, writes):
    script[TICKET] = [Answer({"detail": "Slow down."}, 429, {"Retry-After": "1"}), Answer({"id": 7})]
    assert send(writes).fate is Fate.UNSENT
    started = time.monotonic()
    assert send(writes).fate is Fate.DONE
    assert time.monotonic() - started > 0.5


def test_a_pause_beyond_the_cap_is_an_error_before_anything_is_sent(script, writes):
    script[TICKET] = Answer({"detail": "Slow down."}, 429, {"Retry-After": "900"})
    send(writes)
    with pytest.raises(RateLimitedError):
        send(writes)
    assert len(script.seen) == 1


def test_no_error_holds_the_key_or_the_body(script, writes):
    script[TICKET] = Answer({"detail": f"Bad key {KEY}"}, 400)
    sent = send(writes, {"title": "a very private title"})
    told = repr(sent) + str(sent.error) + repr(vars(sent.error))
    assert KEY not in told
    assert "private" not in told


def test_removed_operations_fail_before_the_request(script, writes):
    with pytest.raises(RemovedOperationError, match=r"channels\.create"):
        writes.send(operation("create_account_onboarding_link"), {"id": 1}, {}, {})
    assert script.seen == []


def test_no_write_travels_on_a_connection_that_served_before(double, monkeypatch):
    double.add("tickets", ticket(7))
    writes = make(double.base_url, monkeypatch)
    assert all(send(writes).fate is Fate.DONE for _ in range(3))
    assert len(set(double.peers)) == 3
