"""The floor: the least that libraries need for the same four tables, without a cache, rates, or any tolerance."""

from __future__ import annotations

import io
from typing import Any

import orjson
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json as pj
import urllib3


def _fields(text: str) -> list[tuple[str, pa.DataType]]:
    types = {"int": pa.int64(), "text": pa.string(), "bool": pa.bool_()}
    return [(name, types[kind]) for kind, _, name in (item.partition(":") for item in text.split())]


SETS = {
    "fields": ("contactfield_set", _fields("int:field text:visual_code text:value text:value_datetime")),
    "lists": ("list_set", _fields("int:id text:name text:color int:contacts_count text:created_datetime")),
    "tags": ("tag_set", _fields("int:id text:name text:color int:order")),
}
CONTACT = pa.schema(
    [
        *_fields("int:id text:phone text:email text:first_name text:last_name text:language text:status"),
        *_fields("text:chat_link bool:has_invalid_phone bool:is_blocked bool:is_restricted text:created_datetime"),
        *((column, pa.list_(pa.struct(fields))) for column, fields in SETS.values()),
    ]
)


def load(origin: str, key: str) -> dict[str, pd.DataFrame]:
    """From the network to four frames."""
    pool = urllib3.PoolManager(headers={"X-Spoki-Api-Key": key})
    url: str | None = f"{origin}/api/1/contacts/"
    pages: list[pa.Table] = []
    while url:
        page = orjson.loads(pool.request("GET", url).data)
        pages.append(from_rows(page["results"]))
        url = page["next"]
    return frames(pa.concat_tables(pages))


def from_rows(rows: list[dict[str, Any]]) -> pa.Table:
    """The rows of one page as an Arrow table."""
    return pa.Table.from_pylist(rows, CONTACT)


def from_bodies(bodies: list[bytes]) -> pa.Table:
    """All pages read by pyarrow.json as one text of JSON lines, by as many threads as there are cores."""
    envelope = pa.schema([("results", pa.list_(pa.struct(CONTACT)))])
    options = pj.ParseOptions(explicit_schema=envelope, unexpected_field_behavior="ignore")
    pages = pj.read_json(io.BytesIO(b"\n".join(bodies)), pj.ReadOptions(block_size=8 << 20), options)
    rows = pc.list_flatten(pages["results"])
    return pa.concat_tables([pa.Table.from_struct_array(chunk) for chunk in rows.chunks])


def frames(contacts: pa.Table) -> dict[str, pd.DataFrame]:
    """The main table and its three side tables as pandas frames."""
    found = {"contacts": contacts.drop_columns([column for column, _ in SETS.values()])}
    for name, (column, _) in SETS.items():
        lists = contacts[column].combine_chunks()
        items = pa.Table.from_struct_array(pc.list_flatten(lists))
        owners = contacts["id"].combine_chunks().take(pc.list_parent_indices(lists))
        found[name] = items.add_column(0, "contact_id", owners)
    return {name: _typed(table).to_pandas() for name, table in found.items()}


def _typed(table: pa.Table) -> pa.Table:
    for place, name in enumerate(table.column_names):
        if name.endswith("_datetime"):
            table = table.set_column(place, name, table[name].cast(pa.timestamp("us", "UTC")))
        elif name == "status":
            table = table.set_column(place, name, table[name].dictionary_encode())
    return table
