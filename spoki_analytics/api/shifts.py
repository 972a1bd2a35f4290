"""Whether rows moved from page to page under a walk, unseen by its count and by its ids.

A listing that loses a row of a page that was read and gains one further on keeps its count, no id comes twice, and the
row at the border of two pages is never met. Three things show it: a row that is younger than the walk; the last page,
looked at once before the walk comes to it; and the first page, looked at once more in the end. That is two requests.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from spoki_analytics.api.transport import joined
from spoki_analytics.api.walks import Builder, Page, Walk, identities, walk
from spoki_analytics.errors import NotFoundError

CREATED = "created_datetime"
_NUMBER = re.compile(r"(?<=[?&]page=)\d+")
Read = Callable[[str], Page]


class Shifts:
    """Looks out for rows that move under one walk.

    Args:
        read: Asks Spoki for a page.
        key: Name of the field that tells rows apart.
    """

    def __init__(self, read: Read, key: str) -> None:
        self._read = read
        self._key = key
        self._first: list[Any] = []
        self._last: list[Any] | None = None
        self._foretold: list[Any] | None = None
        self._youngest: datetime | None = None
        self._is_dated = True

    def meet(self, page: Page, url: str | None = None) -> None:
        """Take a page of the walk; the first one with its address."""
        self._last = identities(page.rows, self._key)
        moments = [_moment(row) for row in page.rows]
        self._is_dated = self._is_dated and None not in moments
        known = [moment for moment in (self._youngest, *moments) if moment is not None]
        self._youngest = max(known, default=None)
        if url is not None:
            self._first = self._last
            self._foretold = self._foretell(page, url)

    def judge(self, state: Walk, first: str, began: datetime | None, *, resumed: bool) -> None:
        """Say of a walk that reached its end whether rows moved, and whether that can be said.

        Args:
            state: The walk.
            first: Address of its first page.
            began: When it began by Spoki's clock, None where Spoki does not say.
            resumed: Whether its beginning was read by another process; what that saw of the last page is not known.
        """
        if state.pages <= 1:
            state.checked = True
            return
        is_dated = self._is_dated and self._youngest is not None and began is not None
        state.shifted = self._youngest is not None and began is not None and self._youngest > began
        has_both_ends = not resumed and (state.pages == 2 or self._foretold is not None)
        state.checked = is_dated or has_both_ends
        if state.shifted or resumed:
            return
        moved_last = self._foretold is not None and self._foretold != self._last
        state.shifted = moved_last or self._look(first) != self._first

    def _foretell(self, page: Page, url: str) -> list[Any] | None:
        """The rows of the last page, where its address follows from that of the second."""
        if page.next is None or not page.count or not page.rows:
            return None
        pages = math.ceil(page.count / len(page.rows))
        second = joined(url, page.next)
        if pages < 3 or len(_NUMBER.findall(second)) != 1:
            return None
        return self._look(_NUMBER.sub(str(pages), second))

    def _look(self, url: str) -> list[Any] | None:
        try:
            return identities(self._read(url).rows, self._key)
        except NotFoundError:
            return None


def walk_and_check(
    read: Read,
    first: str,
    builder: Builder[Any],
    *,
    key: str,
    limit: int | None,
    max_pages: int,
    fetch: Read | None = None,
    began: Callable[[], datetime | None] = lambda: None,
    is_resumed: Callable[[], bool] = lambda: False,
) -> Iterator[tuple[Walk, Page]]:
    """As ``walk``, and then look whether rows moved meanwhile; a walk that stopped at a limit is not checked.

    Args:
        read: Asks Spoki for a page.
        first: Address of the first page.
        builder: Takes the rows.
        key: Name of the field that tells rows apart; empty where none does.
        limit: Stop after so many rows.
        max_pages: Pages after which the listing is taken to be endless.
        fetch: Reads the pages of the walk, where some of them lie here; ``read`` when missing.
        began: When the walk began by Spoki's clock.
        is_resumed: Whether its beginning was read by another process.
    """
    shifts = Shifts(read, key)
    state = Walk()
    for state, page in walk(fetch or read, first, builder, key=key, limit=limit, max_pages=max_pages):
        if limit is None and not state.broken:
            shifts.meet(page, first if state.pages == 1 and not is_resumed() else None)
        yield state, page
    if limit is not None and state.pages == 1 and not state.is_suspect:
        state.checked = True  # one page is one answer, and moves nowhere
    # The loop above ends with the state of the whole walk, in the object that it gave out each time.
    if limit is None and not state.is_suspect:
        shifts.judge(state, first, began(), resumed=is_resumed())


def _moment(row: Any) -> datetime | None:
    """When a row was created, None where it does not say."""
    text = row.get(CREATED) if isinstance(row, dict) else None
    try:
        moment = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment
