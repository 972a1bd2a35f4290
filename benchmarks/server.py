"""A small fast server of pages that were encoded beforehand, so that the client is what is measured.

``python -m benchmarks.server '{"contacts": 20000}'`` prints its origin. A listing may have a rate: then requests are
refused as Django REST framework's throttle does it, by a log of the requests of the last window in which refused ones
are not counted. ``GET /counts`` tells the answered and refused requests since the last time, and starts afresh.
"""

from __future__ import annotations

import asyncio
import json
import math
import re
import socket
import sys
import time
from collections import Counter, deque
from dataclasses import dataclass, field

import orjson

from benchmarks.contacts import bodies

WINDOW = 1.0
"""Seconds of a rate's window; Spoki's are 60."""


@dataclass
class Listing:
    """The encoded pages of one listing, and how many of them may be asked for in a window."""

    pages: list[bytes]
    rate: int | None = None
    log: deque[float] = field(default_factory=deque)

    def wait(self) -> float:
        """Take a place in the window and give 0, or give the seconds until there is one."""
        if self.rate is None:
            return 0
        now = time.monotonic()
        while self.log and self.log[0] <= now - WINDOW:
            self.log.popleft()
        if len(self.log) >= self.rate:
            return self.log[0] + WINDOW - now
        self.log.append(now)
        return 0


class Connection(asyncio.Protocol):
    """One client: answers each GET as it comes."""

    def __init__(self, listings: dict[str, Listing], counts: Counter[str]) -> None:
        self._listings = listings
        self._counts = counts
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        while b"\r\n\r\n" in self._received:
            head, self._received = self._received.split(b"\r\n\r\n", 1)
            path, _, query = head.split(b" ", 2)[1].decode().partition("?")
            self._transport.write(self._answer(path, query))

    def _answer(self, path: str, query: str) -> bytes:
        if path == "/counts":
            told = json.dumps(self._counts).encode()
            self._counts.clear()
            for listing in self._listings.values():
                listing.log.clear()
            return encoded(told)
        listing = self._listings[path]
        if wait := listing.wait():
            self._counts["refused"] += 1
            return encoded(b'{"detail":"throttled"}', "429 Too Many Requests", f"Retry-After: {math.ceil(wait)}\r\n")
        self._counts["answered"] += 1
        page = re.search(r"(?:^|&)page=(\d+)", query)
        return listing.pages[int(page[1]) - 1 if page else 0]


def encoded(body: bytes, status: str = "200 OK", more: str = "") -> bytes:
    """A whole HTTP answer."""
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n{more}\r\n"
    return head.encode() + body


def small_listing(path: str, pages: int, rate: int, origin: str) -> Listing:
    """Pages of two rows each, of which so many may be asked for in a window."""
    made = []
    for page in range(1, pages + 1):
        link = f"{origin}{path}?page={page + 1}" if page < pages else None
        rows = [{"id": 2 * page + place, "name": f"Row {2 * page + place}"} for place in (0, 1)]
        made.append(encoded(orjson.dumps({"count": 2 * pages, "next": link, "previous": None, "results": rows})))
    return Listing(made, rate)


async def serve(contacts: int = 0, throttled: dict[str, tuple[int, int]] | None = None) -> None:
    """Serve so many contacts, and listings of so many pages at such a rate by their path."""
    # The protocol is named, as asyncio switches Nagle's delay off for TCP sockets only.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    origin = f"http://127.0.0.1:{listener.getsockname()[1]}"
    listings = {path: small_listing(path, *sizes, origin) for path, sizes in (throttled or {}).items()}
    if contacts:
        listings["/api/1/contacts/"] = Listing([encoded(body) for body in bodies(contacts, origin)])
    counts: Counter[str] = Counter()
    server = await asyncio.get_running_loop().create_server(lambda: Connection(listings, counts), sock=listener)
    print(origin, flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(**json.loads(sys.argv[1])))
