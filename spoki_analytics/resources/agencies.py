"""Agencies and their accounts."""

from __future__ import annotations

from typing import Any

import pandas as pd

from spoki_analytics.resources.family import Family


class Agencies(Family):
    """The agencies that this key sees."""

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
            id, account (Int64); of one agency also fields that no source documents.

        Raises:
            SpokiError: See ``spoki_analytics.errors``.
        """
        return self._load("list_agencies", "agencies", {}, limit, refresh)

    def get(self, agency_id: int, *, refresh: bool | None = None) -> pd.Series[Any]:
        """One of them, with the columns of ``load``.

        Raises:
            NotFoundError: There is none with that id.
        """
        return self._get("retrieve_agency", "agencies", {"id": agency_id}, refresh=refresh)
