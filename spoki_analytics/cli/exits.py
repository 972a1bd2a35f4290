"""Exit codes, and which error ends in which."""

from __future__ import annotations

import signal
import sys
import threading
import traceback
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path
from typing import TextIO

from spoki_analytics import errors
from spoki_analytics.wording.messages import gettext
from spoki_analytics.wording.names import replace_hidden


class ExitCode(IntEnum):
    """What a scheduler can rely on."""

    FINE = 0
    FAILED = 1
    USAGE = 2
    AUTHENTICATION = 3
    UNAVAILABLE = 4
    INTERRUPTED = 130
    TERMINATED = 143


MEANINGS = """\
Exit codes:
  0  fine
  1  a report or a correction failed, or Spoki has no such thing
  2  wrong usage or configuration, or a refused correction; nothing was sent to Spoki
  3  no key, or Spoki does not accept it
  4  Spoki not reachable, its answer not usable, or the operation removed
  130  interrupted (Ctrl-C)
  143  terminated
"""

_PACKAGE = Path(errors.__file__).parent

_CODES: dict[type[Exception], ExitCode] = {
    errors.UsageError: ExitCode.USAGE,
    errors.WritesDisabledError: ExitCode.USAGE,
    errors.AlreadyAppliedError: ExitCode.USAGE,
    errors.AuthenticationError: ExitCode.AUTHENTICATION,
    errors.PermissionDeniedError: ExitCode.AUTHENTICATION,
    errors.RateLimitedError: ExitCode.UNAVAILABLE,
    errors.RemovedOperationError: ExitCode.UNAVAILABLE,
    errors.UnavailableError: ExitCode.UNAVAILABLE,
    errors.UnexpectedAnswerError: ExitCode.UNAVAILABLE,
}


def exit_code(kind: type[BaseException]) -> ExitCode:
    """The exit code of an error's class."""
    return next((code for known, code in _CODES.items() if issubclass(kind, known)), ExitCode.FAILED)


def exit_code_named(kind: str) -> ExitCode:
    """The exit code of an error whose class is known by name only, as a report's manifest has it."""
    known = getattr(errors, kind, None)
    return exit_code(known) if isinstance(known, type) else ExitCode.FAILED


@contextmanager
def _termination() -> Iterator[None]:
    """Let SIGTERM (systemd, a time limit, a container that stops) be what Ctrl-C is, with an exit code of its own."""
    came = False

    def interrupt(number: int, frame: object) -> None:
        nonlocal came
        if not came:  # a second one must not break off what puts things in order
            came = True
            raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():  # where Python lets nobody handle signals
        yield
        return
    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
        if came:
            raise SystemExit(ExitCode.TERMINATED)


@contextmanager
def ending_well() -> Iterator[None]:
    """Turn whatever goes wrong into one line on stderr and an exit code; show warnings as one line each."""
    with _termination(), warnings.catch_warnings():
        warnings.simplefilter("default", errors.SpokiWarning)
        warnings.showwarning = _show
        try:
            yield
        except errors.SpokiError as problem:
            say(gettext("Error: {problem}", problem=problem))
            tell_notes(problem)
            raise SystemExit(exit_code(type(problem))) from None
        except OSError as problem:
            text = ": ".join(str(part) for part in (problem.filename, problem.strerror or problem) if part)
            say(gettext("Error: {problem}", problem=text))
            raise SystemExit(ExitCode.FAILED) from None
        except Exception as defect:
            say(_defect(defect))
            raise SystemExit(ExitCode.FAILED) from None


def tell_notes(problem: BaseException) -> None:
    """What was noted with an error on its way, such as what was kept of a load that broke off."""
    for note in getattr(problem, "__notes__", ()):
        say(note)


def say(text: str) -> None:
    """One line for the person at the terminal, on stderr: stdout belongs to the data."""
    print(replace_hidden(" ".join(text.split())), file=sys.stderr, flush=True)


def _show(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    say(gettext("Warning: {text}", text=message))


def _defect(defect: Exception) -> str:
    """An error nobody foresaw: its kind and its place in this package, but neither values nor paths."""
    places = traceback.extract_tb(defect.__traceback__)
    own = [place for place in places if Path(place.filename).is_relative_to(_PACKAGE)]
    where = f"{Path(own[-1].filename).relative_to(_PACKAGE).as_posix()}, line {own[-1].lineno}"
    return gettext(
        "Error: unexpected {kind} in {place}. Please report this with the command that you gave.",
        kind=type(defect).__name__,
        place=where,
    )
