"""Edits: values of a record that is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from spoki_analytics.corrections.change import Change, Step, Values
from spoki_analytics.corrections.kinds.compare import differing, hidden, project, restoring
from spoki_analytics.corrections.kinds.kind import ALREADY_SO, Kind, read_at, refuse_missing
from spoki_analytics.corrections.kinds.times import on_the_wire, times_in_zone
from spoki_analytics.corrections.reader import Reader
from spoki_analytics.corrections.refusals import Refusal
from spoki_analytics.corrections.subjects import ApiRow
from spoki_analytics.corrections.writes import MASS_SENDING, START, Write
from spoki_analytics.wording.messages import gettext, noop


class Edits(Kind):
    """Changes values of a record that is there."""

    def plan(self, write: Write, step: Step, reader: Reader) -> Change | Refusal:
        """The values that differ from what is there."""
        row = reader.record(write.retrieve, write.listing, step.path["id"])
        if row is None:
            return refuse_missing(write, step, reader)
        asked = {**step.body, **dict(write.sets)}
        after = differing(write.subject, project(write.subject, row, asked), asked, reader.region)
        before = project(write.subject, row, after)
        starts = _may_start(write, after)
        return Change(
            step,
            write.named(step.path["id"]),
            before,
            after,
            body={} if write.sets else on_the_wire(_body(write, row, after, reader), reader),
            as_of=read_at(reader),
            skip="" if after else gettext(ALREADY_SO),
            warnings=(
                *_warnings(write, row, after),
                *_shared_numbers(write, row, after, reader),
                *times_in_zone(write, after, reader),
            ),
            confirm=START if starts else write.confirm,
            irreversible=_irreversible_reason(write, row, before, after, reader),
            inverse=_inverse(write, step, row, before, reader) if after else (),
        )

    def read(self, write: Write, change: Change, reader: Reader) -> Values | None:
        """The edited values as they are."""
        row = reader.record(write.retrieve, write.listing, change.step.path["id"])
        return None if row is None else project(write.subject, row, change.after or {})


def _body(write: Write, row: ApiRow, after: Values, reader: Reader) -> dict[str, Any]:
    """What is sent: what differs, and the number that every edit sends along, where there is one."""
    always = write.subject.always
    if always and always not in after and (number := reader.way_back(row, row.get(always))):
        return {always: number, **after}
    return dict(after)


def _inverse(write: Write, step: Step, row: ApiRow, before: Values, reader: Reader) -> tuple[Step, ...]:
    if write.one_per:
        return tuple(Step(write.inverse, {"id": former}) for former in _holders(write, row, reader))
    good = {
        name: reader.way_back(row, value) if write.subject.value(name).is_phone else value
        for name, value in before.items()
        if not _is_bad_number(write, name, value, row, reader)
    }
    not_texts = {each.name for each in write.entry.accepts("body") if each.type not in ("str", "object")}
    return (Step(write.inverse, step.path, restoring(good, not_texts)),) if good else ()


def _holders(write: Write, row: ApiRow, reader: Reader) -> list[Any]:
    """Ids of the records that hold what only one of them can: setting it again takes it from the target."""
    return [
        other["id"]
        for other in reader.listing(write.listing)
        if other.get(write.one_per) == row.get(write.one_per)
        and all(other.get(name) == value for name, value in write.sets)
    ]


def _irreversible_reason(write: Write, row: ApiRow, before: Values, after: Values, reader: Reader) -> str:
    reasons = [hidden(before, after)]
    if any(_is_bad_number(write, name, value, row, reader) for name, value in before.items()):
        reasons.append(gettext("The number that is there is not valid, so Spoki would not take it back."))
    return " ".join(filter(None, reasons))


def _is_bad_number(write: Write, name: str, value: Any, row: ApiRow, reader: Reader) -> bool:
    return write.subject.value(name).is_phone and reader.way_back(row, value) is None


def _may_start(write: Write, values: Mapping[str, Any]) -> bool:
    return write.subject.sending is not None and write.subject.sending.may_start(values)


def _shared_numbers(write: Write, row: ApiRow, after: Values, reader: Reader) -> Iterator[str]:
    """The other contacts that have a new number already; no source says what Spoki makes of two with one."""
    for name in write.subject.phones:
        if name != write.subject.always or name not in after:
            continue
        ids = [str(other.get("id")) for other in reader.contacts_of(after[name]) if other.get("id") != row.get("id")]
        if ids:
            sentence = noop("Contact {ids} has this number already, and what Spoki does then is not documented.")
            yield gettext(sentence, ids=", ".join(ids))


def _warnings(write: Write, row: ApiRow, after: Values) -> tuple[str, ...]:
    warnings = [gettext(write.warning)] if write.warning else []
    sending = write.subject.sending
    if sending is not None and sending.may_start(after):
        warnings.append(gettext(MASS_SENDING))
    elif sending is not None and sending.reaches_customers(row, after):
        warnings.append(
            gettext("The campaign is {status}: this changes what its customers get.", status=row.get("status"))
        )
    return tuple(warnings)
