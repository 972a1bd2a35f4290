"""Listings: walked from the first page to the last, again where they moved meanwhile, until they hold still."""

from __future__ import annotations

import logging
from typing import Any, Protocol, TypeVar

from spoki_analytics.api.call import Call
from spoki_analytics.api.pacing import Pace
from spoki_analytics.api.progress import Meter
from spoki_analytics.api.reads import Reads
from spoki_analytics.api.walks import Builder, Page, Walk, pages_left, read_page, walk
from spoki_analytics.catalogue import Operation
from spoki_analytics.errors import UnexpectedAnswerError
from spoki_analytics.settings import Settings

MAX_WALKS = 3
"""How often a listing that moves is walked before it is delivered with a warning."""
T = TypeVar("T")
_log = logging.getLogger(__name__)


class Codec(Protocol[T]):
    """Makes the table of a listing and the bytes that are kept of it.

    Attributes:
        version: Changes when the form of the bytes does.
        key: Name of the field that tells rows apart; empty where none does.
    """

    version: str
    key: str

    def builder(self) -> Builder[T]:
        """A new, empty table in the making."""
        ...

    def dump(self, table: T) -> bytes:
        """The table as bytes."""
        ...

    def load(self, body: bytes) -> T:
        """The table from its bytes."""
        ...

    def head(self, table: T, rows: int) -> T:
        """The first rows."""
        ...


class Listings:
    """Loads listings of one account key, each as one table of one generation.

    Args:
        reads: Asks Spoki.
        pace: The rates of the key, from which the time left is guessed.
        settings: Where a listing is taken to be endless.
    """

    def __init__(self, reads: Reads, pace: Pace, settings: Settings) -> None:
        self._reads = reads
        self._pace = pace
        self._settings = settings

    def load(self, call: Call, codec: Codec[T], limit: int | None, meter: Meter) -> tuple[T, Walk]:
        """Walk a listing until it holds still, a bounded number of times.

        Args:
            call: The listing.
            codec: Makes the table.
            limit: Stop after so many rows.
            meter: Counts requests and shows how far the walk is.
        """
        before: Walk | None = None
        for walked in range(1, MAX_WALKS + 1):
            builder = codec.builder()
            state = self._walk(call, builder, codec.key, limit, meter)
            if walked == MAX_WALKS or state.holds_still(before):
                break
            _log.info("walks %s again: %s", call.operation.slug, state.facts)
            before = state
        return builder.finish(), state

    def _walk(self, call: Call, builder: Builder[Any], key: str, limit: int | None, meter: Meter) -> Walk:
        def fetch(url: str) -> Page:
            data = self._reads.read(call.operation, url, call.account, meter)
            try:
                return read_page(data, shapeless=not key)
            except UnexpectedAnswerError as problem:
                problem.operation, problem.account = call.operation.name, call.account
                raise

        state = Walk()
        pages = walk(fetch, call.url, builder, key=key, limit=limit, max_pages=self._settings.max_pages)
        for state, page in pages:
            self._show(call.operation, state, page, limit, meter)
        return state

    def _show(self, operation: Operation, state: Walk, page: Page, limit: int | None, meter: Meter) -> None:
        if not meter.shown:
            return
        pages = pages_left(state, page, limit)
        over = max(0, pages - self._pace.left(operation)) if pages else 0
        seconds = over / self._pace.rate(operation) * self._settings.rate_window
        if state.pages == 1 and page.count:
            meter.announce(page.count, pages + 1, seconds)
        meter.page(len(page.rows), limit or page.count, seconds)
