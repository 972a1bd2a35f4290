"""Acts that leave nothing to compare: e-mails, keys, clones, requests to Meta."""

from __future__ import annotations

from spoki_analytics.corrections.change import CREATED, Change, Refusal, Step, Values
from spoki_analytics.corrections.kinds.creations import UntellableError
from spoki_analytics.corrections.kinds.edits import missing, when
from spoki_analytics.corrections.reader import Reader
from spoki_analytics.corrections.writes import Write


def examine(write: Write, step: Step, reader: Reader) -> Change | Refusal:
    """The change that an act amounts to; its target must exist."""
    if reader.record(write.retrieve, write.listing, step.path["id"]) is None:
        return missing(write, step, reader)
    return Change(
        step,
        write.named(step.path["id"]),
        {},
        {},
        body=None if write.entry.method == "GET" else {},
        as_of=when(reader),
        warnings=(write.warning,) if write.warning else (),
        confirm=write.confirm,
        irreversible=write.irreversible,
        inverse=(Step(write.inverse, {"id": CREATED}),) if write.inverse else (),
    )


def now(write: Write, change: Change, reader: Reader) -> Values | None:
    """Nothing that could be compared.

    Raises:
        UntellableError: Always.
    """
    raise UntellableError(f"Spoki does not show whether it happened ({write.verb}).")
