"""The sandbox as a Starlette application whose routes are the rows of the catalogue."""

from __future__ import annotations

import logging
import re
import time
from dataclasses import dataclass

import orjson
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from spoki_analytics.api.catalogue import Operation, catalogue
from spoki_analytics.sandbox import reads
from spoki_analytics.sandbox.accounts import Account
from spoki_analytics.sandbox.answers import answer
from spoki_analytics.sandbox.calls import Call, Memory
from spoki_analytics.sandbox.delivery import Delivery, Transports
from spoki_analytics.sandbox.effects import DROPPED
from spoki_analytics.sandbox.faults import Faults, Hit
from spoki_analytics.sandbox.rates import Rates
from spoki_analytics.sandbox.replies import JSON, RefusedError, Reply, encode, no_credentials, wrong_key
from spoki_analytics.sandbox.world import World

KEY_HEADER = "x-spoki-api-key"
FAMILIES = (reads,)
"""Modules that register answers when they are imported."""
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Logged:
    """One request that arrived.

    Attributes:
        moment: Seconds on a clock that never goes back, when it arrived.
        wall: Seconds since 1970, when it arrived.
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


class Simulator:
    """Turns requests into replies: authentication, rate, faults, then the answer.

    Args:
        world: What is answered from.
        rates: Documented rates.
        faults: What goes wrong.
    """

    def __init__(self, world: World, rates: Rates, faults: Faults) -> None:
        self.world = world
        self.rates = rates
        self.faults = faults
        self.memory = Memory()
        self.log: list[Logged] = []

    def reply(self, operation: Operation, request: Request, body: bytes) -> tuple[Reply, int | None, tuple[str, ...]]:
        """The reply, the account that asked, and the faults that hit."""
        asked_by = None
        try:
            account = self._authenticate(request)
            asked_by = account.id
            self.rates.take(operation, asked_by)
            call = self._call(operation, account, request, body)
        except RefusedError as refusal:
            return refusal.reply, asked_by, ()
        address = f"{request.method} {request.url.path}?{request.url.query}"
        hits = self.faults.hits(call, address)
        return self._perform(call, hits), asked_by, tuple(fault.kind for fault, _ in hits)

    def _authenticate(self, request: Request) -> Account:
        key = request.headers.get(KEY_HEADER)
        if not key:
            raise no_credentials()
        account = self.world.account(self.world.keys.get(key, -1))
        if account is None:
            raise wrong_key()
        return account

    def _call(self, operation: Operation, account: Account, request: Request, body: bytes) -> Call:
        try:
            decoded = orjson.loads(body) if body else None
        except orjson.JSONDecodeError as problem:
            raise RefusedError(400, {"detail": f"JSON parse error - {problem}"}) from None
        origin = f"{request.url.scheme}://{request.url.netloc}"
        query = dict(request.query_params)
        return Call(self.world, self.memory, operation, account, request.path_params, query, decoded, origin)

    @staticmethod
    def _perform(call: Call, hits: list[Hit]) -> Reply:
        for fault, seconds in hits:
            if fault.instead:
                return fault.instead(call, seconds)
        for fault, _ in hits:
            if fault.before:
                fault.before(call)
        try:
            reply = answer(call)
        except RefusedError as refusal:
            reply = refusal.reply
        except Exception:
            logger.exception("The sandbox failed to answer %s.", call.operation.name)
            reply = Reply(500, encode({"detail": "The sandbox failed."}))
        for fault, seconds in hits:
            if fault.after:
                reply = fault.after(call, reply, seconds)
        return reply


def make_application(simulator: Simulator, transports: Transports) -> Starlette:
    """The ASGI application.

    Args:
        simulator: Gives the replies.
        transports: Finds the connection of a client's address, so that it can be broken.
    """

    async def not_routed(request: Request, problem: Exception) -> Response:
        status = problem.status_code if isinstance(problem, HTTPException) else 500
        simulator.log.append(_logged(request, (time.monotonic(), time.time()), "", status, None, ()))
        details = {404: "Not found.", 405: f'Method "{request.method}" not allowed.'}
        return Response(encode({"detail": details.get(status, "Internal error")}), status, media_type=JSON)

    routes = [_route(simulator, operation, transports) for operation in catalogue()]
    application = Starlette(routes=routes, exception_handlers={HTTPException: not_routed})
    application.router.redirect_slashes = False
    return application


def _route(simulator: Simulator, operation: Operation, transports: Transports) -> Route:
    kinds = {parameter.name: parameter.type for parameter in operation.accepts("path")}
    path = re.sub(r"{(\w+)}", lambda m: f"{{{m[1]}:int}}" if kinds[m[1]] == "int" else m[0], operation.route)

    async def endpoint(request: Request) -> Delivery:
        arrived = time.monotonic(), time.time()
        reply, account, hit = simulator.reply(operation, request, await request.body())
        status = 0 if reply.keep == DROPPED else reply.status
        simulator.log.append(_logged(request, arrived, operation.slug, status, account, hit))
        return Delivery(reply, transports)

    route = Route(path, endpoint, methods=[operation.method])
    route.methods = {operation.method}
    return route


def _logged(
    request: Request,
    arrived: tuple[float, float],
    operation: str,
    status: int,
    account: int | None,
    faults: tuple[str, ...],
) -> Logged:
    return Logged(
        moment=arrived[0],
        wall=arrived[1],
        method=request.method,
        host=request.url.netloc,
        path=request.scope["raw_path"].decode("ascii"),
        query=request.url.query,
        status=status,
        operation=operation,
        account=account,
        faults=faults,
        has_key=KEY_HEADER in request.headers,
        has_cookie="cookie" in request.headers,
    )
