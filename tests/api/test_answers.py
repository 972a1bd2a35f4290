"""The one judge of statuses, for reads and writes."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
import requests
from pydantic import SecretStr

from spoki_analytics.api.answers import Verdict, judge, parse, retry_after, spell
from spoki_analytics.catalogue import operation
from spoki_analytics.errors import (
    AuthenticationError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitedError,
    RemovedOperationError,
    UnavailableError,
    UnexpectedAnswerError,
    ValidationError,
)
from tests.conftest import Answer

NOW = datetime(2026, 11, 22, 7, 31, tzinfo=UTC)
TAGS = operation("list_tags")
KEY = "test-key-0123456789abcdef"


def response(status: int, body: bytes = b"", **headers: str) -> requests.Response:
    made = requests.Response()
    made.status_code = status
    made._content = body
    made.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    return made


@pytest.mark.parametrize(
    ("status", "body", "verdict", "error"),
    [
        (200, b"[1]", Verdict.DONE, None),
        (201, b"null", Verdict.DONE, None),
        (204, b"", Verdict.EMPTY, UnexpectedAnswerError),
        (200, b" \n", Verdict.EMPTY, UnexpectedAnswerError),
        (200, b"<html>", Verdict.UNREADABLE, UnexpectedAnswerError),
        (200, b'{"id": 1', Verdict.UNREADABLE, UnexpectedAnswerError),
        (301, b"", Verdict.REDIRECTED, UnexpectedAnswerError),
        (304, b"", Verdict.REDIRECTED, UnexpectedAnswerError),
        (400, b'{"name": ["No."]}', Verdict.REFUSED, ValidationError),
        (401, b"", Verdict.REFUSED, AuthenticationError),
        (402, b"", Verdict.REFUSED, ValidationError),
        (403, b"", Verdict.REFUSED, PermissionDeniedError),
        (404, b"<html>", Verdict.REFUSED, NotFoundError),
        (408, b"", Verdict.TIMED_OUT, ValidationError),
        (410, b"", Verdict.REFUSED, NotFoundError),
        (429, b"", Verdict.BUSY, RateLimitedError),
        (500, b"", Verdict.FAILED, UnavailableError),
        (504, b"<html>", Verdict.FAILED, UnavailableError),
    ],
)
def test_a_response_is_judged(status: int, body: bytes, verdict: Verdict, error: type[Exception] | None) -> None:
    judged = judge(response(status, body), TAGS, 4100, key=SecretStr(KEY), now=NOW)
    assert judged.verdict is verdict
    assert type(judged.error) is (error or type(None))
    if judged.error is not None:
        assert (judged.error.status, judged.error.account, judged.error.operation) == (status, 4100, "List tags")


def test_a_removed_operation_is_named_with_its_replacement() -> None:
    removed = operation("create_account_onboarding_link")
    judged = judge(response(410), removed, 4100, key=None, now=NOW)
    assert isinstance(judged.error, RemovedOperationError)
    assert judged.error.replacement


def test_nobody_is_told_to_send_a_write_again() -> None:
    read, write = (
        judge(response(200, b"<html>", Content_Type="text/html"), row, 1, key=None, now=NOW).error
        for row in (TAGS, operation("update_ticket"))
    )
    assert str(write).endswith("(text/html, 6 bytes). (Update Ticket, account 1, HTTP 200)")
    assert "Try again" in str(read)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0),
        (" 90 ", 90),
        ("9" * 400, 10.0**10),
        ("Sun, 22 Nov 2026 07:32:30 GMT", 90),
        ("Sun, 22 Nov 2026 08:32:30 +0100", 90),
        ("Sun, 22 Nov 2026 07:00:00 GMT", 0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 10.0**10),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("²", None),
        ("", None),
    ],
)
def test_a_retry_after_is_a_number_or_a_date_by_the_clock_of_the_client(value: str, seconds: float | None) -> None:
    assert retry_after(response(429, Retry_After=value), NOW) == seconds


def test_an_answer_without_one_states_no_pause() -> None:
    assert retry_after(response(429), NOW) is None


@pytest.mark.parametrize("name", ["NaN", "Infinity", "-Infinity"])
@pytest.mark.parametrize("text", ['{{"count": {0}, "results": []}}', "[1, {0}]", "{0}", "\ufeff[{0}]"])
def test_what_python_alone_takes_for_json_is_none(name: str, text: str) -> None:
    with pytest.raises(ValueError, match="JSON"):
        parse(text.format(name).encode())


def test_nan_in_a_listing_is_an_error(script: Any, client: Any) -> None:
    script["/api/1/tags/"] = Answer(b'{"count": NaN, "next": null, "results": []}')
    with pytest.raises(UnexpectedAnswerError, match="not JSON"):
        client().tags.load()


@pytest.mark.parametrize("number", [2**63, 2**64 - 1, 2**64, 2**70 + 1, -(2**63) - 1, -(10**30), 10**3999])
def test_whole_numbers_of_any_length_stay_exact(number: int) -> None:
    assert parse(json.dumps({"id": number, "nested": [number]}).encode()) == {"id": number, "nested": [number]}
    assert parse(spell({"id": number})) == {"id": number}


@pytest.mark.parametrize("text", ["1" * 5000, "1e999", "-1.5e400", "1E+0999"])
def test_a_number_that_nothing_can_hold_becomes_text(text: str) -> None:
    assert parse(f"[{text}]".encode()) == [text]


def test_long_digits_inside_text_change_nothing() -> None:
    body = {"text": "1234567890123456789012", "number": 0.1234567890123456789, "whole": 7, "none": None}
    assert parse(json.dumps(body).encode()) == body


@pytest.mark.parametrize(
    ("status", "body", "advice"),
    [
        (400, b'{"detail": "No operator found with this email", "code": "spoki::3004"}', "load roles"),
        (400, b'{"error": "no credit", "error_code": "spoki::1029"}', "topped up"),
        (401, b'{"detail": "Authentication credentials were not provided."}', "does not know the key"),
        (400, b'{"detail": "odd", "code": "spoki::9999"}', "Correct the named values"),
    ],
)
def test_a_code_that_is_known_is_explained(status: int, body: bytes, advice: str) -> None:
    error = judge(response(status, body), TAGS, "key-1", key=SecretStr(KEY), now=NOW).error
    assert advice in str(error)
