import traceback
from pathlib import Path

import pytest

from spoki_analytics import UsageError
from spoki_analytics.settings import DEFAULT_BASE_URL, load_settings

KEY = "test-key-0123456789"


@pytest.mark.parametrize(
    ("given", "origin"),
    [
        ("https://api.spoki.com/", "https://api.spoki.com"),
        ("https://app.spoki.it/api/1/", "https://app.spoki.it"),
        (" HTTP://LocalHost:8000 ", "http://localhost:8000"),
    ],
)
def test_an_origin_is_taken_in_any_spelling(given, origin):
    assert load_settings(base_url=given).base_url == origin


@pytest.mark.parametrize(
    "given",
    [
        "127.0.0.1",
        "ftp://x",
        "http://",
        "http://u:p@x",
        "http://x/?a=1",
        "http://x/other",
        "http://x:abc",
        "http://x:99999",
        "http://[::1",
        "http://x:0",
    ],
)
def test_what_is_no_origin_is_refused(given):
    with pytest.raises(UsageError, match="base_url"):
        load_settings(base_url=given)


@pytest.mark.parametrize("key", ["two words", "tab\tbed", "chiav\u00e9", "new\nline"])
def test_a_wrong_key_is_refused_without_being_shown(key):
    with pytest.raises(UsageError, match="api_key") as caught:
        load_settings(api_key=key)
    assert caught.value.__context__ is None
    assert key not in "".join(traceback.format_exception(caught.value))


def test_an_empty_variable_is_none(monkeypatch):
    monkeypatch.setenv("SPOKI_BASE_URL", "")
    monkeypatch.setenv("SPOKI_API_KEY", "")
    settings = load_settings()
    assert (settings.base_url, settings.api_key) == (DEFAULT_BASE_URL, None)


def test_arguments_win_over_the_environment_and_that_over_the_file(monkeypatch):
    Path(".env").write_text(
        f"SPOKI_API_KEY={KEY}\nSPOKI_CACHE_DIR=file\nSPOKI_DATA_DIR=file\nSPOKI_REGION=FR\nOTHER=1\n"
    )
    monkeypatch.setenv("SPOKI_CACHE_DIR", "environment")
    monkeypatch.setenv("SPOKI_DATA_DIR", "environment")
    settings = load_settings(data_dir="argument")
    assert settings.require_key() == KEY
    assert (settings.region, settings.cache_dir, settings.data_dir) == ("FR", Path("environment"), Path("argument"))


def test_a_tilde_is_the_home(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert load_settings(cache_dir="~/cache").cache_dir == tmp_path / "cache"


def test_a_file_in_another_encoding_is_said():
    Path(".env").write_bytes(b"SPOKI_API_KEY=chiav\xe9\n")
    with pytest.raises(UsageError, match="UTF-8"):
        load_settings()


def test_a_keyring_that_breaks_is_no_keyring(monkeypatch):
    def broken(*args):
        raise ValueError("a backend of another package")

    monkeypatch.setattr("keyring.get_password", broken)
    assert load_settings().api_key is None
