"""Charts of credit: balances and thresholds, conversations left, their cost, and how long the credit lasts."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from spoki_analytics.charts.axes import beside, calendar, counts_axis, floats, legend, row_axes, time_axes
from spoki_analytics.charts.chart import Chart
from spoki_analytics.charts.style import BLUE, GREY, INK, ORANGE, VERMILION, styled
from spoki_analytics.charts.wording import euro, number, plural, sentence_case, when
from spoki_analytics.metrics.periods import Period
from spoki_analytics.metrics.runway import HORIZON, SOON
from spoki_analytics.wording.names import shorten

ROWS = 15
"""Most accounts in a chart: those that need a recharge first."""


@styled
def balance_and_threshold(runway: pd.DataFrame) -> Chart | None:
    """Balance of each account with its threshold.

    Args:
        runway: `metrics.runway.runway`.
    """
    shown = runway[runway["balance"].notna()].head(ROWS)
    if not len(shown):
        return None
    low = int(runway["below_threshold"].fillna(False).sum())
    title = f"{euro(runway['balance'].sum() / 1000)} of credit; " + _some(low, len(runway), "below the threshold")
    figure, axes = row_axes(title, "euro", _names(shown))
    rows, below = np.arange(len(shown)), shown["below_threshold"].fillna(False).to_numpy(dtype=bool)
    bars = axes.barh(rows, floats(shown["balance_eur"]), 0.62, color=np.where(below, VERMILION, BLUE))
    for bar in np.array(bars.patches)[below]:
        bar.set(hatch="//", edgecolor="white")
    thresholds = floats(shown["threshold_eur"])
    axes.plot(thresholds, rows, "|", color=INK, markersize=15, markeredgewidth=2, label="threshold")
    beside(
        axes, [euro(value) + (" below" if low else "") for value, low in zip(shown["balance_eur"], below, strict=True)]
    )
    _euro_axis(axes)
    axes.legend(loc="lower right", bbox_to_anchor=(1, 1), borderpad=0)
    sentence = f"Balance of {_of(shown, runway)}; the mark is the account's alert threshold, hatched bars are below it."
    data = shown[["account", "name", "balance_eur", "threshold_eur", "below_threshold", "alert_flag"]]
    headings = ("Account", "Name", "Balance, €", "Threshold, €", "Below threshold", "Alert flag as sent")
    return Chart(figure, f"{title}.", sentence, data.set_axis(list(headings), axis=1))


@styled
def conversations_left(runway: pd.DataFrame) -> Chart | None:
    """Spoki's estimate of the conversations that each balance still pays."""
    shown = runway[runway["conversations_left"].notna()].head(ROWS)
    if not len(shown):
        return None
    title = f"About {plural(runway['conversations_left'].sum(), 'conversation')} left"
    figure, axes = row_axes(title, "estimated conversations left", _names(shown))
    axes.barh(np.arange(len(shown)), floats(shown["conversations_left"]), 0.62, color=BLUE)
    pairs = zip(shown["conversations_left"], shown["cost_per_conversation_eur"], strict=True)
    beside(axes, [f"{number(left)}" + (f" at {euro(cost, 3)}" if pd.notna(cost) else "") for left, cost in pairs])
    counts_axis(axes, "x")
    sentence = (
        f"Spoki's own estimate for {_of(shown, runway)}; the cost of one is the balance divided by that estimate, a "
        "check on both figures rather than a price."
    )
    data = shown[["account", "name", "conversations_left", "cost_per_conversation_eur"]]
    headings = ["Account", "Name", "Conversations left", "Cost per estimated conversation, €"]
    return Chart(figure, f"{title}.", sentence, data.set_axis(headings, axis=1))


@styled
def days_left(runway: pd.DataFrame) -> Chart | None:
    """How long each balance lasts at the pace of the period, with its range."""
    shown = runway[runway["days_left"].notna()].head(ROWS)
    if not len(shown):
        return None
    first = shown.iloc[int(shown["days_left"].argmin())]
    title = f"{shorten(first['name'], 28)} runs out first, {_lasts(first['days_left'])}"
    if first["days_left"] >= HORIZON:
        title = f"No account runs out within {HORIZON} days"
    figure, axes = row_axes(title, "days, from the time of the data", _names(shown))
    rows, days = np.arange(len(shown)), floats(shown["days_left"])
    known = days < HORIZON
    longest = min(HORIZON, max([SOON, *floats(shown["days_left_high"])[known]]) * 1.15)
    axes.hlines(
        rows, floats(shown["days_left_low"]), floats(shown["days_left_high"]), color=BLUE, linewidth=5, alpha=0.35
    )
    axes.plot(days[known], rows[known], "o", color=BLUE)
    axes.plot(np.full((~known).sum(), longest), rows[~known], ">", color=BLUE, markerfacecolor="white", clip_on=False)
    axes.axvline(SOON, color=GREY, linestyle=":", linewidth=1.2)
    counts_axis(axes, "x")
    axes.set_xlim(0, longest)
    beside(axes, [_lasts_text(row) for _, row in shown.iterrows()])
    sentence = (
        f"Estimate for {_of(shown, runway)}: conversations left divided by those used on an average day of the period. "
        f"Bars span the 10th to 90th percentile over resampled days; the dotted line is {SOON} days. It assumes days "
        "like these, Spoki's own cost per conversation and no recharge."
    )
    data = shown[["account", "name", "used_per_day", "days_left", "days_left_low", "days_left_high"]]
    headings = ["Account", "Name", "Used per day", "Days left", "Days left, low", "Days left, high"]
    return Chart(figure, f"{title}.", sentence, data.set_axis(headings, axis=1).round(1))


@styled
def daily_use(use: pd.DataFrame, period: Period) -> Chart | None:
    """What all accounts together used on each complete day: the pace that the estimate rests on.

    Args:
        use: `metrics.runway.daily_use`.
        period: The period it covers.
    """
    days = use.groupby("period_start")["used"].sum().reindex(period.starts).astype("Int64")
    if not days.sum():
        return None
    bases = " and ".join(_WORDS[basis] for basis in use["basis"].unique())
    title = f"{number(days.mean())} {bases} on an average day, {number(days.median())} on a median one"
    figure, axes = time_axes(title, f"{bases} per day")
    edges, _ = calendar(axes, period)
    axes.stairs(floats(days.fillna(0)), edges, fill=True, color=BLUE, label="used")
    mean = float(days.mean())
    axes.axhline(mean, color=ORANGE, linestyle="--", label="mean")
    counts_axis(axes)
    legend(axes)
    busiest = period.starts[int(days.fillna(-1).argmax())]
    sentence = (
        f"{sentence_case(bases)} used on each complete day, {period}, {plural(use['account'].nunique(), 'account')}; "
        f"most on {when(busiest, period)} ({number(days.max())}). Where mean and median differ much, campaign days set "
        "the pace."
    )
    return Chart(figure, f"{title}.", sentence, pd.DataFrame({"Day": days.index, "Used": days.array}))


_WORDS = {"conversations": "conversations", "template": "template messages", "sent": "sent messages"}


def _names(shown: pd.DataFrame) -> list[str]:
    return [f"{shorten(name, 24)} ({account})" for account, name in zip(shown["account"], shown["name"], strict=True)]


def _some(count: int, of: int, what: str) -> str:
    return f"{'no account' if not count else f'{count} of ' + plural(of, 'account')} {what}"


def _of(shown: pd.DataFrame, runway: pd.DataFrame) -> str:
    """Which accounts are shown."""
    if len(shown) == len(runway):
        return plural(len(shown), "account")
    return f"{number(len(shown))} of {plural(len(runway), 'account')}, most urgent first"


def _lasts(days: float) -> str:
    if days >= HORIZON:
        return f"> {HORIZON} days"
    return "in less than a day" if days < 1 else f"in {plural(int(days), 'day')}"


def _lasts_text(row: pd.Series) -> str:
    if row["days_left"] >= HORIZON:
        return _lasts(row["days_left"])
    low, high = int(row["days_left_low"]), int(row["days_left_high"])
    return f"{_lasts(row['days_left'])} ({low} to {high if high < HORIZON else f'> {HORIZON}'})"


def _euro_axis(axes: Axes) -> None:
    axes.xaxis.set_major_locator(MaxNLocator(nbins=5))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: euro(value, 0)))
