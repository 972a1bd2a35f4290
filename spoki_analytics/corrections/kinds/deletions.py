"""Deletions: what is lost, and what of it can be made again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from spoki_analytics.corrections.change import Change, Step, Values
from spoki_analytics.corrections.kinds.compare import project
from spoki_analytics.corrections.kinds.kind import Kind, read_at, refuse_missing
from spoki_analytics.corrections.reader import Reader
from spoki_analytics.corrections.refusals import Refusal
from spoki_analytics.corrections.subjects import ApiRow, custom_values
from spoki_analytics.corrections.writes import Write
from spoki_analytics.wording.messages import gettext, noop
from spoki_analytics.wording.names import quote

_SHOWN = ("name", "title", "label", "role", "email", "status", "category", "user")
"""Values that a deletion shows where nothing can be restored."""
_FORCED = noop("It is deleted even where automations use it, which then stop working.")


class Deletions(Kind):
    """Deletes a record."""

    def plan(self, write: Write, step: Step, reader: Reader) -> Change | Refusal:
        """The record that would be lost, and the step that makes it again."""
        row = reader.record(write.retrieve, write.listing, step.path["id"])
        if row is None:
            return refuse_missing(write, step, reader)
        before = _lost(write, row)
        inverse = _inverse(write, row, before, reader)
        return Change(
            step,
            write.named(step.path["id"]),
            before,
            None,
            as_of=read_at(reader),
            warnings=(*((gettext(_FORCED),) if step.query else ()), *_undocumented(inverse)),
            confirm=write.confirm,
            irreversible=_irreversible_reason(write, inverse),
            inverse=inverse,
        )

    def read(self, write: Write, change: Change, reader: Reader) -> Values | None:
        """The values as they are, None once the record is gone."""
        row = reader.record(write.retrieve, write.listing, change.step.path["id"])
        return None if row is None else _lost(write, row)


def _lost(write: Write, row: ApiRow) -> dict[str, Any]:
    if write.restores:
        return project(write.subject, row, {name: custom_values(row) or {} for name in write.restores})
    return {name: row[name] for name in _SHOWN if isinstance(row.get(name), str | int | bool)}


def _irreversible_reason(write: Write, inverse: tuple[Step, ...]) -> str:
    if write.restores and not inverse:
        return gettext("This {noun} cannot be made again.", noun=write.subject.noun)
    return gettext(write.irreversible) if write.irreversible else ""


def _undocumented(inverse: tuple[Step, ...]) -> Iterator[str]:
    """Values that the record would be made again with, although no source says that Spoki takes them."""
    for step in inverse:
        for each in step.entry.accepts("body"):
            value = step.body.get(each.name)
            if each.choices and value is not None and value not in each.choices:
                sentence = noop("Its {name} {value} is not documented: Spoki may refuse to make it again with that.")
                yield gettext(sentence, name=each.name, value=quote(value))


def _inverse(write: Write, row: ApiRow, before: Values, reader: Reader) -> tuple[Step, ...]:
    values = {name: value for name, value in before.items() if value not in (None, "", {}, [])}
    for name in set(write.subject.phones) & set(write.restores):
        number = reader.way_back(row, values.get(name))
        if number is None:
            return ()
        values[name] = number
    sending = write.subject.sending
    was_sent = sending is not None and sending.has_begun(values)
    return (Step(write.inverse, {}, values),) if write.inverse and not was_sent else ()
