"""Where campaigns stand in their life: finished, still changing, or stuck."""

from __future__ import annotations

import pandas as pd

STATUSES = ("Draft", "Scheduled", "Processing", "Paused", "Completed")
"""In the order of a campaign's life; whatever else Spoki may say keeps its own name."""

NO_STATUS = "no status"

MATURE_HOURS = 72
"""A campaign's counters still grow for about three days; rankings take only older ones."""

LATE_HOURS = 1
"""How long after its moment a scheduled campaign may begin before it counts as late."""


def status_of(campaigns: pd.DataFrame) -> pd.Series:
    """The statuses as text, those that are missing as `NO_STATUS`."""
    known = campaigns["status"].astype("object")
    return known.where(known.notna(), NO_STATUS).astype("str")


def is_due(campaigns: pd.DataFrame, as_of: pd.Timestamp, hours: float) -> pd.Series:
    """Which campaigns were scheduled at least so many hours ago."""
    return (campaigns["scheduled_datetime"] <= as_of - pd.Timedelta(hours=hours)).astype("boolean")


def is_settled(campaigns: pd.DataFrame, as_of: pd.Timestamp) -> pd.Series:
    """Which campaigns have counters that have come to rest: Completed, and scheduled `MATURE_HOURS` ago."""
    return (_is_one_of(campaigns, "completed") & is_due(campaigns, as_of, MATURE_HOURS)).astype("boolean")


def is_changing(campaigns: pd.DataFrame, as_of: pd.Timestamp) -> pd.Series:
    """Which campaigns are being sent, or were but lately."""
    young = _is_one_of(campaigns, "completed") & ~is_due(campaigns, as_of, MATURE_HOURS)
    return (_is_one_of(campaigns, "processing") | young).astype("boolean")


def is_stuck(campaigns: pd.DataFrame, as_of: pd.Timestamp) -> pd.Series:
    """Which campaigns should be over: Processing or Paused for days, or Scheduled for a moment that has passed."""
    slow = _is_one_of(campaigns, "processing", "paused") & is_due(campaigns, as_of, MATURE_HOURS)
    late = _is_one_of(campaigns, "scheduled") & is_due(campaigns, as_of, LATE_HOURS)
    return (slow | late).astype("boolean")


def _is_one_of(campaigns: pd.DataFrame, *statuses: str) -> pd.Series:
    return status_of(campaigns).str.strip().str.casefold().isin(statuses)
