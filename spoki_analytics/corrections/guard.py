"""When a correction may be applied: writes switched on, somebody in front of it, and what is destructive confirmed."""

from __future__ import annotations

import os
import sys
from typing import Any

from spoki_analytics.api.progress import REPORT_RUN
from spoki_analytics.api.session import Session
from spoki_analytics.errors import NotConfirmedError, ReportRunError, WritesDisabledError
from spoki_analytics.wording.messages import gettext


def require_writes(session: Session) -> None:
    """Refuse unless writes are switched on, this is no report run, and the session was made in this process.

    Raises:
        UsageError: The session came into this process by a fork.
        ReportRunError: This runs inside papermill, nbclient or a scheduled report, whatever is switched on.
        WritesDisabledError: Writes are off.
    """
    session.require_own_process()
    if is_report_run():
        raise ReportRunError(gettext("Corrections are never applied in a report run."))
    if not session.settings.writes:
        raise WritesDisabledError(gettext("Writes are switched off: nothing was sent."))


def is_report_run() -> bool:
    """Whether this is a report, or a notebook that runs with nobody in front of it.

    A front end with a person allows the kernel to ask for input; papermill and nbclient do not.
    """
    if os.environ.get(REPORT_RUN):
        return True
    ipython = sys.modules.get("IPython")
    shell: Any = ipython.get_ipython() if ipython else None
    kernel = getattr(shell, "kernel", None)
    return kernel is not None and not getattr(kernel, "_allow_stdin", False)


def require_confirmation(needed: str | None, given: str | None) -> None:
    """Refuse a destructive plan whose phrase was not given.

    Raises:
        NotConfirmedError: It carries the phrase.
    """
    if needed and given != needed:
        raise NotConfirmedError(
            gettext("This correction is destructive and was not confirmed: nothing was sent."), phrase=needed
        )
