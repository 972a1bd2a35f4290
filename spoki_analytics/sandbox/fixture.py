"""A pytest plugin with the sandbox as a fixture, for the tests of whoever uses this package.

``spoki_sandbox`` is a running small sandbox whose block is entered: ``Spoki()`` leads to it, with caches and data in a
temporary folder, and ``spoki_sandbox.advance(days=1)`` lets a day pass. ``spoki_sandbox_factory`` starts sandboxes with
other options; the latest one holds.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from spoki_analytics.sandbox.sandbox import Sandbox


@pytest.fixture
def spoki_sandbox_factory(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Sandbox]]:
    """Start sandboxes with the options of ``Sandbox``; the environment leads to the latest one."""
    from spoki_analytics.sandbox.environment import VARIABLES
    from spoki_analytics.sandbox.sandbox import Sandbox

    for name in VARIABLES:
        # A test may patch these while the sandbox runs, and is undone after it has gone: this undoes the rest then.
        monkeypatch.setenv(name, os.environ.get(name, ""))
    with ExitStack() as running:

        def start(**options: object) -> Sandbox:
            return running.enter_context(Sandbox(**options))  # type: ignore[arg-type]

        yield start


@pytest.fixture
def spoki_sandbox(spoki_sandbox_factory: Callable[..., Sandbox]) -> Sandbox:
    """A running small sandbox, to which ``Spoki()`` leads."""
    return spoki_sandbox_factory()
