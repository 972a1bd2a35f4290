"""From steps to a plan: each step is compared with what is there now."""

from __future__ import annotations

from collections.abc import Iterable

from spoki_analytics.corrections.change import Change, Refusal, Step
from spoki_analytics.corrections.kinds import KINDS
from spoki_analytics.corrections.reader import Reader
from spoki_analytics.corrections.writes import WRITES


def examine(steps: Iterable[Step], reader: Reader) -> tuple[list[Change], list[Refusal]]:
    """The changes that steps amount to, and what is refused because it does not fit what is there."""
    changes: list[Change] = []
    refusals: list[Refusal] = []
    for step in steps:
        write = WRITES[step.operation]
        outcome = KINDS[write.kind].plan(write, step, reader)
        if isinstance(outcome, Change):
            changes.append(outcome)
        else:
            refusals.append(outcome)
    return changes, refusals
