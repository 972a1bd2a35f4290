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
        places: The changes that it carries, by their place in the plan.
        changes: The changes themselves.
    """

    places: tuple[int, ...]
    changes: tuple[Change, ...]

    @property
    def entry(self) -> Operation:
        """Its row of the catalogue."""
        return self.changes[0].step.entry

    @property
    def body(self) -> Any:
        """Its JSON body."""
        return write_of(self.changes[0]).pack([change.body for change in self.changes])

    def only(self, places: Iterable[int]) -> Request:
        """The same request with some of its changes."""
        kept = set(places)
        pairs = [pair for pair in zip(self.places, self.changes, strict=True) if pair[0] in kept]
        return Request(tuple(place for place, _ in pairs), tuple(change for _, change in pairs))


def requests_of(changes: Sequence[Change], places: Iterable[int]) -> list[Request]:
    """The requests that carry these changes, in the order of the plan; neighbours to one address share one."""
    groups: list[list[int]] = []
    for place in places:
        if groups and _fits(changes, groups[-1], place):
            groups[-1].append(place)
        else:
            groups.append([place])
    return [Request(tuple(group), tuple(changes[place] for place in group)) for group in groups]


def _fits(changes: Sequence[Change], group: list[int], place: int) -> bool:
    first, step = changes[group[0]].step, changes[place].step
    together = (first.operation, first.path, first.query) == (step.operation, step.path, step.query)
    return together and len(group) < write_of(changes[place]).batch


def seconds(requests: Counter[Operation], pace: Pace, window: float) -> float:
    """How long so many requests of each operation take at the rates in force, with the slots that are free now."""
    return sum(max(0, count - pace.left(entry)) / pace.rate(entry) * window for entry, count in requests.items())
