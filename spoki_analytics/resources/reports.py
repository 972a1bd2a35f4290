"""Reports: messages and conversations by day, month or year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, get_args

from spoki_analytics.errors import UsageError
from spoki_analytics.resources.days import Day, day_range, whole_weeks
from spoki_analytics.resources.family import Family
from spoki_analytics.resources.methods import reads
from spoki_analytics.resources.to_file import to_file
from spoki_analytics.wording.arguments import argument
from spoki_analytics.wording.messages import gettext
from spoki_analytics.wording.names import suggest

if TYPE_CHECKING:
    import pandas as pd

    from spoki_analytics.resources.report_loading import ReportLoader

GRANULARITIES = ("Day", "Week", "Month", "Year")
Form = Literal["natural", "long", "wide"]
FORMS = get_args(Form)


class Reports(Family):
    """The reports of the account."""

    @reads("list_detailed_reports", about="messages and conversations by period")
    @reads("list_reports")
    def load(
        self,
        start: Day | None = None,
        end: Day | None = None,
        granularity: str = "Day",
        *,
        form: Form = "natural",
        column_map: Mapping[str, str] | None = None,
        columns: Iterable[str] | None = None,
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
            granularity: Day, Week, Month or Year. Spoki has no weeks: they are added up from days, Monday to Sunday,
                and whole, so that days before the start or after the end may belong to one; distinct contacts and
                conversations, which do not add up, are missing.
            form: ``natural`` as Spoki answers; ``long`` with one row per period, channel, category and status;
                ``wide`` with one row per period and account.
            column_map: From a flattened column of the answer to period_start, account, channel, category, status or
                count.

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

        Example:
            >>> messages = spoki.reports.load("2026-10-01", "2026-10-31", form="wide")
        """
        first, last = day_range(start, end, self._client.home.zone, ("start", "end"))
        step = _granularity(granularity)
        if step == "Week":
            first, last = whole_weeks(first, last)
        query = {"granularity": step, "start_date": first, "end_date": last}
        _require_form(form)
        return self._reports.load(query, form, column_map, limit, refresh, columns)

    load_to = to_file(load)

    @cached_property
    def _reports(self) -> ReportLoader:
        from spoki_analytics.resources.report_loading import ReportLoader

        return ReportLoader(self._client, "reports")


def _require_form(form: str) -> None:
    if form not in FORMS:
        raise UsageError(
            gettext("{form} must be one of {forms}.", form=argument("form"), forms=", ".join(FORMS))
            + suggest(str(form), FORMS)
        )


def _granularity(value: Any) -> str:
    for known in GRANULARITIES:
        if isinstance(value, str) and value.strip().casefold() == known.casefold():
            return known
    wrong = gettext("{granularity} must be Day, Week, Month or Year.", granularity=argument("granularity"))
    raise UsageError(wrong + suggest(str(value).title(), GRANULARITIES))
