"""Spoki's own data is told from any other."""

from __future__ import annotations

import pytest

from spoki_analytics.origin import is_spoki, origin_notice
from spoki_analytics.sandbox import Sandbox
from spoki_analytics.settings import load_settings
from tests.conftest import KEY


@pytest.mark.parametrize(
    "origin", ["https://api.spoki.com", "https://app.spoki.it/", " HTTPS://API.SPOKI.COM:443/api/1/"]
)
def test_spoki_over_https_needs_no_word(origin: str) -> None:
    known = load_settings(base_url=origin).base_url
    assert is_spoki(known)
    assert origin_notice(known, KEY) == origin_notice(known, "sbx_1") == ""


@pytest.mark.parametrize(
    "origin",
    [
        "http://127.0.0.1:8000",
        "https://api.spoki.com.example.org",
        "https://api.spoki.com:8443",
        "https://spoki.com",
        "https://xapi.spoki.com",
        "http://[::1]:80",
    ],
)
def test_any_other_origin_is_named(origin: str) -> None:
    known = load_settings(base_url=origin).base_url
    assert not is_spoki(known)
    assert f"Data from {known}, not from Spoki" in origin_notice(known, KEY)


def test_spoki_without_tls_is_named() -> None:
    assert origin_notice("http://api.spoki.com", None) == "Data from http://api.spoki.com, not from Spoki over https."


def test_data_of_every_key_of_the_sandbox_is_invented() -> None:
    sandbox = Sandbox()
    for key in sandbox.api_keys.values():
        said = origin_notice("http://127.0.0.1:8000", key)
        assert said == "Invented data: from the sandbox at http://127.0.0.1:8000, not from Spoki."
        assert key not in said
