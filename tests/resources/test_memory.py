"""How much memory a load into a file takes: little more for a million contacts than for some thousands."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.peak import peak
from tests.depth import depth

ROOT = Path(__file__).parents[2]
CONTACTS = depth(40_000, 1_000_000)
MOST = depth(450, 600)
"""MiB above the start."""
LOAD = """
import json, sys
from benchmarks.peak import peak, reset_peak, resident
from spoki_analytics import Spoki
import spoki_analytics.resources.file_loading
with Spoki(progress=False) as spoki:
    spoki.tags
    reset_peak()
    before = resident()
    facts = spoki.contacts.load_to(sys.argv[1])
    print(json.dumps({"rows": facts["rows"], "peak": peak() - before}))
"""


@pytest.mark.skipif(peak() is None, reason="this system does not tell the peak of memory")
@pytest.mark.parametrize("form", ["parquet", *depth(0, 1) * ["csv"]])
def test_a_long_load_into_a_file_takes_little_memory(tmp_path, form):
    environment = {
        **os.environ, "SPOKI_API_KEY": "memory", "SPOKI_RATE_WINDOW": "0.0001", "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks.server", json.dumps({"contacts": CONTACTS})],
        cwd=ROOT, stdout=subprocess.PIPE, text=True,
    ) as server:  # fmt: skip
        try:
            assert server.stdout is not None
            environment["SPOKI_BASE_URL"] = server.stdout.readline().strip()
            done = subprocess.run(
                [sys.executable, "-c", LOAD, str(tmp_path / f"contacts.{form}")],
                env=environment, capture_output=True, text=True, check=True,
            )  # fmt: skip
        finally:
            server.kill()
    told = json.loads(done.stdout)
    assert told["rows"] == CONTACTS
    assert told["peak"] < MOST
