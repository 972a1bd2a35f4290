"""Tags; the API can only read them."""

from __future__ import annotations

from typing import Any

import pandas as pd

from spoki_analytics.resources.family import Family


class Tags(Family):
    """The tags of the account."""

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
            id (Int64), name, color (text), order (Int64).

        Raises:
            SpokiError: See ``spoki_analytics.errors``.
        """
        return self._load("list_tags", "tags", {}, limit, refresh)

    def get(self, tag_id: int, *, refresh: bool | None = None) -> pd.Series[Any]:
        """One of them, with the columns of ``load``.

        Raises:
            NotFoundError: There is none with that id.
        """
        return self._get("retrieve_tag", "tags", {"id": tag_id}, refresh=refresh)
