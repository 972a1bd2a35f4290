"""What the person who waits sees: pages, rows, and the time left that the rate limit dictates."""

from __future__ import annotations

import os
import sys
import time
import warnings
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from spoki_analytics.wording.messages import gettext, ngettext

REPORT_RUN = "SPOKI_REPORT_RUN"
"""Environment variable that marks a scheduled report: no progress bars, and no corrections."""
REPORT_STEPS = "SPOKI_REPORT_STEPS"
"""Environment variable with the file to which a report's process writes what it is at, for whoever ordered it."""
LONG_WALK = 10.0
"""Seconds from which an estimate is announced before a listing is read."""
_LONG_WAIT = 1.0
_QUIET = 20.0
"""Seconds between two lines about the waits of one load, so that a log is not flooded."""


def shows_progress(progress: bool | None) -> bool:
    """Whether to show progress: as asked, else in a terminal or an interactive notebook."""
    if progress is not None:
        return progress
    if os.environ.get(REPORT_RUN):
        return False
    return sys.stderr.isatty() or in_notebook()


def in_notebook() -> bool:
    """Whether this runs in a Jupyter kernel with somebody in front of it."""
    ipython = sys.modules.get("IPython")
    shell: Any = ipython.get_ipython() if ipython else None
    return bool(getattr(getattr(shell, "kernel", None), "_allow_stdin", False))


class Meter:
    """Counts the requests of one load and, if wanted, shows them as a bar.

    Args:
        title: What is being loaded.
        show: Whether anything is shown.

    Attributes:
        requests: HTTP requests made so far, repeats included.
        shown: Whether anything is shown.
        meanwhile: Called before each wait, which is when work costs nothing.
    """

    def __init__(self, title: str, *, show: bool) -> None:
        self.requests = 0
        self._title = title
        self.shown = show
        self.meanwhile: Callable[[], None] = lambda: None
        self._bar: Any = None
        self._steps = os.environ.get(REPORT_STEPS)
        self._told = -_QUIET

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.close()

    def request(self) -> None:
        """Count one more request."""
        self.requests += 1
        if self.requests == 1:
            self._step(self._title)

    def announce(self, rows: int, pages: int, seconds: float) -> None:
        """Say before a long walk how long it will take."""
        if seconds < LONG_WALK:
            return
        line = gettext(
            "{title}: {rows} rows on about {pages} pages, about {minutes} min at Spoki's rate limit.",
            title=self._title,
            rows=f"{rows:,}",
            pages=f"{pages:,}",
            minutes=f"{seconds / 60:.1f}",
        )
        self._step(line)
        if self.shown:
            self._open(rows).write(line, file=sys.stderr)

    def page(self, rows: int, total: int | None, seconds_left: float | None) -> None:
        """Show one more page."""
        bar = self._open(total)
        line = ngettext("{count} request", "{count} requests", self.requests)
        if seconds_left:
            line = ngettext(
                "{count} request, about {seconds} s left",
                "{count} requests, about {seconds} s left",
                self.requests,
                seconds=f"{seconds_left:.0f}",
            )
        bar.set_postfix_str(line, refresh=False)
        bar.update(rows)

    def waiting(self, seconds: float) -> None:
        """Show that a slot of the rate is being waited for, and do meanwhile what can be done."""
        self.meanwhile()
        if seconds < _LONG_WAIT:
            return
        line = gettext("waiting {seconds} s for the rate limit", seconds=f"{seconds:.0f}")
        if time.monotonic() - self._told >= _QUIET:
            self._told = time.monotonic()
            self._step(f"{self._title}: {line}")
        if self.shown:
            self._open(None).set_postfix_str(line, refresh=True)

    def sleep(self, seconds: float) -> None:
        """Wait before a repeat."""
        self.waiting(seconds)
        time.sleep(seconds)

    def _step(self, line: str) -> None:
        """Tell whoever ordered the report, in the file that was named for it."""
        if self._steps:
            with suppress(OSError), Path(self._steps).open("a", encoding="utf-8") as file:
                file.write(f"{line}\n")

    def _open(self, total: int | None) -> Any:
        if self._bar is None:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                from tqdm.auto import tqdm
            self._bar = tqdm(desc=self._title, total=total, unit=" rows", leave=False)
        if total is not None:
            self._bar.total = total
        return self._bar
