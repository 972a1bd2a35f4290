"""The one clock: real by default, moved by the sandbox."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from spoki_analytics import clock


def test_the_clock_is_the_real_one_in_utc() -> None:
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)
    assert clock.now().tzinfo is UTC


def test_the_offset_moves_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(clock.OFFSET_VARIABLE, str(timedelta(days=3).total_seconds()))
    assert timedelta(days=2, hours=23) < clock.now() - datetime.now(UTC) < timedelta(days=3, hours=1)
