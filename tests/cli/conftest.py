"""Runs the command line as a shell would: arguments in, exit code and two streams out."""

from __future__ import annotations

import io
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import keyring
import keyring.backend
import pytest

from spoki_analytics.cli.main import main
from tests.conftest import KEY, Script


@dataclass
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


Run = Callable[..., Ended]


class Terminal(io.StringIO):
    """A standard input with somebody in front of it."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in this process.

    ``typed`` is what comes through a pipe, None stands for a terminal at which ``answer`` is typed.
    """

    def call(*words: str, typed: str | None = "", answer: str = "") -> Ended:
        monkeypatch.setattr(sys, "argv", ["spoki-analytics", *words])
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed) if typed is not None else Terminal(answer))
        with pytest.raises(SystemExit) as end:
            main()
        streams = capsys.readouterr()
        return Ended(int(end.value.code or 0), streams.out, streams.err)

    return call


def shell(*words: str, code: str = "from spoki_analytics.cli.main import main; main()") -> Ended:
    """Run a command in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", code, *words], capture_output=True, text=True, timeout=120, check=False
    )
    return Ended(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def spoki_api(script: Script, monkeypatch: pytest.MonkeyPatch) -> Script:
    """A scripted Spoki to which the command line leads, with a key in the environment."""
    monkeypatch.setenv("SPOKI_BASE_URL", script.base_url)
    monkeypatch.setenv("SPOKI_API_KEY", KEY)
    return script


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch) -> str:
    """An origin at which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        origin = f"http://127.0.0.1:{free.getsockname()[1]}"
    monkeypatch.setenv("SPOKI_BASE_URL", origin)
    return origin


class Drawer(keyring.backend.KeyringBackend):
    """A keyring in memory."""

    priority = 1  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


@pytest.fixture
def drawer() -> Iterator[Drawer]:
    """The system keyring, in memory for one test."""
    before = keyring.get_keyring()
    made = Drawer()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)
