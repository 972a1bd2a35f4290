"""Rows from files: what was written is what is read."""

from __future__ import annotations

import builtins
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spoki_analytics.errors import UsageError
from spoki_analytics.files.encoders import encode
from spoki_analytics.files.formats import Format
from spoki_analytics.files.formulas import rearm
from spoki_analytics.files.rows import read_rows
from tests.files.test_formulas import texts


def csv(text: str, encoding: str = "utf-8") -> pd.DataFrame:
    path = Path("rows.csv")
    path.write_bytes(text.encode(encoding))
    return read_rows(path)


def xlsx(*lines: list[Any]) -> pd.DataFrame:
    book = openpyxl.Workbook()
    for line in lines:
        book.worksheets[0].append(line)
    book.save("rows.xlsx")
    return read_rows(Path("rows.xlsx"))


def test_cells_stay_the_text_that_they_are() -> None:
    frame = csv("id,phone,code,name\n1,+393331234567,007,NA\n2,393331234567,1e5,null\n")
    assert frame.to_dict("list") == {
        "id": ["1", "2"],
        "phone": ["+393331234567", "393331234567"],
        "code": ["007", "1e5"],
        "name": ["NA", "null"],
    }
    assert set(frame.dtypes.astype(str)) == {"str"}


def test_rows_are_numbered_as_in_a_spreadsheet() -> None:
    frame = csv('id;name\r\n1;"two\r\nlines"\r\n;\r\n3;\r\n\r\n5;x;;\r\n', "utf-8-sig")
    assert frame.index.tolist() == [2, 4, 6]
    assert frame["id"].tolist() == ["1", "3", "5"]
    assert frame["name"].isna().tolist() == [False, True, False]
    assert list(frame.columns) == ["id", "name"]


def test_separators() -> None:
    for mark in ",;\t":
        assert csv(f"id{mark}email\n1{mark}a@example.com\n")["email"].tolist() == ["a@example.com"]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("id,email\n1,a,b\n", r"row 2: 3 cells, but the head has 2\."),
        ("id,email\n1\n", r"row 2: 1 cells, but the head has 2\."),
        ("id,email\n", "has no rows"),
        ("", "has no rows"),
        ('id,email\n1,"a\n', "is not a CSV"),
    ],
)
def test_what_is_no_table_is_refused(text: str, complaint: str) -> None:
    with pytest.raises(UsageError, match=complaint):
        csv(text)


def test_another_encoding_is_refused() -> None:
    with pytest.raises(UsageError, match="save it as CSV UTF-8"):
        csv("id,name\n1,Forlì\n", "cp1252")


def test_excel_cells_as_text() -> None:
    frame = xlsx(
        ["id", "phone", "day", "moment", "blocked", "half", None],
        [1, 393331234567, date(2026, 11, 30), datetime(2026, 11, 30, 9, 15), True, 0.5],
        [None],
        [3, "+39 333 1234567"],
    )
    assert frame.loc[2].tolist() == ["1", "393331234567", "2026-11-30", "2026-11-30T09:15:00", "true", "0.5"]
    assert frame.index.tolist() == [2, 4]
    assert frame.loc[4, "phone"] == "+39 333 1234567"
    assert frame.loc[4, "day":].isna().all()


def test_what_is_no_excel_file_is_refused() -> None:
    Path("rows.xlsx").write_text("id,email")
    with pytest.raises(UsageError, match="cannot be read as an Excel file"):
        read_rows(Path("rows.xlsx"))


def test_without_openpyxl_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    xlsx(["id"], [1])
    real = builtins.__import__

    def refuse(name: str, *more: Any) -> Any:
        if name == "openpyxl":
            raise ImportError(name)
        return real(name, *more)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(UsageError, match=r"pip install 'spoki-analytics\[xlsx\]'"):
        read_rows(Path("rows.xlsx"))


def test_parquet_keeps_its_types() -> None:
    pd.DataFrame({"id": pd.array([1, None], "Int64"), "phone": ["+39", None]}).to_parquet("rows.parquet")
    frame = read_rows(Path("rows.parquet"))
    assert frame["id"].dtype == "Int64"
    assert frame.index.tolist() == [2, 3]
    Path("bad.parquet").write_text("x")
    with pytest.raises(UsageError, match="cannot be read as a Parquet file"):
        read_rows(Path("bad.parquet"))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(texts.filter(lambda text: not text.startswith("'") and ";'" not in text), min_size=1, max_size=5))
def test_what_load_writes_comes_back(names: list[str]) -> None:
    kept = [name for name in names if rearm(name) == name]
    if kept:
        Path("out.csv").write_bytes(encode(pd.DataFrame({"id": range(len(kept)), "name": kept}), Format.CSV))
        assert read_rows(Path("out.csv"))["name"].tolist() == kept


@pytest.mark.parametrize("text", ["sep=;\r\nid;email\r\n1;a@example.com\r\n", "sep=|\nid|email\n1|a@example.com\n"])
def test_the_line_in_which_excel_names_the_mark_is_understood(text: str) -> None:
    frame = csv(text, "utf-8-sig")
    assert frame.columns.tolist() == ["id", "email"]
    assert frame.index.tolist() == [2]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8", "utf-8-sig"])
def test_what_excel_saves_as_unicode_text_is_read(encoding: str) -> None:
    assert csv("id\tname\r\n1\tNiccolò\r\n", encoding)["name"].tolist() == ["Niccolò"]


@pytest.mark.parametrize("title", ["Elenco clienti;;\n;;\n", "Elenco clienti;\n"])
def test_a_title_above_the_head_is_named(title: str) -> None:
    with pytest.raises(UsageError, match=r"first row holds nothing but 'Elenco clienti', and row . has 3 cells"):
        csv(f"{title}id;email;field.NOTA\n1;a@example.com;x\n")


def test_the_row_of_broken_quotation_marks_is_named() -> None:
    with pytest.raises(UsageError, match="is not a CSV: row 3:"):
        csv('id;note\n1;ok\n2;"Ristorante "Da Gino" srl"\n')
