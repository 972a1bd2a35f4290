"""One logical read: pace, send, follow, repeat what may be repeated, and end in JSON or in one clear error.

urllib3's ``Retry`` decides how often and how long; this module only obeys, so that each attempt takes a slot of the
rate and only the final answer reaches the cache.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import InvalidHeader, MaxRetryError, ProtocolError
from urllib3.util import Retry

from spoki_analytics.api.answers import error_for, parse
from spoki_analytics.api.pacing import Pace
from spoki_analytics.api.progress import Meter
from spoki_analytics.api.transport import joined
from spoki_analytics.catalogue import Operation
from spoki_analytics.catalogue import Retry as RetryClass
from spoki_analytics.errors import RateLimitedError, SpokiError, UnavailableError, UnexpectedAnswerError
from spoki_analytics.settings import Settings
from spoki_analytics.wording.masking import excerpt

BACKOFF = 0.5
"""Seconds of the first back-off after a failure without Retry-After; it doubles with each further one."""
MAX_REDIRECTS = 5
UNSTATED_PAUSES = (2.0, 10.0, 50.0)
"""Seconds to wait after a 429 without Retry-After, for a window of 60 s: together they outlast it."""


@dataclass(slots=True)
class _FailedAttemptError(Exception):
    """An attempt that failed: the error it amounts to, whether it may be repeated, and the pause Spoki asked for."""

    error: SpokiError
    repeatable: bool
    pause: float | None = None
    throttled: bool = False


class Reads:
    """Sends reads for one key.

    Args:
        http: The wire.
        pace: The rates of the key.
        settings: Timeouts, attempts and the longest pause.
    """

    def __init__(self, http: requests.Session, pace: Pace, settings: Settings) -> None:
        self._http = http
        self._pace = pace
        self._settings = settings
        self._environment = http.merge_environment_settings(settings.base_url, {}, None, None, None)
        self.seen_headers: dict[str, str] = {}

    def read(self, operation: Operation, url: str, account: str | int, meter: Meter) -> Any:
        """The JSON that a URL of this operation answers with.

        Args:
            operation: Row of the catalogue; its retry class decides what may be repeated.
            url: Absolute URL on the API's origin.
            account: Named in errors.
            meter: Counts requests and shows waits.

        Raises:
            SpokiError: Any refusal, a foreign address, or no usable answer after the allowed attempts.
        """
        require_same_origin(url, self._settings.base_url, operation, account)
        policy = self._policy(operation)
        unstated = iter(UNSTATED_PAUSES)
        while True:
            try:
                return self._follow(operation, url, account, meter)
            except _FailedAttemptError as caught:
                failure = caught
            if failure.throttled and failure.pause is None:
                failure.pause = next(unstated, UNSTATED_PAUSES[-1]) * self._settings.rate_window / 60
            self._share(operation, failure)
            policy = self._next(policy, failure)
            if failure.pause is None:
                meter.sleep(policy.get_backoff_time())

    def _policy(self, operation: Operation) -> Retry:
        attempts = self._settings.max_attempts if operation.retry is RetryClass.READ else 1
        return Retry(total=attempts - 1, backoff_factor=BACKOFF, backoff_jitter=BACKOFF / 2, backoff_max=30)

    def _next(self, policy: Retry, failure: _FailedAttemptError) -> Retry:
        if not failure.repeatable:
            raise failure.error from None
        try:
            return policy.increment(method="GET", error=ProtocolError("failed attempt"))
        except (MaxRetryError, ProtocolError):
            raise failure.error from None

    def _share(self, operation: Operation, failure: _FailedAttemptError) -> None:
        """Make every process of the key wait as long as Spoki asked; too long a wait is an error at once."""
        if failure.pause is not None and failure.repeatable:
            self._pace.pause(operation, failure.pause)
            if failure.pause > self._settings.max_retry_after:
                raise failure.error

    def _follow(self, operation: Operation, url: str, account: str | int, meter: Meter) -> Any:
        for _ in range(MAX_REDIRECTS + 1):
            response = self._attempt(operation, url, account, meter)
            if not response.is_redirect:
                return self._judge(response, operation, account)
            url = joined(url, response.headers["Location"])
            require_same_origin(url, self._settings.base_url, operation, account, response.status_code)
        raise UnexpectedAnswerError("Spoki redirects in a circle.", operation=operation.name, account=account)

    def _attempt(self, operation: Operation, url: str, account: str | int, meter: Meter) -> requests.Response:
        self._take_turn(operation, account, meter)
        meter.requests += 1
        error = None
        try:
            request = self._http.prepare_request(requests.Request("GET", url))
            response = self._http.send(
                request, allow_redirects=False, timeout=self._settings.timeout, **self._environment
            )
        except requests.RequestException as problem:
            error = _no_answer(problem, operation, account, self._settings.base_url)
        if error is not None:  # raised out here, as the context of an error would lead to the signed request
            raise _FailedAttemptError(error, repeatable=True)
        for name in ("Vary", "Set-Cookie", "Cache-Control", "Date"):
            if name in response.headers:
                self.seen_headers[name] = "present" if name == "Set-Cookie" else response.headers[name]
        return response

    def _take_turn(self, operation: Operation, account: str | int, meter: Meter) -> None:
        try:
            self._pace.take(operation, meter.waiting)
        except RateLimitedError as pause:
            pause.account = account
            raise

    def _judge(self, response: requests.Response, operation: Operation, account: str | int) -> Any:
        status = response.status_code
        if 200 <= status < 300:
            try:
                return parse(response.content)
            except ValueError:
                raise _FailedAttemptError(self._no_json(response, operation, account), repeatable=True) from None
        throttled = status == HTTPStatus.TOO_MANY_REQUESTS
        pause = retry_after(response)
        error = error_for(response, operation, account, key=self._settings.api_key, pause=pause)
        raise _FailedAttemptError(error, throttled or status >= 500, pause, throttled)

    def _no_json(self, response: requests.Response, operation: Operation, account: str | int) -> UnexpectedAnswerError:
        kind = response.headers.get("Content-Type", "").split(";")[0] or "no content type"
        told = excerpt(kind, self._settings.require_key(), 40)
        return UnexpectedAnswerError(
            f"Spoki answered with something that is not JSON ({told}, {len(response.content)} bytes).",
            operation=operation.name,
            account=account,
            status=response.status_code,
        )


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
            "Spoki pointed to another address, which was refused: the API key goes to its own origin only.",
            advice="Check SPOKI_BASE_URL; if it is right, report this to Spoki.",
            operation=operation.name,
            account=account,
            status=status,
        )


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    if parts.username or parts.password:
        raise ValueError("an address with a user name")
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)


def retry_after(response: requests.Response) -> float | None:
    """Seconds of a Retry-After, written as a number or as a date; None where none can be read."""
    value = response.headers.get("Retry-After")
    if value is None:
        return None
    try:
        return max(0.0, float(Retry(retry_after_max=sys.maxsize).parse_retry_after(value)))
    except (InvalidHeader, ValueError, OverflowError):
        return None


def _no_answer(
    problem: requests.RequestException, operation: Operation, account: str | int, base_url: str
) -> UnavailableError:
    kind = "took too long to answer" if isinstance(problem, requests.Timeout) else "could not be reached"
    if isinstance(problem, requests.exceptions.ChunkedEncodingError | requests.exceptions.ContentDecodingError):
        kind = "broke off in the middle of an answer"
    return UnavailableError(f"{base_url} {kind}.", operation=operation.name, account=account)
