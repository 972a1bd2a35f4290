"""Memberships: operators of contacts, contacts of lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from spoki_analytics.corrections.change import Change, Refusal, Step, Values
from spoki_analytics.corrections.kinds.compare import ApiRow, list_ids, operators
from spoki_analytics.corrections.kinds.edits import missing, when
from spoki_analytics.corrections.kinds.upserts import IN_LIST
from spoki_analytics.corrections.reader import Reader
from spoki_analytics.corrections.writes import Write

ADD = "add_contact_operator"
REMOVE_FROM_LIST = "remove_contacts_from_list"
CLEAR = "remove_all_list_contacts"


def examine(write: Write, step: Step, reader: Reader) -> Change | Refusal:
    """The change that a membership amounts to."""
    if write.slug == CLEAR:
        return _clearing(write, step, reader)
    rows = _found(write, step, reader)
    if len(rows) != 1:
        return _ambiguous(write, step, rows, reader)
    (row,) = rows
    before, after = _told(write, step, row), _wanted(write, step, row)
    inverse = _inverse(write, step, row, reader)
    return Change(
        step,
        f"contact {row.get('id')}",
        before,
        after,
        body=dict(step.body),
        as_of=when(reader),
        skip="already so" if before and before == after else "",
        irreversible=_lasting(before, after, inverse),
        inverse=inverse,
    )


def now(write: Write, change: Change, reader: Reader) -> Values | None:
    """The membership as it is, None when there is no such record."""
    if write.slug == CLEAR:
        row = reader.record(write.retrieve, write.listing, change.step.path["id"])
        return None if row is None else _size(row)
    rows = _found(write, change.step, reader)
    return _told(write, change.step, rows[0]) if len(rows) == 1 else None


def _found(write: Write, step: Step, reader: Reader) -> Sequence[ApiRow]:
    if write.slug != REMOVE_FROM_LIST:
        row = reader.record(write.retrieve, write.listing, step.path["id"])
        return [row] if row else []
    ((name, (value,)),) = step.body.items()
    if name == "ids":
        row = reader.record(write.retrieve, write.listing, value)
        return [row] if row else []
    return reader.contacts_of(value) if name == "phones" else reader.contacts_with(value)


def _ambiguous(write: Write, step: Step, rows: Sequence[ApiRow], reader: Reader) -> Refusal:
    if write.slug != REMOVE_FROM_LIST:
        return missing(write, step, reader)
    ((name, (value,)),) = step.body.items()
    ids = ", ".join(str(row.get("id")) for row in rows[:5])
    told = f"{len(rows)} contacts have it ({ids}): give their ids." if rows else "No contact has it."
    return Refusal(step.row, name, f"{value}: {told}")


def _told(write: Write, step: Step, row: ApiRow) -> dict[str, Any]:
    if write.slug == REMOVE_FROM_LIST:
        lists = list_ids(row)
        return {} if lists is None else {IN_LIST: step.path["id"] in lists}
    emails = operators(row)
    return {} if emails is None else {"operators": emails}


def _wanted(write: Write, step: Step, row: ApiRow) -> dict[str, Any]:
    if write.slug == REMOVE_FROM_LIST:
        return {IN_LIST: False}
    email = step.body["email"]
    others = [each for each in operators(row) or [] if each.casefold() != email.casefold()]
    return {"operators": sorted([*others, _known(row, email)]) if write.slug == ADD else others}


def _known(row: ApiRow, email: str) -> str:
    """The e-mail as Spoki spells it, where the operator is assigned already."""
    return next((each for each in operators(row) or [] if each.casefold() == email.casefold()), email)


def _inverse(write: Write, step: Step, row: ApiRow, reader: Reader) -> tuple[Step, ...]:
    if write.slug != REMOVE_FROM_LIST:
        return (Step(write.inverse, step.path, step.body),)
    phone = reader.number(row.get("phone"))
    return (Step(write.inverse, step.path, {"phone": phone}),) if phone else ()


def _size(row: ApiRow) -> dict[str, Any]:
    """How many contacts a list has; nothing where Spoki does not tell."""
    return {name: row[name] for name in ("contacts_count",) if row.get(name) is not None}


def _lasting(before: Values, after: Values, inverse: Sequence[Step]) -> str:
    if not inverse:
        return "The contact has no number that can be read, so it cannot be put back."
    untold = ", ".join(name for name in after if name not in before)
    return f"Spoki does not show {untold} as it is: undoing does the opposite, whatever was there." if untold else ""


def _clearing(write: Write, step: Step, reader: Reader) -> Change | Refusal:
    row = reader.record(write.retrieve, write.listing, step.path["id"])
    if row is None:
        return missing(write, step, reader)
    count = row.get("contacts_count")
    members = (
        []
        if count == 0
        else [each for each in reader.listing("list_contacts") if step.path["id"] in (list_ids(each) or ())]
    )
    numbers = [number for number in (reader.number(each.get("phone")) for each in members) if number]
    lost = max(len(members), count if isinstance(count, int) else 0) - len(numbers)
    return Change(
        step,
        write.named(step.path["id"]),
        _size(row),
        {"contacts_count": 0},
        body={},
        as_of=when(reader),
        skip="already so" if count == 0 and not members else "",
        confirm=write.confirm,
        irreversible=f"{lost} of its contacts cannot be put back: not shown, or without a readable number."
        if lost
        else "",
        inverse=tuple(Step(write.inverse, step.path, {"phone": number}) for number in numbers),
    )
