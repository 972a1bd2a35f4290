"""Report rows by week, added up from those by day: Spoki itself has days, months and years only."""

from __future__ import annotations

from typing import Any

import pandas as pd

from spoki_analytics.errors import UsageError
from spoki_analytics.frames.provenance import KEY, stamp
from spoki_analytics.wording.messages import gettext

KEYS = ("period_start", "account", "channel", "category", "status")
DISTINCT = ("conversations", "contacts_reached", "conversation_count", "contacted_contacts")
"""What is counted once a day: who wrote on two days counts on both, so that days do not add up to their week."""


def to_weeks(days: pd.DataFrame) -> pd.DataFrame:
    """The rows of days as rows of weeks, each under its Monday.

    Args:
        days: ``spoki.reports.load(granularity="Day")`` in any form.

    Returns:
        The same columns: whole numbers added up, but ids; `DISTINCT` ones missing; of moments the latest; anything
        else where it is the same on all days of the week, else missing.

    Raises:
        UsageError: The rows do not say of which day they are.
    """
    if "period_start" not in days or not isinstance(days["period_start"].dtype, pd.DatetimeTZDtype):
        raise UsageError(gettext("Weeks are added up from days, and these rows do not say of which day they are."))
    starts = days["period_start"]
    monday = starts - pd.to_timedelta(starts.dt.day_of_week, unit="D")
    keyed = days.assign(period_start=monday.astype(starts.dtype))
    keys = [name for name in KEYS if name in days.columns]
    groups = keyed.groupby(keys, dropna=False, observed=True, sort=True)
    columns = {name: _add_up(groups[name], keyed[name]) for name in days.columns if name not in keys}
    index = groups.size().index
    weeks = pd.DataFrame(columns, index=index).reset_index()[list(days.columns)] if len(days) else keyed
    for name in keys:
        weeks[name] = weeks[name].astype(days[name].dtype)
    if "granularity" in weeks:
        weeks["granularity"] = pd.Categorical(["Week"] * len(weeks), ["Day", "Week", "Month", "Year"])
    weeks.attrs = dict(days.attrs)
    return stamp(weeks, rows=len(weeks)) if KEY in weeks.attrs else weeks


def _add_up(group: Any, values: pd.Series) -> Any:
    """One column of the days as a column of the weeks, of the same dtype."""
    if values.name in DISTINCT:
        return pd.Series(pd.NA, index=group.size().index, dtype="Int64")
    if pd.api.types.is_integer_dtype(values.dtype) and not str(values.name).endswith("id"):
        return group.sum(min_count=1).astype(values.dtype)
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        return group.max()
    same = group.nunique(dropna=False) == 1
    return group.first().where(same).astype(values.dtype)
