"""Numbers, days and foreign names as words for titles, labels and sentences."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd

from spoki_analytics.metrics.periods import Period
from spoki_analytics.metrics.rates import SMALL

_SPACE = "\u00a0"


def number(value: Any) -> str:
    """A count with thousands separators; a dash where it is missing."""
    return "–" if pd.isna(value) else f"{value:,.0f}"


def percent(share: Any, digits: int = 0) -> str:
    """A share such as 0.71 as "71 %"; a dash where it is missing."""
    return "–" if pd.isna(share) else f"{share * 100:.{digits}f}{_SPACE}%"


def share_of(share: Any, out_of: Any, digits: int = 0) -> str:
    """A share with its denominator: "71 % of 1,204", or "3 of 12" where the denominator is small."""
    if pd.isna(share) or pd.isna(out_of):
        return "–"
    part = number(share * out_of) if out_of < SMALL else percent(share, digits)
    return f"{part} of {number(out_of)}"


def change_text(words: str, figure: pd.Series) -> str:
    """A rate and its change as a finding: "Read rate fell from 71 % to 64 %".

    Args:
        words: What the rate is called.
        figure: Its row of `metrics.comparison.key_figures`.
    """
    value, before = figure["value"], figure["previous"]
    digits = 0 if percent(value) != percent(before) else 1
    now, then = percent(value, digits), percent(before, digits)
    told = {"up": f"rose from {then} to {now}", "down": f"fell from {then} to {now}"}
    told["same"] = f"is {percent(value)}, no clear change from {percent(before)}"
    small = share_of(value, figure["n"]) if pd.notna(figure["n"]) and figure["n"] < SMALL else percent(value)
    return f"{words} {told.get(figure['direction'], f'is {small}')}"


def euro(value: Any, digits: int = 2) -> str:
    """An amount as "€ 125.43"; a dash where it is missing."""
    return "–" if pd.isna(value) else f"{'-' if value < 0 else ''}€{_SPACE}{abs(value):,.{digits}f}"


def plural(count: Any, one: str, many: str | None = None) -> str:
    """A counted noun: "1 day", "3 days"."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def when(start: pd.Timestamp, period: Period) -> str:
    """A day, month or year of a period: "Fri 6 Nov", "Nov 2026", "2026"."""
    if period.granularity == "Day":
        return f"{start:%a} {start.day} {start:%b}" + (f" {start:%Y}" if period.start.year != period.end.year else "")
    return f"{start:%Y}" if period.granularity == "Year" else f"{start:%b %Y}"


def long_day(day: date) -> str:
    """A day such as "6 Nov 2026"."""
    return f"{day.day} {day:%b %Y}"


def sentence_case(words: str) -> str:
    """The words with a capital at the start."""
    return words[:1].upper() + words[1:]


def numbers_behind(table: pd.DataFrame, columns: Sequence[str], first: str = "period_start") -> pd.DataFrame:
    """The named columns under headings for readers, shares in percent."""
    shown = table[[first, *columns]].reset_index(drop=True)
    shares = [name for name in columns if "_per_" in name and not name.endswith("_per_day")]
    shown[shares] = shown[shares] * 100
    headings = {name: name.replace("_", " ").replace(" start", "") for name in (first, *columns)}
    headings |= {name: f"{headings[name]}, %" for name in shares}
    return shown.rename(columns=lambda name: sentence_case(headings[name]))
