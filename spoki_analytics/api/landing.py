"""Pages of a long walk as they land, so that a load that breaks off goes on where it was.

The pages lie in the store under the key of their listing and carry the moment at which their walk began: that is the
generation they belong to. Where the rate or the answers are what one waits for each lands at once; in a fast walk
several land together, so seldom that they take a small share of its time. They go when the table is there.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from spoki_analytics.api.answers import parse, spell
from spoki_analytics.api.store import LANDED, Entry, Store
from spoki_analytics.api.walks import Page, identities
from spoki_analytics.catalogue import Cache, Operation
from spoki_analytics.clock import Clock
from spoki_analytics.errors import NotFoundError
from spoki_analytics.wording.masking import mask_credentials, may_hold_credentials

LANDED_LIFE = timedelta(hours=6)
"""How long the pages of a walk serve, from its beginning; those of a report as long as a report."""
_PAUSE = 0.25
"""Seconds between two batches at least."""
_SHARE = 0.03
"""Share of the time of a walk that putting its pages down may take."""
_MOST_WAITING = 250
"""Pages that wait in memory at most."""
_QUICK = 1  # zlib's fastest level: a page of contacts becomes a tenth in less than a millisecond
_Landed = tuple[str, Page]


class Landing:
    """The pages of one listing that have landed, and those that land.

    Args:
        store: Where they lie.
        key: Key of the listing's answer.
        life: How long they serve.
        clock: Gives the present moment.

    Attributes:
        as_of: When the walk began that they belong to.
        date: What Spoki's clock said then, as far as it told.
        pages: How many have landed.
        resumed: Whether the walk went on from pages of an earlier process.
    """

    def __init__(self, store: Store, key: str, life: timedelta, clock: Clock) -> None:
        self._store = store
        self._key = key
        self._life = life
        self._clock = clock
        self._batches = 0
        self._replay: Iterator[_Landed] = iter(())
        self._ahead: _Landed | None = None
        self.begin()

    def begin(self) -> None:
        """Begin a walk of a new generation; what had landed of an older one goes."""
        if self._batches:
            self.drop()
        self.as_of: datetime = self._clock()
        self.date: datetime | None = None
        self.pages = 0
        self.resumed = False
        # As text: each full collection of garbage would go through the rows, and a walk makes many.
        self._waiting: list[bytes] = []
        self._due = time.monotonic() + _PAUSE

    def resume(self, read: Callable[[str], Page], key: str) -> None:
        """Go on from what has landed, if the last page of it is still what it was.

        Args:
            read: Asks Spoki for a page.
            key: Name of the field that tells rows apart.
        """
        self._batches = self._count()
        if not self._batches:
            return
        url, last = list(self._batch(self._batches - 1))[-1]
        try:
            now = read(url)
        except NotFoundError:
            now = Page([], None, None)
        if identities(mask_credentials(now.rows), key) != identities(last.rows, key):
            self.begin()
            return
        self._replay = self._pages(url, now)
        self._ahead = next(self._replay)
        self.resumed = True

    def page(self, url: str) -> Page | None:
        """The page of that address, if it is the next that has landed."""
        if self._ahead is None or self._ahead[0] != url:
            self._ahead = None
            return None
        page = self._ahead[1]
        self._ahead = next(self._replay, None)
        self.pages += 1
        return page

    def land(self, url: str, page: Page) -> None:
        """Take a page, to be put down when it is time."""
        if not self._store.on_disk or not self._life:
            return
        self._waiting.append(spell({"url": url, "rows": page.rows, "next": page.next, "count": page.count}))
        if time.monotonic() >= self._due or len(self._waiting) >= _MOST_WAITING:
            self.put_down()

    def put_down(self) -> None:
        """Put the pages that wait into the store, as one batch."""
        if not self._waiting:
            return
        began = time.monotonic()
        text = b"[%s]" % b",".join(self._waiting)
        if may_hold_credentials(text):
            text = spell(mask_credentials(parse(text)))
        body = zlib.compress(text, _QUICK)
        facts = {"date": self.date.isoformat() if self.date else None, "pages": len(self._waiting)}
        self._store.put(self._name(self._batches), Entry(body, self.as_of, self._clock(), facts), self._life)
        self.pages += len(self._waiting)
        self._batches += 1
        self._waiting = []
        spent = time.monotonic() - began
        self._due = began + spent + max(_PAUSE, spent / _SHARE)

    def finish(self) -> None:
        """The table is there: its pages have served."""
        self._waiting = []
        if self._batches:
            self.drop()

    def drop(self) -> None:
        """Throw away what has landed."""
        self._store.forget(f"{self._key}{LANDED}")
        self._batches, self._ahead = 0, None

    def _count(self) -> int:
        """How many batches of one generation, that still serves, have landed; takes over when it began."""
        first = self._store.get(self._name(0))
        if first is None:
            return 0
        if abs(self._clock() - first.as_of) >= self._life:
            self.drop()
            return 0
        self.as_of, date = first.as_of, first.facts.get("date")
        self.date = datetime.fromisoformat(date) if date else None
        count = 1
        while self._store.holds(self._name(count)):
            count += 1
        return count

    def _pages(self, last: str, now: Page) -> Iterator[_Landed]:
        """What has landed, the last page as it is now; earlier pages claim what that one does, not what they did."""
        for number in range(self._batches):
            for url, page in self._batch(number):
                if url == last:
                    yield last, now
                    return
                yield url, Page(page.rows, page.next, now.count)

    def _batch(self, number: int) -> Iterator[_Landed]:
        entry = self._store.get(self._name(number))
        if entry is None or entry.as_of != self.as_of:
            return
        for page in parse(zlib.decompress(entry.body)):
            yield page["url"], Page(page["rows"], page["next"], page["count"])

    def _name(self, number: int) -> str:
        return f"{self._key}{LANDED}{number:06d}"


def landed_life(operation: Operation, life: timedelta) -> timedelta:
    """How long landed pages of an operation serve, whose answers live so long."""
    if operation.cache is Cache.NEVER:
        return timedelta(0)
    return life if operation.cache is Cache.REPORT else LANDED_LIFE
