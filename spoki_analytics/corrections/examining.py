"""From steps to changes: each step is compared with what is there now."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from spoki_analytics.corrections.change import CREATED, Change, Refusal, State, Step, Values
from spoki_analytics.corrections.kinds import acts, creations, deletions, edits, list_members, upserts
from spoki_analytics.corrections.kinds.compare import same_values
from spoki_analytics.corrections.kinds.creations import UntellableError
from spoki_analytics.corrections.reader import Reader
from spoki_analytics.corrections.writes import WRITES, Write
from spoki_analytics.frames.phones import Region


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of write is planned and read back.

    Attributes:
        examine: Gives the change of a step, or why it is refused.
        now: Gives the touched values as they are, None when there is no record.
        settles: Whether reading back before sending can tell that somebody else has changed the target.
    """

    examine: Callable[[Write, Step, Reader], Change | Refusal]
    now: Callable[[Write, Change, Reader], Values | None]
    settles: bool = True


KINDS = {
    "edit": Kind(edits.examine, edits.now),
    "create": Kind(creations.examine, creations.now, settles=False),
    "delete": Kind(deletions.examine, deletions.now),
    "upsert": Kind(upserts.examine, upserts.now),
    "join": Kind(list_members.examine, list_members.now),
    "act": Kind(acts.examine, acts.now, settles=False),
}


def write_of(change: Change) -> Write:
    """The write operation of a change."""
    return WRITES[change.step.operation]


def examine(steps: Iterable[Step], reader: Reader) -> tuple[list[Change], list[Refusal]]:
    """The changes that steps amount to, and what is refused because it does not fit what is there."""
    changes: list[Change] = []
    refusals: list[Refusal] = []
    for step in steps:
        write = WRITES[step.operation]
        found = KINDS[write.kind].examine(write, step, reader)
        (changes if isinstance(found, Change) else refusals).append(found)  # type: ignore[arg-type]
    return changes, refusals


def moved(change: Change, reader: Reader) -> tuple[State, str] | None:
    """What became of a change since its preview: made meanwhile, or its target has another value; None if neither."""
    write = write_of(change)
    kind = KINDS[write.kind]
    if not kind.settles:
        return None
    current = kind.now(write, change, reader)
    if same_values(current, change.after, reader.region):
        return State.SKIPPED, "already so"
    if not same_values(current, change.before, reader.region):
        return State.FAILED, "changed since the preview: plan it again, or apply with force=True"
    return None


def settle(change: Change, reader: Reader) -> tuple[State, str]:
    """Whether a change whose answer was lost has happened, with the reason where that cannot be told."""
    write = write_of(change)
    try:
        current = KINDS[write.kind].now(write, change, reader)
    except UntellableError as why:
        return State.UNKNOWN, str(why)
    if _has_happened(change, current, reader.region):
        return State.APPLIED, "read back: it happened"
    if change.after and change.before == {} == current:
        return State.UNKNOWN, f"Spoki does not show {', '.join(change.after)}: nobody can tell whether it happened"
    if same_values(current, change.before, reader.region):
        return State.FAILED, "read back: it did not happen"
    return State.UNKNOWN, "the target has a third value now: somebody else has changed it"


def _has_happened(change: Change, current: Values | None, region: Region) -> bool:
    """Whether the target is as it was to be, as far as Spoki shows it."""
    if not current or change.after is None:
        return same_values(current, change.after, region)
    return same_values(current, {name: value for name, value in change.after.items() if name in current}, region)


def created_id(change: Change, reader: Reader) -> Any:
    """The id of the record that a change made, None when it cannot be told."""
    write = write_of(change)
    find = {"create": creations.created, "upsert": upserts.created}.get(write.kind)
    try:
        return find(write, change, reader) if find else None
    except UntellableError:
        return None


def makes_a_record(change: Change) -> bool:
    """Whether undoing a change needs the id of what it made."""
    return any(CREATED in step.path.values() for step in change.inverse)
