"""Values that came where an object or a list was declared."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from spoki_analytics.frames.columns import Leaf, counted
from spoki_analytics.frames.schemas import KINDS
from spoki_analytics.frames.texts import as_text, type_name


class Strays:
    """A text column beside what was declared, holding what does not belong there, and the count of it."""

    def __init__(self, path: str, kind: str) -> None:
        self._leaf = Leaf(path, "any")
        self._kind = kind
        self._count = 0
        self._example = ""

    def add(self, start: int, values: list[Any]) -> None:
        """Take what does not belong, None elsewhere."""
        present = [value for value in values if value is not None]
        if present:
            self._leaf.add(start, [as_text(value) for value in values])
            self.count(present)

    def count(self, values: list[Any]) -> None:
        """Note values that were found a place all the same."""
        self._count += len(values)
        self._example = self._example or type_name(values[0])

    def finish(self, rows: int, zone: str) -> list[tuple[str, pa.Array]]:
        """The column, if there is anything in it."""
        column = self._leaf.finish(rows, zone)
        return [(self._leaf.path, column)] if column.null_count < rows else []

    def notes(self) -> Iterator[str]:
        """How many there were."""
        if self._count:
            wrong = f"{counted(self._count)} of the wrong type ({self._example} in place of {KINDS[self._kind]})"
            yield f"{self._leaf.path}: {wrong}; kept as text."
