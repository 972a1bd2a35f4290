"""Plans about what contacts belong to: operators and lists, which must exist."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from spoki_analytics.corrections.change import Refusal, Step
from spoki_analytics.corrections.checks import Check, InvalidValueError, email, filled, identifier, phone
from spoki_analytics.corrections.drafts import Ids, listed, plan_rows, read_ids
from spoki_analytics.corrections.journal import Journal
from spoki_analytics.corrections.plan import Plan
from spoki_analytics.corrections.reader import Reader
from spoki_analytics.corrections.rows import Columns, Source, read_rows, refuse_repeats
from spoki_analytics.errors import UsageError
from spoki_analytics.wording.names import quote, suggest


def plan_operator(journal: Journal, slug: str, contacts: Ids, address: str, reason: str) -> Plan:
    """A plan that assigns contacts to an operator of the account, or takes them away."""
    reading = read_ids(contacts)
    refusals = [*reading.refusals, *_not_an_operator(journal, address)]
    if any(refusal.column == "email" for refusal in refusals):
        return journal.plan([], refusals)
    steps = [Step(slug, row.values, {"email": address.strip()}, {}, row.label, reason) for row in reading.rows]
    return journal.plan(steps, refusals)


def plan_members(journal: Journal, list_id: int, contacts: Source, *, missing: str, reason: str) -> Plan:
    """A plan that puts contacts in a list that exists."""
    if absent := _no_list(journal, list_id):
        return journal.plan([], absent)
    path = {"id": identifier(list_id)}
    return plan_rows(
        journal, "sync_contacts_to_list", contacts, path=path, unique="phone", missing=missing, reason=reason
    )


def plan_leavers(journal: Journal, list_id: int, members: Mapping[str, Any], reason: str) -> Plan:
    """A plan that takes contacts out of a list that exists.

    Args:
        journal: Of the client.
        list_id: Id of the list.
        members: ``ids``, ``phones`` and ``emails`` of the contacts.
        reason: Why; shown in the preview and kept in the journal.

    Raises:
        UsageError: Nobody is named.
    """
    if absent := _no_list(journal, list_id):
        return journal.plan([], absent)
    checks: dict[str, Check] = {
        "ids": identifier,
        "phones": partial(phone, region=journal.region),
        "emails": partial(filled, check=email),
    }
    rows = [{name: each} for name in checks for each in listed(members[name])]
    if not rows:
        raise UsageError("Name the contacts: ids=, phones= or emails=.")
    reading = read_rows(rows, Columns(checks))
    for name in checks:
        refuse_repeats(reading, name, "value")
    path = {"id": identifier(list_id)}
    steps = [
        Step("remove_contacts_from_list", path, {name: [value]}, {}, row.label, reason)
        for row in reading.rows
        for name, value in row.values.items()
    ]
    return journal.plan(steps, reading.refusals)


def _not_an_operator(journal: Journal, address: Any) -> Iterable[Refusal]:
    """Why an e-mail is no operator's; nothing when it is one's, or when Spoki does not tell them."""
    try:
        wanted = filled(address, email)
    except InvalidValueError as problem:
        return [Refusal("", "email", str(problem))]
    users = [row.get("user") for row in Reader(journal.session, 0, journal.region).reference("list_roles")]
    known = [str(user["email"]) for user in users if isinstance(user, Mapping) and user.get("email")]
    if not known or wanted.casefold() in {each.casefold() for each in known}:
        return []
    return [Refusal("", "email", f"{quote(wanted)} is no operator of this account.{suggest(wanted, known)}")]


def _no_list(journal: Journal, list_id: Any) -> list[Refusal]:
    """Why a list cannot be meant; nothing when it exists."""
    try:
        known = identifier(list_id)
    except InvalidValueError as problem:
        return [Refusal("", "list_id", str(problem))]
    if Reader(journal.session, 0, journal.region).single("retrieve_list", known) is None:
        return [Refusal("", "list_id", f"list {known} does not exist.")]
    return []
