"""The sandbox as a running server: real HTTP on the loopback, in a background thread."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import partial
from types import TracebackType
from typing import Self

import uvicorn

from spoki_analytics.catalogue import catalogue
from spoki_analytics.errors import UsageError
from spoki_analytics.sandbox.server.application import make_application
from spoki_analytics.sandbox.server.arrivals import Logged
from spoki_analytics.sandbox.server.delivery import reset
from spoki_analytics.sandbox.server.faults import Faults
from spoki_analytics.sandbox.server.rates import Rates
from spoki_analytics.sandbox.server.simulator import Simulator
from spoki_analytics.sandbox.world.moments import Clock
from spoki_analytics.sandbox.world.world import World

HOST = "127.0.0.1"
START_SECONDS = 30


class Sandbox:
    """A local Spoki over real HTTP.

    Use it as a context manager, or call ``start()`` and ``stop()``.

    Args:
        size: ``small`` (400 contacts, 4 accounts), ``medium`` (10,000, 25) or ``large`` (100,000, 500).
        seed: Seed of everything that is invented.
        port: Port on the loopback; 0 takes a free one.
        faults: Kinds of faults that stand, from ``FAULTS``.
        window: Length in seconds of the window of the documented rates.
        now: The moment at which the world is seen, or a function that gives it; None follows the real clock.
        since: First day of history; None is two years before. Give the same one to see a world grow older.

    Raises:
        UsageError: A size or fault is not known, or the port is taken.
    """

    def __init__(
        self,
        size: str = "small",
        seed: int = 1,
        port: int = 0,
        faults: Iterable[str] = (),
        window: float = 60.0,
        now: datetime | Clock | None = None,
        since: date | None = None,
    ) -> None:
        self.world = World(size, seed, now, since)
        self._faults = Faults(tuple(faults))
        self._simulator = Simulator(self.world, Rates(window), self._faults)
        self._port = port
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> Self:
        """Open the port and answer from it."""
        listener = _listen(self._port)
        self._port = listener.getsockname()[1]
        self._server = _Server(self._simulator)
        self._thread = threading.Thread(target=self._server.run, args=([listener],), name="spoki-sandbox", daemon=True)
        self._thread.start()
        self._server.ready.wait(START_SECONDS)
        return self

    def stop(self) -> None:
        """Close the port and all connections; harmless when it is not running."""
        if self._server and self._thread:
            self._server.leave()
            self._thread.join()
        self._server = self._thread = None

    def revive(self) -> Self:
        """Start again after the server has died (faults ``die`` and ``die_before``): same port, same records."""
        self.stop()
        return self.start()

    @property
    def base_url(self) -> str:
        """Origin, such as ``http://127.0.0.1:51234``."""
        return f"http://{HOST}:{self._port}"

    @property
    def api_key(self) -> str:
        """The main key: it sees every account, and the records of the first one."""
        return self.world.main.key

    @property
    def api_keys(self) -> dict[int, str]:
        """The key of each account, by account id."""
        return {account: key for key, account in self.world.keys.items()}

    @property
    def environment(self) -> dict[str, str]:
        """Environment variables that lead the client here."""
        return {"SPOKI_BASE_URL": self.base_url, "SPOKI_API_KEY": self.api_key}

    @property
    def requests(self) -> list[Logged]:
        """Every request that arrived, oldest first."""
        return list(self._simulator.log)

    def writes(self, operation: str = "") -> list[Logged]:
        """The requests that asked for a change, oldest first, refused and unanswered ones included.

        ``done`` tells whether it was carried out, ``sent`` gives the decoded body.

        Args:
            operation: Only those of one operation, by its slug.
        """
        wanted = {each.slug for each in catalogue() if not each.is_read and operation in ("", each.slug)}
        return [each for each in self.requests if each.operation in wanted]

    def calls(self, operation: str) -> int:
        """How many requests of an operation arrived, refused ones included; its name as a slug: ``list_contacts``."""
        return sum(each.operation == operation for each in self.requests)

    def fail_next(self, kind: str, times: int = 1, path: str = "", seconds: float | None = None) -> None:
        """Let a fault hit the next requests.

        Args:
            kind: A kind from ``FAULTS``.
            times: How many requests it hits.
            path: Part of "METHOD path?query" that a request must contain to be hit.
            seconds: Delay of ``slow``, or Retry-After of ``too_many``.
        """
        self._faults.aim(kind, times, path, seconds)


print_at_once = partial(print, flush=True)
"""Prints so that whoever reads a pipe sees the line at once."""


def serve(
    port: int = 0,
    size: str = "small",
    seed: int = 1,
    faults: Iterable[str] = (),
    announce: Callable[[str], object] = print_at_once,
) -> None:
    """Run a sandbox until Ctrl-C.

    Args:
        port: Port on the loopback; 0 takes a free one.
        size: Size of the world.
        seed: Seed of the world.
        faults: Kinds of faults that stand.
        announce: Gets the lines to show once it runs.
    """
    with Sandbox(size=size, seed=seed, port=port, faults=faults) as sandbox:
        announce(f"A {size} sandbox answers at {sandbox.base_url} with key {sandbox.api_key}")
        announce("To use it:")
        for name, value in sandbox.environment.items():
            announce(f"  export {name}={value}")
        announce("Stop it with Ctrl-C.")
        with contextlib.suppress(KeyboardInterrupt):
            while True:
                time.sleep(3600)


class _Server(uvicorn.Server):
    """A server that tells when it is ready, leaves at once, can die, and knows its connections by address."""

    def __init__(self, simulator: Simulator) -> None:
        application = make_application(simulator, self)
        config = uvicorn.Config(
            application,
            http="h11",
            ws="none",
            loop="asyncio",
            lifespan="off",
            log_config=None,
            log_level="critical",
            access_log=False,
            timeout_graceful_shutdown=1,
        )
        super().__init__(config)
        self.ready = threading.Event()
        self._leaving: asyncio.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop, self._leaving = asyncio.get_running_loop(), asyncio.Event()
        await super().startup(sockets)
        self.ready.set()

    async def main_loop(self) -> None:
        while not await self.on_tick(0) and self._leaving:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._leaving.wait(), 1)

    def leave(self) -> None:
        """Stop answering; called from another thread, also when it has died."""
        self.should_exit = True
        if self._loop and self._leaving:
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._leaving.set)

    def die(self) -> None:
        for listener in self.servers:
            listener.close()
        for connection in list(self.server_state.connections):
            reset(connection.transport)
        self.should_exit = True
        if self._leaving:
            self._leaving.set()

    def transport(self, client: tuple[str, int]) -> asyncio.Transport:
        connections = self.server_state.connections
        found = next(each for each in connections if getattr(each, "client", None) == tuple(client))
        transport: asyncio.Transport = found.transport
        return transport


def _listen(port: int) -> socket.socket:
    """A listening socket on the loopback; its protocol is named, or asyncio would leave Nagle's delay on."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
        listener.listen(128)
    except OSError as problem:
        listener.close()
        raise UsageError(f"Port {port} cannot be opened: {problem.strerror}.", advice="Choose another, or 0.") from None
    return listener
