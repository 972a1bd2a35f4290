"""Reads an answer: JSON on success, or the error that its status and body amount to.

Body shapes: Spoki API contract, sections 1.3 and 1.4.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import orjson
import requests

from spoki_analytics.api.catalogue import Operation
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

_ERRORS: dict[int, tuple[type[SpokiError], str]] = {
    401: (AuthenticationError, "Spoki did not accept the API key for this."),
    403: (PermissionDeniedError, "Spoki does not allow this key to do that."),
    404: (NotFoundError, "Spoki found nothing there."),
    410: (NotFoundError, "Spoki found nothing there."),
}
_TEXT_KEYS = ("title", "detail", "message", "error")
_CODE_KEYS = ("code", "error_code")
_PERSONAL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+|\+?\d[\d\s().-]{5,}\d|[A-Za-z0-9_-]{24,}")


def parse(body: bytes) -> Any:
    """The JSON of a body.

    Raises:
        ValueError: The body is empty, cut off or not JSON.
    """
    return orjson.loads(body)


def error_for(response: requests.Response, operation: Operation, account: str | int | None) -> SpokiError:
    """The error that a refusal amounts to; what Spoki said is quoted with personal data masked."""
    message, code, fields = _said(response.content)
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
        return RateLimitedError("Spoki asked to slow down.", retry_after=60.0, **facts)
    if status >= 500:
        return UnavailableError(_join("Spoki could not answer.", message), **facts)
    if status >= 400:
        return ValidationError(_join("Spoki refused the request.", message), fields=fields, **facts)
    return UnexpectedAnswerError("Spoki answered with a redirect that is not followed.", **facts)


def _join(sentence: str, said: str) -> str:
    return f"{sentence} It said: {said.rstrip('.')}." if said else sentence


def mask_personal(text: str) -> str:
    """Text from the API without addresses, phone numbers and anything that looks like a secret."""
    return _PERSONAL.sub("[masked]", text)


def _said(body: bytes) -> tuple[str, str | None, dict[str, list[str]]]:
    """Message, code and field errors of any of the documented error bodies; nothing of HTML or plain text."""
    try:
        data = parse(body)
    except ValueError:
        return "", None, {}
    if not isinstance(data, dict):
        data = {"": data}
    code = next((str(data[key]) for key in _CODE_KEYS if isinstance(data.get(key), str | int)), None)
    texts = [
        mask_personal(data[key])[:300] for key in _TEXT_KEYS if isinstance(data.get(key), str) and data[key].strip()
    ]
    rest = {key: value for key, value in data.items() if not (key in _CODE_KEYS or (key in _TEXT_KEYS and texts))}
    fields: dict[str, list[str]] = {}
    for name, text in _field_errors(rest):
        fields.setdefault(name, []).append(mask_personal(text)[:300])
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
