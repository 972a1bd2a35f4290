"""What can go wrong, as one tree of exceptions whose messages say what to do next.

No error carries the API key, a request header or a request body: a traceback may end in a notebook or a report.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from spoki_analytics.wording.arguments import argument
from spoki_analytics.wording.messages import gettext, noop
from spoki_analytics.wording.names import name_account


class SpokiError(Exception):
    """Root of every error this package raises on purpose.

    Args:
        message: What happened, in one sentence.
        advice: What the reader can do about it, in one sentence.
        operation: Name of the API operation, as in the catalogue.
        account: Account id, or the fingerprint of the key when no id is known.
        status: HTTP status, when an answer came.
        code: Spoki's own error code, such as ``spoki::1029``.

    Attributes:
        requests: HTTP requests that the failed call took.
    """

    advice = ""
    """What the errors of this class advise, in English; each looks it up when it is made."""
    _arguments: ClassVar[Mapping[str, object]] = {}
    """Values of the arguments that the advice names, spelled for whoever reads it."""
    requests = 0

    def __init__(
        self,
        message: str,
        *,
        advice: str | None = None,
        operation: str | None = None,
        account: str | int | None = None,
        status: int | None = None,
        code: str | None = None,
    ) -> None:
        self.message = message
        self.advice = self._own_advice() if advice is None else advice
        self.operation = operation
        self.account = account
        self.status = status
        self.code = code
        super().__init__(message)

    @classmethod
    def _own_advice(cls) -> str:
        """The advice of the class in the reader's words."""
        if not cls.advice:  # the empty text must not be looked up: gettext keeps the head of a catalogue under it
            return ""
        return gettext(cls.advice, **{name: argument(name, value) for name, value in cls._arguments.items()})

    def __str__(self) -> str:
        facts = [
            self.operation,
            _whose(self.account),
            f"HTTP {self.status}" if self.status is not None else None,
            self.code,
        ]
        known = ", ".join(fact for fact in facts if fact)
        return " ".join(part for part in (self.message, f"({known})" if known else "", self.advice) if part)

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), dict(self.__dict__))


def _whose(account: str | int | None) -> str:
    """Whose operation went wrong: "account 4100", or "the key …272a" where no id is known."""
    if account is None:
        return ""
    named = name_account(account)
    return gettext("account {account}", account=named) if named == str(account) else named


def _rebuild(kind: type[SpokiError], state: dict[str, Any]) -> SpokiError:
    error = kind.__new__(kind)
    Exception.__init__(error, state["message"])
    error.__dict__.update(state)
    return error


class UsageError(SpokiError, ValueError):
    """A wrong argument, refused before any request was made."""


class AuthenticationError(SpokiError):
    """No key, or a key that Spoki does not accept (401)."""

    advice = noop("Check the key with `spoki-analytics doctor`, or store another with `spoki-analytics login`.")


class PermissionDeniedError(SpokiError):
    """The key is valid but may not do this (403)."""

    advice = noop("Ask an administrator of the account for access, or use the key of that account.")


class NotFoundError(SpokiError):
    """The resource does not exist, or this key does not see it (404)."""

    advice = noop("Check the id, and that the key belongs to the account that owns it.")


class ValidationError(SpokiError):
    """Spoki refused the request's values (400, 402, 409, 422).

    Attributes:
        fields: Messages by field; a nested field has a dotted name (``contacts.email``).
    """

    advice = noop("Correct the named values and try again.")

    def __init__(self, message: str, *, fields: Mapping[str, list[str]] | None = None, **facts: Any) -> None:
        self.fields = dict(fields or {})
        super().__init__(message, **facts)


class RateLimitedError(SpokiError):
    """Spoki asked to wait longer than this client is willing to (429).

    Attributes:
        retry_after: Seconds to wait before the next try.
    """

    def __init__(self, message: str, *, retry_after: float, **facts: Any) -> None:
        self.retry_after = retry_after
        facts.setdefault("advice", gettext("Try again in {seconds} s.", seconds=f"{retry_after:.0f}"))
        super().__init__(message, **facts)


class RemovedOperationError(SpokiError):
    """Spoki has removed this operation.

    Attributes:
        replacement: What to use instead.
    """

    def __init__(self, message: str, *, replacement: str = "", **facts: Any) -> None:
        self.replacement = replacement
        if replacement:
            facts.setdefault("advice", gettext("Use {replacement} instead.", replacement=replacement))
        super().__init__(message, **facts)


class UnavailableError(SpokiError):
    """No usable answer: no connection, a broken connection, or a 5xx that did not go away.

    Attributes:
        retry_after: Seconds that Spoki asked to wait, None where it did not say.
    """

    advice = noop("Check the connection and try again later; `spoki-analytics doctor` tests it.")

    def __init__(self, message: str, *, retry_after: float | None = None, **facts: Any) -> None:
        self.retry_after = retry_after
        if retry_after is not None:
            facts.setdefault("advice", gettext("Spoki asks to try again in {seconds} s.", seconds=f"{retry_after:.0f}"))
        super().__init__(message, **facts)


class UnexpectedAnswerError(SpokiError):
    """An answer that fits nothing the contract knows: HTML with status 200, a foreign link, no list."""

    advice = noop("Try again with {refresh}; if it stays, the API has changed: please report it.")
    _arguments: ClassVar[Mapping[str, object]] = {"refresh": True}


class WritesDisabledError(SpokiError):
    """A correction was applied although writes are switched off."""

    advice = noop("Switch writes on with {writes}, or set SPOKI_WRITES=1.")
    _arguments: ClassVar[Mapping[str, object]] = {"writes": True}


class ReportRunError(WritesDisabledError):
    """A correction was applied inside a report run, where writes are impossible whatever is set."""

    advice = noop("Apply corrections from a notebook with somebody in front of it, a script or the command line.")


class NotConfirmedError(UsageError):
    """A destructive correction was applied without its confirmation.

    Attributes:
        phrase: What the argument ``confirm`` must say.
    """

    def __init__(self, message: str, *, phrase: str, **facts: Any) -> None:
        self.phrase = phrase
        advice = gettext("Read the preview, then apply it with {confirm}.", confirm=argument("confirm", phrase))
        facts.setdefault("advice", advice)
        super().__init__(message, **facts)


class AlreadyAppliedError(SpokiError):
    """The same correction was applied before, or is being applied right now.

    Attributes:
        plan_id: The plan that was applied.
        at: When, in ISO 8601.
        by: By whom, as user@host.
    """

    def __init__(self, message: str, *, plan_id: str, at: str, by: str, **facts: Any) -> None:
        self.plan_id, self.at, self.by = plan_id, at, by
        super().__init__(message, **facts)


class JournalError(SpokiError):
    """The journal of corrections cannot be used: its file is damaged, or a newer version wrote it."""


class SpokiWarning(UserWarning):
    """Data that was delivered, but that the reader should know something about."""


_PACKAGE = f"{Path(__file__).parent}{os.sep}"
_IMPORTS = "<frozen importlib"
"""Where the machinery of imports comes from; warnings does not count its frames."""


def warn(message: str, category: type[Warning] = SpokiWarning) -> None:
    """Warn at the line of the caller's own code: the first one outside this package, however deep we are in it."""
    frame = sys._getframe(1)
    level = 2
    # The way of pandas' find_stack_level: a fixed stacklevel lies after each move of a function.
    while frame.f_back is not None and frame.f_code.co_filename.startswith((_PACKAGE, _IMPORTS)):
        level += not frame.f_code.co_filename.startswith(_IMPORTS)
        frame = frame.f_back
    warnings.warn(message, category, stacklevel=level)
