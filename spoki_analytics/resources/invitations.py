"""Invitations of operators; no source documents their fields."""

from __future__ import annotations

from typing import Any

import pandas as pd

from spoki_analytics.corrections.drafts import Ids, Targets, plan_edits, plan_rows, plan_targets
from spoki_analytics.corrections.plan import Plan
from spoki_analytics.resources.family import Family


class Invitations(Family):
    """The open invitations of the account."""

    def load(
        self,
        *,
        search: str | None = None,
        limit: int | None = None,
        refresh: bool | None = None,
    ) -> pd.DataFrame:
        """All of them, one row each.

        Args:
            search: Text in id, e-mail or names.
            limit: Stop after so many rows.
            refresh: Ask Spoki again instead of using the cache.

        Returns:
            id (Int64) and whatever Spoki sends, flattened.

        Raises:
            SpokiError: See ``spoki_analytics.errors``.
        """
        return self._load("list_invitations", "invitations", {"search": search}, limit, refresh)

    def get(self, invitation_id: int, *, refresh: bool | None = None) -> pd.Series[Any]:
        """One of them, with the columns of ``load``.

        Raises:
            NotFoundError: There is none with that id.
        """
        return self._get("retrieve_invitation", "invitations", {"id": invitation_id}, refresh=refresh)

    def create(
        self,
        email: str,
        *,
        role: str,
        first_name: str | None = None,
        last_name: str | None = None,
        reason: str = "",
    ) -> Plan:
        """Plan an invitation; applying it sends an e-mail.

        Args:
            email: Whom to invite.
            role: Name of the role, such as Chat Operator.
            first_name: First name.
            last_name: Last name.
            reason: Why; shown in the preview and kept in the journal.
        """
        names = {"first_name": first_name, "last_name": last_name}
        about = {name: value for name, value in names.items() if value is not None}
        values = {"email": email, "role": role, "additional_info": about or None}
        return plan_rows(self._client.corrections, "create_invitation", values, reason=reason)

    def resend(self, invitations: Ids, *, reason: str = "") -> Plan:
        """Plan to send invitations again, given by id; applying it sends e-mails."""
        return plan_targets(self._client.corrections, "resend_invitation", invitations, reason=reason)

    def update_role(self, invitations: Targets, *, role: str | None = None, reason: str = "") -> Plan:
        """Plan another role for invitations, given by id; it must be confirmed."""
        planner = self._client.corrections
        return plan_edits(planner, "update_invitation_role", invitations, {"role": role}, reason=reason)

    def delete(self, invitations: Ids, *, reason: str = "") -> Plan:
        """Plan to delete invitations, given by id; it must be confirmed."""
        return plan_targets(self._client.corrections, "delete_invitation", invitations, reason=reason)
