"""Accounts: those that a key sees, and the running month of each."""

from __future__ import annotations

from spoki_analytics.sandbox.answers.call import Call
from spoki_analytics.sandbox.answers.channels import show_own_channel
from spoki_analytics.sandbox.answers.records import answers, find_account, paginate, remember_report
from spoki_analytics.sandbox.answers.replies import Reply, encode, not_found
from spoki_analytics.sandbox.world.accounts import Account
from spoki_analytics.sandbox.world.reports import current_report


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


def _show_account(call: Call, account: Account) -> Reply:
    channels = [show_own_channel(each) for each in call.world.workspace(account).channels.records()]
    return Reply(body=encode({**account.row(call.now), "channels": channels}))
