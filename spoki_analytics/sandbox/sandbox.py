"""The sandbox as its users hold it: a server to start, and a block in which every client leads there."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Self

from spoki_analytics.catalogue import catalogue
from spoki_analytics.clock import OFFSET_VARIABLE, Clock
from spoki_analytics.sandbox.environment import REAL, Block
from spoki_analytics.sandbox.server.faults import Faults
from spoki_analytics.sandbox.server.log import Logged
from spoki_analytics.sandbox.server.rates import Rates
from spoki_analytics.sandbox.server.server import HOST, Server, listen
from spoki_analytics.sandbox.server.simulator import Simulator
from spoki_analytics.sandbox.world.clock import tick_from
from spoki_analytics.sandbox.world.world import World
from spoki_analytics.wording.messages import gettext

START_SECONDS = 30


class Sandbox:
    """A local Spoki over real HTTP.

    In a block, every client leads to it, with its key, and with caches and data in a temporary folder:

        with Sandbox():
            spoki = Spoki()

    The block sets environment variables, also for processes that are started in it, and puts them back afterwards.
    They belong to the whole process: where blocks are open side by side, the one entered last holds, and clients of
    another one need their address and key as arguments. Clients in the block share its clock, which ``advance`` puts
    forward. Corrections are switched on as everywhere, by ``Spoki(writes=True)``.

    ``start()`` and ``stop()`` run the server and leave the environment alone.

    Args:
        size: ``small`` (400 contacts, 4 accounts), ``medium`` (10,000, 25) or ``large`` (100,000, 500).
        seed: Seed of everything that is invented.
        port: Port on the loopback; 0 takes a free one.
        faults: Kinds of faults that stand, from ``FAULTS``.
        window: Length in seconds of the window of the documented rates, to which clients in the block keep.
        now: The moment at which the world stands, or a function that gives it; None goes on from the present.
        since: First day of history; None is two years before. Give the same one to see a world grow older.
        campaign_counters: How campaigns count their messages: ``cumulative`` (what was read is received and sent, too)
            or ``exclusive`` (every message once, under its latest state).

    Raises:
        UsageError: A size, fault or kind of counters is not known, or the moment is not acceptable.
    """

    def __init__(
        self,
        size: str = "small",
        seed: int = 1,
        port: int = 0,
        faults: Iterable[str] = (),
        window: float = 60.0,
        now: datetime | Clock | None = None,
        since: date | None = None,
        campaign_counters: str = "cumulative",
    ) -> None:
        self.world = World(size, seed, now, since, campaign_counters)
        self._faults = Faults(tuple(faults))
        self._simulator = Simulator(self.world, Rates(window, self._seconds), self._faults)
        self._port = port
        self._server: Server | None = None
        self._thread: threading.Thread | None = None
        self._block: Block | None = None
        self._opened = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as opened:
            opened.callback(self.start().stop)
            folder = Path(opened.enter_context(TemporaryDirectory(prefix="spoki-sandbox-", ignore_cleanup_errors=True)))
            own = {
                "SPOKI_CACHE_DIR": str(folder / "cache"),
                "SPOKI_DATA_DIR": str(folder / "data"),
                "SPOKI_RATE_WINDOW": str(self._simulator.rates.window),
            }
            self._block = opened.enter_context(Block(self.environment | own, without=REAL))
            self._opened = opened.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._block = None
        self._opened.close()

    def start(self) -> Self:
        """Open the port and answer from it.

        Raises:
            UsageError: The port is taken.
        """
        listener = listen(self._port)
        self._port = listener.getsockname()[1]
        self._server = Server(self._simulator)
        self._thread = threading.Thread(target=self._server.run, args=([listener],), name="spoki-sandbox", daemon=True)
        self._thread.start()
        self._server.ready.wait(START_SECONDS)
        return self

    def stop(self) -> None:
        """Close the port and all connections; harmless when it is not running."""
        if self._server and self._thread:
            self._server.leave()
            self._thread.join()
        self._server = self._thread = None

    def revive(self) -> Self:
        """Start again after the server has died (faults ``die`` and ``die_before``): same port, same records."""
        self.stop()
        return self.start()

    def advance(self, *, days: float = 0, hours: float = 0, minutes: float = 0) -> None:
        """Let time pass, for the world and for the clients of the block.

        Reports gain days, campaigns go on, tickets close, contacts come; what clients wrote stays as they left it.
        Cached frames grow old, and full rates are free again. Without a block only the world moves; its clients follow
        once they are given ``environment``.

        Args:
            days: How many days.
            hours: How many hours more.
            minutes: How many minutes more.

        Raises:
            UsageError: That is not forward.
        """
        self._simulator.advance(timedelta(days=days, hours=hours, minutes=minutes))
        if self._block:
            self._block.change(self.environment)

    @property
    def base_url(self) -> str:
        """Origin, such as ``http://127.0.0.1:51234``."""
        return f"http://{HOST}:{self._port}"

    @property
    def api_key(self) -> str:
        """The main key: it sees every account, and the records of the first one."""
        return self.world.main.key

    @property
    def api_keys(self) -> dict[int, str]:
        """The key of each account, by account id."""
        return {account: key for key, account in self.world.keys.items()}

    @property
    def environment(self) -> dict[str, str]:
        """Environment variables that lead a client here, to this address and into this world's time."""
        offset = str(self.world.now.ahead)
        return {"SPOKI_BASE_URL": self.base_url, "SPOKI_API_KEY": self.api_key, OFFSET_VARIABLE: offset}

    @property
    def requests(self) -> list[Logged]:
        """Every request that arrived, oldest first."""
        return list(self._simulator.log)

    def writes(self, operation: str = "") -> list[Logged]:
        """The requests that asked for a change, oldest first, refused and unanswered ones included.

        ``done`` tells whether it was carried out, ``sent`` gives the decoded body.

        Args:
            operation: Only those of one operation, by its slug.
        """
        slugs = {each.slug for each in catalogue() if not each.is_read and operation in ("", each.slug)}
        return [each for each in self.requests if each.operation in slugs]

    def calls(self, operation: str) -> int:
        """How many requests of an operation arrived, refused ones included; its name as a slug: ``list_contacts``."""
        return sum(each.operation == operation for each in self.requests)

    def fail_next(self, kind: str, times: int = 1, path: str = "", seconds: float | None = None) -> None:
        """Let a fault hit the next requests.

        Args:
            kind: A kind from ``FAULTS``.
            times: How many requests it hits.
            path: Part of "METHOD path?query" that a request must contain to be hit.
            seconds: Delay of ``slow``, or Retry-After of ``too_many``.
        """
        self._faults.aim(kind, times, path, seconds)

    def _seconds(self) -> float:
        """Seconds that never go back, for rates: a minute that was skipped is over for them too."""
        return time.monotonic() + self.world.now.advanced.total_seconds()


print_at_once = partial(print, flush=True)
"""Prints so that whoever reads a pipe sees the line at once."""


def serve(
    port: int = 0,
    size: str = "small",
    seed: int = 1,
    faults: Iterable[str] = (),
    now: datetime | None = None,
    announce: Callable[[str], object] = print_at_once,
    campaign_counters: str = "cumulative",
) -> None:
    """Run a sandbox until Ctrl-C.

    Args:
        port: Port on the loopback; 0 takes a free one.
        size: Size of the world.
        seed: Seed of the world.
        faults: Kinds of faults that stand.
        now: The moment at which the world starts, and goes on from there; None is the present.
        announce: Gets the lines to show once it runs.
        campaign_counters: How campaigns count their messages, ``cumulative`` or ``exclusive``.
    """
    clock = None if now is None else tick_from(now)
    with ExitStack() as running:
        world: dict[str, Any] = {"size": size, "seed": seed, "now": clock, "campaign_counters": campaign_counters}
        sandbox = Sandbox(port=port, faults=faults, **world).start()
        running.callback(sandbox.stop)
        for line in _introduction(sandbox, size):
            announce(line)
        with contextlib.suppress(KeyboardInterrupt):
            while True:
                time.sleep(3600)


def _introduction(sandbox: Sandbox, size: str) -> Iterator[str]:
    """How to use a sandbox from another process."""
    address, key = sandbox.base_url, sandbox.api_key
    yield gettext("A {size} sandbox answers at {address} with key {key}", size=size, address=address, key=key)
    yield gettext("To use it:")
    for name, value in sandbox.environment.items():
        if (name, value) != (OFFSET_VARIABLE, "0"):
            yield f"  export {name}={value}"
    yield gettext("Stop it with Ctrl-C.")
