"""Custom fields of contacts."""

from __future__ import annotations

from typing import Any

import pandas as pd

from spoki_analytics.corrections.drafts import Ids, Targets, plan_edits, plan_rows, plan_targets
from spoki_analytics.corrections.plan import Plan
from spoki_analytics.corrections.refusals import Reason, Refusal
from spoki_analytics.resources.family import Family
from spoki_analytics.wording.names import quote


class CustomFields(Family):
    """The custom fields of the account."""

    def load(
        self,
        *,
        search: str | None = None,
        label: str | None = None,
        code: str | None = None,
        limit: int | None = None,
        refresh: bool | None = None,
    ) -> pd.DataFrame:
        """All of them, one row each.

        Args:
            search: Text in label or code.
            label: Text in the label.
            code: Text in the code.
            limit: Stop after so many rows.
            refresh: Ask Spoki again instead of using the cache.

        Returns:
            id (Int64), label, code (text), field_type (Int64: 1 text, 2 date, 3 datetime), example (text).

        Raises:
            SpokiError: See ``spoki_analytics.errors``.
        """
        return self._load(
            "list_custom_fields", "custom_fields", {"search": search, "label": label, "code": code}, limit, refresh
        )

    def get(self, custom_field_id: int, *, refresh: bool | None = None) -> pd.Series[Any]:
        """One of them, with the columns of ``load``.

        Raises:
            NotFoundError: There is none with that id.
        """
        return self._get("retrieve_custom_field", "custom_fields", {"id": custom_field_id}, refresh=refresh)

    def create(
        self, label: str, *, code: str, field_type: int = 1, example: str | None = None, reason: str = ""
    ) -> Plan:
        """Plan a new custom field.

        Args:
            label: What people see; no other field may have it.
            code: What templates call it: upper-case letters, digits and underscores; no other field may have it.
            field_type: 1 text, 2 date, 3 date and time.
            example: An example value.
            reason: Why; shown in the preview and kept in the journal.
        """
        planner = self._client.corrections
        fields = planner.reader().listing("list_custom_fields")
        taken = [*_taken(fields, "label", label), *_taken(fields, "code", code)]
        values = {"label": label, "code": code, "field_type": field_type, "example": example}
        return plan_rows(planner, "create_custom_field", [] if taken else [values], reason=reason, refusals=taken)

    def update(self, custom_fields: Targets, *, label: str | None = None, reason: str = "") -> Plan:
        """Plan a new label for a custom field, given by id; nothing else of it can change."""
        planner = self._client.corrections
        return plan_edits(planner, "update_custom_field", custom_fields, {"label": label}, reason=reason)

    def delete(self, custom_fields: Ids, *, reason: str = "") -> Plan:
        """Plan to delete custom fields, given by id, with all their values; it must be confirmed."""
        return plan_targets(self._client.corrections, "delete_custom_field", custom_fields, reason=reason)


def _taken(fields: list[dict[str, Any]], name: str, value: str) -> list[Refusal]:
    """Why a new field cannot have that label or code: another field has it."""
    return [
        Refusal("call", name, Reason.TAKEN, {"value": quote(value), "name": name, "id": row.get("id")})
        for row in fields
        if str(row.get(name, "")).casefold() == str(value).strip().casefold()
    ]
