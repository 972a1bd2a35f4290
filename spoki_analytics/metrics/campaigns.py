"""Campaigns: funnels, ranking, outliers, timeline and the automations behind them.

Input is ``spoki.campaigns.load()``; what its message counters mean is decided in `metrics.counters`, and nowhere else.
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from spoki_analytics.metrics.comparison import KeyFigure, key_figures
from spoki_analytics.metrics.counters import COUNTERS, Counters, read_counters
from spoki_analytics.metrics.lifecycle import (
    MATURE_HOURS,
    STATUSES,
    is_changing,
    is_due,
    is_settled,
    is_stuck,
    status_of,
)
from spoki_analytics.metrics.numbers import counts, total
from spoki_analytics.metrics.periods import local_day, moments
from spoki_analytics.metrics.rates import add_rates, difference
from spoki_analytics.wording.messages import gettext
from spoki_analytics.wording.units import SMALL

__all__ = ["COUNTERS", "MATURE_HOURS", "STATUSES"]

COUNTS = (*COUNTERS, "delivered", "attempted")
"""Columns that are added up."""

RATES = {
    "sent_per_contact": ("sent", "contacts"),
    "delivered_per_sent": ("delivered", "sent"),
    "read_per_sent": ("read", "sent"),
    "failed_per_attempted": ("failed", "attempted"),
    "interacted_per_started": ("interacted", "started"),
}

NO_AUTOMATION = "no automation"

STAGES = ("contacts", "sent", "delivered", "read")

CLEARLY_MORE = 1.5
"""How many times the others' share of failures is worth a sentence, where chance does not explain it."""


def campaign_table(
    campaigns: pd.DataFrame,
    start: date,
    end: date,
    as_of: pd.Timestamp,
    timezone: str,
    counters: Counters | None = None,
) -> pd.DataFrame:
    """The campaigns scheduled in the period, with counts, rates and maturity, oldest first.

    Args:
        campaigns: ``spoki.campaigns.load()``.
        start: First local day.
        end: Last local day, included.
        as_of: When the data was true.
        timezone: IANA zone in which days are cut.
        counters: How message counters are read, decided from all campaigns of the key; from these ones when missing.

    Returns:
        ``id`` (Int64), ``name``, ``status``, ``state`` (text, the status and whether it is still changing),
        ``automation`` (text; "no automation" where there is none), ``scheduled_datetime`` (UTC), ``day``
        (datetime64, local calendar day), the counts of `COUNTERS` with ``delivered`` and ``attempted`` (Int64;
        `Counters.complete` says what they mean), the `RATES` with ``_low`` and ``_high`` (Float64), ``settled``
        (boolean: Completed and scheduled at least 72 h before `as_of`), ``changing`` (boolean: sending, or sent but
        younger than that), ``old`` (boolean: scheduled at least 72 h before `as_of`), ``stuck`` (boolean: Processing
        or Paused for that long, or Scheduled for a moment that has passed) and ``days`` since it was due (Int64).

    Source: composio-types (campaign counters); Wilson 1927 (intervals).
    """
    counters = counters or read_counters(campaigns, as_of)
    campaigns = campaigns.assign(scheduled_datetime=moments(campaigns["scheduled_datetime"]))
    day = local_day(campaigns["scheduled_datetime"], timezone)
    inside = (day >= pd.Timestamp(start)) & (day <= pd.Timestamp(end))
    own = campaigns[inside]
    numbers = counts(own, COUNTERS.values()).rename(columns={v: k for k, v in COUNTERS.items()})
    table = pd.concat([_describe(own, as_of).assign(day=day[inside]), counters.complete(numbers)], axis=1)
    return add_rates(table, RATES).sort_values(["scheduled_datetime", "id"], ignore_index=True)


def _describe(own: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """What campaigns are called, and where they stand."""
    status, changing = status_of(own), is_changing(own, as_of)
    automation = own["automation.name"].astype("object") if "automation.name" in own else pd.Series(None, own.index)
    return own[["id", "name", "scheduled_datetime"]].assign(
        status=status,
        automation=automation.where(automation.notna(), NO_AUTOMATION),
        state=status.where(~changing, status.map(lambda word: gettext("{status}, still changing", status=word))),
        settled=is_settled(own, as_of),
        changing=changing,
        old=is_due(own, as_of, MATURE_HOURS),
        stuck=is_stuck(own, as_of),
        days=(as_of - own["scheduled_datetime"]).dt.days.astype("Int64"),
    )


def settled(table: pd.DataFrame) -> pd.DataFrame:
    """Only the campaigns whose counters have come to rest."""
    return table[table["settled"].fillna(False)]


def ranking(table: pd.DataFrame, rate: str = "read_per_sent") -> pd.DataFrame:
    """Campaigns, best first by the lower bound of the rate's interval: chance ranks small ones low.

    Settled ones, and those that should have come to rest by now: what is stuck is not passed over.

    Source: E. Miller 2009, "How not to sort by average rating" (lower Wilson bound).
    """
    ranked = table[(table["settled"] | (table["stuck"] & table["old"])).fillna(False)]
    return ranked[ranked[rate].notna()].sort_values(f"{rate}_low", ascending=False, ignore_index=True)


def outliers(table: pd.DataFrame, rate: str, earlier: pd.DataFrame | None = None) -> pd.DataFrame:
    """Campaigns with their distance from the account's own median, which is that of the settled ones.

    Args:
        table: `campaign_table` of the period.
        rate: Which rate.
        earlier: The same of a longer time, whose settled ones say what is usual where the period has too few.

    Returns:
        The rows whose rate is known plus ``median`` (Float64), ``score`` (Float64: modified z-score, missing with fewer
        than 5 settled campaigns or no spread), ``outlier`` (boolean), by rate, highest first. A settled campaign is an
        outlier with |score| > 3.5, where the Wilson interval excludes the median, so that a handful of messages is
        none; one that is not settled, where its rate is clearly above that of the settled ones together.

    Source: Iglewicz and Hoaglin 1993, "How to Detect and Handle Outliers" (0.6745 (x - median) / MAD, cut at 3.5).
    """
    known = table[table[rate].notna()].sort_values(rate, ascending=False, ignore_index=True)
    base = settled(known)[rate]
    median = base.median()
    spread = (base - median).abs().median() if len(base) >= 5 else 0.0
    score = 0.6745 * (known[rate] - median) / (spread if spread > 0 else pd.NA)
    apart = (known[f"{rate}_low"] > median) | (known[f"{rate}_high"] < median)
    odd = (score.abs() > 3.5).fillna(False).astype("boolean") & apart.fillna(False)
    return known.assign(
        median=pd.Series(median, index=known.index, dtype="Float64"),
        score=score.astype("Float64"),
        outlier=odd.where(known["settled"].fillna(False), _is_clearly_higher(known, rate, earlier)).astype("boolean"),
    )


def _is_clearly_higher(known: pd.DataFrame, rate: str, earlier: pd.DataFrame | None) -> pd.Series:
    """Which rates are far above those of the settled campaigns together, and not by chance."""
    count, out_of = RATES[rate]
    usual = total(settled(known)[[count, out_of]])
    if earlier is not None and (pd.isna(usual[out_of]) or usual[out_of] < SMALL):
        usual = total(settled(earlier)[[count, out_of]])
    if usual.isna().any() or usual[out_of] < SMALL:
        return pd.Series(False, index=known.index, dtype="boolean")
    lows = [difference(k, n, usual[count], usual[out_of])[1] for k, n in zip(known[count], known[out_of], strict=True)]
    apart = pd.Series(lows, index=known.index, dtype="Float64") > 0
    enough = known[out_of] >= SMALL
    far = known[rate] >= CLEARLY_MORE * usual[count] / usual[out_of]
    higher: pd.Series = (apart & enough & far).fillna(False)
    return higher


def failure_rise(table: pd.DataFrame, figures: pd.DataFrame) -> pd.DataFrame:
    """The settled campaigns that make failures more frequent than in the period before; none where they are not.

    Args:
        table: `campaign_table` of the period.
        figures: `campaign_figures` of the period and the one before.

    Returns:
        Rows of the table, those with the most failures beyond the former rate first, as few as make up half of them.
    """
    own, failed = settled(table), figures.set_index("name").loc["failed_per_attempted"]
    before = failed["previous"]
    if failed["direction"] != "up" or failed["value"] < CLEARLY_MORE * before:
        return own.iloc[:0]
    excess = (own["failed"] - before * own["attempted"]).astype("Float64").fillna(0).sort_values(ascending=False)
    excess = excess[excess > 0]
    return own.loc[excess.index[: int((excess.cumsum().shift(fill_value=0) < excess.sum() / 2).sum())]]


def funnel(table: pd.DataFrame) -> pd.DataFrame:
    """Settled campaigns added up, stage by stage.

    Returns:
        ``stage`` (text: contacts, sent, delivered, read), ``count`` (Int64), ``share_of_contacts`` and
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
        ``automation`` (text), ``campaigns`` (Int64), the counts of `COUNTS` and the `RATES`.
    """
    groups = settled(table).groupby("automation", sort=True)
    sums = groups[list(COUNTS)].sum(min_count=1).astype("Int64")
    added = add_rates(sums.assign(campaigns=groups.size().astype("Int64")), RATES).reset_index()
    return added.sort_values(["started", "automation"], ascending=[False, True], ignore_index=True)


FIGURES = (
    KeyFigure("campaigns"),
    KeyFigure("sent"),
    *(KeyFigure(name, RATES[name]) for name in RATES if name != "sent_per_contact"),
)


def campaign_figures(table: pd.DataFrame, before: pd.DataFrame | None = None) -> pd.DataFrame:
    """Key figures over the settled campaigns, as `key_figures` gives them; rates are ratios of sums.

    Args:
        table: `campaign_table` of the period.
        before: The same of the period before; None, or without a settled campaign, where nothing is compared.
    """
    known = before is not None and len(settled(before)) > 0
    return key_figures(FIGURES, _totals(table), _totals(before) if before is not None and known else None)


def rates_of(figures: pd.DataFrame) -> dict[str, float]:
    """The shares among `campaign_figures`, by name; those that are unknown are left out."""
    known = figures[figures["name"].isin(RATES) & figures["value"].notna()]
    return {str(name): float(value) for name, value in zip(known["name"], known["value"], strict=True)}


def _totals(table: pd.DataFrame) -> pd.Series:
    own = settled(table)
    sums = add_rates(total(own[list(COUNTS)]).to_frame().T.astype("Int64"), RATES).iloc[0].astype("object")
    totals: pd.Series = pd.concat([sums, pd.Series({"campaigns": len(own)}, dtype="object")])
    return totals
