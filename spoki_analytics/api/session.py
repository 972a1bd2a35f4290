"""The session: answers from the store while they live, from Spoki otherwise, at most one process asking at a time."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NoReturn, TypeVar

import requests
from pydantic import SecretStr

from spoki_analytics.api.answers import Answer, parse, spell
from spoki_analytics.api.call import Call, Query
from spoki_analytics.api.landing import Landing, landed_life
from spoki_analytics.api.listings import Codec, Listings
from spoki_analytics.api.pacing import Pace
from spoki_analytics.api.process import OwnProcess
from spoki_analytics.api.progress import Meter, shows_progress
from spoki_analytics.api.reads import Reads
from spoki_analytics.api.retry import Policy
from spoki_analytics.api.store import Entry, Store
from spoki_analytics.api.transport import wire
from spoki_analytics.api.walks import check_limit, message_of
from spoki_analytics.api.writes import Writes
from spoki_analytics.catalogue import REPORT_LIFE, Cache, Operation
from spoki_analytics.clock import Clock, now
from spoki_analytics.errors import SpokiError, UnavailableError, warn
from spoki_analytics.settings import Settings
from spoki_analytics.wording.masking import mask_credentials
from spoki_analytics.wording.messages import gettext

T = TypeVar("T")
_PATIENCE = 30.0
"""Seconds at least to wait for another load that shows no sign of going on."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Asked:
    """When somebody asked for fresh data, and what was kept then.

    Whoever has waited for another process that asked later takes its answer. By a clock that stands still every answer
    is as late as the question; what was kept before it is none the fresher.
    """

    moment: datetime
    entry: Entry | None


class Session:
    """Reads and writes of one account key.

    Args:
        settings: Key, origin, folders and lives.
        refresh: Ask Spoki again for everything.
        progress: Show progress bars; None decides by where this runs.
        clock: Gives the present moment: when something was asked, and whether what is kept still lives.
        store: Keeps answers; a file of the key in the cache folder when missing.
        pace: The rates of the key; shared by a file in the data folder when missing.
        http: The wire; one that signs for the API's origin only when missing.
        policy: How often a read is tried; made from the settings when missing.

    Attributes:
        account: What to call the account where no id is known.
        reads: Sends reads, past the store.
        writes: Sends writes.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        refresh: bool = False,
        progress: bool | None = None,
        clock: Clock = now,
        store: Store | None = None,
        pace: Pace | None = None,
        http: requests.Session | None = None,
        policy: Policy | None = None,
    ) -> None:
        key = SecretStr(settings.require_key())
        self.settings = settings
        self.account = f"key-{settings.fingerprint}"
        self.progress = progress
        self.clock = clock
        self._refresh = refresh
        self._process = OwnProcess(self.account)
        self.store = store or Store(settings.cache_dir / "answers", settings.fingerprint, clock=clock)
        self.pace = pace or Pace.of(settings)
        self.http = http or wire(settings.base_url, key)
        self.reads = Reads(self.http, self.pace, settings, policy=policy, clock=clock)
        self.writes = Writes(settings, self.pace, clock=clock)
        self._listings = Listings(self.reads, self.pace, settings)

    def __reduce__(self) -> NoReturn:
        raise TypeError(gettext("A Spoki session holds a key and cannot be pickled: create a client in each process."))

    def require_own_process(self) -> None:
        """Refuse to be used in a process that was forked from the one that made this session.

        Raises:
            UsageError: It names the client and both processes.
        """
        self._process.require()

    def close(self) -> None:
        """Close connections, cache and file of rates; a forked process leaves them to the one that made them."""
        if not self._process.is_here:
            return
        self.http.close()
        self.store.close()
        self.pace.close()

    def read(self, operation: Operation, path: Query, query: Query, *, refresh: bool | None = None) -> Answer[Any]:
        """One object, from the store while it lives.

        Raises:
            SpokiError: See ``spoki_analytics.errors``.
        """
        call = self._call(operation, path, query)

        def ask(meter: Meter) -> tuple[Entry, Any]:
            started = self.clock()
            data = mask_credentials(self.reads.read(operation, call.url, call.account, meter))
            return Entry(spell(data), started, self.clock(), {}), data

        return self._obtain(call, ask, parse, refresh)

    def listing(
        self,
        operation: Operation,
        query: Query,
        codec: Codec[T],
        *,
        limit: int | None = None,
        refresh: bool | None = None,
    ) -> Answer[T]:
        """A whole listing as one table of one generation.

        Args:
            operation: A listing of the catalogue.
            query: Filters; None values are left out.
            codec: Makes the table.
            limit: Stop after so many rows.
            refresh: Ask Spoki again.

        Raises:
            SpokiError: See ``spoki_analytics.errors``.
        """
        check_limit(limit, operation)
        call = self._call(operation, {}, query, f"{codec.version}/{limit}")

        def ask(meter: Meter) -> tuple[Entry, T]:
            life = landed_life(operation, self.life(operation))
            landing = Landing(self.store, call.key, life, self.clock)
            if self._wants_refresh(refresh):
                landing.drop()
            table, state = self._listings.load(call, codec, limit, meter, landing)
            facts = {**state.facts, "resumed": landing.resumed}
            return Entry(codec.dump(table), landing.as_of, self.clock(), facts), table

        if limit is not None and not self._wants_refresh(refresh):
            whole = self._call(operation, {}, query, f"{codec.version}/None")
            if (kept := self._fresh(whole, lambda body: codec.head(codec.load(body), limit))) is not None:
                return self._answer(whole, *kept, Meter("", show=False), hit=True)
        return self._obtain(call, ask, codec.load, refresh)

    def _call(self, operation: Operation, path: Query, query: Query, variant: str = "") -> Call:
        self.require_own_process()
        return Call(operation, path, query, base_url=self.settings.base_url, owner=self.account, variant=variant)

    def is_absent(self, operation: Operation) -> bool:
        """Whether Spoki said within the life of a report that it does not have this operation."""
        self.require_own_process()
        entry = self.store.get(f"absent:{operation.slug}")
        return not self._refresh and entry is not None and entry.is_fresh(self.life(operation), self.clock())

    def mark_absent(self, operation: Operation) -> None:
        """Remember that Spoki does not have this operation, so that a repeat asks nobody."""
        self.require_own_process()
        moment = self.clock()
        self.store.put(f"absent:{operation.slug}", Entry(b"null", moment, moment, {}), self.life(operation))

    def forget(self, operation: Operation) -> None:
        """Drop what is stored of an operation, after a write that touches it."""
        self.require_own_process()
        self.store.forget(f"{operation.slug}:")

    def life(self, operation: Operation) -> timedelta:
        """How long an answer of that operation may be reused."""
        if operation.cache is Cache.REPORT:
            return timedelta(seconds=REPORT_LIFE)
        return timedelta(minutes=self.settings.list_minutes if operation.cache is Cache.LIST else 0)

    def _wants_refresh(self, refresh: bool | None) -> bool:
        return self._refresh if refresh is None else refresh

    def _fresh(self, call: Call, decode: Callable[[bytes], T], since: _Asked | None = None) -> tuple[Entry, T] | None:
        """What is kept of a call and still lives, if it is no older than asked for and can be read."""
        entry = self.store.get(call.key)
        if entry is None or not entry.is_fresh(self.life(call.operation), self.clock()):
            return None
        if since is not None and (entry.as_of < since.moment or entry == since.entry):
            return None
        return _decoded(entry, decode)

    def _obtain(
        self,
        call: Call,
        ask: Callable[[Meter], tuple[Entry, T]],
        decode: Callable[[bytes], T],
        refresh: bool | None,
    ) -> Answer[T]:
        """What is kept of a call and still lives, else what Spoki answers now."""
        again = self._wants_refresh(refresh)
        asked = _Asked(self.clock(), self.store.get(call.key)) if again else None
        with Meter(call.operation.name, show=shows_progress(self.progress)) as meter:
            if not again and (kept := self._fresh(call, decode)) is not None:
                return self._answer(call, *kept, meter, hit=True)
            with self.store.lock(call.key, max(_PATIENCE, 2 * self.settings.longest_answer)):
                if (kept := self._fresh(call, decode, asked)) is not None:
                    return self._answer(call, *kept, meter, hit=True)
                try:
                    entry, value = ask(meter)
                except SpokiError as problem:
                    problem.requests = meter.requests
                    return self._answer(call, *self._stale(call, decode, problem), meter, hit=True, stale=True)
                if call.operation.cache is not Cache.NEVER:
                    self.store.put(call.key, entry, self.life(call.operation))
                return self._answer(call, entry, value, meter)

    def _answer(
        self, call: Call, entry: Entry, value: T, meter: Meter, *, hit: bool = False, stale: bool = False
    ) -> Answer[T]:
        self.store.tally(hit)
        if hit:
            age = (self.clock() - entry.as_of).total_seconds()
            _log.debug("%s for %s: from the store, %.0f s old", call.operation.slug, call.account, age)
        if message := message_of(entry.facts):
            warn(gettext("{operation}: {message}", operation=call.operation.name, message=message))
        return call.answer(entry, value, meter, hit=hit, stale=stale)

    def _stale(self, call: Call, decode: Callable[[bytes], T], problem: SpokiError) -> tuple[Entry, T]:
        """What was kept, however old, if Spoki could not answer and the user allows it; else the problem."""
        allowed = self.settings.allow_stale and isinstance(problem, UnavailableError)
        entry = self.store.get(call.key) if allowed else None
        kept = _decoded(entry, decode) if entry is not None else None
        if entry is None or kept is None:
            raise problem
        _log.info("%s for %s: stale, as Spoki did not answer", call.operation.slug, call.account)
        warn(
            gettext(
                "{operation}: Spoki did not answer; this is stale data of {moment} UTC.",
                operation=call.operation.name,
                moment=f"{entry.as_of:%Y-%m-%d %H:%M}",
            )
        )
        return kept


def _decoded(entry: Entry, decode: Callable[[bytes], T]) -> tuple[Entry, T] | None:
    """An entry with its value; None where its bytes are damaged, so that Spoki is asked again."""
    try:
        return entry, decode(entry.body)
    except Exception as problem:  # whatever a library below says of bytes that are not what was kept
        _log.info("asks again, as what is kept cannot be read: %s", type(problem).__name__)
        return None
