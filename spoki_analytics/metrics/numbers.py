"""Counts out of frames whose columns may be missing, or may have become text because the API changed its mind."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

MOST = 2**53
"""Beyond this a count is no count, and sums of it would overflow."""


def numbers(frame: pd.DataFrame, column: str) -> pd.Series:
    """One column as Float64; what is absent, unreadable, infinite or not a number is missing."""
    if column not in frame:
        return pd.Series(pd.NA, index=frame.index, dtype="Float64", name=column)
    read = pd.to_numeric(frame[column].astype("object"), errors="coerce").astype("Float64")
    return read.where(read.abs() < np.inf).rename(column)


def counts(frame: pd.DataFrame, columns: Iterable[str]) -> pd.DataFrame:
    """The named columns as Int64 counts (fractions rounded; negative counts, and those beyond `MOST`, are missing)."""
    read = {column: numbers(frame, column) for column in columns}
    sane = {column: values.where((values >= 0) & (values <= MOST)) for column, values in read.items()}
    return pd.DataFrame({c: values.round().astype("Int64") for c, values in sane.items()}, index=frame.index)


def reported(frame: pd.DataFrame, columns: Iterable[str]) -> pd.DataFrame:
    """The named columns as Float64, just as they were reported: to be added up first, and judged as sums only."""
    return pd.DataFrame({column: numbers(frame, column) for column in columns}, index=frame.index)


def whole(sums: pd.DataFrame) -> pd.DataFrame:
    """Sums as Int64; what 64 bits cannot hold is missing."""
    return sums.where(sums.abs() < 2.0**63).round().astype("Int64")


def total(frame: pd.DataFrame) -> pd.Series:
    """Column sums as Int64; a column without any value sums to missing, not to zero."""
    return whole(frame.astype("Float64").sum(min_count=1).to_frame())[0]
