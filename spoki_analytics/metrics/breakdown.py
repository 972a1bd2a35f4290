"""Messages by channel or template category, where the source is detailed enough to tell."""

from __future__ import annotations

from typing import Literal

import pandas as pd

from spoki_analytics.frames.reports.forms import sum_states
from spoki_analytics.frames.reports.words import STATUSES
from spoki_analytics.metrics.numbers import reported, whole
from spoki_analytics.metrics.periods import Period
from spoki_analytics.metrics.usage import COUNTS, with_rates

FREE = ("SERVICE",)
"""Categories of messages that are no templates: what WhatsApp calls answers inside the 24 hours."""

NOT_STATED = {"channel": "no channel", "category": "no template category"}


def by_part(reports: pd.DataFrame, part: Literal["channel", "category"], period: Period) -> pd.DataFrame:
    """Messages and rates of each channel or category over the period, most messages first.

    Statuses are read as exclusive current states: a message counts once, under the last state it reached, so that
    sent = Sent + Delivered + Read. No source documents this; the page states the assumption.

    Args:
        reports: ``spoki.reports.load(form="long")``.
        part: What to break down by.
        period: Rows outside are left out.

    Returns:
        The part (text; rows without one under `NOT_STATED`), the counts of `COUNTS` (Int64, messages; missing where
        no status tells), ``attempted`` and the rates of `with_rates`. Empty when no row states the part.

    Source: php-sdk (detailed reports are by channel, template category and message status); keel (status labels).
    """
    inside = reports[period.label_of(reports["period_start"]).isin(period.starts)]
    stated = inside[part].astype("object").where(inside[part].notna(), NOT_STATED[part])
    rows = inside if inside[part].notna().any() else inside.iloc[:0]
    codes, names = pd.factorize(stated[rows.index].astype("str"))
    # counters are put together by period and account: one period and a number for each part do it in one go
    parts = rows.assign(period_start=period.starts[0], account=pd.array(codes, dtype="Int64"))
    sums = sum_states(parts)
    rated = with_rates(whole(reported(sums, COUNTS)))
    rated.insert(0, part, pd.Series(names[sums["account"].to_numpy(dtype=int)], index=rated.index, dtype="str"))
    return rated.sort_values(["sent", "failed"], ascending=False, ignore_index=True)


def unknown_states(reports: pd.DataFrame, period: Period) -> pd.Series:
    """Messages over the period in states that no counter sums, by their own names (Int64, most messages first).

    Args:
        reports: ``spoki.reports.load(form="long")``.
        period: Rows outside are left out.
    """
    states = reports["status"].astype("object")
    inside = period.label_of(reports["period_start"]).isin(period.starts) & states.notna() & ~states.isin(STATUSES)
    return reports["count"][inside].groupby(states[inside]).sum(min_count=1).sort_values(ascending=False)


def add_templates(wide: pd.DataFrame, long: pd.DataFrame) -> pd.DataFrame:
    """The wide rows with ``template`` and ``free`` out of the categories, where the source counts neither itself.

    A message under a template category is taken as a template, one without as free-form (inferred: the category of a
    detailed report is that of the template). Where all messages have a category, or none has, nothing is inferred.

    Args:
        wide: ``spoki.reports.load(form="wide")``.
        long: The same reports with ``form="long"``.

    Returns:
        The wide rows; ``template`` and ``free`` (Int64, messages sent) filled in where they can be.
    """
    stated = long["category"].notna()
    if wide["template"].notna().any() or stated.all() or not stated.any():
        return wide
    keys = ["period_start", "account"]
    for name, rows in {"template": long[stated], "free": long[~stated]}.items():
        sent = sum_states(rows).reindex(columns=[*keys, "sent"]).rename(columns={"sent": "_sent"})
        found = wide[keys].merge(sent, on=keys, how="left")["_sent"].astype("Int64").fillna(0)
        wide = wide.assign(**{name: found.to_numpy()}).astype({name: "Int64"})
    return wide


def add_delivered_templates(wide: pd.DataFrame, long: pd.DataFrame) -> pd.DataFrame:
    """The wide rows with ``template_delivered``: the messages that WhatsApp charges since July 2025.

    A message under a template category is taken as a template, as in `add_templates`, and it is delivered when its
    state is Delivered or Read. Free-form answers that a source files under `FREE` are none.

    Args:
        wide: ``spoki.reports.load(form="wide")``.
        long: The same reports with ``form="long"``.

    Returns:
        The wide rows and ``template_delivered`` (Int64, messages; missing where no row states a category).
    """
    templates = long[long["category"].notna() & ~long["category"].astype("str").str.upper().isin(FREE)]
    keys = ["period_start", "account"]
    delivered = sum_states(templates).reindex(columns=[*keys, "delivered"])
    counted = wide[keys].merge(delivered, on=keys, how="left")["delivered"].astype("Int64")
    known = counted.fillna(0) if delivered["delivered"].notna().any() else counted
    return wide.assign(template_delivered=known.to_numpy()).astype({"template_delivered": "Int64"})
