"""Three listings under three rates, all at the same time, against a server that refuses what is too much."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from benchmarks.one import Job
from benchmarks.ways.end_to_end import counts


def spoki(options: dict[str, Any]) -> Job:
    """This package: ``spoki.together``; the rate of 120 needs a client of its own, as no source documents one."""
    from spoki_analytics import Spoki

    slow = Spoki(progress=False)
    os.environ["SPOKI_DEFAULT_RATE"] = "120"
    fast = Spoki(progress=False)
    return _job(options, lambda: slow.together(slow.lists.load, slow.campaigns.load, fast.tickets.load))


def by_hand(options: dict[str, Any]) -> Job:
    """requests in a thread for each listing, waiting when and as long as the server says so."""
    import requests

    def walk(path: str) -> list[Any]:
        session, url, rows = requests.Session(), options["origin"] + path, []
        while url:
            answer = session.get(url, timeout=30)
            if answer.status_code == 429:
                time.sleep(float(answer.headers["Retry-After"]))
                continue
            rows += answer.json()["results"]
            url = answer.json()["next"]
        return rows

    def work() -> list[list[Any]]:
        with ThreadPoolExecutor(len(options["throttled"])) as pool:
            return list(pool.map(walk, options["throttled"]))

    return _job(options, work)


def _job(options: dict[str, Any], work: Any) -> Job:
    counts(options["origin"])

    def tell(loaded: list[Any]) -> dict[str, Any]:
        told = counts(options["origin"])
        return {"same": [len(rows) for rows in loaded], "calls": told["answered"], "refused": told.get("refused", 0)}

    return Job(work, tell)
