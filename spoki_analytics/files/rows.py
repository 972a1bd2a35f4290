"""Rows of a correction from a file, labelled as a spreadsheet numbers them, so that a refused row can be found."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from spoki_analytics.errors import UsageError
from spoki_analytics.files.decoders import FIRST_ROW, decode
from spoki_analytics.files.formats import Format, format_of
from spoki_analytics.wording.messages import gettext

if TYPE_CHECKING:
    import pandas as pd

FORMATS = tuple(Format)


def read_rows(path: Path) -> pd.DataFrame:
    """The rows of a CSV, Excel, Parquet or JSON file.

    Raises:
        UsageError: There is no such file, it is none of these, it can't be read, or it has no rows.
    """
    form = format_of(path, usable=FORMATS)
    frame = decode(path, form)
    if frame.empty:
        raise UsageError(gettext("{path} has no rows.", path=path))
    if form in (Format.PARQUET, Format.JSON):
        return frame.set_axis(range(FIRST_ROW, FIRST_ROW + len(frame)), axis="index")
    return frame
