"""Real HTTP on the loopback: a port, and a server in a thread of its own."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading

import uvicorn

from spoki_analytics.errors import UsageError
from spoki_analytics.sandbox.server.application import make_application
from spoki_analytics.sandbox.server.delivery import reset
from spoki_analytics.sandbox.server.simulator import Simulator
from spoki_analytics.wording.messages import gettext

HOST = "127.0.0.1"


class Server(uvicorn.Server):
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
            date_header=False,
            timeout_graceful_shutdown=1,
        )
        super().__init__(config)
        self.ready = threading.Event()
        self._leaving: asyncio.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Open, and say so."""
        self._loop, self._leaving = asyncio.get_running_loop(), asyncio.Event()
        await super().startup(sockets)
        self.ready.set()

    async def main_loop(self) -> None:
        """Run until it is told to leave, without looking every tenth of a second as the library does."""
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
        """Close the port and reset every connection, at once."""
        for listener in self.servers:
            listener.close()
        for connection in list(self.server_state.connections):
            reset(connection.transport)
        self.should_exit = True
        if self._leaving:
            self._leaving.set()

    def transport(self, client: tuple[str, int]) -> asyncio.Transport:
        """The connection of a client's address."""
        connections = self.server_state.connections
        connection = next(each for each in connections if getattr(each, "client", None) == tuple(client))
        transport: asyncio.Transport = connection.transport
        return transport


def listen(port: int) -> socket.socket:
    """A listening socket on the loopback; its protocol is named, or asyncio would leave Nagle's delay on."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
        listener.listen(128)
    except OSError as problem:
        listener.close()
        raise UsageError(
            gettext("Port {port} cannot be opened: {reason}.", port=port, reason=problem.strerror),
            advice=gettext("Choose another, or 0."),
        ) from None
    return listener
