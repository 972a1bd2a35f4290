"""Columns of text become again what they were."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from spoki_analytics.errors import UsageError
from spoki_analytics.wording.messages import gettext

_TRUTHS = {"True": True, "true": True, "False": False, "false": False}


def restore(frame: pd.DataFrame, dtypes: Mapping[str, Any] | pd.Series[Any]) -> pd.DataFrame:
    """The frame with the named columns as these dtypes.

    Raises:
        UsageError: A value does not fit.
    """
    restored = frame.copy(deep=False)
    for name, dtype in dict(dtypes).items():
        if name in restored.columns:
            try:
                restored[name] = _restored(frame[str(name)], pd.api.types.pandas_dtype(dtype))
            except (KeyError, TypeError, ValueError, OverflowError):
                message = gettext("Column {name} holds a value that is no {dtype}.", name=name, dtype=dtype)
                raise UsageError(message) from None
    return restored


def _restored(column: pd.Series[Any], dtype: Any) -> pd.Series[Any]:
    if column.dtype == dtype:
        return column
    if dtype == "object":
        return column.map(_listed)
    if isinstance(dtype, pd.CategoricalDtype):
        return _categories(column, dtype)
    if pd.api.types.is_datetime64_any_dtype(dtype):
        return pd.to_datetime(column, utc=True, format="ISO8601").astype(dtype)
    if pd.api.types.is_bool_dtype(dtype):
        return column.map(_truth).astype(dtype)
    if pd.api.types.is_integer_dtype(dtype):  # by way of Python's, as a float has too few digits for an id
        return column.map(_whole).astype(dtype)
    if pd.api.types.is_float_dtype(dtype) and column.dtype == "str":
        column = column.str.replace(",", ".")  # a CSV for Excel may have decimal commas
    return column.astype(dtype)


def _categories(column: pd.Series[Any], dtype: pd.CategoricalDtype) -> pd.Series[Any]:
    """Categories, new ones at the end: a value that nobody knew is kept."""
    text = column.astype("str")
    unknown = sorted(set(text.dropna()) - set(dtype.categories))
    return text.astype(pd.CategoricalDtype([*dtype.categories, *unknown], ordered=dtype.ordered))


def _listed(value: Any) -> Any:
    if isinstance(value, str):
        return value.split("; ")
    return value if isinstance(value, list) else []


def _truth(value: Any) -> Any:
    return _TRUTHS[str(value)] if not pd.isna(value) else pd.NA


def _whole(value: Any) -> Any:
    return int(value) if not pd.isna(value) else pd.NA
