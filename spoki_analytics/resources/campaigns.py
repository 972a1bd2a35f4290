"""Campaigns and their funnels."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pandas as pd

from spoki_analytics.corrections.drafts import Ids, Targets, plan_edits, plan_rows, plan_targets
from spoki_analytics.corrections.plan import Plan
from spoki_analytics.resources.days import Day, day_range, next_day, within
from spoki_analytics.resources.family import Family, cut


class Campaigns(Family):
    """The campaigns of the account."""

    def load(
        self,
        scheduled_from: Day | None = None,
        scheduled_to: Day | None = None,
        *,
        limit: int | None = None,
        refresh: bool | None = None,
    ) -> pd.DataFrame:
        """Campaigns, one row each.

        Args:
            scheduled_from: First day of the planned sending, in the client's time zone.
            scheduled_to: Last day, included.
            limit: Stop after so many rows.
            refresh: Ask Spoki again instead of using the cache.

        Returns:
            id (Int64), name, status (category), scheduled_datetime, created_datetime (datetime64[us, UTC]),
            automation.id, automation.name, lists (list of names), contacts_count and the counts automation_started,
            automation_completed, automation_failed, automation_valid_failed, automation_interacted_with, messages_sent,
            messages_received (as reported; most likely delivered), messages_read, messages_failed (Int64).

        Raises:
            UsageError: A day that is none, or the first after the last.
            SpokiError: See ``spoki_analytics.errors``.
        """
        zone = self._client.home.zone
        first, last = day_range(scheduled_from, scheduled_to, zone, ("scheduled_from", "scheduled_to"))
        # Whose midnight the server means is not documented: ask for a day more on each side, and cut here.
        query = {
            "scheduled_datetime_gte": first and next_day(first, -1),
            "scheduled_datetime_lte": last and next_day(last),
        }
        if first is None and last is None:
            return self._load("list_campaigns", "campaigns", query, limit, refresh)
        frame = self._load("list_campaigns", "campaigns", query, None, refresh)
        keep = within(frame["scheduled_datetime"], first, last, zone())
        return cut(frame, keep, limit, scheduled_from=first, scheduled_to=last)

    def get(self, campaign_id: int, *, refresh: bool | None = None) -> pd.Series[Any]:
        """One campaign, with the columns of ``load``.

        Raises:
            NotFoundError: There is no such campaign.
        """
        return self._get("retrieve_campaign", "campaigns", {"id": campaign_id}, refresh=refresh)

    def memberships(self, which: str = "lists", *, refresh: bool | None = None) -> pd.DataFrame:
        """The target lists of campaigns, long: one row per campaign and list.

        Args:
            which: ``lists``.
            refresh: Ask Spoki again instead of using the cache.

        Returns:
            campaign_id, id (Int64), name, color (text), contacts_count (Int64), created_datetime (datetime64[us, UTC]).

        Raises:
            UsageError: Another name than that.
            SpokiError: See ``spoki_analytics.errors``.
        """
        return self._memberships("list_campaigns", "campaigns", which, refresh)

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
        reason: str = "",
    ) -> Plan:
        """Plan new values for campaigns; a status other than Draft can start a sending and must be confirmed.

        Args:
            campaigns: An id, several ids, or a frame with a column ``id`` and the columns to change.
            name: New name.
            scheduled_datetime: New moment of sending, with its time zone.
            status: Draft, Scheduled, Processing or Completed.
            automation: Id of the automation to start.
            lists: Ids of the target lists.
            missing: What an empty cell of a frame means: ``refuse`` it, or ``keep`` that value as Spoki has it.
            reason: Why; shown in the preview and kept in the journal.

        Raises:
            UsageError: No value was given.
        """
        values = {
            "name": name,
            "scheduled_datetime": scheduled_datetime,
            "status": status,
            "automation": automation,
            "lists": lists,
        }
        return plan_edits(
            self._client.corrections, "update_campaign", campaigns, values, missing=missing, reason=reason
        )

    def create(
        self,
        name: str,
        *,
        scheduled_datetime: datetime | str,
        lists: list[int],
        automation: int | None = None,
        template: int | None = None,
        status: str = "Draft",
        reason: str = "",
    ) -> Plan:
        """Plan a new campaign; a status other than Draft can start its sending and must be confirmed.

        Args:
            name: Name.
            scheduled_datetime: Moment of sending, with its time zone.
            lists: Ids of the target lists.
            automation: Id of the automation to start.
            template: Or id of the template to send.
            status: Draft or Scheduled.
            reason: Why; shown in the preview and kept in the journal.
        """
        values = {
            "name": name,
            "scheduled_datetime": scheduled_datetime,
            "status": status,
            "lists": lists,
            "automation": automation,
            "template": template,
        }
        return plan_rows(self._client.corrections, "create_campaign", values, reason=reason)

    def delete(self, campaigns: Ids, *, reason: str = "") -> Plan:
        """Plan to delete campaigns, given by id; it must be confirmed."""
        return plan_targets(self._client.corrections, "delete_campaign", campaigns, reason=reason)
