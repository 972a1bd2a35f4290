"""What each fault does to a call or to its answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode, urlsplit

import orjson

from spoki_analytics.sandbox.answers.call import HOP, Call
from spoki_analytics.sandbox.answers.families import find_family
from spoki_analytics.sandbox.answers.replies import RefusedError, Reply, encode, throttled
from spoki_analytics.sandbox.world.inventory import FIRST_IDS

DROPPED = -1
"""Of a reply's ``keep``: nothing at all is sent."""
HTML = b"<!doctype html><html><body><h1>Maintenance</h1><p>Back soon.</p></body></html>"
Seconds = float | None
"""What was asked for where a fault has a length; None leaves it to the fault."""


def _with_headers(reply: Reply, **headers: str) -> Reply:
    return replace(reply, headers=(*reply.headers, *((name.replace("_", "-"), each) for name, each in headers.items())))


def drop(call: Call, seconds: Seconds) -> Reply:
    """No answer at all."""
    return Reply(keep=DROPPED)


def lose(call: Call, reply: Reply, seconds: Seconds) -> Reply:
    """The operation happened, and nobody hears of it."""
    return replace(reply, keep=DROPPED)


def die(call: Call, reply: Reply, seconds: Seconds) -> Reply:
    """The operation happened, and the server is gone before it could say so."""
    return replace(reply, keep=DROPPED, is_last=True)


def die_before(call: Call, seconds: Seconds) -> Reply:
    """The server is gone before the operation happens."""
    return Reply(keep=DROPPED, is_last=True)


def repeat(call: Call, reply: Reply, seconds: Seconds) -> Reply:
    """The same answer a second time, unasked: where the connection is kept, it seems to answer the next request."""
    return replace(reply, copies=2)


def truncate(call: Call, reply: Reply, seconds: Seconds) -> Reply:
    """Half of the body, then the end of the connection."""
    return replace(reply, keep=len(reply.body) // 2)


def wait(call: Call, reply: Reply, seconds: Seconds) -> Reply:
    """A late answer."""
    return replace(reply, delay=0.5 if seconds is None else seconds)


def too_many(call: Call, seconds: Seconds) -> Reply:
    """Too many requests."""
    return throttled(1 if seconds is None else int(seconds)).reply


def server_error(call: Call, seconds: Seconds) -> Reply:
    """An error of the server."""
    return RefusedError(500, {"message": "Internal error"}).reply


def html(call: Call, seconds: Seconds) -> Reply:
    """A page where JSON was expected."""
    return Reply(body=HTML, headers=(("content-type", "text/html; charset=utf-8"),))


def redirect(call: Call, seconds: Seconds) -> Reply:
    """The same address again, marked as redirected."""
    return _redirect_to(call, call.origin)


def redirect_abroad(call: Call, seconds: Seconds) -> Reply:
    """The same path on another origin."""
    return _redirect_to(call, foreign_origin(call.origin))


def _redirect_to(call: Call, origin: str) -> Reply:
    location = f"{origin}{call.operation.target(**call.path)}?{urlencode({**call.query, HOP: 1})}"
    return Reply(302, headers=(("location", location),))


def foreign_origin(origin: str) -> str:
    """The same server under another name: another origin, whose requests the sandbox can still see."""
    port = urlsplit(origin).port
    name = "127.0.0.1" if urlsplit(origin).hostname == "localhost" else "localhost"
    return f"http://{name}:{port}"


def is_not_redirected(call: Call) -> bool:
    """Whether a request is not the outcome of a redirect."""
    return HOP not in call.query


def is_write(call: Call) -> bool:
    """Whether a request asks for a change."""
    return not call.operation.is_read


def is_later_page(call: Call) -> bool:
    """Whether a request asks for page 2 or a later one of a stored listing."""
    is_collection = call.operation.is_listing and find_family(call.operation).name in FIRST_IDS
    return is_collection and call.query.get("page", "1") != "1"


def insert_row(call: Call) -> None:
    """A row appears in front: the last row of each page moves to the next one."""
    collection = call.space.collection(find_family(call.operation).name)
    newest = next(collection.records(), None)
    if newest is not None:
        collection.add(newest)


def _edit_rows(call: Call, reply: Reply, edit: Callable[[int, dict[str, Any]], dict[str, Any]]) -> Reply:
    """The reply with every row changed: of an array, of ``results``, or the one object."""
    if reply.status != 200 or not reply.body:
        return reply
    body = orjson.loads(reply.body)
    if isinstance(body, list):
        return replace(reply, body=encode([edit(i, row) for i, row in enumerate(body)]))
    if isinstance(body, dict) and "results" in body:
        rows = [edit(i, row) for i, row in enumerate(body["results"])]
        return replace(reply, body=encode({**body, "results": rows}))
    return replace(reply, body=encode(edit(0, body))) if isinstance(body, dict) else reply


def add_fields(call: Call, reply: Reply, seconds: Seconds) -> Reply:
    """Fields that nobody documented."""

    def edit(i: int, row: dict[str, Any]) -> dict[str, Any]:
        return {**row, "sandbox_flag": i % 2 == 0, "sandbox_extra": {"text": "<b>new</b>", "number": i}}

    return _edit_rows(call, reply, edit)


def change_types(call: Call, reply: Reply, seconds: Seconds) -> Reply:
    """Values of other types in every seventh row."""

    def edit(i: int, row: dict[str, Any]) -> dict[str, Any]:
        return {name: value if name == "id" or i % 7 else _other_type(value) for name, value in row.items()}

    return _edit_rows(call, reply, edit)


def _other_type(value: Any) -> Any:
    match value:
        case bool():
            return "yes" if value else "no"
        case int() | float():
            return f"{value} circa"
        case str():
            return {"text": value}
        case list():
            return "none" if not value else {"first": value[0]}
        case dict():
            return [value]
    return value


def link_abroad(call: Call, reply: Reply, seconds: Seconds) -> Reply:
    """Links that lead to another origin."""
    return replace(reply, body=reply.body.replace(call.origin.encode(), foreign_origin(call.origin).encode()))


def vary(call: Call, reply: Reply, seconds: Seconds) -> Reply:
    """Headers that defeat caching."""
    return _with_headers(reply, vary="X-Spoki-Api-Key, Cookie, Accept", cache_control="no-store, private")


def set_cookie(call: Call, reply: Reply, seconds: Seconds) -> Reply:
    """A cookie."""
    return _with_headers(reply, set_cookie="sandbox_session=1; Path=/; HttpOnly")
