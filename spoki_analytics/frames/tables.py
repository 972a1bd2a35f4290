"""Typed Arrow tables to pandas frames: the main frame, its side tables, and the form in which a table is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import version
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from spoki_analytics.errors import UsageError, warn
from spoki_analytics.frames.builder import TableBuilder, notes_of, unknown_columns
from spoki_analytics.frames.chosen import Chosen, is_custom, missing_values, require, warn_of_missing_values
from spoki_analytics.frames.derived import derive, euros
from spoki_analytics.frames.descriptions import column_names, names_of
from spoki_analytics.frames.notes import Note
from spoki_analytics.frames.objects import distinct
from spoki_analytics.frames.phones import Region, e164
from spoki_analytics.frames.provenance import stamp
from spoki_analytics.frames.schemas import Field, Schema
from spoki_analytics.frames.side_tables import (
    CustomValues,
    column_of,
    items_of,
    names_in,
    owners_of,
    values_by_row,
    wide_values,
)
from spoki_analytics.wording.messages import gettext, noop

TEXT = pd.StringDtype(na_value=float("nan"))
"""The text dtype of pandas 3, written out so that it does not depend on an option."""
_DTYPES: Callable[[pa.DataType], Any] = {
    pa.int64(): pd.Int64Dtype(),
    pa.float64(): pd.Float64Dtype(),
    pa.bool_(): pd.BooleanDtype(),
    pa.string(): TEXT,
    pa.null(): TEXT,
}.get

PART = 2**15
"""Rows that are read or written together where not all of them may be in memory."""
COMPRESSION = "zstd"
Named = Iterator[tuple[str, Any]]


def to_frame(
    table: pa.Table,
    schema: Schema,
    region: Region = "IT",
    chosen: Chosen | None = None,
    *,
    values: CustomValues | None = None,
    tells: bool = True,
) -> pd.DataFrame:
    """The main frame of a table.

    Args:
        table: What ``TableBuilder.finish`` or ``load`` gave.
        schema: The schema it was built with.
        region: Country of phone numbers without a country code.
        chosen: Only these columns, in this order.
        values: The custom values that become columns, where the table is a part of a whole; else those that it has.
        tells: Whether it warns.

    Returns:
        One row per API row. Columns in the contract's order under the API's names: ids and counts ``Int64``, other
        numbers ``Float64``, booleans ``boolean``, date-times ``datetime64[us, UTC]``, enumerations ``category``, the
        rest text; sets as Python lists of names; derived columns beside their source (``phone_raw``, ``…_eur`` in
        euro, ``quality_colour``, ``is_closed``, ``field.<CODE>``); unknown fields at the right.

    Warns:
        SpokiWarning: Once for each column whose values were not of the documented type.
    """
    if tells:
        _warn(notes_of(table))
    columns = dict(_declared(table, schema, region, chosen, values))
    unknown = [(name, column_of(table, name)) for name in unknown_columns(table)]
    extra = [
        each
        for each in distinct(unknown, frozenset([*columns, *column_names(schema)]))
        if chosen is None or each[0] in chosen
    ]
    columns.update((name, _plain(array)) for name, array in extra)
    if chosen is not None:
        if tells:
            warn_of_missing_values(chosen, columns)
        columns.update(list(missing_values(chosen, columns, table.num_rows, TEXT)))
        require(chosen, columns, schema.name)
        columns = {name: columns[name] for name in chosen}
    frame = pd.DataFrame(columns, index=pd.RangeIndex(table.num_rows), copy=False)
    return stamp(frame, rows=len(frame), unknown_columns=[name for name, _ in extra])


def memberships(table: pa.Table, schema: Schema, which: str) -> pd.DataFrame:
    """One set of each row as a long side table.

    Args:
        table: What ``TableBuilder.finish`` or ``load`` gave.
        schema: The schema it was built with.
        which: Name of the side table, such as ``lists``, ``tags``, ``operators`` or ``fields`` of contacts.

    Returns:
        One row per item: the id of its row (``contact_id``, Int64), then the item's own columns.

    Raises:
        UsageError: There is no such side table.
    """
    field = schema.sides.get(which)
    if field is None:
        sentence = noop("{family} have no side table {name}; there are: {names}.")
        names = ", ".join(schema.sides) or gettext("none")
        raise UsageError(gettext(sentence, family=schema.name, name=repr(which), names=names))
    _warn(note for note in notes_of(table) if note.path.startswith(f"{schema.name}.{field.name}."))
    if field.kind == "values":
        owners, items = values_by_row(table, field)
    else:
        owners, items = owners_of(table, field.name), items_of(table, field.name)
    columns = [
        (f"{schema.noun}_id", column_of(table, schema.key).take(owners)),
        *zip(items.column_names, items.columns, strict=True),
    ]
    frame = pd.DataFrame({name: _plain(array) for name, array in distinct(columns)}, copy=False)
    return stamp(frame, rows=len(frame))


def dump(table: pa.Table) -> bytes:
    """The table as Parquet (zstd), with its notes."""
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression=COMPRESSION, row_group_size=PART)
    written: bytes = sink.getvalue().to_pybytes()
    return written


def load(data: bytes) -> pa.Table:
    """The table that ``dump`` wrote."""
    # In one thread: Arrow's readers in the background abort now and then a process that ends soon after.
    return pq.read_table(pa.BufferReader(data), use_threads=False, pre_buffer=False)


class TableCodec:
    """Makes Arrow tables of one schema from pages, and keeps them as Parquet."""

    def __init__(self, schema: Schema, naive_timezone: str) -> None:
        self._schema = schema
        self._naive_timezone = naive_timezone
        self.key = schema.key
        self.version = f"{version('spoki_analytics')}/{schema.name}/{naive_timezone}"

    def builder(self) -> TableBuilder:
        """A new table in the making."""
        return TableBuilder(self._schema, self._naive_timezone)

    def dump(self, table: pa.Table) -> bytes:
        """The table as Parquet."""
        return dump(table)

    def load(self, body: bytes) -> pa.Table:
        """The table from Parquet."""
        return load(body)

    def head(self, table: pa.Table, rows: int) -> pa.Table:
        """The first rows of the table."""
        return table.slice(0, rows)


def categorical(texts: pa.Array, choices: tuple[str, ...]) -> pd.Categorical:
    """Texts as a categorical: the documented values in their order, then the unknown ones in alphabetical order."""
    encoded = pc.dictionary_encode(texts)
    values = encoded.dictionary.to_pylist()
    categories = [*choices, *sorted(set(values) - set(choices))]
    codes_by_value = {value: code for code, value in enumerate(categories)}
    codes_of_values = pa.array([codes_by_value[value] for value in values], pa.int32())
    codes = pc.fill_null(codes_of_values.take(encoded.indices), -1).to_numpy(zero_copy_only=False)
    return pd.Categorical.from_codes(codes, pd.Index(categories, dtype=TEXT))


def _declared(
    table: pa.Table, schema: Schema, region: Region, chosen: Chosen | None, values: CustomValues | None
) -> Named:
    """The declared columns in their order, those that are chosen, then the custom values, one column a code."""
    for path, field in schema.leaves():
        if chosen is not None and not set(chosen).intersection(names_of(path, field)):
            continue
        yield from _column(table, path, field, region)
    for field in schema.fields:
        if field.kind == "values" and (chosen is None or any(map(is_custom, chosen))):
            yield from ((name, _plain(array)) for name, array in distinct(list(wide_values(table, field, values))))


def _column(table: pa.Table, path: str, field: Field, region: Region) -> Named:
    """One field as the columns that show it."""
    if field.kind in ("values", "map"):
        return
    array = array_of(table, path, field)
    if field.kind == "set":
        yield path, pd.Series(names_in(array, field), dtype=object)
    elif field.kind == "phone":
        yield path, _plain(e164(array, region))
        yield f"{path}_raw", _plain(array)
    elif field.kind == "money":
        yield path, _plain(array)
        yield f"{path}_eur", _plain(euros(array))
    else:
        yield path, categorical(array, field.choices) if field.kind == "enum" else _plain(array)


def array_of(table: pa.Table, path: str, field: Field) -> pa.Array:
    """One field with what is derived for it."""
    array = derive(field.derive, table) if field.derive else column_of(table, path)
    if field.fallback and (other := derive(field.fallback, table)) is not None:
        array = pc.coalesce(array, other)
    return array


def _plain(array: pa.Array | pa.ChunkedArray) -> Any:
    if pa.types.is_null(array.type):
        array = array.cast(pa.string())
    return array.to_pandas(types_mapper=_DTYPES)


def _warn(notes: Iterable[Note]) -> None:
    for note in notes:
        warn(note.text())
