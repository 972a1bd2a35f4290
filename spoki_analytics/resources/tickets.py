"""Support tickets."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from spoki_analytics.corrections.drafts import Ids, Targets, plan_edits, plan_rows, plan_targets
from spoki_analytics.corrections.plan import Plan
from spoki_analytics.corrections.rows import Source
from spoki_analytics.errors import UsageError
from spoki_analytics.resources.family import Family, cut


class Tickets(Family):
    """The tickets of the account."""

    def load(self, status: str | None = None, *, limit: int | None = None, refresh: bool | None = None) -> pd.DataFrame:
        """Tickets, one row each.

        Args:
            status: Only tickets of that status, in any spelling (``in progress`` finds ``IN_PROGRESS``). It is applied
                here: no source proves that the server filters, and statuses are the account's own.
            limit: Stop after so many rows.
            refresh: Ask Spoki again instead of using the cache.

        Returns:
            id (Int64), title, description, reference, status (text as stored), priority (category), created_datetime,
            updated_datetime, closed_datetime (datetime64[us, UTC]), is_closed (boolean), contact.* and owner.*.

        Raises:
            UsageError: A status that is no text.
            SpokiError: See ``spoki_analytics.errors``.
        """
        if status is not None and not folded(status):
            raise UsageError("status must be a text such as Open.", operation="List Tickets")
        if status is None:
            return self._load("list_tickets", "tickets", {}, limit, refresh)
        frame = self._load("list_tickets", "tickets", {}, None, refresh)
        return cut(frame, frame["status"].astype(object).map(folded) == folded(status), limit, status=status)

    def get(self, ticket_id: int, *, refresh: bool | None = None) -> pd.Series[Any]:
        """One ticket, with the columns of ``load``.

        Raises:
            NotFoundError: There is no such ticket.
        """
        return self._get("retrieve_ticket", "tickets", {"id": ticket_id}, refresh=refresh)

    def create(
        self,
        tickets: Source | None = None,
        *,
        contact_phone: str | None = None,
        title: str | None = None,
        status: str | None = None,
        priority: str | None = None,
        description: str | None = None,
        reference: str | None = None,
        missing: str = "refuse",
        reason: str = "",
    ) -> Plan:
        """Plan new tickets: one from its values, or one for each row of a frame.

        Args:
            tickets: A frame, or a list of mappings, with the columns named below.
            contact_phone: Number of the contact; required.
            title: At most 256 characters; required.
            status: As the account calls it, such as Open; required.
            priority: Lowest, Low, Medium, High, Highest or Urgent.
            description: At most 1,024 characters.
            reference: Reference of your own, at most 256 characters.
            missing: What an empty cell of a frame means: ``refuse`` it, or ``keep`` that value as Spoki has it.
            reason: Why; shown in the preview and kept in the journal.
        """
        values = {
            "contact_phone": contact_phone,
            "title": title,
            "status": status,
            "priority": priority,
            "description": description,
            "reference": reference,
        }
        source = values if tickets is None else tickets
        return plan_rows(self._client.corrections, "create_ticket", source, missing=missing, reason=reason)

    def update(
        self,
        tickets: Targets,
        *,
        status: str | None = None,
        title: str | None = None,
        priority: str | None = None,
        description: str | None = None,
        reference: str | None = None,
        contact_phone: str | None = None,
        missing: str = "refuse",
        reason: str = "",
    ) -> Plan:
        """Plan new values for tickets.

        Args:
            tickets: An id, several ids that all get these values, or a frame with a column ``id`` and the columns to
                change.
            status: As the account calls it, such as Closed.
            title: At most 256 characters.
            priority: Lowest, Low, Medium, High, Highest or Urgent.
            description: At most 1,024 characters.
            reference: Reference of your own, at most 256 characters.
            contact_phone: Number of the contact.
            missing: What an empty cell of a frame means: ``refuse`` it, or ``keep`` that value as Spoki has it.
            reason: Why; shown in the preview and kept in the journal.

        Raises:
            UsageError: No value was given.
        """
        values = {
            "status": status,
            "title": title,
            "priority": priority,
            "description": description,
            "reference": reference,
            "contact_phone": contact_phone,
        }
        return plan_edits(self._client.corrections, "update_ticket", tickets, values, missing=missing, reason=reason)

    def delete(self, tickets: Ids, *, reason: str = "") -> Plan:
        """Plan to delete tickets, given by id; it must be confirmed."""
        return plan_targets(self._client.corrections, "delete_ticket", tickets, reason=reason)


def folded(status: Any) -> str:
    """A status without case, spaces, underscores and hyphens, as spellings differ (contract, section 5.1)."""
    return re.sub(r"[\s_-]+", "", status).casefold() if isinstance(status, str) else ""
