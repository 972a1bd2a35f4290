"""Lists of small objects inside rows: as a column of names, as a side table, and as columns of custom values."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
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


CustomValues = dict[str, bool]
"""The codes of custom values in the order of their columns, and whether any has a date-time."""
_NOWHERE = -2
_COLUMNS = ("field", "code", "value", "value_datetime")


def values_by_row(table: pa.Table, field: Field) -> tuple[pa.ChunkedArray, pa.Table]:
    """Every custom value, long: the number of its row, and field, code, value, value_datetime, unknown columns."""
    values = _long_values(table, field)
    others = [name for name in values.column_names if name not in ("row", "id", "visual_code", *_COLUMNS)]
    return values["row"], values.select([*_COLUMNS, *others])


def wide_values(table: pa.Table, field: Field, custom: CustomValues | None = None) -> Iterator[tuple[str, pa.Array]]:
    """A text column ``field.<CODE>`` for each code, and ``field.<CODE>_datetime`` where any value has a date-time."""
    values = _long_values(table, field)
    encoded = pc.dictionary_encode(values["code"].combine_chunks())
    numbers, rows = encoded.indices.to_numpy(zero_copy_only=False), values["row"].to_numpy()
    number_of = {code: number for number, code in enumerate(encoded.dictionary.to_pylist())}
    for code, has_moments in (dict.fromkeys(number_of) if custom is None else custom).items():
        mine = np.flatnonzero(numbers == number_of.get(code, _NOWHERE))
        positions = np.full(table.num_rows, -1)
        positions[rows[mine]] = mine
        at = pa.array(positions, mask=positions < 0)
        yield f"field.{code}", values["value"].take(at)
        moments = values["value_datetime"].take(at)
        if has_moments or (has_moments is None and moments.null_count < len(moments)):
            yield f"field.{code}_datetime", moments


def custom_values(tables: Iterable[pa.Table], field: Field) -> CustomValues:
    """The codes of all custom values in the parts of a table, those that stand in a map alone after the others."""
    listed: CustomValues = {}
    mapped: CustomValues = {}
    for table in tables:
        values, entries = _long_values(table, field), items_of(table, field.name).num_rows
        for codes, part in ((listed, values.slice(0, entries)), (mapped, values.slice(entries))):
            moments = set(part.filter(part["value_datetime"].is_valid())["code"].unique().to_pylist())
            for code in part["code"].unique().to_pylist():
                codes[code] = codes.get(code, False) or code in moments
    return {code: listed.get(code, False) or mapped.get(code, False) for code in [*listed, *mapped]}


def _long_values(table: pa.Table, field: Field) -> pa.Table:
    """Every custom value with the number of its row: row, code, then what the API says of it.

    The entries of the field come first; its map adds what they do not hold.
    """
    items = items_of(table, field.name)
    codes = pc.coalesce(_strip_marks(items["visual_code"]), pc.cast(items["field"], pa.string()), pa.scalar("unknown"))
    entries = items.append_column("code", codes).append_column("row", owners_of(table, field.name))
    mapped = items_of(table, field.also).append_column("row", owners_of(table, field.also))
    return pa.concat_tables([entries, _missing_from(entries, mapped)], promote_options="default")


def _strip_marks(visual_codes: pa.ChunkedArray) -> pa.ChunkedArray:
    """``%%CODE%%`` without its marks; missing when nothing is left."""
    codes = pc.utf8_trim(visual_codes, "% ")
    return pc.if_else(pc.equal(codes, ""), None, codes)


def _missing_from(entries: pa.Table, mapped: pa.Table) -> pa.Table:
    if not mapped.num_rows or not entries.num_rows:
        return mapped
    keys = pc.binary_join_element_wise(pc.cast(mapped["row"], pa.string()), mapped["code"], " ")
    known = pc.binary_join_element_wise(pc.cast(entries["row"], pa.string()), entries["code"], " ")
    return mapped.filter(pc.invert(pc.is_in(keys, known.combine_chunks())))
