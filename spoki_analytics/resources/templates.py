"""Message templates and their localizations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from spoki_analytics.corrections.drafts import Ids, Targets, plan_edits, plan_rows, plan_targets
from spoki_analytics.corrections.plan import Plan
from spoki_analytics.resources.family import Family


class Templates(Family):
    """The templates of the account."""

    def load(
        self,
        *,
        search: str | None = None,
        channel_id: int | None = None,
        limit: int | None = None,
        refresh: bool | None = None,
    ) -> pd.DataFrame:
        """All of them, one row each.

        Args:
            search: Text in id, name or text.
            channel_id: Id of an active WhatsApp channel.
            limit: Stop after so many rows.
            refresh: Ask Spoki again instead of using the cache.

        Returns:
            id (Int64), name, category, subcategory (text), is_approved, is_favorite (boolean), status, integration (as
            Spoki sends them) and further fields.

        Raises:
            SpokiError: See ``spoki_analytics.errors``.
        """
        return self._load("list_templates", "templates", {"search": search, "channel_id": channel_id}, limit, refresh)

    def get(self, template_id: int, *, channel_id: int | None = None, refresh: bool | None = None) -> pd.Series[Any]:
        """One of them, with the columns of ``load``.

        Args:
            template_id: Id of the template.
            channel_id: Id of an active WhatsApp channel.
            refresh: Ask Spoki again instead of using the cache.

        Raises:
            NotFoundError: There is none with that id.
        """
        return self._get(
            "retrieve_template", "templates", {"id": template_id}, {"channel_id": channel_id}, refresh=refresh
        )

    def localizations(self, *, refresh: bool | None = None) -> pd.DataFrame:
        """The localizations of templates, long: one row per template and language.

        Args:
            refresh: Ask Spoki again instead of using the cache.

        Returns:
            template_id, id (Int64), language, status, rejection_reason (text), status_updated_at (datetime64[us, UTC]),
            header.text, body.text, footer.text and further components under either name that Spoki gives them (text;
            structures as JSON).

        Raises:
            SpokiError: See ``spoki_analytics.errors``.
        """
        return self.memberships("localizations", refresh=refresh)

    def memberships(self, which: str = "localizations", *, refresh: bool | None = None) -> pd.DataFrame:
        """A side table of the templates by its name: ``localizations``, as the method of that name gives it.

        Raises:
            UsageError: Another name than that.
        """
        return self._memberships("list_templates", "templates", which, refresh)

    def create(
        self,
        name: str,
        *,
        category: str,
        templatelocalization_set: list[Mapping[str, Any]],
        subcategory: str | None = None,
        template_groups: list[int] | None = None,
        reason: str = "",
    ) -> Plan:
        """Plan a new template, as a draft.

        Args:
            name: Name.
            category: MARKETING, UTILITY or AUTHENTICATION.
            templatelocalization_set: One mapping for each language, as the API writes them.
            subcategory: Such as CLASSIC.
            template_groups: Ids of groups.
            reason: Why; shown in the preview and kept in the journal.
        """
        values = {
            "name": name,
            "category": category,
            "templatelocalization_set": templatelocalization_set,
            "subcategory": subcategory,
            "template_groups": template_groups,
        }
        return plan_rows(self._client.corrections, "create_template", values, reason=reason)

    def update(
        self,
        templates: Targets,
        *,
        name: str | None = None,
        category: str | None = None,
        subcategory: str | None = None,
        template_groups: list[int] | None = None,
        templatelocalization_set: list[Mapping[str, Any]] | None = None,
        missing: str = "refuse",
        reason: str = "",
    ) -> Plan:
        """Plan new values for templates.

        Args:
            templates: An id, several ids, or a frame with a column ``id`` and the columns to change.
            name: New name.
            category: MARKETING, UTILITY or AUTHENTICATION.
            subcategory: Such as CLASSIC.
            template_groups: Ids of groups.
            templatelocalization_set: One mapping for each language; those to change carry ``id``.
            missing: What an empty cell of a frame means: ``refuse`` it, or ``keep`` that value as Spoki has it.
            reason: Why; shown in the preview and kept in the journal.

        Raises:
            UsageError: No value was given.
        """
        values = {
            "name": name,
            "category": category,
            "subcategory": subcategory,
            "template_groups": template_groups,
            "templatelocalization_set": templatelocalization_set,
        }
        return plan_edits(
            self._client.corrections, "update_template", templates, values, missing=missing, reason=reason
        )

    def clone(self, templates: Ids, *, reason: str = "") -> Plan:
        """Plan copies of templates, given by id; each copy is a draft."""
        return plan_targets(self._client.corrections, "clone_template", templates, reason=reason)

    def submit(self, templates: Ids, *, reason: str = "") -> Plan:
        """Plan to ask Meta to approve templates, given by id; it must be confirmed."""
        return plan_targets(self._client.corrections, "submit_template", templates, reason=reason)

    def revert_to_draft(self, templates: Ids, *, reason: str = "") -> Plan:
        """Plan to take templates, given by id, off WhatsApp and back to drafts; it must be confirmed."""
        return plan_targets(self._client.corrections, "revert_template_to_draft", templates, reason=reason)

    def delete(self, templates: Ids, *, force: bool = False, reason: str = "") -> Plan:
        """Plan to delete templates, given by id; it must be confirmed.

        Args:
            templates: An id or several.
            force: Delete also what automations use.
            reason: Why; shown in the preview and kept in the journal.
        """
        query = {"force_delete": "true"} if force else {}
        return plan_targets(self._client.corrections, "delete_template", templates, query=query, reason=reason)
