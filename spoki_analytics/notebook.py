"""What a dashboard notebook starts with: one call gives its parameters, its period, its client and its accounts.

The parameters cell stays plain, one typed line for each, which papermill, the command line and a person at the keyboard
fill in alike; the next cell hands over those that the notebook has:

    accounts: list = []  # Account ids; empty means all that the key sees
    start: str = ""  # First day, YYYY-MM-DD; empty means 30 days before end
    end: str = ""  # Last day, YYYY-MM-DD; empty means yesterday

    report = open_report(accounts=accounts, start=start, end=end)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import pandas as pd

from spoki_analytics import clock
from spoki_analytics.client import Spoki
from spoki_analytics.corrections.guard import is_report_run
from spoki_analytics.errors import NotFoundError, PermissionDeniedError
from spoki_analytics.frames.provenance import provenance
from spoki_analytics.metrics.accounts import select_accounts, timezone_of
from spoki_analytics.metrics.numbers import numbers
from spoki_analytics.metrics.pace import pace_period
from spoki_analytics.metrics.periods import Period
from spoki_analytics.reporting.parameters import ReportParameters, report_parameters
from spoki_analytics.wording.names import key_account

if TYPE_CHECKING:
    from spoki_analytics.page.page import Page

__all__ = ["Report", "is_report_run", "open_report"]

Rows: TypeAlias = Literal["account", "key"]
"""Whose rows a report shows."""


@dataclass(frozen=True)
class Report:
    """What a dashboard is about, and where its data comes from.

    The accounts are asked for in the background as soon as the report is opened; ``all_accounts``, ``accounts`` and
    ``zone`` wait for them when they are used for the first time. Nothing else is loaded here.

    Attributes:
        parameters: The parameters, checked and converted.
        period: The period that they name.
        spoki: The client.
        rows: Whose rows it shows: those of ``account``s, which they name, or of the ``key``, whose account they don't.
    """

    parameters: ReportParameters
    period: Period
    spoki: Spoki
    _listing: Future[pd.DataFrame] | None = field(repr=False, default=None)
    rows: Rows = "account"

    @property
    def previous(self) -> Period | None:
        """The period before, with which figures are compared: as many steps as are over by now; None where none is."""
        return self.period.before(pd.Timestamp(clock.now()), self.zone)

    @property
    def both(self) -> Period:
        """The period and as many steps before it: what has to be loaded to compare it, whichever steps are over."""
        return Period(self.period.previous().start, self.period.end, self.period.granularity)

    @cached_property
    def pace(self) -> Period:
        """The whole weeks from which the pace of use is taken, up to the last complete day before the balances."""
        return pace_period(self.as_of(), self.zone)

    def scheduled_campaigns(self) -> pd.DataFrame | None:
        """Campaigns from the time of the balances on, with a column ``account``.

        None where it is not known which account they belong to, where that is none of the report's, or where the key
        may not see campaigns: the rest of the report does without them.
        """
        account = self.spoki.account
        if account is None or account not in set(self.accounts["id"]):
            return None
        try:
            campaigns = self.spoki.campaigns.load(self.as_of().tz_convert(self.zone).date())
        except (NotFoundError, PermissionDeniedError):
            return None
        return campaigns.assign(account=account)

    @cached_property
    def all_accounts(self) -> pd.DataFrame:
        """Every account that the key sees, as ``spoki.accounts.load()`` gives them."""
        return self._listing.result() if self._listing else self.spoki.accounts.load()

    @cached_property
    def accounts(self) -> pd.DataFrame:
        """The accounts that the report is about; of rows of the key its own account, or none where it is not known.

        Raises:
            UsageError: The parameters name an account that the key does not see, or whose rows these are not.
        """
        if self.rows == "account":
            return select_accounts(self.all_accounts, self.parameters.accounts)
        own = self.spoki.home.own(self.parameters.accounts)
        return pd.DataFrame([{"name": "", **own}] if own else [], columns=list({"id": None, "name": "", **own}))

    def about(self, rows: pd.DataFrame) -> Report:
        """This report, about the account of the key alone where the rows name none.

        Args:
            rows: The rows that it shows, with their ``account`` where they name one.

        Raises:
            UsageError: The rows name an account that is not the key's, or none while the parameters do.

        Example:
            >>> counts = report.spoki.reports.load(form="wide")
            >>> report = report.about(counts)
        """
        named = _accounts_named(rows)
        self.spoki.home.refuse_others(named)
        if named or rows.empty:
            return self
        self.spoki.home.own(self.parameters.accounts)
        return replace(self, rows="key")

    def attributable(self, rows: pd.DataFrame) -> pd.DataFrame:
        """The rows that may be counted for the accounts of this report: those that name none are of the key's own.

        Args:
            rows: Rows with their ``account`` where they name one.

        Returns:
            The rows, or none of them where they name no account and the report is about another one or several.

        Example:
            >>> counts = report.attributable(report.spoki.reports.load(form="wide"))
        """
        if _accounts_named(rows) or numbers(self.accounts, "id").tolist() == [self.spoki.home.account()]:
            return rows
        return rows.iloc[:0]

    @cached_property
    def zone(self) -> str:
        """The time zone in which days are cut: the one set, else that of the accounts, else Europe/Rome."""
        return self.spoki.settings.timezone or timezone_of(self.accounts)

    def as_of(self, *frames: pd.DataFrame) -> pd.Timestamp:
        """When data was true: the oldest of these frames, or the accounts where none is given.

        Raises:
            UsageError: A frame carries no provenance.
        """
        return min(pd.Timestamp(provenance(frame)["as_of"]) for frame in frames or (self.all_accounts,))

    def page(
        self,
        title: str,
        sources: Sequence[pd.DataFrame | None],
        *,
        partial: bool = False,
        otherwise: Mapping[str, str] | None = None,
    ) -> Page:
        """Begin the page of this report, which shows its title block.

        Args:
            title: What the page is called.
            sources: Frames that the page rests on, as they were loaded; None is passed over.
            partial: Whether a part of the period was not over when the data was true.
            otherwise: What the page says instead of a chart that is not there, by the chart's name.
        """
        from spoki_analytics.page.page import Page

        if self.rows == "key":
            for source in sources:
                self.spoki.home.refuse_others(_accounts_named(source))
        return Page(
            title,
            accounts=self.accounts,
            start=self.period.start,
            end=self.period.end,
            timezone=self.zone,
            provenance=[*sources],
            partial=partial,
            otherwise=otherwise,
            origin=self.spoki.settings.origin_notice,
            subject=key_account(self.spoki.session.account) if self.rows == "key" else "",
        )


def open_report(
    *,
    accounts: Any = (),
    start: Any = "",
    end: Any = "",
    granularity: Any = "Day",
    refresh: Any = False,
    rows: Rows = "account",
    spoki: Spoki | None = None,
) -> Report:
    """Open a report: check its parameters, make its client, and begin to load the accounts.

    Args:
        accounts: Account ids; empty means all that the key sees.
        start: First day, ``YYYY-MM-DD`` or a date; empty means 30 days before ``end``.
        end: Last day, included; empty means yesterday.
        granularity: ``Day``, ``Week``, ``Month`` or ``Year``.
        refresh: Ask Spoki again instead of using the cache.
        rows: Whose rows the report shows: of ``account``s, which they name, or of the ``key``, where they name none
            (campaigns, contacts, tickets, templates). The metadata of such a notebook says so too.
        spoki: The client; made from the settings when missing.

    Raises:
        UsageError: A parameter is not acceptable; the message says which and what to write.
        AuthenticationError: No key was found.

    Example:
        >>> report = open_report(start="2026-10-01", end="2026-10-31")
        >>> report.spoki.reports.load(report.period.start, report.period.end)
    """
    parameters = report_parameters(accounts=accounts, start=start, end=end, granularity=granularity, refresh=refresh)
    period = Period(parameters.start, parameters.end, parameters.granularity)
    client = spoki or Spoki(refresh=parameters.refresh)
    with_accounts = ThreadPoolExecutor(max_workers=1, thread_name_prefix="spoki-accounts")
    if rows == "key" and parameters.accounts:
        client.home.own(parameters.accounts)
    listing = with_accounts.submit(client.accounts.load) if rows == "account" else None
    if listing is None:
        with_accounts.submit(client.home.account)
    with_accounts.shutdown(wait=False)  # the thread ends with the listing
    return Report(parameters, period, client, listing, rows)


def _accounts_named(rows: pd.DataFrame | None) -> set[int]:
    """The accounts that rows name, each by its id."""
    return set() if rows is None else {int(number) for number in numbers(rows, "account").dropna()}
