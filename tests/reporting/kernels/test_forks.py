"""Forked kernels: as separate as fresh ones, gone with their server, and replaced by fresh ones where there is none."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from spoki_analytics.reporting.kernels.forks import ForkedKernel, WarmServer
from spoki_analytics.reporting.render import Outcome, ReportRequest, render_many
from spoki_analytics.settings import Settings
from tests.reporting.conftest import KEY, MakeNotebook

NOW = datetime(2026, 11, 22, 7, 31, tzinfo=UTC)
CELLS = [
    "import os, sys, threading",
    "print('parent', os.getppid(), 'of', os.path.basename(sys.executable))",
    "print('server', 'OPENBLAS_NUM_THREADS' in os.environ, 'JPY_PARENT_PID' in os.environ, os.environ['MARK'])",
    "import pandas; pandas.left_behind = getattr(pandas, 'left_behind', 0) + 1; print('state', pandas.left_behind)",
]
forks = pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux only")


def run_two(tmp_path: Path, make_notebook: MakeNotebook, settings: Settings) -> list[str]:
    """What two runs of a notebook printed."""
    path = make_notebook(tmp_path / "two.ipynb", *CELLS)
    runs = render_many([ReportRequest(str(path))] * 2, tmp_path / "out", workers=1, settings=settings, now=NOW)
    return [_text(run) for run in runs]


def _text(run: Outcome) -> str:
    assert run.ok, run.error
    assert run.html is not None
    return run.html.read_text(encoding="utf-8")


@forks
def test_forks_start_clean(
    tmp_path: Path, make_notebook: MakeNotebook, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MARK", "of this run")
    for text in run_two(tmp_path, make_notebook, settings):
        assert f"parent {os.getpid()} of" not in text
        assert "server False False of this run" in text
        assert "state 1" in text


def test_without_the_warm_process_kernels_start_from_scratch(
    tmp_path: Path, make_notebook: MakeNotebook, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MARK", "x")
    monkeypatch.setattr("spoki_analytics.reporting.kernels.forks.sys.executable", "/bin/false")
    with WarmServer() as server:
        assert server.fork([], {}) is None
        assert server.fork([], {}) is None
    monkeypatch.undo()
    monkeypatch.setenv("MARK", "x")
    monkeypatch.setattr(WarmServer, "fork", lambda *_: None)
    for text in run_two(tmp_path, make_notebook, settings):
        assert f"parent {os.getpid()} of" in text
        assert "state 1" in text


@forks
def test_the_warm_process_never_knows_the_key_and_takes_its_kernels_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPOKI_API_KEY", KEY)
    environment = {"PATH": os.environ["PATH"], "IPYTHONDIR": str(tmp_path / "ipython")}
    with WarmServer() as server:
        kernel = server.fork(["-f", str(tmp_path / "kernel.json")], environment)
        assert kernel is not None
        assert kernel.poll() is None
        status = Path(f"/proc/{kernel.pid}/status").read_text()
        parent = next(line.split()[1] for line in status.splitlines() if line.startswith("PPid"))
        assert KEY.encode() not in Path(f"/proc/{parent}/environ").read_bytes()
    assert _ends(kernel)
    assert not Path(f"/proc/{parent}").exists()


def _ends(kernel: ForkedKernel) -> bool:
    limit = time.monotonic() + 20
    while kernel.poll() is None and time.monotonic() < limit:
        time.sleep(0.05)
    return kernel.poll() is not None and kernel.wait() == 0


def test_a_script_renders_without_a_guard_around_its_main_part(
    tmp_path: Path, make_notebook: MakeNotebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPOKI_API_KEY", KEY)
    make_notebook(tmp_path / "one.ipynb", "print('rendered')")
    script = tmp_path / "script.py"
    script.write_text("from spoki_analytics.reporting.render import render\nprint(render('one.ipynb').ok)\n")
    done = subprocess.run([sys.executable, script], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == ("True\n", 0), done.stderr
