"""Outgoing webhooks: where Spoki reports events to."""

from __future__ import annotations

from typing import Any

import pandas as pd

from spoki_analytics.corrections.drafts import Ids, Targets, plan_edits, plan_rows, plan_targets
from spoki_analytics.corrections.plan import Plan
from spoki_analytics.resources.family import Family


class Webhooks(Family):
    """The outgoing webhooks of the account."""

    def load(
        self,
        *,
        is_active: bool | None = None,
        event: str | None = None,
        limit: int | None = None,
        refresh: bool | None = None,
    ) -> pd.DataFrame:
        """All of them, one row each.

        Args:
            is_active: Active ones only, or the others only.
            event: Event such as message.outbound.
            limit: Stop after so many rows.
            refresh: Ask Spoki again instead of using the cache.

        Returns:
            id, version (Int64), event, url (text), is_active (boolean).

        Raises:
            SpokiError: See ``spoki_analytics.errors``.
        """
        return self._load("list_webhooks", "webhooks", {"is_active": is_active, "event": event}, limit, refresh)

    def get(self, webhook_id: int, *, refresh: bool | None = None) -> pd.Series[Any]:
        """One of them, with the columns of ``load``.

        Raises:
            NotFoundError: There is none with that id.
        """
        return self._get("retrieve_webhook", "webhooks", {"id": webhook_id}, refresh=refresh)

    def expands(self, webhook_id: int, *, refresh: bool | None = None) -> pd.DataFrame:
        """What a webhook expands; fields unknown, flattened as they come."""
        return self._generic("list_webhook_expands", {"id": webhook_id}, {}, refresh)

    def create(self, event: str, *, url: str, version: int = 2, is_active: bool = True, reason: str = "") -> Plan:
        """Plan a new webhook; its secret is shown once by ``plan.reveal()``.

        Args:
            event: Event such as message.outbound.
            url: Address that Spoki reports to.
            version: Version of the payload.
            is_active: Whether it reports at once.
            reason: Why; shown in the preview and kept in the journal.
        """
        values = {"event": event, "version": version, "url": url, "is_active": is_active}
        return plan_rows(self._client.corrections, "create_webhook", values, reason=reason)

    def update(
        self,
        webhooks: Targets,
        *,
        event: str | None = None,
        version: int | None = None,
        url: str | None = None,
        is_active: bool | None = None,
        missing: str = "refuse",
        reason: str = "",
    ) -> Plan:
        """Plan new values for webhooks.

        Args:
            webhooks: An id, several ids, or a frame with a column ``id`` and the columns to change.
            event: Event such as message.outbound.
            version: Version of the payload.
            url: Address that Spoki reports to.
            is_active: Whether it reports.
            missing: What an empty cell of a frame means: ``refuse`` it, or ``keep`` that value as Spoki has it.
            reason: Why; shown in the preview and kept in the journal.

        Raises:
            UsageError: No value was given.
        """
        values = {"event": event, "version": version, "url": url, "is_active": is_active}
        return plan_edits(self._client.corrections, "update_webhook", webhooks, values, missing=missing, reason=reason)

    def set_expands(self, webhooks: Targets, *, expands: list[str] | None = None, reason: str = "") -> Plan:
        """Plan what webhooks, given by id, expand in their payload."""
        return plan_edits(
            self._client.corrections, "set_webhook_expands", webhooks, {"expands": expands}, reason=reason
        )

    def test(self, webhooks: Ids, *, reason: str = "") -> Plan:
        """Plan test events to webhooks, given by id."""
        return plan_targets(self._client.corrections, "test_webhook", webhooks, reason=reason)

    def rotate_secret(self, webhooks: Ids, *, reason: str = "") -> Plan:
        """Plan new secrets for webhooks, given by id; it must be confirmed. ``plan.reveal()`` shows them once."""
        return plan_targets(self._client.corrections, "rotate_webhook_secret", webhooks, reason=reason)

    def delete(self, webhooks: Ids, *, reason: str = "") -> Plan:
        """Plan to delete webhooks, given by id; it must be confirmed."""
        return plan_targets(self._client.corrections, "delete_webhook", webhooks, reason=reason)
