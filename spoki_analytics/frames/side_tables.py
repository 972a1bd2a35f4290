"""Lists of small objects inside rows: as one column of names, and as a side table."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from spoki_analytics.frames.schemas import Field


def column_of(table: pa.Table, name: str) -> pa.Array:
    """One column in one piece, whether the table was built now or read from its store."""
    return table[name].combine_chunks()


def items_of(table: pa.Table, name: str) -> pa.Table:
    """All items of one set column, below each other, one column a sub-field."""
    return pa.Table.from_struct_array(pc.list_flatten(column_of(table, name)))


def owners_of(table: pa.Table, name: str) -> pa.Array:
    """For each item of a set column, the number of the row that holds it."""
    return pc.list_parent_indices(column_of(table, name))


def names_in(lists: pa.Array, field: Field) -> list[list[str]]:
    """The items of each row by their label, as Python lists; an item without label shows its id."""
    encoded = pc.dictionary_encode(_labels(pa.RecordBatch.from_struct_array(pc.list_flatten(lists)), field))
    words = encoded.dictionary.to_pylist()
    flat = [words[index] for index in encoded.indices.to_pylist()]
    ends = pc.cumulative_sum(pc.list_value_length(lists)).to_pylist()
    with _no_collection():
        return [flat[start:end] for start, end in zip([0, *ends], ends, strict=False)]


def _labels(batch: pa.RecordBatch, field: Field) -> pa.Array:
    candidates: list[Any] = [
        pc.cast(batch.column(name), pa.string()) for name in (field.label, "id") if name in batch.schema.names
    ]
    return pc.coalesce(*candidates, pa.scalar(""))


@contextmanager
def _no_collection() -> Iterator[None]:
    """No garbage collection meanwhile: many small lists at once would set it off hundreds of times for nothing."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
