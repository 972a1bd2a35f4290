"""Roles: the operators of an account and what they may do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from spoki_analytics.errors import UnexpectedAnswerError
from spoki_analytics.resources.family import Family
from spoki_analytics.resources.methods import corrects, reads
from spoki_analytics.resources.to_file import to_file
from spoki_analytics.wording.messages import gettext

if TYPE_CHECKING:
    import pandas as pd

    from spoki_analytics.corrections.drafts import Ids, Targets
    from spoki_analytics.corrections.plan import Plan


class Roles(Family):
    """The roles of the account."""

    @reads("list_roles", about="users of the account and what they may do")
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
            >>> roles = spoki.roles.load()
        """
        return self._read.listing("list_roles", {"search": search}, limit, refresh, columns)

    load_to = to_file(load)

    @reads("retrieve_role", takes="id")
    def get(self, role_id: int, *, refresh: bool | None = None) -> pd.Series[Any]:
        """One of them, with the columns of ``load``.

        Raises:
            NotFoundError: There is none with that id.

        Example:
            >>> spoki.roles.get(7701)["user.email"]
        """
        return self._read.one("retrieve_role", {"id": role_id}, refresh=refresh)

    @reads("check_role_private_key", takes="id", about="whether a role has a private key")
    def has_private_key(self, role_id: int, *, refresh: bool | None = None) -> bool:
        """Whether a role has a private key.

        Raises:
            UnexpectedAnswerError: Spoki answered neither with ``has_private_key`` nor with true or false.

        Example:
            >>> spoki.roles.has_private_key(7701)
        """
        answer = self._read.object("check_role_private_key", {"id": role_id}, {}, refresh)
        value = answer.value.get("has_private_key") if isinstance(answer.value, dict) else answer.value
        if isinstance(value, bool):
            return value
        raise UnexpectedAnswerError(
            gettext("Spoki did not say whether the role has a key."), operation=answer.operation.name
        )

    @corrects("add_service_user", takes="values")
    def add_service_user(
        self, name: str, *, role: str, email: str | None = None, keep_text: bool = False, reason: str = ""
    ) -> Plan:
        """Plan a service user; it must be confirmed.

        Args:
            name: Name.
            role: Name of its role, such as Administrator or Chat Operator.
            email: E-mail.

        Example:
            >>> plan = spoki.roles.add_service_user("Bot", role="Chat Operator")
        """
        values = {"name": name, "role": role, "email": email}
        return self._plan.rows("add_service_user", values, keep_text=keep_text, reason=reason)

    @corrects("update_role", takes="targets")
    def update(self, roles: Targets, *, role: str | None = None, keep_text: bool = False, reason: str = "") -> Plan:
        """Plan another role for operators, given by id of their role; it must be confirmed.

        Args:
            role: Name of the role, such as Chat Operator.

        Example:
            >>> plan = spoki.roles.update(7705, role="Chat Operator Manager")
        """
        return self._plan.edits("update_role", roles, {"role": role}, keep_text=keep_text, reason=reason)

    @corrects("generate_role_private_key", takes="ids")
    def generate_private_key(self, roles: Ids, *, reason: str = "") -> Plan:
        """Plan new private keys for roles, given by id; it must be confirmed.

        A new key may replace the old one. ``plan.reveal()`` shows it once; it is kept nowhere.

        Example:
            >>> plan = spoki.roles.generate_private_key(7703)
        """
        return self._plan.targets("generate_role_private_key", roles, reason=reason)

    @corrects("delete_role", takes="ids")
    def delete(self, roles: Ids, *, reason: str = "") -> Plan:
        """Plan to delete roles, given by id; it must be confirmed. Spoki keeps the only administrator.

        Example:
            >>> plan = spoki.roles.delete(7705)
        """
        return self._plan.targets("delete_role", roles, reason=reason)
