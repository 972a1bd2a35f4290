"""``login`` and ``logout``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from spoki_analytics import Spoki
from spoki_analytics.settings import KEYRING_SERVICE
from tests.cli.conftest import Drawer, Run
from tests.conftest import KEY, Answer, Script

OTHER = "another-key-fedcba9876543210"


@pytest.fixture
def origin(script: Script, monkeypatch: pytest.MonkeyPatch) -> Script:
    monkeypatch.setenv("SPOKI_BASE_URL", script.base_url)
    script["/api/1/accounts/"] = Answer([{"id": 1}, {"id": 2}])
    return script


def test_login_checks_the_key_and_keeps_it_for_the_client(run: Run, origin: Script, drawer: Drawer) -> None:
    told = run("login", typed=f"{KEY}\n")
    assert told.code == 0
    assert "it sees 2 accounts" in told.out
    assert drawer.kept == {(KEYRING_SERVICE, origin.base_url): KEY}
    assert [seen.headers["x-spoki-api-key"] for seen in origin.seen] == [KEY]
    assert KEY not in told.out + told.err
    with Spoki() as spoki:
        assert spoki.settings.require_key() == KEY


def test_a_key_that_spoki_refuses_is_not_kept(run: Run, origin: Script, drawer: Drawer) -> None:
    origin["/api/1/accounts/"] = Answer({"detail": "Invalid token."}, 401)
    assert run("login", typed=KEY).code == 3
    assert drawer.kept == {}


def test_login_without_a_check_asks_nobody(run: Run, origin: Script, drawer: Drawer) -> None:
    assert run("login", "--no-check", typed=KEY).code == 0
    assert origin.seen == []
    assert list(drawer.kept.values()) == [KEY]


@pytest.mark.parametrize("typed", ["", "\n", "two words\n", "kéy\n"])
def test_what_is_no_key_is_refused_without_showing_it(run: Run, origin: Script, drawer: Drawer, typed: str) -> None:
    told = run("login", typed=typed)
    assert told.code == 2
    assert typed.strip() == "" or typed.strip() not in told.err
    assert (drawer.kept, origin.seen) == ({}, [])


def test_the_prompt_is_hidden(run: Run, origin: Script, drawer: Drawer, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Any] = {}

    def prompt(text: str, **options: Any) -> str:
        asked.update(options)
        return KEY

    monkeypatch.setattr("typer.prompt", prompt)
    assert run("login", typed=None).code == 0
    assert asked == {"hide_input": True}


def test_a_machine_without_a_keyring_gets_the_alternatives(run: Run, origin: Script) -> None:
    told = run("login", typed=KEY)
    assert told.code == 2
    assert "SPOKI_API_KEY" in told.err
    assert ".env" in told.err
    assert KEY not in told.err


def test_a_key_that_takes_precedence_is_named(run: Run, origin: Script, drawer: Drawer, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"SPOKI_API_KEY={OTHER}\n")
    told = run("login", typed=KEY)
    assert ".env (SPOKI_API_KEY) holds a key too" in told.err
    assert OTHER not in told.out + told.err


def test_logout(run: Run, origin: Script, drawer: Drawer) -> None:
    run("login", typed=KEY)
    assert run("logout").code == 0
    assert drawer.kept == {}
    again = run("logout")
    assert (again.code, again.out) == (0, f"No key is stored for {origin.base_url}.\n")
