"""Axes that several charts share: time axes with fixed margins, and rows of named bars or dots."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import date2num
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from spoki_analytics.charts.style import HATCH
from spoki_analytics.metrics.periods import Period
from spoki_analytics.wording.messages import gettext
from spoki_analytics.wording.numbers import format_day, format_number, format_percent

WIDTH = 8.2
LEFT = 0.09

TICKS = 9
"""Most dates named on a time axis."""

Floats = np.ndarray[Any, np.dtype[np.float64]]


def time_axes(title: str, unit: str, right: float = 0.98) -> tuple[Figure, Axes]:
    """Axes with margins of a fixed size: laying text out costs more than drawing it.

    Args:
        title: The finding.
        unit: What the vertical axis counts.
        right: Where the plot ends, to leave room for labels beside it.
    """
    figure = Figure(figsize=(WIDTH, 3.2))
    axes = figure.add_axes((LEFT, 0.125, right - LEFT, 0.67))
    figure.text(0.012, 0.975, title, va="top", fontsize=11.5, fontweight="bold")
    axes.set_ylabel(unit)
    return figure, axes


def row_axes(title: str, unit: str, names: Sequence[str], height: float = 0.28) -> tuple[Figure, Axes]:
    """Axes with one row for each name, the first on top; laid out around names of any length.

    Args:
        title: The finding.
        unit: What the horizontal axis counts.
        names: One for each row, made short and harmless by `wording.names.shorten`.
        height: Of a row, in inches.
    """
    figure = Figure(figsize=(WIDTH, 1.25 + height * max(len(names), 2)), layout="constrained")
    axes = figure.add_subplot()
    figure.suptitle(title, x=0.012, ha="left", fontsize=11.5, fontweight="bold")
    axes.set_yticks(range(len(names)), labels=names)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.grid(True, axis="x")
    axes.grid(False, axis="y")
    axes.spines["left"].set_visible(False)
    axes.set_xlabel(unit)
    return figure, axes


def counts_axis(axes: Axes, which: str = "y") -> None:
    """Whole numbers with thousands separators, from zero; counts that were taken back reach below it."""
    axis = getattr(axes, f"{which}axis")
    axis.set_major_locator(MaxNLocator(nbins=5, integer=True))
    axis.set_major_formatter(FuncFormatter(lambda value, _: format_number(value)))
    if not getattr(axes.dataLim, f"{which}0") < 0:
        getattr(axes, f"set_{which}lim")(**{"bottom" if which == "y" else "left": 0})


def shares_axis(axes: Axes, which: str = "y", top: float = 1.0) -> None:
    """Percentages from zero to `top`."""
    axis = getattr(axes, f"{which}axis")
    axis.set_major_locator(MaxNLocator(nbins=5))
    axis.set_major_formatter(FuncFormatter(lambda value, _: format_percent(value, 0 if top > 0.1 else 1)))
    getattr(axes, f"set_{which}lim")(0, top)


def calendar(axes: Axes, period: Period) -> tuple[Floats, Floats]:
    """A calendar axis over the period.

    Returns:
        The edges of its days, months or years, and their middles, as numbers to draw with.
    """
    ends = (period.labels[-1] + 1).start_time
    edges: Floats = date2num([start.replace(tzinfo=None) for start in period.starts] + [ends])  # type: ignore[no-untyped-call]
    middles = (edges[:-1] + edges[1:]) / 2
    named = _named(period)
    axes.set_xticks(middles[named], labels=[_date(period.starts[i], period) for i in named])
    axes.set_xlim(edges[0], edges[-1])
    return edges, middles


def hatch_open(axes: Axes, edges: Floats, unfinished: pd.Series[bool]) -> None:
    """Hatch the ground under what is not over yet."""
    if unfinished.any():
        first = edges[:-1][unfinished.to_numpy(dtype=bool)][0]
        style: dict[str, Any] = {
            "facecolor": "none",
            "edgecolor": "#bbbbbb",
            "linewidth": 0,
            "hatch": HATCH,
            "zorder": 0,
        }
        axes.axvspan(first, edges[-1], label=gettext("not finished"), **style)


def legend(axes: Axes) -> None:
    """What the marks mean, in one line between the title and the plot."""
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1.02), ncols=5, columnspacing=1.4, handletextpad=0.5)


def beside(axes: Axes, texts: Sequence[str]) -> None:
    """Texts in a column at the right of the plot, one for each row."""
    for row, text in enumerate(texts):
        axes.annotate(
            text,
            (1, row),
            xycoords=axes.get_yaxis_transform(),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            fontsize=8.5,
        )


def floats(values: pd.Series[Any]) -> Floats:
    """Values to draw, NaN where missing."""
    return values.to_numpy(dtype=float, na_value=np.nan)


def _named(period: Period) -> list[int]:
    """Which starts carry a date: Mondays where a few weeks are shown, else month starts or every so many."""
    starts = period.starts
    mondays = [i for i, start in enumerate(starts) if start.weekday() == 0]
    if period.granularity == "Day" and 2 <= len(mondays) <= TICKS:
        return mondays
    months = [i for i, start in enumerate(starts) if start.day <= (1 if period.granularity == "Day" else 7)]
    if period.granularity in ("Day", "Week") and len(months) >= 2:
        # whole months apart, from January on, so that years look alike
        apart = next(each for each in (1, 2, 3, 6, 12, 24, 60, 120, len(months) * 12) if len(months) <= each * TICKS)
        named = [i for i in months if (starts[i].month - 1 + 12 * starts[i].year) % apart == 0]
        return named or months[:1]
    return list(range(0, len(starts), -(-len(starts) // TICKS)))


def _date(start: pd.Timestamp, period: Period) -> str:
    if period.granularity == "Year":
        return format_day(start, "y")
    if period.granularity == "Day" and period.start.year == period.end.year:
        return format_day(start, "d")
    return f"{format_day(start, 'd' if period.granularity in ('Day', 'Week') else 'm')}\n{format_day(start, 'y')}"
