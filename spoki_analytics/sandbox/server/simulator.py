"""From a request to its reply: authentication, rate, faults, then the answer of its operation."""

from __future__ import annotations

import logging
import threading
import time
from datetime import timedelta
from importlib import import_module
from pkgutil import iter_modules

import orjson
from starlette.requests import Request

from spoki_analytics.catalogue import Operation
from spoki_analytics.sandbox import answers
from spoki_analytics.sandbox.answers.call import Call, Memory
from spoki_analytics.sandbox.answers.records import answer
from spoki_analytics.sandbox.answers.replies import RefusedError, Reply, encode, no_credentials
from spoki_analytics.sandbox.server.faults import Faults, Hit
from spoki_analytics.sandbox.server.log import KEY_HEADER, Judgement, Logged
from spoki_analytics.sandbox.server.rates import Rates
from spoki_analytics.sandbox.world.accounts import Account
from spoki_analytics.sandbox.world.world import World

TRIGGERS = "/wh/"
"""Where paths begin that need no key; those of the main account are known."""
for _module in iter_modules(answers.__path__):
    # What answers an operation registers itself when its module is imported.
    import_module(f"{answers.__name__}.{_module.name}")
logger = logging.getLogger(__name__)


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
        self._turn = threading.Lock()

    def judge(self, operation: Operation, request: Request, body: bytes) -> Judgement:
        """What a request gets.

        Requests are judged one after the other, and never while time passes: each sees and leaves whole records.
        """
        with self._turn:
            self.world.look_daily()
            return self._judge(operation, request, body)

    def arrival(self) -> tuple[float, float]:
        """The moment of an arrival: seconds that never go back, and seconds since 1970 by the world's clock."""
        return time.monotonic(), self.world.now().timestamp()

    def advance(self, by: timedelta) -> None:
        """Let time pass between two requests."""
        with self._turn:
            self.world.advance(by)
            self.memory.forget_pages()

    def _judge(self, operation: Operation, request: Request, body: bytes) -> Judgement:
        asked_by = None
        try:
            account = self._authenticate(operation, request)
            asked_by = account.id
            self.rates.take(operation, asked_by)
            call = self._call(operation, account, request, body)
        except RefusedError as refusal:
            return Judgement(refusal.reply, asked_by)
        address = f"{request.method} {request.url.path}?{request.url.query}"
        hits = self.faults.hits(call, address)
        reply, done = self._perform(call, hits)
        return Judgement(reply, asked_by, tuple(fault.kind for fault, _ in hits), done)

    def _authenticate(self, operation: Operation, request: Request) -> Account:
        key = request.headers.get(KEY_HEADER)
        if operation.path.startswith(TRIGGERS):
            return self.world.main
        account = self.world.account(self.world.keys.get(key or "", -1))
        if account is None:
            raise no_credentials()
        return account

    def _call(self, operation: Operation, account: Account, request: Request, body: bytes) -> Call:
        try:
            decoded = orjson.loads(body) if body else None
        except orjson.JSONDecodeError as problem:
            raise RefusedError(400, {"detail": f"JSON parse error - {problem}"}) from None
        origin = f"{request.url.scheme}://{request.url.netloc}"
        query = dict(request.query_params)
        return Call(self.world, self.memory, operation, account, request.path_params, query, decoded, origin)

    def _perform(self, call: Call, hits: list[Hit]) -> tuple[Reply, bool]:
        """The reply with all that faults make of it, and whether the operation was carried out."""
        for fault, seconds in hits:
            if fault.instead:
                return fault.instead(call, seconds), False
        for fault, _ in hits:
            if fault.before:
                fault.before(call)
        reply = self._carry_out(call)
        done = reply.status < 400
        for fault, seconds in hits:
            if fault.after:
                reply = fault.after(call, reply, seconds)
        return reply, done

    def _carry_out(self, call: Call) -> Reply:
        try:
            return answer(call)
        except RefusedError as refusal:
            return refusal.reply
        except Exception:
            logger.exception("The sandbox failed to answer %s.", call.operation.name)
            return Reply(500, encode({"detail": "The sandbox failed."}))
        finally:
            if not call.operation.is_read:
                self.memory.forget_pages()
