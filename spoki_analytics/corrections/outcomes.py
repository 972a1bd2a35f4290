"""What became of corrections, as frames."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from spoki_analytics.corrections.change import Change, State
from spoki_analytics.corrections.kinds.kind import ALREADY_SO
from spoki_analytics.corrections.log import Entry, Standing
from spoki_analytics.corrections.preview import lines
from spoki_analytics.corrections.writes import WRITES
from spoki_analytics.wording.messages import gettext

_TEXTS = ("plan", "fingerprint", "at", "by", "operations")
_COUNTS = ("changes", "applied", "skipped", "failed", "unknown", "open")
_CHANGE = ("target", "action", "change", "reason", "outcome", "error")
_OUTCOME = ("target", "outcome", "status", "answer", "error")


def plans_frame(entries: Iterable[Entry]) -> pd.DataFrame:
    """Plans as a frame, one row each; see ``Journal.show``."""
    rows = [
        [entry.plan, entry.fingerprint, entry.at, entry.by, ", ".join(entry.operations), *entry.counts.values()]
        for entry in entries
    ]
    frame = pd.DataFrame(rows, columns=[*_TEXTS, *_COUNTS], dtype=object)
    frame = frame.astype({**dict.fromkeys(_TEXTS, "str"), **dict.fromkeys(_COUNTS, "Int64")})
    return frame.assign(at=pd.to_datetime(frame["at"], utc=True).astype("datetime64[us, UTC]"))


def changes_frame(changes: Sequence[Any], standing: Standing) -> pd.DataFrame:
    """The changes of one plan as a frame, one row each; see ``Journal.show``.

    Args:
        changes: What the journal keeps of each; of a masked one that is its target alone.
        standing: How far the plan has come.
    """
    rows = []
    for position, kept in enumerate(changes):
        state = standing.states.get(position, State.UNSENT)
        outcome = "open" if state is State.UNSENT else state.outcome
        rows.append([*_kept(kept), outcome, standing.notes.get(position, "")])
    return pd.DataFrame(rows, columns=list(_CHANGE), dtype="str")


def _kept(kept: Any) -> list[str]:
    """Target, action, change and reason, as the preview showed them."""
    if isinstance(kept, str):
        return [kept, "", "", ""]
    change = Change.from_json(kept)
    write = WRITES.get(change.step.operation)  # a journal may be older than a table that has lost the operation
    verb = gettext(write.verb) if write else change.step.operation
    return [change.target, verb, "\n".join(lines(change.before, change.after)), change.step.reason]


def outcome_frame(
    changes: Sequence[Change], standing: Standing, answers: Mapping[int, str], stopped: str
) -> pd.DataFrame:
    """The outcome of an application, one row a change; see ``Plan.apply``.

    Args:
        changes: All changes of the plan.
        standing: How far it has come.
        answers: What Spoki answered, by position.
        stopped: Why the rest was not sent; empty when it was.
    """
    left = gettext("not sent: {why}", why=stopped) if stopped else gettext(ALREADY_SO)
    rows = [
        _outcome(position, change, standing, answers.get(position, ""), left) for position, change in enumerate(changes)
    ]
    frame = pd.DataFrame(rows, columns=list(_OUTCOME), dtype=object)
    return frame.astype({**dict.fromkeys(_OUTCOME, "str"), "status": "Int64"})


def _outcome(position: int, change: Change, standing: Standing, answer: str, left: str) -> list[Any]:
    state = standing.states.get(position)
    if state is None:
        return [change.target, "skipped", None, answer, left]
    return [change.target, state.outcome, standing.statuses.get(position), answer, standing.notes.get(position, "")]
