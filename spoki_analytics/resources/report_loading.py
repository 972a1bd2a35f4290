"""Reports of messages by period: the detailed one, and the older one for what it lacks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import pandas as pd

from spoki_analytics.api.walks import check_limit
from spoki_analytics.catalogue import operation
from spoki_analytics.errors import NotFoundError, RemovedOperationError, warn
from spoki_analytics.frames.chosen import choose, pick
from spoki_analytics.frames.provenance import stamp
from spoki_analytics.frames.reports import long_form, natural_form, wide_form
from spoki_analytics.frames.reports.forms import COUNTED, LONG, WIDE
from spoki_analytics.frames.reports.weeks import to_weeks
from spoki_analytics.resources.loading import Loader
from spoki_analytics.resources.selection import cut
from spoki_analytics.wording.messages import gettext

_FORMS = {"natural": natural_form, "long": long_form, "wide": wide_form}
_NAMES = {"long": LONG, "wide": WIDE}
Query = Mapping[str, str | date | None]


class ReportLoader(Loader):
    """Loads the report that Spoki has, in the form that is asked for."""

    def load(
        self,
        query: Query,
        form: str,
        column_map: Mapping[str, str] | None,
        limit: int | None,
        refresh: bool | None,
        columns: Iterable[str] | None = None,
    ) -> pd.DataFrame:
        """The report, as ``spoki.reports.load`` describes it."""
        natural = form == "natural"  # as Spoki answers, with fields that no source documents
        chosen = choose(columns, _NAMES.get(form, ()), "reports", is_open=natural)
        check_limit(limit, operation("list_detailed_reports"))
        return pick(self._load(query, form, column_map, limit, refresh), chosen, "reports")

    def _load(
        self, query: Query, form: str, column_map: Mapping[str, str] | None, limit: int | None, refresh: bool | None
    ) -> pd.DataFrame:
        if query["granularity"] == "Week":
            days = self._load({**query, "granularity": "Day"}, form, column_map, None, refresh)
            weeks = to_weeks(days)
            return weeks if limit is None else cut(weeks, pd.Series(True, index=weeks.index), limit)
        rows = self._rows(query, limit if form == "natural" else None, refresh)
        frame = _FORMS[form](rows, column_map=column_map)
        facts = rows.attrs["spoki"]
        unknown = [name for name in facts["unknown_columns"] if name in frame.columns and name not in LONG]
        stamp(frame, **{**facts, "rows": len(frame), "unknown_columns": unknown})
        if form == "wide":
            frame = self._complete(frame, query, refresh)
        return frame if limit is None else cut(frame, pd.Series(True, index=frame.index), limit)

    def _rows(self, query: Query, limit: int | None, refresh: bool | None) -> pd.DataFrame:
        """The detailed report, else the older one."""
        detailed, spent = self._unless_absent("list_detailed_reports", "detailed_reports", query, limit, refresh)
        if detailed is not None:
            return detailed
        older, _ = self._unless_absent("list_reports", "reports", query, limit, refresh)
        if older is None:
            raise RemovedOperationError(
                gettext("Spoki has neither the detailed nor the older report any more."),
                operation="List Reports",
                account=self._client.session.account,
                status=404,
                replacement="accounts.current_report()",
                advice=gettext("Use accounts.current_report(), and check for a newer version of spoki_analytics."),
            )
        warn(
            gettext(
                "Spoki has no detailed report for this key: the older report, announced for removal, was read instead."
            )
        )
        return stamp(older, requests=older.attrs["spoki"]["requests"] + spent)

    def _complete(self, wide: pd.DataFrame, query: Query, refresh: bool | None) -> pd.DataFrame:
        """Counters that the detailed report does not have, from the older one where Spoki still has it.

        Also those of days that it does not have: who only received messages on a Sunday sent none to be detailed.
        """
        missing = [name for name in COUNTED if wide[name].isna().all()]
        if not missing or wide.attrs["spoki"]["operation"] == "List Reports":
            return wide
        older, spent = self._unless_absent("list_reports", "reports", query, None, refresh)
        if older is None:
            return stamp(wide, requests=wide.attrs["spoki"]["requests"] + spent)
        keys, sums = self._counters(wide_form(older), wide, missing)
        filled = wide.drop(columns=missing).merge(sums, on=keys, how="outer")[list(wide.columns)].astype(wide.dtypes)
        facts, other = wide.attrs["spoki"], older.attrs["spoki"]
        both = {name: facts[name] + other[name] for name in ("requests", "cache_hits")}
        filled.attrs = dict(wide.attrs)
        return stamp(
            filled, **both, rows=len(filled), stale=facts["stale"] or other["stale"], completed_from="List Reports"
        )

    def _counters(self, older: pd.DataFrame, wide: pd.DataFrame, missing: list[str]) -> tuple[list[str], pd.DataFrame]:
        """What the older report adds to the detailed one, and by which columns its rows are found.

        Rows of the detailed report that name no account are of the key's own; of an older report of several accounts
        only the rows of that one belong to them.
        """
        named = set(older["account"].dropna())
        keys = ["period_start", "account"]
        if len(wide) and wide["account"].isna().any():
            keys = ["period_start"]
            if len(named) > 1:
                older = older[older["account"].isin([self._client.home.account()]).fillna(False)]
        sums = older.groupby(keys, as_index=False, dropna=False)[missing].sum(min_count=1)
        counts = sums[missing].astype("Float64").fillna(0).ne(0).any(axis=1)
        return keys, sums[counts | sums["period_start"].isin(wide["period_start"])]

    def _unless_absent(
        self, slug: str, schema: str, query: Query, limit: int | None, refresh: bool | None
    ) -> tuple[pd.DataFrame | None, int]:
        """The report, or None where Spoki does not have it, and what it took to learn that.

        That a report is absent is remembered as long as a report.
        """
        row = operation(slug)
        if not refresh and self._client.session.is_absent(row):
            return None, 0
        try:
            return self.listing(slug, query, limit, refresh, schema=schema), 0
        except NotFoundError as missing:
            self._client.session.mark_absent(row)
            return None, missing.requests
