"""JSON pages that are already there, to four typed frames."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.one import Job
from benchmarks.ways.sameness import fingerprint

Tables = Callable[[list[bytes]], Any]


def _job(options: dict[str, Any], tables: Tables) -> Job:
    bodies = Path(options["bodies"]).read_bytes().split(b"\n")
    tables(bodies[:1])
    return Job(lambda: tables(bodies), lambda made: {"same": fingerprint(made)})


def spoki(options: dict[str, Any]) -> Job:
    """This package: page by page, as the client does it."""
    import pyarrow as pa

    from spoki_analytics.api.answers import parse
    from spoki_analytics.frames.builder import TableBuilder
    from spoki_analytics.frames.schemas import SCHEMAS
    from spoki_analytics.frames.tables import memberships, to_frame

    schema = SCHEMAS["contacts"]
    if options.get("pool") == "system":
        pa.set_memory_pool(pa.system_memory_pool())

    def tables(bodies: list[bytes]) -> Any:
        builder = TableBuilder(schema)
        for body in bodies:
            builder.add(parse(body)["results"])
        table = builder.finish()
        sides = {name: memberships(table, schema, name) for name in ("fields", "lists", "tags")}
        return {"contacts": to_frame(table, schema), **sides}

    return _job(options, tables)


def by_hand(options: dict[str, Any]) -> Job:
    """json.loads and four times json_normalize."""
    from benchmarks.ways.by_hand import tables

    def all_at_once(bodies: list[bytes]) -> Any:
        rows: list[Any] = []
        for body in bodies:
            rows += json.loads(body)["results"]
        return tables(rows)

    return _job(options, all_at_once)


def floor(options: dict[str, Any]) -> Job:
    """pyarrow.json on the pages."""
    from benchmarks.ways.floor import frames, from_bodies

    return _job(options, lambda bodies: frames(from_bodies(bodies)))
