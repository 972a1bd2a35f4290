"""What holds for every chart: no warning, hostile names stay text, the same chart has the same bytes."""

from collections.abc import Callable
from xml.etree import ElementTree

import matplotlib
import pandas as pd
import pytest

from spoki_analytics.charts import campaigns, comparison, credit, ranking, usage
from spoki_analytics.charts.chart import Chart
from spoki_analytics.metrics import campaigns as campaign_metrics
from spoki_analytics.metrics.periods import Period
from spoki_analytics.metrics.usage import by_weekday, usage_figures

from .conftest import HOSTILE

SVG = "{http://www.w3.org/2000/svg}"


def texts(chart: Chart) -> list[str]:
    """All text of the drawing."""
    root = ElementTree.fromstring(chart.svg())
    return ["".join(node.itertext()) for node in root.iter(f"{SVG}text")]


@pytest.fixture
def named(lasting, campaign_table) -> dict[str, Chart | None]:
    """Every chart that shows names, of hostile names."""
    runway, table = lasting(*HOSTILE), campaign_table(*HOSTILE)
    parts = pd.DataFrame(
        {"channel": HOSTILE, "sent": 10, "delivered": 9, "read": 3, "failed": 1, "read_per_delivered": 1 / 3}
    )
    period = Period(table["day"].iloc[0].date(), table["day"].iloc[0].date())
    return {
        "days_left": credit.days_left(runway),
        "balance": credit.balance_and_threshold(runway),
        "conversations_left": credit.conversations_left(runway),
        "timeline": campaigns.timeline(table, period),
        "funnels": campaigns.funnel_by_campaign(table),
        "ranking": ranking.campaign_ranking(campaign_metrics.ranking(table)),
        "failures": ranking.failures(campaign_metrics.outliers(table, "failed_per_attempted")),
        "automations": ranking.automations(campaign_metrics.by_automation(table)),
        "parts": comparison.by_part(parts, period),
    }


def test_hostile_names_are_drawn_as_text(named) -> None:
    for chart in named.values():
        assert chart is not None
        shown = texts(chart)
        assert any("$\\frac{" in text for text in shown)
        assert not ElementTree.fromstring(chart.svg()).findall(".//script")
        assert not any("\n" in text or "\u202e" in text or "x" * 40 in text for text in shown)


def test_the_same_chart_has_the_same_bytes(per_period, october) -> None:
    def draw() -> Chart | None:
        return usage.messages_over_time(per_period(october, sent=[5, 6, 7], incoming=[1, 2, 3]), october)

    first, second = draw(), draw()
    assert first is not None
    assert second is not None
    assert first.svg() == second.svg()


def test_a_chart_needs_words() -> None:
    with pytest.raises(ValueError, match="alt text"):
        Chart(matplotlib.figure.Figure(), " ", "", pd.DataFrame())


def test_drawing_leaves_the_callers_settings_alone(per_period, october) -> None:
    own = {"font.size": 33.0, "svg.fonttype": "path"}
    with matplotlib.rc_context(own):
        chart = usage.messages_over_time(per_period(october, sent=[5]), october)
        assert chart is not None
        chart.svg()
        assert {name: matplotlib.rcParams[name] for name in own} == own


def test_jupyterlab_shows_a_chart_that_ends_a_cell(per_period, october) -> None:
    chart = usage.messages_over_time(per_period(october, sent=[5]), october)
    assert chart is not None
    assert chart._repr_svg_().startswith("<?xml")


def test_charts_of_a_month_are_small(per_period, october, lasting, campaign_table) -> None:
    days = per_period(october, **dict.fromkeys(("sent", "delivered", "read", "incoming"), [100] * 31))
    table = campaign_table(*(f"Campaign {i}" for i in range(30)))
    drawn = [
        usage.messages_over_time(days, october),
        usage.rates_over_time(days, usage_figures(days, days), october),
        comparison.weekday_pattern(by_weekday(days), october),
        credit.days_left(lasting(*"abcdefghij")),
        campaigns.timeline(table, october),
        ranking.campaign_ranking(campaign_metrics.ranking(table)),
    ]
    assert sum(len(chart.svg()) for chart in drawn if chart) < 90_000
    assert all(drawn)


def test_many_marks_are_rasterised(campaign_table, october) -> None:
    chart = campaigns.timeline(campaign_table(*["x"] * 2001), october)
    assert chart is not None
    assert "data:image/png" in chart.svg()


@pytest.mark.parametrize(
    "draw",
    [
        lambda make, period: usage.messages_over_time(make(period), period),
        lambda make, period: usage.messages_over_time(make(period, sent=[0] * 31), period),
        lambda make, period: usage.rates_over_time(make(period), usage_figures(make(period), make(period)), period),
        lambda make, period: usage.template_share(make(period, sent=[3]), period),
        lambda make, period: usage.conversations_and_contacts(make(period, sent=[3]), period),
        lambda make, period: comparison.weekday_pattern(by_weekday(make(period)), period),
        lambda make, period: comparison.against_previous(make(period, sent=[3]), make(period.previous()), period),
    ],
)
def test_nothing_known_is_no_chart(draw: Callable[..., Chart | None], per_period, october) -> None:
    assert draw(per_period, october) is None


def test_no_accounts_and_no_campaigns_are_no_charts(lasting, campaign_table, october) -> None:
    runway, table = lasting(), campaign_table()
    assert credit.days_left(runway) is None
    assert credit.balance_and_threshold(runway) is None
    assert credit.conversations_left(runway) is None
    assert campaigns.timeline(table, october) is None
    assert campaigns.status_overview(campaign_metrics.by_status(table)) is None
    assert campaigns.funnel(campaign_metrics.funnel(table), 0) is None
    assert campaigns.funnel_by_campaign(table) is None
    assert ranking.campaign_ranking(campaign_metrics.ranking(table)) is None
    assert ranking.failures(campaign_metrics.outliers(table, "failed_per_attempted")) is None
    assert ranking.automations(campaign_metrics.by_automation(table)) is None
