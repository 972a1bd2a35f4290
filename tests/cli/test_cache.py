"""``cache info`` and ``cache clear``, and the count of hits behind them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from spoki_analytics.sandbox import Sandbox
from spoki_analytics.settings import load_settings
from tests.cli.conftest import Run
from tests.conftest import KEY


@pytest.fixture
def filled(run: Run, spoki_sandbox: Sandbox) -> Path:
    """A cache with two answers, asked for twice each."""
    for resource in ("tags", "tags", "lists", "lists"):
        assert run("load", resource).code == 0
    settings = load_settings()
    return settings.cache_dir / "answers" / f"{settings.fingerprint}.sqlite"


def test_info(run: Run, filled: Path) -> None:
    told = run("cache", "info")
    assert told.code == 0
    assert str(filled) in told.out
    assert "2 answers, newest 0 min ago, oldest 0 min ago" in told.out
    assert "answered from the cache: 2 of 4 (50%)" in told.out
    assert "folder 0700, file 0600" in told.out


def test_the_hit_rate_counts_refreshes_and_limits(run: Run, filled: Path) -> None:
    run("load", "tags", "--refresh")
    run("load", "tags", "--limit", "1")
    assert "answered from the cache: 3 of 6 (50%)" in run("cache", "info").out


def test_nothing_is_made_by_looking(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SPOKI_API_KEY", KEY)
    assert "Nothing is kept." in run("cache", "info").out
    assert run("cache", "clear").code == 0
    assert not (tmp_path / "cache").exists()


def test_open_modes_are_pointed_out(run: Run, filled: Path) -> None:
    filled.chmod(0o644)
    assert "others can read it" in run("cache", "info").out
    assert run("cache", "clear").code == 0


def test_clear_deletes_what_belongs_to_the_key_and_nothing_else(run: Run, filled: Path) -> None:
    other = filled.with_name("0123456789abcdef.sqlite")
    foreign = filled.with_name("notes.txt")
    for path in (other, foreign):
        path.write_text("x")
    told = run("cache", "clear")
    assert re.match(r"Deleted \d+ files, 0\.\d MB, from ", told.out)
    assert sorted(path.name for path in filled.parent.iterdir()) == sorted([other.name, foreign.name, "locks"])
    assert list((filled.parent / "locks").iterdir()) == []
    assert run("cache", "clear", "--all").code == 0
    assert not other.exists()
    assert foreign.exists()


def test_a_corrupt_file_is_shown_and_cleared(run: Run, filled: Path) -> None:
    run("cache", "clear")
    filled.write_bytes(b"not a database at all" * 100)
    told = run("cache", "info")
    assert told.code == 0
    assert "cannot be used" in told.out
    assert told.err.startswith("Warning: ")
    assert run("cache", "clear").code == 0
    assert not filled.exists()
    assert run("load", "tags").err.startswith("8 rows")


def test_without_a_key_all_must_be_asked_for(run: Run, filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SPOKI_API_KEY")
    assert run("cache", "info").code == 3
    assert str(filled) in run("cache", "info", "--all").out
