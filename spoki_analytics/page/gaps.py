"""What a page says instead of a chart that is not there, by the chart's name: why there is nothing to show."""

from __future__ import annotations

from spoki_analytics.metrics.periods import Period
from spoki_analytics.metrics.runway import ENOUGH_DAYS
from spoki_analytics.metrics.studies import CurrentStudy, UsageStudy
from spoki_analytics.metrics.usage import basis
from spoki_analytics.page.notes import say_nothing
from spoki_analytics.wording.messages import gettext
from spoki_analytics.wording.numbers import format_number

MOST_ACCOUNTS = 50
"""A current report is asked for one account at a time, and for no more accounts than this."""


def usage_gaps(study: UsageStudy, current: CurrentStudy) -> dict[str, str]:
    """Why charts of usage are missing: without messages most of them are.

    Args:
        study: `metrics.study_usage`.
        current: `metrics.study_current_report`.
    """
    nothing = say_nothing(study.finished)
    reasons = _usage_reasons() if basis(study.now)["sent"].any() else dict.fromkeys(_usage_reasons(), nothing)
    return {"messages_over_time": nothing, **reasons, "current_report": _current_report_reason(current)}


def credit_gaps(period: Period) -> dict[str, str]:
    """Why charts of credit are missing.

    Args:
        period: The period that sets the pace.
    """
    return {
        "days_left": gettext(
            "An estimate needs at least {days} complete days since the first use, {period}.",
            days=ENOUGH_DAYS,
            period=period,
        ),
        "balance_and_threshold": gettext("No balances."),
        "conversations_left": gettext("Spoki gives no estimate."),
        "daily_use": gettext("Nothing was used, {period}.", period=period),
    }


def campaigns_gaps(period: Period) -> dict[str, str]:
    """Why charts of campaigns are missing.

    Args:
        period: The period.
    """
    nothing = gettext("No campaign was scheduled, {period}.", period=period)
    unfinished = gettext("No finished campaign, {period}.", period=period)
    return {
        **dict.fromkeys(("timeline", "status_overview"), nothing),
        **dict.fromkeys(("funnel", "funnel_by_campaign", "ranking"), unfinished),
        "failures": gettext("No campaign sent a message, {period}.", period=period),
        "automations": gettext("No finished campaign with an automation, {period}.", period=period),
    }


def _usage_reasons() -> dict[str, str]:
    return {
        "against_previous": gettext("There is no comparable time before."),
        "template_share": gettext("The reports don't tell templates from free-form messages."),
        "rates_over_time": gettext("The reports don't count delivered or read messages."),
        "conversations_and_contacts": gettext(
            "The reports of this period don't count conversations or contacts; the current report below does."
        ),
        "weekday_pattern": gettext("Weekdays need complete days with messages, of at least two weekdays."),
        "by_channel": gettext("The reports don't tell messages apart by channel."),
        "by_category": gettext("The reports don't tell messages apart by category."),
    }


def _current_report_reason(current: CurrentStudy) -> str:
    if current.past is None:
        return gettext(
            "No current report for these accounts (or more than {most} of them).", most=format_number(MOST_ACCOUNTS)
        )
    return gettext("There are no reports of the time before to set the current report beside.")
