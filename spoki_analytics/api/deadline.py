"""A total beside the time-out: requests' own counts from byte to byte, so that a drip of bytes holds it for ever.

While a limit runs, the connection that answers this thread is known to it; when the time is over, its socket is shut,
which ends whatever is being read from it.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import requests
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

_running = threading.local()


class Limit:
    """The time that one answer may take.

    Attributes:
        is_over: Whether it took longer.
    """

    def __init__(self) -> None:
        self.is_over = False
        self._socket: socket.socket | None = None

    def watch(self, connection: socket.socket | None) -> None:
        """Know the socket from which the answer is about to be read."""
        self._socket = connection
        if self.is_over:
            self.end()

    def end(self) -> None:
        """Shut the socket: its reader meets the end of the stream."""
        self.is_over = True
        if self._socket is not None:
            with suppress(OSError):  # past SSLSocket's own, which would first drop what another thread reads with
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


class LateAnswerError(requests.ReadTimeout):
    """An answer that took longer than it may in all."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """End what this thread reads from a connection made here when it has taken so many seconds in all.

    Raises:
        LateAnswerError: It took longer, whatever the end of the stream looked like to its reader.
    """
    limit = _running.limit = Limit()
    timer = threading.Timer(seconds, limit.end)
    timer.daemon = True
    timer.start()
    try:
        yield
    except Exception:
        if limit.is_over:
            raise LateAnswerError from None
        raise
    finally:
        timer.cancel()
        _running.limit = None
    if limit.is_over:
        raise LateAnswerError


def _watch(connection: Any) -> None:
    limit: Limit | None = getattr(_running, "limit", None)
    if limit is not None:
        limit.watch(connection.sock)


class _Connection(HTTPConnection):
    def getresponse(self) -> Any:
        _watch(self)
        return super().getresponse()


class _SecureConnection(HTTPSConnection):
    def getresponse(self) -> Any:
        _watch(self)
        return super().getresponse()


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


POOLS = {"http": _Pool, "https": _SecurePool}
"""Pools of connections that a limit can end, for urllib3's ``pool_classes_by_scheme``."""
