"""Upserts of contacts by phone, one by one, in bulk, and into a list."""

from __future__ import annotations

from typing import Any

from spoki_analytics.corrections.change import CREATED, Change, Refusal, Step, Values
from spoki_analytics.corrections.kinds.compare import ApiRow, list_ids, project
from spoki_analytics.corrections.kinds.edits import differing, restoring, when
from spoki_analytics.corrections.reader import Reader
from spoki_analytics.corrections.writes import Write

IN_LIST = "in_list"
"""Name under which membership of the list is shown."""


def examine(write: Write, step: Step, reader: Reader) -> Change | Refusal:
    """The change that an upsert amounts to: a new contact, or the values that differ."""
    rows = reader.contacts_of(step.body["phone"])
    if len(rows) > 1:
        ids = ", ".join(str(row.get("id")) for row in rows[:5])
        return Refusal(step.row, "phone", f"{len(rows)} contacts have this number ({ids}): merge them in Spoki first.")
    return _update(write, step, rows[0], reader) if rows else _creation(write, step, reader)


def now(write: Write, change: Change, reader: Reader) -> Values | None:
    """The touched values as they are, None when there is no such contact."""
    rows = reader.contacts_of(change.step.body["phone"])
    return _told(change.step, rows[0], change.after or {}) if rows else None


def created(write: Write, change: Change, reader: Reader) -> Any:
    """The id of the contact, None when there is none."""
    rows = reader.contacts_of(change.step.body["phone"])
    return rows[0].get("id") if rows else None


def _creation(write: Write, step: Step, reader: Reader) -> Change:
    return Change(
        step,
        f"new contact {step.body['phone']}",
        None,
        {**step.body, **_membership(step)},
        body=dict(step.body),
        as_of=when(reader),
        warnings=(write.warning,) if write.warning and "status" in step.body else (),
        inverse=(Step("delete_contact", {"id": CREATED}),),
    )


def _update(write: Write, step: Step, row: ApiRow, reader: Reader) -> Change:
    wanted = {name: value for name, value in step.body.items() if name != "phone"} | _membership(step)
    after = differing(_told(step, row, wanted), wanted, reader.region)
    before = _told(step, row, after)
    values = {name: value for name, value in after.items() if name != IN_LIST}
    return Change(
        step,
        f"contact {row.get('id')} ({step.body['phone']})",
        before,
        after,
        body={"phone": step.body["phone"], **values},
        as_of=when(reader),
        skip="" if after else "already so",
        warnings=(write.warning,) if write.warning and "status" in after else (),
        irreversible=_lasting(before, after),
        inverse=tuple(_inverse(step, before)),
    )


def _membership(step: Step) -> dict[str, bool]:
    return {IN_LIST: True} if "id" in step.path else {}


def _told(step: Step, row: ApiRow, names: Values) -> dict[str, Any]:
    found = project("contacts", row, {name: value for name, value in names.items() if name != IN_LIST})
    if IN_LIST in names and (lists := list_ids(row)) is not None:
        found[IN_LIST] = step.path["id"] in lists
    return found


def _inverse(step: Step, before: Values) -> list[Step]:
    phone = step.body["phone"]
    values = {name: value for name, value in before.items() if name != IN_LIST}
    slug = "create_or_update_contact" if step.operation == "create_or_update_contact" else "bulk_sync_contacts"
    found = [Step(slug, {}, {"phone": phone, **restoring(values)})] if values else []
    if before.get(IN_LIST) is False:
        found.append(Step("remove_contacts_from_list", step.path, {"phones": [phone]}))
    return found


def _lasting(before: Values, after: Values) -> str:
    untold = [name for name in after if name not in before]
    return f"Spoki does not show {', '.join(untold)} as it is, so that cannot be put back." if untold else ""
