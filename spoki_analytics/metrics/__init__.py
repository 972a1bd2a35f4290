"""Metrics: pure functions from typed frames to small metric frames; no requests, no figures, no clock.

The denominator is part of a rate's name (``read_per_delivered``); a rate whose denominator is zero or unknown is
missing, never infinite; beside each rate ``x`` stand ``x_low`` and ``x_high``, its 95 % Wilson interval.

What a notebook uses is exported here: a study holds all that one dashboard needs, the other names are its parts.
"""

from spoki_analytics.metrics.accounts import (
    account_ids,
    names_accounts,
    reports_of,
    select_accounts,
    timezone_of,
)
from spoki_analytics.metrics.breakdown import by_part
from spoki_analytics.metrics.campaigns import campaign_figures, campaign_table
from spoki_analytics.metrics.comparison import KeyFigure, key_figures
from spoki_analytics.metrics.credit import balances, credit_figures
from spoki_analytics.metrics.pace import daily_use, pace_period
from spoki_analytics.metrics.periods import Period
from spoki_analytics.metrics.rates import add_rates
from spoki_analytics.metrics.studies import (
    CampaignStudy,
    CreditStudy,
    CurrentStudy,
    UsageStudy,
    study_campaigns,
    study_credit,
    study_current_report,
    study_usage,
    time_before,
)
from spoki_analytics.metrics.usage import per_period, usage_figures

__all__ = [
    "CampaignStudy",
    "CreditStudy",
    "CurrentStudy",
    "KeyFigure",
    "Period",
    "UsageStudy",
    "account_ids",
    "add_rates",
    "balances",
    "by_part",
    "campaign_figures",
    "campaign_table",
    "credit_figures",
    "daily_use",
    "key_figures",
    "names_accounts",
    "pace_period",
    "per_period",
    "reports_of",
    "select_accounts",
    "study_campaigns",
    "study_credit",
    "study_current_report",
    "study_usage",
    "time_before",
    "timezone_of",
    "usage_figures",
]
