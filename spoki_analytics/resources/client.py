"""What a family needs of its client."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from spoki_analytics.api.session import Session
    from spoki_analytics.corrections.planner import Planner
    from spoki_analytics.home import Home


class Client(Protocol):
    """What a family needs of its client."""

    @property
    def session(self) -> Session:
        """Reads of the key."""

    @property
    def home(self) -> Home:
        """Country and time zone of the account."""

    @property
    def corrections(self) -> Planner:
        """Plans corrections."""

    def now(self) -> datetime:
        """The present moment."""
