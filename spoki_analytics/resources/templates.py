"""Message templates and their localizations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from spoki_analytics.errors import UsageError
from spoki_analytics.resources.family import Family
from spoki_analytics.resources.methods import corrects, reads
from spoki_analytics.resources.to_file import to_file
from spoki_analytics.wording.arguments import argument
from spoki_analytics.wording.messages import gettext

if TYPE_CHECKING:
    import pandas as pd

    from spoki_analytics.corrections.drafts import Ids, Targets
    from spoki_analytics.corrections.plan import Plan


class Templates(Family):
    """The templates of the account."""

    @reads("list_templates", about="message templates")
    def load(
        self,
        *,
        search: str | None = None,
        channel_id: int | None = None,
        columns: Iterable[str] | None = None,
        limit: int | None = None,
        refresh: bool | None = None,
    ) -> pd.DataFrame:
        """All of them, one row each.

        Args:
            search: Text in id, name or text.
            channel_id: Id of an active WhatsApp channel.

        Example:
            >>> templates = spoki.templates.load(search="ordine")
        """
        return self._read.listing(
            "list_templates", {"search": search, "channel_id": channel_id}, limit, refresh, columns
        )

    load_to = to_file(load)

    @reads("retrieve_template", takes="id")
    def get(self, template_id: int, *, channel_id: int | None = None, refresh: bool | None = None) -> pd.Series[Any]:
        """One of them, with the columns of ``load``.

        Args:
            template_id: Id of the template.
            channel_id: Id of an active WhatsApp channel.

        Raises:
            NotFoundError: There is none with that id.

        Example:
            >>> spoki.templates.get(454501)["category"]
        """
        return self._read.one("retrieve_template", {"id": template_id}, {"channel_id": channel_id}, refresh=refresh)

    @reads("list_templates", about="languages of each template, with texts", which="localizations")
    def localizations(self, *, columns: Iterable[str] | None = None, refresh: bool | None = None) -> pd.DataFrame:
        """The localizations of templates, long: one row per template and language.

        Example:
            >>> texts = spoki.templates.localizations()
        """
        return self.memberships("localizations", columns=columns, refresh=refresh)

    def memberships(
        self, which: str = "localizations", *, columns: Iterable[str] | None = None, refresh: bool | None = None
    ) -> pd.DataFrame:
        """A side table of the templates by its name: ``localizations``, as the method of that name gives it.

        Args:
            which: ``localizations``.
            columns: Only these columns, in this order; the cache keeps all.
            refresh: Ask Spoki again instead of using the cache.

        Raises:
            UsageError: Another name than that.

        Example:
            >>> texts = spoki.templates.memberships("localizations")
        """
        return self._read.side_table("list_templates", which, refresh, columns)

    @corrects("create_template", takes="values")
    def create(
        self,
        name: str,
        *,
        category: str,
        templatelocalization_set: list[Mapping[str, Any]],
        subcategory: str | None = None,
        template_groups: list[int] | None = None,
        keep_text: bool = False,
        reason: str = "",
    ) -> Plan:
        """Plan a new template, as a draft.

        Args:
            name: Name.
            category: MARKETING, UTILITY or AUTHENTICATION.
            templatelocalization_set: One mapping for each language, as the API writes them.
            subcategory: Such as CLASSIC.
            template_groups: Ids of groups.

        Example:
            >>> text = {"language": "it", "body_template_component": {"format": "text", "text": "Ciao"}}
            >>> plan = spoki.templates.create("saluto", category="UTILITY", templatelocalization_set=[text])
        """
        values = {
            "name": name,
            "category": category,
            "templatelocalization_set": templatelocalization_set,
            "subcategory": subcategory,
            "template_groups": template_groups,
        }
        return self._plan.rows("create_template", values, keep_text=keep_text, reason=reason)

    @corrects("update_template", takes="targets")
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
        keep_text: bool = False,
        reason: str = "",
    ) -> Plan:
        """Plan new values for templates.

        Args:
            name: New name.
            category: MARKETING, UTILITY or AUTHENTICATION.
            subcategory: Such as CLASSIC.
            template_groups: Ids of groups.
            templatelocalization_set: One mapping for each language; those to change carry ``id``.

        Raises:
            UsageError: No value was given.

        Example:
            >>> plan = spoki.templates.update(454502, name="conferma")
        """
        values = {
            "name": name,
            "category": category,
            "subcategory": subcategory,
            "template_groups": template_groups,
            "templatelocalization_set": templatelocalization_set,
        }
        return self._plan.edits(
            "update_template", templates, values, missing=missing, keep_text=keep_text, reason=reason
        )

    @corrects("clone_template", takes="ids")
    def clone(self, templates: Ids, *, reason: str = "") -> Plan:
        """Plan copies of templates, given by id; each copy is a draft.

        Example:
            >>> plan = spoki.templates.clone(454508)
        """
        return self._plan.targets("clone_template", templates, reason=reason)

    @corrects("submit_template", takes="ids")
    def submit(self, templates: Ids, *, reason: str = "") -> Plan:
        """Plan to ask Meta to approve templates, given by id; it must be confirmed.

        Example:
            >>> plan = spoki.templates.submit(454502)
        """
        return self._plan.targets("submit_template", templates, reason=reason)

    @corrects("revert_template_to_draft", takes="ids")
    def revert_to_draft(self, templates: Ids, *, reason: str = "") -> Plan:
        """Plan to take templates, given by id, off WhatsApp and back to drafts; it must be confirmed.

        Example:
            >>> plan = spoki.templates.revert_to_draft(454501)
        """
        return self._plan.targets("revert_template_to_draft", templates, reason=reason)

    @corrects("delete_template", takes="ids")
    def delete(self, templates: Ids, *, force: bool = False, reason: str = "") -> Plan:
        """Plan to delete templates, given by id; it must be confirmed.

        Args:
            force: Delete also what automations use.

        Example:
            >>> plan = spoki.templates.delete(454505, force=True)
        """
        if not isinstance(force, bool):
            raise UsageError(gettext("{argument} must be true or false.", argument=argument("force")))
        query = {"force_delete": "true"} if force else {}
        return self._plan.targets("delete_template", templates, query=query, reason=reason)
