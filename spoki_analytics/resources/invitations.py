"""Invitations of operators; no source documents their fields."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from spoki_analytics.resources.family import Family
from spoki_analytics.resources.methods import corrects, reads
from spoki_analytics.resources.to_file import to_file

if TYPE_CHECKING:
    import pandas as pd

    from spoki_analytics.corrections.drafts import Ids, Targets
    from spoki_analytics.corrections.plan import Plan


class Invitations(Family):
    """The open invitations of the account."""

    @reads("list_invitations", about="invitations of users")
    def load(
        self,
        *,
        search: str | None = None,
        columns: Iterable[str] | None = None,
        limit: int | None = None,
        refresh: bool | None = None,
    ) -> pd.DataFrame:
        """All of them, one row each.

        Args:
            search: Text in id, e-mail or names.

        Example:
            >>> invitations = spoki.invitations.load()
        """
        return self._read.listing("list_invitations", {"search": search}, limit, refresh, columns)

    load_to = to_file(load)

    @reads("retrieve_invitation", takes="id")
    def get(self, invitation_id: int, *, refresh: bool | None = None) -> pd.Series[Any]:
        """One of them, with the columns of ``load``.

        Raises:
            NotFoundError: There is none with that id.

        Example:
            >>> spoki.invitations.get(8801)["role"]
        """
        return self._read.one("retrieve_invitation", {"id": invitation_id}, refresh=refresh)

    @corrects("create_invitation", takes="values")
    def create(
        self,
        email: str,
        *,
        role: str,
        first_name: str | None = None,
        last_name: str | None = None,
        keep_text: bool = False,
        reason: str = "",
    ) -> Plan:
        """Plan an invitation; applying it sends an e-mail.

        Args:
            email: Whom to invite.
            role: Name of the role, such as Chat Operator.
            first_name: First name.
            last_name: Last name.

        Example:
            >>> plan = spoki.invitations.create("nuova@example.com", role="Chat Operator")
        """
        names = {"first_name": first_name, "last_name": last_name}
        about = {name: value for name, value in names.items() if value is not None}
        values = {"email": email, "role": role, "additional_info": about or None}
        return self._plan.rows("create_invitation", values, keep_text=keep_text, reason=reason)

    @corrects("resend_invitation", takes="ids")
    def resend(self, invitations: Ids, *, reason: str = "") -> Plan:
        """Plan to send invitations again, given by id; applying it sends e-mails.

        Example:
            >>> plan = spoki.invitations.resend(8801)
        """
        return self._plan.targets("resend_invitation", invitations, reason=reason)

    @corrects("update_invitation_role", takes="targets")
    def update_role(
        self, invitations: Targets, *, role: str | None = None, keep_text: bool = False, reason: str = ""
    ) -> Plan:
        """Plan another role for invitations, given by id; it must be confirmed.

        Args:
            role: Name of the role, such as Chat Operator.

        Example:
            >>> plan = spoki.invitations.update_role(8801, role="Chat Operator Manager")
        """
        return self._plan.edits(
            "update_invitation_role", invitations, {"role": role}, keep_text=keep_text, reason=reason
        )

    @corrects("delete_invitation", takes="ids")
    def delete(self, invitations: Ids, *, reason: str = "") -> Plan:
        """Plan to delete invitations, given by id; it must be confirmed.

        Example:
            >>> plan = spoki.invitations.delete(8801)
        """
        return self._plan.targets("delete_invitation", invitations, reason=reason)
