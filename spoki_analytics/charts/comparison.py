"""Charts that compare usage: weekdays, the period before, the current report, channels and categories."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from spoki_analytics.charts.axes import beside, counts_axis, floats, legend, row_axes, time_axes
from spoki_analytics.charts.chart import Chart
from spoki_analytics.charts.style import BLUE, HATCH, ORANGE, SKY, styled
from spoki_analytics.charts.wording import (
    long_day,
    number,
    numbers_behind,
    percent,
    plural,
    sentence_case,
    share_of,
    when,
)
from spoki_analytics.metrics.periods import Period
from spoki_analytics.metrics.usage import complete, is_comparable
from spoki_analytics.wording.names import shorten

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
    if not sent.sum():
        return None
    most, least = (weekdays.iloc[int(place)] for place in (sent.argmax(), sent.argmin()))
    title = f"Busiest on {most['weekday']}s ({number(most['sent_per_day'])} sent a day), "
    title += f"quietest on {least['weekday']}s ({number(least['sent_per_day'])})"
    figure, axes = time_axes(title, "messages per day, mean")
    places = np.arange(len(weekdays))
    both = bool(weekdays["incoming_per_day"].notna().any())
    axes.bar(places - 0.2 * both, floats(sent), 0.38 if both else 0.6, color=BLUE, label="sent")
    if both:
        incoming = floats(weekdays["incoming_per_day"])
        axes.bar(places + 0.2, incoming, 0.38, color=ORANGE, label="received from contacts")
    names = zip(weekdays["weekday"].astype(str).str[:3], weekdays["days"], strict=True)
    axes.set_xticks(places, labels=[f"{name}\n{plural(days, 'day')}" for name, days in names])
    counts_axis(axes)
    legend(axes)
    sentence = f"Messages on each weekday divided by how many of them there were; complete days only, {period}."
    columns = ["days", "sent_per_day", "incoming_per_day"]
    return Chart(figure, f"{title}.", sentence, numbers_behind(weekdays, columns, first="weekday"))


@styled
def against_previous(now: pd.DataFrame, before: pd.DataFrame, period: Period) -> Chart | None:
    """Messages sent since the start of the period, beside the period of equal length before it.

    Args:
        now: `metrics.usage.per_period` of the period.
        before: The same of the period before.
        period: The period.
    """
    over = complete(now)
    earlier = before.head(len(over))
    sums, past, unit = over["sent"].sum(), earlier["sent"].sum(), period.unit
    if not sums or not past or not is_comparable(before):
        return None
    change = f"{percent(abs(sums / past - 1), 1)} {'more' if sums > past else 'fewer'}" if sums != past else "As many"
    title = f"{change} messages sent {'than' if sums != past else 'as'} in the {plural(len(over), unit)} before"
    figure, axes = time_axes(title, "messages sent, added up")
    steps = np.arange(1, len(over) + 1)
    for words, rows, colour, line in (("this period", over, BLUE, "-"), ("the period before", earlier, ORANGE, "--")):
        added = rows["sent"].fillna(0).cumsum()
        axes.plot(steps, floats(added), color=colour, linestyle=line, label=f"{words}: {number(added.iloc[-1])}")
    axes.set_xlim(1, max(len(over), 2))
    axes.set_xlabel(f"{unit} of the period", labelpad=1)
    counts_axis(axes)
    legend(axes)
    sentence = f"{number(sums)} messages sent, {period}, complete {unit}s only; {number(past)} in as many before."
    data = {sentence_case(unit): steps, "Sent": over["sent"].array, "Sent in the period before": earlier["sent"].array}
    return Chart(figure, f"{title}.", sentence, pd.DataFrame(data))


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
    last, unit = past.iloc[-1], period.unit
    title = f"{when(current['period_start'], period)} so far: {plural(current['sent'], 'message')} sent"
    if pd.notna(last["sent"]) and last["sent"]:
        title += f", {percent(current['sent'] / last['sent'])} of {when(last['period_start'], period)}"
    figure, axes = time_axes(title, f"messages sent per {unit}")
    starts = [*past["period_start"], current["period_start"]]
    axes.bar(np.arange(len(past)), floats(past["sent"]), 0.7, color=BLUE, label=f"finished {unit}s")
    style: dict[str, Any] = {
        "facecolor": "white",
        "edgecolor": BLUE,
        "hatch": HATCH,
        "label": "current report, not finished",
    }
    axes.bar(len(past), float(current["sent"]), 0.7, **style)
    axes.set_xticks(np.arange(len(starts)), labels=[when(start, period).replace(" ", "\n") for start in starts])
    counts_axis(axes)
    legend(axes)
    began = long_day(current["period_start"])
    sentence = f"Messages sent per {unit} from the reports, and so far in the current report, which began on {began}."
    data = {sentence_case(unit): [when(start, period) for start in starts], "Sent": [*past["sent"], current["sent"]]}
    return Chart(figure, f"{title}.", sentence, pd.DataFrame(data))


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
    title = f"{shorten(top[part])}: {percent(top['sent'] / total)} of sent messages"
    figure, axes = row_axes(title, "messages sent", [shorten(name) for name in shown[part]])
    axes.barh(np.arange(len(shown)), floats(shown["sent"]), 0.62, color=BLUE)
    axes.barh(np.arange(len(shown)), floats(shown["read"]), 0.22, color=SKY, label="read")
    rates = zip(shown["sent"], shown["read_per_delivered"], shown["delivered"], strict=True)
    beside(axes, [f"{number(sent)}; read {share_of(rate, delivered)}" for sent, rate, delivered in rates])
    counts_axis(axes, "x")
    sentence = (
        f"{number(total)} messages sent by {part}, {period}. Each message counts once, under its latest status (an "
        "assumption, as the report's format is not documented); the light bar is what was read, at least."
    )
    columns = ["sent", "delivered", "read_per_delivered", "failed"]
    return Chart(figure, f"{title}.", sentence, numbers_behind(parts, columns, first=part))
