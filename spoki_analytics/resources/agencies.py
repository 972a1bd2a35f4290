"""Agencies and their accounts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from spoki_analytics.resources.family import Family
from spoki_analytics.resources.methods import reads
from spoki_analytics.resources.to_file import to_file

if TYPE_CHECKING:
    import pandas as pd


class Agencies(Family):
    """The agencies that this key sees."""

    @reads("list_agencies", about="agencies and their accounts")
    def load(
        self,
        *,
        columns: Iterable[str] | None = None,
        limit: int | None = None,
        refresh: bool | None = None,
    ) -> pd.DataFrame:
        """All of them, one row each.

        Example:
            >>> agencies = spoki.agencies.load()
        """
        return self._read.listing("list_agencies", {}, limit, refresh, columns)

    load_to = to_file(load)

    @reads("retrieve_agency", takes="id")
    def get(self, agency_id: int, *, refresh: bool | None = None) -> pd.Series[Any]:
        """One of them, with the columns of ``load``.

        Raises:
            NotFoundError: There is none with that id.

        Example:
            >>> spoki.agencies.get(311)
        """
        return self._read.one("retrieve_agency", {"id": agency_id}, refresh=refresh)
