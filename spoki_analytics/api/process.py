"""The process in which a client was made, which is the only one that may use it."""

from __future__ import annotations

import os

from spoki_analytics.errors import UsageError
from spoki_analytics.wording.messages import gettext


class OwnProcess:
    """Refuses a client that came into another process by a fork.

    A fork copies the client, but socket, SQLite files and locks behind it are the very same: two processes then read
    each other's answers. SQLite says that its connections must not be carried across a fork
    (https://www.sqlite.org/howtocorrupt.html, section 2.6).

    Args:
        account: What the client is called in the refusal.
    """

    def __init__(self, account: str) -> None:
        self._account = account
        self._pid = os.getpid()

    @property
    def is_here(self) -> bool:
        """Whether this is still the process in which the client was made."""
        return os.getpid() == self._pid

    def require(self) -> None:
        """Refuse to go on in another process.

        Raises:
            UsageError: This process was forked from the one in which the client was made.
        """
        if not self.is_here:
            raise UsageError(
                gettext(
                    "This Spoki client was made in process {made} and came into process {used} by a fork: both would "
                    "read from one connection.",
                    made=self._pid,
                    used=os.getpid(),
                ),
                advice=gettext("Create a client in each process, or start processes with spawn instead of fork."),
                account=self._account,
            )
