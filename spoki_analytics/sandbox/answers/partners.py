"""Calls of partners: reports and forecasts of one account, and writes that the client has no method for.

The writes are answered plausibly, so that every row of the catalogue can be called. No money moves.
"""

from __future__ import annotations

import secrets
from typing import Any

from spoki_analytics.sandbox.answers.bodies import read_array, read_body
from spoki_analytics.sandbox.answers.call import Call
from spoki_analytics.sandbox.answers.query import read_parameters
from spoki_analytics.sandbox.answers.records import answers, find_account, remember_report
from spoki_analytics.sandbox.answers.replies import RefusedError, Reply, encode
from spoki_analytics.sandbox.world.accounts import CONVERSATION_PRICE, Account
from spoki_analytics.sandbox.world.reports import legacy_rows
from spoki_analytics.sandbox.world.traffic import LANES

PARTNER_GRANULARITIES = {1: "Month", 2: "Day", 3: "Year"}
"""Only 2 has a source."""
FORWARDED = ("destination_account", "account_id", "account")
"""Keys under which partner calls name an account."""


@answers("get_account_report")
def get_partner_report(call: Call) -> Reply:
    """The report of one account, as one object."""
    given = read_parameters(call.operation, call.query)
    account = find_account(call, given["account_id"])
    granularity = PARTNER_GRANULARITIES.get(given["granularity"], "Day")
    start, end = given["startDate"], given["endDate"]
    key = (account.id, granularity, start, end)
    rows = remember_report(call, key, lambda: list(legacy_rows(account, granularity, start, end, call.now)))
    return Reply(body=encode({"account_id": account.id, "startDate": start, "endDate": end, "rows": rows}))


@answers("get_account_forecasts")
def get_forecasts(call: Call) -> Reply:
    """How many messages the credit of an account still buys, by category."""
    given = read_parameters(call.operation, call.query)
    account = find_account(call, given["account_id"])
    prices = {lane.category: lane.price for lane in LANES if lane.category}
    return Reply(body=encode(remember_report(call, tuple(given.values()), lambda: _forecast(call, account, prices))))


def _forecast(call: Call, account: Account, prices: dict[str, int]) -> dict[str, Any]:
    credit = account.credit(call.now)
    return {
        "account_id": account.id,
        "country_code": call.query["country_code"],
        "estimated_available_conversations": credit // CONVERSATION_PRICE,
        "messages": {category: credit // price for category, price in prices.items()},
    }


@answers("create_accounts")
def create_accounts(call: Call) -> Reply:
    """As many ids as were asked for, of accounts that are not there."""
    return Reply(201, encode([{"id": 10**6 + index} for index in range(len(read_array(call)))]))


@answers("start_partner_onboarding", "create_api_key_for_account", "revoke_api_key_for_account")
def change_access(call: Call) -> Reply:
    """A page or a key for an account that the partner sees; the key opens nothing."""
    account = _named_account(call)
    answered: dict[str, dict[str, Any]] = {
        "start_partner_onboarding": {"redirect_url": f"https://example.invalid/onboarding/{account}"},
        "create_api_key_for_account": {"api_key": f"sbx_partner_{secrets.token_hex(16)}"},
    }
    return Reply(body=encode(answered.get(call.operation.slug, {})))


@answers("create_subrecharge", "create_conversations_subrecharge", "move_credit_from_account", "set_profits")
def move_money(call: Call) -> Reply:
    """Says that it was done."""
    return Reply(body=encode({"account": _named_account(call), "status": "ok"}))


def _named_account(call: Call) -> int:
    values = read_body(call)
    named = next((values[name] for name in FORWARDED if name in values), None)
    if named is None:
        raise RefusedError(400, {FORWARDED[0]: ["This field is required."]})
    return find_account(call, named).id
