"""Campaigns and their funnels."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from spoki_analytics.resources.days import Day, day_range, next_day
from spoki_analytics.resources.family import Family
from spoki_analytics.resources.methods import corrects, reads
from spoki_analytics.resources.to_file import to_file

if TYPE_CHECKING:
    import pandas as pd

    from spoki_analytics.corrections.drafts import Ids, Targets
    from spoki_analytics.corrections.plan import Plan


class Campaigns(Family):
    """The campaigns of the account."""

    @reads("list_campaigns", about="campaigns and their funnels")
    def load(
        self,
        scheduled_from: Day | None = None,
        scheduled_to: Day | None = None,
        *,
        columns: Iterable[str] | None = None,
        limit: int | None = None,
        refresh: bool | None = None,
    ) -> pd.DataFrame:
        """Campaigns, one row each.

        Args:
            scheduled_from: First day of the planned sending, in the client's time zone.
            scheduled_to: Last day, included.

        Raises:
            UsageError: A day that is none, or the first after the last.

        Example:
            >>> campaigns = spoki.campaigns.load("2026-10-01", "2026-10-31")
        """
        zone = self._client.home.zone
        first, last = day_range(scheduled_from, scheduled_to, zone, ("scheduled_from", "scheduled_to"))
        # Whose midnight the server means is not documented: ask for a day more on each side, and cut here.
        query = {
            "scheduled_datetime_gte": first and next_day(first, -1),
            "scheduled_datetime_lte": last and next_day(last),
        }
        if first is None and last is None:
            return self._read.listing("list_campaigns", query, limit, refresh, columns)
        from spoki_analytics.resources.selection import Rows, within

        asked = {"scheduled_from": first, "scheduled_to": last}
        rows = Rows("scheduled_datetime", lambda planned: within(planned, first, last, zone()), asked)
        return self._read.listing("list_campaigns", query, limit, refresh, columns, rows=rows)

    load_to = to_file(load)

    @reads("retrieve_campaign", takes="id")
    def get(self, campaign_id: int, *, refresh: bool | None = None) -> pd.Series[Any]:
        """One campaign, with the columns of ``load``.

        Raises:
            NotFoundError: There is no such campaign.

        Example:
            >>> spoki.campaigns.get(640)["messages_read"]
        """
        return self._read.one("retrieve_campaign", {"id": campaign_id}, refresh=refresh)

    @reads("list_campaigns", which="lists", about="target lists of each campaign")
    def memberships(
        self, which: str = "lists", *, columns: Iterable[str] | None = None, refresh: bool | None = None
    ) -> pd.DataFrame:
        """The target lists of campaigns, long: one row per campaign and list.

        Args:
            which: ``lists``.

        Raises:
            UsageError: Another name than that.

        Example:
            >>> spoki.campaigns.memberships("lists")
        """
        return self._read.side_table("list_campaigns", which, refresh, columns)

    @corrects("update_campaign", takes="targets")
    def update(
        self,
        campaigns: Targets,
        *,
        name: str | None = None,
        scheduled_datetime: datetime | str | None = None,
        status: str | None = None,
        automation: int | None = None,
        lists: list[int] | None = None,
        missing: str = "refuse",
        keep_text: bool = False,
        reason: str = "",
    ) -> Plan:
        """Plan new values for campaigns; a status but Draft and Paused can start a sending and must be confirmed.

        Args:
            name: New name.
            scheduled_datetime: New moment of sending, with its time zone.
            status: Draft, Scheduled, Processing, Paused or Completed.
            automation: Id of the automation to start.
            lists: Ids of the target lists.

        Raises:
            UsageError: No value was given.

        Example:
            >>> plan = spoki.campaigns.update(640, name="Saldi di gennaio")
        """
        values = {
            "name": name,
            "scheduled_datetime": scheduled_datetime,
            "status": status,
            "automation": automation,
            "lists": lists,
        }
        return self._plan.edits(
            "update_campaign", campaigns, values, missing=missing, keep_text=keep_text, reason=reason
        )

    @corrects("create_campaign", takes="values")
    def create(
        self,
        name: str,
        *,
        scheduled_datetime: datetime | str,
        lists: list[int],
        automation: int | None = None,
        template: int | None = None,
        status: str = "Draft",
        keep_text: bool = False,
        reason: str = "",
    ) -> Plan:
        """Plan a new campaign; a status but Draft and Paused can start its sending and must be confirmed.

        Args:
            name: Name.
            scheduled_datetime: Moment of sending, with its time zone.
            lists: Ids of the target lists.
            automation: Id of the automation to start.
            template: Or id of the template to send.
            status: Draft or Scheduled.

        Example:
            >>> at = "2031-01-02T09:00+01:00"
            >>> plan = spoki.campaigns.create("Saldi", scheduled_datetime=at, lists=[41001], automation=345001)
        """
        values = {
            "name": name,
            "scheduled_datetime": scheduled_datetime,
            "status": status,
            "lists": lists,
            "automation": automation,
            "template": template,
        }
        return self._plan.rows("create_campaign", values, keep_text=keep_text, reason=reason)

    @corrects("delete_campaign", takes="ids")
    def delete(self, campaigns: Ids, *, reason: str = "") -> Plan:
        """Plan to delete campaigns, given by id; it must be confirmed.

        Example:
            >>> plan = spoki.campaigns.delete(640)
        """
        return self._plan.targets("delete_campaign", campaigns, reason=reason)
