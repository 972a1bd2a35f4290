"""Creations, and how a created record is told from those that were there before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from spoki_analytics.corrections.change import CREATED, Change, Step, Values
from spoki_analytics.corrections.kinds.compare import project, same_values
from spoki_analytics.corrections.kinds.kind import Kind, UntellableError, read_at
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
        """The record that would be made, with the ids of records that look like it already."""
        # Reading every ticket before each creation would take too long; their dates tell old from new.
        twins = () if write.subject.is_dated else tuple(row["id"] for row in _alike(write, step.body, reader))
        starts = write.subject.sending is not None and write.subject.sending.may_start(step.body)
        return Change(
            step,
            gettext("new {noun}", noun=write.subject.noun),
            None,
            step.body,
            body=step.body,
            as_of=read_at(reader),
            warnings=tuple(_warnings(write, twins, starts)),
            confirm=START if starts else write.confirm,
            irreversible=gettext(write.irreversible) if write.irreversible else "",
            inverse=(Step(write.inverse, {"id": CREATED}),) if write.inverse else (),
            twins=twins,
        )

    def read(self, write: Write, change: Change, reader: Reader) -> Values | None:
        """The created values if the record is there, None if it is not."""
        return change.after if self.find_created(write, change, reader) is not None else None

    def find_created(self, write: Write, change: Change, reader: Reader) -> Any:
        """The id of the record that a change made, None when there is none.

        Raises:
            UntellableError: Several records fit, or one does whose date is a little too early.
        """
        asked = datetime.fromisoformat(change.as_of)
        rows = [row for row in _alike(write, change.after or {}, reader) if row["id"] not in change.twins]
        ids = [row["id"] for row in rows if not _is_older(row, asked - SKEW)]
        doubtful = [row["id"] for row in rows if not _is_older(row, asked - DOUBT)]
        if len(ids) > 1 or (doubtful and not ids):
            raise UntellableError(_several(doubtful))
        return ids[0] if ids else None


def _alike(write: Write, body: Values, reader: Reader) -> list[ApiRow]:
    """Rows of the listing that hold the simple values of a body, as far as they show them."""
    plain = {name: value for name, value in body.items() if not isinstance(value, Mapping | list)}
    alike: list[ApiRow] = []
    for row in reader.listing(write.listing):
        shown = project(write.subject, row, plain)
        asked = {name: plain[name] for name in shown}
        if shown and "id" in row and same_values(write.subject, shown, asked, reader.region):
            alike.append(row)
    return alike


def _several(ids: list[Any]) -> str:
    some = ", ".join(map(str, ids[:5]))
    return ngettext("{count} record looks like it: {ids}.", "{count} records look like it: {ids}.", len(ids), ids=some)


def _is_older(row: ApiRow, earliest: datetime) -> bool:
    try:
        made = datetime.fromisoformat(str(row["created_datetime"]))
    except (KeyError, ValueError):
        return False
    return made.utcoffset() is not None and made < earliest


def _warnings(write: Write, twins: tuple[int, ...], starts: bool) -> list[str]:
    warnings = [gettext(write.warning)] if write.warning else []
    if twins:
        target = write.named(", ".join(map(str, twins[:5])))
        warnings.append(gettext("There is one like it already: {target}.", target=target))
    if starts:
        warnings.append(gettext(MASS_SENDING))
    return warnings
