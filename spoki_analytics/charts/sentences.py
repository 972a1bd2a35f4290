"""What charts say of periods and of changes; the sentences of a single chart stand with it."""

from __future__ import annotations

import pandas as pd

from spoki_analytics.metrics.periods import Period
from spoki_analytics.wording.messages import gettext, ngettext
from spoki_analytics.wording.numbers import format_day, format_percent, is_missing
from spoki_analytics.wording.units import SMALL, format_share_of


def by_unit(period: Period, day: str, week: str, month: str, year: str) -> str:
    """The sentence that fits what the period is made of: whole sentences, as languages bend more than the one word."""
    return {"Day": day, "Week": week, "Month": month, "Year": year}[period.granularity]


def count_units(count: int, period: Period) -> str:
    """So many days, months or years."""
    return by_unit(
        period,
        ngettext("{count} day", "{count} days", count),
        ngettext("{count} week", "{count} weeks", count),
        ngettext("{count} month", "{count} months", count),
        ngettext("{count} year", "{count} years", count),
    )


def name_start(start: pd.Timestamp, period: Period) -> str:
    """A day, week, month or year of a period: "Fri 6 Nov", "2 Nov" (its Monday), "Nov 2026", "2026"."""
    one_year = period.start.year == period.end.year
    return format_day(start, by_unit(period, "dE" if one_year else "dEy", ("d" if one_year else "dy"), "my", "y"))


def describe_change(rate: str, figure: pd.Series) -> str:
    """A rate and its change as a finding: "Read rate fell from 71 % to 64 %".

    Args:
        rate: What the rate is called, at the start of a sentence.
        figure: Its row of `metrics.comparison.key_figures`.
    """
    value, before = figure["value"], figure["previous"]
    digits = 0 if format_percent(value, 0) != format_percent(before, 0) else 1
    now, then = format_percent(value, digits), format_percent(before, digits)
    if figure["direction"] == "up":
        return gettext("{rate} rose from {then} to {now}", rate=rate, then=then, now=now)
    if figure["direction"] == "down":
        return gettext("{rate} fell from {then} to {now}", rate=rate, then=then, now=now)
    now, then = format_percent(value, 0), format_percent(before, 0)
    if figure["direction"] == "same":
        return gettext("{rate} is {now}, no clear change from {then}", rate=rate, now=now, then=then)
    small = not is_missing(figure["n"]) and figure["n"] < SMALL
    return gettext("{rate} is {now}", rate=rate, now=format_share_of(value, figure["n"]) if small else now)


def join(*sentences: str) -> str:
    """Whole sentences as one paragraph; empty ones are left out."""
    return " ".join(sentence for sentence in sentences if sentence)


def say_unfinished(table: pd.DataFrame, period: Period) -> str:
    """What the hatching means, where there is some."""
    if not table["open"].any():
        return ""
    return by_unit(
        period,
        gettext("The hatched day is not over."),
        gettext("The hatched week is not over."),
        gettext("The hatched month is not over."),
        gettext("The hatched year is not over."),
    )


def capitalise(words: str) -> str:
    """The words with a capital at the start."""
    return words[:1].upper() + words[1:]
