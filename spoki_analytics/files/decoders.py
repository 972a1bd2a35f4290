"""A frame from a file: CSV and Excel as text, numbered as a spreadsheet does, whose head is row 1."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from spoki_analytics.errors import UsageError
from spoki_analytics.files.formats import Format
from spoki_analytics.files.formulas import rearm
from spoki_analytics.files.workbooks import Cells, read_workbook
from spoki_analytics.wording.messages import gettext

if TYPE_CHECKING:
    import pandas as pd

FIRST_ROW = 2
_DTYPES: dict[frozenset[type], Any] = {
    frozenset({str}): "str",
    frozenset({int}): "Int64",
    frozenset({float}): "Float64",
    frozenset({int, float}): "Float64",
    frozenset({bool}): "boolean",
}


def decode(path: Path, form: Format) -> pd.DataFrame:
    """The frame in a file; an empty cell is missing, an empty row of CSV or Excel is no row.

    Raises:
        UsageError: There is no such file, or it can't be read.
    """
    decoders: dict[Format, Callable[[Path], pd.DataFrame]] = {
        Format.CSV: _csv,
        Format.XLSX: lambda path: _frame(path, read_workbook(path)),
        Format.JSON: _json,
        Format.PARQUET: _parquet,
    }
    if not path.is_file():
        raise UsageError(gettext("There is no file {path}.", path=path))
    return decoders[form](path)


def _csv(path: Path) -> pd.DataFrame:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            head = file.readline()
            mark = max(",;\t", key=head.count)  # a spreadsheet with Italian settings writes semicolons
            file.seek(0)
            lines = list(csv.reader(file, delimiter=mark, strict=True))
    except UnicodeDecodeError:
        raise UsageError(gettext("{path} is not in UTF-8: save it as CSV UTF-8.", path=path)) from None
    except csv.Error as problem:
        raise UsageError(gettext("{path} is not a CSV: {problem}.", path=path, problem=problem)) from None
    return _frame(path, [[rearm(cell) if cell else None for cell in line] for line in lines])


def _json(path: Path) -> pd.DataFrame:
    import pandas as pd

    try:
        records = orjson.loads(path.read_bytes())
    except ValueError:
        records = None
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        raise UsageError(gettext("{path} is not a JSON list of objects.", path=path))
    names = list(dict.fromkeys(name for record in records for name in record))
    return pd.DataFrame({name: _column([record.get(name) for record in records]) for name in names})


def _column(values: list[Any]) -> pd.Series[Any]:
    """Values of JSON as a column of their own type. pandas would read ids beside a null as floats, and lose digits."""
    import pandas as pd

    kinds = frozenset(type(value) for value in values if value is not None)
    column: pd.Series[Any] = pd.Series(values, dtype=_DTYPES.get(kinds, "object"))
    return column


def _parquet(path: Path) -> pd.DataFrame:
    import numpy as np
    import pandas as pd
    import pyarrow as pa

    try:
        frame = pd.read_parquet(path)
    except (pa.ArrowException, OSError, ValueError) as problem:
        raise UsageError(
            gettext("{path} cannot be read as a Parquet file ({problem}).", path=path, problem=type(problem).__name__)
        ) from None
    for name in frame.columns[frame.dtypes == "object"]:  # pandas gives arrays for lists
        frame[name] = frame[name].map(lambda value: value.tolist() if isinstance(value, np.ndarray) else value)
    return frame


def _frame(path: Path, lines: list[Cells]) -> pd.DataFrame:
    """A frame of texts from lines of cells, the first of which is the head."""
    import pandas as pd

    head = _trimmed(lines[0], 0) if lines else []
    rows = {number: _trimmed(row, len(head)) for number, row in enumerate(lines[1:], FIRST_ROW) if any(row)}
    for number, row in rows.items():
        if len(row) != len(head):
            message = "{path}, row {number}: {cells} cells, but the head has {columns}."
            raise UsageError(gettext(message, path=path, number=number, cells=len(row), columns=len(head)))
    names = [(name or "").strip() for name in head]
    return pd.DataFrame(list(rows.values()), columns=names, index=list(rows), dtype="str")


def _trimmed(line: Cells, width: int) -> Cells:
    """A line without the empty cells beyond a width, which spreadsheets leave behind."""
    end = len(line)
    while end > width and line[end - 1] is None:
        end -= 1
    return line[:end]
