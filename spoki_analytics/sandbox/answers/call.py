"""One request as the sandbox understands it, and what it may remember between requests."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from spoki_analytics.catalogue import REPORT_LIFE, Operation
from spoki_analytics.sandbox.world.accounts import Account
from spoki_analytics.sandbox.world.moments import stamp
from spoki_analytics.sandbox.world.workspace import Workspace
from spoki_analytics.sandbox.world.world import World

HOP = "sandbox_hop"
"""Query parameter that marks a request as redirected, so that it is not redirected for ever."""


@dataclass
class Memory:
    """Answers that are kept: reports for their documented life, encoded pages until a record changes.

    Attributes:
        capacity: How many encoded pages and selections are kept.
    """

    capacity: int = 4_000
    _kept: OrderedDict[Hashable, Any] = field(default_factory=OrderedDict)
    _reports: dict[Hashable, tuple[datetime, Any]] = field(default_factory=dict)

    def recall(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """What is kept under a key; made when there is nothing."""
        if key not in self._kept:
            self._kept[key] = make()
            if len(self._kept) > self.capacity:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return self._kept[key]

    def forget_pages(self) -> None:
        """Drop the pages and selections: a record has changed. Reports keep their documented life."""
        self._kept.clear()

    def report(self, key: Hashable, now: datetime, make: Callable[[], Any]) -> tuple[datetime, Any]:
        """When a report was made, and the report: the same one for thirty minutes."""
        made = self._reports.get(key)
        if made is None or now - made[0] >= timedelta(seconds=REPORT_LIFE):
            made = self._reports[key] = (now, make())
        return made


@dataclass(frozen=True)
class Call:
    """One authenticated request.

    Attributes:
        world: Where it arrives.
        memory: What is kept between requests.
        operation: Row of the catalogue.
        account: Account of the key.
        path: Values of the path parameters.
        query: Query as sent.
        body: Decoded JSON body, None without one.
        origin: Scheme and host as the client called them, for absolute links.
    """

    world: World
    memory: Memory
    operation: Operation
    account: Account
    path: Mapping[str, Any]
    query: Mapping[str, str]
    body: Any
    origin: str

    @property
    def space(self) -> Workspace:
        """The records of the key's account."""
        return self.world.workspace(self.account)

    @property
    def now(self) -> datetime:
        """The world's present, to the minute."""
        return self.world.now().replace(second=0, microsecond=0)

    @property
    def moment(self) -> str:
        """The world's present, as the API writes it."""
        return stamp(self.world.now())

    @property
    def seen(self) -> list[Account]:
        """The accounts that the key sees."""
        return self.world.seen_by(self.account)

    @property
    def identity(self) -> Hashable:
        """What makes two calls ask for the same thing."""
        return self.account.id, self.operation.slug, *sorted(self.path.items()), *sorted(self.query.items())
