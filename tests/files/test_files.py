"""Frames to files and back, as a notebook does it."""

from __future__ import annotations

import builtins
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from spoki_analytics import Spoki, files
from spoki_analytics.errors import UsageError
from spoki_analytics.files import Format, workbooks
from spoki_analytics.sandbox import Sandbox

HOSTILE = ["=1+1", "+1+1", "-2", "@SUM(A1)", "\t=1", "#N/A", "'=1", "+39 333 1234567", "+393331234567", "007", "NA"]


def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "id": pd.array([9007199254740993, None], dtype="Int64"),
            "name": ["Anna", "Bruno"],
            "phone": pd.array(["+393331234567", None], dtype="str"),
            "status": pd.Categorical(["Open", None], categories=["Open", "Closed"], ordered=True),
            "lists": [["a", "=b"], []],
            "share": pd.array([0.1, None], dtype="Float64"),
            "blocked": pd.array([False, None], dtype="boolean"),
            "at": pd.to_datetime(["2026-10-01T08:00:00.5Z", None]).as_unit("us"),
        }
    )


@pytest.mark.parametrize("form", Format)
def test_with_dtypes_every_format_gives_back_what_was_written(form: Format) -> None:
    path = files.write(frame(), f"frame.{form}")
    assert_frame_equal(files.read(path, dtypes=frame().dtypes), frame())


@pytest.mark.parametrize("form", Format)
@pytest.mark.parametrize("family", ["accounts", "contacts", "campaigns", "tickets", "templates", "lists", "tags"])
def test_what_is_loaded_comes_back(spoki_sandbox: Sandbox, form: Format, family: str) -> None:
    with Spoki() as spoki:
        loaded = getattr(spoki, family).load()
    again = files.read(files.write(loaded, "loaded", form), form, dtypes=loaded.dtypes)
    if form in (Format.CSV, Format.XLSX):  # where an empty cell is a missing one
        loaded = loaded.replace("", None)
    for name in loaded.columns[loaded.dtypes == "datetime64[us, UTC]"]:
        if form is Format.XLSX:  # which counts time in milliseconds
            assert ((again[name] - loaded[name]).dropna().abs() <= pd.Timedelta("1ms")).all()
            again[name] = loaded[name]
    if form is Format.PARQUET:
        assert again.attrs == loaded.attrs
    assert_frame_equal(again, loaded)


@pytest.mark.parametrize("form", Format)
def test_text_stays_the_text_that_it_is(form: Format) -> None:
    written = pd.DataFrame({"name": pd.array(HOSTILE, dtype="str")})
    read = files.read(files.write(written, f"names.{form}"))
    expected = [name for name in HOSTILE if form is not Format.CSV or name != "'=1"]
    assert [name for name in read["name"] if name in expected] == expected


def test_in_excel_text_is_text_and_never_a_formula() -> None:
    written = pd.DataFrame({"=head": HOSTILE, "number": range(len(HOSTILE))})
    sheet = openpyxl.load_workbook(files.write(written, "names.xlsx")).worksheets[0]
    cells = [row[0] for row in sheet.iter_rows()]
    assert [cell.value for cell in cells] == ["=head", *HOSTILE]
    assert {(cell.data_type, cell.quotePrefix) for cell in cells} == {("s", True)}
    assert {row[1].data_type for row in sheet.iter_rows(min_row=2)} == {"n"}
    assert b"<f>" not in zipfile.ZipFile("names.xlsx").read("xl/worksheets/sheet1.xml")


def test_characters_that_excel_has_not_are_shown_as_such() -> None:
    assert files.read(files.write(pd.DataFrame({"a": ["x\x01y"]}), "a.xlsx"))["a"].tolist() == ["x\ufffdy"]


def test_what_does_not_fit_a_sheet_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="holds 32,767 characters, and column a has a longer text"):
        files.write(pd.DataFrame({"a": ["x" * 32_768]}), "a.xlsx")
    monkeypatch.setattr(workbooks, "MOST_ROWS", 2)
    with pytest.raises(UsageError, match="holds 2 rows, and these are 3"):
        files.write(pd.DataFrame({"a": range(3)}), "a.xlsx")
    assert list(Path().iterdir()) == []


@pytest.mark.parametrize(
    "use", [lambda: files.write(frame(), "a.xlsx"), lambda: files.read("a.xlsx")], ids=["write", "read"]
)
def test_without_openpyxl_it_names_the_extra(monkeypatch: pytest.MonkeyPatch, use: Callable[[], Any]) -> None:
    Path("a.xlsx").touch()
    real = builtins.__import__

    def refuse(name: str, *more: Any) -> Any:
        if name == "openpyxl":
            raise ImportError(name)
        return real(name, *more)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(UsageError, match=r"pip install 'spoki-analytics\[xlsx\]'"):
        use()


def test_json_without_dtypes_keeps_text_numbers_and_truths_apart() -> None:
    Path("a.json").write_text('[{"id": 1, "phone": "393331234567", "half": 0.5, "yes": true}, {"id": null}]')
    read = files.read("a.json")
    assert list(map(str, read.dtypes)) == ["Int64", "str", "Float64", "boolean"]
    assert read["phone"].tolist()[0] == "393331234567"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.json", "{}", "is not a JSON list of objects"),
        ("a.json", "[1, 2]", "is not a JSON list of objects"),
        ("a.json", "[{", "is not a JSON list of objects"),
        ("a.parquet", "x", "cannot be read as a Parquet file"),
        ("a.xlsx", "x", "cannot be read as an Excel file"),
        ("a.txt", "x", "there is no format txt"),
    ],
)
def test_what_cannot_be_read_is_refused(name: str, content: str, message: str) -> None:
    Path(name).write_text(content)
    with pytest.raises(UsageError, match=message):
        files.read(name)


def test_a_file_or_folder_that_is_not_there_is_refused() -> None:
    with pytest.raises(UsageError, match=r"There is no file none\.csv\."):
        files.read("none.csv")
    with pytest.raises(UsageError, match="lies in a folder that does not exist"):
        files.write(frame(), "none/a.csv")
    Path("folder.csv").mkdir()
    with pytest.raises(UsageError, match="is a folder; name a file"):
        files.write(frame(), "folder.csv")


@pytest.mark.parametrize(
    ("value", "dtype"), [("x", "Int64"), ("1.5", "Int64"), ("maybe", "boolean"), ("soon", "datetime64[us, UTC]")]
)
def test_a_value_that_does_not_fit_its_dtype_is_refused(value: str, dtype: str) -> None:
    Path("a.csv").write_text(f"id\n{value}\n")
    with pytest.raises(UsageError, match=f"Column id holds a value that is no {dtype}".replace("[", r"\[")):
        files.read("a.csv", dtypes={"id": dtype, "of another file": "Int64"})


def test_a_category_that_nobody_knew_is_kept() -> None:
    Path("a.csv").write_text("status\nOpen\nReopened\n")
    read = files.read("a.csv", dtypes={"status": pd.CategoricalDtype(["Open", "Closed"])})
    assert read["status"].cat.categories.tolist() == ["Open", "Closed", "Reopened"]


def test_a_new_file_is_private_and_an_old_one_keeps_its_mode() -> None:
    path = files.write(frame(), "a.csv")
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o644)
    files.write(frame(), path)
    assert path.stat().st_mode & 0o777 == 0o644
