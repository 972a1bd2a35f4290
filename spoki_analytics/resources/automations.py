"""Automations; their statistics are not in the API."""

from __future__ import annotations

from typing import Any

import pandas as pd

from spoki_analytics.resources.family import Family


class Automations(Family):
    """The automations of the account."""

    def load(
        self,
        *,
        search: str | None = None,
        webhook_platform: str | None = None,
        is_active: bool | None = None,
        limit: int | None = None,
        refresh: bool | None = None,
    ) -> pd.DataFrame:
        """All of them, one row each.

        Args:
            search: Text in the name or in the webhook link.
            webhook_platform: Platform such as Shopify.
            is_active: Active ones only, or the others only.
            limit: Stop after so many rows.
            refresh: Ask Spoki again instead of using the cache.

        Returns:
            id (Int64), name, first_message_text (text), is_active, is_favorite (boolean), created_datetime,
            updated_datetime (datetime64[us, UTC]), updated_user.*, webhook_set (list); secrets are redacted.

        Raises:
            SpokiError: See ``spoki_analytics.errors``.
        """
        return self._load(
            "list_automations",
            "automations",
            {"search": search, "webhook_platform": webhook_platform, "is_active": is_active},
            limit,
            refresh,
        )

    def get(self, automation_id: int, *, refresh: bool | None = None) -> pd.Series[Any]:
        """One of them, with the columns of ``load``.

        Raises:
            NotFoundError: There is none with that id.
        """
        return self._get("retrieve_automation", "automations", {"id": automation_id}, refresh=refresh)

    def memberships(self, which: str = "webhooks", *, refresh: bool | None = None) -> pd.DataFrame:
        """The webhooks of automations, long: one row per automation and webhook.

        Args:
            which: ``webhooks``.
            refresh: Ask Spoki again instead of using the cache.

        Returns:
            automation_id (Int64), uuid, link, secret (text, always redacted), is_active (boolean).

        Raises:
            UsageError: Another name than that.
            SpokiError: See ``spoki_analytics.errors``.
        """
        return self._memberships("list_automations", "automations", which, refresh)

    def custom_fields_used(self, automation_id: int, *, refresh: bool | None = None) -> pd.DataFrame:
        """The custom fields that an automation uses; fields unknown, flattened as they come."""
        return self._generic("list_custom_fields_of_automation", {"id": automation_id}, {}, refresh)
