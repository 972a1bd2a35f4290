"""From a fresh process to four typed frames, imports included."""

from __future__ import annotations

import os
import urllib.request
from typing import Any

from benchmarks.one import Job


def spoki(options: dict[str, Any]) -> Job:
    """This package; cold or warm by the folders in the environment."""
    from benchmarks.ways.with_spoki import load

    return Job(load, lambda made: _told(options, made))


def by_hand(options: dict[str, Any]) -> Job:
    """The hand-written loop."""
    from benchmarks.ways.by_hand import load

    return Job(lambda: load(options["origin"], os.environ["SPOKI_API_KEY"]), lambda made: _told(options, made))


def floor(options: dict[str, Any]) -> Job:
    """urllib3, orjson, Arrow with a schema."""
    from benchmarks.ways.floor import load

    return Job(lambda: load(options["origin"], os.environ["SPOKI_API_KEY"]), lambda made: _told(options, made))


def _told(options: dict[str, Any], made: Any) -> dict[str, Any]:
    from benchmarks.ways.sameness import fingerprint

    return {"same": fingerprint(made), "calls": counts(options["origin"]).get("answered", 0)}


def counts(origin: str) -> dict[str, int]:
    """What the server answered and refused since it was asked last."""
    import json

    with urllib.request.urlopen(f"{origin}/counts") as answer:
        told: dict[str, int] = json.load(answer)
        return told
