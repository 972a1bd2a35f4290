"""The block of a sandbox: who leads there, what is kept apart, and how time passes for all in it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import keyring
import keyring.backend
import pytest

from spoki_analytics import Spoki, UsageError, clock
from spoki_analytics.sandbox import Sandbox
from spoki_analytics.settings import Settings, load_settings
from tests.sandbox.conftest import NOON, Client


def environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name.upper().startswith("SPOKI_")}


def test_clients_in_the_block_lead_to_it_and_everything_is_as_before_afterwards(tmp_path: Path) -> None:
    before = environment()
    with Sandbox() as sandbox, Spoki() as spoki:
        assert spoki.settings.base_url == sandbox.base_url
        assert len(spoki.tags.load()) == 8
        folders = (spoki.settings.cache_dir, spoki.settings.data_dir)
        assert not any(folder.is_relative_to(tmp_path) for folder in folders)
        assert all(folder.exists() for folder in folders)
    assert environment() == before
    assert not any(folder.exists() for folder in folders)
    assert not (tmp_path / "cache").exists()


def test_it_is_had_from_the_package_and_loaded_only_then() -> None:
    code = "import sys, spoki_analytics as s; a = 'uvicorn' in sys.modules; s.Sandbox(); sys.exit(a)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_an_exception_in_the_block_leaves_everything_as_before() -> None:
    before = environment()
    with pytest.raises(ZeroDivisionError), Sandbox():
        1 / 0  # noqa: B018 - the exception is what is tested
    assert environment() == before


def test_a_block_that_cannot_be_entered_leaves_everything_as_before() -> None:
    before = environment()
    with Sandbox() as taken:
        held = environment()
        with pytest.raises(UsageError, match="cannot be opened"):
            Sandbox(port=int(taken.base_url.rpartition(":")[2])).__enter__()
        assert environment() == held
    assert environment() == before


def test_start_and_stop_leave_the_environment_alone() -> None:
    before = environment()
    sandbox = Sandbox().start()
    assert environment() == before
    sandbox.advance(days=1)
    assert environment() == before
    sandbox.stop()


def test_nested_sandboxes_each_hold_in_their_own_block() -> None:
    with Sandbox(seed=1) as outer:
        with Sandbox(seed=2) as inner:
            assert Settings().base_url == inner.base_url
            caches = Settings().cache_dir
        assert Settings().base_url == outer.base_url
        assert Settings().cache_dir != caches


def test_a_sandbox_can_be_entered_again() -> None:
    sandbox = Sandbox()
    with sandbox:
        first = Settings().base_url
    with sandbox:
        assert Settings().base_url == first


class _Locked(keyring.backend.KeyringBackend):
    """A keyring that must not be opened."""

    priority = 1  # type: ignore[assignment]

    def get_password(self, service: str, username: str) -> str | None:
        pytest.fail("the keyring was asked")

    def set_password(self, service: str, username: str, password: str) -> None:
        pytest.fail("the keyring was written")


def test_no_key_of_the_user_gets_into_the_block(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = "real-key-0123456789"
    (tmp_path / ".env").write_text(f"SPOKI_API_KEY={real}\nspoki_base_url=https://api.spoki.com\n", encoding="utf-8")
    monkeypatch.setenv("SPOKI_API_KEY", real)
    monkeypatch.setenv("spoki_api_key", real)
    before = keyring.get_keyring()
    keyring.set_keyring(_Locked())
    try:
        with Sandbox() as sandbox:
            settings = load_settings()
    finally:
        keyring.set_keyring(before)
    assert settings.base_url == sandbox.base_url
    assert settings.require_key() == sandbox.api_key
    assert environment()["spoki_api_key"] == real


def test_the_account_of_the_user_is_not_that_of_the_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPOKI_ACCOUNT", "77")
    with Sandbox():
        assert load_settings().account is None
    assert load_settings().account == 77


def test_clients_in_the_block_keep_to_its_rates() -> None:
    with Sandbox(window=0.001) as sandbox, Spoki() as spoki:
        for _ in range(6):
            spoki.lists.load(refresh=True)
        assert {each.status for each in sandbox.requests} == {200}


def test_writing_is_not_switched_on_by_the_block() -> None:
    with Sandbox():
        assert not load_settings().writes


def test_the_clock_of_the_block_is_the_worlds_for_this_process_and_its_children() -> None:
    with Sandbox(now=NOON) as sandbox:
        sandbox.advance(days=2, hours=1, minutes=30)
        moment = NOON + timedelta(days=2, hours=1, minutes=30)
        assert sandbox.world.now() == moment
        assert abs(clock.now() - moment) < timedelta(seconds=30)
        code = "from spoki_analytics import clock; print(clock.now().isoformat())"
        child = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        assert abs(datetime.fromisoformat(child.strip()) - moment) < timedelta(seconds=30)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=30)


def test_answers_are_dated_by_the_worlds_clock(client: Client) -> None:
    assert client.ask("/tags/").headers["date"] == "Fri, 20 Nov 2026 13:00:00 GMT"


def test_time_goes_forward_only() -> None:
    sandbox = Sandbox(now=NOON)
    for refused in ({}, {"days": -1}, {"days": 1, "hours": -24}):
        with pytest.raises(UsageError, match="forward"):
            sandbox.advance(**refused)
    assert sandbox.world.now() == NOON


def test_answers_grow_older(start: Callable[..., Client]) -> None:
    client = start()
    campaigns, contacts = client.rows("/campaigns/"), client.ask("/contacts/").json()["count"]
    credit = client.ask("/accounts/4100/").json()["current_credit"]
    client.sandbox.advance(days=1)
    days = {row["period_start"]: row for row in client.rows("/reports/", granularity="Day") if row["account"] == 4100}
    assert max(days) == "2026-11-21"
    yesterday = days["2026-11-20"]
    client.sandbox.advance(days=9)
    (still,) = [
        row
        for row in client.rows("/reports/", granularity="Day", start_date="2026-11-20", end_date="2026-11-20")
        if row["account"] == 4100
    ]
    assert still == yesterday
    assert client.ask("/contacts/").json()["count"] > contacts
    assert client.ask("/accounts/4100/").json()["current_credit"] != credit
    later = {row["id"]: row for row in client.rows("/campaigns/")}
    assert any(later[row["id"]] != row for row in campaigns)


def test_a_cached_frame_of_a_client_grows_old() -> None:
    with Sandbox(now=NOON, window=1e-9) as sandbox, Spoki() as spoki:
        spoki.tags.load()
        spoki.tags.load()
        assert sandbox.calls("list_tags") == 1
        sandbox.advance(minutes=31)
        spoki.tags.load()
        assert sandbox.calls("list_tags") == 2


def test_a_day_later_yesterday_is_complete_for_a_client() -> None:
    with Sandbox(now=NOON, window=1e-9) as sandbox, Spoki() as spoki:
        friday = {"start": "2026-11-20", "end": "2026-11-20"}
        half = spoki.reports.load(**friday)["count"].sum()
        sandbox.advance(days=1)
        whole = spoki.reports.load(**friday)["count"].sum()
        sandbox.advance(days=1)
        assert half < whole == spoki.reports.load(**friday)["count"].sum()


def test_rates_are_free_again_when_their_window_was_skipped(start: Callable[..., Client]) -> None:
    client = start(window=60)
    assert [client.ask("/lists/").status_code for _ in range(6)] == [200] * 5 + [429]
    client.sandbox.advance(minutes=1)
    assert client.ask("/lists/").status_code == 200


def test_what_clients_wrote_stays_when_time_passes(start: Callable[..., Client]) -> None:
    client = start()
    made = client.done("POST", "/lists/", {"name": "Mine"})
    renamed = client.done("PATCH", "/campaigns/601/", {"name": "Renamed", "status": "Paused"})
    client.sandbox.advance(days=30)
    assert client.ask(f"/lists/{made['id']}/").json() == made
    kept = client.ask("/campaigns/601/").json()
    assert (kept["name"], kept["status"]) == (renamed["name"], renamed["status"]) == ("Renamed", "Paused")


def test_a_server_that_runs_past_midnight_sees_its_records_a_day_older() -> None:
    moments = [NOON]
    sandbox = Sandbox(now=lambda: moments[0], window=1e-9).start()
    client = Client(sandbox)
    first = client.ask("/campaigns/601/").content
    whole = client.rows("/campaigns/")
    moments[0] = NOON.replace(hour=23)
    assert client.rows("/campaigns/") == whole
    moments[0] = NOON + timedelta(days=1)
    assert client.rows("/campaigns/") != whole
    assert client.ask("/campaigns/601/").content == first
    client.http.close()
    sandbox.stop()
