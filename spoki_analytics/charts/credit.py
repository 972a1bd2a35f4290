"""Charts of credit: balances and thresholds, conversations left, their cost, and how long the credit lasts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from spoki_analytics.charts.axes import beside, calendar, counts_axis, floats, legend, row_axes, time_axes
from spoki_analytics.charts.chart import Chart
from spoki_analytics.charts.sentences import capitalise, name_start
from spoki_analytics.charts.style import BLUE, GREY, INK, ORANGE, VERMILION, styled
from spoki_analytics.metrics.periods import Period
from spoki_analytics.metrics.runway import HORIZON, SOON
from spoki_analytics.wording.messages import gettext, ngettext, noop
from spoki_analytics.wording.names import shorten
from spoki_analytics.wording.numbers import format_euro, format_list, format_number, whole_days

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
    credit = gettext("{amount} of credit", amount=format_euro(runway["balance"].sum() / 1000))
    title = f"{credit}; {_below_threshold(low, len(runway))}"
    figure, axes = row_axes(title, gettext("euro"), _names(shown))
    rows, below = np.arange(len(shown)), shown["below_threshold"].fillna(False).to_numpy(dtype=bool)
    bars = axes.barh(rows, floats(shown["balance_eur"]), 0.62, color=np.where(below, VERMILION, BLUE))
    for bar in np.array(bars.patches)[below]:
        bar.set(hatch="//", edgecolor="white")
    thresholds = floats(shown["threshold_eur"])
    axes.plot(thresholds, rows, "|", color=INK, markersize=15, markeredgewidth=2, label=gettext("threshold"))
    amounts = map(format_euro, shown["balance_eur"])
    beside(
        axes,
        [
            gettext("{amount} below", amount=amount) if is_low else amount
            for amount, is_low in zip(amounts, below, strict=True)
        ],
    )
    _euro_axis(axes)
    axes.legend(loc="lower right", bbox_to_anchor=(1, 1), borderpad=0)
    sentence = gettext(
        "Balance of {accounts}; the mark is the account's alert threshold, hatched bars are below it.",
        accounts=_of(shown, runway),
    )
    data = shown[["account", "name", "balance_eur", "threshold_eur", "below_threshold", "alert_flag"]]
    headings = [
        gettext("Account"),
        gettext("Name"),
        gettext("Balance, €"),
        gettext("Threshold, €"),
        gettext("Below threshold"),
        gettext("Alert flag as sent"),
    ]
    return Chart(figure, f"{title}.", sentence, data.set_axis(headings, axis=1))


@styled
def conversations_left(runway: pd.DataFrame) -> Chart | None:
    """Spoki's estimate of the conversations that each balance still pays."""
    shown = runway[runway["conversations_left"].notna()].head(ROWS)
    if not len(shown):
        return None
    left = runway["conversations_left"].sum()
    title = ngettext("About {count} conversation left", "About {count} conversations left", left)
    figure, axes = row_axes(title, gettext("estimated conversations left"), _names(shown))
    axes.barh(np.arange(len(shown)), floats(shown["conversations_left"]), 0.62, color=BLUE)
    pairs = zip(shown["conversations_left"], shown["cost_per_conversation_eur"], strict=True)
    beside(axes, [_left_at_cost(left, cost) for left, cost in pairs])
    counts_axis(axes, "x")
    sentence = gettext(
        "Spoki's own estimate for {accounts}; the cost of one is the balance divided by that estimate, a check on both "
        "figures rather than a price.",
        accounts=_of(shown, runway),
    )
    data = shown[["account", "name", "conversations_left", "cost_per_conversation_eur"]]
    headings = [
        gettext("Account"),
        gettext("Name"),
        gettext("Conversations left"),
        gettext("Cost per estimated conversation, €"),
    ]
    return Chart(figure, f"{title}.", sentence, data.set_axis(headings, axis=1))


@styled
def days_left(runway: pd.DataFrame) -> Chart | None:
    """How long each balance lasts, with its range."""
    shown = runway[runway["days_left"].notna()].head(ROWS)
    if not len(shown):
        return None
    title = _first_to_run_out(shown)
    figure, axes = row_axes(title, gettext("days, from the time of the data"), _names(shown))
    _draw_days(axes, shown)
    sentence = gettext(
        "Estimate for {accounts}: a dot is the day in the middle, and in four of five cases the credit ends within the "
        "bar. The dotted line is {soon} days. It assumes days like those before, Spoki's own cost per conversation "
        "and no recharge.",
        accounts=_of(shown, runway),
        soon=SOON,
    )
    columns = ["used_per_day", "days_left", "days_left_low", "days_left_high"]
    headings = [
        gettext("Account"),
        gettext("Name"),
        gettext("Used per day"),
        gettext("Days left"),
        gettext("Days left, low"),
        gettext("Days left, high"),
    ]
    data = shown[["account", "name", *columns]].round(dict.fromkeys(columns, 1))
    return Chart(figure, f"{title}.", sentence, data.set_axis(headings, axis=1))


@styled
def daily_use(use: pd.DataFrame, period: Period) -> Chart | None:
    """What all accounts together used on each complete day: the pace that the estimate rests on.

    Args:
        use: `metrics.pace.daily_use`.
        period: The period it covers.
    """
    days = use.groupby("period_start")["used"].sum().reindex(period.starts).astype("Int64")
    if not days.sum():
        return None
    bases = format_list(gettext(BASIS_WORDS[basis]) for basis in use["basis"].unique())
    mean, median = format_number(days.mean()), format_number(days.median())
    title = gettext("{mean} {bases} on an average day, {median} on a median one", mean=mean, bases=bases, median=median)
    figure, axes = time_axes(title, gettext("{bases} per day", bases=bases))
    edges, _ = calendar(axes, period)
    axes.stairs(floats(days.fillna(0)), edges, fill=True, color=BLUE, label=gettext("used"))
    axes.axhline(float(days.mean()), color=ORANGE, linestyle="--", label=gettext("mean"))
    counts_axis(axes)
    legend(axes)
    busiest = period.starts[int(days.fillna(-1).argmax())]
    sentence = gettext(
        "{bases} used on each complete day, {period}, {accounts}; most on {day} ({most}). Where mean and median differ "
        "much, campaign days set the pace.",
        bases=capitalise(bases),
        period=period,
        accounts=_accounts(use["account"].nunique()),
        day=name_start(busiest, period),
        most=format_number(days.max()),
    )
    return Chart(figure, f"{title}.", sentence, pd.DataFrame({gettext("Day"): days.index, gettext("Used"): days.array}))


BASIS_WORDS = {
    "template_delivered": noop("delivered template messages"),
    "conversations": noop("conversations"),
    "template": noop("template messages"),
    "sent": noop("sent messages"),
}


def _names(shown: pd.DataFrame) -> list[str]:
    return [f"{shorten(name, 24)} ({account})" for account, name in zip(shown["account"], shown["name"], strict=True)]


def _below_threshold(low: int, accounts: int) -> str:
    if not low:
        return gettext("no account below the threshold")
    return ngettext(
        "{low} of {count} account below the threshold",
        "{low} of {count} accounts below the threshold",
        accounts,
        low=format_number(low),
    )


def _accounts(count: int) -> str:
    return ngettext("{count} account", "{count} accounts", count)


def _of(shown: pd.DataFrame, runway: pd.DataFrame) -> str:
    """Which accounts are shown."""
    if len(shown) == len(runway):
        return _accounts(len(shown))
    return ngettext(
        "{shown} of {count} account, most urgent first",
        "{shown} of {count} accounts, most urgent first",
        len(runway),
        shown=format_number(len(shown)),
    )


def _left_at_cost(left: Any, cost: Any) -> str:
    if pd.isna(cost):
        return format_number(left)
    return gettext("{left} at {cost}", left=format_number(left), cost=format_euro(cost, 3))


def _first_to_run_out(shown: pd.DataFrame) -> str:
    first = shown.iloc[int(shown["days_left"].argmin())]
    if first["days_left"] >= HORIZON:
        return gettext("No account runs out within two years")
    name = shorten(first["name"], 28)
    if first["days_left"] == 0:
        return gettext("{name} has no credit left", name=name)
    return gettext("{name} runs out first, {when}", name=name, when=_lasts(first["days_left"]))


def _draw_days(axes: Axes, shown: pd.DataFrame) -> None:
    """A dot and its range for each account; an arrow at the edge for what lasts longer than two years."""
    rows, days = np.arange(len(shown)), floats(shown["days_left"])
    low, high = floats(shown["days_left_low"]), floats(shown["days_left_high"])
    ends = days < HORIZON
    last = np.where(np.isnan(high), days, high)
    longest = min(HORIZON, max([SOON, *last[ends]]) * 1.15)
    axes.hlines(rows, low, high, color=BLUE, linewidth=5, alpha=0.35)
    axes.plot(days[ends], rows[ends], "o", color=BLUE)
    axes.plot(np.full((~ends).sum(), longest), rows[~ends], ">", color=BLUE, markerfacecolor="white", clip_on=False)
    axes.axvline(SOON, color=GREY, linestyle=":", linewidth=1.2)
    counts_axis(axes, "x")
    axes.set_xlim(0, longest)
    beside(axes, [_lasts_between(row) for _, row in shown.iterrows()])


def _lasts(days: float) -> str:
    if days >= HORIZON:
        return gettext("not within two years")
    if days == 0:
        return gettext("nothing left")
    return ngettext("in about {count} day", "in about {count} days", whole_days(days))


def _lasts_between(row: pd.Series) -> str:
    """When the credit ends, and between which days it does so in four of five cases."""
    days, low, high = row["days_left"], row["days_left_low"], row["days_left_high"]
    if days == 0 or pd.isna(low) or low >= HORIZON:
        return _lasts(days)
    first, last = format_number(whole_days(low)), format_number(whole_days(high))
    if high >= HORIZON:
        return gettext("{when} ({first} or more)", when=_lasts(days), first=first)
    return gettext("{when} ({first} to {last})", when=_lasts(days), first=first, last=last)


def _euro_axis(axes: Axes) -> None:
    axes.xaxis.set_major_locator(MaxNLocator(nbins=5))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: format_euro(value, 0)))
