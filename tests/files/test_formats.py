"""Which format a file has."""

from __future__ import annotations

from pathlib import Path

import pytest

from spoki_analytics.errors import UsageError
from spoki_analytics.files.formats import Format, format_of


def test_the_format_asked_for_wins_over_the_file_name() -> None:
    assert format_of(Path("a.JSON")) is Format.JSON
    assert format_of(Path("a.txt"), Format.CSV) is Format.CSV
    assert format_of(Path("a.txt"), "xlsx") is Format.XLSX


@pytest.mark.parametrize(
    ("path", "given", "message"),
    [
        ("a.txt", None, r"^a\.txt: there is no format txt; there are: csv, xlsx, parquet, json\.$"),
        ("a", None, "there is no format ; there are"),
        ("a.csv", "exel", "there is no format exel"),
        ("a.parqet", None, r"there are: csv, xlsx, parquet, json\. Did you mean parquet\?"),
    ],
)
def test_another_format_is_refused(path: str, given: str | None, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        format_of(Path(path), given)
