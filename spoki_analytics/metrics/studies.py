"""Studies: what one dashboard needs to know of its data, worked out once and held together.

A study is a frozen object; what only some charts need is worked out when it is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any, Literal

import pandas as pd

from spoki_analytics.frames.reports import long_form
from spoki_analytics.metrics import breakdown, campaigns, usage
from spoki_analytics.metrics.accounts import names_accounts, reports_of
from spoki_analytics.metrics.counters import Counters, read_counters
from spoki_analytics.metrics.credit import account_figures, balances, credit_figures
from spoki_analytics.metrics.pace import daily_use, planned_use
from spoki_analytics.metrics.periods import Period
from spoki_analytics.metrics.runway import runway


@dataclass(frozen=True)
class UsageStudy:
    """Messages of a period beside the period before.

    Attributes:
        period: The period.
        accounts: The accounts in question.
        rows: Their report rows, wide, of both periods.
        details: The same rows, long, as far as the source tells messages apart.
        now: `usage.per_period` of the period.
        before: `usage.per_period` of what the period is compared with (`Period.before`); empty where no step is over.
        finished: The steps of the period that were over, of which figures are made; the whole period where none was.
    """

    period: Period
    accounts: pd.DataFrame
    rows: pd.DataFrame
    details: pd.DataFrame
    now: pd.DataFrame
    before: pd.DataFrame
    finished: Period

    @cached_property
    def figures(self) -> pd.DataFrame:
        """Key figures, as `usage.usage_figures` gives them."""
        return usage.usage_figures(self.now, self.before)

    @cached_property
    def steps(self) -> Period:
        """The steps in which pictures show the period: its own, or longer ones where days are too many."""
        longer = self.period.readable()
        return replace(longer, end=self.finished.end) if longer.cut else longer

    @cached_property
    def shown(self) -> pd.DataFrame:
        """What pictures show: `now`, or its finished days added up to `steps`, so that totals are the same."""
        return usage.in_steps(usage.basis(self.now), self.steps) if self.steps.cut else self.now

    @property
    def granularity(self) -> dict[str, str]:
        """In which steps the period was asked for, and in which pictures show it."""
        return {"asked": self.period.granularity, "shown": self.steps.granularity}

    @property
    def is_open(self) -> bool:
        """Whether a part of the period was not over when the data was true."""
        return bool(self.now["open"].any())

    @property
    def has_messages(self) -> bool:
        """Whether anything was counted in the steps that figures are made of."""
        return bool(usage.basis(self.now)[list(usage.COUNTS)].fillna(0).ne(0).any(axis=None))

    @property
    def names_accounts(self) -> bool:
        """Whether the report rows say to which account they belong."""
        return names_accounts(self.rows)

    @property
    def weekdays(self) -> pd.DataFrame:
        """The average weekday, as `usage.by_weekday` gives it; empty where the period is not made of days."""
        weekdays = usage.by_weekday(self.now)
        return weekdays if self.period.granularity == "Day" else weekdays.iloc[:0]

    @property
    def compares_accounts(self) -> bool:
        """Whether there are several accounts, and the report rows tell them apart."""
        return len(self.accounts) > 1 and self.names_accounts

    @property
    def by_account(self) -> pd.DataFrame:
        """Counts and rates of each account, as `usage.by_account` gives them."""
        return usage.by_account(self.rows, self.accounts, self.finished)

    @property
    def unknown_states(self) -> pd.Series:
        """Messages in states that no counter sums, as `breakdown.unknown_states` gives them."""
        return breakdown.unknown_states(self.details, self.finished)

    def by_part(self, part: Literal["channel", "category"]) -> pd.DataFrame:
        """Messages and rates of each channel or category, as `breakdown.by_part` gives them."""
        return breakdown.by_part(self.details, part, self.finished)


def study_usage(
    reports: pd.DataFrame,
    counts: pd.DataFrame,
    accounts: pd.DataFrame,
    period: Period,
    as_of: pd.Timestamp,
    timezone: str,
) -> UsageStudy:
    """Study the messages of a period beside as many finished steps before it.

    Args:
        reports: ``spoki.reports.load()`` of the period and as many steps before it.
        counts: The same with ``form="wide"``.
        accounts: The accounts in question.
        period: The period.
        as_of: When the reports were true.
        timezone: IANA zone in which a day ends.

    Example:
        >>> usage = study_usage(reports, counts, report.accounts, report.period, report.as_of(reports), report.zone)
        >>> usage.figures
    """
    details = reports_of(long_form(reports), accounts)
    rows = breakdown.add_templates(reports_of(counts, accounts), details)
    now = usage.per_period(rows, period, as_of, timezone)
    earlier = period.before(as_of, timezone)
    before = usage.per_period(rows, earlier, as_of, timezone) if earlier else now.iloc[:0]
    return UsageStudy(period, accounts, rows, details, now, before, period.finished(as_of, timezone) or period)


@dataclass(frozen=True)
class CurrentStudy:
    """The current report, which is not over, beside the time before it.

    Attributes:
        counts: `usage.current_report_counts`, the accounts added up; empty where there is no current report.
        past: The finished days, months or years before it; None where there is no current report.
        before: `usage.per_period` of that time; empty where there is no current report.
    """

    counts: pd.DataFrame
    past: Period | None
    before: pd.DataFrame

    def figures_beside(self, study: UsageStudy) -> pd.DataFrame:
        """The key figures of a study, and those that only the current report knows, where it is newer."""
        if self.past is None or study.period.end <= self.past.end:
            return study.figures
        return pd.concat([study.figures, usage.current_figures(self.counts.iloc[-1], study.figures)], ignore_index=True)


def time_before(current: pd.DataFrame) -> Period | None:
    """The finished days, months or years before the current report; None where there is no current report.

    Args:
        current: ``spoki.accounts.current_report()``.
    """
    counts = usage.current_report_counts(current)
    return usage.history_before(counts.iloc[-1]) if len(counts) else None


def study_current_report(
    current: pd.DataFrame, history: pd.DataFrame | None, accounts: pd.DataFrame, as_of: pd.Timestamp, timezone: str
) -> CurrentStudy:
    """Study the current report beside the time before it.

    Args:
        current: ``spoki.accounts.current_report()``.
        history: ``spoki.reports.load(form="wide")`` of `time_before`; None where there is no current report.
        accounts: The accounts in question.
        as_of: When the reports were true.
        timezone: IANA zone in which a day ends.
    """
    counts, past = usage.current_report_counts(current), time_before(current)
    if past is None or history is None:
        return CurrentStudy(counts, None, pd.DataFrame())
    return CurrentStudy(counts, past, usage.per_period(reports_of(history, accounts), past, as_of, timezone))


@dataclass(frozen=True)
class CreditStudy:
    """How long credit lasts at the pace of a period.

    Attributes:
        runway: `runway.runway`, the most urgent account first.
        use: `pace.daily_use`, what was used on each complete day.
        figures: Key figures, as `credit.credit_figures` gives them.
        names_accounts: Whether the report rows say to which account they belong.
        planned: `pace.planned_use`, what scheduled campaigns will use; None where it is not known whose they are.
    """

    runway: pd.DataFrame
    use: pd.DataFrame
    figures: pd.DataFrame
    names_accounts: bool
    planned: pd.DataFrame | None = None

    @property
    def by_account(self) -> pd.DataFrame:
        """Days left of each account with their range, as `credit.account_figures` gives them."""
        return account_figures(self.runway)


def study_credit(
    reports: pd.DataFrame,
    counts: pd.DataFrame,
    accounts: pd.DataFrame,
    period: Period,
    as_of: pd.Timestamp,
    timezone: str,
    scheduled: pd.DataFrame | None = None,
) -> CreditStudy:
    """Study how long the credit of accounts lasts, going by the days of the period and by what is planned.

    Args:
        reports: ``spoki.reports.load()`` of the period, by day.
        counts: The same with ``form="wide"``.
        accounts: The accounts in question, with their balances.
        period: The period, by day; it ends with the last complete day, as `pace.pace_period` does.
        as_of: When the balances were true.
        timezone: IANA zone in which a day ends.
        scheduled: ``spoki.campaigns.load()`` with a column ``account``, where it is known whose campaigns they are.

    Example:
        >>> credit = study_credit(reports, counts, report.accounts, report.pace, report.as_of(), report.zone)
        >>> credit.runway[["name", "days_left"]]
    """
    details = long_form(reports)
    rows = breakdown.add_delivered_templates(breakdown.add_templates(counts, details), details)
    use = daily_use(rows, accounts, period, as_of, timezone)
    planned = None if scheduled is None else planned_use(scheduled, as_of, timezone)
    table = runway(balances(accounts), use, as_of, timezone, planned=planned)
    return CreditStudy(table, use, credit_figures(table), names_accounts(rows), planned)


@dataclass(frozen=True)
class CampaignStudy:
    """The campaigns of a period beside those of the period before.

    Attributes:
        table: `campaigns.campaign_table`, oldest first.
        before: The same of the period before.
        counters: How message counters are read, and why.
        other: `campaigns.campaign_table` of the period in the other reading; None where there is no doubt.
        so_far: The same of all time until the period's end, for what is stuck since before the period.
    """

    table: pd.DataFrame
    before: pd.DataFrame
    counters: Counters
    other: pd.DataFrame | None
    so_far: pd.DataFrame

    @cached_property
    def figures(self) -> pd.DataFrame:
        """Key figures over the settled campaigns, as `campaigns.campaign_figures` gives them."""
        return campaigns.campaign_figures(self.table, self.before)

    @cached_property
    def settled(self) -> pd.DataFrame:
        """Only the campaigns whose counters have come to rest."""
        return campaigns.settled(self.table)

    @property
    def by_status(self) -> pd.DataFrame:
        """Campaigns by status, as `campaigns.by_status` gives them."""
        return campaigns.by_status(self.table)

    @property
    def by_automation(self) -> pd.DataFrame:
        """Settled campaigns by automation, as `campaigns.by_automation` gives them."""
        return campaigns.by_automation(self.table)

    @property
    def funnel(self) -> pd.DataFrame:
        """Settled campaigns added up stage by stage, as `campaigns.funnel` gives them."""
        return campaigns.funnel(self.table)

    @property
    def ranking(self) -> pd.DataFrame:
        """Campaigns, best read first, as `campaigns.ranking` gives them."""
        return campaigns.ranking(self.table)

    @cached_property
    def failures(self) -> pd.DataFrame:
        """Campaigns with the distance of their failures from the median, as `campaigns.outliers` gives it."""
        return campaigns.outliers(self.table, "failed_per_attempted", self.so_far)

    @property
    def stuck(self) -> pd.DataFrame:
        """Campaigns that should be over by now, also those of before the period, the oldest first."""
        return self.so_far[self.so_far["stuck"].fillna(False)]

    @property
    def rise(self) -> pd.DataFrame:
        """The campaigns that make failures more frequent than before, as `campaigns.failure_rise` gives them."""
        return campaigns.failure_rise(self.table, self.figures)

    @property
    def facts(self) -> dict[str, Any]:
        """How counters are read, and why, as plain data; with the key rates of both readings where there is doubt."""
        facts = self.counters.facts()
        if self.other is not None:
            other = campaigns.campaign_figures(self.other)
            facts["other_reading"] = campaigns.rates_of(other)
        return {"campaign_counters": facts}


def study_campaigns(
    loaded: pd.DataFrame, period: Period, as_of: pd.Timestamp, timezone: str, counters: str | None = None
) -> CampaignStudy:
    """Study the campaigns scheduled in a period.

    Args:
        loaded: ``spoki.campaigns.load()``, all campaigns of the key: together they tell what their counters mean.
        period: The period.
        as_of: When the campaigns were read.
        timezone: IANA zone in which a day ends.
        counters: ``exclusive`` or ``cumulative``, where it is known what they mean.

    Example:
        >>> campaigns = study_campaigns(loaded, report.period, report.as_of(loaded), report.zone)
        >>> campaigns.ranking.head()
    """
    read = read_counters(loaded, as_of, counters)
    earlier = period.previous()

    def table(start: date, end: date, how: Counters = read) -> pd.DataFrame:
        return campaigns.campaign_table(loaded, start, end, as_of, timezone, how)

    return CampaignStudy(
        table=table(period.start, period.end),
        before=table(earlier.start, earlier.end),
        counters=read,
        other=None if read.is_sure else table(period.start, period.end, read.turned()),
        so_far=table(date.min, period.end),
    )
