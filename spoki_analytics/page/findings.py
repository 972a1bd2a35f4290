"""What stands on top of a page: what somebody should act on, said in a sentence each before any figure."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from spoki_analytics.metrics.studies import CampaignStudy
from spoki_analytics.wording.messages import gettext, ngettext
from spoki_analytics.wording.names import shorten
from spoki_analytics.wording.numbers import format_day, format_list, format_percent, is_missing
from spoki_analytics.wording.units import SMALL, format_share

NAMED = 3
"""Campaigns that a sentence names."""


def campaigns_findings(study: CampaignStudy) -> list[str]:
    """Campaigns that are stuck, and those that fail.

    Args:
        study: `metrics.study_campaigns`.
    """
    rise, judged = study.rise, study.failures
    odd = judged[judged["outlier"] & (judged["failed_per_attempted"] >= judged["median"]).fillna(True)]
    named = {*rise["id"], *study.stuck["id"]}
    return [*_say_stuck(study.stuck), *_say_rise(study, rise), *_say_odd(odd[~odd["id"].isin(named)])]


def _say_stuck(stuck: pd.DataFrame) -> Iterator[str]:
    """A sentence for each status, the one whose messages fail most first."""
    groups = [(str(status), rows) for status, rows in stuck.groupby(stuck["status"].str.strip(), sort=True)]
    for status, rows in sorted(groups, key=lambda group: -(_failed(group[1]) or 0)):
        yield _say_late(rows) if status.casefold() == "scheduled" else _say_slow(status, rows)


def _say_late(rows: pd.DataFrame) -> str:
    return ngettext(
        "{count} campaign has not started, although it was due on {day}: {names}.",
        "{count} campaigns have not started, although they were due, the first on {day}: {names}.",
        len(rows),
        day=format_day(rows["day"].min()),
        names=_name(rows),
    )


def _say_slow(status: str, rows: pd.DataFrame) -> str:
    days, names = rows["days"].max(), _name(rows)
    if _failed(rows) is None:
        return ngettext(
            "{count} campaign has been {status} for {days} days, and sent nothing: {names}.",
            "{count} campaigns have been {status} for up to {days} days, and sent nothing: {names}.",
            len(rows),
            status=status,
            days=days,
            names=names,
        )
    return ngettext(
        "{count} campaign has been {status} for {days} days, {share} of its messages failed: {names}.",
        "{count} campaigns have been {status} for up to {days} days, {share} of their messages failed: {names}.",
        len(rows),
        status=status,
        days=days,
        share=_say_failed(rows),
        names=names,
    )


def _say_rise(study: CampaignStudy, rise: pd.DataFrame) -> Iterator[str]:
    if len(rise):
        failed = study.figures.set_index("name").loc["failed_per_attempted"]
        yield gettext(
            "The share of messages that failed rose from {then} to {now}, which is more than chance. Most of it comes "
            "from {names}.",
            then=format_percent(failed["previous"]),
            now=format_percent(failed["value"]),
            names=_name(rise),
        )


def _say_odd(odd: pd.DataFrame) -> Iterator[str]:
    if len(odd):
        yield ngettext(
            "{count} campaign fails far more often than the others, {share} of its messages: {names}.",
            "{count} campaigns fail far more often than the others, {share} of their messages: {names}.",
            len(odd),
            share=_say_failed(odd),
            names=_name(odd),
        )


def _failed(rows: pd.DataFrame) -> float | None:
    """The share of messages that failed; None where there are no messages."""
    tried, failed = (rows[name].sum(min_count=1) for name in ("attempted", "failed"))
    return None if is_missing(tried) or is_missing(failed) or not tried else float(failed / tried)


def _say_failed(rows: pd.DataFrame) -> str:
    tried, share = rows["attempted"].sum(), _failed(rows)
    return format_percent(share, 0) if tried >= SMALL else format_share(share, tried)


def _name(rows: pd.DataFrame) -> str:
    """The first names, and how many more there are."""
    names = [shorten(name) for name in rows["name"].head(NAMED)]
    more = len(rows) - NAMED
    if more <= 0:
        return format_list(names)
    return ngettext("{names} and {count} more", "{names} and {count} more", more, names=", ".join(names))
