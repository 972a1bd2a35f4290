"""Fixtures for all tests: a private home for caches and keys, and a server that answers exactly what a test says."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

KEY = "test-key-0123456789abcdef0123456789abcdef"


@pytest.fixture(autouse=True)
def _private_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the user's own key, cache, rates or working directory."""
    for name in ("API_KEY", "ACCOUNT", "BASE_URL", "WRITES", "ALLOW_STALE", "REPORT_RUN"):
        monkeypatch.delenv(f"SPOKI_{name}", raising=False)
    monkeypatch.setenv("SPOKI_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("SPOKI_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    monkeypatch.chdir(tmp_path)


def pytest_make_parametrize_id(val: object) -> str | None:
    """A lambda among the parameters is called by its line, so that each case has a name of its own."""
    code = getattr(val, "__code__", None)
    return f"line{code.co_firstlineno}" if code and code.co_name == "<lambda>" else None


@dataclass
class Answer:
    """One scripted answer; ``cut`` drops the connection after so many bytes of the body."""

    body: Any = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    delay: float = 0.0


@dataclass
class Seen:
    """One request as the server saw it."""

    at: float
    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes


class Script:
    """A server whose answers a test writes: ``script["/api/1/lists/"] = [Answer(...), ...]``; the last one repeats.

    For what the sandbox cannot say: the published examples to the letter, and answers that Spoki should never give.
    """

    def __init__(self) -> None:
        self.seen: list[Seen] = []
        self._answers: dict[str, list[Answer]] = defaultdict(list)
        script = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                script._answer(self)

            do_POST = do_PATCH = do_DELETE = do_GET  # noqa: N815 - the names that http.server looks for

            def log_message(self, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.base_url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    def __setitem__(self, path: str, answers: Any) -> None:
        self._answers[path] = [
            a if isinstance(a, Answer) else Answer(a) for a in (answers if isinstance(answers, list) else [answers])
        ]

    def pages(self, path: str, pages: list[list[dict[str, Any]]], count: int | None = None) -> None:
        """Script a paginated listing, addressed by ``?page=n``."""
        total = sum(map(len, pages)) if count is None else count
        for number, rows in enumerate(pages, 1):
            link = f"{self.base_url}{path}?page={number + 1}" if number < len(pages) else None
            self[path if number == 1 else f"{path}?page={number}"] = Answer(
                {"count": total, "next": link, "previous": None, "results": rows}
            )

    def paths(self) -> list[str]:
        return [seen.path for seen in self.seen]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _find(self, handler: BaseHTTPRequestHandler) -> Answer:
        parts = urlsplit(handler.path)
        page = parse_qs(parts.query).get("page")
        keys = [handler.path, f"{parts.path}?page={page[0]}" if page else parts.path, parts.path if not page else ""]
        for key in keys:
            if answers := self._answers.get(key):
                return answers.pop(0) if len(answers) > 1 else answers[0]
        return Answer({"detail": "Not found."}, 404)

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        body = handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in handler.headers.items()}
        self.seen.append(Seen(time.monotonic(), handler.command, parts.path, parse_qs(parts.query), headers, body))
        answer = self._find(handler)
        time.sleep(answer.delay)
        content = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
        handler.send_response(answer.status)
        kind = "application/json" if not isinstance(answer.body, bytes) else "text/html"
        for name, value in {"Content-Type": kind, "Content-Length": str(len(content)), **answer.headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # whoever asked may have given up
            handler.wfile.write(content if answer.cut is None else content[: answer.cut])
            handler.wfile.flush()
        if answer.cut is not None:
            handler.close_connection = True
            handler.connection.close()


@pytest.fixture
def script() -> Iterator[Script]:
    server = Script()
    yield server
    server.close()
