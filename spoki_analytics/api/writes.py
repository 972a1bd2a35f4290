"""One write, sent once: no cache, no repetition, no redirect, and an answer to the question whether it happened.

Every write opens a connection of its own: a kept-alive one that Spoki has closed meanwhile would lose a request that
nobody can then tell apart from one that was carried out.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

import orjson
import requests
from pydantic import SecretStr

from spoki_analytics.api.answers import UNSTATED_PAUSE, Verdict, judge, removal
from spoki_analytics.api.deadline import time_limit
from spoki_analytics.api.no_answer import never_left, no_answer
from spoki_analytics.api.pacing import OnWait, Pace
from spoki_analytics.api.process import OwnProcess
from spoki_analytics.api.transport import log_sent, wire
from spoki_analytics.catalogue import Operation
from spoki_analytics.clock import Clock, now
from spoki_analytics.errors import SpokiError, UnavailableError
from spoki_analytics.settings import Settings
from spoki_analytics.wording.messages import gettext


class Fate(StrEnum):
    """What became of a request."""

    DONE = "done"
    """Spoki carried it out."""
    REFUSED = "refused"
    """Spoki refused it: certainly not done."""
    UNSENT = "unsent"
    """It never reached Spoki, or Spoki was too busy to look at it: certainly not done, and worth another run."""
    UNKNOWN = "unknown"
    """It may have been done: the answer was lost, broken, a server error or a redirect."""


_FATES = {
    Verdict.DONE: Fate.DONE,
    Verdict.EMPTY: Fate.DONE,
    Verdict.REFUSED: Fate.REFUSED,
    Verdict.BUSY: Fate.UNSENT,
}
"""What became of a write, by its answer; every other answer leaves it unknown."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of one request.

    Attributes:
        fate: Whether it happened.
        status: HTTP status, None when no answer came.
        body: Parsed JSON of a success, None when it had no body.
        error: What went wrong, None when nothing did.
    """

    fate: Fate
    status: int | None = None
    body: Any = None
    error: SpokiError | None = None


class Writes:
    """Sends writes of one account key.

    Args:
        settings: Key, origin and timeout.
        pace: The rates of the key.
        clock: Gives the present moment.
    """

    def __init__(self, settings: Settings, pace: Pace, *, clock: Clock = now) -> None:
        self._settings = settings
        self._pace = pace
        self._clock = clock
        self._account = f"key-{settings.fingerprint}"
        self._key = SecretStr(settings.require_key())
        self._process = OwnProcess(self._account)

    def wait_turn(self, operation: Operation, on_wait: OnWait | None = None) -> None:
        """Wait for a slot of the operation's rate and take it.

        Raises:
            RateLimitedError: Spoki asked for a pause that is longer than allowed.
            UsageError: This process was forked from the one that made the client.
        """
        self._process.require()
        self._pace.take(operation, on_wait)

    def send(self, operation: Operation, path: Mapping[str, Any], body: Any, query: Mapping[str, Any]) -> Sent:
        """Send one request, once; its turn must have been waited for.

        Args:
            operation: A row of the catalogue.
            path: Path parameters.
            body: JSON body; None sends none.
            query: Query parameters.

        Raises:
            RemovedOperationError: Spoki has removed the operation; nothing was sent.
        """
        if operation.removed:
            raise removal(operation)
        url = f"{self._settings.base_url}{operation.target(**path)}{f'?{urlencode(query)}' if query else ''}"
        content = None if body is None else orjson.dumps(body)
        headers = {"Connection": "close"} | ({} if content is None else {"Content-Type": "application/json"})
        began = time.monotonic()
        try:
            with (
                self._pace.under_way(operation),
                time_limit(self._settings.longest_answer),
                wire(self._settings.base_url, self._key) as http,
            ):
                response = http.request(
                    operation.method,
                    url,
                    data=content,
                    headers=headers,
                    allow_redirects=False,
                    timeout=self._settings.timeouts,
                )
        except requests.RequestException as problem:
            log_sent(operation, self._account, 1, type(problem).__name__, 0, began)
            return self._no_answer(problem, operation)
        log_sent(operation, self._account, 1, response.status_code, len(response.content), began)
        return self._result(response, operation)

    def _no_answer(self, problem: Exception, operation: Operation) -> Sent:
        facts: dict[str, Any] = {"operation": operation.name, "account": self._account, "advice": ""}
        if never_left(problem):
            return Sent(Fate.UNSENT, error=no_answer(problem, self._origin, **facts))
        sentence = gettext("{origin} gave no answer that could be read.", origin=self._origin)
        return Sent(Fate.UNKNOWN, error=UnavailableError(sentence, **facts))

    def _result(self, response: requests.Response, operation: Operation) -> Sent:
        judged = judge(response, operation, self._account, key=self._key, now=self._clock())
        if judged.verdict is Verdict.BUSY:
            self._pace.pause(operation, self._fallback_pause if judged.pause is None else judged.pause)
        fate = _FATES.get(judged.verdict, Fate.UNKNOWN)
        error = None if fate is Fate.DONE else judged.error
        return Sent(fate, response.status_code, judged.data, error)

    @property
    def _origin(self) -> str:
        return self._settings.base_url

    @property
    def _fallback_pause(self) -> float:
        return UNSTATED_PAUSE * self._settings.rate_window / 60
