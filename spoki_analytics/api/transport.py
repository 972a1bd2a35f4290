"""The wire: the API key is put on a copy of each request, here and nowhere else, and only for the API's own origin."""

from __future__ import annotations

import logging
import platform
import time
from http.cookiejar import DefaultCookiePolicy
from importlib.metadata import version
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

import requests
from pydantic import SecretStr
from requests.adapters import HTTPAdapter

from spoki_analytics.api.deadline import POOLS
from spoki_analytics.catalogue import Operation

KEY_HEADER = "X-Spoki-Api-Key"
_log = logging.getLogger(__name__)


class Wire(requests.Session):
    """A session that hands redirects over as they came: requests itself would read, and choke on, their addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.auth = no_authentication

    def get_redirect_target(self, resp: requests.Response) -> None:
        """No redirect is prepared, whatever ``Location`` says."""


def no_authentication(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """The request as it is: without an authentication of its own, requests would send one from ``~/.netrc``."""
    return request


class KeyAdapter(HTTPAdapter):
    """Adds the key to a copy of the request, so that no response, exception, log or pickle ever holds it."""

    def __init__(self, key: SecretStr) -> None:
        super().__init__(max_retries=0)
        self._key = key

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Connections that a total time-out can end."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = POOLS

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        """Connections by way of a proxy that a total time-out can end."""
        manager = super().proxy_manager_for(*args, **kwargs)
        manager.pool_classes_by_scheme = POOLS
        return manager

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """Send a signed copy; the clean request is what answers and exceptions carry."""
        try:
            response = super().send(self._signed(request), *args, **kwargs)
        except BaseException as problem:
            if isinstance(problem, requests.RequestException):
                problem.request = request
            _drop_frames(problem)
            raise problem.with_traceback(None)  # noqa: B904 - the context is its own, less its frames
        response.request = request
        return response

    def _signed(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        signed = request.copy()
        signed.headers[KEY_HEADER] = self._key.get_secret_value()
        return signed


def _drop_frames(problem: BaseException) -> None:
    """Cut the tracebacks of a failure: urllib3's frames hold the headers in clear, and tools show local variables."""
    inner: BaseException | None = problem
    while inner is not None and inner.__traceback__ is not None:
        inner.__traceback__ = None
        inner = inner.__cause__ or inner.__context__


def wire(base_url: str, key: SecretStr) -> requests.Session:
    """A session that reaches the API's origin and nothing else, takes no cookies and follows nothing by itself."""
    session = Wire()
    session.adapters.clear()
    session.mount(f"{base_url}/", KeyAdapter(key))
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.headers.update({"Accept": "application/json", "User-Agent": _user_agent()})
    return session


def joined(url: str, link: str) -> str:
    """The absolute address of a link on a page; one that is no address stays as it is, to be refused as foreign.

    A server behind a proxy may write its links with http although it is reached by https: the same host is then asked
    by https, as the key never travels in clear.
    """
    try:
        target, here = urlsplit(urljoin(url, link)), urlsplit(url)
        if (here.scheme, target.scheme) == ("https", "http") and _is_same_host(here, target):
            target = target._replace(scheme="https", netloc=here.netloc)
        return target.geturl()
    except ValueError:
        return link


def _is_same_host(here: SplitResult, target: SplitResult) -> bool:
    """Whether a link with http means the host that is asked by https: the same port, or the usual one of each."""
    usual = here.port in (None, 443) and target.port in (None, 80)
    return target.hostname == here.hostname and "@" not in target.netloc and (usual or target.port == here.port)


def log_sent(
    operation: Operation, account: str | int, attempt: int, outcome: int | str, size: int, began: float
) -> None:
    """Log a request that went out: never its key, its body or a value in its address, which may be a person's phone.

    Args:
        operation: What was asked; its path is logged as the catalogue has it.
        account: Whom it was about.
        attempt: How often it was tried, this time included.
        outcome: HTTP status, or the kind of the failure.
        size: Bytes of the body that came.
        began: When it was sent, by ``time.monotonic``.
    """
    text = "sent %s %s (%s) for %s: attempt %d, %s, %d bytes, %.0f ms"
    spent = 1000 * (time.monotonic() - began)
    _log.debug(text, operation.method, operation.path, operation.slug, account, attempt, outcome, size, spent)


def _user_agent() -> str:
    return f"spoki_analytics/{version('spoki_analytics')} Python/{platform.python_version()}"
