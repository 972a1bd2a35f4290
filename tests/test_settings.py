import traceback
from pathlib import Path

import pytest

from spoki_analytics import Spoki, SpokiWarning, UsageError
from spoki_analytics.sandbox import Sandbox
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


FOREIGN = "http://127.0.0.1:9"


@pytest.fixture
def keyring_of(monkeypatch):
    """A keyring that holds these keys by their origin."""

    def hold(keys):
        monkeypatch.setattr("keyring.get_password", lambda service, origin: keys.get(origin))

    return hold


@pytest.mark.parametrize(
    "origin", [FOREIGN, "http://api.spoki.com", "https://api.spoki.com.example", "https://api.spoki.com:444"]
)
@pytest.mark.parametrize("given", ["environment", "argument"])
def test_a_file_sends_no_key_of_elsewhere_to_a_foreign_origin(monkeypatch, origin, given):
    Path(".env").write_text(f"SPOKI_BASE_URL={origin}\n")
    if given == "environment":
        monkeypatch.setenv("SPOKI_API_KEY", KEY)
    with pytest.raises(UsageError, match="does not stand in it") as caught:
        load_settings(api_key=KEY if given == "argument" else None)
    assert origin in str(caught.value)
    assert KEY not in str(caught.value)


def test_another_key_in_the_file_does_not_vouch_for_the_one_in_use(monkeypatch):
    Path(".env").write_text(f"SPOKI_BASE_URL={FOREIGN}\nSPOKI_API_KEY=another-key-0123\n")
    monkeypatch.setenv("SPOKI_API_KEY", KEY)
    with pytest.raises(UsageError, match="does not stand in it"):
        load_settings()


@pytest.mark.parametrize("origin", ["https://api.spoki.com", "https://app.spoki.it/api/1/"])
def test_a_file_may_choose_among_the_origins_of_spoki(monkeypatch, origin):
    Path(".env").write_text(f"SPOKI_BASE_URL={origin}\n")
    monkeypatch.setenv("SPOKI_API_KEY", KEY)
    assert origin.startswith(load_settings().base_url)


def test_a_file_with_its_own_key_chooses_origin_and_writes():
    Path(".env").write_text(f"SPOKI_BASE_URL={FOREIGN}\nSPOKI_API_KEY={KEY}\nSPOKI_WRITES=1\n")
    settings = load_settings()
    assert (settings.base_url, settings.require_key(), settings.writes) == (FOREIGN, KEY, True)


@pytest.mark.parametrize("confirmed", ["environment", "argument"])
def test_a_foreign_origin_is_confirmed_by_the_environment_or_the_argument(monkeypatch, confirmed):
    Path(".env").write_text(f"SPOKI_BASE_URL={FOREIGN}\n")
    monkeypatch.setenv("SPOKI_API_KEY", KEY)
    if confirmed == "environment":
        monkeypatch.setenv("SPOKI_BASE_URL", FOREIGN)
    assert load_settings(base_url=FOREIGN if confirmed == "argument" else None).base_url == FOREIGN


def test_a_stored_key_goes_to_the_origin_for_which_it_was_stored(keyring_of):
    Path(".env").write_text(f"SPOKI_BASE_URL={FOREIGN}\n")
    keyring_of({DEFAULT_BASE_URL: KEY})
    assert load_settings().api_key is None
    keyring_of({FOREIGN: KEY})
    assert load_settings().require_key() == KEY


@pytest.mark.parametrize("source", ["environment", "keyring", "none"])
def test_writes_of_a_file_without_the_key_do_not_count(monkeypatch, keyring_of, source):
    Path(".env").write_text("SPOKI_WRITES=1\n")
    keyring_of({DEFAULT_BASE_URL: KEY} if source == "keyring" else {})
    if source == "environment":
        monkeypatch.setenv("SPOKI_API_KEY", KEY)
    with pytest.warns(SpokiWarning, match="does not count"):
        assert load_settings().writes is False


@pytest.mark.parametrize("given", ["environment", "argument"])
def test_writes_that_are_said_nearer_count(monkeypatch, given):
    Path(".env").write_text("SPOKI_WRITES=1\n")
    if given == "environment":
        monkeypatch.setenv("SPOKI_WRITES", "true")
    assert load_settings(api_key=KEY, writes=True if given == "argument" else None).writes is True


@pytest.mark.parametrize(
    "given",
    [
        f"http://u:{KEY}/x@host", f"http://{KEY}:{KEY}@host", f"http://host:{KEY}", f"http://host/{KEY}", f"{KEY}://x",
        f"http://host?{KEY}", f"http://[{KEY}", f"http://\u2100{KEY}", f"http://u:{KEY}\u2100@host", KEY,
    ],
)  # fmt: skip
@pytest.mark.parametrize("source", ["argument", "environment", "file"])
def test_an_address_that_is_refused_is_never_quoted(monkeypatch, given, source):
    if source == "environment":
        monkeypatch.setenv("SPOKI_BASE_URL", given)
    if source == "file":
        Path(".env").write_text(f"SPOKI_BASE_URL='{given}'\n", encoding="utf-8")
    with pytest.raises(UsageError, match="base_url" if source == "argument" else "SPOKI_BASE_URL") as caught:
        load_settings(base_url=given if source == "argument" else None)
    assert KEY.lower() not in "".join(traceback.format_exception(caught.value)).lower().replace(given.lower(), "")
    assert KEY not in str(caught.value)


@pytest.mark.parametrize("options", [{"api_key": f"{KEY} two"}, {"api_key": KEY, "timezone": "Nowhere"}])
def test_no_local_variable_of_a_refusal_holds_the_key(options):
    with pytest.raises(UsageError) as caught:
        Spoki(**options)
    frames = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    ours = [frame for frame in frames.stack if "spoki_analytics" in frame.filename and "/tests/" not in frame.filename]
    assert ours
    assert KEY not in "".join(str(frame.locals) for frame in ours)


def test_a_user_without_a_home_is_told_what_to_set(monkeypatch, tmp_path):
    def none(*args, **kwargs):
        raise RuntimeError("Could not determine home directory.")

    for name in ("CACHE_DIR", "DATA_DIR"):
        monkeypatch.delenv(f"SPOKI_{name}")
    monkeypatch.setattr("platformdirs.user_cache_path", none)
    with pytest.raises(UsageError, match="no home folder: set SPOKI_CACHE_DIR and SPOKI_DATA_DIR, or HOME"):
        load_settings()
    monkeypatch.setenv("SPOKI_CACHE_DIR", str(tmp_path))
    monkeypatch.setenv("SPOKI_DATA_DIR", str(tmp_path))
    assert load_settings().cache_dir == tmp_path


def test_what_campaign_counters_mean_is_one_of_two_readings_or_not_set(monkeypatch):
    assert load_settings().campaign_counters is None
    monkeypatch.setenv("SPOKI_CAMPAIGN_COUNTERS", " Exclusive ")
    assert load_settings().campaign_counters == "exclusive"
    monkeypatch.setenv("SPOKI_CAMPAIGN_COUNTERS", "both")
    with pytest.raises(UsageError, match=r"SPOKI_CAMPAIGN_COUNTERS: .*'exclusive' or 'cumulative'"):
        load_settings()


def test_the_account_of_a_file_is_not_that_of_an_origin_chosen_since(monkeypatch):
    Path(".env").write_text(f"SPOKI_ACCOUNT=4711\nSPOKI_API_KEY={KEY}\n")
    assert load_settings().account == 4711
    assert load_settings(api_key="another-key-0123").account == 4711
    monkeypatch.setenv("SPOKI_BASE_URL", FOREIGN)
    monkeypatch.setenv("SPOKI_API_KEY", "another-key-0123")
    assert load_settings().account is None
    assert load_settings(account=4100).account == 4100
    monkeypatch.setenv("SPOKI_ACCOUNT", "4102")
    assert load_settings().account == 4102


def test_the_account_of_a_file_does_not_reach_a_sandbox():
    Path(".env").write_text("SPOKI_ACCOUNT=4711\n")
    with Sandbox(), Spoki() as spoki:
        assert spoki.settings.account is None
