"""Excel workbooks: one sheet whose first row names the columns. openpyxl is optional, and named when it is missing."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

from spoki_analytics.errors import UsageError
from spoki_analytics.files.cells import depends_on_language, shown
from spoki_analytics.wording.messages import gettext, ngettext, noop
from spoki_analytics.wording.numbers import format_number

if TYPE_CHECKING:
    import pandas as pd

MOST_ROWS = 1_048_575
"""Rows of a sheet below its head."""
MOST_COLUMNS = 16_384
LONGEST_TEXT = 32_767
"""Characters of a cell; Excel counts those beyond U+FFFF, such as emoji, as two."""
_LARGEST_NUMBER = 10**15
"""Excel keeps 15 digits of a number; longer ones are written as text."""
_FIRST_YEAR = 1901
"""Excel knows no moment before 1900, and takes that year for a leap year."""
_LONE_HALVES = re.compile("[\ud800-\udfff\ufffe\uffff]")
"""Halves of characters, which no XML can hold, as the control characters."""
_MOMENT = 'yyyy-mm-dd hh:mm:ss "UTC"'
_NAMED = 10
"""Cells, rows or columns that a sentence names."""
_ADVICE = noop("Install it with `pip install 'spoki-analytics[xlsx]'`, or use CSV.")
Cells = list[str | None]


def write_workbook(frame: pd.DataFrame) -> bytes:
    """The frame as a workbook: text in cells that are text whatever it starts with, moments in UTC.

    Raises:
        UsageError: The frame does not fit a sheet, or openpyxl is not installed.
    """
    openpyxl = _openpyxl()
    _require_short_texts(frame)
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Sheet1")
    columns = [_values(frame.iloc[:, number]) for number in range(frame.shape[1])]
    for line in [list(map(str, frame.columns)), *zip(*columns, strict=True)]:
        sheet.append([_cell(sheet, value) for value in line])
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a sheet shows.

    Attributes:
        lines: Its lines as text, all equally long.
        hidden: What of it nobody sees, in a sentence; empty when all is seen.
        notes: What its reader should know of single cells, in sentences.
    """

    lines: list[Cells]
    hidden: str = ""
    notes: tuple[str, ...] = ()


def read_workbook(path: Path) -> Sheet:
    """The first sheet that is shown, as text.

    Raises:
        UsageError: It is no Excel file, a formula has no result, or openpyxl is not installed.
    """
    openpyxl = _openpyxl()
    try:
        content = path.read_bytes()  # a path would have to end in .xlsx
        book = _loaded(openpyxl, content, data_only=True)
        sheet = next((each for each in book.worksheets if each.sheet_state == "visible"), book.worksheets[0])
        rows = [list(row) for row in sheet.iter_rows()]
        formulas = _formulas(openpyxl, content, sheet.title)
    except Exception as problem:  # openpyxl lets errors of zip, XML and its own classes through
        raise UsageError(
            gettext("{path} cannot be read as an Excel file ({problem}).", path=path, problem=type(problem).__name__)
        ) from None
    _require_results(path, rows, formulas)
    lines = [[None if cell.value is None else shown(cell.value, cell.number_format) for cell in row] for row in rows]
    return Sheet(lines, _hidden(sheet, lines), tuple(_notes(rows[1:])))


def _loaded(openpyxl: Any, content: bytes, *, data_only: bool) -> Any:
    with warnings.catch_warnings(action="ignore"):  # of what openpyxl would lose in writing, such as validations
        return openpyxl.load_workbook(BytesIO(content), data_only=data_only)


def _formulas(openpyxl: Any, content: bytes, title: str) -> set[str]:
    """The cells of a sheet that hold a formula; the file is read a second time only where there is one."""
    with ZipFile(BytesIO(content)) as parts:
        names = [name for name in parts.namelist() if name.startswith("xl/worksheets/")]
        if not any(re.search(rb"<f[ >/]", parts.read(name)) for name in names if name.endswith(".xml")):
            return set()
    sheet = _loaded(openpyxl, content, data_only=False)[title]
    return {cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f"}


def _require_results(path: Path, rows: list[list[Any]], formulas: set[str]) -> None:
    lacking = [cell.coordinate for row in rows for cell in row if cell.value is None and cell.coordinate in formulas]
    if lacking:
        raise UsageError(
            gettext("{path}: the formulas of {cells} have no result.", path=path, cells=", ".join(lacking[:_NAMED])),
            advice=gettext("Open the file in the spreadsheet, which computes them, and save it."),
        )


def _hidden(sheet: Any, lines: list[Cells]) -> str:
    """The rows and columns with values that the sheet hides, by hand or by a filter, in a sentence."""
    from openpyxl.utils import get_column_letter

    filled = [number for number, line in enumerate(lines, 1) if any(line)]
    rows = [str(number) for number in filled if sheet.row_dimensions[number].hidden]
    used = {place for line in lines for place, cell in enumerate(line, 1) if cell}
    columns = [
        get_column_letter(place)
        for dimension in sheet.column_dimensions.values()
        if dimension.hidden
        for place in range(dimension.min, dimension.max + 1)
        if place in used
    ]
    parts = [
        ngettext("{count} row ({names})", "{count} rows ({names})", len(rows), names=_some(rows)) if rows else "",
        ngettext("{count} column ({names})", "{count} columns ({names})", len(columns), names=_some(columns))
        if columns
        else "",
    ]
    found = gettext(" and ").join(filter(None, parts))
    return found and gettext("The sheet hides {found}, by hand or by a filter: they are read, too.", found=found)


def _notes(rows: list[list[Any]]) -> Iterator[str]:
    """Cells that may be shown in another way, as the language of the computer decides it."""
    told = [
        f"{cell.coordinate} ({shown(cell.value, cell.number_format)})"
        for row in rows
        for cell in row
        if cell.value is not None and depends_on_language(cell.value, cell.number_format)
    ]
    if told:
        yield gettext(
            "These cells may look otherwise in the sheet, and are read like this: {cells}.", cells=_some(told)
        )


def _some(names: list[str]) -> str:
    return ", ".join(names[:_NAMED]) + (" …" if len(names) > _NAMED else "")


def _openpyxl() -> Any:
    try:
        import openpyxl
    except ImportError:
        raise UsageError(gettext("Excel files need the package openpyxl."), advice=gettext(_ADVICE)) from None
    return openpyxl


def require_fit(frame: pd.DataFrame) -> None:
    """Refuse a frame that is too large for a sheet, before anything is made of it.

    Raises:
        UsageError: It has too many rows or columns.
    """
    most, many = (MOST_ROWS, len(frame)) if len(frame) > MOST_ROWS else (MOST_COLUMNS, frame.shape[1])
    if many > most:
        wrong = noop("An Excel sheet holds {most} rows, and these are {many}.")
        if most == MOST_COLUMNS:
            wrong = noop("An Excel sheet holds {most} columns, and these are {many}.")
        raise UsageError(
            gettext(wrong, most=format_number(most), many=format_number(many)),
            advice=gettext("Write CSV or Parquet, or less of it."),
        )


def _require_short_texts(frame: pd.DataFrame) -> None:
    for name in frame.columns[frame.dtypes == "str"]:
        long = frame[name][frame[name].str.len() > LONGEST_TEXT // 2]
        if any(len(text.encode("utf-16-le", "surrogatepass")) // 2 > LONGEST_TEXT for text in long):
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
    if isinstance(value, int | float) and not isinstance(value, bool) and not abs(value) < _LARGEST_NUMBER:
        value = str(value)
    if isinstance(value, datetime) and value.year < _FIRST_YEAR:
        value = f"{value.isoformat()}Z"
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
    cell.value = _LONE_HALVES.sub("\ufffd", ILLEGAL_CHARACTERS_RE.sub("\ufffd", text))
    cell.data_type = "s"  # openpyxl takes "=1+1" for a formula and "#N/A" for an error
    cell.quotePrefix = True  # else Excel takes it for a formula when somebody edits the cell
    return cell
