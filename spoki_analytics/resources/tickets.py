"""Support tickets."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from spoki_analytics.errors import UsageError
from spoki_analytics.resources.family import Family
from spoki_analytics.resources.methods import corrects, reads
from spoki_analytics.resources.to_file import to_file
from spoki_analytics.wording.arguments import argument
from spoki_analytics.wording.messages import gettext

if TYPE_CHECKING:
    import pandas as pd

    from spoki_analytics.corrections.drafts import Ids, Targets
    from spoki_analytics.corrections.plan import Plan
    from spoki_analytics.corrections.rows import Source


class Tickets(Family):
    """The tickets of the account."""

    @reads("list_tickets", about="support tickets")
    def load(
        self,
        status: str | None = None,
        *,
        columns: Iterable[str] | None = None,
        limit: int | None = None,
        refresh: bool | None = None,
    ) -> pd.DataFrame:
        """Tickets, one row each.

        Args:
            status: Only tickets of that status, in any spelling (``in progress`` finds ``IN_PROGRESS``). It is applied
                here: no source proves that the server filters, and statuses are the account's own.

        Raises:
            UsageError: A status that is no text.

        Example:
            >>> tickets = spoki.tickets.load(status="open")
        """
        if status is not None and not folded(status):
            raise UsageError(
                gettext("{status} must be a text such as Open.", status=argument("status")), operation="List Tickets"
            )
        if status is None:
            return self._read.listing("list_tickets", {}, limit, refresh, columns)
        from spoki_analytics.resources.selection import Rows

        rows = Rows("status", lambda found: found.astype(object).map(folded) == folded(status), {"status": status})
        return self._read.listing("list_tickets", {}, limit, refresh, columns, rows=rows)

    load_to = to_file(load)

    @reads("retrieve_ticket", takes="id")
    def get(self, ticket_id: int, *, refresh: bool | None = None) -> pd.Series[Any]:
        """One ticket, with the columns of ``load``.

        Raises:
            NotFoundError: There is no such ticket.

        Example:
            >>> spoki.tickets.get(20501)["is_closed"]
        """
        return self._read.one("retrieve_ticket", {"id": ticket_id}, refresh=refresh)

    @corrects("create_ticket", takes="rows+values")
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
        keep_text: bool = False,
        reason: str = "",
    ) -> Plan:
        """Plan new tickets: one from its values, or one for each row of a frame.

        Args:
            tickets: A frame, or a list of mappings, with the columns named below.
            contact_phone: Number of the contact; required.
            title: At most 256 characters; required.
            status: As the account calls it, such as Open; required.
            priority: Lowest, Low, Medium, High or Highest.
            description: At most 1,024 characters.
            reference: Reference of your own, at most 256 characters.

        Example:
            >>> plan = spoki.tickets.create(contact_phone="+393330000399", title="Reso", status="Open")
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
        return self._plan.rows("create_ticket", source, missing=missing, keep_text=keep_text, reason=reason)

    @corrects("update_ticket", takes="targets")
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
        keep_text: bool = False,
        reason: str = "",
    ) -> Plan:
        """Plan new values for tickets.

        Args:
            status: As the account calls it, such as Closed.
            title: At most 256 characters.
            priority: Lowest, Low, Medium, High or Highest.
            description: At most 1,024 characters.
            reference: Reference of your own, at most 256 characters.
            contact_phone: Number of the contact.

        Raises:
            UsageError: No value was given.

        Example:
            >>> plan = spoki.tickets.update([20501, 20502], status="Closed")
        """
        values = {
            "status": status,
            "title": title,
            "priority": priority,
            "description": description,
            "reference": reference,
            "contact_phone": contact_phone,
        }
        return self._plan.edits("update_ticket", tickets, values, missing=missing, keep_text=keep_text, reason=reason)

    @corrects("delete_ticket", takes="ids")
    def delete(self, tickets: Ids, *, reason: str = "") -> Plan:
        """Plan to delete tickets, given by id; it must be confirmed.

        Example:
            >>> plan = spoki.tickets.delete(20501)
        """
        return self._plan.targets("delete_ticket", tickets, reason=reason)


def folded(status: Any) -> str:
    """A status without case, spaces, underscores and hyphens, as spellings differ (contract, section 5.1)."""
    return re.sub(r"[\s_-]+", "", status).casefold() if isinstance(status, str) else ""
