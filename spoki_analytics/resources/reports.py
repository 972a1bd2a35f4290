"""Reports: messages and conversations by day, month or year."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal

import pandas as pd

from spoki_analytics.catalogue import operation
from spoki_analytics.errors import NotFoundError, RemovedOperationError, UsageError, warn
from spoki_analytics.frames.provenance import stamp
from spoki_analytics.frames.reports import long_form, natural_form, wide_form
from spoki_analytics.frames.reports.forms import COUNTED, LONG
from spoki_analytics.resources.days import Day, day_range
from spoki_analytics.resources.family import Family, cut
from spoki_analytics.wording.names import suggest

GRANULARITIES = ("Day", "Month", "Year")
Form = Literal["natural", "long", "wide"]
FORMS = {"natural": natural_form, "long": long_form, "wide": wide_form}
Query = Mapping[str, str | date | None]


class Reports(Family):
    """The reports of the account."""

    def load(
        self,
        start: Day | None = None,
        end: Day | None = None,
        granularity: str = "Day",
        *,
        form: Form = "natural",
        column_map: Mapping[str, str] | None = None,
        limit: int | None = None,
        refresh: bool | None = None,
    ) -> pd.DataFrame:
        """Messages by period; the detailed report first, the older one where Spoki has no detailed one.

        No source documents the fields of the detailed report. What is recognised gets the names below, the rest stays
        as flattened columns, with a warning that shows how to name it by ``column_map``. Spoki itself keeps a report
        for 30 minutes.

        Args:
            start: First day.
            end: Last day, included.
            granularity: Day, Month or Year.
            form: ``natural`` as Spoki answers; ``long`` with one row per period, channel, category and status;
                ``wide`` with one row per period and account.
            column_map: From a flattened column of the answer to period_start, account, channel, category, status or
                count.
            limit: Stop after so many rows.
            refresh: Ask Spoki again instead of using the cache.

        Returns:
            natural, detailed: period_start (datetime64[us, UTC], midnight of the calendar day), channel, category,
            status (text), count (Int64). natural, older report: account (Int64), granularity, period_start and the
            counts of a current report. wide: period_start, account, sent, delivered, read, failed, pending, incoming,
            template, free, conversations, contacts_reached (Int64); in a detailed report each message counts once,
            under its latest status, so that sent = Sent + Delivered + Read (an assumption). What it does not count,
            such as incoming messages, is taken from the older report where Spoki still has it (``completed_from``).
            ``attrs["spoki"]["operation"]`` tells which report answered.

        Raises:
            UsageError: A wrong day, granularity, form or column map.
            RemovedOperationError: Spoki has neither report.
            SpokiError: See ``spoki_analytics.errors``.
        """
        first, last = day_range(start, end, self._client.home.zone, ("start", "end"))
        if form not in FORMS:
            raise UsageError(f"form must be {', '.join(FORMS)}.{suggest(str(form), FORMS)}")
        query = {"granularity": _granularity(granularity), "start_date": first, "end_date": last}
        rows = self._rows(query, limit if form == "natural" else None, refresh)
        frame = FORMS[form](rows, column_map=column_map)
        facts = rows.attrs["spoki"]
        unknown = [name for name in facts["unknown_columns"] if name in frame.columns and name not in LONG]
        stamp(frame, **{**facts, "rows": len(frame), "unknown_columns": unknown})
        if form == "wide":
            frame = self._completed(frame, query, refresh)
        return frame if limit is None else cut(frame, pd.Series(True, index=frame.index), limit)

    def _rows(self, query: Query, limit: int | None, refresh: bool | None) -> pd.DataFrame:
        """The detailed report, else the older one."""
        detailed, spent = self._unless_absent("list_detailed_reports", "detailed_reports", query, limit, refresh)
        if detailed is not None:
            return detailed
        older, _ = self._unless_absent("list_reports", "reports", query, limit, refresh)
        if older is None:
            raise RemovedOperationError(
                "Spoki has neither the detailed nor the older report any more.",
                operation="List Reports",
                account=self._session.account,
                status=404,
                replacement="accounts.current_report()",
                advice="Use accounts.current_report(), and check for a newer version of spoki_analytics.",
            )
        warn("Spoki has no detailed report for this key: the older report, announced for removal, was read instead.")
        return stamp(older, requests=older.attrs["spoki"]["requests"] + spent)

    def _completed(self, wide: pd.DataFrame, query: Query, refresh: bool | None) -> pd.DataFrame:
        """Counters that the detailed report does not have, from the older one where Spoki still has it."""
        missing = [name for name in COUNTED if wide[name].isna().all()]
        if not missing or wide.empty or wide.attrs["spoki"]["operation"] == "List Reports":
            return wide
        older, spent = self._unless_absent("list_reports", "reports", query, None, refresh)
        if older is None:
            return stamp(wide, requests=wide.attrs["spoki"]["requests"] + spent)
        counters = wide_form(older)
        keys = ["period_start", "account"] if wide["account"].notna().all() else ["period_start"]
        sums = counters.groupby(keys, as_index=False, dropna=False)[missing].sum(min_count=1)
        filled = wide.drop(columns=missing).merge(sums, on=keys, how="left")[list(wide.columns)]
        told, other = wide.attrs["spoki"], older.attrs["spoki"]
        both = {name: told[name] + other[name] for name in ("requests", "cache_hits")}
        filled.attrs = dict(wide.attrs)
        return stamp(filled, **both, stale=told["stale"] or other["stale"], completed_from="List Reports")

    def _unless_absent(
        self, slug: str, schema: str, query: Query, limit: int | None, refresh: bool | None
    ) -> tuple[pd.DataFrame | None, int]:
        """The report, or None where Spoki does not have it, and what it took to learn that.

        That a report is absent is remembered as long as a report.
        """
        row = operation(slug)
        if not refresh and self._session.is_absent(row):
            return None, 0
        try:
            return self._load(slug, schema, query, limit, refresh), 0
        except NotFoundError as missing:
            self._session.mark_absent(row)
            return None, missing.requests


def _granularity(value: str) -> str:
    for known in GRANULARITIES:
        if isinstance(value, str) and value.strip().casefold() == known.casefold():
            return known
    raise UsageError(f"granularity must be Day, Month or Year.{suggest(str(value).title(), GRANULARITIES)}")
