"""What arrived at the sandbox and what came of it, as tests want to know it afterwards."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import orjson
from starlette.requests import Request

from spoki_analytics.sandbox.answers.replies import Reply
from spoki_analytics.sandbox.server.effects import DROPPED

KEY_HEADER = "x-spoki-api-key"


@dataclass(frozen=True)
class Logged:
    """One request that arrived.

    Attributes:
        moment: Seconds on a clock that never goes back, when it arrived.
        wall: Seconds since 1970 by the world's clock, when it arrived.
        method: HTTP method.
        host: Host as the client called it.
        path: Path, still percent-encoded.
        query: Query string.
        status: Status of the answer, 0 when the connection was dropped.
        operation: Slug of the operation, empty when no route fits.
        account: Account of the key, None without a good one.
        faults: Kinds of faults that hit it.
        has_key: Whether a key came with it.
        has_cookie: Whether a cookie came with it.
        done: Whether the operation was carried out, whatever became of the answer.
        body: Bytes of the body.
    """

    moment: float
    wall: float
    method: str
    host: str
    path: str
    query: str
    status: int
    operation: str
    account: int | None
    faults: tuple[str, ...]
    has_key: bool
    has_cookie: bool
    done: bool
    body: bytes = field(repr=False)

    @property
    def sent(self) -> Any:
        """The decoded body, None without one."""
        return orjson.loads(self.body) if self.body else None


@dataclass
class Judgement:
    """What the simulator makes of a request.

    Attributes:
        reply: The answer.
        account: Account of the key, None without a good one.
        faults: Kinds of faults that hit.
        done: Whether the operation was carried out.
    """

    reply: Reply
    account: int | None = None
    faults: tuple[str, ...] = ()
    done: bool = False


def write_down(
    request: Request,
    arrived: tuple[float, float],
    operation: str,
    judgement: Judgement,
    body: bytes,
) -> Logged:
    """The record of a request that arrived at a moment, as ``Simulator.arrival`` gives it."""
    reply = judgement.reply
    return Logged(
        moment=arrived[0],
        wall=arrived[1],
        method=request.method,
        host=request.url.netloc,
        path=request.scope["raw_path"].decode("ascii"),
        query=request.url.query,
        status=0 if reply.keep == DROPPED else reply.status,
        operation=operation,
        account=judgement.account,
        faults=judgement.faults,
        has_key=KEY_HEADER in request.headers,
        has_cookie="cookie" in request.headers,
        done=judgement.done,
        body=body,
    )
