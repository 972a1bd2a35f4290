"""A pytest plugin with the sandbox as a fixture, for the tests of whoever uses this package.

``spoki_sandbox`` is a running small sandbox, and ``Spoki()`` leads to it: the environment points there, with caches and
data in a temporary folder. ``spoki_sandbox_factory`` starts sandboxes with other options.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from spoki_analytics.sandbox.server.server import Sandbox


@pytest.fixture
def spoki_sandbox_factory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[..., Sandbox]]:
    """Start sandboxes with the options of ``Sandbox``; the environment leads to the latest one."""
    from spoki_analytics.sandbox.server.server import Sandbox

    with ExitStack() as running:

        def start(**options: object) -> Sandbox:
            sandbox = running.enter_context(Sandbox(**options))  # type: ignore[arg-type]
            folders = {"SPOKI_CACHE_DIR": str(tmp_path / "cache"), "SPOKI_DATA_DIR": str(tmp_path / "data")}
            for name, value in (sandbox.environment | folders).items():
                monkeypatch.setenv(name, value)
            return sandbox

        yield start


@pytest.fixture
def spoki_sandbox(spoki_sandbox_factory: Callable[..., Sandbox]) -> Sandbox:
    """A running small sandbox, to which ``Spoki()`` leads."""
    return spoki_sandbox_factory()
