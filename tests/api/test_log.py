"""What the logger ``spoki_analytics.api`` says, and what it never says."""

from __future__ import annotations

import logging
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from spoki_analytics import Spoki, SpokiError, SpokiWarning
from spoki_analytics.catalogue import operation
from spoki_analytics.corrections.change import State
from tests.conftest import KEY, Answer, Script
from tests.corrections.spoki_double import Double, contact

TAGS = "/api/1/tags/"
PHONE, PRIVATE = "+393331234567", "a very private name"
ROWS = [{"id": 1, "name": PRIVATE, "color": None, "order": 0}]
Client = Callable[..., Spoki]
Lines = Callable[[], list[str]]


@pytest.fixture
def lines() -> Iterator[Lines]:
    """What was logged so far."""
    logger, handler, said = logging.getLogger("spoki_analytics.api"), logging.Handler(), list[str]()
    handler.emit = lambda record: said.append(record.getMessage())  # type: ignore[method-assign]
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    yield lambda: said
    logger.setLevel(logging.NOTSET)
    logger.removeHandler(handler)


def test_what_was_sent_and_what_came_from_the_store(script: Script, client: Client, lines: Lines) -> None:
    script[TAGS] = Answer(ROWS)
    spoki = client()
    spoki.tags.load()
    spoki.tags.load()
    sent, kept = lines()
    assert sent.startswith(f"sent GET /tags/ (list_tags) for {spoki.session.account}: attempt 1, 200, ")
    assert sent.endswith(" ms")
    assert kept == f"list_tags for {spoki.session.account}: from the store, 0 s old"


def test_why_something_is_sent_again_and_why_it_waits(script: Script, client: Client, lines: Lines) -> None:
    script[TAGS] = [Answer(b"", 500), Answer(b"", 429, {"Retry-After": "1"}), Answer(ROWS)]
    client().tags.load()
    text = "\n".join(lines())
    assert "attempt 1, 500, " in text
    assert "repeats list_tags: attempt 1 failed: HTTP 500" in text
    assert "repeats list_tags: attempt 2 failed: HTTP 429" in text
    assert "s for list_tags: Spoki asked for a pause" in text
    assert "attempt 3, 200, " in text


def test_that_a_listing_is_walked_again_and_why(script: Script, client: Client, lines: Lines) -> None:
    script.pages(TAGS, [ROWS, ROWS])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SpokiWarning)
        client().tags.load()
    again = [line for line in lines() if line.startswith("walks list_tags again")]
    assert len(again) == 2
    assert "'duplicates': 1" in again[0]


def test_that_data_is_stale(script: Script, client: Client, lines: Lines) -> None:
    script[TAGS] = [Answer(ROWS), Answer(b"", 500)]
    client().tags.load()
    later = client(allow_stale=True, clock=lambda: datetime.now(UTC) + timedelta(hours=1))
    with pytest.warns(SpokiWarning, match="stale"):
        later.tags.load()
    assert f"list_tags for {later.session.account}: stale, as Spoki did not answer" in lines()


def test_no_key_body_or_person_in_the_log_of_a_whole_run(
    script: Script, client: Client, lines: Lines, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)  # of requests, urllib3 and requests-cache, too
    script[TAGS] = [Answer({"detail": f"{KEY} {PHONE} {PRIVATE}"}, 500), Answer(ROWS)]
    script[f"/api/1/accounts/phone/{PHONE[1:]}/"] = Answer({"detail": PRIVATE}, 404)
    script.pages("/api/1/contacts/", [[{"id": 7, "phone": PHONE, "first_name": PRIVATE}]])
    spoki = client()
    spoki.tags.load()
    spoki.contacts.load(status="Subscribed", limit=1)
    with pytest.raises(SpokiError):
        spoki.accounts.by_phone(PHONE)
    text = "\n".join(lines())
    assert "list_contacts" in text
    assert "/accounts/phone/{phone}/" in text
    for secret in (KEY, PHONE, PHONE[1:], PRIVATE, "Subscribed", "page_size"):
        assert secret not in text
    assert KEY not in caplog.text


def test_a_write_is_logged_without_what_it_writes(
    client: Client, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPOKI_RATE_WINDOW", "0.001")
    double = Double()
    try:
        double.add("contacts", contact(7, phone=PHONE))
        spoki = client(base_url=double.base_url, writes=True)
        plan = spoki.contacts.update(7, first_name=PRIVATE)
        assert plan.apply()["outcome"].tolist() == [State.APPLIED]
    finally:
        double.close()
    text = "\n".join(lines())
    assert f"sent PATCH {operation('update_contact').path} (update_contact) for key-" in text
    for secret in (KEY, PHONE, PRIVATE):
        assert secret not in text


def test_a_library_that_nobody_listens_to_says_nothing() -> None:
    code = "import logging; from spoki_analytics.api import session; logging.getLogger(session.__name__).error('x')"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout + run.stderr == ""
