"""What one page costs a client: all pages of a listing, one after the other."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.one import Job

Fetch = Callable[[str], Any]


def requests_session(options: dict[str, Any]) -> Job:
    """requests.Session and its JSON."""
    import requests

    session = requests.Session()
    return _walk(options, lambda url: session.get(url, timeout=30).json())


def cached_pages(options: dict[str, Any]) -> Job:
    """requests-cache, each page kept by itself; the first of two walks fills it."""
    from datetime import timedelta

    from requests_cache import CachedSession
    from requests_cache.backends.sqlite import SQLiteCache

    backend = SQLiteCache(Path(os.environ["SPOKI_CACHE_DIR"]) / "pages.sqlite", wal=True)
    session = CachedSession(backend=backend, expire_after=timedelta(minutes=30))
    job = _walk(options, lambda url: session.get(url, timeout=30).json())
    if options["warm"]:
        job.work()
    return job


def floor(options: dict[str, Any]) -> Job:
    """urllib3 and orjson."""
    import orjson
    import urllib3

    pool = urllib3.PoolManager()
    return _walk(options, lambda url: orjson.loads(pool.request("GET", url).data))


def answers(options: dict[str, Any]) -> Job:
    """This package: the turn in the rate, the request, the checks, the JSON."""
    from spoki_analytics import Spoki
    from spoki_analytics.api.progress import Meter
    from spoki_analytics.catalogue import operation

    session = Spoki(progress=False).session
    contacts, meter = operation("list_contacts"), Meter("", show=False)
    return _walk(options, lambda url: session.reads.read(contacts, url, session.account, meter))


def kept(options: dict[str, Any]) -> Job:
    """This package: the same, and typed, checked for drift and kept; or, warm, from what was kept."""
    from spoki_analytics import Spoki
    from spoki_analytics.catalogue import operation
    from spoki_analytics.frames.schemas import SCHEMAS
    from spoki_analytics.frames.tables import TableCodec

    session = Spoki(progress=False).session
    contacts, codec = operation("list_contacts"), TableCodec(SCHEMAS["contacts"], "UTC")
    session.listing(contacts, {}, codec, limit=None if options["warm"] else 1)
    return Job(lambda: session.listing(contacts, {}, codec).value.num_rows, _rows)


def _walk(options: dict[str, Any], fetch: Fetch) -> Job:
    first = f"{options['origin']}/api/1/contacts/"

    def work() -> int:
        url, rows = first, 0
        while url:
            page = fetch(url)
            rows += len(page["results"])
            url = page["next"]
        return rows

    fetch(f"{first}?page=2")
    return Job(work, _rows)


def _rows(rows: int) -> dict[str, Any]:
    return {"same": rows}
