"""Edits: values of a record that is there."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from spoki_analytics.corrections.change import Change, Refusal, Step, Values
from spoki_analytics.corrections.kinds.compare import ApiRow, project, same, same_values
from spoki_analytics.corrections.reader import Reader
from spoki_analytics.corrections.writes import Write
from spoki_analytics.frames.phones import Region

DRAFT = "Draft"


def examine(write: Write, step: Step, reader: Reader) -> Change | Refusal:
    """The change that an edit amounts to: the values that differ from what is there."""
    row = reader.record(write.retrieve, write.listing, step.path["id"])
    if row is None:
        return missing(write, step, reader)
    family = write.entry.family
    wanted = {**step.body, **dict(write.sets)}
    told = project(family, row, wanted)
    after = differing(told, wanted, reader.region)
    before = project(family, row, after)
    return Change(
        step,
        write.named(step.path["id"]),
        before,
        after,
        body={} if write.sets else _body(write, row, after, reader),
        as_of=when(reader),
        skip="" if after else "already so",
        warnings=_warnings(write, row, after),
        confirm=_confirm(write, row, after),
        irreversible=_lasting(before, after, reader),
        inverse=_inverse(write, step, row, before, reader) if after else (),
    )


def now(write: Write, change: Change, reader: Reader) -> Values | None:
    """The edited values as they are."""
    row = reader.record(write.retrieve, write.listing, change.step.path["id"])
    return None if row is None else project(write.entry.family, row, change.after or {})


def missing(write: Write, step: Step, reader: Reader) -> Refusal:
    """There is no such record."""
    return Refusal(step.row, "id", f"{write.named(step.path['id'])} does not exist (as of {when(reader)[:16]} UTC).")


def when(reader: Reader) -> str:
    """When what the reader read was so."""
    return (reader.as_of or datetime.now(UTC)).isoformat()


def differing(told: Values, wanted: Values, region: Region) -> dict[str, Any]:
    """The wanted values that are not there yet; of custom fields, the codes that are not."""
    found: dict[str, Any] = {}
    for name, value in wanted.items():
        if name not in told:
            found[name] = value
        elif isinstance(value, Mapping) and isinstance(told[name], Mapping):
            if inner := differing(told[name], value, region):
                found[name] = inner
        elif not same(name, told[name], value, region):
            found[name] = value
    return found


def restoring(before: Values, others: Collection[str] = ()) -> dict[str, Any]:
    """Values that put back what was there; Spoki clears a text with an empty one, others with none."""
    return {
        name: restoring(value) if isinstance(value, Mapping) else "" if value is None and name not in others else value
        for name, value in before.items()
    }


def _body(write: Write, row: ApiRow, after: Values, reader: Reader) -> dict[str, Any]:
    """What is sent: of a contact always the phone too, which some sources call required (contract, section 5.9)."""
    if write.entry.family == "contacts" and "phone" not in after and reader.number(row.get("phone")):
        return {"phone": row["phone"], **after}
    return dict(after)


def _inverse(write: Write, step: Step, row: ApiRow, before: Values, reader: Reader) -> tuple[Step, ...]:
    if write.slug == "set_primary_channel":
        former = [
            other["id"]
            for other in reader.listing("list_channels")
            if other.get("is_primary") and other.get("platform") == row.get("platform")
        ]
        return tuple(Step(write.slug, {"id": channel}) for channel in former)
    good = {name: value for name, value in before.items() if not _is_bad_number(name, value, reader)}
    others = {parameter.name for parameter in write.entry.accepts("body") if parameter.type not in ("str", "object")}
    return (Step(write.inverse, step.path, restoring(good, others)),) if good else ()


def _lasting(before: Values, after: Values, reader: Reader) -> str:
    untold = [name for name in after if name not in before]
    told = [f"Spoki does not show {', '.join(untold)} as it is, so that cannot be put back."] if untold else []
    if any(_is_bad_number(name, value, reader) for name, value in before.items()):
        told.append("The number that is there is not valid, so Spoki would not take it back.")
    return " ".join(told)


def _is_bad_number(name: str, value: Any, reader: Reader) -> bool:
    return name in ("phone", "contact_phone") and reader.number(value) is None


def _warnings(write: Write, row: ApiRow, after: Values) -> tuple[str, ...]:
    found = [write.warning] if write.warning else []
    if write.entry.family == "campaigns":
        if sends(after):
            found.append("This status can start a mass sending, which reaches customers and costs credit.")
        elif row.get("status") not in (DRAFT, None) and not same_values(after, {}, ""):
            found.append(f"The campaign is {row.get('status')}: this changes what its customers get.")
    return tuple(found)


def _confirm(write: Write, row: ApiRow, after: Values) -> str:
    return "START" if write.entry.family == "campaigns" and sends(after) else write.confirm


def sends(values: Values) -> bool:
    """Whether values of a campaign give it a status that can start its sending."""
    return "status" in values and values["status"] != DRAFT
