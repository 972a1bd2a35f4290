"""The environment that a report's kernel gets."""

from __future__ import annotations

import pytest

from spoki_analytics.clock import OFFSET_VARIABLE
from spoki_analytics.reporting.kernels.kernel import kernel_environment
from spoki_analytics.settings import Settings


def test_a_kernel_lives_in_the_time_of_the_process_that_orders_it(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert OFFSET_VARIABLE not in kernel_environment(settings, "2026-11-20")
    monkeypatch.setenv(OFFSET_VARIABLE, "86400")
    monkeypatch.setenv("SPOKI_ALLOW_STALE", "true")
    environment = kernel_environment(settings, "2026-11-20")
    assert environment[OFFSET_VARIABLE] == "86400"
    assert environment["SPOKI_ALLOW_STALE"] == "False"
