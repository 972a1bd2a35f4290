"""Tags; the API can only read them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from spoki_analytics.resources.family import Family
from spoki_analytics.resources.methods import reads
from spoki_analytics.resources.to_file import to_file

if TYPE_CHECKING:
    import pandas as pd


class Tags(Family):
    """The tags of the account."""

    @reads("list_tags", about="tags")
    def load(
        self,
        *,
        columns: Iterable[str] | None = None,
        limit: int | None = None,
        refresh: bool | None = None,
    ) -> pd.DataFrame:
        """All of them, one row each.

        Example:
            >>> tags = spoki.tags.load()
        """
        return self._read.listing("list_tags", {}, limit, refresh, columns)

    load_to = to_file(load)

    @reads("retrieve_tag", takes="id")
    def get(self, tag_id: int, *, refresh: bool | None = None) -> pd.Series[Any]:
        """One of them, with the columns of ``load``.

        Raises:
            NotFoundError: There is none with that id.

        Example:
            >>> spoki.tags.get(5101)["name"]
        """
        return self._read.one("retrieve_tag", {"id": tag_id}, refresh=refresh)
