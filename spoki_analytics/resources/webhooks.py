"""Outgoing webhooks: where Spoki reports events to."""

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


class Webhooks(Family):
    """The outgoing webhooks of the account."""

    @reads("list_webhooks", about="webhooks")
    def load(
        self,
        *,
        is_active: bool | None = None,
        event: str | None = None,
        columns: Iterable[str] | None = None,
        limit: int | None = None,
        refresh: bool | None = None,
    ) -> pd.DataFrame:
        """All of them, one row each.

        Args:
            is_active: Active ones only, or the others only.
            event: Event such as message.outbound.

        Example:
            >>> webhooks = spoki.webhooks.load(is_active=True)
        """
        return self._read.listing("list_webhooks", {"is_active": is_active, "event": event}, limit, refresh, columns)

    load_to = to_file(load)

    @reads("retrieve_webhook", takes="id")
    def get(self, webhook_id: int, *, refresh: bool | None = None) -> pd.Series[Any]:
        """One of them, with the columns of ``load``.

        Raises:
            NotFoundError: There is none with that id.

        Example:
            >>> spoki.webhooks.get(91)["url"]
        """
        return self._read.one("retrieve_webhook", {"id": webhook_id}, refresh=refresh)

    @reads("list_webhook_expands", takes="id", about="what a webhook expands")
    def expands(self, webhook_id: int, *, refresh: bool | None = None) -> pd.DataFrame:
        """What a webhook expands; fields unknown, flattened as they come.

        Example:
            >>> spoki.webhooks.expands(91)
        """
        return self._read.generic("list_webhook_expands", {"id": webhook_id}, {}, refresh)

    @corrects("create_webhook", takes="values")
    def create(
        self,
        event: str,
        *,
        url: str,
        version: int = 2,
        is_active: bool = True,
        keep_text: bool = False,
        reason: str = "",
    ) -> Plan:
        """Plan a new webhook; its secret is shown once by ``plan.reveal()``.

        Args:
            event: Event such as message.outbound.
            url: Address that Spoki reports to.
            version: Version of the payload.
            is_active: Whether it reports at once.

        Example:
            >>> plan = spoki.webhooks.create("message.outbound", url="https://example.com/spoki")
        """
        values = {"event": event, "version": version, "url": url, "is_active": is_active}
        return self._plan.rows("create_webhook", values, keep_text=keep_text, reason=reason)

    @corrects("update_webhook", takes="targets")
    def update(
        self,
        webhooks: Targets,
        *,
        event: str | None = None,
        version: int | None = None,
        url: str | None = None,
        is_active: bool | None = None,
        missing: str = "refuse",
        keep_text: bool = False,
        reason: str = "",
    ) -> Plan:
        """Plan new values for webhooks.

        Args:
            event: Event such as message.outbound.
            version: Version of the payload.
            url: Address that Spoki reports to.
            is_active: Whether it reports.

        Raises:
            UsageError: No value was given.

        Example:
            >>> plan = spoki.webhooks.update(91, is_active=False)
        """
        values = {"event": event, "version": version, "url": url, "is_active": is_active}
        return self._plan.edits("update_webhook", webhooks, values, missing=missing, keep_text=keep_text, reason=reason)

    @corrects("set_webhook_expands", takes="targets")
    def set_expands(
        self, webhooks: Targets, *, expands: list[str] | None = None, keep_text: bool = False, reason: str = ""
    ) -> Plan:
        """Plan what webhooks, given by id, expand in their payload.

        Args:
            expands: What is expanded, such as channel; replaces what was.

        Example:
            >>> plan = spoki.webhooks.set_expands(91, expands=["channel"])
        """
        return self._plan.edits(
            "set_webhook_expands", webhooks, {"expands": expands}, keep_text=keep_text, reason=reason
        )

    @corrects("test_webhook", takes="ids")
    def test(self, webhooks: Ids, *, reason: str = "") -> Plan:
        """Plan test events to webhooks, given by id.

        Example:
            >>> plan = spoki.webhooks.test(91)
        """
        return self._plan.targets("test_webhook", webhooks, reason=reason)

    @corrects("rotate_webhook_secret", takes="ids")
    def rotate_secret(self, webhooks: Ids, *, reason: str = "") -> Plan:
        """Plan new secrets for webhooks, given by id; it must be confirmed. ``plan.reveal()`` shows them once.

        Example:
            >>> plan = spoki.webhooks.rotate_secret(91)
        """
        return self._plan.targets("rotate_webhook_secret", webhooks, reason=reason)

    @corrects("delete_webhook", takes="ids")
    def delete(self, webhooks: Ids, *, reason: str = "") -> Plan:
        """Plan to delete webhooks, given by id; it must be confirmed.

        Example:
            >>> plan = spoki.webhooks.delete(91)
        """
        return self._plan.targets("delete_webhook", webhooks, reason=reason)
