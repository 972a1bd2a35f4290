"""The command as a whole: help, exit codes, what is shown when something goes wrong."""

from __future__ import annotations

import re
import warnings
from typing import Any

import pytest

from spoki_analytics import errors
from spoki_analytics.cli import load
from spoki_analytics.cli.exits import ExitCode, exit_code_named
from spoki_analytics.cli.main import app
from tests.cli.conftest import Run, shell
from tests.conftest import KEY, Answer, Script

COMMANDS = ["report", "load", "correct", "operations", "journal", "sandbox", "login", "logout", "doctor", "cache"]
HEAVY = ("pandas", "pyarrow", "matplotlib", "papermill", "nbconvert", "nbformat", "requests", "jupyter_client", "babel")


def test_help_names_every_command_and_every_exit_code(run: Run) -> None:
    told = run("--help")
    assert told.code == 0
    assert all(re.search(rf"^  {command} ", told.out, re.MULTILINE) for command in COMMANDS)
    assert [line for line in range(5) if f"    {line}  " in told.out] == [0, 1, 2, 3, 4]
    registered = {command.callback.__name__ for command in app.registered_commands if command.callback}
    assert registered | {"cache", "journal"} == set(COMMANDS)


@pytest.mark.parametrize("command", ["report", "load", "correct", "journal", "sandbox", "login"])
def test_help_of_a_command_has_examples(run: Run, command: str) -> None:
    told = run(command, "--help")
    assert told.code == 0
    assert f"    spoki-analytics {command}" in told.out.replace("| spoki", "  spoki")


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom spoki_analytics.cli.main import main\n"
        f"try: main()\nfinally: print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    for words in ([], ["report"], ["load"], ["correct"], ["journal"], ["operations"], ["doctor"]):
        told = shell(*words, "--help", code=code)
        assert told.out.splitlines()[-1] == "[]", words
        assert told.code == 0


def test_version(run: Run) -> None:
    from spoki_analytics import __version__

    assert run("--version").out == f"spoki-analytics {__version__}\n"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.UsageError("x"), ExitCode.USAGE),
        (errors.WritesDisabledError("x"), ExitCode.USAGE),
        (errors.AuthenticationError("x"), ExitCode.AUTHENTICATION),
        (errors.PermissionDeniedError("x"), ExitCode.AUTHENTICATION),
        (errors.NotFoundError("x"), ExitCode.FAILED),
        (errors.ValidationError("x"), ExitCode.FAILED),
        (errors.RateLimitedError("x", retry_after=9), ExitCode.UNAVAILABLE),
        (errors.RemovedOperationError("x"), ExitCode.UNAVAILABLE),
        (errors.UnavailableError("x"), ExitCode.UNAVAILABLE),
        (errors.UnexpectedAnswerError("x"), ExitCode.UNAVAILABLE),
        (PermissionError(13, "Permission denied", "x.csv"), ExitCode.FAILED),
        (ZeroDivisionError(KEY), ExitCode.FAILED),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else "",
)
def test_every_error_is_one_line_and_an_exit_code(
    run: Run, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: ExitCode
) -> None:
    def fail(*_: Any) -> None:
        raise error

    monkeypatch.setattr(load, "choose", fail)
    told = run("load", "tags")
    assert told.code == code
    assert told.err.count("\n") == 1
    assert "Traceback" not in told.err
    assert KEY not in told.err


@pytest.mark.parametrize(("error", "code"), [(KeyboardInterrupt(), 130), (BrokenPipeError(32, "Broken pipe"), 1)])
def test_ctrl_c_and_a_reader_who_left_end_it_quietly(
    run: Run, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int
) -> None:
    def fail(*_: Any) -> None:
        raise error

    monkeypatch.setattr(load, "choose", fail)
    told = run("load", "tags")
    assert (told.code, told.err) == (code, "")


def test_a_report_knows_its_exit_code_by_the_name_of_the_error() -> None:
    assert exit_code_named("AuthenticationError") is ExitCode.AUTHENTICATION
    assert exit_code_named("ZeroDivisionError") is ExitCode.FAILED


def test_a_warning_is_one_line_without_a_path(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def warn(*_: Any) -> str:
        warnings.warn("rows may\nbe missing", errors.SpokiWarning, stacklevel=1)
        raise errors.UsageError("stop here.")

    monkeypatch.setattr(load, "choose", warn)
    assert run("load", "tags").err == "Warning: rows may be missing\nError: stop here.\n"


def test_no_message_steers_the_terminal(run: Run, spoki_api: Script) -> None:
    spoki_api["/api/1/tags/"] = Answer({"detail": "no\x1b]0;owned\x07\n\x9b2J way"}, 403)
    for told in (run("load", "tags"), run("load", "\x1b]0;owned\x07")):
        assert "owned" in told.err
        assert told.err.count("\n") == 1
        assert all(char.isprintable() for char in told.err.strip())


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Answer({"detail": "Invalid token."}, 401), 3),
        (Answer({"detail": "Forbidden"}, 403), 3),
        (Answer({"detail": "Not found."}, 404), 1),
        (Answer({}, 429, {"Retry-After": "900"}), 4),
        (Answer(b"<html>maintenance</html>"), 4),
    ],
    ids=["401", "403", "404", "429", "html"],
)
def test_what_spoki_refuses(
    run: Run, spoki_api: Script, monkeypatch: pytest.MonkeyPatch, answer: Answer, code: int
) -> None:
    monkeypatch.setenv("SPOKI_MAX_ATTEMPTS", "1")
    spoki_api["/api/1/tags/"] = answer
    told = run("load", "tags")
    assert (told.code, told.out) == (code, "")
    assert told.err.startswith("Error: ")
    assert KEY not in told.err


def test_nobody_answers(run: Run, nobody: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPOKI_API_KEY", KEY)
    monkeypatch.setenv("SPOKI_MAX_ATTEMPTS", "1")
    told = run("load", "tags")
    assert told.code == 4
    assert nobody in told.err


def test_no_key(run: Run) -> None:
    told = run("load", "tags")
    assert told.code == 3
    assert "spoki-analytics login" in told.err


def test_wrong_configuration_names_the_setting(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPOKI_BASE_URL", "ftp://example.com")
    told = run("load", "tags")
    assert told.code == 2
    assert "SPOKI_BASE_URL" in told.err


@pytest.mark.parametrize("words", [["frobnicate"], ["load"], ["load", "tags", "--limit", "x"], ["cache", "burn"]])
def test_wrong_usage(run: Run, words: list[str]) -> None:
    told = run(*words)
    assert told.code == 2
    assert "Usage: " in told.err
