"""``spoki-analytics sandbox``."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from spoki_analytics import Spoki
from spoki_analytics.sandbox import FAULTS, Sandbox
from spoki_analytics.sandbox.server.faults import When
from spoki_analytics.sandbox.world.sizes import SIZES
from tests.cli.conftest import Run


@pytest.fixture
def process() -> Iterator[subprocess.Popen[str]]:
    """A sandbox in a process of its own."""
    code = "from spoki_analytics.cli.main import main; main()"
    options = ["--seed", "3", "--fault", "vary", "--campaign-counters", "exclusive"]
    command = [sys.executable, "-c", code, "sandbox", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as started:
        yield started
        started.kill()


def test_it_says_how_to_use_it_and_ends_with_ctrl_c(
    process: subprocess.Popen[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert process.stdout is not None
    told = ""
    while "Ctrl-C" not in told and process.poll() is None:
        told += process.stdout.readline()
    for name, value in re.findall(r"(SPOKI_\w+)=(\S+)", told):
        monkeypatch.setenv(name, value)
    with Spoki() as spoki:
        assert len(spoki.accounts.load()) > 1
        assert "Vary" in spoki.session.reads.seen_headers
        campaigns = spoki.campaigns.load()
        assert (campaigns["messages_sent"] < campaigns["messages_received"]).any()
    process.send_signal(signal.CTRL_C_EVENT if os.name == "nt" else signal.SIGINT)
    assert process.wait(20) == 0


def test_a_world_of_another_day_prints_how_its_clients_follow() -> None:
    code = "from spoki_analytics.cli.main import main; main()"
    command = [sys.executable, "-c", code, "sandbox", "--now", "2031-03-04T05:06:07+01:00"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as started:
        assert started.stdout is not None
        lines = [started.stdout.readline() for _ in range(6)]
        started.kill()
    (offset,) = re.findall(r"export SPOKI_CLOCK_OFFSET=(\d+)", "".join(lines))
    begun = datetime.now(UTC) + timedelta(seconds=int(offset))
    assert abs(begun - datetime(2031, 3, 4, 4, 6, 7, tzinfo=UTC)) < timedelta(seconds=60)


@pytest.mark.parametrize("moment", ["2026-11-20", "2026-11-20T13:00:00", "noon", "", "1999-12-31T00:00:00Z"])
def test_a_moment_that_cannot_be_the_worlds_is_refused(run: Run, moment: str) -> None:
    ended = run("sandbox", "--now", moment)
    assert ended.code == 2
    assert "now" in ended.err


def test_a_taken_port(run: Run, spoki_sandbox: Sandbox) -> None:
    told = run("sandbox", "--port", spoki_sandbox.base_url.rpartition(":")[2])
    assert told.code == 2
    assert "cannot be opened" in told.err


def test_an_unknown_fault_and_the_list_of_faults(run: Run) -> None:
    told = run("sandbox", "--fault", "earthquake")
    assert told.code == 2
    assert "reset" in told.err
    helped = (
        run("sandbox", "--help").out.partition("Faults of the first request")[2].partition("Faults of every request")
    )
    for part, when in zip(helped[::2], (When.FIRST, When.ALWAYS), strict=True):
        told = re.findall(r"^ +([a-z_]+)  +\w", part, re.MULTILINE)
        assert sorted(told) == sorted(kind for kind, fault in FAULTS.items() if fault.when is when)


def test_the_sizes_that_help_tells(run: Run) -> None:
    helped = " ".join(run("sandbox", "--help").out.split())
    assert "small has 4 accounts and 400 contacts, medium 25 and 10,000, large 500 and 100,000" in helped
    sizes = [(name, size.accounts, size.contacts) for name, size in SIZES.items()]
    assert sizes == [("small", 4, 400), ("medium", 25, 10_000), ("large", 500, 100_000)]
