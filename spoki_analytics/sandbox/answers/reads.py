"""The reads that are more than a listing or a record: accounts, reports, partner calls and small special ones."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from spoki_analytics.sandbox.answers.call import Call
from spoki_analytics.sandbox.answers.query import read_parameters
from spoki_analytics.sandbox.answers.records import answers, find_account, find_record, paginate, remember_report
from spoki_analytics.sandbox.answers.replies import Reply, encode, not_found
from spoki_analytics.sandbox.answers.views import Row, show_channel, show_own_channel
from spoki_analytics.sandbox.world.accounts import CONVERSATION_PRICE, Account
from spoki_analytics.sandbox.world.reports import current_report, detailed_rows, legacy_rows
from spoki_analytics.sandbox.world.traffic import LANES

USUAL_SPAN = timedelta(days=30)
"""How far a report reaches back when no start is given; no source documents it."""
PARTNER_GRANULARITIES = {1: "Month", 2: "Day", 3: "Year"}
"""Only 2 has a source."""


@answers("list_accounts", "list_partner_accounts")
def list_accounts(call: Call) -> Reply:
    """The accounts that the key sees."""
    return Reply(body=paginate(call, call.seen, lambda part: [each.row(call.now) for each in part]))


@answers("retrieve_account")
def retrieve_account(call: Call) -> Reply:
    """One account with its channels."""
    return _show_account(call, find_account(call, call.path["account_id"]))


@answers("retrieve_account_by_phone")
def retrieve_account_by_phone(call: Call) -> Reply:
    """The account that has a number."""
    digits = call.path["phone"].lstrip("+")
    numbers = {channel["identifier"]: account for account in call.seen for channel in account.channels}
    if digits not in numbers:
        raise not_found()
    return _show_account(call, numbers[digits])


@answers("get_account_current_report")
def get_current_report(call: Call) -> Reply:
    """The running month of one account."""
    account = find_account(call, call.path["account_id"])
    return Reply(body=encode(remember_report(call, account.id, lambda: current_report(account, call.now))))


@answers("list_reports", "list_detailed_reports")
def list_reports(call: Call) -> Reply:
    """Report rows of all accounts that the key sees, by period."""
    wanted = read_parameters(call.operation, call.query)
    end: date = wanted.get("end_date", call.now.date())
    start: date = wanted.get("start_date", end - USUAL_SPAN)
    granularity: str = wanted.get("granularity", "Day")
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


@answers("check_role_private_key", "check_partner_role_private_key")
def check_private_key(call: Call) -> Reply:
    """Whether a role has a private key."""
    return Reply(body=encode({"has_private_key": find_record(call)["has_key"]}))


@answers("retrieve_agency")
def retrieve_agency(call: Call) -> Reply:
    """An agency with all its clients."""
    agency = find_record(call)
    keys = ("id", "name", "estimated_available_conversations")
    rows = [account.row(call.now) for account in call.seen]
    return Reply(body=encode({**agency, "clients": [{key: row[key] for key in keys} for row in rows]}))


@answers("list_custom_fields_of_automation")
def list_custom_fields_of_automation(call: Call) -> Reply:
    """The custom fields that an automation uses."""
    automation = find_record(call)
    used = [each for each in call.space.custom_fields.records() if each["code"] in automation["fields"]]
    return Reply(body=encode({"custom_fields": used}))


@answers("retrieve_channel_by_phone")
def retrieve_channel_by_phone(call: Call) -> Reply:
    """The channel that has a number or another identifier."""
    wanted = call.path["identifier"].lstrip("+")
    for channel in call.space.channels.records():
        if channel["identifier"] == wanted:
            return Reply(body=encode(show_channel(call.space, channel)))
    raise not_found()


@answers("list_webhook_expands")
def list_webhook_expands(call: Call) -> Reply:
    """What a webhook sends in full."""
    return Reply(body=encode({"expands": find_record(call)["expands"]}))


@answers("get_account_report")
def get_partner_report(call: Call) -> Reply:
    """The report of one account, as one object."""
    wanted = read_parameters(call.operation, call.query)
    account = find_account(call, wanted["account_id"])
    granularity = PARTNER_GRANULARITIES.get(wanted["granularity"], "Day")
    start, end = wanted["startDate"], wanted["endDate"]
    key = (account.id, granularity, start, end)
    rows = remember_report(call, key, lambda: list(legacy_rows(account, granularity, start, end, call.now)))
    return Reply(body=encode({"account_id": account.id, "startDate": start, "endDate": end, "rows": rows}))


@answers("get_account_forecasts")
def get_forecasts(call: Call) -> Reply:
    """How many messages the credit of an account still buys, by category."""
    wanted = read_parameters(call.operation, call.query)
    account = find_account(call, wanted["account_id"])
    prices = {lane.category: lane.price for lane in LANES if lane.category}
    return Reply(body=encode(remember_report(call, tuple(wanted.values()), lambda: _forecast(call, account, prices))))


def _forecast(call: Call, account: Account, prices: dict[str, int]) -> dict[str, Any]:
    credit = account.credit(call.now)
    return {
        "account_id": account.id,
        "country_code": call.query["country_code"],
        "estimated_available_conversations": credit // CONVERSATION_PRICE,
        "messages": {category: credit // price for category, price in prices.items()},
    }


def _show_account(call: Call, account: Account) -> Reply:
    channels = [show_own_channel(each) for each in call.world.workspace(account).channels.records()]
    return Reply(body=encode({**account.row(call.now), "channels": channels}))
