"""One logical read: pace, send, follow, repeat what may be repeated, and end in JSON or in one clear error.

urllib3's ``Retry`` decides how often and how long; this module only obeys, so that each attempt takes a slot of the
rate and only the final answer reaches the cache.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from urllib3.exceptions import InvalidHeader, MaxRetryError, ProtocolError
from urllib3.util import Retry

from spoki_analytics.api.answers import error_for, parse
from spoki_analytics.api.catalogue import Operation
from spoki_analytics.api.catalogue import Retry as RetryClass
from spoki_analytics.api.pacing import Pace
from spoki_analytics.api.progress import Meter
from spoki_analytics.errors import RateLimitedError, SpokiError, UnavailableError, UnexpectedAnswerError
from spoki_analytics.settings import Settings

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


class Exchange:
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
            except _FailedAttemptError as failure:
                policy = self._next(policy, failure)
                if failure.throttled and failure.pause is None:
                    failure.pause = next(unstated, UNSTATED_PAUSES[-1]) * self._settings.rate_window / 60
                self._wait(operation, failure, policy, meter)

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

    def _wait(self, operation: Operation, failure: _FailedAttemptError, policy: Retry, meter: Meter) -> None:
        """Make every process of the key wait as long as Spoki asked, or this one for the policy's back-off."""
        if failure.pause is None:
            meter.sleep(policy.get_backoff_time())
            return
        self._pace.pause(operation, failure.pause)
        if failure.pause > self._settings.max_retry_after:
            raise _too_long(failure) from None

    def _follow(self, operation: Operation, url: str, account: str | int, meter: Meter) -> Any:
        for _ in range(MAX_REDIRECTS + 1):
            response = self._attempt(operation, url, account, meter)
            if not response.is_redirect:
                return self._judge(response, operation, account)
            url = urljoin(url, response.headers["Location"])
            require_same_origin(url, self._settings.base_url, operation, account)
        raise UnexpectedAnswerError("Spoki redirects in a circle.", operation=operation.name, account=account)

    def _attempt(self, operation: Operation, url: str, account: str | int, meter: Meter) -> requests.Response:
        self._pace.take(operation, meter.waiting)
        meter.requests += 1
        try:
            response = self._http.get(url, allow_redirects=False, timeout=self._settings.timeout)
        except requests.RequestException as problem:
            error = _no_answer(problem, operation, account, self._settings.base_url)
            raise _FailedAttemptError(error, repeatable=True) from None
        for name in ("Vary", "Set-Cookie", "Cache-Control", "Date"):
            if name in response.headers:
                self.seen_headers[name] = "present" if name == "Set-Cookie" else response.headers[name]
        return response

    def _judge(self, response: requests.Response, operation: Operation, account: str | int) -> Any:
        status = response.status_code
        if 200 <= status < 300:
            try:
                return parse(response.content)
            except ValueError:
                raise _FailedAttemptError(_no_json(response, operation, account), repeatable=True) from None
        throttled = status == HTTPStatus.TOO_MANY_REQUESTS
        error = error_for(response, operation, account)
        raise _FailedAttemptError(error, throttled or status >= 500, _retry_after(response), throttled)


def require_same_origin(url: str, base_url: str, operation: Operation, account: str | int) -> None:
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
        )


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    if parts.username or parts.password:
        raise ValueError("an address with a user name")
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)


def _retry_after(response: requests.Response) -> float | None:
    value = response.headers.get("Retry-After")
    if value is None:
        return None
    try:
        return max(0.0, float(Retry().parse_retry_after(value)))
    except (InvalidHeader, ValueError, OverflowError):
        return None


def _no_answer(
    problem: requests.RequestException, operation: Operation, account: str | int, base_url: str
) -> UnavailableError:
    kind = "took too long to answer" if isinstance(problem, requests.Timeout) else "could not be reached"
    if isinstance(problem, requests.exceptions.ChunkedEncodingError | requests.exceptions.ContentDecodingError):
        kind = "broke off in the middle of an answer"
    return UnavailableError(f"{base_url} {kind}.", operation=operation.name, account=account)


def _no_json(response: requests.Response, operation: Operation, account: str | int) -> UnexpectedAnswerError:
    kind = response.headers.get("Content-Type", "").split(";")[0] or "no content type"
    return UnexpectedAnswerError(
        f"Spoki answered with something that is not JSON ({kind[:40]}, {len(response.content)} bytes).",
        operation=operation.name,
        account=account,
        status=response.status_code,
    )


def _too_long(failure: _FailedAttemptError) -> SpokiError:
    error = failure.error
    seconds = failure.pause or 0.0
    if isinstance(error, RateLimitedError):
        return RateLimitedError(
            error.message, retry_after=seconds, operation=error.operation, account=error.account, status=error.status
        )
    error.advice = f"Spoki asks to try again in {seconds:.0f} s."
    return error
