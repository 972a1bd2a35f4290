"""Campaigns: funnels, ranking, outliers, timeline and the automations behind them.

Input is ``spoki.campaigns.load()``. Whether ``messages_received`` means delivered messages or replies is not
documented: it is always called "received (as reported)" and no delivery rate is made of it.
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from spoki_analytics.metrics.comparison import KeyFigure, key_figures
from spoki_analytics.metrics.numbers import counts, total
from spoki_analytics.metrics.periods import local_day, moments
from spoki_analytics.metrics.rates import add_rates
from spoki_analytics.wording.messages import gettext

MATURE_HOURS = 72
"""A campaign's counters still grow for about three days; rankings take only older ones."""

COUNTERS = {
    "contacts": "contacts_count",
    "sent": "messages_sent",
    "received": "messages_received",
    "read": "messages_read",
    "failed": "messages_failed",
    "started": "automation_started",
    "completed": "automation_completed",
    "interacted": "automation_interacted_with",
}

STATUSES = ("Draft", "Scheduled", "Processing", "Completed")

RATES = {
    "sent_per_contact": ("sent", "contacts"),
    "received_per_sent": ("received", "sent"),
    "read_per_sent": ("read", "sent"),
    "failed_per_attempted": ("failed", "attempted"),
    "interacted_per_started": ("interacted", "started"),
}

NO_AUTOMATION = "no automation"

STAGES = ("contacts", "sent", "received", "read")


def campaign_table(campaigns: pd.DataFrame, start: date, end: date, as_of: pd.Timestamp, timezone: str) -> pd.DataFrame:
    """The campaigns scheduled in the period, with counts, rates and maturity, oldest first.

    Args:
        campaigns: ``spoki.campaigns.load()``.
        start: First local day.
        end: Last local day, included.
        as_of: When the data was true.
        timezone: IANA zone in which days are cut.

    Returns:
        ``id`` (Int64), ``name``, ``status``, ``state`` (text, the status and whether it is still changing),
        ``automation`` (text; "no automation" where there is none), ``scheduled_datetime`` (UTC), ``day``
        (datetime64, local calendar day), the counts of `COUNTERS` and ``attempted`` (Int64), the `RATES` with
        ``_low`` and ``_high`` (Float64), ``settled`` (boolean: Completed and scheduled at least 72 h before `as_of`),
        ``changing`` (boolean: sending, or sent but younger than that).

    Source: composio-types (campaign counters); Wilson 1927 (intervals); rates: see `with_rates`.
    """
    campaigns = campaigns.assign(scheduled_datetime=moments(campaigns["scheduled_datetime"]))
    day = local_day(campaigns["scheduled_datetime"], timezone)
    inside = (day >= pd.Timestamp(start)) & (day <= pd.Timestamp(end))
    own, day = campaigns[inside], day[inside]
    status = own["status"].astype("object").astype("str")
    old = (own["scheduled_datetime"] <= as_of - pd.Timedelta(hours=MATURE_HOURS)).astype("boolean")
    done = status.str.casefold().eq("completed")
    changing = (status.str.casefold().eq("processing") | (done & ~old)).astype("boolean")
    head = own[["id", "name", "scheduled_datetime"]].assign(
        status=status,
        automation=own["automation.name"].astype("object").where(own["automation.name"].notna(), NO_AUTOMATION),
        state=status.where(~changing, status.map(lambda word: gettext("{status}, still changing", status=word))),
        day=day,
        settled=(done & old).astype("boolean"),
        changing=changing,
    )
    numbers = counts(own, COUNTERS.values()).rename(columns={v: k for k, v in COUNTERS.items()})
    return with_rates(pd.concat([head, numbers], axis=1)).sort_values(["scheduled_datetime", "id"], ignore_index=True)


def with_rates(frame: pd.DataFrame) -> pd.DataFrame:
    """Counts with ``attempted`` and the rates of `RATES`.

    ``attempted`` is the larger of sent and received + failed: right, but for messages still on their way, whether
    failed messages are a part of the sent ones or not (no source says which). Reading is measured against sent
    messages, because what "received" means is not documented; receipts can be switched off, so it is a lower bound.

    Source: composio-types (counters); the definitions are this package's own, for the reasons above.
    """
    attempted = (frame["received"] + frame["failed"]).fillna(frame["sent"])
    return add_rates(frame.assign(attempted=attempted.where(attempted > frame["sent"], frame["sent"])), RATES)


def settled(table: pd.DataFrame) -> pd.DataFrame:
    """Only the campaigns whose counters have come to rest."""
    return table[table["settled"].fillna(False)]


def ranking(table: pd.DataFrame, rate: str = "read_per_sent") -> pd.DataFrame:
    """Settled campaigns, best first by the lower bound of the rate's interval: chance ranks small ones low.

    Source: E. Miller 2009, "How not to sort by average rating" (lower Wilson bound).
    """
    ranked = settled(table)
    return ranked[ranked[rate].notna()].sort_values(f"{rate}_low", ascending=False, ignore_index=True)


def outliers(table: pd.DataFrame, rate: str) -> pd.DataFrame:
    """Settled campaigns with their distance from the account's own median.

    Returns:
        The settled rows whose rate is known plus ``median`` (Float64), ``score`` (Float64: modified z-score, missing
        with fewer than 5 campaigns or no spread), ``outlier`` (boolean: |score| > 3.5, and the Wilson interval
        excludes the median, so that a handful of messages is no outlier), by rate, highest first.

    Source: Iglewicz and Hoaglin 1993, "How to Detect and Handle Outliers" (0.6745 (x - median) / MAD, cut at 3.5).
    """
    known = settled(table)
    known = known[known[rate].notna()].sort_values(rate, ascending=False, ignore_index=True)
    median = known[rate].median()
    spread = (known[rate] - median).abs().median() if len(known) >= 5 else 0.0
    score = 0.6745 * (known[rate] - median) / (spread if spread > 0 else pd.NA)
    apart = (known[f"{rate}_low"] > median) | (known[f"{rate}_high"] < median)
    return known.assign(
        median=pd.Series(median, index=known.index, dtype="Float64"),
        score=score.astype("Float64"),
        outlier=(score.abs() > 3.5).fillna(False).astype("boolean") & apart,
    )


def funnel(table: pd.DataFrame) -> pd.DataFrame:
    """Settled campaigns added up, stage by stage.

    Returns:
        ``stage`` (text: contacts, sent, received, read), ``count`` (Int64), ``share_of_contacts`` and
        ``share_of_stage_before`` (Float64; missing where the stage before is zero or smaller).
    """
    sums = total(settled(table)[list(STAGES)])
    stages = pd.DataFrame({"stage": list(STAGES), "count": sums.reindex(STAGES).to_numpy()}).astype({"count": "Int64"})
    before = stages["count"].shift(1)
    stages["contacts"], stages["before"] = stages["count"].iloc[0], before.fillna(stages["count"])
    definitions = {"share_of_contacts": ("count", "contacts"), "share_of_stage_before": ("count", "before")}
    return add_rates(stages, definitions)[["stage", "count", *definitions]]


def by_status(table: pd.DataFrame) -> pd.DataFrame:
    """Campaigns by status in the order of their life, unknown statuses last.

    Returns:
        ``status`` (text), ``campaigns``, ``contacts``, ``sent`` (Int64).
    """
    groups = table.groupby("status", sort=True)
    sums = groups[["contacts", "sent"]].sum(min_count=1).astype("Int64")
    table = sums.assign(campaigns=groups.size().astype("Int64"))
    names = [*STATUSES, *(name for name in table.index if name not in STATUSES)]
    return table.reindex(names).fillna({"campaigns": 0}).rename_axis("status").reset_index()


def by_automation(table: pd.DataFrame) -> pd.DataFrame:
    """Settled campaigns added up by the automation behind them, most started runs first.

    Returns:
        ``automation`` (text), ``campaigns`` (Int64), the counts of `COUNTERS` and the `RATES`.
    """
    groups = settled(table).groupby("automation", sort=True)
    sums = groups[list(COUNTERS)].sum(min_count=1).astype("Int64")
    added = with_rates(sums.assign(campaigns=groups.size().astype("Int64"))).reset_index()
    return added.sort_values(["started", "automation"], ascending=[False, True], ignore_index=True)


FIGURES = (
    KeyFigure("campaigns"),
    KeyFigure("sent"),
    KeyFigure("read_per_sent", RATES["read_per_sent"]),
    KeyFigure("received_per_sent", RATES["received_per_sent"]),
    KeyFigure("failed_per_attempted", RATES["failed_per_attempted"]),
    KeyFigure("interacted_per_started", RATES["interacted_per_started"]),
)


def campaign_figures(table: pd.DataFrame) -> pd.DataFrame:
    """Key figures over the settled campaigns, as `key_figures` gives them; rates are ratios of sums."""
    own = settled(table)
    sums = with_rates(total(own[list(COUNTERS)]).to_frame().T.astype("Int64")).iloc[0].astype("object")
    return key_figures(FIGURES, pd.concat([sums, pd.Series({"campaigns": len(own)}, dtype="object")]))
