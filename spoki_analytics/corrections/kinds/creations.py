"""Creations, and how a created record is told from those that were there before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from spoki_analytics.corrections.change import CREATED, Change, Refusal, Step, Values
from spoki_analytics.corrections.kinds.compare import ApiRow, project, same_values
from spoki_analytics.corrections.kinds.edits import sends, when
from spoki_analytics.corrections.reader import Reader
from spoki_analytics.corrections.writes import Write

DATED = ("tickets", "campaigns")
"""Families whose rows say when they were made, and are too many to be read before each creation."""
SKEW = timedelta(minutes=2)
"""How far Spoki's clock may be behind ours without anybody minding."""
DOUBT = timedelta(days=1)
"""How far it may be behind at all: what looks that much too old may still be the record in question."""


class UntellableError(Exception):
    """Reading back cannot tell whether a change happened; the message says why."""


def examine(write: Write, step: Step, reader: Reader) -> Change | Refusal:
    """The change that a creation amounts to, with the ids of records that look like it already."""
    twins = () if write.entry.family in DATED else tuple(row["id"] for row in _alike(write, step.body, reader))
    starts = write.entry.family == "campaigns" and sends(step.body)
    return Change(
        step,
        f"new {write.noun}",
        None,
        step.body,
        body=step.body,
        as_of=when(reader),
        warnings=tuple(_warnings(write, twins, starts)),
        confirm="START" if starts else write.confirm,
        irreversible=write.irreversible,
        inverse=(Step(write.inverse, {"id": CREATED}),) if write.inverse else (),
        twins=twins,
    )


def now(write: Write, change: Change, reader: Reader) -> Values | None:
    """The created values if the record is there, None if it is not."""
    return change.after if created(write, change, reader) is not None else None


def created(write: Write, change: Change, reader: Reader) -> Any:
    """The id of the record that a change made, None when there is none.

    Raises:
        UntellableError: Several records fit, or one does whose date is a little too early.
    """
    asked = datetime.fromisoformat(change.as_of)
    rows = [row for row in _alike(write, change.after or {}, reader) if row["id"] not in change.twins]
    ids = [row["id"] for row in rows if not _older(row, asked - SKEW)]
    doubtful = [row["id"] for row in rows if not _older(row, asked - DOUBT)]
    if len(ids) > 1 or (doubtful and not ids):
        raise UntellableError(f"{len(doubtful)} records look like it: {', '.join(map(str, doubtful[:5]))}.")
    return ids[0] if ids else None


def _alike(write: Write, body: Values, reader: Reader) -> list[ApiRow]:
    """Rows of the listing that hold the simple values of a body, as far as they show them."""
    plain = {name: value for name, value in body.items() if not isinstance(value, Mapping | list)}
    found: list[ApiRow] = []
    for row in reader.listing(write.listing):
        told = project(write.entry.family, row, plain)
        if told and "id" in row and same_values(told, {name: plain[name] for name in told}, reader.region):
            found.append(row)
    return found


def _older(row: ApiRow, earliest: datetime) -> bool:
    try:
        made = datetime.fromisoformat(str(row["created_datetime"]))
    except (KeyError, ValueError):
        return False
    return made.utcoffset() is not None and made < earliest


def _warnings(write: Write, twins: tuple[int, ...], starts: bool) -> list[str]:
    found = [write.warning] if write.warning else []
    if twins:
        found.append(f"There is one like it already: {write.noun} {', '.join(map(str, twins[:5]))}.")
    if starts:
        found.append("This status can start a mass sending, which reaches customers and costs credit.")
    return found
