"""Reports of all accounts that a key sees, legacy and detailed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from spoki_analytics.sandbox.answers.call import Call
from spoki_analytics.sandbox.answers.families import PageSize, show_plainly, shows
from spoki_analytics.sandbox.answers.query import read_parameters
from spoki_analytics.sandbox.answers.records import answers, paginate, remember_report
from spoki_analytics.sandbox.answers.replies import Reply
from spoki_analytics.sandbox.world.collection import Row
from spoki_analytics.sandbox.world.reports import detailed_rows, legacy_rows

USUAL_SPAN = timedelta(days=30)
"""How far a report reaches back when no start is given; no source documents it."""

shows("reports", page_size=PageSize(5_000, 5_000))(show_plainly)


@answers("list_reports", "list_detailed_reports")
def list_reports(call: Call) -> Reply:
    """Report rows of all accounts that the key sees, by period."""
    given = read_parameters(call.operation, call.query)
    end: date = given.get("end_date", call.now.date())
    start: date = given.get("start_date", end - USUAL_SPAN)
    granularity: str = given.get("granularity", "Day")
    rows = remember_report(call, (granularity, start, end), lambda: list(_report_rows(call, granularity, start, end)))
    return Reply(body=paginate(call, rows, list))


def _report_rows(call: Call, granularity: str, start: date, end: date) -> Iterator[Row]:
    """Rows of every account; a key that sees several finds the account in each detailed row."""
    for account in call.seen:
        if call.operation.slug == "list_reports":
            yield from legacy_rows(account, granularity, start, end, call.now)
            continue
        owner = {"account": account.id} if len(call.seen) > 1 else {}
        for row in detailed_rows(account, granularity, start, end, call.now):
            yield {**row, **owner}
