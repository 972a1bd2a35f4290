"""The pytest plugin that ships with the package."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import entry_points

import pytest
import requests

from spoki_analytics.sandbox import Sandbox
from spoki_analytics.settings import Settings


def test_the_fixture_is_a_running_sandbox_to_which_the_settings_lead(spoki_sandbox: Sandbox) -> None:
    settings = Settings()
    assert settings.base_url == spoki_sandbox.base_url
    headers = {"X-Spoki-Api-Key": settings.require_key()}
    assert requests.get(f"{settings.base_url}/api/1/tags/", headers=headers, timeout=10).json()["count"] == 8


def test_the_factory_takes_options(spoki_sandbox_factory: Callable[..., Sandbox]) -> None:
    first, second = spoki_sandbox_factory(seed=1), spoki_sandbox_factory(seed=2, faults=("vary",))
    assert first.base_url != second.base_url
    assert Settings().base_url == second.base_url


def test_the_plugin_is_declared() -> None:
    (plugin,) = entry_points(group="pytest11", name="spoki_sandbox")
    assert plugin.value == "spoki_analytics.sandbox.fixture"


@pytest.mark.parametrize("module", ["starlette", "uvicorn", "numpy", "orjson", "pandas", "requests"])
def test_loading_the_plugin_imports_nothing_heavy(module: str) -> None:
    program = f"import sys, spoki_analytics.sandbox.fixture; sys.exit({module!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
