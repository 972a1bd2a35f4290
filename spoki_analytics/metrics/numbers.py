"""Counts out of frames whose columns may be missing, or may have become text because the API changed its mind."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd


def numbers(frame: pd.DataFrame, column: str) -> pd.Series:
    """One column as Float64; what is absent, unreadable, infinite or not a number is missing."""
    if column not in frame:
        return pd.Series(pd.NA, index=frame.index, dtype="Float64", name=column)
    read = pd.to_numeric(frame[column].astype("object"), errors="coerce").astype("Float64")
    return read.where(read.abs() < np.inf).rename(column)


def counts(frame: pd.DataFrame, columns: Iterable[str]) -> pd.DataFrame:
    """The named columns as Int64 counts (fractions rounded, negative counts missing)."""
    read = {column: numbers(frame, column) for column in columns}
    return pd.DataFrame({c: v.where(v >= 0).round().astype("Int64") for c, v in read.items()}, index=frame.index)


def total(frame: pd.DataFrame) -> pd.Series:
    """Column sums as Int64; a column without any value sums to missing, not to zero."""
    return frame.sum(min_count=1).astype("Int64")
