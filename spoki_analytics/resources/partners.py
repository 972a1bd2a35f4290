"""Partners and the accounts that a partner key sees; no source documents their fields."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from spoki_analytics.resources.days import Day, day_range
from spoki_analytics.resources.family import Family
from spoki_analytics.resources.methods import reads
from spoki_analytics.resources.to_file import to_file

if TYPE_CHECKING:
    import pandas as pd


class Partners(Family):
    """Business partners visible to the account, and reports of a partner about its accounts."""

    @reads("list_partners", about="partners")
    def load(
        self,
        *,
        columns: Iterable[str] | None = None,
        limit: int | None = None,
        refresh: bool | None = None,
    ) -> pd.DataFrame:
        """All partners, one row each: id (Int64), name (text), and whatever Spoki sends, flattened.

        Example:
            >>> partners = spoki.partners.load()
        """
        return self._read.listing("list_partners", {}, limit, refresh, columns)

    load_to = to_file(load)

    @reads("list_partner_accounts", about="accounts of a partner (partner key)", schema="partner_accounts")
    def accounts(
        self,
        *,
        columns: Iterable[str] | None = None,
        limit: int | None = None,
        refresh: bool | None = None,
    ) -> pd.DataFrame:
        """The accounts of a partner, with the columns of ``spoki.accounts.load`` (partner key).

        Raises:
            PermissionDeniedError: The key is not a partner's.

        Example:
            >>> accounts = spoki.partners.accounts()
        """
        return self._read.listing("list_partner_accounts", {}, limit, refresh, columns, schema="partner_accounts")

    @reads("get_account_report", takes="id+start+end", about="report of an account (partner key)")
    def account_report(
        self, account_id: int, start: Day, end: Day, granularity: int = 2, *, refresh: bool | None = None
    ) -> pd.DataFrame:
        """The report of one account; fields unknown, flattened as they come (partner key).

        Args:
            account_id: The account.
            start: First day.
            end: Last day, included.
            granularity: Spoki's code; 2 is daily, others are not documented.

        Raises:
            UsageError: A day that is none, or the first after the last.

        Example:
            >>> spoki.partners.account_report(4100, "2026-10-01", "2026-10-31")
        """
        first, last = day_range(start, end, self._client.home.zone, ("start", "end"))
        query = {"account_id": account_id, "granularity": granularity, "startDate": first, "endDate": last}
        return self._read.generic("get_account_report", {}, query, refresh)

    @reads("get_account_forecasts", takes="id+country_code", about="forecasts of an account (partner key)")
    def account_forecasts(self, account_id: int, country_code: str, *, refresh: bool | None = None) -> pd.DataFrame:
        """The forecasts of one account; fields unknown, flattened as they come (partner key).

        Args:
            account_id: The account.
            country_code: Country such as IT.

        Raises:
            PermissionDeniedError: The key is not a partner's.

        Example:
            >>> spoki.partners.account_forecasts(4100, "IT")
        """
        query = {"account_id": account_id, "country_code": country_code}
        return self._read.generic("get_account_forecasts", {}, query, refresh)
