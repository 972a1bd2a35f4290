"""How a reply leaves: whole, late, or only so much of it before the connection breaks."""

from __future__ import annotations

import asyncio
import socket
import struct
import sys
from collections.abc import Callable

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from spoki_analytics.sandbox.effects import DROPPED
from spoki_analytics.sandbox.replies import Reply

Transports = Callable[[tuple[str, int]], asyncio.Transport]
"""Finds the connection of a client's address."""
LINGER = "hh" if sys.platform == "win32" else "ii"
"""Layout of the socket option that makes closing a reset."""


class Delivery(Response):
    """Sends a reply, or as much of it as the reply says before it breaks the connection."""

    def __init__(self, reply: Reply, transports: Transports) -> None:
        super().__init__(reply.body, reply.status)
        self.raw_headers += [(name.encode(), value.encode()) for name, value in reply.headers]
        self._reply = reply
        self._transports = transports

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send, as the application server asks."""
        if self._reply.delay:
            await asyncio.sleep(self._reply.delay)
        if self._reply.keep is None:
            await super().__call__(scope, receive, send)
            return
        transport = self._transports(scope["client"])
        if self._reply.keep == DROPPED:
            _reset(transport)
        else:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            part = self.body[: self._reply.keep]
            await send({"type": "http.response.body", "body": part, "more_body": True})
            transport.close()
        while (await receive())["type"] != "http.disconnect":
            pass


def _reset(transport: asyncio.Transport) -> None:
    """End a connection as a crash does: at once, without a farewell."""
    connection = transport.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack(LINGER, 1, 0))
    transport.abort()
