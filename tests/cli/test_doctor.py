"""``spoki-analytics doctor``."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from spoki_analytics.sandbox import Sandbox
from tests.cli.conftest import Drawer, Run
from tests.conftest import KEY, Answer, Script


def line(text: str, topic: str) -> str:
    return next(line for line in text.splitlines() if line[6:].startswith(topic))


def test_all_is_well(run: Run, spoki_sandbox: Sandbox) -> None:
    run("load", "tags")
    run("load", "tags")
    told = run("doctor")
    key = spoki_sandbox.api_key
    assert told.code == 0, told.out
    assert line(told.out, "Key") == f"ok    Key       …{key[-4:]} from the environment (SPOKI_API_KEY)"
    assert f"{spoki_sandbox.base_url} answers" in told.out
    assert f"the key sees {len(spoki_sandbox.api_keys)} accounts" in told.out
    assert line(told.out, "Clock").startswith("ok ")
    assert "List Accounts: 4 of 5 requests left in this minute (documented)" in told.out
    assert "List tags: 59 of 60 requests left in this minute (our default)" in told.out
    assert "answered from the cache: 1 of 2 (50%)" in told.out
    assert "folder 0700, file 0600" in told.out
    assert "pandas " in told.out
    assert "MISSING" not in told.out
    assert "Kernels   reports run with " in told.out
    assert key not in told.out + told.err
    assert spoki_sandbox.calls("list_accounts") == 1


def test_neither_key_nor_network(run: Run, nobody: str) -> None:
    told = run("doctor")
    assert told.code == 3
    assert line(told.out, "Key").startswith("FAIL")
    assert line(told.out, "Spoki").startswith("FAIL")
    assert "Versions" in told.out


def test_no_network(run: Run, nobody: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPOKI_API_KEY", KEY)
    told = run("doctor")
    assert told.code == 4
    assert line(told.out, "Spoki").startswith("FAIL")


def test_no_key_but_a_network(run: Run, spoki_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SPOKI_API_KEY")
    told = run("doctor")
    assert told.code == 3
    assert line(told.out, "Spoki").startswith("ok ")
    assert [(each.path, each.has_key) for each in spoki_sandbox.requests] == [("/", False)]


def test_a_refused_key(run: Run, spoki_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPOKI_API_KEY", KEY)
    assert run("doctor").code == 3


def test_a_server_in_trouble_is_asked_once(run: Run, spoki_sandbox: Sandbox) -> None:
    spoki_sandbox.fail_next("server_error", times=9)
    assert run("doctor").code == 4
    assert [each.path for each in spoki_sandbox.requests] == ["/api/1/accounts/"]


def test_a_clock_that_is_wrong_and_headers_that_defeat_caching(
    run: Run, spoki_api: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = format_datetime(datetime.now(UTC) - timedelta(minutes=5), usegmt=True)
    monkeypatch.setattr("http.server.BaseHTTPRequestHandler.date_time_string", lambda *_: late)
    headers = {"Vary": "Cookie", "Set-Cookie": "session=secret-value", "Cache-Control": "no-store"}
    spoki_api["/api/1/accounts/"] = Answer([], headers=headers)
    told = run("doctor")
    assert told.code == 0
    assert line(told.out, "Clock").startswith("look")
    assert "ahead of Spoki" in line(told.out, "Clock")
    found = line(told.out, "Headers")
    assert all(word in found for word in ("Vary: Cookie", "Set-Cookie", "Cache-Control: no-store"))
    assert "secret-value" not in told.out


@pytest.mark.parametrize("place", ["the environment (SPOKI_API_KEY)", ".env (SPOKI_API_KEY)", "the system keyring"])
def test_where_the_key_is_from(
    run: Run, spoki_api: Script, drawer: Drawer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, place: str
) -> None:
    drawer.set_password("spoki_analytics", spoki_api.base_url, "stored-key-9999")
    if place.startswith(".env"):
        (tmp_path / ".env").write_text("SPOKI_API_KEY=dotenv-key-8888\n")
    if not place.startswith("the environment"):
        monkeypatch.delenv("SPOKI_API_KEY")
    spoki_api["/api/1/accounts/"] = Answer([])
    assert line(run("doctor").out, "Key").endswith(f" from {place}")


def test_what_was_broken_and_what_others_can_read_is_said(run: Run, spoki_sandbox: Sandbox) -> None:
    run("load", "tags")
    broken = next((Path(os.environ["SPOKI_DATA_DIR"]) / "rates").glob("*.sqlite"))
    broken.with_name(f"{broken.name}.broken").touch()
    Path(".env").write_text("SPOKI_REGION=IT\n")
    Path(".env").chmod(0o644)
    told = run("doctor")
    assert told.code == 0
    assert "look  Data " in told.out
    assert f"{broken}.broken cannot be used and was put aside; it may be deleted" in told.out
    assert "look  Key       others can read .env: close it with `chmod 600 .env`" in told.out


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SPOKI_TIMEZONE", "Europe/Roma"),
        ("SPOKI_REGION", "Italia"),
        ("SPOKI_BASE_URL", "ftp://api.spoki.com"),
        ("SPOKI_DEFAULT_RATE", "many"),
        ("SPOKI_TIMEOUT", "-1"),
        ("SPOKI_WRITES", "perhaps"),
        ("SPOKI_ACCOUNT", "mine"),
        ("SPOKI_CAMPAIGN_COUNTERS", "both"),
    ],
)
def test_a_wrong_setting_is_a_finding_by_the_name_of_its_variable(
    run: Run, nobody: str, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    told = run("doctor")
    assert told.code == 2
    [line] = [line for line in told.out.splitlines() if line.startswith("FAIL")]
    assert name in line
    assert "Value error" not in told.out
    assert "Versions" in told.out


@pytest.mark.parametrize("name", ["SPOKI_CACHE_DIR", "SPOKI_DATA_DIR"])
def test_a_folder_that_cannot_be_used_is_a_failure(
    run: Run, nobody: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv(name, str(tmp_path / "file" / "below"))
    told = run("doctor")
    assert told.code != 0
    assert any(line.startswith("FAIL") and "file" in line for line in told.out.splitlines())
