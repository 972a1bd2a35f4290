"""The world's clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from spoki_analytics import clock
from spoki_analytics.errors import UsageError
from spoki_analytics.sandbox.world.clock import WorldClock, tick_from
from tests.sandbox.conftest import NOON

SOON = timedelta(seconds=5)


def test_it_goes_on_from_the_clock_of_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(clock.OFFSET_VARIABLE, "86400")
    world = WorldClock()
    world.advance(timedelta(hours=1))
    monkeypatch.setenv(clock.OFFSET_VARIABLE, str(world.ahead))
    assert world.ahead == 86400 + 3600
    assert abs(world() - clock.now()) < SOON


def test_a_moment_stands_until_it_is_put_forward() -> None:
    world = WorldClock(NOON.astimezone(timezone(timedelta(hours=9))))
    assert world() == NOON
    assert world().tzinfo is UTC
    world.advance(timedelta(days=2, minutes=3))
    assert world() == NOON + timedelta(days=2, minutes=3)
    assert abs(clock.real() + timedelta(seconds=world.ahead) - world()) < SOON


def test_a_function_gives_the_moment_whatever_its_time_zone() -> None:
    world = WorldClock(lambda: NOON.astimezone(timezone(timedelta(hours=-5))))
    assert world() == NOON
    assert world().tzinfo is UTC


def test_a_started_clock_goes_on() -> None:
    ticking = tick_from(NOON)
    first, second = ticking(), ticking()
    assert NOON <= first <= second < NOON + SOON


@pytest.mark.parametrize("time", [timedelta(), timedelta(seconds=-1), timedelta(days=100_000)], ids=str)
def test_time_goes_forward_and_not_too_far(time: timedelta) -> None:
    world = WorldClock(NOON)
    with pytest.raises(UsageError):
        world.advance(time)
    assert world() == NOON


@pytest.mark.parametrize("moment", [NOON.replace(tzinfo=None), NOON.replace(year=1999), NOON.replace(year=2200)])
def test_moments_without_time_zone_or_far_away_are_refused(moment: datetime) -> None:
    with pytest.raises(UsageError, match="now must"):
        WorldClock(moment)
    with pytest.raises(UsageError, match="now must"):
        tick_from(moment)
