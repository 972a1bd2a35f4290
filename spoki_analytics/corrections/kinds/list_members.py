"""Contacts that leave a list: some of them, or all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from spoki_analytics.corrections.change import Change, Step, Values
from spoki_analytics.corrections.kinds.kind import ALREADY_SO, OPPOSITE, Kind, read_at, refuse_missing
from spoki_analytics.corrections.reader import Reader
from spoki_analytics.corrections.refusals import Reason, Refusal
from spoki_analytics.corrections.subjects import ApiRow, list_ids
from spoki_analytics.corrections.writes import IN_LIST, Write
from spoki_analytics.wording.messages import gettext


class Leavers(Kind):
    """Takes a contact, named by id, number or e-mail, out of a list."""

    def plan(self, write: Write, step: Step, reader: Reader) -> Change | Refusal:
        """Whether the contact is in the list, before and after."""
        rows = _named_contacts(write, step, reader)
        if len(rows) != 1:
            return _ambiguous(step, rows)
        (row,) = rows
        before, after = _current(step, row), {IN_LIST: False}
        phone = reader.way_back(row, row.get("phone"))
        inverse = (Step(write.inverse, step.path, {"phone": phone}),) if phone else ()
        return Change(
            step,
            f"contact {row.get('id')}",
            before,
            after,
            body=_body(step, row, reader),
            as_of=read_at(reader),
            skip=gettext(ALREADY_SO) if before == after else "",
            irreversible=_irreversible_reason(before, inverse),
            inverse=inverse,
        )

    def read(self, write: Write, change: Change, reader: Reader) -> Values | None:
        """Whether the contact is in the list, None when there is no such contact."""
        rows = _named_contacts(write, change.step, reader)
        return _current(change.step, rows[0]) if len(rows) == 1 else None


class Clearings(Kind):
    """Takes all contacts out of a list."""

    def plan(self, write: Write, step: Step, reader: Reader) -> Change | Refusal:
        """How many contacts the list has, and the steps that put them back."""
        row = reader.record(write.retrieve, write.listing, step.path["id"])
        if row is None:
            return refuse_missing(write, step, reader)
        members = _members(step, row, reader)
        numbers = [number for member in members if (number := reader.way_back(member, member.get("phone")))]
        return Change(
            step,
            write.named(step.path["id"]),
            _size(row),
            {"contacts_count": 0},
            body={},
            as_of=read_at(reader),
            skip=gettext(ALREADY_SO) if row.get("contacts_count") == 0 and not members else "",
            confirm=write.confirm,
            irreversible=_lost_members(row, members, numbers),
            inverse=tuple(Step(write.inverse, step.path, {"phone": number}) for number in numbers),
        )

    def read(self, write: Write, change: Change, reader: Reader) -> Values | None:
        """How many contacts the list has, None when there is no such list."""
        row = reader.record(write.retrieve, write.listing, change.step.path["id"])
        return None if row is None else _size(row)


def _named_contacts(write: Write, step: Step, reader: Reader) -> Sequence[ApiRow]:
    ((name, (value,)),) = step.body.items()
    match name:
        case "ids":
            row = reader.record(write.retrieve, write.listing, value)
            return [row] if row else []
        case "phones":
            return reader.contacts_of(value)
        case _:
            return reader.contacts_with(value)


def _body(step: Step, row: ApiRow, reader: Reader) -> dict[str, Any]:
    """What names the contact: a number in the form that Spoki holds, by which alone it is sure to find it."""
    return {"phones": [reader.number(row.get("phone"))]} if "phones" in step.body else dict(step.body)


def _ambiguous(step: Step, rows: Sequence[ApiRow]) -> Refusal:
    ((name, (value,)),) = step.body.items()
    ids = ", ".join(str(row.get("id")) for row in rows[:5])
    if rows:
        return Refusal(step.row, name, Reason.SEVERAL_CONTACTS, {"value": value, "count": len(rows), "ids": ids})
    return Refusal(step.row, name, Reason.NO_CONTACT, {"value": value})


def _current(step: Step, row: ApiRow) -> dict[str, Any]:
    lists = list_ids(row)
    return {} if lists is None else {IN_LIST: step.path["id"] in lists}


def _irreversible_reason(before: Values, inverse: Sequence[Step]) -> str:
    if not inverse:
        return gettext("The contact has no number that can be read, so it cannot be put back.")
    if before:
        return ""
    return gettext(OPPOSITE, name=IN_LIST)


def _members(step: Step, row: ApiRow, reader: Reader) -> list[ApiRow]:
    """The contacts of a list; nobody is asked where Spoki counts none."""
    if row.get("contacts_count") == 0:
        return []
    return [each for each in reader.listing("list_contacts") if step.path["id"] in (list_ids(each) or ())]


def _size(row: ApiRow) -> dict[str, Any]:
    """How many contacts a list has; nothing where Spoki does not show it."""
    return {name: row[name] for name in ("contacts_count",) if row.get(name) is not None}


def _lost_members(row: ApiRow, members: Sequence[ApiRow], numbers: Sequence[str]) -> str:
    """How many contacts cannot be put back: Spoki counts more than it shows, or shows no number that can be read."""
    count = row.get("contacts_count")
    lost = max(len(members), count if isinstance(count, int) else 0) - len(numbers)
    if not lost:
        return ""
    return gettext("{number} of its contacts cannot be put back: not shown, or without a readable number.", number=lost)
