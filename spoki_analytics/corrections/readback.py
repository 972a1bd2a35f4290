"""Reading back: what became of a change since its preview, and of one whose answer was lost."""

from __future__ import annotations

from typing import Any

from spoki_analytics.corrections.change import CREATED, Change, State, Values
from spoki_analytics.corrections.kinds import kind_of
from spoki_analytics.corrections.kinds.compare import same_values
from spoki_analytics.corrections.kinds.kind import ALREADY_SO, UntellableError
from spoki_analytics.corrections.reader import Reader
from spoki_analytics.corrections.writes import write_of
from spoki_analytics.frames.phones import Region
from spoki_analytics.wording.arguments import argument
from spoki_analytics.wording.messages import gettext


def news_of(change: Change, reader: Reader) -> tuple[State, str] | None:
    """What became of a change since its preview: made meanwhile, or its target has another value; None if neither."""
    write, kind = write_of(change), kind_of(change)
    if not kind.settles:
        return None
    current = kind.read(write, change, reader)
    if same_values(write.subject, current, change.after, reader.region):
        return State.SKIPPED, gettext(ALREADY_SO)
    if not same_values(write.subject, current, change.before, reader.region):
        return State.FAILED, gettext(
            "changed since the preview: plan it again, or apply it with {force}", force=argument("force", True)
        )
    return None


def settle(change: Change, reader: Reader) -> tuple[State, str]:
    """Whether a change whose answer was lost has happened, with the reason where that cannot be told."""
    write = write_of(change)
    try:
        current = kind_of(change).read(write, change, reader)
    except UntellableError as why:
        return State.UNKNOWN, str(why)
    if _has_happened(change, current, reader.region):
        return State.APPLIED, gettext("read back: it happened")
    if change.after and change.before == {} == current:
        names = ", ".join(change.after)
        return State.UNKNOWN, gettext("Spoki does not show {names}: nobody can tell whether it happened", names=names)
    if same_values(write.subject, current, change.before, reader.region):
        return State.FAILED, gettext("read back: it did not happen")
    return State.UNKNOWN, gettext("the target has a third value now: somebody else has changed it")


def _has_happened(change: Change, current: Values | None, region: Region) -> bool:
    """Whether the target is as it was to be, as far as Spoki shows it."""
    subject = write_of(change).subject
    if not current or change.after is None:
        return same_values(subject, current, change.after, region)
    return same_values(
        subject, current, {name: value for name, value in change.after.items() if name in current}, region
    )


def created_id(change: Change, reader: Reader) -> Any:
    """The id of the record that a change made, None when it cannot be told."""
    try:
        return kind_of(change).find_created(write_of(change), change, reader)
    except UntellableError:
        return None


def makes_a_record(change: Change) -> bool:
    """Whether undoing a change needs the id of what it made."""
    return any(CREATED in step.path.values() for step in change.inverse)
