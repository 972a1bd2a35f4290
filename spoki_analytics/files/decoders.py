"""A frame from a file: CSV and Excel as text, numbered as a spreadsheet does, whose head is row 1."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Callable
from io import StringIO
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
SHEET = "sheet"
"""Where a frame keeps what its reader should know of the sheet that it came from."""
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
        Format.XLSX: _xlsx,
        Format.JSON: _json,
        Format.PARQUET: _parquet,
    }
    if not path.is_file():
        raise UsageError(gettext("There is no file {path}.", path=path))
    return decoders[form](path)


def _xlsx(path: Path) -> pd.DataFrame:
    sheet = read_workbook(path)
    frame = _frame(path, sheet.lines)
    frame.attrs[SHEET] = {"hidden": sheet.hidden, "notes": list(sheet.notes)}
    return frame


def _csv(path: Path) -> pd.DataFrame:
    try:
        text = path.read_bytes().decode(_encoding(path))
    except UnicodeDecodeError:
        raise UsageError(gettext("{path} is not in UTF-8: save it as CSV UTF-8.", path=path)) from None
    mark, text = _mark(text)
    lines: list[Cells] = []
    try:
        for line in csv.reader(StringIO(text, newline=""), delimiter=mark, strict=True):
            lines += [[rearm(cell) if cell else None for cell in line]]  # one by one, so that a broken one is numbered
    except csv.Error as problem:
        sentence = gettext(
            "{path} is not a CSV: row {number}: {problem}. A quotation mark inside quotation marks is written twice.",
            path=path,
            number=len(lines) + 1,
            problem=problem,
        )
        raise UsageError(sentence) from None
    return _frame(path, lines)


def _encoding(path: Path) -> str:
    """UTF-8, or UTF-16 where the file begins as Excel's "Unicode text" does."""
    with path.open("rb") as file:
        return "utf-16" if file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8-sig"


def _mark(text: str) -> tuple[str, str]:
    """What separates the cells, and the text without the line in which Excel may say it."""
    if said := re.match(r"sep=(.)\r?\n", text):
        return said[1], text[said.end() :]
    head = text.partition("\n")[0]
    return max(",;\t", key=head.count), text  # a spreadsheet with Italian settings writes semicolons


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
        if len(head) == 1 < len(row):
            sentence = gettext(
                "{path}: the first row holds nothing but {title}, and row {number} has {cells} cells. "
                "Delete what stands above the names of the columns: they belong in the first row.",
                path=path,
                title=repr(head[0]),
                number=number,
                cells=len(row),
            )
            raise UsageError(sentence)
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
