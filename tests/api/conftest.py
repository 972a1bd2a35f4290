from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from spoki_analytics import Spoki
from tests.conftest import KEY, Script


@pytest.fixture
def client(script: Script, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Spoki]]:
    """Makes clients of the scripted server, with a short rate window, which makes back-offs short too."""
    monkeypatch.setenv("SPOKI_RATE_WINDOW", "1")
    made: list[Spoki] = []

    def make(**options: Any) -> Spoki:
        made.append(Spoki(**{"api_key": KEY, "base_url": script.base_url, **options}))
        return made[-1]

    yield make
    for one in made:
        one.close()
