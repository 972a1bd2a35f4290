"""Media files, registered by their address."""

from __future__ import annotations

from typing import Any

import pandas as pd

from spoki_analytics.corrections.drafts import Ids, Targets, plan_edits, plan_rows, plan_targets
from spoki_analytics.corrections.plan import Plan
from spoki_analytics.resources.family import Family


class Media(Family):
    """The media of the account."""

    def load(
        self,
        *,
        limit: int | None = None,
        refresh: bool | None = None,
    ) -> pd.DataFrame:
        """All of them, one row each.

        Args:
            limit: Stop after so many rows.
            refresh: Ask Spoki again instead of using the cache.

        Returns:
            id (Int64), title, media (address), content_type, format_type, external_url, external_id (text), is_deleted
            (boolean).

        Raises:
            SpokiError: See ``spoki_analytics.errors``.
        """
        return self._load("list_media", "media", {}, limit, refresh)

    def get(self, media_id: int, *, refresh: bool | None = None) -> pd.Series[Any]:
        """One of them, with the columns of ``load``.

        Raises:
            NotFoundError: There is none with that id.
        """
        return self._get("retrieve_media", "media", {"id": media_id}, refresh=refresh)

    def create(
        self,
        title: str,
        *,
        external_url: str,
        format_type: str | None = None,
        content_type: str | None = None,
        reason: str = "",
    ) -> Plan:
        """Plan to register a media file by its address; nothing is uploaded.

        Args:
            title: Title.
            external_url: Its address.
            format_type: Such as image.
            content_type: MIME type, such as image/png.
            reason: Why; shown in the preview and kept in the journal.
        """
        values = {
            "title": title,
            "external_url": external_url,
            "format_type": format_type,
            "content_type": content_type,
        }
        return plan_rows(self._client.corrections, "create_media_file", values, reason=reason)

    def update(self, media: Targets, *, title: str | None = None, reason: str = "") -> Plan:
        """Plan a new title for media files, given by id."""
        return plan_edits(self._client.corrections, "update_media", media, {"title": title}, reason=reason)

    def delete(self, media: Ids, *, reason: str = "") -> Plan:
        """Plan to delete media files, given by id; it must be confirmed."""
        return plan_targets(self._client.corrections, "delete_media_file", media, reason=reason)
