"""Key figures of a period beside the period of equal length before it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from spoki_analytics.metrics.rates import difference
from spoki_analytics.wording.units import SMALL

COLUMNS = {
    "name": "str",
    "value": "Float64",
    "count": "Int64",
    "n": "Int64",
    "low": "Float64",
    "high": "Float64",
    "previous": "Float64",
    "previous_n": "Int64",
    "change": "Float64",
    "change_low": "Float64",
    "change_high": "Float64",
    "direction": "str",
}


@dataclass(frozen=True)
class KeyFigure:
    """What a key figure is made of; what it is called is said where it is shown, in `charts.labels`.

    Args:
        name: Column in the totals, with its denominator (``read_per_delivered``); also its name in ``kpis.json``.
        rate_of: For a share its (numerator, denominator) columns.
        comparable: Whether it may be compared with the period before.
    """

    name: str
    rate_of: tuple[str, str] | None = None
    comparable: bool = True


def key_figures(figures: Sequence[KeyFigure], now: pd.Series, before: pd.Series | None = None) -> pd.DataFrame:
    """Key figures with intervals and their change against the period before.

    Args:
        figures: Which, in the order to show.
        now: Totals of the period.
        before: Totals of the period before, of equal length; None where there is nothing to compare with.

    Returns:
        One row a figure. Columns: ``name``, ``direction`` (text), ``value``, ``previous`` (Float64), ``count``, ``n``,
        ``previous_n`` (Int64, numerators and denominators of shares), ``low``, ``high`` (Float64, Wilson interval of
        shares), ``change`` (Float64: points of a share as 0.01, otherwise relative to the value before),
        ``change_low``, ``change_high`` (Float64, Newcombe interval of shares). ``direction`` is ``up``, ``down``,
        ``same`` (the interval holds zero, or equal) or empty (not comparable, or fewer than 20).

    Source: intervals Wilson 1927, differences Newcombe 1998 (method 10).
    """
    rows = [_row(figure, now, before) for figure in figures]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)


def _row(figure: KeyFigure, now: pd.Series, before: pd.Series | None) -> dict[str, Any]:
    row: dict[str, Any] = {"name": figure.name, "direction": "", "value": now.get(figure.name, pd.NA)}
    if figure.rate_of:
        row |= {"count": now[figure.rate_of[0]], "n": now[figure.rate_of[1]]}
        row |= {"low": now[f"{figure.name}_low"], "high": now[f"{figure.name}_high"]}
    if before is None or not figure.comparable:
        return row
    row |= {"previous": before.get(figure.name, pd.NA)}
    return row | (_share_change(figure.rate_of, now, before) if figure.rate_of else _relative_change(row))


def _share_change(rate_of: tuple[str, str], now: pd.Series, before: pd.Series) -> dict[str, Any]:
    samples = [series[column] for series in (now, before) for column in rate_of]
    known = {"previous_n": samples[3]}
    if any(pd.isna(sample) for sample in samples):
        return known
    change, low, high = difference(*samples)
    if math.isnan(change):  # one of the two is no share, as where more is read than delivered
        return known
    enough = min(samples[1], samples[3]) >= SMALL
    direction = "up" if low > 0 else "down" if high < 0 else "same"
    return known | {"change": change, "change_low": low, "change_high": high, "direction": direction if enough else ""}


def _relative_change(row: dict[str, Any]) -> dict[str, Any]:
    value, previous = row["value"], row["previous"]
    if pd.isna(value) or pd.isna(previous):
        return {}
    direction = "up" if value > previous else "down" if value < previous else "same"
    return {"change": value / previous - 1 if previous else pd.NA, "direction": direction}
