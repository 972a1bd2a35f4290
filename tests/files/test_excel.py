"""Files for the office: a CSV that opens by a double click, and what fits a sheet and what does not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from spoki_analytics import UsageError, files
from spoki_analytics.files import workbooks
from spoki_analytics.files.rows import read_rows
from spoki_analytics.wording.messages import speaking
from spoki_analytics.wording.numbers import uses_decimal_comma


@pytest.fixture
def locale(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    for name in ("LC_ALL", "LC_NUMERIC", "LANG"):
        monkeypatch.delenv(name, raising=False)
    return lambda value: monkeypatch.setenv("LANG", value)


@pytest.mark.parametrize(
    ("value", "comma"),
    [("it_IT.UTF-8", True), ("de_DE.UTF-8", True), ("en_US.UTF-8", False), ("C.UTF-8", True), ("", True), ("x!", True)],
)
def test_the_desk_is_where_the_locale_says_and_else_in_italy(
    locale: Callable[[str], None], value: str, comma: bool
) -> None:
    locale(value)
    assert uses_decimal_comma() is comma
    with speaking("it"):
        assert uses_decimal_comma()


@pytest.mark.parametrize(
    ("value", "content"),
    [("it_IT.UTF-8", "id;name;share\r\n1;Niccolò;0,5\r\n"), ("en_GB.UTF-8", "id,name,share\r\n1,Niccolò,0.5\r\n")],
)
def test_a_csv_that_excel_opens_right(locale: Callable[[str], None], value: str, content: str) -> None:
    locale(value)
    frame = pd.DataFrame({"id": [1], "name": ["Niccolò"], "share": [0.5]})
    path = files.write(frame, "for-excel.csv", excel=True)
    assert path.read_bytes() == b"\xef\xbb\xbf" + content.encode()
    assert files.read(path, dtypes=frame.dtypes)["share"].tolist() == [0.5]
    assert read_rows(path)["name"].tolist() == ["Niccolò"]


@pytest.mark.parametrize("form", ["json", "parquet"])
def test_what_no_spreadsheet_opens_is_not_written_for_one(form: str) -> None:
    with pytest.raises(UsageError, match="is for CSV"):
        files.write(pd.DataFrame({"id": [1]}), f"x.{form}", excel=True)
    assert not Path(f"x.{form}").exists()


def test_what_a_sheet_cannot_hold_as_it_is_becomes_text() -> None:
    long = datetime(1850, 1, 1, tzinfo=UTC)
    frame = pd.DataFrame({"a": [10**17, 1], "b": [float("inf"), 0.5], "c": ["\uffffx\x01", "=1+1"], "d": [long, long]})
    files.write(frame.astype({"d": "datetime64[us, UTC]"}), "x.xlsx")
    rows = [[cell.value for cell in row] for row in openpyxl.load_workbook("x.xlsx").worksheets[0].iter_rows(min_row=2)]
    assert rows[0] == ["100000000000000000", "inf", "\ufffdx\ufffd", "1850-01-01T00:00:00Z"]
    assert rows[1][:3] == [1, 0.5, "=1+1"]
    assert openpyxl.load_workbook("x.xlsx").worksheets[0]["C3"].data_type == "s"


def test_what_fits_no_sheet_is_refused_before_anything_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MOST_ROWS", 2)
    monkeypatch.setattr("spoki_analytics.files.encoders._joined", lambda frame: pytest.fail("was made ready"))
    with pytest.raises(UsageError, match="holds 2 rows, and these are 3"):
        files.write(pd.DataFrame({"id": [1, 2, 3]}), "x.xlsx")
    with pytest.raises(UsageError, match="columns, and these are 16,385"):
        files.write(pd.DataFrame([range(16_385)]), "x.xlsx")


def test_emoji_count_twice() -> None:
    files.write(pd.DataFrame({"name": ["🎄" * 16_000]}), "x.xlsx")
    with pytest.raises(UsageError, match="has a longer text"):
        files.write(pd.DataFrame({"name": ["🎄" * 16_384]}), "x.xlsx")
