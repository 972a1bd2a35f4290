"""One logical read: pace, send, follow, repeat what may be repeated, and end in JSON or in one clear error.

Each attempt takes a slot of the rate, and only the final answer goes back. What is logged names the operation, the path
as the catalogue has it (no value in it, no query) and the account.
"""

from __future__ import annotations

import logging
import random
import time
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import unquote, urlsplit

import requests

from spoki_analytics.api.answers import Verdict, judge
from spoki_analytics.api.deadline import time_limit
from spoki_analytics.api.no_answer import is_untrusted, never_left, no_answer
from spoki_analytics.api.pacing import Pace
from spoki_analytics.api.progress import Meter
from spoki_analytics.api.reach import GIVE_UP
from spoki_analytics.api.retry import Decision, Failure, Policy, decide
from spoki_analytics.api.transport import joined, log_sent
from spoki_analytics.catalogue import Operation, Retry
from spoki_analytics.clock import Clock, now
from spoki_analytics.errors import RateLimitedError, UnexpectedAnswerError
from spoki_analytics.settings import Settings
from spoki_analytics.wording.messages import gettext

MAX_REDIRECTS = 5
_REPEATABLE = {Verdict.EMPTY, Verdict.UNREADABLE, Verdict.BUSY, Verdict.FAILED}
_log = logging.getLogger(__name__)


class Reads:
    """Sends reads for one key.

    Args:
        http: The wire.
        pace: The rates of the key.
        settings: Key, origin and timeout.
        policy: How often is tried; made from the settings when missing.
        clock: Gives the present moment.

    Attributes:
        seen_headers: What the latest answer said about caching and time, for whoever looks into a difficulty.
    """

    def __init__(
        self,
        http: requests.Session,
        pace: Pace,
        settings: Settings,
        *,
        policy: Policy | None = None,
        clock: Clock = now,
    ) -> None:
        self._http = http
        self._pace = pace
        self._settings = settings
        self._policy = policy or Policy.of(settings)
        self._clock = clock
        self._environment = http.merge_environment_settings(settings.base_url, {}, None, None, None)
        self.seen_headers: dict[str, str] = {}

    @property
    def date(self) -> datetime | None:
        """What Spoki's clock said with the latest answer, if it said anything that can be read."""
        try:
            return parsedate_to_datetime(self.seen_headers["Date"])
        except (KeyError, ValueError, TypeError):
            return None

    def read(self, operation: Operation, url: str, account: str | int, meter: Meter) -> Any:
        """The JSON that a URL of this operation answers with.

        Args:
            operation: Row of the catalogue; its retry class decides whether anything is repeated.
            url: Absolute URL on the API's origin.
            account: Named in errors.
            meter: Counts requests and shows waits.

        Raises:
            SpokiError: Any refusal, a foreign address, or no usable answer after the allowed attempts.
        """
        require_same_origin(url, self._settings.base_url, operation, account)
        require_own_path(url, operation, account)
        failures: list[Failure] = []
        began = time.monotonic()
        while True:
            outcome = self._follow(operation, url, account, meter, len(failures) + 1)
            if not isinstance(outcome, Failure):
                return outcome
            failures.append(outcome)
            self._require_reach(outcome, len(failures), time.monotonic() - began)
            decision = self._decide(operation, failures)
            if decision.error is not None:
                raise decision.error
            _log.info("repeats %s: attempt %d failed: %s", operation.slug, len(failures), _reason(outcome))
            if decision.backoff:
                _log.info("waits %.1f s before the next attempt at %s", decision.backoff, operation.slug)
                meter.sleep(decision.backoff)

    def _require_reach(self, failure: Failure, attempts: int, spent: float) -> None:
        """End at once a read that does not reach Spoki, where others of the key did not either, or it took long."""
        reach = self._pace.reach
        if not failure.never_left:
            return
        last = attempts >= self._policy.attempts or spent > GIVE_UP
        if last or reach.was_lost_lately():
            reach.lose()
            raise failure.error

    def _decide(self, operation: Operation, failures: list[Failure]) -> Decision:
        """What comes after a failure; a pause holds for every process of the key, whatever becomes of this read."""
        if operation.retry is not Retry.READ:
            return Decision(failures[-1].error)
        decision = decide(failures, self._policy, random.random())  # noqa: S311 - spreads clients, guards nothing
        if decision.pause is not None:
            self._pace.pause(operation, decision.pause)
        return decision

    def _follow(self, operation: Operation, url: str, account: str | int, meter: Meter, attempt: int) -> Any:
        """The JSON at the end of the redirects, or the failure that one attempt amounts to."""
        first = url
        for _ in range(MAX_REDIRECTS + 1):
            response = self._attempt(operation, url, account, meter, attempt)
            if isinstance(response, Failure):
                return response
            if not response.is_redirect:
                return self._result(response, operation, account)
            url = joined(url, response.headers["Location"])
            require_same_origin(url, self._settings.base_url, operation, account, response.status_code)
            require_own_path(url, operation, account, asked=first, status=response.status_code)
        raise UnexpectedAnswerError(gettext("Spoki redirects in a circle."), operation=operation.name, account=account)

    def _attempt(
        self, operation: Operation, url: str, account: str | int, meter: Meter, attempt: int
    ) -> requests.Response | Failure:
        self._take_turn(operation, account, meter)
        meter.request()
        began = time.monotonic()
        try:
            request = self._http.prepare_request(requests.Request("GET", url))
            with self._pace.under_way(operation), time_limit(self._settings.longest_answer):
                response = self._http.send(
                    request, allow_redirects=False, timeout=self._settings.timeouts, **self._environment
                )
        except requests.RequestException as problem:
            # Given back, not raised: the context of an error raised here would lead to the signed request.
            log_sent(operation, account, attempt, type(problem).__name__, 0, began)
            return self._failure(problem, operation, account)
        if self._pace.reach.was_lost_lately():
            self._pace.reach.find()
        log_sent(operation, account, attempt, response.status_code, len(response.content), began)
        for name in ("Vary", "Set-Cookie", "Cache-Control", "Date"):
            if name in response.headers:
                self.seen_headers[name] = "present" if name == "Set-Cookie" else response.headers[name]
        return response

    def _failure(self, problem: requests.RequestException, operation: Operation, account: str | int) -> Failure:
        """What an attempt without an answer amounts to; one that never left gives its slot back."""
        error = no_answer(problem, self._settings.base_url, operation=operation.name, account=account)
        lost = never_left(problem)
        if lost:
            self._pace.give_back(operation)
        return Failure(error, repeatable=not is_untrusted(problem), never_left=lost)

    def _take_turn(self, operation: Operation, account: str | int, meter: Meter) -> None:
        try:
            self._pace.take(operation, meter.waiting)
        except RateLimitedError as pause:
            pause.account = account
            raise

    def _result(self, response: requests.Response, operation: Operation, account: str | int) -> Any:
        judged = judge(response, operation, account, key=self._settings.api_key, now=self._clock())
        if judged.error is None:
            return judged.data
        return Failure(judged.error, judged.verdict in _REPEATABLE, judged.verdict is Verdict.BUSY, judged.pause)


def _reason(failure: Failure) -> str:
    """Why an attempt failed, in the words of a log: never what Spoki said."""
    error = failure.error
    return f"HTTP {error.status}" if error.status is not None else type(error).__name__


def require_same_origin(
    url: str, base_url: str, operation: Operation, account: str | int, status: int | None = None
) -> None:
    """Refuse an address that is not the API's own, before the key could go there.

    Raises:
        UnexpectedAnswerError: Another scheme, host or port.
    """
    try:
        same = _origin(url) == _origin(base_url)
    except ValueError:
        same = False
    if not same:
        raise UnexpectedAnswerError(
            gettext("Spoki pointed to another address, which was refused: the API key goes to its own origin only."),
            advice=gettext("Check SPOKI_BASE_URL; if it is right, report this to Spoki."),
            operation=operation.name,
            account=account,
            status=status,
        )


def require_own_path(
    url: str, operation: Operation, account: str | int, *, asked: str | None = None, status: int | None = None
) -> None:
    """Refuse an address of another operation: a GET can create (``/templates/{id}/clone/``), or answer with other rows.

    Args:
        url: Where a link or a redirect leads, on the API's own origin.
        operation: What was asked.
        account: Named in the error.
        asked: The address that was redirected; the path must be the very same. Else any path of the operation will do.
        status: HTTP status of the redirect.

    Raises:
        UnexpectedAnswerError: The path is another one.
    """
    parts = _parts(url)
    own = parts == _parts(asked) if asked else _is_of(operation, parts)
    if not own:
        raise UnexpectedAnswerError(
            gettext("Spoki pointed to an address of another operation, which was refused."),
            operation=operation.name,
            account=account,
            status=status,
        )


def _parts(url: str) -> list[str]:
    """The parts of the path, without what may differ in spelling alone: percent signs, and the slash at its end."""
    return [unquote(part) for part in urlsplit(url).path.removesuffix("/").split("/")]


def _is_of(operation: Operation, parts: list[str]) -> bool:
    """Whether a path has the form of the operation's: each parameter stands for one part."""
    form = operation.route.removesuffix("/").split("/")
    return len(form) == len(parts) and all(
        part not in ("", ".", "..") if known.startswith("{") else part == known
        for known, part in zip(form, parts, strict=True)
    )


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    if parts.username or parts.password:
        raise ValueError("an address with a user name")
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)
