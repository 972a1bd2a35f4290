"""Reports of all accounts that a key sees, legacy and detailed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from spoki_analytics.sandbox.answers.call import Call
from spoki_analytics.sandbox.answers.families import PageSize, show_plainly, shows
from spoki_analytics.sandbox.answers.query import read_parameters
from spoki_analytics.sandbox.answers.records import answers, paginate, remember_report
from spoki_analytics.sandbox.answers.replies import Reply
from spoki_analytics.sandbox.world.collection import Row
from spoki_analytics.sandbox.world.reports import detailed_rows, legacy_rows

RowsOf = Callable[[Call, str, date, date], Iterator[Row]]
USUAL_SPAN = timedelta(days=30)
"""How far a report reaches back when no start is given; no source documents it."""

shows("reports", page_size=PageSize(5_000, 5_000))(show_plainly)


@answers("list_reports")
def list_reports(call: Call) -> Reply:
    """Report rows of all accounts that the key sees, by period, as the older operation gives them."""
    return _report(call, _older_rows)


@answers("list_detailed_reports")
def list_detailed_reports(call: Call) -> Reply:
    """Report rows of all accounts that the key sees, by period."""
    return _report(call, _detailed_rows)


def _report(call: Call, rows_of: RowsOf) -> Reply:
    given = read_parameters(call.operation, call.query)
    end: date = given.get("end_date", call.now.date())
    start: date = given.get("start_date", end - USUAL_SPAN)
    granularity: str = given.get("granularity", "Day")
    rows = remember_report(call, (granularity, start, end), lambda: list(rows_of(call, granularity, start, end)))
    return Reply(body=paginate(call, rows, list))


def _older_rows(call: Call, granularity: str, start: date, end: date) -> Iterator[Row]:
    """Rows of every account, which they do not name."""
    for account in call.seen:
        yield from legacy_rows(account, granularity, start, end, call.now)


def _detailed_rows(call: Call, granularity: str, start: date, end: date) -> Iterator[Row]:
    """Rows of every account; a key that sees several finds the account in each row."""
    for account in call.seen:
        owner = {"account": account.id} if len(call.seen) > 1 else {}
        for row in detailed_rows(account, granularity, start, end, call.now):
            yield {**row, **owner}
