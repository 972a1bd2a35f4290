"""Excel workbooks: one sheet whose first row names the columns. openpyxl is optional, and named when it is missing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spoki_analytics.errors import UsageError
from spoki_analytics.wording.messages import gettext, noop
from spoki_analytics.wording.numbers import format_number

if TYPE_CHECKING:
    import pandas as pd

MOST_ROWS = 1_048_575
"""Rows of a sheet below its head."""
LONGEST_TEXT = 32_767
_LARGEST_NUMBER = 10**15
"""Excel keeps 15 digits of a number; longer ones are written as text."""
_MOMENT = "yyyy-mm-dd hh:mm:ss"
_ADVICE = noop("Install it with `pip install 'spoki-analytics[xlsx]'`, or use CSV.")
Cells = list[str | None]


def write_workbook(frame: pd.DataFrame) -> bytes:
    """The frame as a workbook: text in cells that are text whatever it starts with, moments in UTC.

    Raises:
        UsageError: The frame does not fit a sheet, or openpyxl is not installed.
    """
    openpyxl = _openpyxl()
    _require_fit(frame)
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Sheet1")
    columns = [_values(frame.iloc[:, number]) for number in range(frame.shape[1])]
    for line in [list(map(str, frame.columns)), *zip(*columns, strict=True)]:
        sheet.append([_cell(sheet, value) for value in line])
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def read_workbook(path: Path) -> list[Cells]:
    """The lines of the first sheet as text, all equally long.

    Raises:
        UsageError: It is no Excel file, or openpyxl is not installed.
    """
    openpyxl = _openpyxl()
    try:
        with path.open("rb") as file:  # a path would have to end in .xlsx
            book = openpyxl.load_workbook(file, read_only=True, data_only=True)
            lines = [[_text(cell) for cell in line] for line in book.worksheets[0].iter_rows(values_only=True)]
    except Exception as problem:  # openpyxl lets errors of zip, XML and its own classes through
        raise UsageError(
            gettext("{path} cannot be read as an Excel file ({problem}).", path=path, problem=type(problem).__name__)
        ) from None
    width = max(map(len, lines), default=0)
    return [[*line, *[None] * (width - len(line))] for line in lines]


def _openpyxl() -> Any:
    try:
        import openpyxl
    except ImportError:
        raise UsageError(gettext("Excel files need the package openpyxl."), advice=gettext(_ADVICE)) from None
    return openpyxl


def _require_fit(frame: pd.DataFrame) -> None:
    if len(frame) > MOST_ROWS:
        raise UsageError(
            gettext(
                "An Excel sheet holds {most} rows, and these are {rows}.",
                most=format_number(MOST_ROWS),
                rows=format_number(len(frame)),
            ),
            advice=gettext("Write CSV or Parquet, or fewer rows."),
        )
    for name in frame.columns[frame.dtypes == "str"]:
        if (frame[name].str.len() > LONGEST_TEXT).any():
            raise UsageError(
                gettext(
                    "An Excel cell holds {most} characters, and column {name} has a longer text.",
                    most=format_number(LONGEST_TEXT),
                    name=name,
                ),
                advice=gettext("Write CSV or Parquet."),
            )


def _values(column: pd.Series[Any]) -> Iterator[Any]:
    """The values of a column as Excel has them; a zone cannot be kept, so that moments are written in UTC."""
    import pandas as pd

    if isinstance(column.dtype, pd.DatetimeTZDtype):
        column = column.dt.tz_convert("UTC").dt.tz_localize(None)
    for value, missing in zip(column.astype(object), column.isna(), strict=True):
        yield None if missing else value


def _cell(sheet: Any, value: Any) -> Any:
    """A cell that holds exactly this value."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= _LARGEST_NUMBER:
        value = str(value)
    if isinstance(value, str):
        return _text_cell(sheet, value)
    if isinstance(value, datetime):
        from openpyxl.cell import WriteOnlyCell

        cell = WriteOnlyCell(sheet, value)
        cell.number_format = _MOMENT
        return cell
    return value


def _text_cell(sheet: Any, text: str) -> Any:
    """A cell of text that stays text, also after somebody has edited it; what Excel cannot hold becomes ``\ufffd``."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    cell = WriteOnlyCell(sheet)
    cell.value = ILLEGAL_CHARACTERS_RE.sub("\ufffd", text)
    cell.data_type = "s"  # openpyxl takes "=1+1" for a formula and "#N/A" for an error
    cell.quotePrefix = True  # else Excel takes it for a formula when somebody edits the cell
    return cell


def _text(cell: Any) -> str | None:
    """A cell as text; a number with decimals keeps them, so that it is refused where none may be."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell)
