"""Which changes travel in one request, and how long all of them take at the documented rates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from spoki_analytics.api.pacing import Pace
from spoki_analytics.catalogue import Operation
from spoki_analytics.corrections.change import Change
from spoki_analytics.corrections.writes import write_of


@dataclass(frozen=True, slots=True)
class Request:
    """One request.

    Attributes:
        positions: The changes that it carries, by their position in the plan.
        changes: The changes themselves.
    """

    positions: tuple[int, ...]
    changes: tuple[Change, ...]

    @property
    def entry(self) -> Operation:
        """Its row of the catalogue."""
        return self.changes[0].step.entry

    @property
    def body(self) -> Any:
        """Its JSON body."""
        return write_of(self.changes[0]).pack([change.body for change in self.changes])

    def only(self, positions: Iterable[int]) -> Request:
        """The same request with some of its changes."""
        kept = set(positions)
        pairs = [pair for pair in zip(self.positions, self.changes, strict=True) if pair[0] in kept]
        return Request(tuple(position for position, _ in pairs), tuple(change for _, change in pairs))


def requests_of(changes: Sequence[Change], positions: Iterable[int]) -> list[Request]:
    """The requests that carry these changes, in the order of the plan; neighbours to one address share one."""
    groups: list[list[int]] = []
    for position in positions:
        if groups and _fits(changes, groups[-1], position):
            groups[-1].append(position)
        else:
            groups.append([position])
    return [Request(tuple(group), tuple(changes[position] for position in group)) for group in groups]


def _fits(changes: Sequence[Change], group: list[int], position: int) -> bool:
    first, step = changes[group[0]].step, changes[position].step
    together = (first.operation, first.path, first.query) == (step.operation, step.path, step.query)
    return together and len(group) < write_of(changes[position]).batch


def seconds(requests: Counter[Operation], pace: Pace) -> float:
    """How long so many requests of each operation take at the rates in force, with the slots that are free now."""
    return sum(pace.seconds(entry, count) for entry, count in requests.items())
