"""Answers: JSON on success, or the error that status and body amount to; and a value with where it comes from.

Body shapes: Spoki API contract, sections 1.3 and 1.4.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

import orjson
import requests
from pydantic import SecretStr

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
from spoki_analytics.wording.masking import excerpt, mask_personal

T = TypeVar("T")
_ERRORS: dict[int, tuple[type[SpokiError], str]] = {
    401: (AuthenticationError, "Spoki did not accept the API key for this."),
    403: (PermissionDeniedError, "Spoki does not allow this key to do that."),
    404: (NotFoundError, "Spoki found nothing there."),
    410: (NotFoundError, "Spoki found nothing there."),
}
UNSTATED_PAUSE = 60.0
"""Seconds that a 429 without Retry-After amounts to: the length of Spoki's window."""
_TEXT_KEYS = ("title", "detail", "message", "error")
_CODE_KEYS = ("code", "error_code")
_LONGEST_QUOTE = 300
_LONGEST_CODE = 60


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


def parse(body: bytes) -> Any:
    """The JSON of a body.

    Raises:
        ValueError: The body is empty, cut off or not JSON.
    """
    try:
        return orjson.loads(body)
    except ValueError:
        return _parse_leniently(body)


def _parse_leniently(body: bytes) -> Any:
    """The JSON of what the fast reader refuses: half surrogate pairs, a byte order mark, NaN, numbers without end."""
    try:
        return json.loads(body)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def spell(data: Any) -> bytes:
    """The JSON text of a value that ``parse`` gave."""
    try:
        return orjson.dumps(data)
    except TypeError:
        return json.dumps(data).encode()


def error_for(
    response: requests.Response,
    operation: Operation,
    account: str | int | None,
    *,
    key: SecretStr | None = None,
    pause: float | None = None,
) -> SpokiError:
    """The error that a refusal amounts to.

    Args:
        response: What Spoki answered; what it said is quoted with personal data masked.
        operation: What was asked.
        account: Whom it was about.
        key: The API key, which is masked where the answer repeats it.
        pause: Seconds that Spoki asked to wait.
    """
    message, code, fields = _said(response.content, key.get_secret_value() if key else "")
    facts: dict[str, Any] = {
        "operation": operation.name,
        "account": account,
        "status": response.status_code,
        "code": code,
    }
    status = response.status_code
    if operation.removed and status in (404, 410):
        return RemovedOperationError(f"{operation.removed}.", replacement=operation.replacement, **facts)
    if status in _ERRORS:
        kind, sentence = _ERRORS[status]
        return kind(_join(sentence, message), **facts)
    if status == 429:
        return RateLimitedError(
            "Spoki asked to slow down.", retry_after=UNSTATED_PAUSE if pause is None else pause, **facts
        )
    if status >= 500:
        return UnavailableError(_join("Spoki could not answer.", message), retry_after=pause, **facts)
    if status >= 400:
        return ValidationError(_join("Spoki refused the request.", message), fields=fields, **facts)
    return UnexpectedAnswerError("Spoki answered with a redirect that is not followed.", **facts)


def _join(sentence: str, said: str) -> str:
    return f"{sentence} It said: {said.rstrip('.')}." if said else sentence


def removal(operation: Operation) -> RemovedOperationError:
    """The error of an operation that Spoki has removed; it names the replacement."""
    return RemovedOperationError(
        f"{operation.name} no longer exists: {operation.removed}.",
        replacement=operation.replacement,
        operation=operation.name,
    )


def _said(body: bytes, key: str) -> tuple[str, str | None, dict[str, list[str]]]:
    """Message, code and field errors of any of the documented error bodies; nothing of HTML or plain text."""
    try:
        data = parse(body)
    except ValueError:
        return "", None, {}
    if not isinstance(data, dict):
        data = {"": data}
    codes = (data[name] for name in _CODE_KEYS if isinstance(data.get(name), str | int))
    code = next((excerpt(str(code), key, _LONGEST_CODE) for code in codes), None)
    said = (data[name] for name in _TEXT_KEYS if isinstance(data.get(name), str))
    texts = [mask_personal(excerpt(text, key, _LONGEST_QUOTE)) for text in said if text.strip()]
    rest = {name: value for name, value in data.items() if not (name in _CODE_KEYS or (name in _TEXT_KEYS and texts))}
    fields: dict[str, list[str]] = {}
    for name, text in _field_errors(rest):
        message = mask_personal(excerpt(text, key, _LONGEST_QUOTE))
        fields.setdefault(excerpt(name, key, _LONGEST_QUOTE), []).append(message)
    if fields and not texts:
        texts = [f"{name}: {' '.join(messages)}" if name else " ".join(messages) for name, messages in fields.items()]
    return " ".join(text if text.endswith(".") else text + "." for text in texts), code, fields


def _field_errors(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _field_errors(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            deeper = f"{path}.{index}" if isinstance(inner, dict | list) else path
            yield from _field_errors(inner, deeper)
    elif value is not None:
        yield path, str(value)
