"""A total beside the time-out: requests' own counts from byte to byte, so that a drip of bytes holds it for ever.

While a limit runs, every read of an answer waits no longer than what is left of it. No thread watches over it, as a
process with threads forks badly.
"""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPResponse
from typing import Any

import requests
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

_running = threading.local()


class Limit:
    """The time that one answer may take.

    Attributes:
        end: When it is over, by ``time.monotonic``.
        is_over: Whether somebody was still reading then.
    """

    def __init__(self, seconds: float) -> None:
        self.end = time.monotonic() + seconds
        self.is_over = False


class LateAnswerError(requests.ReadTimeout):
    """An answer that took longer than it may in all."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """End what this thread reads from a connection made here when it has taken so many seconds in all.

    Raises:
        LateAnswerError: It took longer, whatever its reader made of that.
    """
    limit = _running.limit = Limit(seconds)
    try:
        yield
    except Exception:
        if limit.is_over:
            raise LateAnswerError from None
        raise
    finally:
        _running.limit = None


class _Timed(io.RawIOBase):
    """What comes from a socket while a limit runs."""

    def __init__(self, raw: Any, sock: Any, limit: Limit) -> None:
        self._raw = raw
        self._sock = sock
        self._limit = limit
        self._patience: float | None = sock.gettimeout()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._limit.end - time.monotonic()
        if self._patience is not None and self._patience < left:
            return self._raw.readinto(buffer)  # type: ignore[no-any-return]
        try:
            if left <= 0:
                raise TimeoutError
            self._sock.settimeout(left)
            return self._raw.readinto(buffer)  # type: ignore[no-any-return]
        except TimeoutError:
            self._limit.is_over = True
            raise
        finally:
            self._sock.settimeout(self._patience)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Answer(HTTPResponse):
    def __init__(self, sock: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        limit: Limit | None = getattr(_running, "limit", None)
        if limit is not None:
            self.fp = io.BufferedReader(_Timed(self.fp.detach(), sock, limit))


class _Connection(HTTPConnection):
    response_class = _Answer


class _SecureConnection(HTTPSConnection):
    response_class = _Answer


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


POOLS = {"http": _Pool, "https": _SecurePool}
"""Pools of connections that a limit can end, for urllib3's ``pool_classes_by_scheme``."""
