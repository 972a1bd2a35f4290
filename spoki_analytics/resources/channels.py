"""Channels, such as WhatsApp numbers; two shapes of them are known."""

from __future__ import annotations

from typing import Any

import pandas as pd

from spoki_analytics.corrections.drafts import Ids, Targets, plan_edits, plan_rows, plan_targets
from spoki_analytics.corrections.plan import Plan
from spoki_analytics.resources.family import Family


class Channels(Family):
    """The channels of the account."""

    def load(
        self,
        *,
        whatsapp_business_account: str | None = None,
        waba: str | None = None,
        limit: int | None = None,
        refresh: bool | None = None,
    ) -> pd.DataFrame:
        """All of them, one row each.

        Args:
            whatsapp_business_account: Id of a WhatsApp Business account.
            waba: The same under its other name.
            limit: Stop after so many rows.
            refresh: Ask Spoki again instead of using the cache.

        Returns:
            id (Int64), name, identifier, platform, type, status, phone_status, quality_score (text), quality_colour
            (category), is_primary (boolean), phone (E.164 text) and further fields; each may be missing.

        Raises:
            SpokiError: See ``spoki_analytics.errors``.
        """
        return self._load(
            "list_channels",
            "channels",
            {"whatsapp_business_account": whatsapp_business_account, "waba": waba},
            limit,
            refresh,
        )

    def get(self, channel_id: int, *, refresh: bool | None = None) -> pd.Series[Any]:
        """One of them, with the columns of ``load``.

        Raises:
            NotFoundError: There is none with that id.
        """
        return self._get("retrieve_channel", "channels", {"id": channel_id}, refresh=refresh)

    def by_phone(self, identifier: str, *, refresh: bool | None = None) -> pd.Series[Any]:
        """The channel with that phone number (with its plus) or platform identifier; with the columns of ``load``.

        Raises:
            NotFoundError: There is none with it.
        """
        return self._get("retrieve_channel_by_phone", "channels", {"identifier": identifier}, refresh=refresh)

    def create(
        self,
        platform: int,
        *,
        name: str | None = None,
        identifier: str | None = None,
        is_primary: bool | None = None,
        reason: str = "",
    ) -> Plan:
        """Plan a new channel; platform 1 starts the onboarding of a WhatsApp number.

        Args:
            platform: Number of the platform: 1 is WhatsApp.
            name: Name.
            identifier: Phone number or identifier on the platform.
            is_primary: Make it the main channel of its platform.
            reason: Why; shown in the preview and kept in the journal.
        """
        values = {"platform": platform, "name": name, "identifier": identifier, "is_primary": is_primary}
        return plan_rows(self._client.corrections, "create_channel", values, reason=reason)

    def update(self, channels: Targets, *, name: str | None = None, reason: str = "") -> Plan:
        """Plan a new name for channels, given by id."""
        return plan_edits(self._client.corrections, "update_channel", channels, {"name": name}, reason=reason)

    def set_primary(self, channel_id: int, *, reason: str = "") -> Plan:
        """Plan to make a channel the main one of its platform."""
        return plan_targets(self._client.corrections, "set_primary_channel", channel_id, reason=reason)

    def refresh_status(self, channels: Ids, *, reason: str = "") -> Plan:
        """Plan to have Spoki ask WhatsApp for the status of channels, given by id."""
        return plan_targets(self._client.corrections, "refresh_channel_status", channels, reason=reason)
