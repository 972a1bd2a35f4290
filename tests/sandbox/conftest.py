"""A sandbox that stands still in time, and a plain client for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from spoki_analytics.sandbox import Sandbox

NOON = datetime(2026, 11, 20, 13, 0, tzinfo=UTC)
"""A Friday at an hour when half of the day's messages are out."""


class Client:
    """Asks a sandbox without any of this package's own client."""

    def __init__(self, sandbox: Sandbox, key: str | None = None) -> None:
        self.sandbox = sandbox
        self.http = requests.Session()
        self.http.trust_env = False
        self.http.headers["X-Spoki-Api-Key"] = key or sandbox.api_key

    def ask(self, path: str, method: str = "GET", **query: Any) -> requests.Response:
        """One request below the API root."""
        url = f"{self.sandbox.base_url}/api/1{path}"
        return self.http.request(method, url, params=query, allow_redirects=False, timeout=10)

    def send(self, method: str, path: str, body: Any = None, **query: Any) -> requests.Response:
        """One write below the API root."""
        url = f"{self.sandbox.base_url}/api/1{path}"
        return self.http.request(method, url, params=query, json=body, allow_redirects=False, timeout=10)

    def done(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """What a write answers that must succeed."""
        answer = self.send(method, path, body, **query)
        assert answer.ok, answer.text
        return answer.json() if answer.content else None

    def refused(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """What a write answers that must be refused with 400."""
        answer = self.send(method, path, body, **query)
        assert answer.status_code == 400, answer.text
        return answer.json()

    def rows(self, path: str, **query: Any) -> list[dict[str, Any]]:
        """All rows of a listing, by following ``next``."""
        body = self.ask(path, **query).json()
        rows = list(body["results"])
        while body["next"]:
            body = self.http.get(body["next"], timeout=10).json()
            rows += body["results"]
        return rows


@pytest.fixture(scope="session")
def standing() -> Iterator[Sandbox]:
    """One small sandbox for all tests that only read, at noon of a fixed day, with rates too fast to be met."""
    sandbox = Sandbox(now=NOON, window=1e-9).start()
    yield sandbox
    sandbox.stop()


@pytest.fixture
def client(standing: Sandbox) -> Iterator[Client]:
    reader = Client(standing)
    yield reader
    reader.http.close()


@pytest.fixture
def start() -> Iterator[Callable[..., Client]]:
    """Start a sandbox of one's own; gives a client of it."""
    with ExitStack() as running:

        def run(**options: Any) -> Client:
            sandbox = Sandbox(**({"now": NOON, "window": 1e-9} | options)).start()
            running.callback(sandbox.stop)
            client = Client(sandbox)
            running.callback(client.http.close)
            return client

        yield run
