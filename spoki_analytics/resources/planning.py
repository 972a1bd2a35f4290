"""From what a corrective method is given to its plan."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from spoki_analytics.corrections.change import Step
from spoki_analytics.corrections.checks import Check, email, filled, identifier, phone
from spoki_analytics.corrections.drafts import Ids, Targets, listed, plan_edits, plan_rows, plan_targets, read_ids
from spoki_analytics.corrections.plan import Plan
from spoki_analytics.corrections.planner import Planner
from spoki_analytics.corrections.reader import Reader
from spoki_analytics.corrections.refusals import InvalidValueError, Reason, Refusal
from spoki_analytics.corrections.rows import Columns, Reading, Source, read_rows, refuse_repeats
from spoki_analytics.errors import UsageError
from spoki_analytics.wording.arguments import argument
from spoki_analytics.wording.messages import gettext, noop
from spoki_analytics.wording.names import quote, suggest


class Drafts:
    """What the methods of families ask for, made into plans.

    Args:
        planner: Compares what is asked for with what is there.
    """

    def __init__(self, planner: Planner) -> None:
        self._planner = planner

    def targets(self, slug: str, ids: Ids, *, query: Mapping[str, Any] | None = None, reason: str = "") -> Plan:
        """The same for each of some records: deletions and acts."""
        return plan_targets(self._planner, slug, ids, query=query, reason=reason)

    def edits(
        self, slug: str, targets: Targets, values: Mapping[str, Any], *, reason: str = "", **reading: Any
    ) -> Plan:
        """New values for one record, or for each of some.

        Args:
            slug: The operation.
            targets: The records.
            values: The values.
            reason: Why.
            **reading: How the values are read: ``missing`` and ``keep_text``.
        """
        return plan_edits(self._planner, slug, targets, values, reason=reason, **reading)

    def rows(self, slug: str, source: Source, *, unique: str = "", reason: str = "", **reading: Any) -> Plan:
        """One step for each row: creations and upserts.

        Args:
            slug: The operation.
            source: The rows.
            unique: A column whose values must differ from row to row.
            reason: Why.
            **reading: How the values are read: ``missing`` and ``keep_text``.
        """
        return plan_rows(self._planner, slug, source, unique=unique, reason=reason, **reading)

    def operator(self, slug: str, contacts: Ids, address: str, reason: str) -> Plan:
        """Contacts assigned to an operator of the account, or taken away."""
        reading = read_ids(contacts)
        if refusals := _not_an_operator(self._planner, address):
            return self._planner.plan([], [*reading.refusals, *refusals])
        body = {"email": address.strip()}
        steps = [Step(slug, row.values, body, {}, row.label, reason) for row in reading.rows]
        return self._planner.plan(steps, reading.refusals)

    def members(self, list_id: int, contacts: Source, *, reason: str, **reading: Any) -> Plan:
        """Contacts put in a list that exists."""
        if absent := _no_list(self._planner, list_id):
            return self._planner.plan([], absent)
        path = {"id": identifier(list_id)}
        return plan_rows(
            self._planner, "sync_contacts_to_list", contacts, path=path, unique="phone", reason=reason, **reading
        )

    def leavers(self, list_id: int, members: Mapping[str, Any], reason: str) -> Plan:
        """Contacts taken out of a list that exists."""
        if absent := _no_list(self._planner, list_id):
            return self._planner.plan([], absent)
        reading = _read_members(self._planner, members)
        path = {"id": identifier(list_id)}
        steps = [
            Step("remove_contacts_from_list", path, {name: [value]}, {}, row.label, reason)
            for row in reading.rows
            for name, value in row.values.items()
        ]
        return self._planner.plan(steps, reading.refusals)

    def custom_field(self, values: Mapping[str, Any], *, keep_text: bool, reason: str) -> Plan:
        """A new custom field, whose label and code no other has."""
        fields = self._planner.reader().listing("list_custom_fields")
        taken = [refusal for name in ("label", "code") for refusal in _taken(fields, name, values[name])]
        source = [] if taken else [values]
        return plan_rows(
            self._planner, "create_custom_field", source, keep_text=keep_text, reason=reason, refusals=taken
        )


def _not_an_operator(planner: Planner, address: Any) -> list[Refusal]:
    """Why an e-mail is no operator's; nothing when it is one's, or when Spoki does not show them."""
    try:
        asked = filled(address, email)
    except InvalidValueError as problem:
        return [problem.refusal("", "email")]
    users = [row.get("user") for row in planner.reader().reference("list_roles")]
    known = [str(user["email"]) for user in users if isinstance(user, Mapping) and user.get("email")]
    if not known or asked.casefold() in {each.casefold() for each in known}:
        return []
    values = {"value": quote(asked), "hint": suggest(asked, known)}
    return [Refusal("", "email", Reason.NOT_OPERATOR, values)]


def _no_list(planner: Planner, list_id: Any) -> list[Refusal]:
    """Why a list cannot be meant; nothing when it exists."""
    try:
        known = identifier(list_id)
    except InvalidValueError as problem:
        return [problem.refusal("", "list_id")]
    if planner.reader().single("retrieve_list", known) is None:
        return [Refusal("", "list_id", Reason.NO_SUCH_REFERENCE, {"noun": "list", "id": known})]
    return []


def _read_members(planner: Planner, members: Mapping[str, Any]) -> Reading:
    """The contacts that are named, each by one checked value.

    Raises:
        UsageError: Nobody is named.
    """
    named = {name: listed(members[name]) for name in ("ids", "phones", "emails")}
    reader = planner.reader(sum(map(len, named.values())))
    terms = planner.terms(reader)
    checks: dict[str, Check] = {
        "ids": identifier,
        "phones": partial(phone, terms=terms),
        "emails": partial(_named_email, reader=reader),
    }
    rows = [{name: each} for name in checks for each in named[name]]
    if not rows:
        sentence = noop("Name the contacts: {ids}, {phones} or {emails}.")
        raise UsageError(gettext(sentence, **{name: argument(name) for name in checks}))
    reading = read_rows(rows, Columns(checks))
    for name in checks:
        refuse_repeats(reading, name, "value")
    return reading


def _named_email(value: Any, reader: Reader) -> str:
    """An e-mail address that names a contact: one that Spoki holds means its contact, even if it is none."""
    try:
        return str(filled(value, email))
    except InvalidValueError:
        if isinstance(value, str) and value and reader.contacts_with(value):
            return value
        raise


def _taken(fields: list[dict[str, Any]], name: str, value: str) -> list[Refusal]:
    """Why a new field cannot have that label or code: another field has it."""
    return [
        Refusal("call", name, Reason.TAKEN, {"value": quote(value), "name": name, "id": row.get("id")})
        for row in fields
        if str(row.get(name, "")).casefold() == str(value).strip().casefold()
    ]
