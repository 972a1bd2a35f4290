"""Agencies, each with all its clients."""

from __future__ import annotations

from spoki_analytics.sandbox.answers.call import Call
from spoki_analytics.sandbox.answers.records import answers, find_record
from spoki_analytics.sandbox.answers.replies import Reply, encode


@answers("retrieve_agency")
def retrieve_agency(call: Call) -> Reply:
    """An agency with all its clients."""
    agency = find_record(call)
    keys = ("id", "name", "estimated_available_conversations")
    rows = [account.row(call.now) for account in call.seen]
    return Reply(body=encode({**agency, "clients": [{key: row[key] for key in keys} for row in rows]}))
