"""The report endpoints: ranges, granularities, and the answer that stays the same for half an hour."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from tests.sandbox.conftest import NOON, Client


@pytest.mark.parametrize("path", ["/reports/", "/reports/detailed/"])
def test_reports_keep_to_the_range(client: Client, path: str) -> None:
    rows = client.rows(path, start_date="2026-10-05", end_date="2026-10-07", granularity="Day")
    assert {row["period_start"] for row in rows} == {"2026-10-05", "2026-10-06", "2026-10-07"}
    assert {row["account"] for row in rows} >= {4100, 4101, 4102}


def test_reports_end_today(client: Client) -> None:
    rows = client.rows("/reports/", start_date="2026-11-18", end_date="2026-12-31")
    assert [row["period_start"] for row in rows if row["account"] == 4100] == ["2026-11-18", "2026-11-19", "2026-11-20"]


def test_a_day_without_messages_is_a_row_of_zeros(client: Client) -> None:
    rows = [
        row
        for row in client.rows("/reports/", start_date="2026-10-05", end_date="2026-10-05")
        if row["account"] == 4103
    ]
    assert [row["sent_message_count"] for row in rows] == [0]


@pytest.mark.parametrize(
    ("granularity", "periods"),
    [("Month", ["2025-12-01", "2026-01-01", "2026-02-01"]), ("Year", ["2025-01-01", "2026-01-01"])],
)
def test_longer_periods_start_on_their_first_day(client: Client, granularity: str, periods: list[str]) -> None:
    rows = client.rows("/reports/", start_date="2025-12-10", end_date="2026-02-03", granularity=granularity)
    assert [row["period_start"] for row in rows if row["account"] == 4100] == periods
    assert {row["granularity"] for row in rows} == {granularity}


@pytest.mark.parametrize(
    "days", [("2019-01-01", "2019-02-01"), ("2031-01-01", "2031-02-01"), ("2026-02-01", "2026-01-01")]
)
def test_ranges_without_days_are_empty(client: Client, days: tuple[str, str]) -> None:
    assert client.rows("/reports/detailed/", start_date=days[0], end_date=days[1]) == []


def test_the_current_report_is_the_running_month(client: Client) -> None:
    current = client.ask("/accounts/4101/current_report/").json()
    month = client.rows("/reports/", granularity="Month", start_date="2026-11-01", end_date="2026-11-30")
    assert current == next(row for row in month if row["account"] == 4101)


def test_all_pages_of_a_report_belong_together(client: Client) -> None:
    whole = client.rows("/reports/detailed/", start_date="2026-10-01", end_date="2026-10-31")
    assert client.rows("/reports/detailed/", start_date="2026-10-01", end_date="2026-10-31", page_size=50) == whole


def test_reports_stay_the_same_for_half_an_hour(start: Callable[..., Client]) -> None:
    clock = [NOON]
    client = start(now=lambda: clock[0])
    paths = ["/accounts/4100/current_report/", "/reports/", "/reports/detailed/"]
    first = [client.ask(path).content for path in paths]
    clock[0] = NOON + timedelta(minutes=29)
    assert [client.ask(path).content for path in paths] == first
    clock[0] = NOON + timedelta(minutes=31)
    assert all(now != then for now, then in zip([client.ask(path).content for path in paths], first, strict=True))


def test_accounts_follow_the_clock(start: Callable[..., Client]) -> None:
    clock = [NOON]
    client = start(now=lambda: clock[0])
    before = client.ask("/accounts/4100/").json()
    clock[0] = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
    after = client.ask("/accounts/4100/").json()
    assert after["current_credit"] != before["current_credit"]


def test_partner_report_and_forecasts(client: Client) -> None:
    query = {"account_id": 4101, "granularity": 2, "startDate": "2026-10-05", "endDate": "2026-10-07"}
    report = client.ask("/partners/get_account_report/", **query).json()
    assert [row["period_start"] for row in report["rows"]] == ["2026-10-05", "2026-10-06", "2026-10-07"]
    forecast = client.ask("/partners/get_account_forecasts/", account_id=4101, country_code="IT").json()
    account = client.ask("/accounts/4101/").json()
    assert forecast["estimated_available_conversations"] == account["estimated_available_conversations"]
