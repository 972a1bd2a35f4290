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
from spoki_analytics.charts.labels import numbers_behind, value_word
from spoki_analytics.charts.sentences import capitalise, join
from spoki_analytics.charts.style import BLUE, INK, NAVY, ORANGE, SKY, VERMILION, styled
from spoki_analytics.metrics.campaigns import MATURE_HOURS
from spoki_analytics.metrics.periods import Period
from spoki_analytics.wording.messages import gettext, ngettext, noop
from spoki_analytics.wording.names import shorten
from spoki_analytics.wording.numbers import format_day, format_number, format_percent

LATEST = 10
"""Campaigns whose funnel is drawn."""

STAGE_WORDS = {
    "contacts": noop("contacts"),
    "sent": noop("sent"),
    "delivered": noop("delivered"),
    "read": noop("read"),
    "failed": noop("failed"),
    "interacted": noop("interacted"),
}

_BARS = {"sent": (SKY, 0.7), "delivered": (BLUE, 0.46), "read": (NAVY, 0.22)}
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
    title = ngettext(
        "{done} of {count} campaign completed", "{done} of {count} campaigns completed", total, done=format_number(done)
    )
    figure, axes = row_axes(
        title, gettext("campaigns"), [shorten(value_word("status", name)) for name in statuses["status"]]
    )
    axes.barh(np.arange(len(statuses)), floats(statuses["campaigns"]), 0.62, color=BLUE)
    beside(axes, [_count_with_aim(row["campaigns"], row["contacts"]) for _, row in statuses.iterrows()])
    counts_axis(axes, "x")
    sentence = ngettext(
        "{count} campaign by status when the data was read, with the contacts it is aimed at.",
        "{count} campaigns by status when the data was read, with the contacts they are aimed at.",
        total,
    )
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
    title = ngettext(
        "{count} campaign: {name}, {day}",
        "{count} campaigns; the largest was {name}, {day}",
        len(table),
        name=shorten(largest["name"], 26),
        day=format_day(largest["day"]),
    )
    figure, axes = time_axes(title, gettext("messages (not sent: contacts)"))
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
    sentence = gettext(
        "Each mark is a campaign on its scheduled day, {period}; its height is the messages sent, or the contacts it "
        "is aimed at where nothing was sent. Finished are campaigns that are completed and were scheduled {hours} "
        "hours ago.",
        period=period,
        hours=MATURE_HOURS,
    )
    data = numbers_behind(table, ["day", "status", "contacts", "sent"], first="name")
    return Chart(figure, f"{title}.", sentence, data)


@styled
def funnel(stages: pd.DataFrame, campaigns: int) -> Chart | None:
    """All finished campaigns together, stage by stage.

    Args:
        stages: `metrics.campaigns.funnel`.
        campaigns: How many campaigns are added up.
    """
    if not campaigns or not stages["count"].sum():
        return None
    title = _say_last_stage(stages)
    words = [gettext(STAGE_WORDS[stage]) for stage in stages["stage"]]
    figure, axes = row_axes(title, gettext("contacts, messages"), words, height=0.36)
    axes.barh(np.arange(len(stages)), floats(stages["count"]), 0.66, color=BLUE)
    beside(axes, [_stage_text(stage) for _, stage in stages.iterrows()])
    counts_axis(axes, "x")
    sentence = join(
        ngettext("{count} finished campaign.", "{count} finished campaigns added up.", campaigns),
        gettext("Contacts can switch receipts off, so read is a lower bound."),
    )
    shares = ["share_of_contacts", "share_of_stage_before"]
    data = stages.assign(stage=words, **{name: stages[name] * 100 for name in shares})
    headings = [gettext("Stage"), gettext("Count"), gettext("Of contacts, %"), gettext("Of the stage before, %")]
    return Chart(figure, f"{title}.", sentence, data.set_axis(headings, axis=1))


@styled
def funnel_by_campaign(settled: pd.DataFrame) -> Chart | None:
    """The funnel of each of the latest finished campaigns, as shares of its contacts.

    Args:
        settled: `metrics.campaigns.settled`.
    """
    known = settled[(settled["contacts"] > 0).fillna(False)]
    shown = known.iloc[::-1].head(LATEST)
    if not len(shown):
        return None
    title = _say_read(shown["read"] / shown["contacts"])
    figure, axes = row_axes(
        title, gettext("share of the campaign's contacts"), [shorten(name) for name in shown["name"]]
    )
    rows: Floats = np.arange(len(shown), dtype=float)
    handles: list[Any] = []
    for stage, (colour, height) in _BARS.items():
        label = gettext(STAGE_WORDS[stage])
        handles.append(axes.barh(rows, _per_contact(shown, stage), height, color=colour, label=label))
    for stage, (marker, colour) in _MARKS.items():
        style: dict[str, Any] = {"color": colour, "markeredgecolor": "white", "markersize": 7, "linestyle": ""}
        handles += axes.plot(
            _per_contact(shown, stage), rows, marker=marker, label=gettext(STAGE_WORDS[stage]), **style
        )
    shares_axis(axes, "x", 1.02)
    beside(axes, [gettext("of {number}", number=format_number(contacts)) for contacts in shown["contacts"]])
    figure.legend(handles=handles, loc="outside lower left", ncols=5)
    sentence = join(
        ngettext("{count} finished campaign.", "The latest {count} finished campaigns, newest first.", len(shown)),
        gettext(
            "Nested bars: messages sent, delivered and read; crosses: failed messages; diamonds: runs of "
            "the automation that a contact interacted with."
        ),
    )
    columns = ["contacts", "sent", "delivered", "read", "failed", "interacted"]
    return Chart(figure, f"{title}.", sentence, numbers_behind(shown, columns, first="name"))


def _say_last_stage(stages: pd.DataFrame) -> str:
    """What became of the contacts, or of the messages where no share of contacts is known."""
    last = stages[stages["count"].notna()].iloc[-1]
    share = stages.iloc[-1]["share_of_contacts"]
    if pd.notna(share):
        return gettext("{share} of contacts are known to have read a message", share=format_percent(share, 0))
    return f"{capitalise(gettext(STAGE_WORDS[last['stage']]))}: {format_number(last['count'])}"


def _by_maturity(table: pd.DataFrame) -> list[tuple[str, np.ndarray[Any, np.dtype[np.bool_]], dict[str, Any]]]:
    """Marks by what can still happen to a campaign."""
    settled = table["settled"].fillna(False).to_numpy(dtype=bool)
    changing = (table["changing"] | (table["sent"] > 0)).fillna(False).to_numpy(dtype=bool) & ~settled
    return [
        (gettext("finished"), settled, {"color": BLUE, "marker": "o"}),
        (gettext("not finished"), changing, {"color": ORANGE, "marker": "o", "markerfacecolor": "white"}),
        (gettext("not sent"), ~settled & ~changing, {"color": INK, "marker": "^", "markerfacecolor": "white"}),
    ]


def _say_read(shares: pd.Series) -> str:
    """How large a part of its contacts read a campaign; from the least to the most where the two differ as shown."""
    if not shares.notna().any():
        return gettext("How many contacts read a campaign is not known")
    low, high = format_percent(shares.min(), 0), format_percent(shares.max(), 0)
    if len(shares) == 1:
        return gettext("{share} of the campaign's contacts read it", share=low)
    if low == high:
        return gettext("About {share} of each campaign's contacts read it", share=low)
    return gettext("Between {low} and {high} of a campaign's contacts read it", low=low, high=high)


def _count_with_aim(campaigns: int, contacts: Any) -> str:
    """So many campaigns, and the contacts they are aimed at where those are known."""
    if pd.isna(contacts):
        return format_number(campaigns)
    return ngettext(
        "{campaigns} for {count} contact",
        "{campaigns} for {count} contacts",
        contacts,
        campaigns=format_number(campaigns),
    )


def _stage_text(stage: pd.Series) -> str:
    if stage["stage"] == "contacts":
        return format_number(stage["count"])
    return gettext(
        "{number}; {of_contacts} of contacts, {of_before} of stage before",
        number=format_number(stage["count"]),
        of_contacts=format_percent(stage["share_of_contacts"], 0),
        of_before=format_percent(stage["share_of_stage_before"], 0),
    )


def _per_contact(table: pd.DataFrame, stage: str) -> Floats:
    return floats((table[stage] / table["contacts"]).astype("Float64"))
