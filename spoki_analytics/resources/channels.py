"""Channels, such as WhatsApp numbers; two shapes of them are known."""

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


class Channels(Family):
    """The channels of the account."""

    @reads("list_channels", about="WhatsApp channels")
    def load(
        self,
        *,
        whatsapp_business_account: str | None = None,
        waba: str | None = None,
        columns: Iterable[str] | None = None,
        limit: int | None = None,
        refresh: bool | None = None,
    ) -> pd.DataFrame:
        """All of them, one row each.

        Args:
            whatsapp_business_account: Id of a WhatsApp Business account.
            waba: The same under its other name.

        Example:
            >>> channels = spoki.channels.load()
        """
        return self._read.listing(
            "list_channels",
            {"whatsapp_business_account": whatsapp_business_account, "waba": waba},
            limit,
            refresh,
            columns,
        )

    load_to = to_file(load)

    @reads("retrieve_channel", takes="id")
    def get(self, channel_id: int, *, refresh: bool | None = None) -> pd.Series[Any]:
        """One of them, with the columns of ``load``.

        Raises:
            NotFoundError: There is none with that id.

        Example:
            >>> spoki.channels.get(17)["quality_colour"]
        """
        return self._read.one("retrieve_channel", {"id": channel_id}, refresh=refresh)

    @reads("retrieve_channel_by_phone", takes="phone", about="the channel with that number")
    def by_phone(self, identifier: str, *, refresh: bool | None = None) -> pd.Series[Any]:
        """The channel with that phone number (with its plus) or platform identifier; with the columns of ``load``.

        Raises:
            NotFoundError: There is none with it.

        Example:
            >>> spoki.channels.by_phone("+393330000017")
        """
        return self._read.one("retrieve_channel_by_phone", {"identifier": identifier}, refresh=refresh)

    @corrects("create_channel", takes="values")
    def create(
        self,
        platform: int,
        *,
        name: str | None = None,
        identifier: str | None = None,
        is_primary: bool | None = None,
        keep_text: bool = False,
        reason: str = "",
    ) -> Plan:
        """Plan a new channel; platform 1 starts the onboarding of a WhatsApp number.

        Args:
            platform: Number of the platform: 1 is WhatsApp.
            name: Name.
            identifier: Phone number or identifier on the platform.
            is_primary: Make it the main channel of its platform.

        Example:
            >>> plan = spoki.channels.create(platform=1)
        """
        values = {"platform": platform, "name": name, "identifier": identifier, "is_primary": is_primary}
        return self._plan.rows("create_channel", values, keep_text=keep_text, reason=reason)

    @corrects("update_channel", takes="targets")
    def update(self, channels: Targets, *, name: str | None = None, keep_text: bool = False, reason: str = "") -> Plan:
        """Plan a new name for channels, given by id.

        Args:
            name: New name.

        Example:
            >>> plan = spoki.channels.update(17, name="Negozio")
        """
        return self._plan.edits("update_channel", channels, {"name": name}, keep_text=keep_text, reason=reason)

    @corrects("set_primary_channel", takes="id")
    def set_primary(self, channel_id: int, *, reason: str = "") -> Plan:
        """Plan to make a channel the main one of its platform.

        Example:
            >>> plan = spoki.channels.set_primary(18)
        """
        return self._plan.targets("set_primary_channel", channel_id, reason=reason)

    @corrects("refresh_channel_status", takes="ids")
    def refresh_status(self, channels: Ids, *, reason: str = "") -> Plan:
        """Plan to have Spoki ask WhatsApp for the status of channels, given by id.

        Example:
            >>> plan = spoki.channels.refresh_status([17, 18])
        """
        return self._plan.targets("refresh_channel_status", channels, reason=reason)
