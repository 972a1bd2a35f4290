"""Contact lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

import pandas as pd

from spoki_analytics.corrections.change import Step
from spoki_analytics.corrections.checks import Check, email, filled, identifier, phone
from spoki_analytics.corrections.drafts import Ids, listed, plan_rows, plan_targets
from spoki_analytics.corrections.plan import Plan
from spoki_analytics.corrections.planner import Planner
from spoki_analytics.corrections.refusals import InvalidValueError, Reason, Refusal
from spoki_analytics.corrections.rows import Columns, Reading, Source, read_rows, refuse_repeats
from spoki_analytics.errors import UsageError
from spoki_analytics.resources.family import Family


class Lists(Family):
    """The contact lists of the account."""

    def load(
        self,
        *,
        search: str | None = None,
        limit: int | None = None,
        refresh: bool | None = None,
    ) -> pd.DataFrame:
        """All of them, one row each.

        Args:
            search: Text in the name.
            limit: Stop after so many rows.
            refresh: Ask Spoki again instead of using the cache.

        Returns:
            id (Int64), name, color (text), contacts_count (Int64), created_datetime (datetime64[us, UTC]).

        Raises:
            SpokiError: See ``spoki_analytics.errors``.
        """
        return self._load("list_lists", "lists", {"search": search}, limit, refresh)

    def get(self, list_id: int, *, refresh: bool | None = None) -> pd.Series[Any]:
        """One of them, with the columns of ``load``.

        Raises:
            NotFoundError: There is none with that id.
        """
        return self._get("retrieve_list", "lists", {"id": list_id}, refresh=refresh)

    def create(self, name: str, *, reason: str = "") -> Plan:
        """Plan a new list."""
        return plan_rows(self._client.corrections, "create_contact_list", {"name": name}, reason=reason)

    def sync_contacts(self, list_id: int, contacts: Source, *, missing: str = "refuse", reason: str = "") -> Plan:
        """Plan to put contacts in a list, making or updating them; sent 500 at a time, one request a minute.

        Args:
            list_id: Id of the list.
            contacts: A frame, or a list of mappings, with phone, first_name, last_name, email, language,
                ``field.<CODE>`` for custom values, and ``reason``; phone is required, and each number comes once.
            missing: What an empty cell of a frame means: ``refuse`` it, or ``keep`` that value as Spoki has it.
            reason: Why; shown in the preview and kept in the journal.
        """
        planner = self._client.corrections
        if absent := _no_list(planner, list_id):
            return planner.plan([], absent)
        path = {"id": identifier(list_id)}
        return plan_rows(
            planner, "sync_contacts_to_list", contacts, path=path, unique="phone", missing=missing, reason=reason
        )

    def remove_contacts(
        self,
        list_id: int,
        *,
        ids: Ids = (),
        phones: Iterable[str] = (),
        emails: Iterable[str] = (),
        reason: str = "",
    ) -> Plan:
        """Plan to take contacts out of a list; the contacts stay.

        Args:
            list_id: Id of the list.
            ids: Their ids.
            phones: Or their numbers.
            emails: Or their e-mails.
            reason: Why; shown in the preview and kept in the journal.

        Raises:
            UsageError: Nobody is named.
        """
        planner = self._client.corrections
        if absent := _no_list(planner, list_id):
            return planner.plan([], absent)
        reading = _read_members(planner, {"ids": ids, "phones": phones, "emails": emails})
        path = {"id": identifier(list_id)}
        steps = [
            Step("remove_contacts_from_list", path, {name: [value]}, {}, row.label, reason)
            for row in reading.rows
            for name, value in row.values.items()
        ]
        return planner.plan(steps, reading.refusals)

    def clear(self, list_id: int, *, reason: str = "") -> Plan:
        """Plan to take all contacts out of a list; it must be confirmed. The contacts stay."""
        return plan_targets(self._client.corrections, "remove_all_list_contacts", list_id, reason=reason)

    def delete(self, lists: Ids, *, reason: str = "") -> Plan:
        """Plan to delete lists, given by id; it must be confirmed. The contacts stay."""
        return plan_targets(self._client.corrections, "delete_list", lists, reason=reason)


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
    checks: dict[str, Check] = {
        "ids": identifier,
        "phones": partial(phone, region=planner.region),
        "emails": partial(filled, check=email),
    }
    rows = [{name: each} for name in checks for each in listed(members[name])]
    if not rows:
        raise UsageError("Name the contacts: ids=, phones= or emails=.")
    reading = read_rows(rows, Columns(checks))
    for name in checks:
        refuse_repeats(reading, name, "value")
    return reading
