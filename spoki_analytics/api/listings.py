"""Listings: walked from the first page to the last, again where they moved meanwhile, until they hold still."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol, TypeVar

from spoki_analytics.api.call import Call
from spoki_analytics.api.landing import Landing
from spoki_analytics.api.pacing import Pace
from spoki_analytics.api.progress import Meter
from spoki_analytics.api.reads import Reads
from spoki_analytics.api.shifts import walk_and_check
from spoki_analytics.api.walks import Builder, Page, Walk, pages_left, read_page
from spoki_analytics.catalogue import Operation
from spoki_analytics.errors import UnexpectedAnswerError
from spoki_analytics.settings import Settings
from spoki_analytics.wording.messages import ngettext

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

    def load(self, call: Call, codec: Codec[T], limit: int | None, meter: Meter, landing: Landing) -> tuple[T, Walk]:
        """Walk a listing until it holds still, a bounded number of times.

        Args:
            call: The listing.
            codec: Makes the table.
            limit: Stop after so many rows.
            meter: Counts requests and shows how far the walk is.
            landing: Pages of an earlier load that broke off, and where this one's go.
        """
        before: Walk | None = None
        meter.meanwhile = landing.put_down
        landing.resume(self._reader(call, codec.key, meter), codec.key)
        for walked in range(1, MAX_WALKS + 1):
            builder = codec.builder()
            with _keeping(landing):
                state = self._walk(call, builder, codec.key, limit, meter, landing)
            if walked == MAX_WALKS or state.holds_still(before):
                break
            _log.info("walks %s again: %s", call.operation.slug, state.facts)
            before = state
            landing.begin()
        table = builder.finish()
        landing.finish()
        return table, state

    def _walk(
        self, call: Call, builder: Builder[Any], key: str, limit: int | None, meter: Meter, landing: Landing
    ) -> Walk:
        read = self._reader(call, key, meter)

        def fetch(url: str) -> Page:
            if (page := landing.page(url)) is not None:
                return page
            page = read(url)
            landing.date = landing.date or self._reads.date
            if page.next is not None:  # a listing of one page has nothing to go on from
                landing.land(url, page)
            return page

        state = Walk()
        pages = walk_and_check(
            read,
            call.url,
            builder,
            key=key,
            limit=limit,
            max_pages=self._settings.max_pages,
            fetch=fetch,
            began=lambda: landing.date,
            is_resumed=lambda: landing.resumed,
        )
        for state, page in pages:
            self._show(call.operation, state, page, limit, meter)
        return state

    def _reader(self, call: Call, key: str, meter: Meter) -> Callable[[str], Page]:
        """Asks Spoki for pages of a listing."""

        def read(url: str) -> Page:
            data = self._reads.read(call.operation, url, call.account, meter)
            try:
                return read_page(data, shapeless=not key)
            except UnexpectedAnswerError as problem:
                problem.operation, problem.account = call.operation.name, call.account
                raise

        return read

    def _show(self, operation: Operation, state: Walk, page: Page, limit: int | None, meter: Meter) -> None:
        if not meter.shown:
            return
        pages = pages_left(state, page, limit)
        seconds = self._pace.seconds(operation, pages) if pages else 0
        if state.pages == 1 and page.count:
            meter.announce(page.count, pages + 1, seconds)
        meter.page(len(page.rows), limit or page.count, seconds)


@contextmanager
def _keeping(landing: Landing) -> Iterator[None]:
    """Put down what has landed when the walk breaks off, however it does, and say so with the error."""
    try:
        yield
    except BaseException as problem:
        landing.put_down()
        if landing.pages:
            sentence = ngettext(
                "{count} page that was read is kept: the same load goes on from there.",
                "{count} pages that were read are kept: the same load goes on from there.",
                landing.pages,
            )
            problem.add_note(sentence)
        raise
