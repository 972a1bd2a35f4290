"""Where the comparisons take place: files of pages, servers, filled caches."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.contacts import bodies
from benchmarks.processes import ROOT, Stage, Way, run

UNLIMITED = {"SPOKI_DEFAULT_RATE": "1000000", "SPOKI_RATE_WINDOW": "0.05", "SPOKI_LIST_MINUTES": "600"}
"""No rate that would be reached, and lists that live as long as the benchmarks run."""
_NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
_PERIOD = {"start": "2026-10-01", "end": "2026-10-31"}


@contextmanager
def nothing() -> Iterator[Stage]:
    """No stage."""
    yield Stage()


@contextmanager
def pages_on_disk(contacts: int) -> Iterator[Stage]:
    """The pages of a listing in a file, one a line."""
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        file = Path(folder) / "bodies"
        file.write_bytes(b"\n".join(bodies(contacts, "http://127.0.0.1")))
        yield Stage({"bodies": str(file)})


@contextmanager
def contact_server(contacts: int, fill: bool = False) -> Iterator[Stage]:
    """A server of contacts, and caches that this package has filled from it."""
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder, _server(contacts=contacts) as origin:
        environment = {**UNLIMITED, "SPOKI_BASE_URL": origin, "SPOKI_API_KEY": "benchmark"}
        stage = Stage({"origin": origin}, environment, Path(folder))
        if fill:
            run(Way("filling", "end_to_end:spoki", "process", warm=True), stage)
        yield stage


@contextmanager
def throttling_server(**throttled: tuple[int, int]) -> Iterator[Stage]:
    """A server of listings of so many pages with so many requests in a window, the window being a second."""
    listings = {f"/api/1/{name}/": sizes for name, sizes in throttled.items()}
    with _server(throttled=listings) as origin:
        environment = {"SPOKI_BASE_URL": origin, "SPOKI_API_KEY": "benchmark", "SPOKI_RATE_WINDOW": "1"}
        yield Stage({"origin": origin, "throttled": listings}, environment)


@contextmanager
def sandbox(size: str, reports: int) -> Iterator[Stage]:
    """A sandbox of which the caches hold all that these reports ask for; nothing is requested after that."""
    from spoki_analytics.sandbox import Sandbox

    with Sandbox(size, now=_NOW) as spoki, tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        accounts = [[account] for account in spoki.api_keys][:reports] if reports > 1 else [[]]
        notebook = str(ROOT / "notebooks" / "usage.ipynb")
        options = {"accounts": accounts, "pairs": 1, "notebook": notebook, **_PERIOD}
        stage = Stage(options, UNLIMITED | spoki.environment, Path(folder))
        run(Way("filling", "reports:many", warm=True), stage)
        asked = len(spoki.requests)
        yield stage
        assert len(spoki.requests) == asked, "a report asked Spoki although the cache was full"


@contextmanager
def _server(**options: Any) -> Iterator[str]:
    """The server as a process of its own; gives its origin."""
    command = [sys.executable, "-m", "benchmarks.server", json.dumps(options)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip()
        finally:
            server.terminate()
