"""The invented data: believable, consistent, and the same for the same seed."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from spoki_analytics.catalogue import catalogue
from spoki_analytics.errors import UsageError
from spoki_analytics.sandbox.world.names import HOSTILE
from spoki_analytics.sandbox.world.reports import detailed_rows, legacy_rows
from spoki_analytics.sandbox.world.world import World
from tests.sandbox.conftest import NOON, Client
from tests.sandbox.server.test_server import address, needed

START = date(2024, 11, 20)
PATHS = ["/contacts/", "/campaigns/", "/tickets/", "/accounts/", "/automations/", "/reports/detailed/", "/templates/"]


@pytest.fixture(scope="module")
def world() -> World:
    return World("small", 1, NOON)


def daily(world: World) -> list[dict[str, Any]]:
    """Reports of the main account's whole days."""
    return list(legacy_rows(world.main, "Day", START, NOON.date() - timedelta(days=1), NOON))


@pytest.mark.parametrize("size", [("small", 400, 4), ("medium", 10_000, 25), ("large", 100_000, 500)])
def test_sizes(size: tuple[str, int, int]) -> None:
    name, contacts, accounts = size
    world = World(name, 1, NOON)
    assert len(world.workspace(world.main).contacts) == contacts
    assert len(world.all_accounts()) == accounts
    assert len({account.key for account in world.all_accounts()}) == accounts


def test_the_same_seed_gives_the_same_bytes(start: Callable[..., Client]) -> None:
    one, same, other = start(seed=7), start(seed=7), start(seed=8)
    for path in PATHS:
        first, second = (each.ask(path).content.replace(each.sandbox.base_url.encode(), b"") for each in (one, same))
        assert first == second, path
    assert one.ask("/contacts/").content != other.ask("/contacts/").content
    assert one.sandbox.api_key == same.sandbox.api_key != other.sandbox.api_key


def test_without_a_given_moment_the_world_is_seen_now(start: Callable[..., Client]) -> None:
    client = start(now=None)
    rows = client.rows("/reports/", granularity="Day")
    assert max(row["period_start"] for row in rows) == datetime.now(UTC).date().isoformat()


def test_a_world_grows_older_without_changing_its_past() -> None:
    young, old = (World("small", 1, moment, since=START) for moment in (NOON, NOON + timedelta(days=90)))
    assert daily(young) == daily(old)
    younger, older = (
        {row["id"]: row for row in each.workspace(each.main).campaigns.records()} for each in (young, old)
    )
    assert younger.keys() < older.keys()
    assert all(younger[i]["name"] == older[i]["name"] for i in younger)
    changed = {
        (younger[i]["status"], older[i]["status"]) for i in younger if younger[i]["status"] != older[i]["status"]
    }
    assert ("Scheduled", "Completed") in changed or ("Scheduled", "Processing") in changed
    people = [
        {row["id"]: row["status"] for row in each.workspace(each.main).contacts.records()} for each in (young, old)
    ]
    consents = {(people[0][i], people[1][i]) for i in people[0] if people[0][i] != people[1][i]}
    assert consents >= {("Not Declared", "Subscribed"), ("Subscribed", "Unsubscribed")}
    assert "Not Declared" not in {after for _, after in consents}
    assert young.main.credit(NOON) != old.main.credit(NOON + timedelta(days=90))


def test_messages_are_consistent(world: World) -> None:
    for row in daily(world):
        sent, read = row["sent_message_count"], row["read_message_count"]
        assert sent >= row["delivered_message_count"] >= read >= 0
        assert row["exchanged_messages"] == sent + row["incoming_message_count"]
        assert row["template_message_count"] + row["free_message_count"] == sent
        assert row["conversation_count"] <= row["contacted_contacts"] <= sent


@pytest.mark.parametrize("granularity", ["Day", "Month", "Year"])
@pytest.mark.parametrize("place", [0, 1, 3])
def test_detailed_reports_agree_with_legacy_ones(world: World, granularity: str, place: int) -> None:
    account = world.all_accounts()[place]
    sums: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in detailed_rows(account, granularity, START, NOON.date(), NOON):
        sums[row["period_start"]][row["status"]] += row["count"]
    for row in legacy_rows(account, granularity, START, NOON.date(), NOON):
        states = sums[row["period_start"]]
        assert row["sent_message_count"] == states["Sent"] + states["Delivered"] + states["Read"]
        assert row["delivered_message_count"] == states["Delivered"] + states["Read"]
        assert row["read_message_count"] == states["Read"]


def test_longer_periods_are_sums_of_days(world: World) -> None:
    account, end = world.main, NOON.date()
    days, months, years = (list(legacy_rows(account, each, START, end, NOON)) for each in ("Day", "Month", "Year"))
    assert [row["period_start"] for row in months[:3]] == ["2024-11-20", "2024-12-01", "2025-01-01"] or [
        row["period_start"] for row in months[:3]
    ] == ["2024-11-01", "2024-12-01", "2025-01-01"]
    assert [row["period_start"] for row in years] == ["2024-01-01", "2025-01-01", "2026-01-01"]
    for name in ("sent_message_count", "read_message_count", "incoming_message_count"):
        assert sum(row[name] for row in days) == sum(row[name] for row in months) == sum(row[name] for row in years)
    december = [row for row in days if row["period_start"].startswith("2025-12")]
    month = next(row for row in months if row["period_start"] == "2025-12-01")
    assert max(row["contacted_contacts"] for row in december) <= month["contacted_contacts"]
    assert month["contacted_contacts"] < sum(row["contacted_contacts"] for row in december)


def test_weeks_and_seasons_show(world: World) -> None:
    by_month: Counter[str] = Counter()
    by_weekday: Counter[int] = Counter()
    for row in daily(World("medium", 1, NOON)):
        day = date.fromisoformat(row["period_start"])
        by_month[f"{day:%Y-%m}"] += row["sent_message_count"]
        by_weekday[day.weekday()] += row["sent_message_count"]
    of_2025 = {month: count for month, count in by_month.items() if month.startswith("2025")}
    assert min(of_2025, key=of_2025.__getitem__) == "2025-08"
    assert max(of_2025, key=of_2025.__getitem__) == "2025-12"
    assert min(by_weekday, key=by_weekday.__getitem__) == 6


def test_the_running_day_is_partial_and_grows(world: World) -> None:
    today = NOON.date()

    def sent(moment: datetime) -> int:
        (row,) = legacy_rows(world.main, "Day", today, today, moment)
        count: int = row["sent_message_count"]
        return count

    morning, noon, night = (sent(NOON.replace(hour=hour)) for hour in (6, 13, 23))
    assert 0 == morning < noon < night
    states = {row["status"] for row in detailed_rows(world.main, "Day", today, today, NOON)}
    assert "Pending" in states
    assert "Pending" not in {
        row["status"] for row in detailed_rows(world.main, "Month", START, date(2026, 9, 30), NOON)
    }


def test_messages_that_wait_are_counted_once(world: World) -> None:
    today = NOON.date()
    evening, next_day = (
        list(detailed_rows(world.main, "Day", today, today, moment))
        for moment in (NOON.replace(hour=23), NOON + timedelta(days=1))
    )
    assert sum(row["count"] for row in evening) == sum(row["count"] for row in next_day)


def funnels(world: World) -> list[dict[str, Any]]:
    """The campaigns of the main account."""
    return list(world.workspace(world.main).campaigns.records())


def test_campaigns_have_funnels(world: World) -> None:
    campaigns = funnels(world)
    assert {each["status"] for each in campaigns} == {"Draft", "Scheduled", "Processing", "Paused", "Completed"}
    for each in campaigns:
        counters = each["counters"]
        assert counters["messages_sent"] >= counters["messages_received"] >= counters["messages_read"]
        assert (
            counters["messages_received"] + counters["messages_failed"] <= counters["messages_sent"] <= each["target"]
        )
        assert (counters["messages_sent"] == 0) == (each["status"] in ("Draft", "Scheduled"))


def test_campaigns_count_in_either_reading_of_the_same_funnels(world: World) -> None:
    other = World("small", 1, NOON, campaign_counters="exclusive")
    pairs = [(each, other.workspace(other.main).campaigns.get(each["id"])) for each in funnels(world)]
    for cumulative, exclusive in pairs:
        assert exclusive is not None
        whole, states = cumulative["counters"], exclusive["counters"]
        sent, received, read, failed = (states[f"messages_{name}"] for name in ("sent", "received", "read", "failed"))
        assert whole["messages_sent"] == sent + received + read + failed
        assert whole["messages_received"] == received + read
        assert (whole["messages_read"], whole["messages_failed"]) == (read, failed)
    with pytest.raises(UsageError, match="no campaign counters 'both'"):
        World(campaign_counters="both")


def test_a_paused_campaign_stands_where_it_was_stopped(world: World) -> None:
    paused = [each for each in funnels(world) if each["status"] == "Paused"]
    later = World("small", 1, NOON + timedelta(days=5), START)
    for each in paused:
        assert 0 < each["counters"]["messages_sent"] < each["target"] / 2
        again = later.workspace(later.main).campaigns.get(each["id"])
        assert again is not None
        assert (again["status"], again["counters"]) == ("Paused", each["counters"])
    assert paused


def test_campaigns_are_in_the_reports(world: World) -> None:
    reports = {row["period_start"]: row for row in daily(world)}
    done = [
        each
        for each in world.workspace(world.main).campaigns.records()
        if each["status"] == "Completed" and "Z" in each["scheduled_datetime"]
    ]
    singles = [each for each in done if not each["scheduled_datetime"].endswith("T07:00:00Z")]
    assert singles
    for each in singles:
        day = reports[each["scheduled_datetime"][:10]]
        assert day["delivered_message_count"] >= each["counters"]["messages_received"]
        assert day["read_message_count"] >= each["counters"]["messages_read"]


def test_credit_is_spent_and_recharged(world: World) -> None:
    moments = [NOON - timedelta(days=day) for day in range(200, -1, -1)]
    balances = [world.main.credit(moment) for moment in moments]
    steps = [after - before for before, after in pairwise(balances)]
    assert min(balances) >= 0
    assert sum(step < 0 for step in steps) > 100
    assert 0 < sum(step > 0 for step in steps) < 40


def test_one_account_is_low_on_credit_and_one_is_a_sandbox(world: World) -> None:
    rows = [account.row(NOON) for account in world.all_accounts()]
    main, low, enabled, sandbox = rows
    assert low["current_credit"] < low["low_credit_threshold"]
    assert low["has_low_credit_alert"]
    assert main["current_credit"] > main["low_credit_threshold"]
    assert not main["has_low_credit_alert"]
    assert enabled["has_low_credit_alert"]
    assert enabled["current_credit"] > enabled["low_credit_threshold"]
    assert (sandbox["account_type"], sandbox["is_active"], sandbox["phone"]) == (1, False, None)
    for row in rows:
        assert row["estimated_available_conversations"] == row["current_credit"] // 100
        assert row["contacted_in_24h"] <= row["contacted_in_7d"]
        assert row["contacted_in_24h"] <= row["daily_limit"]


def test_list_sizes_are_their_members(client: Client) -> None:
    for row in client.rows("/contacts/"):
        assert len(row["list_set"]) == len({each["id"] for each in row["list_set"]})
    members = Counter(each["id"] for row in client.rows("/contacts/") for each in row["list_set"])
    assert {row["id"]: row["contacts_count"] for row in client.rows("/lists/")} == members


def test_phones_are_unique_and_come_in_both_forms(client: Client) -> None:
    phones = [row["phone"] for row in client.rows("/contacts/") if not row["has_invalid_phone"]]
    assert len(phones) == len({phone.lstrip("+") for phone in phones})
    assert {phone.startswith("+") for phone in phones} == {True, False}
    assert all(re.fullmatch(r"\+?[0-9]{10,15}", phone) for phone in phones)
    assert any(row["has_invalid_phone"] for row in client.rows("/contacts/"))
    assert any(row["is_blocked"] for row in client.rows("/contacts/"))


def test_tickets_have_statuses_of_their_own(client: Client) -> None:
    tickets = client.rows("/tickets/")
    statuses = {row["status"] for row in tickets}
    assert {"Open", "OPEN", "Closed", "In attesa fornitore"} <= statuses
    for row in tickets:
        assert (row["closed_datetime"] is not None) == (row["status"] in ("Closed", "Resolved", "Terminated"))
        assert row["created_datetime"][:10] <= row["updated_datetime"][:10] <= NOON.date().isoformat()
    assert any(row["owner"] is None for row in tickets)


def test_hostile_texts_are_in_every_family_of_users_texts(client: Client) -> None:
    families = ["contacts", "lists", "tags", "campaigns", "templates", "automations", "tickets", "media", "roles"]
    for path in [*(f"/{family}/" for family in families), "/accounts/", "/channel/", "/custom-fields/"]:
        assert re.search(r'"[^"]*<[a-zA-Z]', client.ask(path).text), path
    names = {row["first_name"] for row in client.rows("/contacts/")}
    assert len(names & set(HOSTILE)) > 8
    scripts = "".join(names)
    assert all(re.search(alphabet, scripts) for alphabet in ("[α-ω]", "[\u0621-\u064a]", "[\u4e00-\u9fff]", "🚀"))


def test_no_read_leaves_internal_keys_behind(client: Client) -> None:
    internal = {"fields", "operators", "counters", "has_key", "webhook_platform", "webhook", "target", "updated_by"}
    for each in catalogue():
        body = client.ask(address(each), **needed(each)).json() if each.is_read else {}
        rows = body.get("results", [body]) if isinstance(body, dict) else body
        assert not internal & {key for row in rows for key in row}, each.slug
