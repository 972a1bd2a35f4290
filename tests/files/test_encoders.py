"""Frames as bytes of a file."""

from __future__ import annotations

import csv
import io
import json

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spoki_analytics.files.encoders import encode
from spoki_analytics.files.formats import Format
from spoki_analytics.files.formulas import disarm
from tests.files.test_formulas import ALPHABET


@given(st.lists(st.text(alphabet=ALPHABET, max_size=6), min_size=1, max_size=3))
def test_every_cell_of_a_csv_is_disarmed(texts: list[str]) -> None:
    frame = pd.DataFrame({"id": range(len(texts)), "name": texts})
    written = csv.reader(io.StringIO(encode(frame, Format.CSV).decode(), newline=""))
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
    assert encode(frame, Format.CSV).decode().splitlines() == [
        "'=id,name,status,sets,share,at",
        "-1,'=1+1,'@x,'-a;' =b,-0.5,2026-10-01T08:00:00.500000Z",
        ",,Open,,,",
    ]


def test_json_holds_values_as_they_came() -> None:
    frame = pd.DataFrame({"name": ["=1+1 à"], "sets": [["a"]], "n": pd.array([None], dtype="Int64")})
    assert json.loads(encode(frame, Format.JSON)) == [{"name": "=1+1 à", "sets": ["a"], "n": None}]


@pytest.mark.parametrize("form", Format)
def test_an_empty_frame(form: Format) -> None:
    assert encode(pd.DataFrame({"id": pd.array([], dtype="Int64")}), form)
