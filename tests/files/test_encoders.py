"""Frames as files."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spoki_analytics.errors import UsageError
from spoki_analytics.files.encoders import Format, chosen_format, disarm, encoded

ALPHABET = "=+-@\t\r\n\uff1d\u200b\x00 ;a1',\""
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+1+1", "'+1+1"),
        ("-2+cmd|' /C calc'!A0", "'-2+cmd|' /C calc'!A0"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t'=1"),
        ("\r=1", "'\n'=1"),
        ("a\r\nb", "a\nb"),
        ("  =1", "'  =1"),
        ("\uff1d1", "'\uff1d1"),
        ("Anna;=1+1;x", "Anna;'=1+1;x"),
        ("Anna\n=1+1", "Anna\n'=1+1"),
        ("+393331234567", "+393331234567"),
        ("+39 333 123 4567", "+39 333 123 4567"),
        ("-12.5", "-12.5"),
        ("1964-04-08", "1964-04-08"),
        ("a=b; c - d", "a=b; c - d"),
        ("", ""),
    ],
)
def test_text_that_starts_a_formula_is_disarmed(text: str, written: str) -> None:
    assert disarm(text) == written


@given(st.text(alphabet=ALPHABET, max_size=8))
def test_no_part_of_any_text_starts_a_formula(text: str) -> None:
    written = disarm(text)
    if written.startswith(("+", "-")):
        assert not set(written) - set("+-0123456789 ,.")
    else:
        parts = written.replace("\t", ";").replace("\r", ";").replace("\n", ";").split(";")
        assert not [part for part in parts if part.strip(" ").startswith(DANGEROUS)]
    assert written.replace("'", "") == text.replace("\r\n", "\n").replace("\r", "\n").replace("'", "")


@given(st.lists(st.text(alphabet=ALPHABET, max_size=6), min_size=1, max_size=3))
def test_every_cell_of_a_csv_is_disarmed(texts: list[str]) -> None:
    frame = pd.DataFrame({"id": range(len(texts)), "name": texts})
    written = csv.reader(io.StringIO(encoded(frame, Format.CSV).decode(), newline=""))
    assert [name for _, name in list(written)[1:]] == [disarm(text) for text in texts]


def test_csv_disarms_text_and_headers_only() -> None:
    frame = pd.DataFrame(
        {
            "=id": pd.array([-1, None], dtype="Int64"),
            "name": pd.array(["=1+1", None], dtype="str"),
            "status": pd.Categorical(["@x", "Open"]),
            "sets": [["-a", "=b"], []],
            "share": pd.array([-0.5, None], dtype="Float64"),
            "at": pd.to_datetime(["2026-10-01T08:00:00.5Z", None]),
        }
    )
    assert encoded(frame, Format.CSV).decode().splitlines() == [
        "'=id,name,status,sets,share,at",
        "-1,'=1+1,'@x,'-a;' =b,-0.5,2026-10-01T08:00:00.500000Z",
        ",,Open,,,",
    ]


def test_json_holds_values_as_they_came() -> None:
    frame = pd.DataFrame({"name": ["=1+1 à"], "sets": [["a"]], "n": pd.array([None], dtype="Int64")})
    assert json.loads(encoded(frame, Format.JSON)) == [{"name": "=1+1 à", "sets": ["a"], "n": None}]


@pytest.mark.parametrize("form", Format)
def test_an_empty_frame(form: Format) -> None:
    assert encoded(pd.DataFrame({"id": pd.array([], dtype="Int64")}), form)


def test_the_format_asked_for_wins_over_the_file_name() -> None:
    assert chosen_format(None, None) is Format.CSV
    assert chosen_format(None, Path("a.JSON")) is Format.JSON
    assert chosen_format(Format.CSV, Path("a.txt")) is Format.CSV
    with pytest.raises(UsageError, match="no format txt"):
        chosen_format(None, Path("a.txt"))
