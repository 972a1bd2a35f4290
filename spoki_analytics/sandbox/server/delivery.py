"""How a reply leaves: whole, late, or only so much of it before the connection breaks."""

from __future__ import annotations

import asyncio
import socket
import struct
import sys
from datetime import datetime
from email.utils import format_datetime
from http import HTTPStatus
from typing import Protocol

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from spoki_analytics.sandbox.answers.replies import Reply
from spoki_analytics.sandbox.server.effects import DROPPED

LINGER = "hh" if sys.platform == "win32" else "ii"
"""Layout of the socket option that makes closing a reset."""


class Wires(Protocol):
    """The connections of a server."""

    def transport(self, client: tuple[str, int]) -> asyncio.Transport:
        """The connection of a client's address."""

    def die(self) -> None:
        """Close the port and reset every connection, at once."""


class Delivery(Response):
    """Sends a reply, or as much of it as the reply says before it breaks the connection, or the server.

    Args:
        reply: What is sent.
        wires: The connections.
        moment: Moment of the answer, by the sandbox's time, for its ``Date``.
    """

    def __init__(self, reply: Reply, wires: Wires, moment: datetime) -> None:
        super().__init__(reply.body, reply.status)
        self.raw_headers.append((b"date", format_datetime(moment, usegmt=True).encode()))
        self.raw_headers += [(name.encode(), value.encode()) for name, value in reply.headers]
        self._reply = reply
        self._wires = wires

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send, as the application server asks."""
        if self._reply.delay:
            await asyncio.sleep(self._reply.delay)
        if self._reply.copies > 1:
            self._wires.transport(scope["client"]).write(self._raw(scope) * (self._reply.copies - 1))
        if self._reply.keep is None:
            await super().__call__(scope, receive, send)
            return
        await self._break_off(self._wires.transport(scope["client"]), self._reply.keep, send)
        while (await receive())["type"] != "http.disconnect":
            pass

    async def _break_off(self, transport: asyncio.Transport, keep: int, send: Send) -> None:
        if self._reply.is_last:
            self._wires.die()
        elif keep == DROPPED:
            reset(transport)
        else:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            await send({"type": "http.response.body", "body": self.body[:keep], "more_body": True})
            transport.close()

    def _raw(self, scope: Scope) -> bytes:
        """The whole answer as it goes over the wire, the wish to end the connection included."""
        head = f"HTTP/1.1 {self.status_code} {HTTPStatus(self.status_code).phrase}".encode()
        wish = [each for each in scope["headers"] if each[0] == b"connection"]
        lines = [head, *(name + b": " + value for name, value in [*self.raw_headers, *wish])]
        return b"\r\n".join([*lines, b"", bytes(self.body)])


def reset(transport: asyncio.Transport) -> None:
    """End a connection as a crash does: at once, without a farewell."""
    connection = transport.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack(LINGER, 1, 0))
    transport.abort()
