"""Answers: what a response amounts to, judged once for reads and writes, and a value with where it comes from.

Statuses: Spoki API contract, section 1.3.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Any, Generic, NoReturn, TypeVar

import orjson
import requests
from pydantic import SecretStr

from spoki_analytics.api.refusals import Refusal, read_refusal
from spoki_analytics.catalogue import Operation
from spoki_analytics.errors import (
    AuthenticationError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitedError,
    RemovedOperationError,
    SpokiError,
    UnavailableError,
    UnexpectedAnswerError,
    ValidationError,
)
from spoki_analytics.wording.masking import excerpt, mask_credentials
from spoki_analytics.wording.messages import gettext, noop

T = TypeVar("T")
_ERRORS: dict[int, tuple[type[SpokiError], str]] = {
    401: (AuthenticationError, noop("Spoki did not accept the API key for this.")),
    403: (PermissionDeniedError, noop("Spoki does not allow this key to do that.")),
    404: (NotFoundError, noop("Spoki found nothing there.")),
    410: (NotFoundError, noop("Spoki found nothing there.")),
}
_EXPLAINED = {
    "spoki::3004": noop("Nobody in this account has that e-mail address; `spoki-analytics load roles` lists who does."),
    "spoki::1029": noop("The credit of the account is used up: nothing can be sent before it is topped up in Spoki."),
    "spoki::3014": noop("The template has too many variables for so little fixed text: add text, or take some out."),
}
"""What to do about Spoki's own codes whose meaning is known (contract, section 1.4)."""
_NO_KEY = noop(
    "Spoki says this where no key came and where it does not know the key: "
    "check it with `spoki-analytics doctor`, or store another with `spoki-analytics login`."
)
UNSTATED_PAUSE = 60.0
"""Seconds that a 429 without Retry-After amounts to: the length of Spoki's window."""
_LONGEST_PAUSE = 10.0**10
"""Some three hundred years: an absurd Retry-After stays a number that dates and files can hold."""
_LONGEST_KIND = 40
_DIGITS = bytes(ord("0") if letter in b"0123456789" else ord(" ") for letter in range(256))
_LONG_NUMBER = b"0" * 19
"""What a whole number beyond 64 bits holds once every digit is a zero: translating and looking for it takes a tenth of
the time that reading the JSON does, a regular expression takes twice that time."""
_LONGEST_WHOLE = 4000
"""Digits; Python reads no more than 4300 without being told to."""


class Verdict(StrEnum):
    """What a response amounts to, whatever was asked."""

    DONE = "done"
    """Success, with JSON."""
    EMPTY = "empty"
    """Success, without a body."""
    UNREADABLE = "unreadable"
    """Success by its status, with a body that is not JSON."""
    REDIRECTED = "redirected"
    """It points elsewhere."""
    REFUSED = "refused"
    """Spoki looked at the request and refused it."""
    TIMED_OUT = "timed out"
    """Spoki gave up waiting for the rest of the request (408)."""
    BUSY = "busy"
    """Spoki asked to slow down and did not look at the request (429)."""
    FAILED = "failed"
    """Something broke at Spoki's (5xx)."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A response, judged.

    Attributes:
        verdict: What it amounts to.
        data: Parsed JSON, None where there is none.
        error: The error that anything but JSON amounts to; a caller who expects no JSON passes over it.
        pause: Seconds that Spoki asked to wait, None where it did not say.
    """

    verdict: Verdict
    data: Any = None
    error: SpokiError | None = None
    pause: float | None = None


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """A value and where it comes from.

    Attributes:
        value: Parsed JSON of an object, or the table of a listing.
        operation: What was asked.
        account: Account id, or the key's fingerprint when the call names no account.
        filters: Parameters of the call, as sent.
        as_of: When Spoki was asked.
        requests: HTTP requests this took now.
        cache_hits: Answers taken from the store instead.
        stale: True when an expired answer was served because Spoki did not answer.
        drift: True when the listing moved while it was read.
        checked: Whether it is known that no row was lost to a move; always so of one answer.
        resumed: True when the beginning was read by an earlier process, which broke off.
    """

    value: T
    operation: Operation
    account: str | int
    filters: dict[str, Any]
    as_of: datetime
    requests: int
    cache_hits: int
    stale: bool
    drift: bool
    checked: bool = True
    resumed: bool = False


def parse(body: bytes) -> Any:
    """The JSON of a body.

    Raises:
        ValueError: The body is empty, cut off or not JSON.
    """
    if _LONG_NUMBER in body.translate(_DIGITS):  # orjson would make a float of it in silence
        return _parse_slowly(body)
    try:
        return orjson.loads(body)
    except ValueError:
        return _parse_slowly(body)


def _parse_slowly(body: bytes) -> Any:
    """The JSON of what the fast reader refuses or changes: half surrogate pairs, a byte order mark, long numbers."""
    try:
        return json.loads(body, parse_int=_whole, parse_float=_real, parse_constant=_refuse)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _whole(text: str) -> int | str:
    """A whole number as it is; one of more digits than Python itself reads stays text."""
    return int(text) if len(text) <= _LONGEST_WHOLE else text


def _real(text: str) -> float | str:
    """A real number; one that no float can hold stays text."""
    number = float(text)
    return number if math.isfinite(number) else text


def _refuse(name: str) -> NoReturn:
    """Python's reader takes NaN and Infinity, which are no JSON (RFC 8259, section 6)."""
    raise ValueError(f"{name} is no JSON")


def spell(data: Any) -> bytes:
    """The JSON text of a value that ``parse`` gave."""
    try:
        return orjson.dumps(data)
    except TypeError:  # a long number, or nested deeper than orjson goes, and perhaps than Python's recursion
        return json.dumps(mask_credentials(data)).encode()


def judge(
    response: requests.Response, operation: Operation, account: str | int, *, key: SecretStr | None, now: datetime
) -> Judgement:
    """What a response amounts to.

    Args:
        response: What Spoki answered.
        operation: What was asked.
        account: Whom it was about.
        key: The API key, which is masked where the answer repeats it.
        now: The present moment, for a Retry-After that is a date.
    """
    facts = {"operation": operation.name, "account": account, "status": response.status_code}
    hidden = key.get_secret_value() if key else ""
    if not 200 <= response.status_code < 300:
        pause = retry_after(response, now)
        error = _error(response.status_code, operation, read_refusal(_parsed(response), hidden), pause, facts)
        return Judgement(_verdict(response.status_code), error=error, pause=pause)
    try:
        return Judgement(Verdict.DONE, parse(response.content))
    except ValueError:
        verdict = Verdict.UNREADABLE if response.content.strip() else Verdict.EMPTY
        return Judgement(verdict, error=_no_json(response, operation, hidden, facts))


def retry_after(response: requests.Response, now: datetime) -> float | None:
    """Seconds of a Retry-After, written as a number or as a date; None where none can be read."""
    value = response.headers.get("Retry-After", "").strip()
    try:
        if value.isascii() and value.isdigit():
            return min(float(value), _LONGEST_PAUSE)
        moment = parsedate_to_datetime(value)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return min(max(0.0, (moment - now).total_seconds()), _LONGEST_PAUSE)
    except (ValueError, OverflowError):
        return None


def removal(operation: Operation) -> RemovedOperationError:
    """The error of an operation that Spoki has removed; it names the replacement."""
    return RemovedOperationError(
        gettext("{operation} no longer exists: {why}.", operation=operation.name, why=operation.removed),
        replacement=operation.replacement,
        operation=operation.name,
    )


def _verdict(status: int) -> Verdict:
    """What a status other than success amounts to."""
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return Verdict.BUSY
    if status == HTTPStatus.REQUEST_TIMEOUT:
        return Verdict.TIMED_OUT
    if status >= 500:
        return Verdict.FAILED
    return Verdict.REFUSED if status >= 400 else Verdict.REDIRECTED


def _error(
    status: int, operation: Operation, refusal: Refusal, pause: float | None, facts: dict[str, Any]
) -> SpokiError:
    """The error that a status other than success amounts to."""
    facts = {**facts, "code": refusal.code}
    if known := _EXPLAINED.get(refusal.code or "", _NO_KEY if status == HTTPStatus.UNAUTHORIZED else ""):
        facts["advice"] = gettext(known)
    if operation.removed and status in (404, 410):
        return RemovedOperationError(
            gettext("{removed}.", removed=operation.removed), replacement=operation.replacement, **facts
        )
    if status in _ERRORS:
        kind, sentence = _ERRORS[status]
        return kind(_quoting(gettext(sentence), refusal), **facts)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        wait = UNSTATED_PAUSE if pause is None else pause
        return RateLimitedError(gettext("Spoki asked to slow down."), retry_after=wait, **facts)
    if status >= 500:
        return UnavailableError(_quoting(gettext("Spoki could not answer."), refusal), retry_after=pause, **facts)
    if status >= 400:
        message = _quoting(gettext("Spoki refused the request."), refusal)
        return ValidationError(message, fields=refusal.fields, **facts)
    return UnexpectedAnswerError(gettext("Spoki answered with a redirect that is not followed."), **facts)


def _quoting(sentence: str, refusal: Refusal) -> str:
    if not refusal.message:
        return sentence
    quoted = gettext("It said: {quote}.", quote=refusal.message.rstrip("."))
    return f"{sentence} {quoted}"


def _no_json(
    response: requests.Response, operation: Operation, key: str, facts: dict[str, Any]
) -> UnexpectedAnswerError:
    kind = response.headers.get("Content-Type", "").split(";")[0]
    return UnexpectedAnswerError(
        gettext(
            "Spoki answered with something that is not JSON ({kind}, {size} bytes).",
            kind=excerpt(kind, key, _LONGEST_KIND) or gettext("no content type"),
            size=len(response.content),
        ),
        # The advice of the class is to ask again, which nobody should be told to do with a write.
        advice=None if operation.is_read else "",
        **facts,
    )


def _parsed(response: requests.Response) -> Any:
    """The JSON of a refusal, None where it is none: HTML and plain text are never quoted."""
    try:
        return parse(response.content)
    except ValueError:
        return None
