"""A mutable set of records, most of them invented, which are made lazily, one at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

Record = dict[str, Any]
"""What is kept: references are ids, and internal keys are inside."""
Row = dict[str, Any]
"""What the API shows of a record."""


class Collection:
    """Records by id: those that the world invents are made when asked for, those that clients made or changed are kept.

    Args:
        count: How many records there are at the start.
        first_id: Id of the first; the others follow without a gap.
        make: Gives the invented record at an index (0 to count - 1, and on as the collection grows).
        newest_first: Order of listings.
        remember: Whether a record that was made is kept; not worth its memory where there are very many.
    """

    def __init__(
        self,
        count: int,
        first_id: int,
        make: Callable[[int], Record],
        *,
        newest_first: bool = True,
        remember: bool = True,
    ) -> None:
        self.version = 0
        """Rises with every record that comes, goes or is changed."""
        self._first = first_id
        self._make = make
        self._newest_first = newest_first
        self._remember = remember
        self._count = count
        self._grown: dict[int, int] = {}
        self._made: dict[int, Record] = {}
        self._kept: dict[int, Record] = {}
        self._gone: set[int] = set()
        self._next_id = first_id + count

    def __len__(self) -> int:
        return self._next_id - self._first - len(self._gone)

    def ids(self) -> list[int]:
        """All ids, in the order of listings."""
        every = range(self._first, self._next_id)
        ordered = reversed(every) if self._newest_first else every
        return [i for i in ordered if i not in self._gone] if self._gone else list(ordered)

    def records(self) -> Iterator[Record]:
        """All records, in the order of listings."""
        return (self._record(i) for i in self.ids())

    def get(self, record_id: int) -> Record | None:
        """The record, or None when there is none (any more)."""
        present = self._first <= record_id < self._next_id and record_id not in self._gone
        return self._record(record_id) if present else None

    def add(self, record: Record) -> Record:
        """Keep a new record under the next id, which it gets as ``id``."""
        return self.put({**record, "id": self._take_id()})

    def put(self, record: Record) -> Record:
        """Keep a record in place of the one that has its ``id``."""
        self._kept[record["id"]] = record
        self.version += 1
        return record

    def remove(self, record_id: int) -> None:
        """Forget a record; its id is never used again."""
        self._kept.pop(record_id, None)
        self._made.pop(record_id, None)
        self._gone.add(record_id)
        self.version += 1

    @property
    def invented(self) -> int:
        """How many records were invented so far, those that are gone included."""
        return self._count + len(self._grown)

    def grow(self) -> Record:
        """The next invented record; it gets the next id, behind whatever clients have added."""
        index, record_id = self.invented, self._take_id()
        self._grown[record_id] = index
        self.version += 1
        return self._record(record_id)

    def make_anew(self) -> None:
        """Forget the invented records, as time has passed; what clients made or changed stays as they left it."""
        self._made.clear()

    def _take_id(self) -> int:
        self._next_id += 1
        return self._next_id - 1

    def _record(self, record_id: int) -> Record:
        record = self._kept.get(record_id) or self._made.get(record_id)
        if record is None:
            index = self._grown.get(record_id, record_id - self._first)
            record = {"id": record_id, **self._make(index)}
            if self._remember:
                self._made[record_id] = record
        return record
