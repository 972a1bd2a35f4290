"""What a correction is made of: steps that were asked for, changes that they amount to, and rows that were refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

import orjson

from spoki_analytics.catalogue import Operation, operation

CREATED = "$created"
"""Stands for the id of the record that a creation makes, in the steps that undo it."""

Values = Mapping[str, Any]


class State(StrEnum):
    """What became of a change."""

    APPLIED = "applied"
    SKIPPED = "skipped"
    FAILED = "failed"
    UNKNOWN = "unknown"
    UNSENT = "unsent"
    """Shown as failed; certainly not done, and sent by ``resume``."""

    @property
    def outcome(self) -> str:
        """As shown to the user: applied, skipped, failed or unknown."""
        return str(State.FAILED if self is State.UNSENT else self)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do, in the API's own values; not yet compared with what is there.

    Attributes:
        operation: Slug of a write operation.
        path: Path parameters.
        body: Its values; in a batch, its own item of the batch.
        query: Query parameters.
        row: Label of the row of the frame it comes from.
        reason: Why, in the user's words.
    """

    operation: str
    path: Values = field(default_factory=dict)
    body: Values = field(default_factory=dict)
    query: Values = field(default_factory=dict)
    row: str = ""
    reason: str = ""

    @property
    def entry(self) -> Operation:
        """Its row of the catalogue."""
        return operation(self.operation)

    @property
    def essence(self) -> bytes:
        """What would be sent where, whatever row it comes from and why: two steps with the same do the same."""
        return _json([self.operation, self.path, self.body, self.query])

    def aimed_at(self, created: Any) -> Step:
        """The step with the id of what was created put in."""
        return replace(self, path={name: created if value == CREATED else value for name, value in self.path.items()})


@dataclass(frozen=True, slots=True)
class Change:
    """One row of a plan.

    Attributes:
        step: What was asked for.
        target: What it is about, such as ``contact 900001``.
        before: The touched values as Spoki holds them; None where there is nothing yet.
        after: The same values afterwards; None where there will be nothing.
        body: What is sent; in a batch, its own item.
        as_of: When ``before`` was read, in ISO 8601.
        skip: Why nothing is to be sent; empty when something is.
        warnings: Costs, customers reached, automations that may start.
        confirm: First words of the confirmation it needs; empty when it needs none.
        irreversible: Why it cannot be undone, or not wholly; empty when it can.
        inverse: The steps that undo it.
        twins: Ids of records that looked like the one to be created before it was.
        seen: Ids of all records that were there then, with a None for each record without one; None where they are too
            many to be read, and dates must do.
    """

    step: Step
    target: str
    before: Values | None
    after: Values | None
    body: Any = None
    as_of: str = ""
    skip: str = ""
    warnings: tuple[str, ...] = ()
    confirm: str = ""
    irreversible: str = ""
    inverse: tuple[Step, ...] = ()
    twins: tuple[int, ...] = ()
    seen: tuple[int | None, ...] | None = None

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Change:
        """From what the journal keeps of it."""
        steps = {"step": Step(**data["step"]), "inverse": tuple(Step(**step) for step in data["inverse"])}
        lists = {name: tuple(data[name]) for name in ("warnings", "twins", "seen") if data.get(name) is not None}
        return cls(**{**data, **steps, **lists})


def steady_json(value: Any) -> bytes:
    """A value of the API as JSON that does not depend on the order in which Spoki gives names and items."""
    return _json(_in_order(value))


def _in_order(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _in_order(inner) for name, inner in value.items()}
    return sorted(map(_in_order, value), key=_json) if isinstance(value, list | tuple) else value


def _json(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)
