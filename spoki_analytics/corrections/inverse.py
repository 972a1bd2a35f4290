"""The inverse of what was applied: the steps that undo it, and what cannot be undone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from spoki_analytics.corrections.change import Change, State, Step
from spoki_analytics.corrections.log import Standing
from spoki_analytics.corrections.readback import created_id, makes_a_record
from spoki_analytics.corrections.reader import Reader
from spoki_analytics.corrections.refusals import Reason, Refusal


def inverse_of(changes: Sequence[Change], standing: Standing, reader: Reader) -> tuple[list[Step], list[Refusal]]:
    """The steps that undo what was applied, the last first, and what of it cannot be undone.

    Args:
        changes: All changes of a plan.
        standing: How far it has come.
        reader: Reads what is there.
    """
    steps: list[Step] = []
    refusals = [Refusal(changes[index].target, "", Reason.UNSETTLED) for index in standing.positions(State.UNKNOWN)]
    for index in reversed(standing.positions(State.APPLIED)):
        change = changes[index]
        undoing = _aimed_steps(change, standing.created.get(index), reader)
        if undoing is None:
            refusals.append(Refusal(change.target, "", Reason.CREATED_UNKNOWN))
        elif not undoing:
            refusals.append(_irreversible(change))
        steps += undoing or ()
    # Steps of one operation stand together, so that those of a batch share requests.
    order = list(dict.fromkeys(step.operation for step in steps))
    return sorted(steps, key=lambda step: order.index(step.operation)), refusals


def _aimed_steps(change: Change, created: Any, reader: Reader) -> list[Step] | None:
    """The steps that undo a change, aimed at what it made; None when that cannot be told."""
    if not makes_a_record(change):
        return list(change.inverse)
    target = created if created is not None else created_id(change, reader)
    return None if target is None else [step.aimed_at(target) for step in change.inverse]


def _irreversible(change: Change) -> Refusal:
    if not change.irreversible:
        return Refusal(change.target, "", Reason.IRREVERSIBLE)
    return Refusal(change.target, "", Reason.IRREVERSIBLE_BECAUSE, {"why": change.irreversible})
