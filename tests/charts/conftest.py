"""Metric frames to draw: made by the metrics themselves from a few rows."""

from collections.abc import Callable
from datetime import date

import pandas as pd
import pytest

from spoki_analytics.metrics import campaigns as campaign_metrics
from spoki_analytics.metrics import usage
from spoki_analytics.metrics.credit import balances
from spoki_analytics.metrics.pace import daily_use
from spoki_analytics.metrics.periods import Period
from spoki_analytics.metrics.runway import runway

ROME = "Europe/Rome"
NOON = pd.Timestamp("2026-10-31T12:00Z")

HOSTILE = (
    *(
        "$\\frac{",
        "a\nb\r\tc",
        "<script>alert(1)</script> & \"x\" 'y'",
        "\u202eevil\u2066",
        "شركة الاختبار",
        "🎄🎅🏽 VIP",
    ),
    *(
        "日本語のとても長いキャンペーン名がここにあります",
        "",
        "x" * 500,
        "null\x00byte",
        "\ufffe",
        "%s {0}",
        "$\\frac{1}$",
    ),
)


@pytest.fixture
def october() -> Period:
    return Period(date(2026, 10, 1), date(2026, 10, 31))


@pytest.fixture
def per_period() -> Callable[..., pd.DataFrame]:
    """`usage.per_period` of a period whose first days hold the given counts, each a list; the others are missing."""

    def make(period: Period, as_of: pd.Timestamp = NOON, **columns: list[int | None]) -> pd.DataFrame:
        days = period.starts[: max((len(values) for values in columns.values()), default=0)]
        rows = pd.DataFrame(columns, index=days, dtype="Int64").reset_index()
        return usage.per_period(rows, period, as_of, ROME)

    return make


@pytest.fixture
def lasting() -> Callable[..., pd.DataFrame]:
    """`runway` of accounts with these names; each has half the credit of the one before it."""

    def make(*names: str | None, used: int | None = 3) -> pd.DataFrame:
        credit = [200_000 // 2**place for place in range(len(names))]
        accounts = pd.DataFrame({"id": range(4100, 4100 + len(names)), "name": names, "current_credit": credit})
        accounts["low_credit_threshold"] = 15_000
        accounts["estimated_available_conversations"] = accounts["current_credit"] // 100
        use = _use(accounts, used)
        return runway(balances(accounts), use, NOON, ROME)

    return make


@pytest.fixture
def campaign_table() -> Callable[..., pd.DataFrame]:
    """Settled campaigns with these names and sent messages, of which half were read."""

    def make(*names: str, sent: int = 1000, status: str = "Completed") -> pd.DataFrame:
        frame = pd.DataFrame({"id": range(len(names)), "name": names, "automation.name": names, "status": status})
        frame["scheduled_datetime"] = pd.Timestamp("2026-10-05T09:00Z")
        shares = {"contacts_count": 1, "messages_sent": 1, "messages_received": 0.9, "messages_read": 0.5}
        shares |= {"messages_failed": 0.02, "automation_started": 1, "automation_interacted_with": 0.2}
        for column, share in shares.items():
            frame[column] = int(sent * share)
        return campaign_metrics.campaign_table(frame, date(2026, 10, 1), date(2026, 10, 31), NOON, ROME)

    return make


@pytest.fixture
def use() -> pd.DataFrame:
    """`daily_use` of two accounts over October."""
    return _use(pd.DataFrame({"id": [4100, 4101]}), 3)


def _use(accounts: pd.DataFrame, used: int | None) -> pd.DataFrame:
    period = Period(date(2026, 10, 1), date(2026, 10, 31))
    days = pd.DataFrame({"period_start": period.starts, "conversations": used})
    rows = [days.assign(account=account) for account in accounts["id"]]
    reports = pd.concat(rows or [days.assign(account=None).iloc[:0]], ignore_index=True)
    return daily_use(reports, accounts, period, NOON, ROME)
