"""Custom values of contacts: long, one row a value, and wide, one ``field.<CODE>`` column a code."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from spoki_analytics.frames.side_tables import items_of, owners_of

SET = "contactfield_set"
MAP = "contactfield_values"
_COLUMNS = ("field", "code", "value", "value_datetime")


def values_by_row(table: pa.Table) -> tuple[pa.ChunkedArray, pa.Table]:
    """Every custom value, long: the number of its row, and field, code, value, value_datetime, unknown columns."""
    values = _long_values(table)
    others = [name for name in values.column_names if name not in ("row", "id", "visual_code", *_COLUMNS)]
    return values["row"], values.select([*_COLUMNS, *others])


def wide_values(table: pa.Table) -> Iterator[tuple[str, pa.Array]]:
    """A text column ``field.<CODE>`` for each code, and ``field.<CODE>_datetime`` where any value has a date-time."""
    values = _long_values(table)
    encoded = pc.dictionary_encode(values["code"].combine_chunks())
    numbers, rows = encoded.indices.to_numpy(zero_copy_only=False), values["row"].to_numpy()
    for number, code in enumerate(encoded.dictionary.to_pylist()):
        mine = np.flatnonzero(numbers == number)
        place = np.full(table.num_rows, -1)
        place[rows[mine]] = mine
        at = pa.array(place, mask=place < 0)
        yield f"field.{code}", values["value"].take(at)
        moments = values["value_datetime"].take(at)
        if moments.null_count < len(moments):
            yield f"field.{code}_datetime", moments


def _long_values(table: pa.Table) -> pa.Table:
    """Every custom value with the number of its row: row, code, then what the API says of it.

    The entries of ``contactfield_set`` come first; ``contactfield_values`` adds what they do not hold.
    """
    items = items_of(table, SET)
    codes = pc.coalesce(_stripped(items["visual_code"]), pc.cast(items["field"], pa.string()), pa.scalar("unknown"))
    entries = items.append_column("code", codes).append_column("row", owners_of(table, SET))
    mapped = items_of(table, MAP).append_column("row", owners_of(table, MAP))
    return pa.concat_tables([entries, _missing_from(entries, mapped)], promote_options="default")


def _stripped(visual_codes: pa.ChunkedArray) -> pa.ChunkedArray:
    """``%%CODE%%`` without its marks; missing when nothing is left."""
    codes = pc.utf8_trim(visual_codes, "% ")
    return pc.if_else(pc.equal(codes, ""), None, codes)


def _missing_from(entries: pa.Table, mapped: pa.Table) -> pa.Table:
    if not mapped.num_rows or not entries.num_rows:
        return mapped
    keys = pc.binary_join_element_wise(pc.cast(mapped["row"], pa.string()), mapped["code"], " ")
    known = pc.binary_join_element_wise(pc.cast(entries["row"], pa.string()), entries["code"], " ")
    return mapped.filter(pc.invert(pc.is_in(keys, known.combine_chunks())))
