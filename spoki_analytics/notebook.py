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
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from spoki_analytics import clock
from spoki_analytics.client import Spoki
from spoki_analytics.corrections.guard import is_report_run
from spoki_analytics.frames.provenance import provenance
from spoki_analytics.metrics.accounts import select_accounts, timezone_of
from spoki_analytics.metrics.periods import Period
from spoki_analytics.reporting.parameters import ReportParameters, report_parameters

if TYPE_CHECKING:
    from spoki_analytics.page.page import Page

__all__ = ["Report", "is_report_run", "open_report"]


@dataclass(frozen=True)
class Report:
    """What a dashboard is about, and where its data comes from.

    The accounts are asked for in the background as soon as the report is opened; ``all_accounts``, ``accounts`` and
    ``zone`` wait for them when they are used for the first time. Nothing else is loaded here.

    Attributes:
        parameters: The parameters, checked and converted.
        period: The period that they name.
        spoki: The client.
    """

    parameters: ReportParameters
    period: Period
    spoki: Spoki
    _listing: Future[pd.DataFrame] = field(repr=False)

    @property
    def previous(self) -> Period | None:
        """The period before, with which figures are compared: as many steps as are over by now; None where none is."""
        return self.period.before(pd.Timestamp(clock.now()), self.zone)

    @property
    def both(self) -> Period:
        """The period and as many steps before it: what has to be loaded to compare it, whichever steps are over."""
        return Period(self.period.previous().start, self.period.end, self.period.granularity)

    @cached_property
    def all_accounts(self) -> pd.DataFrame:
        """Every account that the key sees, as ``spoki.accounts.load()`` gives them."""
        return self._listing.result()

    @cached_property
    def accounts(self) -> pd.DataFrame:
        """The accounts that the report is about.

        Raises:
            UsageError: The parameters name an account that the key does not see.
        """
        return select_accounts(self.all_accounts, self.parameters.accounts)

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
        )


def open_report(
    *,
    accounts: Any = (),
    start: Any = "",
    end: Any = "",
    granularity: Any = "Day",
    refresh: Any = False,
    spoki: Spoki | None = None,
) -> Report:
    """Open a report: check its parameters, make its client, and begin to load the accounts.

    Args:
        accounts: Account ids; empty means all that the key sees.
        start: First day, ``YYYY-MM-DD`` or a date; empty means 30 days before ``end``.
        end: Last day, included; empty means yesterday.
        granularity: ``Day``, ``Month`` or ``Year``.
        refresh: Ask Spoki again instead of using the cache.
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
    listing = with_accounts.submit(client.accounts.load)
    with_accounts.shutdown(wait=False)  # the thread ends with the listing
    return Report(parameters, period, client, listing)
