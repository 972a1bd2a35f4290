"""Media files, registered by their address."""

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


class Media(Family):
    """The media of the account."""

    @reads("list_media", about="media files")
    def load(
        self,
        *,
        columns: Iterable[str] | None = None,
        limit: int | None = None,
        refresh: bool | None = None,
    ) -> pd.DataFrame:
        """All of them, one row each.

        Example:
            >>> media = spoki.media.load()
        """
        return self._read.listing("list_media", {}, limit, refresh, columns)

    load_to = to_file(load)

    @reads("retrieve_media", takes="id")
    def get(self, media_id: int, *, refresh: bool | None = None) -> pd.Series[Any]:
        """One of them, with the columns of ``load``.

        Raises:
            NotFoundError: There is none with that id.

        Example:
            >>> spoki.media.get(66001)["media"]
        """
        return self._read.one("retrieve_media", {"id": media_id}, refresh=refresh)

    @corrects("create_media_file", takes="values")
    def create(
        self,
        title: str,
        *,
        external_url: str,
        format_type: str | None = None,
        content_type: str | None = None,
        keep_text: bool = False,
        reason: str = "",
    ) -> Plan:
        """Plan to register a media file by its address; nothing is uploaded.

        Args:
            title: Title.
            external_url: Its address.
            format_type: Such as image.
            content_type: MIME type, such as image/png.

        Example:
            >>> plan = spoki.media.create("Listino", external_url="https://example.com/listino.pdf")
        """
        values = {
            "title": title,
            "external_url": external_url,
            "format_type": format_type,
            "content_type": content_type,
        }
        return self._plan.rows("create_media_file", values, keep_text=keep_text, reason=reason)

    @corrects("update_media", takes="targets")
    def update(self, media: Targets, *, title: str | None = None, keep_text: bool = False, reason: str = "") -> Plan:
        """Plan a new title for media files, given by id.

        Args:
            title: New title.

        Example:
            >>> plan = spoki.media.update(66001, title="Saldi")
        """
        return self._plan.edits("update_media", media, {"title": title}, keep_text=keep_text, reason=reason)

    @corrects("delete_media_file", takes="ids")
    def delete(self, media: Ids, *, reason: str = "") -> Plan:
        """Plan to delete media files, given by id; it must be confirmed.

        Example:
            >>> plan = spoki.media.delete(66001)
        """
        return self._plan.targets("delete_media_file", media, reason=reason)
