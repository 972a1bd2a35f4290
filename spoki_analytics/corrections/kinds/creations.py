"""Creations, and how a created record is told from those that were there before.

Spoki may spell a value otherwise than it was sent: a status, a number that comes back as a text, a name without its
last blank. So that no record looks like the one that was to be made does not prove that it was not made; only that no
record is new since the plan does.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from spoki_analytics.corrections.change import CREATED, Change, Step, Values
from spoki_analytics.corrections.kinds.compare import project, same_values
from spoki_analytics.corrections.kinds.kind import Kind, UntellableError, read_at
from spoki_analytics.corrections.kinds.times import times_in_zone
from spoki_analytics.corrections.reader import Reader
from spoki_analytics.corrections.refusals import Refusal
from spoki_analytics.corrections.subjects import ApiRow
from spoki_analytics.corrections.writes import MASS_SENDING, START, Write
from spoki_analytics.wording.messages import gettext, ngettext

SKEW = timedelta(minutes=2)
"""How far Spoki's clock may be behind ours without anybody minding."""
DOUBT = timedelta(days=1)
"""How far it may be behind at all: what looks that much too old may still be the record in question."""


class Creations(Kind):
    """Makes a record that is not there yet."""

    settles = False

    def plan(self, write: Write, step: Step, reader: Reader) -> Change | Refusal:
        """The record that would be made, with the ids of those that are there, and of those that look like it."""
        # Reading every ticket before each creation would take too long; their dates tell old from new.
        rows = None if write.subject.is_dated else _rows(write, reader)
        unnamed = () if rows is None else (None,) * len(_without_id(write, reader))
        twins = tuple(row["id"] for row in rows or () if _is_alike(write, step.body, row, reader))
        starts = write.subject.sending is not None and write.subject.sending.may_start(step.body)
        return Change(
            step,
            gettext("new {noun}", noun=write.subject.noun),
            None,
            step.body,
            body=step.body,
            as_of=read_at(reader),
            warnings=(*_warnings(write, twins, starts), *times_in_zone(write, step.body, reader)),
            confirm=START if starts else write.confirm,
            irreversible=gettext(write.irreversible) if write.irreversible else "",
            inverse=(Step(write.inverse, {"id": CREATED}),) if write.inverse else (),
            twins=twins,
            seen=None if rows is None else (*(row["id"] for row in rows), *unnamed),
        )

    def read(self, write: Write, change: Change, reader: Reader) -> Values | None:
        """The created values if the record is there, None if nothing is new, which proves that it was not made."""
        return change.after if self.find_created(write, change, reader) is not None else None

    def find_created(self, write: Write, change: Change, reader: Reader) -> Any:
        """The id of the record that a change made, None when it made none.

        Raises:
            UntellableError: Several records fit, or one that may be older, or something else is new since the plan.
        """
        made = reader.made.get(write.slug, ())
        alike: list[ApiRow] = []
        others: list[ApiRow] = []
        for row in _rows(write, reader):
            (alike if _is_alike(write, change.after or {}, row, reader) else others).append(row)
        fitting = [row for row in alike if _may_be_new(change, row, SKEW)]
        sure = [row["id"] for row in fitting if _is_new(write, change, row) and row["id"] not in made]
        if len(fitting) == len(sure) == 1:
            return sure[0]
        if doubtful := [row["id"] for row in alike if _may_be_new(change, row, DOUBT)]:
            raise UntellableError(_several(doubtful))
        if new := [row["id"] for row in others if _may_be_new(change, row, SKEW) and row["id"] not in made]:
            raise UntellableError(_new_since(new))
        if unnamed := _unnamed_since(change, _without_id(write, reader)):
            raise UntellableError(_say_unnamed(unnamed))
        return None


def _rows(write: Write, reader: Reader) -> list[ApiRow]:
    return [row for row in reader.listing(write.listing) if row.get("id") is not None]


def _without_id(write: Write, reader: Reader) -> list[ApiRow]:
    """Rows of a shape that nobody documents, which can be counted but not told apart."""
    return [row for row in reader.listing(write.listing) if row.get("id") is None]


def _unnamed_since(change: Change, rows: list[ApiRow]) -> int:
    """How many rows without an id may have come after the plan."""
    if change.seen is not None:
        return max(len(rows) - change.seen.count(None), 0)
    since = datetime.fromisoformat(change.as_of) - SKEW
    return sum((made := _date(row)) is None or made >= since for row in rows)


def _is_alike(write: Write, body: Values, row: ApiRow, reader: Reader) -> bool:
    """Whether a row holds the simple values of a body, as far as it shows them."""
    plain = {name: value for name, value in body.items() if not isinstance(value, Mapping | list)}
    shown = project(write.subject, row, plain)
    return bool(shown) and same_values(write.subject, shown, {name: plain[name] for name in shown}, reader.region)


def _may_be_new(change: Change, row: ApiRow, leeway: timedelta) -> bool:
    """Whether a record may have come after the plan, its date taken to be that much too early at most."""
    if row["id"] in change.twins or row["id"] in (change.seen or ()):
        return False
    made = _date(row)
    return change.seen is not None or made is None or made >= datetime.fromisoformat(change.as_of) - leeway


def _is_new(write: Write, change: Change, row: ApiRow) -> bool:
    """Whether a record that fits came after the plan for certain: it was not there then, or its date says so."""
    made = _date(row)
    return not write.subject.is_dated or (made is not None and made >= datetime.fromisoformat(change.as_of))


def _date(row: ApiRow) -> datetime | None:
    """When a record was made; None where it does not say that in a way that can be compared."""
    try:
        made = datetime.fromisoformat(str(row["created_datetime"]))
    except (KeyError, ValueError):
        return None
    return made if made.utcoffset() is not None else None


def _several(ids: list[Any]) -> str:
    some = ", ".join(map(str, ids[:5]))
    return ngettext("{count} record looks like it: {ids}.", "{count} records look like it: {ids}.", len(ids), ids=some)


def _new_since(ids: list[Any]) -> str:
    some = ", ".join(map(str, ids[:5]))
    return ngettext(
        "{count} record is new since the plan and may be it: {ids}.",
        "{count} records are new since the plan, and one of them may be it: {ids}.",
        len(ids),
        ids=some,
    )


def _say_unnamed(count: int) -> str:
    return ngettext(
        "{count} record without an id is new since the plan and may be it.",
        "{count} records without an id are new since the plan, and one of them may be it.",
        count,
    )


def _warnings(write: Write, twins: tuple[int, ...], starts: bool) -> list[str]:
    warnings = [gettext(write.warning)] if write.warning else []
    if twins:
        target = write.named(", ".join(map(str, twins[:5])))
        warnings.append(gettext("There is one like it already: {target}.", target=target))
    if starts:
        warnings.append(gettext(MASS_SENDING))
    return warnings
