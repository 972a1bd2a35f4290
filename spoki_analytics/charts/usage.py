"""Charts of usage over time: messages, rates, templates, conversations and contacts."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from spoki_analytics.charts.axes import (
    Floats,
    calendar,
    counts_axis,
    floats,
    hatch_open,
    legend,
    shares_axis,
    time_axes,
)
from spoki_analytics.charts.chart import Chart
from spoki_analytics.charts.style import BLUE, ORANGE, SKY, VERMILION, styled
from spoki_analytics.charts.wording import change_text, number, numbers_behind, percent, plural, when
from spoki_analytics.metrics.periods import Period
from spoki_analytics.metrics.rates import SMALL
from spoki_analytics.metrics.usage import complete, rolling, totals

MANY = 16
"""Beyond so many points a line has no markers."""

LONG = 62
"""Beyond so many days a rate is shown over 7 days, so that weekends don't hide its course."""

RATES = {
    "delivered_per_sent": ("delivered of sent", "sent", BLUE, "-"),
    "read_per_delivered": ("read of delivered", "delivered", VERMILION, "--"),
}


@styled
def messages_over_time(table: pd.DataFrame, period: Period) -> Chart | None:
    """Sent and incoming messages of each day, month or year.

    Args:
        table: `metrics.usage.per_period`.
        period: The period it covers.
    """
    sent, incoming = table["sent"].sum(), table["incoming"].sum()
    if not sent + incoming:
        return None
    top = table.iloc[int(table["sent"].fillna(-1).argmax())]
    busiest = f"{'on' if period.unit == 'day' else 'in'} {when(top['period_start'], period)} ({number(top['sent'])})"
    title = f"{plural(sent, 'message')} sent, most {busiest}"
    figure, axes = time_axes(title, f"messages per {period.unit}")
    edges, middles = calendar(axes, period)
    axes.stairs(floats(table["sent"].fillna(0)), edges, fill=True, color=BLUE, label="sent")
    _line(axes, middles, table["incoming"], ORANGE, "-", "received from contacts")
    _finish(axes, edges, table)
    known = f", {number(incoming)} received from contacts" if table["incoming"].notna().any() else ""
    mean = number(complete(table)["sent"].astype("Float64").mean())
    sentence = (
        f"{number(sent)} messages sent{known}, {period}; {mean} sent on an average complete {period.unit}."
        f"{_unfinished(table, period)}"
    )
    return Chart(figure, f"{title}.", sentence, numbers_behind(table, ["sent", "incoming"]))


@styled
def rates_over_time(table: pd.DataFrame, figures: pd.DataFrame, period: Period) -> Chart | None:
    """Delivery and read rate of each day, month or year with 95 % intervals; over a long period of 7 days each.

    Args:
        table: `metrics.usage.per_period`.
        figures: `metrics.usage.usage_figures`, which say whether a change is more than chance.
        period: The period that the table covers.
    """
    sums, long = (
        totals(complete(table) if (~table["open"]).any() else table),
        period.unit == "day" and len(table) > LONG,
    )
    table = rolling(table) if long else table
    known = [name for name in RATES if table[name].notna().any()]
    if not known:
        return None
    words = {"delivered_per_sent": "Delivery rate", "read_per_delivered": "Read rate"}
    title = change_text(words[known[-1]], figures[figures["name"] == known[-1]].iloc[0])
    figure, axes = time_axes(title, "share of messages", right=0.86)
    edges, middles = calendar(axes, period)
    for name in known:
        _rate(axes, middles, table, name)
    _name_rates(axes, complete(table) if (~table["open"]).any() else table, known)
    shares_axis(axes)
    hatch_open(axes, edges, table["open"])
    sentence = (
        f"Delivered of {number(sums['sent'])} sent and read of {number(sums['delivered'])} delivered messages, "
        f"{period}.{' Each point covers 7 days.' if long else ''} Bands are 95 % intervals; hollow points rest on "
        f"fewer than {SMALL} messages or on a {period.unit} that is not over. Contacts can switch receipts off, so "
        "the read rate is a lower bound."
    )
    columns = ["sent", "delivered", "delivered_per_sent", "read_per_delivered"]
    return Chart(figure, f"{title}.", sentence, numbers_behind(table, columns))


@styled
def template_share(table: pd.DataFrame, period: Period) -> Chart | None:
    """Template and free-form messages of each day, month or year, stacked."""
    if not table[["template", "free"]].sum().sum():
        return None
    sums = totals(table)
    title = f"{percent(sums['template_per_sent'])} of sent messages were templates"
    figure, axes = time_axes(title, f"messages per {period.unit}")
    edges, _ = calendar(axes, period)
    template, free = floats(table["template"].fillna(0)), floats(table["free"].fillna(0))
    axes.stairs(template, edges, fill=True, color=BLUE, label="template")
    axes.stairs(template + free, edges, baseline=template, fill=True, color=SKY, label="free-form")
    _finish(axes, edges, table)
    sentence = f"{number(sums['template'])} template and {number(sums['free'])} free-form messages, {period}."
    columns = ["sent", "template", "free", "template_per_sent"]
    return Chart(figure, f"{title}.", sentence + _unfinished(table, period), numbers_behind(table, columns))


@styled
def conversations_and_contacts(table: pd.DataFrame, period: Period) -> Chart | None:
    """Conversations and contacts reached of each day, month or year."""
    if not table[["conversations", "contacts_reached"]].sum().sum():
        return None
    sums = totals(complete(table) if (~table["open"]).any() else table)
    reached = number(sums["contacts_reached_per_period"])
    title = f"{plural(sums['conversations'], 'conversation')}; {reached} contacts reached on an average {period.unit}"
    figure, axes = time_axes(title, f"per {period.unit}")
    edges, middles = calendar(axes, period)
    _line(axes, middles, table["conversations"], BLUE, "-", "conversations")
    _line(axes, middles, table["contacts_reached"], ORANGE, "--", "contacts reached")
    _finish(axes, edges, table)
    sentence = (
        f"Conversations and distinct contacts reached per {period.unit}, {period}. A contact reached on two "
        f"{period.unit}s counts on both: contacts have no sum over time.{_unfinished(table, period)}"
    )
    return Chart(figure, f"{title}.", sentence, numbers_behind(table, ["conversations", "contacts_reached"]))


def _line(axes: Axes, middles: Floats, values: pd.Series, colour: str, line: str, words: str) -> None:
    """A line, unless nothing is known; few points are marked, so that a lonely one is seen."""
    known = values.notna().sum()
    if known:
        marker = "o" if known <= MANY else ""
        axes.plot(middles, floats(values), color=colour, linestyle=line, marker=marker, label=words)


def _rate(axes: Axes, middles: Floats, table: pd.DataFrame, name: str) -> None:
    """A rate with its band; hollow points where it rests on little or is not final."""
    _, out_of, colour, line = RATES[name]
    values = floats(table[name])
    thin = (table["open"] | (table[out_of] < SMALL).fillna(True)).to_numpy(dtype=bool)
    low, high = floats(table[f"{name}_low"]), floats(table[f"{name}_high"])
    axes.fill_between(middles, low, high, color=colour, alpha=0.18, linewidth=0)
    axes.plot(middles, values, color=colour, linestyle=line, marker="o" if table[name].notna().sum() <= MANY else "")
    axes.plot(middles[thin], values[thin], "o", color=colour, markerfacecolor="white")


def _name_rates(axes: Axes, table: pd.DataFrame, known: list[str]) -> None:
    """What each line is and where it ends, beside it; the lower name gives way where they would overlap."""
    height = 2.0
    where: dict[str, Any] = {"xycoords": axes.get_yaxis_transform(), "textcoords": "offset points", "xytext": (6, 0)}
    ends = {name: table[name].dropna().iloc[-1] for name in known if table[name].notna().any()}
    for name, last in sorted(ends.items(), key=lambda end: -end[1]):
        words, _, colour, _ = RATES[name]
        height = min(float(last), height - 0.2)
        text = words.replace(" ", f" {percent(last)}\n", 1)
        axes.annotate(text, (1, height), color=colour, fontsize=8.5, va="center", **where)


def _finish(axes: Axes, edges: Floats, table: pd.DataFrame) -> None:
    hatch_open(axes, edges, table["open"])
    counts_axis(axes)
    legend(axes)


def _unfinished(table: pd.DataFrame, period: Period) -> str:
    return f" The hatched {period.unit} is not over." if table["open"].any() else ""
