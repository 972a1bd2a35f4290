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
from spoki_analytics.charts.labels import numbers_behind
from spoki_analytics.charts.sentences import by_unit, describe_change, join, name_start, say_unfinished
from spoki_analytics.charts.style import BLUE, ORANGE, SKY, VERMILION, styled
from spoki_analytics.metrics.periods import Period
from spoki_analytics.metrics.usage import basis, complete, rolling, totals
from spoki_analytics.wording.messages import gettext, ngettext, noop
from spoki_analytics.wording.numbers import format_number, format_percent
from spoki_analytics.wording.units import SMALL

MANY = 16
"""Beyond so many points a line has no markers."""

LONG = 62
"""Beyond so many days a rate is shown over 7 days, so that weekends don't hide its course."""

RATES = {
    "delivered_per_sent": (noop("Delivery rate"), noop("delivered {share}\nof sent"), "sent", BLUE, "-"),
    "read_per_delivered": (noop("Read rate"), noop("read {share}\nof delivered"), "delivered", VERMILION, "--"),
}
"""Rates that are drawn: name, words at the end of the line, denominator, colour and line."""


@styled
def messages_over_time(table: pd.DataFrame, period: Period) -> Chart | None:
    """Sent and incoming messages of each day, month or year.

    Args:
        table: `metrics.usage.per_period`.
        period: The period it covers.
    """
    counted = basis(table)
    if not counted[["sent", "incoming"]].sum().sum():
        return None
    top = counted.iloc[int(counted["sent"].fillna(-1).argmax())]
    received = counted["incoming"].sum()
    title = _busiest(counted["sent"].sum(), top, period) if counted["sent"].sum() else _received(received)
    figure, axes = time_axes(title, _messages_per_unit(period))
    edges, middles = calendar(axes, period)
    axes.stairs(floats(table["sent"].fillna(0)), edges, fill=True, color=BLUE, label=gettext("sent"))
    _line(axes, middles, table["incoming"], ORANGE, "-", gettext("received from contacts"))
    _finish(axes, edges, table)
    sentence = join(_counted(table, period), _average(table, period), say_unfinished(table, period))
    return Chart(figure, f"{title}.", sentence, numbers_behind(table, ["sent", "incoming"]))


@styled
def rates_over_time(table: pd.DataFrame, figures: pd.DataFrame, period: Period) -> Chart | None:
    """Delivery and read rate of each day, month or year with 95 % intervals; over a long period of 7 days each.

    Args:
        table: `metrics.usage.per_period`.
        figures: `metrics.usage.usage_figures`, which say whether a change is more than chance.
        period: The period that the table covers.
    """
    sums, finished = totals(basis(table)), period.first(len(basis(table)))
    long = period.unit == "day" and len(table) > LONG
    table = rolling(table) if long else table
    known = [name for name in RATES if basis(table)[name].notna().any()]
    if not known:
        return None
    title = _rate_of_all(figures, known)
    figure, axes = time_axes(title, gettext("share of messages"), right=0.86)
    edges, middles = calendar(axes, period)
    for name in known:
        _rate(axes, middles, table, name)
    _name_rates(axes, basis(table), known)
    shares_axis(axes)
    hatch_open(axes, edges, table["open"])
    sentence = join(
        gettext(
            "Delivered of {sent} sent and read of {delivered} delivered messages, {period}.",
            sent=format_number(sums["sent"]),
            delivered=format_number(sums["delivered"]),
            period=finished,
        ),
        gettext("Each point covers 7 days.") if long else "",
        _explain_points(period),
        gettext("Contacts can switch receipts off, so the read rate is a lower bound."),
    )
    columns = ["sent", "delivered", "delivered_per_sent", "read_per_delivered"]
    return Chart(figure, f"{title}.", sentence, numbers_behind(table, columns))


@styled
def template_share(table: pd.DataFrame, period: Period) -> Chart | None:
    """Template and free-form messages of each day, month or year, stacked."""
    if not basis(table)[["template", "free"]].sum().sum():
        return None
    sums = totals(basis(table))
    title = _templates(sums)
    figure, axes = time_axes(title, _messages_per_unit(period))
    edges, _ = calendar(axes, period)
    template, free = floats(table["template"].fillna(0)), floats(table["free"].fillna(0))
    axes.stairs(template, edges, fill=True, color=BLUE, label=gettext("template"))
    axes.stairs(template + free, edges, baseline=template, fill=True, color=SKY, label=gettext("free-form"))
    _finish(axes, edges, table)
    sentence = gettext(
        "{template} template and {free} free-form messages, {period}.",
        template=format_number(sums["template"]),
        free=format_number(sums["free"]),
        period=period.first(len(basis(table))),
    )
    columns = ["sent", "template", "free", "template_per_sent"]
    sentence = join(sentence, say_unfinished(table, period))
    return Chart(figure, f"{title}.", sentence, numbers_behind(table, columns))


@styled
def conversations_and_contacts(table: pd.DataFrame, period: Period) -> Chart | None:
    """Conversations and contacts reached of each day, month or year."""
    if not basis(table)[["conversations", "contacts_reached"]].sum().sum():
        return None
    sums = totals(basis(table))
    title = _conversations_and_reach(sums, period)
    figure, axes = time_axes(
        title, by_unit(period, gettext("per day"), gettext("per week"), gettext("per month"), gettext("per year"))
    )
    edges, middles = calendar(axes, period)
    long = period.unit == "day" and len(table) > LONG
    drawn = table[["conversations", "contacts_reached"]].astype("Float64")
    drawn = drawn.rolling(7, min_periods=1).mean() if long else drawn
    _line(axes, middles, drawn["conversations"], BLUE, "-", gettext("conversations"))
    _line(axes, middles, drawn["contacts_reached"], ORANGE, "--", gettext("contacts reached"))
    _finish(axes, edges, table)
    smoothed = gettext("Each point is the mean of the 7 days up to it.") if long else ""
    sentence = join(_explain_reach(period.first(len(basis(table)))), smoothed, say_unfinished(table, period))
    return Chart(figure, f"{title}.", sentence, numbers_behind(table, ["conversations", "contacts_reached"]))


def _rate_of_all(figures: pd.DataFrame, known: list[str]) -> str:
    """The rate of the whole period that matters most, and how it changed, as far as there is one."""
    stated = figures[figures["value"].notna()]
    names = stated["name"].tolist()
    name = next((name for name in reversed(known) if name in names), None)
    if name is None:
        return gettext("Parts of the period have a rate, the whole of it has none")
    return describe_change(gettext(RATES[name][0]), stated.iloc[names.index(name)])


def _templates(sums: pd.Series) -> str:
    share = sums["template_per_sent"]
    if pd.notna(share):
        return gettext("{share} of sent messages were templates", share=format_percent(share, 0))
    template, free = format_number(sums["template"]), format_number(sums["free"])
    return gettext("{template} template and {free} free-form messages", template=template, free=free)


def _conversations_and_reach(sums: pd.Series, period: Period) -> str:
    """What is known of the two, of the finished part as in all figures."""
    count, reached = sums["conversations"], sums["contacts_reached_per_period"]
    known = [ngettext("{count} conversation", "{count} conversations", count)] if pd.notna(count) else []
    return "; ".join([*known, *([_average_reach(reached, period)] if pd.notna(reached) else [])])


def _line(axes: Axes, middles: Floats, values: pd.Series, colour: str, line: str, words: str) -> None:
    """A line, unless nothing is known; few points are marked, so that a lonely one is seen."""
    known = values.notna().sum()
    if known:
        marker = "o" if known <= MANY else ""
        axes.plot(middles, floats(values), color=colour, linestyle=line, marker=marker, label=words)


def _rate(axes: Axes, middles: Floats, table: pd.DataFrame, name: str) -> None:
    """A rate with its band; hollow points where it rests on little or is not final."""
    _, _, out_of, colour, line = RATES[name]
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
        _, words, _, colour, _ = RATES[name]
        height = min(float(last), height - 0.2)
        text = gettext(words, share=format_percent(last, 0))
        axes.annotate(text, (1, height), color=colour, fontsize=8.5, va="center", **where)


def _finish(axes: Axes, edges: Floats, table: pd.DataFrame) -> None:
    hatch_open(axes, edges, table["open"])
    counts_axis(axes)
    legend(axes)


def _busiest(sent: float, top: pd.Series, period: Period) -> str:
    """How many messages were sent, and when most of them."""
    when, most = name_start(top["period_start"], period), format_number(top["sent"])
    if period.granularity == "Day":
        return ngettext(
            "{count} message sent, most on {day} ({most})",
            "{count} messages sent, most on {day} ({most})",
            sent,
            day=when,
            most=most,
        )
    if period.granularity == "Week":
        return ngettext(
            "{count} message sent, most in the week from {day} ({most})",
            "{count} messages sent, most in the week from {day} ({most})",
            sent,
            day=when,
            most=most,
        )
    return ngettext(
        "{count} message sent, most in {when} ({most})",
        "{count} messages sent, most in {when} ({most})",
        sent,
        when=when,
        most=most,
    )


def _received(count: float) -> str:
    return ngettext("{count} message received from contacts", "{count} messages received from contacts", count)


def _messages_per_unit(period: Period) -> str:
    return by_unit(
        period,
        gettext("messages per day"),
        gettext("messages per week"),
        gettext("messages per month"),
        gettext("messages per year"),
    )


def _counted(table: pd.DataFrame, period: Period) -> str:
    counted = basis(table)
    sent, period = counted["sent"].sum(), period.first(len(counted))
    if not table["sent"].notna().any():
        return f"{_received(counted['incoming'].sum())}, {period}."
    if not table["incoming"].notna().any():
        return ngettext("{count} message sent, {period}.", "{count} messages sent, {period}.", sent, period=period)
    return ngettext(
        "{count} message sent, {incoming} received from contacts, {period}.",
        "{count} messages sent, {incoming} received from contacts, {period}.",
        sent,
        incoming=format_number(counted["incoming"].sum()),
        period=period,
    )


def _average(table: pd.DataFrame, period: Period) -> str:
    over = complete(table)
    if period.cut or not over["sent"].notna().any():
        return ""
    mean = format_number(over["sent"].astype("Float64").mean())
    return by_unit(
        period,
        gettext("{mean} sent on an average complete day.", mean=mean),
        gettext("{mean} sent in an average complete week.", mean=mean),
        gettext("{mean} sent in an average complete month.", mean=mean),
        gettext("{mean} sent in an average complete year.", mean=mean),
    )


def _average_reach(contacts: float, period: Period) -> str:
    number = format_number(contacts)
    return by_unit(
        period,
        gettext("{number} contacts reached on an average day", number=number),
        gettext("{number} contacts reached in an average week", number=number),
        gettext("{number} contacts reached in an average month", number=number),
        gettext("{number} contacts reached in an average year", number=number),
    )


def _explain_points(period: Period) -> str:
    return by_unit(
        period,
        gettext(
            "Bands hold the likely share; hollow points are of fewer than {few} messages or a day that is not over.",
            few=SMALL,
        ),
        gettext(
            "Bands hold the likely share; hollow points are of fewer than {few} messages or a week that is not over.",
            few=SMALL,
        ),
        gettext(
            "Bands hold the likely share; hollow points are of fewer than {few} messages or a month that is not over.",
            few=SMALL,
        ),
        gettext(
            "Bands hold the likely share; hollow points are of fewer than {few} messages or a year that is not over.",
            few=SMALL,
        ),
    )


def _explain_reach(period: Period) -> str:
    return by_unit(
        period,
        gettext(
            "Conversations and distinct contacts reached per day, {period}. A contact reached on two days counts on "
            "both: contacts have no sum over time.",
            period=period,
        ),
        gettext(
            "Conversations and distinct contacts reached per week, {period}. A contact reached in two weeks counts "
            "in both: contacts have no sum over time.",
            period=period,
        ),
        gettext(
            "Conversations and distinct contacts reached per month, {period}. A contact reached in two months counts "
            "in both: contacts have no sum over time.",
            period=period,
        ),
        gettext(
            "Conversations and distinct contacts reached per year, {period}. A contact reached in two years counts in "
            "both: contacts have no sum over time.",
            period=period,
        ),
    )
