"""Charts of campaigns: status, timeline and funnels."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from spoki_analytics.charts.axes import (
    Floats,
    beside,
    calendar,
    counts_axis,
    floats,
    legend,
    row_axes,
    shares_axis,
    time_axes,
)
from spoki_analytics.charts.chart import Chart
from spoki_analytics.charts.style import BLUE, INK, NAVY, ORANGE, SKY, VERMILION, styled
from spoki_analytics.charts.wording import long_day, number, numbers_behind, percent, plural
from spoki_analytics.metrics.periods import Period
from spoki_analytics.wording.names import shorten

LATEST = 10
"""Campaigns whose funnel is drawn."""

STAGE_WORDS = {"contacts": "contacts", "sent": "sent", "received": "received (as reported)", "read": "read"}

_BARS = {"sent": (SKY, 0.7), "received": (BLUE, 0.46), "read": (NAVY, 0.22)}
_MARKS = {"failed": ("X", VERMILION), "interacted": ("D", ORANGE)}


@styled
def status_overview(statuses: pd.DataFrame) -> Chart | None:
    """Campaigns of the period by status.

    Args:
        statuses: `metrics.campaigns.by_status`.
    """
    total = statuses["campaigns"].sum()
    if not total:
        return None
    done = statuses.loc[statuses["status"] == "Completed", "campaigns"].sum()
    title = f"{number(done)} of {plural(total, 'campaign')} completed"
    figure, axes = row_axes(title, "campaigns", [shorten(name) for name in statuses["status"]])
    axes.barh(np.arange(len(statuses)), floats(statuses["campaigns"]), 0.62, color=BLUE)
    aims = [f" for {plural(contacts, 'contact')}" if pd.notna(contacts) else "" for contacts in statuses["contacts"]]
    beside(axes, [f"{number(count)}{aim}" for count, aim in zip(statuses["campaigns"], aims, strict=True)])
    counts_axis(axes, "x")
    sentence = f"{plural(total, 'campaign')} by status when the data was read, with the contacts they are aimed at."
    columns = ["campaigns", "contacts", "sent"]
    return Chart(figure, f"{title}.", sentence, numbers_behind(statuses, columns, first="status"))


@styled
def timeline(table: pd.DataFrame, period: Period) -> Chart | None:
    """When campaigns were sent and how large they were.

    Args:
        table: `metrics.campaigns.campaign_table`.
        period: The period it covers, by day.
    """
    if not len(table):
        return None
    size = table["sent"].where((table["sent"] > 0).fillna(False), table["contacts"]).fillna(0)
    largest = table.iloc[int(size.argmax())]
    title = (
        f"{plural(len(table), 'campaign')}; the largest was {shorten(largest['name'], 26)}, {long_day(largest['day'])}"
    )
    figure, axes = time_axes(title, "messages (not sent: contacts)")
    edges, _ = calendar(axes, period)
    places = edges[0] + (table["day"] - pd.Timestamp(period.start)).dt.days.to_numpy() + 0.5
    for words, rows, style in _by_maturity(table):
        if rows.any():
            axes.vlines(places[rows], 0, floats(size[rows]), color=style["color"], linewidth=1, alpha=0.5)
            axes.plot(
                places[rows], floats(size[rows]), linestyle="", label=words, rasterized=len(table) > 2000, **style
            )
    counts_axis(axes)
    legend(axes)
    sentence = (
        f"Each mark is a campaign on its scheduled day, {period}; its height is the messages sent, or the contacts it "
        "is aimed at where nothing was sent. Only settled campaigns are ranked: completed, and scheduled 72 hours ago."
    )
    data = numbers_behind(table, ["day", "status", "contacts", "sent"], first="name")
    return Chart(figure, f"{title}.", sentence, data)


@styled
def funnel(stages: pd.DataFrame, campaigns: int) -> Chart | None:
    """All settled campaigns together, stage by stage.

    Args:
        stages: `metrics.campaigns.funnel`.
        campaigns: How many campaigns are added up.
    """
    if not campaigns or not stages["count"].sum():
        return None
    last = stages.iloc[-1]
    title = f"{percent(last['share_of_contacts'])} of contacts are known to have read a message"
    words = stages["stage"].map(STAGE_WORDS)
    figure, axes = row_axes(title, "contacts, messages", list(words), height=0.36)
    axes.barh(np.arange(len(stages)), floats(stages["count"]), 0.66, color=BLUE)
    beside(axes, [_stage_text(stage) for _, stage in stages.iterrows()])
    counts_axis(axes, "x")
    sentence = (
        f"{plural(campaigns, 'settled campaign')} added up. Whether “received” means delivered is not documented; "
        "contacts can switch receipts off, so read is a lower bound."
    )
    shares = ["share_of_contacts", "share_of_stage_before"]
    data = stages.assign(stage=words, **{name: stages[name] * 100 for name in shares})
    headings = ["Stage", "Count", "Of contacts, %", "Of the stage before, %"]
    return Chart(figure, f"{title}.", sentence, data.set_axis(headings, axis=1))


@styled
def funnel_by_campaign(settled: pd.DataFrame) -> Chart | None:
    """The funnel of each of the latest settled campaigns, as shares of its contacts.

    Args:
        settled: `metrics.campaigns.settled`.
    """
    known = settled[(settled["contacts"] > 0).fillna(False)]
    shown = known.iloc[::-1].head(LATEST)
    if not len(shown):
        return None
    read = shown["read"] / shown["contacts"]
    title = f"Between {percent(read.min())} and {percent(read.max())} of a campaign's contacts read it"
    figure, axes = row_axes(title, "share of the campaign's contacts", [shorten(name) for name in shown["name"]])
    rows: Floats = np.arange(len(shown), dtype=float)
    handles: list[Any] = []
    for stage, (colour, height) in _BARS.items():
        handles.append(axes.barh(rows, _per_contact(shown, stage), height, color=colour, label=STAGE_WORDS[stage]))
    for stage, (marker, colour) in _MARKS.items():
        style: dict[str, Any] = {"color": colour, "markeredgecolor": "white", "markersize": 7, "linestyle": ""}
        handles += axes.plot(_per_contact(shown, stage), rows, marker=marker, label=stage, **style)
    shares_axis(axes, "x", 1.02)
    beside(axes, [f"of {number(contacts)}" for contacts in shown["contacts"]])
    figure.legend(handles=handles, loc="outside lower left", ncols=5)
    sentence = (
        f"The latest {plural(len(shown), 'settled campaign')}, newest first. Nested bars: messages sent, received (as "
        "reported) and read; crosses: failed messages; diamonds: runs of the automation that a contact interacted with."
    )
    columns = ["contacts", "sent", "received", "read", "failed", "interacted"]
    return Chart(figure, f"{title}.", sentence, numbers_behind(shown, columns, first="name"))


def _by_maturity(table: pd.DataFrame) -> list[tuple[str, np.ndarray[Any, np.dtype[np.bool_]], dict[str, Any]]]:
    """Marks by what can still happen to a campaign."""
    settled, changing = (table[name].fillna(False).to_numpy(dtype=bool) for name in ("settled", "changing"))
    return [
        ("settled", settled, {"color": BLUE, "marker": "o"}),
        ("still changing", changing, {"color": ORANGE, "marker": "o", "markerfacecolor": "white"}),
        ("not sent", ~settled & ~changing, {"color": INK, "marker": "^", "markerfacecolor": "white"}),
    ]


def _stage_text(stage: pd.Series) -> str:
    if stage["stage"] == "contacts":
        return number(stage["count"])
    shares = (
        f"{percent(stage['share_of_contacts'])} of contacts, {percent(stage['share_of_stage_before'])} of stage before"
    )
    return f"{number(stage['count'])}; {shares}"


def _per_contact(table: pd.DataFrame, stage: str) -> Floats:
    return floats((table[stage] / table["contacts"]).astype("Float64"))
