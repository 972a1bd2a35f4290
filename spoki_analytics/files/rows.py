"""Rows of a correction from a file: CSV and Excel as text, so that no phone and no code becomes a number.

Rows are labelled as a spreadsheet numbers them: the head is row 1. Text that ``load`` protected from spreadsheets by a
leading apostrophe gets its own beginning back.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spoki_analytics.errors import UsageError
from spoki_analytics.files.encoders import rearm, require_ending

if TYPE_CHECKING:
    import pandas as pd

_FIRST_ROW = 2


def rows_of(path: Path) -> pd.DataFrame:
    """The rows of a CSV, Excel or Parquet file; an empty cell is missing, an empty row is no row.

    Raises:
        UsageError: There is no such file, it is none of these, or a row has more or fewer cells than the head.
    """
    readers: dict[str, Callable[[Path], pd.DataFrame]] = {"csv": _csv, "xlsx": _xlsx, "parquet": _parquet}
    ending = require_ending(path, readers)
    if not path.is_file():
        raise UsageError(f"There is no file {path}.")
    frame = readers[ending](path)
    if frame.empty:
        raise UsageError(f"{path} has no rows.")
    return frame


def _csv(path: Path) -> pd.DataFrame:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            head = file.readline()
            mark = max(",;\t", key=head.count)  # a spreadsheet with Italian settings writes semicolons
            file.seek(0)
            lines = list(csv.reader(file, delimiter=mark, strict=True))
    except UnicodeDecodeError:
        raise UsageError(f"{path} is not in UTF-8: save it as CSV UTF-8.") from None
    except csv.Error as problem:
        raise UsageError(f"{path} is not a CSV: {problem}.") from None
    return _frame(path, [[rearm(cell) if cell else None for cell in line] for line in lines])


def _xlsx(path: Path) -> pd.DataFrame:
    try:
        from openpyxl import load_workbook
    except ImportError:
        advice = "Install it with `pip install 'spoki-analytics[xlsx]'`, or save the sheet as CSV UTF-8."
        raise UsageError("Excel files need the package openpyxl.", advice=advice) from None
    try:
        book = load_workbook(path, read_only=True, data_only=True)
        sheet = [[_written(cell) for cell in line] for line in book.worksheets[0].iter_rows(values_only=True)]
        book.close()
    except Exception as problem:  # openpyxl lets errors of zip, XML and its own classes through
        raise UsageError(f"{path} cannot be read as an Excel file ({type(problem).__name__}).") from None
    width = max(map(len, sheet), default=0)
    return _frame(path, [[*line, *[None] * (width - len(line))] for line in sheet])


def _parquet(path: Path) -> pd.DataFrame:
    import pandas as pd
    import pyarrow as pa

    try:
        frame = pd.read_parquet(path)
    except (pa.ArrowException, OSError, ValueError) as problem:
        raise UsageError(f"{path} cannot be read as a Parquet file ({type(problem).__name__}).") from None
    return frame.set_axis(range(_FIRST_ROW, _FIRST_ROW + len(frame)), axis="index")


def _frame(path: Path, lines: list[list[str | None]]) -> pd.DataFrame:
    """A frame of texts from lines of cells, the first of which is the head."""
    import pandas as pd

    head = _trimmed(lines[0], 0) if lines else []
    found = {number: _trimmed(row, len(head)) for number, row in enumerate(lines[1:], _FIRST_ROW) if any(row)}
    for number, row in found.items():
        if len(row) != len(head):
            raise UsageError(f"{path}, row {number}: {len(row)} cells, but the head has {len(head)}.")
    names = [(name or "").strip() for name in head]
    return pd.DataFrame(list(found.values()), columns=names, index=list(found), dtype="str")


def _trimmed(line: list[str | None], width: int) -> list[str | None]:
    """A line without the empty cells beyond a width, which spreadsheets leave behind."""
    end = len(line)
    while end > width and line[end - 1] is None:
        end -= 1
    return line[:end]


def _written(cell: Any) -> str | None:
    """A cell of Excel as text; a number with decimals keeps them, so that it is refused where none may be."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell)
