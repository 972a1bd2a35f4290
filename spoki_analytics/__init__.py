"""Analytics and reporting for Spoki accounts: typed pandas frames, HTML dashboards, safe corrections.

Example:
    >>> from spoki_analytics import Spoki
    >>> spoki = Spoki()  # key from SPOKI_API_KEY, .env or the system keyring
    >>> spoki.accounts.load()
"""

from __future__ import annotations

import importlib
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from spoki_analytics import renamed
from spoki_analytics.errors import (
    AlreadyAppliedError,
    AuthenticationError,
    NotConfirmedError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitedError,
    RemovedOperationError,
    ReportRunError,
    SpokiError,
    SpokiWarning,
    UnavailableError,
    UnexpectedAnswerError,
    UsageError,
    ValidationError,
    WritesDisabledError,
)

if TYPE_CHECKING:
    from spoki_analytics.client import Spoki
    from spoki_analytics.frames.provenance import provenance
    from spoki_analytics.sandbox import Sandbox

__version__ = version("spoki_analytics")
renamed.install()
__all__ = [
    "AlreadyAppliedError",
    "AuthenticationError",
    "NotConfirmedError",
    "NotFoundError",
    "PermissionDeniedError",
    "RateLimitedError",
    "RemovedOperationError",
    "ReportRunError",
    "Sandbox",
    "Spoki",
    "SpokiError",
    "SpokiWarning",
    "UnavailableError",
    "UnexpectedAnswerError",
    "UsageError",
    "ValidationError",
    "WritesDisabledError",
    "__version__",
    "provenance",
]

_LAZY = {
    "Sandbox": "spoki_analytics.sandbox",
    "Spoki": "spoki_analytics.client",
    "provenance": "spoki_analytics.frames.provenance",
}


def __getattr__(name: str) -> Any:
    """Load what needs pandas only when it is used, so that ``spoki-analytics --help`` answers at once."""
    if name in _LAZY:
        return getattr(importlib.import_module(_LAZY[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
