"""One walk over the pages of a listing: what an answer holds, where it goes on, and what was met on the way.

Pagination: Spoki API contract, section 1.6.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from spoki_analytics.api.transport import joined
from spoki_analytics.catalogue import Operation
from spoki_analytics.errors import NotFoundError, UnexpectedAnswerError, UsageError
from spoki_analytics.wording.arguments import argument
from spoki_analytics.wording.messages import gettext, ngettext, noop

BREAKS = {
    "circle": noop("the same page came twice"),
    "endless": noop("more than {pages} pages"),
    "vanished": noop("a page vanished"),
}
"""Why a walk can end early."""
Row = dict[str, Any]
Table = TypeVar("Table", covariant=True)


class Builder(Protocol[Table]):
    """Turns pages of rows into a table, page by page."""

    def add(self, rows: list[Row]) -> None:
        """Take one page."""

    def finish(self) -> Table:
        """The table of all pages."""
        ...


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its rows, the address of the next one, and the number of rows that the listing claims to have."""

    rows: list[Row]
    next: str | None
    count: int | None


@dataclass(slots=True)
class Walk:
    """What one walk over a listing met.

    Attributes:
        rows: Rows delivered, each id once.
        counts: The claimed numbers of rows, as they changed from page to page.
        duplicates: Rows left out because their id had come before.
        broken: Why the walk ended early, a key of ``BREAKS``; empty when it reached the end.
        partial: True when it stopped at the asked limit.
        shifted: True when rows moved from one page to another although the count stayed.
        checked: Whether it is certain that they did not, or did.
    """

    rows: int = 0
    pages: int = 0
    counts: list[int] = field(default_factory=list)
    duplicates: int = 0
    broken: str = ""
    partial: bool = False
    shifted: bool = False
    checked: bool = False
    seen: set[Any] = field(default_factory=set)

    @property
    def moved(self) -> bool:
        """Whether the listing changed under the walk."""
        return bool(self.duplicates or self.broken or self.shifted or len(set(self.counts)) > 1)

    @property
    def is_miscounted(self) -> bool:
        """Whether the rows do not add up to the count."""
        return not self.partial and bool(self.counts) and self.counts[-1] != self.rows

    @property
    def is_suspect(self) -> bool:
        """Whether it should be walked once more: it moved, or its pages, of which there are several, do not add up."""
        return self.moved or (self.pages > 1 and self.is_miscounted)

    @property
    def facts(self) -> dict[str, Any]:
        """What is kept beside the table; ``message_of`` makes a sentence of it."""
        return {
            "drift": self.moved,
            "rows": self.rows,
            "pages": self.pages,
            "counts": self.counts[:1] + self.counts[-1:],
            "duplicates": self.duplicates,
            "broken": self.broken,
            "miscounted": self.is_miscounted,
            "shifted": self.shifted,
            "checked": self.checked,
        }

    def holds_still(self, before: Walk | None) -> bool:
        """Whether it need not be walked again: nothing is suspect, or the walk before met the very same rows."""
        if not self.is_suspect:
            return True
        return before is not None and not self.moved and (self.rows, self.seen) == (before.rows, before.seen)


def check_limit(limit: int | None, operation: Operation) -> None:
    """Refuse a number of rows that is none.

    Raises:
        UsageError: Before any request.
    """
    if limit is not None and (type(limit) is not int or limit < 1):  # True is an int as well
        raise UsageError(
            gettext("{limit} must be a whole number of at least 1.", limit=argument("limit")), operation=operation.name
        )


def read_page(data: Any, *, shapeless: bool = False) -> Page:
    """The rows of an answer: a bare array, a ``results`` envelope, or an object with a single list.

    Args:
        data: Parsed JSON.
        shapeless: No source documents the rows: an object that holds figures instead of a list is taken for a row.

    Raises:
        UnexpectedAnswerError: No list can be found in it.
    """
    if isinstance(data, list):
        return Page(data, None, None)
    if isinstance(data, dict):
        link = data.get("next")
        count = data.get("count")
        lists = [value for value in data.values() if isinstance(value, list)]
        if isinstance(data.get("results"), list):
            lists = [data["results"]]
        if len(lists) == 1:
            number = count if isinstance(count, int) and not isinstance(count, bool) else None
            return Page(lists[0], link if isinstance(link, str) and link else None, number)
        inner = data["results"] if isinstance(data.get("results"), dict) else data
        if shapeless and not lists and any(isinstance(value, dict | int | float) for value in inner.values()):
            return Page([inner], None, None)
    raise UnexpectedAnswerError(
        gettext("Spoki answered with an object of {count} keys where a list was expected.", count=len(data))
        if isinstance(data, dict)
        else gettext("Spoki answered with {kind} where a list was expected.", kind=type(data).__name__)
    )


def walk(
    fetch: Callable[[str], Page], first: str, builder: Builder[Any], *, key: str, limit: int | None, max_pages: int
) -> Iterator[tuple[Walk, Page]]:
    """Follow ``next`` as given, feed the builder, and yield after each page what is known so far.

    Args:
        fetch: Reads one page.
        first: Address of the first page.
        builder: Takes the rows.
        key: Name of the field that tells rows apart; empty where none does.
        limit: Stop after so many rows.
        max_pages: Pages after which the listing is taken to be endless.
    """
    state = Walk()
    url: str | None = first
    visited: set[str] = set()
    while url is not None:
        if url in visited or state.pages >= max_pages:
            state.broken = "circle" if url in visited else "endless"
            yield state, Page([], None, None)
            return
        visited.add(url)
        try:
            page = fetch(url)
        except NotFoundError:
            if state.pages == 0:
                raise
            state.broken = "vanished"
            yield state, Page([], None, None)
            return
        _take(state, page, builder, key, limit)
        state.partial = limit is not None and state.rows >= limit
        yield state, page
        url = None if state.partial or page.next is None else joined(url, page.next)


def _take(state: Walk, page: Page, builder: Builder[Any], key: str, limit: int | None) -> None:
    fresh = [row for row in page.rows if _is_new(state, row, key)]
    state.duplicates += len(page.rows) - len(fresh)
    if limit is not None:
        fresh = fresh[: limit - state.rows]
    builder.add(fresh)
    state.rows += len(fresh)
    state.pages += 1
    if page.count is not None:
        state.counts.append(page.count)


def _is_new(state: Walk, row: Any, key: str) -> bool:
    identity = row.get(key) if isinstance(row, dict) else None
    if not isinstance(identity, int | str):
        return True
    if identity in state.seen:
        return False
    state.seen.add(identity)
    return True


def identities(rows: list[Any], key: str) -> list[Any]:
    """What tells the rows of a page apart: their ids, or else they themselves."""
    return [row.get(key, row) if isinstance(row, dict) and key else row for row in rows]


def pages_left(state: Walk, page: Page, limit: int | None) -> int:
    """How many pages are still to come, guessed from the rows read so far; 0 at the end."""
    if page.next is None or not state.rows:
        return 0
    total = min(x for x in (page.count, limit, 10**12) if x is not None)
    if total == 10**12:
        return 1
    return max(1, math.ceil((total - state.rows) / (state.rows / state.pages)))


def message_of(facts: Mapping[str, Any]) -> str:
    """What a reader of a listing should know about its making, empty when there is nothing.

    Args:
        facts: As ``Walk.facts`` gives them; in what version 0.1.0 kept, the sentence itself stands under ``told``.
    """
    if "told" in facts:
        return str(facts["told"])
    if facts.get("drift"):
        return gettext(
            "it changed while it was read ({why}); rows may be missing. Load it again later with {refresh}.",
            why=_movement(facts),
            refresh=argument("refresh", True),
        )
    if facts.get("miscounted"):
        counted, rows = facts["counts"][-1], facts["rows"]
        return gettext("Spoki counts {counted} rows but delivers {rows}.", counted=counted, rows=rows)
    return ""


def _movement(facts: Mapping[str, Any]) -> str:
    """How a listing changed under the walk."""
    if facts["broken"]:
        return gettext(BREAKS[facts["broken"]], pages=facts["pages"])
    if facts.get("shifted"):
        return gettext("rows moved from one page to another")
    if not facts["counts"]:
        return ngettext("{count} row came twice", "{count} rows came twice", facts["duplicates"])
    return ngettext(
        "{count} row came twice, the count went from {first} to {last}",
        "{count} rows came twice, the count went from {first} to {last}",
        facts["duplicates"],
        first=facts["counts"][0],
        last=facts["counts"][-1],
    )
