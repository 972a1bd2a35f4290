"""What became of corrections, as frames."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from spoki_analytics.corrections.change import Change, State
from spoki_analytics.corrections.log import Record, Standing
from spoki_analytics.corrections.run import Run

_TEXTS = ("plan", "fingerprint", "at", "by", "operations")
_COUNTS = ("changes", "applied", "skipped", "failed", "unknown", "open")
_OUTCOME = ("target", "outcome", "status", "answer", "error")


def plans_frame(plans: Iterable[tuple[Record, Standing]]) -> pd.DataFrame:
    """Plans as a frame, one row each; see ``Journal.show``."""
    rows = [[record[name] for name in _TEXTS[:-1]] + [*_tail(record, standing)] for record, standing in plans]
    frame = pd.DataFrame(rows, columns=[*_TEXTS, *_COUNTS], dtype=object)
    frame = frame.astype({**dict.fromkeys(_TEXTS, "str"), **dict.fromkeys(_COUNTS, "Int64")})
    return frame.assign(at=pd.to_datetime(frame["at"], utc=True).astype("datetime64[us, UTC]"))


def counts(record: Record, standing: Standing) -> dict[str, int]:
    """How many changes a plan has, and how many of them came to each outcome; open ones have none yet."""
    found = {str(state): len(standing.places(state)) for state in State if state is not State.UNSENT}
    total = len(record["changes"])
    return {"changes": total, **found, "open": total - sum(found.values())}


def standings(record: Record, standing: Standing) -> list[list[str]]:
    """Target, outcome and error of each change of a plan; a masked journal keeps the targets only."""
    rows = []
    for place, change in enumerate(record["changes"]):
        state = standing.states.get(place, State.UNSENT)
        outcome = "open" if state is State.UNSENT else state.outcome
        rows.append([change if record["masked"] else change["target"], outcome, standing.notes.get(place, "")])
    return rows


def outcome_frame(changes: Sequence[Change], standing: Standing, run: Run | None) -> pd.DataFrame:
    """The outcome of an application, one row a change; see ``Plan.apply``."""
    rows = [_outcome(place, change, standing, run) for place, change in enumerate(changes)]
    frame = pd.DataFrame(rows, columns=list(_OUTCOME), dtype=object)
    return frame.astype({**dict.fromkeys(_OUTCOME, "str"), "status": "Int64"})


def _tail(record: Record, standing: Standing) -> list[Any]:
    told = counts(record, standing)
    return [", ".join(record["operations"]), *(told[name] for name in _COUNTS)]


def _outcome(place: int, change: Change, standing: Standing, run: Run | None) -> list[Any]:
    state = standing.states.get(place)
    answer = run.answers.get(place, "") if run else ""
    if state is None:
        left = f"not sent: {run.stopped}" if run and run.stopped else "already so"
        return [change.target, "skipped", None, answer, left]
    return [change.target, state.outcome, standing.statuses.get(place), answer, standing.notes.get(place, "")]
