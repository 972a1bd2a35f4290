"""Automations; their statistics are not in the API."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from spoki_analytics.resources.family import Family
from spoki_analytics.resources.methods import reads
from spoki_analytics.resources.to_file import to_file

if TYPE_CHECKING:
    import pandas as pd


class Automations(Family):
    """The automations of the account."""

    @reads("list_automations", about="automations")
    def load(
        self,
        *,
        search: str | None = None,
        webhook_platform: str | None = None,
        is_active: bool | None = None,
        columns: Iterable[str] | None = None,
        limit: int | None = None,
        refresh: bool | None = None,
    ) -> pd.DataFrame:
        """All of them, one row each.

        Args:
            search: Text in the name or in the webhook link.
            webhook_platform: Platform such as Shopify.
            is_active: Active ones only, or the others only.

        Example:
            >>> active = spoki.automations.load(is_active=True)
        """
        return self._read.listing(
            "list_automations",
            {"search": search, "webhook_platform": webhook_platform, "is_active": is_active},
            limit,
            refresh,
            columns,
        )

    load_to = to_file(load)

    @reads("retrieve_automation", takes="id")
    def get(self, automation_id: int, *, refresh: bool | None = None) -> pd.Series[Any]:
        """One of them, with the columns of ``load``.

        Raises:
            NotFoundError: There is none with that id.

        Example:
            >>> spoki.automations.get(345001)["name"]
        """
        return self._read.one("retrieve_automation", {"id": automation_id}, refresh=refresh)

    @reads("list_automations", which="webhooks", about="webhooks of each automation, redacted")
    def memberships(
        self, which: str = "webhooks", *, columns: Iterable[str] | None = None, refresh: bool | None = None
    ) -> pd.DataFrame:
        """The webhooks of automations, long: one row per automation and webhook.

        Args:
            which: ``webhooks``.

        Raises:
            UsageError: Another name than that.

        Example:
            >>> spoki.automations.memberships("webhooks")
        """
        return self._read.side_table("list_automations", which, refresh, columns)

    @reads("list_custom_fields_of_automation", takes="id", about="custom fields that an automation uses")
    def custom_fields_used(self, automation_id: int, *, refresh: bool | None = None) -> pd.DataFrame:
        """The custom fields that an automation uses; fields unknown, flattened as they come.

        Example:
            >>> spoki.automations.custom_fields_used(345001)
        """
        return self._read.generic("list_custom_fields_of_automation", {"id": automation_id}, {}, refresh)
