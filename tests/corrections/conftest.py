"""A client of a small server that keeps contacts and tickets and counts what it is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from spoki_analytics import Spoki
from tests.conftest import KEY
from tests.corrections.killable import Workers
from tests.corrections.spoki_double import Double


@pytest.fixture
def double() -> Iterator[Double]:
    server = Double()
    yield server
    server.close()


@pytest.fixture
def client(double: Double, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Spoki]]:
    """Makes clients that may write, with a rate window so short that nobody waits for it."""
    monkeypatch.setenv("SPOKI_RATE_WINDOW", "0.001")
    monkeypatch.setenv("SPOKI_DEFAULT_RATE", "1000")
    made: list[Spoki] = []

    def make(**options: Any) -> Spoki:
        made.append(Spoki(**{"api_key": KEY, "base_url": double.base_url, "writes": True, **options}))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def spoki(client: Callable[..., Spoki]) -> Spoki:
    return client()


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    pool = Workers()
    yield pool
    pool.close()
