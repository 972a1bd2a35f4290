"""A mutable set of records whose first state is made lazily, one record at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

Record = dict[str, Any]
"""What is kept: references are ids, and internal keys are inside."""
Row = dict[str, Any]
"""What the API shows of a record."""


class Collection:
    """Records by id: those of the start are computed when asked for, later ones and changed ones are kept.

    Args:
        count: How many records there are at the start.
        first_id: Id of the first; the others follow without a gap.
        make: Gives the record at a place (0 to count - 1), always the same.
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
        """Rises with every change."""
        self._count = count
        self._first = first_id
        self._make = make
        self._newest_first = newest_first
        self._remember = remember
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
        self._next_id += 1
        return self.put({**record, "id": self._next_id - 1})

    def put(self, record: Record) -> Record:
        """Keep a record in place of the one that has its ``id``."""
        self._kept[record["id"]] = record
        self.version += 1
        return record

    def remove(self, record_id: int) -> None:
        """Forget a record; its id is never used again."""
        self._kept.pop(record_id, None)
        self._gone.add(record_id)
        self.version += 1

    def _record(self, record_id: int) -> Record:
        record = self._kept.get(record_id)
        if record is None:
            record = self._make(record_id - self._first)
            if self._remember:
                self._kept[record_id] = record
        return record
