"""Charts that rank campaigns and automations by a rate: dots with intervals, denominators beside them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from spoki_analytics.charts.axes import beside, floats, row_axes, shares_axis
from spoki_analytics.charts.chart import Chart
from spoki_analytics.charts.labels import numbers_behind, value_word
from spoki_analytics.charts.sentences import join
from spoki_analytics.charts.style import BLUE, GREY, VERMILION, styled
from spoki_analytics.metrics.campaigns import NO_AUTOMATION
from spoki_analytics.renamed import old_names
from spoki_analytics.wording.messages import gettext, ngettext
from spoki_analytics.wording.names import shorten
from spoki_analytics.wording.numbers import format_percent
from spoki_analytics.wording.units import SMALL, format_share_of

ROWS = 12
"""Most rows of a ranking."""

__getattr__ = old_names(__name__)


@styled
def campaign_ranking(ranked: pd.DataFrame) -> Chart | None:
    """Campaigns by the lower bound of their read rate, those that are stuck hollow.

    Args:
        ranked: `metrics.campaigns.ranking`.
    """
    finished = ranked[ranked["settled"].fillna(False)]
    if not len(finished):
        return None
    shown, title = ranked.head(ROWS), _say_best(finished)
    figure, axes = _dots(shown, "read_per_sent", "sent", title, gettext("read, of sent"), _standing(shown))
    _median_line(axes, finished["read_per_sent"])
    sentence = join(
        _count_ranked(len(ranked)),
        gettext("Hollow: not finished, or fewer than {few} messages.", few=SMALL),
        gettext("The dotted line is the median."),
        _say_first(ranked),
    )
    columns = ["status", "sent", "read", "read_per_sent", "read_per_sent_low", "read_per_sent_high"]
    return Chart(figure, f"{title}.", sentence, numbers_behind(shown, columns, first="name"))


@styled
def failures(judged: pd.DataFrame) -> Chart | None:
    """Failure share of campaigns against the median of the finished ones, outliers marked, unfinished ones hollow.

    Args:
        judged: `metrics.campaigns.outliers` for failed_per_attempted.
    """
    if not len(judged):
        return None
    shown, title = judged.head(ROWS), _say_failures(judged)
    marked = shown["outlier"].to_numpy(dtype=bool)
    outlier = [gettext("outlier") if odd else "" for odd in marked]
    notes = [", ".join(filter(None, pair)) for pair in zip(_standing(shown), outlier, strict=True)]
    unit = gettext("failed, of attempted")
    figure, axes = _dots(shown, "failed_per_attempted", "attempted", title, unit, notes, digits=1)
    places = floats(shown["failed_per_attempted"])[marked]
    axes.plot(places, np.flatnonzero(marked), "X", color=VERMILION, markersize=9, fillstyle="none")
    _median_line(axes, judged["median"])
    shares_axis(axes, "x", _room(shown["failed_per_attempted_high"]))
    sentence = join(
        ngettext(
            "{count} campaign, with its 95 % interval.",
            "{count} campaigns, highest share first, with 95 % intervals.",
            len(judged),
        ),
        gettext("Hollow: not finished, or fewer than {few} messages.", few=SMALL),
        gettext(
            "A cross marks an outlier: more than 3.5 robust deviations from the median (dotted) or, where it is not "
            "finished, clearly above the finished ones; neither explained by few messages."
        ),
        _say_first(judged),
    )
    columns = ["status", "attempted", "failed", "failed_per_attempted", "score", "outlier"]
    return Chart(figure, f"{title}.", sentence, numbers_behind(shown, columns, first="name"))


@styled
def automations(groups: pd.DataFrame) -> Chart | None:
    """How many runs of the automations behind finished campaigns contacts interacted with.

    Args:
        groups: `metrics.campaigns.by_automation`.
    """
    known = groups[groups["interacted_per_started"].notna()]
    if not len(known):
        return None
    shown, named = known.head(ROWS), known[known["automation"] != NO_AUTOMATION]
    if not len(named):
        return None
    title = _say_most(named)
    notes = [ngettext("{count} campaign", "{count} campaigns", count) for count in shown["campaigns"]]
    rows = shown.assign(name=[value_word("automation", name) for name in shown["automation"]])
    unit = gettext("interacted, of started")
    figure, axes = _dots(rows, "interacted_per_started", "started", title, unit, notes)
    shares_axis(axes, "x", _room(shown["interacted_per_started_high"]))
    sentence = join(
        ngettext(
            "Runs that contacts interacted with, of runs started, for {count} automation behind finished campaigns, "
            "with 95 % intervals.",
            "Runs that contacts interacted with, of runs started, for {count} automations behind finished campaigns, "
            "with 95 % intervals.",
            len(named),
        ),
        _say_first(known),
    )
    columns = ["campaigns", "started", "completed", "interacted", "interacted_per_started"]
    return Chart(figure, f"{title}.", sentence, numbers_behind(shown, columns, first="automation"))


def _dots(
    shown: pd.DataFrame, rate: str, out_of: str, title: str, unit: str, notes: Sequence[str] = (), digits: int = 0
) -> tuple[Figure, Axes]:
    """A dot and its 95 % interval for each row, with the counts beside it.

    A dot is hollow where the row rests on little, or is not finished.
    """
    figure, axes = row_axes(title, unit, [shorten(name) for name in shown["name"]])
    rows, values = np.arange(len(shown)), floats(shown[rate])
    few = (shown[out_of] < SMALL).to_numpy(dtype=bool)
    if "settled" in shown:
        few |= ~shown["settled"].fillna(False).to_numpy(dtype=bool)
    axes.hlines(rows, floats(shown[f"{rate}_low"]), floats(shown[f"{rate}_high"]), color=BLUE, linewidth=1.6)
    axes.plot(values[~few], rows[~few], "o", color=BLUE)
    axes.plot(values[few], rows[few], "o", color=BLUE, markerfacecolor="white")
    shares = zip(shown[rate], shown[out_of], notes or [""] * len(shown), strict=True)
    beside(axes, [", ".join(filter(None, (format_share_of(value, n, digits), note))) for value, n, note in shares])
    shares_axis(axes, "x")
    return figure, axes


def _standing(shown: pd.DataFrame) -> list[str]:
    """Beside a campaign that is not finished its status, and for how long it has been stuck in it."""
    return ["" if row["settled"] is True else _stand(row) for _, row in shown.astype("object").iterrows()]


def _stand(row: pd.Series) -> str:
    status = shorten(value_word("status", row["status"]))
    if row["stuck"] is not True:
        return status
    return ngettext("{status} for {count} day", "{status} for {count} days", row["days"], status=status)


def _say_best(finished: pd.DataFrame) -> str:
    best = finished.iloc[0]
    name, share = shorten(best["name"], 28), format_share_of(best["read_per_sent"], best["sent"])
    if len(finished) == 1:
        return gettext("{name}: {share} sent were read", name=name, share=share)
    return gettext("Best read: {name}, {share} sent", name=name, share=share)


def _count_ranked(count: int) -> str:
    return ngettext(
        "{count} campaign, with its 95 % interval.",
        "{count} campaigns, ranked by the lower end of the 95 % interval, so that few messages don't win by chance.",
        count,
    )


def _say_most(named: pd.DataFrame) -> str:
    best = named.sort_values("interacted_per_started_low").iloc[-1]
    name, share = shorten(best["automation"], 28), format_share_of(best["interacted_per_started"], best["started"])
    if len(named) == 1:
        return gettext("{name}: contacts interacted with {share} started", name=name, share=share)
    return gettext("Most interaction: {name}, {share} started", name=name, share=share)


def _median_line(axes: Axes, values: pd.Series) -> None:
    """A dotted line at the median, where there is one."""
    if values.notna().any():
        axes.axvline(float(values.median()), color=GREY, linestyle=":", linewidth=1.2)


def _room(high: pd.Series) -> float:
    """Where a percentage axis ends: a little beyond the highest interval."""
    return float(min(1.0, max(0.02, high.max() * 1.06)))


def _say_first(table: pd.DataFrame) -> str:
    """That only the first rows are drawn, where there are more."""
    return gettext("The first {rows} are shown.", rows=ROWS) if len(table) > ROWS else ""


def _say_failures(judged: pd.DataFrame) -> str:
    odd = int(judged["outlier"].sum())
    worst, median = judged.iloc[0], judged["median"].iloc[0]
    if odd and pd.notna(median):
        return _count_outliers(odd, format_percent(median))
    if len(judged) == 1 or pd.isna(median):
        share = format_share_of(worst["failed_per_attempted"], worst["attempted"], 1)
        return gettext("{name}: {share} attempted failed", name=shorten(worst["name"], 28), share=share)
    return gettext("No campaign is out of line with the median of {share} failed", share=format_percent(median))


def _count_outliers(outliers: int, median: str) -> str:
    return ngettext(
        "{count} campaign out of line with the median of {share} failed",
        "{count} campaigns out of line with the median of {share} failed",
        outliers,
        share=median,
    )
