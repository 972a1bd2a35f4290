"""Upserts of contacts by phone, one by one, in bulk, and into a list."""

from __future__ import annotations

from typing import Any

from spoki_analytics.corrections.change import CREATED, Change, Step, Values
from spoki_analytics.corrections.kinds.compare import differing, hidden, project, restoring
from spoki_analytics.corrections.kinds.kind import ALREADY_SO, Kind, read_at
from spoki_analytics.corrections.kinds.times import on_the_wire, times_in_zone
from spoki_analytics.corrections.reader import Reader
from spoki_analytics.corrections.refusals import Reason, Refusal
from spoki_analytics.corrections.subjects import ApiRow, list_ids
from spoki_analytics.corrections.writes import IN_LIST, Write
from spoki_analytics.wording.messages import gettext


class Upserts(Kind):
    """Makes a contact, or changes values of the one that has the number."""

    def plan(self, write: Write, step: Step, reader: Reader) -> Change | Refusal:
        """A new contact, or the values that differ."""
        rows = reader.contacts_of(step.body["phone"])
        if len(rows) > 1:
            ids = ", ".join(str(row.get("id")) for row in rows[:5])
            return Refusal(step.row, "phone", Reason.SHARED_NUMBER, {"count": len(rows), "ids": ids})
        return _update(write, step, rows[0], reader) if rows else _creation(write, step, reader)

    def read(self, write: Write, change: Change, reader: Reader) -> Values | None:
        """The touched values as they are, None when there is no such contact."""
        rows = reader.contacts_of(change.step.body["phone"])
        return _current(write, change.step, rows[0], change.after or {}) if rows else None

    def find_created(self, write: Write, change: Change, reader: Reader) -> Any:
        """The id of the contact, None when there is none."""
        rows = reader.contacts_of(change.step.body["phone"])
        return rows[0].get("id") if rows else None


def _creation(write: Write, step: Step, reader: Reader) -> Change:
    return Change(
        step,
        gettext("new contact {phone}", phone=step.body["phone"]),
        None,
        {**step.body, **_membership(step)},
        body=on_the_wire(step.body, reader),
        as_of=read_at(reader),
        warnings=(*_warnings(write, step.body), *times_in_zone(write, step.body, reader)),
        inverse=(Step(write.unmakes, {"id": CREATED}),),
    )


def _update(write: Write, step: Step, row: ApiRow, reader: Reader) -> Change:
    # Spoki's own form of the number: by another one it might not find the contact, and make a second.
    phone = reader.number(row.get("phone")) or step.body["phone"]
    asked = {name: value for name, value in step.body.items() if name != "phone"} | _membership(step)
    after = differing(write.subject, _current(write, step, row, asked), asked, reader.region)
    before = _current(write, step, row, after)
    return Change(
        step,
        f"contact {row.get('id')} ({phone})",
        before,
        after,
        body=on_the_wire({"phone": phone, **_without_membership(after)}, reader),
        as_of=read_at(reader),
        skip="" if after else gettext(ALREADY_SO),
        warnings=(*_warnings(write, after), *times_in_zone(write, after, reader)),
        irreversible=hidden(before, after),
        inverse=tuple(_inverse(write, step, phone, before)),
    )


def _warnings(write: Write, after: Values) -> tuple[str, ...]:
    """A change of consent is the one that may start something."""
    return (gettext(write.warning),) if write.warning and "status" in after else ()


def _membership(step: Step) -> dict[str, bool]:
    return {IN_LIST: True} if "id" in step.path else {}


def _without_membership(values: Values) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name != IN_LIST}


def _current(write: Write, step: Step, row: ApiRow, names: Values) -> dict[str, Any]:
    current = project(write.subject, row, _without_membership(names))
    if IN_LIST in names and (lists := list_ids(row)) is not None:
        current[IN_LIST] = step.path["id"] in lists
    return current


def _inverse(write: Write, step: Step, phone: str, before: Values) -> list[Step]:
    values = _without_membership(before)
    steps = [Step(write.inverse, {}, {"phone": phone, **restoring(values)})] if values else []
    if before.get(IN_LIST) is False:
        steps.append(Step(write.leaves, step.path, {"phones": [phone]}))
    return steps
