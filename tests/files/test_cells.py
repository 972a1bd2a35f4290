"""What the sheet shows is what is meant, and what nobody sees is said."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from spoki_analytics import SpokiWarning, UsageError, files
from spoki_analytics.files.cells import depends_on_language, shown
from spoki_analytics.files.workbooks import read_workbook

NOON = datetime(2026, 12, 20, 12, 0, 0, 300)


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (184, "00000", "00184"),
        (184, "General", "184"),
        (184, "0", "184"),
        (184, "@", "184"),
        (393331234567, "General", "393331234567"),
        (393331234567, "0.00E+00", "393331234567"),
        (612345678, "00-0000000", "61-2345678"),
        (612345678, "000 000 0000", "061 234 5678"),
        (184, '"CAP "00000', "CAP 00184"),
        (184, r"\I\T\-00000", "IT-00184"),
        (5, "[Red]000;[Blue]-000", "005"),
        (0, "00000", "00000"),
        (1234567, "000", "1234567"),
        (0.15, "0%", "15%"),
        (0.155, "0.0%", "15.5%"),
        (1, "0%", "100%"),
        (0.1 + 0.2, "General", "0.3"),
        (12.5, "0.00", "12.50"),
        (1234, "#,##0", "1234"),
        (timedelta(hours=30), "[h]:mm", "30:00"),
        (timedelta(hours=1, seconds=5), "[h]:mm:ss", "1:00:05"),
        (timedelta(minutes=90), "[mm]:ss", "90:00"),
        (time(9, 5), "h:mm", "09:05"),
        (time(9, 5, 7), "h:mm:ss", "09:05:07"),
        (NOON, "yyyy-mm-dd hh:mm:ss", "2026-12-20T12:00:00"),
        (NOON, "dd/mm/yyyy", "2026-12-20"),
        (NOON, "h:mm", "12:00"),
        (NOON, 'yyyy-mm-dd hh:mm:ss "UTC"', "2026-12-20T12:00:00Z"),
        (datetime(2026, 12, 20), "dd/mm/yyyy hh:mm", "2026-12-20T00:00:00"),
        (datetime(2026, 12, 20), "mm-dd-yy", "2026-12-20"),
        (date(2026, 12, 20), "mm-dd-yy", "2026-12-20"),
        (datetime(2026, 3, 1), "d-mmm", "01-Mar"),
        (datetime(2026, 3, 1), r"[$-410]d\-mmm;@", "01-Mar"),
        (datetime(2026, 3, 1), r"dd\/mm\/yyyy", "2026-03-01"),
        (datetime(2002, 9, 1), "mmm-yy", "Sep-02"),
        (-5, "00000", "-00005"),
        (-5, "0;(0)", "(5)"),
        (184, "0000.00", "0184.00"),
        (184.4, "00000", "00184"),
        (44, 'General" anni"', "44 anni"),
        (True, "General", "true"),
        ("00184", "@", "00184"),
        ("", "@", None),
        (None, "General", None),
    ],
)
def test_a_cell_is_the_text_that_is_shown(value: Any, number_format: str, text: str | None) -> None:
    assert shown(value, number_format) == text


@pytest.mark.parametrize(
    ("value", "number_format", "depends"),
    [
        (12.5, "0.00", True),
        (1234, "#,##0", True),
        (0.155, "0.0%", True),
        (0.15, "0%", False),
        (12, "[$€-410] 0.00", True),
        (3, "# ?/?", True),
        (184, "00000", False),
        (NOON, "dd/mm/yyyy", False),
        (3.9e11, "0.00E+00", False),
    ],
)
def test_decimal_commas_and_currencies_are_pointed_out(value: Any, number_format: str, depends: bool) -> None:
    assert depends_on_language(value, number_format) is depends


def book(*lines: list[Any]) -> Any:
    made = openpyxl.Workbook()
    for line in lines:
        made.worksheets[0].append(line)
    return made


def test_hidden_rows_and_columns_are_named_and_empty_ones_are_not() -> None:
    made = book(["id", "email", "note"], [1, "a@example.com"], [2, "b@example.com"], [None], [4, "d@example.com"])
    sheet = made.worksheets[0]
    sheet.row_dimensions[3].hidden = sheet.row_dimensions[4].hidden = True
    sheet.column_dimensions.group("B", "B", hidden=True)
    made.save("rows.xlsx")
    read = read_workbook(Path("rows.xlsx"))
    assert read.hidden == ("The sheet hides 1 row (3) and 1 column (B), by hand or by a filter: they are read, too.")
    with pytest.warns(SpokiWarning, match=r"hides 1 row \(3\)"):
        assert len(files.read("rows.xlsx")) == 3


def test_merged_cells_are_empty_but_for_the_first() -> None:
    made = book(["id", "name"], [1, "Anna"])
    made.worksheets[0].merge_cells("B2:C3")
    made.save("rows.xlsx")
    assert files.read("rows.xlsx").to_dict("list") == {"id": ["1"], "name": ["Anna"]}


def test_a_sheet_that_hides_nothing_says_nothing() -> None:
    book(["id"], [1]).save("rows.xlsx")
    read = read_workbook(Path("rows.xlsx"))
    assert (read.hidden, read.notes) == ("", ())


def test_the_first_sheet_that_is_shown_is_read() -> None:
    made = book(["old"], ["x"])
    made.worksheets[0].sheet_state = "hidden"
    made.create_sheet("Neu").append(["id"])
    made.worksheets[1].append([7])
    made.active = 1
    made.save("rows.xlsx")
    assert files.read("rows.xlsx").to_dict("list") == {"id": ["7"]}


def test_a_formula_without_result_is_refused_by_its_cell() -> None:
    book(["id", "name"], [1, '="A"&"B"']).save("rows.xlsx")
    with pytest.raises(UsageError, match="the formulas of B2 have no result"):
        files.read("rows.xlsx")


def test_moments_go_to_excel_and_come_back_as_they_were() -> None:
    frame = pd.DataFrame({"at": pd.to_datetime(["2026-11-30 09:15:00.25", None], format="ISO8601", utc=True)})
    files.write(frame, "rows.xlsx")
    assert files.read("rows.xlsx").to_dict("list")["at"][0] == "2026-11-30T09:15:00.250000Z"
    cell = openpyxl.load_workbook("rows.xlsx").worksheets[0]["A2"]
    assert cell.is_date
