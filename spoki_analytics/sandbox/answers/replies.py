"""Answers before they are sent, and the error bodies of the contract's section 1.4."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import orjson

JSON = "application/json"


@dataclass(frozen=True)
class Reply:
    """One answer.

    Attributes:
        status: HTTP status.
        body: Bytes of the body.
        headers: Headers beside the length.
        delay: Seconds to wait before it is sent.
        keep: How many bytes of the body are sent before the connection breaks; None sends all, -1 not even a status.
        copies: How many times it is sent.
        is_last: Whether the server dies instead of sending it.
    """

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = field(default=(("content-type", JSON),))
    delay: float = 0.0
    keep: int | None = None
    copies: int = 1
    is_last: bool = False


class RefusedError(Exception):
    """A request that is answered with an error."""

    def __init__(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        super().__init__(status)
        self.reply = Reply(status, encode(body), (("content-type", JSON), *(headers or {}).items()))


def encode(body: Any) -> bytes:
    """A JSON body."""
    return orjson.dumps(body)


def invalid(field: str, complaint: str) -> RefusedError:
    """One field of the body is wrong."""
    return RefusedError(400, {field: [complaint]})


def forbidden_now(detail: str) -> RefusedError:
    """The body is right, but the state of things is not."""
    return RefusedError(400, {"detail": detail})


def no_content() -> Reply:
    """Done, and nothing to say."""
    return Reply(204, headers=())


def no_credentials() -> RefusedError:
    """No key came, or one that is nobody's: Spoki says the same of both (contract 7.8)."""
    return RefusedError(401, {"detail": "Authentication credentials were not provided."})


def not_allowed() -> RefusedError:
    """The key is good, but not for this account."""
    return RefusedError(403, {"title": "Permission denied", "detail": "This key has no access to that account."})


def not_found() -> RefusedError:
    """There is no such thing, or not any more."""
    return RefusedError(404, {"detail": "Not found."})


def throttled(seconds: int) -> RefusedError:
    """Too many requests: try again after this many seconds."""
    detail = f"Request was throttled. Expected available in {seconds} seconds."
    return RefusedError(429, {"detail": detail}, {"retry-after": str(seconds)})
