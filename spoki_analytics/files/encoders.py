"""A frame as the bytes of a file."""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable
from io import BytesIO
from typing import TYPE_CHECKING, Any

from spoki_analytics.files.formats import Format, require_sheet
from spoki_analytics.files.formulas import disarm, disarm_column
from spoki_analytics.files.workbooks import require_fit, write_workbook
from spoki_analytics.wording.numbers import uses_decimal_comma

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


def encode(frame: pd.DataFrame, form: Format, *, excel: bool = False) -> bytes:
    """The frame as bytes of that format; sets are joined by ``; `` in CSV and Excel and are lists in the others.

    Args:
        frame: The frame.
        form: The format.
        excel: Write a CSV that Excel opens right.

    Raises:
        UsageError: The frame does not fit an Excel sheet, openpyxl is not installed, or ``excel`` is not for a CSV.
    """
    if excel:
        require_sheet(form)
    encoders: dict[Format, Callable[[pd.DataFrame], bytes]] = {
        Format.CSV: _csv_for_excel if excel else _csv,
        Format.XLSX: _xlsx,
        Format.JSON: _json,
        Format.PARQUET: _parquet,
    }
    return encoders[form](frame)


def _csv(frame: pd.DataFrame) -> bytes:
    return _separated(frame, ",", ".", "\n")


def _csv_for_excel(frame: pd.DataFrame) -> bytes:
    """A CSV that Excel opens by a double click: it knows UTF-8 by the mark in front, and cells by its own separator."""
    separator, point = (";", ",") if uses_decimal_comma() else (",", ".")
    return codecs.BOM_UTF8 + _separated(frame, separator, point, "\r\n")


def _separated(frame: pd.DataFrame, separator: str, point: str, line_end: str) -> bytes:
    safe = _joined(frame)
    for name in safe.columns[safe.dtypes == "str"]:
        safe[name] = disarm_column(safe[name])
    safe.columns = [disarm(str(name)) for name in frame.columns]
    text = safe.to_csv(
        index=False, sep=separator, decimal=point, lineterminator=line_end, date_format="%Y-%m-%dT%H:%M:%S.%fZ"
    )
    return text.encode()


def _xlsx(frame: pd.DataFrame) -> bytes:
    require_fit(frame)
    return write_workbook(_joined(frame))


def _joined(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with its lists joined, and whatever is text as ``str``."""
    flat = frame.copy(deep=False)
    for name in frame.columns:
        if _is_text(frame[name]):
            flat[name] = frame[name].map(_join) if frame[name].dtype == "object" else frame[name]
            flat[name] = flat[name].astype("str")
    return flat


def _join(value: Any) -> Any:
    return "; ".join(map(str, value)) if isinstance(value, list) else value


def _is_text(column: pd.Series[Any]) -> bool:
    # dtypes are unhashable or unequal to strings in turns, so that each is compared by itself
    return any(column.dtype == name for name in ("object", "category", "string", "str"))


def _json(frame: pd.DataFrame) -> bytes:
    text = frame.to_json(orient="records", date_format="iso", date_unit="us", force_ascii=False, double_precision=15)
    return f"{text}\n".encode()


def _parquet(frame: pd.DataFrame) -> bytes:
    import pyarrow.parquet as pq

    buffer = BytesIO()
    pq.write_table(to_arrow(frame), buffer, compression="zstd")
    return buffer.getvalue()


def to_arrow(frame: pd.DataFrame) -> pa.Table:
    """The frame as an Arrow table with its dtypes and provenance; lists are lists of text, also where all are empty."""
    import pyarrow as pa

    table = pa.Table.from_pandas(frame, preserve_index=False)
    if any(pa.types.is_list(field.type) and pa.types.is_null(field.type.value_type) for field in table.schema):
        texts = pa.list_(pa.string())
        fields = [field.with_type(texts) if field.type == pa.list_(pa.null()) else field for field in table.schema]
        table = pa.Table.from_pandas(frame, pa.schema(fields), preserve_index=False)
    attrs = {"PANDAS_ATTRS": json.dumps(frame.attrs)} if frame.attrs else {}  # where pandas itself keeps them
    return table.replace_schema_metadata({**(table.schema.metadata or {}), **attrs})
