"""Custom fields of contacts."""

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


class CustomFields(Family):
    """The custom fields of the account."""

    @reads("list_custom_fields", about="custom fields of contacts")
    def load(
        self,
        *,
        search: str | None = None,
        label: str | None = None,
        code: str | None = None,
        columns: Iterable[str] | None = None,
        limit: int | None = None,
        refresh: bool | None = None,
    ) -> pd.DataFrame:
        """All of them, one row each.

        Args:
            search: Text in label or code.
            label: Text in the label.
            code: Text in the code.

        Example:
            >>> fields = spoki.custom_fields.load(search="CITTA")
        """
        return self._read.listing(
            "list_custom_fields", {"search": search, "label": label, "code": code}, limit, refresh, columns
        )

    load_to = to_file(load)

    @reads("retrieve_custom_field", takes="id")
    def get(self, custom_field_id: int, *, refresh: bool | None = None) -> pd.Series[Any]:
        """One of them, with the columns of ``load``.

        Raises:
            NotFoundError: There is none with that id.

        Example:
            >>> spoki.custom_fields.get(332001)["code"]
        """
        return self._read.one("retrieve_custom_field", {"id": custom_field_id}, refresh=refresh)

    @corrects("create_custom_field", takes="values")
    def create(
        self,
        label: str,
        *,
        code: str,
        field_type: int = 1,
        example: str | None = None,
        keep_text: bool = False,
        reason: str = "",
    ) -> Plan:
        """Plan a new custom field.

        Args:
            label: What people see; no other field may have it.
            code: What templates call it: upper-case letters, digits and underscores; no other field may have it.
            field_type: 1 text, 2 date, 3 date and time.
            example: An example value.

        Example:
            >>> plan = spoki.custom_fields.create("Taglia", code="TAGLIA")
        """
        values = {"label": label, "code": code, "field_type": field_type, "example": example}
        return self._plan.custom_field(values, keep_text=keep_text, reason=reason)

    @corrects("update_custom_field", takes="targets")
    def update(
        self, custom_fields: Targets, *, label: str | None = None, keep_text: bool = False, reason: str = ""
    ) -> Plan:
        """Plan a new label for a custom field, given by id; nothing else of it can change.

        Args:
            label: New label.

        Example:
            >>> plan = spoki.custom_fields.update(332001, label="Paese")
        """
        return self._plan.edits(
            "update_custom_field", custom_fields, {"label": label}, keep_text=keep_text, reason=reason
        )

    @corrects("delete_custom_field", takes="ids")
    def delete(self, custom_fields: Ids, *, reason: str = "") -> Plan:
        """Plan to delete custom fields, given by id, with all their values; it must be confirmed.

        Example:
            >>> plan = spoki.custom_fields.delete(332005)
        """
        return self._plan.targets("delete_custom_field", custom_fields, reason=reason)
