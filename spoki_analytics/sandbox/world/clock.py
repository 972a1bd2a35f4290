"""The world's clock: it follows another one or stands still, and can be put forward, never back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from spoki_analytics import clock
from spoki_analytics.clock import Clock
from spoki_analytics.errors import UsageError
from spoki_analytics.wording.messages import gettext

EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
"""Between these a world can be seen: its history and every client's timestamps reach that far."""


class WorldClock:
    """Gives the world's present.

    Args:
        now: A moment at which it stands, a function that gives the moment, or None to go on from this process's clock.

    Raises:
        UsageError: The moment has no time zone, or lies too far away.
    """

    def __init__(self, now: datetime | Clock | None = None) -> None:
        self._original = _follow(now)
        self.advanced = timedelta()
        """How far it was put forward."""
        _check(self._original())

    def __call__(self) -> datetime:
        """The present moment in UTC."""
        return self._original().astimezone(UTC) + self.advanced

    def advance(self, time: timedelta) -> None:
        """Put it forward.

        Raises:
            UsageError: That is not forward, or too far.
        """
        if time <= timedelta():
            raise UsageError(
                gettext("The sandbox's time only goes forward."),
                advice=gettext("Give days, hours or minutes above 0."),
            )
        _check(self() + time)
        self.advanced += time

    @property
    def ahead(self) -> int:
        """Seconds by which it is ahead of the real time."""
        return round((self() - clock.real()).total_seconds())


def tick_from(moment: datetime) -> Clock:
    """A clock that shows a moment now and goes on from there.

    Raises:
        UsageError: The moment has no time zone, or lies too far away.
    """
    _check(moment)
    ahead = moment.astimezone(UTC) - clock.real()
    return lambda: clock.real() + ahead


def _follow(now: datetime | Clock | None) -> Clock:
    if now is None:
        offset = clock.offset()  # as it is now: later it is moved together with this clock, and would count twice
        return lambda: clock.real() + offset
    if callable(now):
        return now
    _check(now)
    return lambda: now


def _check(moment: datetime) -> None:
    if moment.tzinfo is None:
        raise UsageError(gettext("The sandbox's now must carry a time zone."))
    if not EARLIEST <= moment < LATEST:
        raise UsageError(
            gettext("The sandbox's now must lie between {first} and {last}.", first=EARLIEST.year, last=LATEST.year)
        )
