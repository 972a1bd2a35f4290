"""Charts: metric frames in, matplotlib figures out, each with the finding in its title and alt text.

Figures are `matplotlib.figure.Figure`, never pyplot, so that nothing global is touched. A chart function gives None
where there is nothing to draw: the page then says so instead.
"""

from spoki_analytics.charts.campaigns import funnel, funnel_by_campaign, status_overview, timeline
from spoki_analytics.charts.chart import Chart
from spoki_analytics.charts.comparison import (
    against_previous,
    by_part,
    current_beside_history,
    current_report,
    weekday_pattern,
)
from spoki_analytics.charts.credit import balance_and_threshold, conversations_left, daily_use, days_left
from spoki_analytics.charts.ranking import automations, campaign_ranking, failures
from spoki_analytics.charts.style import styled
from spoki_analytics.charts.usage import (
    conversations_and_contacts,
    messages_over_time,
    rates_over_time,
    template_share,
)

__all__ = [
    "Chart",
    "against_previous",
    "automations",
    "balance_and_threshold",
    "by_part",
    "campaign_ranking",
    "conversations_and_contacts",
    "conversations_left",
    "current_beside_history",
    "current_report",
    "daily_use",
    "days_left",
    "failures",
    "funnel",
    "funnel_by_campaign",
    "messages_over_time",
    "rates_over_time",
    "status_overview",
    "styled",
    "template_share",
    "timeline",
    "weekday_pattern",
]
