"""Roles: the operators of an account and what they may do."""

from __future__ import annotations

from typing import Any

import pandas as pd

from spoki_analytics.corrections.drafts import Ids, Targets, plan_edits, plan_rows, plan_targets
from spoki_analytics.corrections.plan import Plan
from spoki_analytics.errors import UnexpectedAnswerError
from spoki_analytics.resources.family import Family


class Roles(Family):
    """The roles of the account."""

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
            id (Int64), role (text), user.id (Int64), user.uid, user.email, user.firstname, user.surname (text),
            user.is_service (boolean).

        Raises:
            SpokiError: See ``spoki_analytics.errors``.
        """
        return self._load("list_roles", "roles", {"search": search}, limit, refresh)

    def get(self, role_id: int, *, refresh: bool | None = None) -> pd.Series[Any]:
        """One of them, with the columns of ``load``.

        Raises:
            NotFoundError: There is none with that id.
        """
        return self._get("retrieve_role", "roles", {"id": role_id}, refresh=refresh)

    def has_private_key(self, role_id: int, *, refresh: bool | None = None) -> bool:
        """Whether a role has a private key.

        Raises:
            UnexpectedAnswerError: Spoki answered neither with ``has_private_key`` nor with true or false.
        """
        answer = self._object("check_role_private_key", {"id": role_id}, {}, refresh)
        value = answer.value.get("has_private_key") if isinstance(answer.value, dict) else answer.value
        if isinstance(value, bool):
            return value
        raise UnexpectedAnswerError("Spoki did not say whether the role has a key.", operation=answer.operation.name)

    def add_service_user(self, name: str, *, role: str, email: str | None = None, reason: str = "") -> Plan:
        """Plan a service user; it must be confirmed.

        Args:
            name: Name.
            role: Name of its role, such as Administrator or Chat Operator.
            email: E-mail.
            reason: Why; shown in the preview and kept in the journal.
        """
        values = {"name": name, "role": role, "email": email}
        return plan_rows(self._client.corrections, "add_service_user", values, reason=reason)

    def update(self, roles: Targets, *, role: str | None = None, reason: str = "") -> Plan:
        """Plan another role for operators, given by id of their role; it must be confirmed."""
        return plan_edits(self._client.corrections, "update_role", roles, {"role": role}, reason=reason)

    def generate_private_key(self, roles: Ids, *, reason: str = "") -> Plan:
        """Plan new private keys for roles, given by id; it must be confirmed.

        A new key may replace the old one. ``plan.reveal()`` shows it once; it is kept nowhere.
        """
        return plan_targets(self._client.corrections, "generate_role_private_key", roles, reason=reason)

    def delete(self, roles: Ids, *, reason: str = "") -> Plan:
        """Plan to delete roles, given by id; it must be confirmed. Spoki keeps the only administrator."""
        return plan_targets(self._client.corrections, "delete_role", roles, reason=reason)
