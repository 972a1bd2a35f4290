"""Charts that compare usage: weekdays, the period before, the current report, channels and categories."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from spoki_analytics.charts.axes import beside, counts_axis, floats, legend, row_axes, time_axes
from spoki_analytics.charts.chart import Chart
from spoki_analytics.charts.labels import numbers_behind, value_word
from spoki_analytics.charts.sentences import by_unit, count_units, join, name_start
from spoki_analytics.charts.style import BLUE, HATCH, ORANGE, SKY, styled
from spoki_analytics.metrics.periods import Period
from spoki_analytics.metrics.studies import CurrentStudy
from spoki_analytics.metrics.usage import complete, match_before
from spoki_analytics.wording.messages import gettext, ngettext
from spoki_analytics.wording.names import shorten
from spoki_analytics.wording.numbers import format_day, format_number, format_percent, format_weekday
from spoki_analytics.wording.units import format_share_of

ROWS = 12
"""Most rows of a bar chart."""


@styled
def weekday_pattern(weekdays: pd.DataFrame, period: Period) -> Chart | None:
    """Sent and incoming messages of an average Monday, Tuesday, ...

    Args:
        weekdays: `metrics.usage.by_weekday`.
        period: The period it covers.
    """
    sent = weekdays["sent_per_day"]
    if not sent.sum() or sent.notna().sum() < 2:  # one weekday is no pattern
        return None
    most, least = int(sent.argmax()), int(sent.argmin())
    if sent[most] == sent[least]:
        title = gettext("{sent} sent a day, on no weekday more than on others", sent=format_number(sent[most]))
    else:
        title = gettext(
            "Busiest on {most}s ({most_sent} sent a day), quietest on {least}s ({least_sent})",
            most=format_weekday(most),
            most_sent=format_number(sent[most]),
            least=format_weekday(least),
            least_sent=format_number(sent[least]),
        )
    figure, axes = time_axes(title, gettext("messages per day, mean"))
    places = np.arange(len(weekdays))
    both = bool(weekdays["incoming_per_day"].notna().any())
    axes.bar(places - 0.2 * both, floats(sent), 0.38 if both else 0.6, color=BLUE, label=gettext("sent"))
    if both:
        incoming = floats(weekdays["incoming_per_day"])
        axes.bar(places + 0.2, incoming, 0.38, color=ORANGE, label=gettext("received from contacts"))
    names = [
        f"{format_weekday(number, short=True)}\n{ngettext('{count} day', '{count} days', days)}"
        for number, days in enumerate(weekdays["days"])
    ]
    axes.set_xticks(places, labels=names)
    counts_axis(axes)
    legend(axes)
    sentence = gettext(
        "Messages on each weekday divided by how many of them there were; complete days only, {period}.", period=period
    )
    columns = ["days", "sent_per_day", "incoming_per_day"]
    named = weekdays.assign(weekday=[format_weekday(number) for number in range(len(weekdays))])
    return Chart(figure, f"{title}.", sentence, numbers_behind(named, columns, first="weekday"))


@styled
def against_previous(now: pd.DataFrame, before: pd.DataFrame, period: Period) -> Chart | None:
    """Messages sent since the start of the period, beside as many steps before it.

    Args:
        now: `metrics.usage.per_period` of the period.
        before: The same of the period before, as `metrics.usage.match_before` takes it.
        period: The period.
    """
    over, earlier = complete(now), match_before(now, before)
    sums, past = over["sent"].sum(), 0 if earlier is None else earlier["sent"].sum()
    if earlier is None or not sums or not past:
        return None
    title = _compare(sums, past, count_units(len(over), period))
    finished = period.first(len(over))
    spans = (finished, finished.previous())
    if len(over) == 1:
        figure = _draw_two_bars(title, [past, sums], [spans[1], spans[0]])
    else:
        figure = _draw_sums(title, over["sent"], earlier["sent"], period)
    data = {
        _unit(period): np.arange(1, len(over) + 1),
        gettext("Sent"): over["sent"].array,
        gettext("Sent in the period before"): earlier["sent"].array,
    }
    return Chart(figure, f"{title}.", _explain_comparison(sums, past, *spans), pd.DataFrame(data))


@styled
def current_beside_history(history: pd.DataFrame, current: pd.Series, period: Period) -> Chart | None:
    """The current report's sent messages beside the finished periods before it.

    Args:
        history: `metrics.usage.per_period` of the periods before the current one.
        current: One row of `metrics.usage.current_report_counts`.
        period: The periods of the history.
    """
    past = history[history["period_start"] < current["period_start"]]
    past = past.loc[past["sent"].first_valid_index() :] if past["sent"].notna().any() else past.iloc[:0]
    if pd.isna(current["sent"]) or not len(past):
        return None
    title = _so_far(current, past.iloc[-1], period)
    figure, axes = time_axes(title, _sent_per_unit(period))
    starts = [*past["period_start"], current["period_start"]]
    axes.bar(np.arange(len(past)), floats(past["sent"]), 0.7, color=BLUE, label=_finished(period))
    style: dict[str, Any] = {
        "facecolor": "white",
        "edgecolor": BLUE,
        "hatch": HATCH,
        "label": gettext("current report, not finished"),
    }
    axes.bar(len(past), float(current["sent"]), 0.7, **style)
    axes.set_xticks(np.arange(len(starts)), labels=[name_start(start, period).replace(" ", "\n") for start in starts])
    counts_axis(axes)
    legend(axes)
    names = [name_start(start, period) for start in starts]
    data = {_unit(period): names, gettext("Sent"): [*past["sent"], current["sent"]]}
    sentence = _explain_current(format_day(current["period_start"]), period)
    return Chart(figure, f"{title}.", sentence, pd.DataFrame(data))


def current_report(study: CurrentStudy) -> Chart | None:
    """The current report beside the time before it.

    Args:
        study: `metrics.study_current_report`.
    """
    if study.past is None:
        return None
    return current_beside_history(study.before, study.counts.iloc[-1], study.past)


@styled
def by_part(parts: pd.DataFrame, period: Period) -> Chart | None:
    """Messages sent by channel or category with their read rate.

    Args:
        parts: `metrics.breakdown.by_part`; its first column names the parts.
        period: The period it covers.
    """
    total = parts["sent"].sum()
    if not total:
        return None
    part, shown, top = str(parts.columns[0]), parts[parts["sent"] > 0].head(ROWS), parts.iloc[0]
    title = gettext(
        "{name}: {share} of sent messages",
        name=shorten(value_word(part, top[part])),
        share=format_percent(top["sent"] / total, 0),
    )
    names = [shorten(value_word(part, name)) for name in shown[part]]
    figure, axes = row_axes(title, gettext("messages sent"), names)
    axes.barh(np.arange(len(shown)), floats(shown["sent"]), 0.62, color=BLUE)
    axes.barh(np.arange(len(shown)), floats(shown["read"]), 0.22, color=SKY, label=gettext("read"))
    rates = zip(shown["sent"], shown["read_per_delivered"], shown["delivered"], strict=True)
    texts = [
        gettext("{sent}; read {share}", sent=format_number(sent), share=format_share_of(rate, delivered))
        for sent, rate, delivered in rates
    ]
    beside(axes, texts)
    counts_axis(axes, "x")
    sentence = join(
        _counted_by(part, total, period),
        gettext(
            "Each message counts once, under its latest status (an assumption, as the report's format is not "
            "documented); the light bar is what was read, at least."
        ),
    )
    columns = ["sent", "delivered", "read_per_delivered", "failed"]
    return Chart(figure, f"{title}.", sentence, numbers_behind(parts, columns, first=part))


def _draw_two_bars(title: str, sums: list[float], spans: list[Period]) -> Figure:
    """A single step beside the one before it: two points make no line."""
    figure, axes = time_axes(title, gettext("messages sent"))
    axes.bar(np.arange(2), [float(number) for number in sums], 0.5, color=[ORANGE, BLUE])
    names = [name_start(span.starts[0], span) for span in spans]
    labels = [f"{name}\n{format_number(number)}" for name, number in zip(names, sums, strict=True)]
    axes.set_xticks(np.arange(2), labels=labels)
    axes.set_xlim(-0.75, 1.75)
    counts_axis(axes)
    return figure


def _draw_sums(title: str, now: pd.Series, before: pd.Series, period: Period) -> Figure:
    """Both added up step by step, from the first of each on."""
    figure, axes = time_axes(title, gettext("messages sent, added up"))
    lines = ((gettext("this period"), now, BLUE, "-"), (gettext("the period before"), before, ORANGE, "--"))
    for words, sent, colour, line in lines:
        added = sent.fillna(0).cumsum()
        label = f"{words}: {format_number(added.iloc[-1])}"
        axes.plot(np.arange(1, len(added) + 1), floats(added), color=colour, linestyle=line, label=label)
    axes.set_xlim(1, len(now))
    axes.set_xlabel(
        by_unit(
            period,
            gettext("day of the period"),
            gettext("week of the period"),
            gettext("month of the period"),
            gettext("year of the period"),
        ),
        labelpad=1,
    )
    counts_axis(axes)
    legend(axes)
    return figure


def _unit(period: Period) -> str:
    return by_unit(period, gettext("Day"), gettext("Week"), gettext("Month"), gettext("Year"))


def _compare(now: float, before: float, span: str) -> str:
    """How many more or fewer messages were sent than in a span of equal length."""
    share = format_percent(abs(now / before - 1))
    if now > before:
        return gettext("{share} more messages sent than in the {span} before", share=share, span=span)
    if now < before:
        return gettext("{share} fewer messages sent than in the {span} before", share=share, span=span)
    return gettext("As many messages sent as in the {span} before", span=span)


def _explain_comparison(now: float, before: float, finished: Period, earlier: Period) -> str:
    """Both totals with the days that they cover: what is not over is in neither."""
    return gettext(
        "{sent} messages sent, {finished}; {past} sent, {earlier}.",
        sent=format_number(now),
        finished=finished,
        past=format_number(before),
        earlier=earlier,
    )


def _so_far(current: pd.Series, last: pd.Series, period: Period) -> str:
    """What the current report counts, and its share of the last finished period where that is known."""
    when, sent = name_start(current["period_start"], period), current["sent"]
    if pd.isna(last["sent"]) or not last["sent"]:
        return ngettext("{when} so far: {count} message sent", "{when} so far: {count} messages sent", sent, when=when)
    return ngettext(
        "{when} so far: {count} message sent, {share} of {before}",
        "{when} so far: {count} messages sent, {share} of {before}",
        sent,
        when=when,
        share=format_percent(sent / last["sent"], 0),
        before=name_start(last["period_start"], period),
    )


def _sent_per_unit(period: Period) -> str:
    return by_unit(
        period,
        gettext("messages sent per day"),
        gettext("messages sent per week"),
        gettext("messages sent per month"),
        gettext("messages sent per year"),
    )


def _finished(period: Period) -> str:
    return by_unit(
        period,
        gettext("finished days"),
        gettext("finished weeks"),
        gettext("finished months"),
        gettext("finished years"),
    )


def _explain_current(day: str, period: Period) -> str:
    return by_unit(
        period,
        gettext(
            "Messages sent per day from the reports, and so far in the current report, which began on {day}.", day=day
        ),
        gettext(
            "Messages sent per week from the reports, and so far in the current report, which began on {day}.", day=day
        ),
        gettext(
            "Messages sent per month from the reports, and so far in the current report, which began on {day}.", day=day
        ),
        gettext(
            "Messages sent per year from the reports, and so far in the current report, which began on {day}.", day=day
        ),
    )


def _counted_by(part: str, sent: float, period: Period) -> str:
    if part == "channel":
        return ngettext(
            "{count} message sent by channel, {period}.",
            "{count} messages sent by channel, {period}.",
            sent,
            period=period,
        )
    return ngettext(
        "{count} message sent by category, {period}.",
        "{count} messages sent by category, {period}.",
        sent,
        period=period,
    )
