"""Why no answer came, said so that one can act on it, and whether the request ever left."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from socket import gaierror
from typing import Any

import requests
from urllib3.exceptions import NameResolutionError, NewConnectionError

from spoki_analytics.errors import UnavailableError
from spoki_analytics.wording.messages import gettext


def never_left(problem: BaseException) -> bool:
    """Whether the failure certainly came before the first byte of the request left."""
    if isinstance(problem, requests.ConnectTimeout):
        return True
    return any(isinstance(cause, NewConnectionError | ssl.SSLCertVerificationError) for cause in _causes(problem))


def is_untrusted(problem: BaseException) -> bool:
    """Whether the certificate was refused, which no repetition changes."""
    return any(isinstance(cause, ssl.SSLCertVerificationError) for cause in _causes(problem))


def no_answer(problem: BaseException, origin: str, **facts: Any) -> UnavailableError:
    """The error that a failed request amounts to.

    Args:
        problem: What requests, or the connection, raised.
        origin: Where the answer should have come from.
        **facts: What else the error says: operation, account.
    """
    if isinstance(problem, requests.Timeout) and not isinstance(problem, requests.ConnectTimeout):
        return UnavailableError(gettext("{origin} took too long to answer.", origin=origin), **facts)
    if isinstance(problem, requests.exceptions.ChunkedEncodingError | requests.exceptions.ContentDecodingError):
        return UnavailableError(gettext("{origin} broke off in the middle of an answer.", origin=origin), **facts)
    reason, advice = _reason(problem)
    sentence = gettext("{origin} could not be reached.", origin=origin)
    if reason:
        sentence = gettext("{origin} could not be reached: {reason}.", origin=origin, reason=reason)
    return UnavailableError(sentence, **({"advice": advice, **facts} if advice else facts))


def _reason(problem: BaseException) -> tuple[str, str]:
    """Why a connection was not made, and what to do about it, where that is more than to try again."""
    causes = list(_causes(problem))
    if any(isinstance(cause, requests.exceptions.ProxyError) for cause in causes):
        return gettext("the proxy does not let it through"), gettext(
            "Check HTTPS_PROXY and HTTP_PROXY, or name the host in NO_PROXY."
        )
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            why = gettext("its certificate is not trusted ({why})", why=cause.verify_message or cause.reason)
            return why, gettext(
                "If your network inspects connections, set REQUESTS_CA_BUNDLE to the file of its certificate; "
                "else somebody may be listening."
            )
    return _connection(causes), ""


def _connection(causes: list[BaseException]) -> str:
    if any(isinstance(cause, NameResolutionError | gaierror) for cause in causes):
        return gettext("its name was not found")
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        return gettext("the connection was refused")
    if any(isinstance(cause, requests.ConnectTimeout | TimeoutError) for cause in causes):
        return gettext("it did not take the connection in time")
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return gettext("no secure connection could be made")
    if any(isinstance(cause, NewConnectionError) for cause in causes):
        return gettext("there is no way to it through the network")
    return ""


def _causes(problem: BaseException) -> Iterator[BaseException]:
    """The failure and everything inside it: urllib3 hands its own down as arguments and as ``reason``."""
    yield problem
    inner = [*problem.args, getattr(problem, "reason", None), problem.__cause__]
    for cause in inner:
        if isinstance(cause, BaseException) and cause is not problem:
            yield from _causes(cause)
