"""Nothing waits for others without a limit and without a word."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import filelock
import keyring
import pytest

from spoki_analytics import SpokiWarning, limits
from spoki_analytics.api import store as stores
from spoki_analytics.api.store import LANDED, Entry, Store
from spoki_analytics.corrections.journal_file import JournalFile
from spoki_analytics.reporting.index import update_index
from spoki_analytics.settings import load_settings


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "WORD_AFTER", 0.02)
    monkeypatch.setattr(stores, "WORD_AFTER", 0.02)


def test_a_lock_has_a_limit_and_a_word(tmp_path: Path, impatient: None) -> None:
    with (
        filelock.FileLock(tmp_path / "a.lock"),
        pytest.warns(SpokiWarning, match="rates is in use by another process"),
        pytest.raises(TimeoutError, match="more than 0 s"),
        limits.held(filelock.FileLock(tmp_path / "a.lock"), "rates", 0.1),
    ):
        pass
    with limits.held(filelock.FileLock(tmp_path / "a.lock"), "rates", 0.1):
        pass


@pytest.mark.parametrize(
    ("lock", "use"),
    [
        ("journal.lock", lambda folder: JournalFile(folder / "journal.sqlite", "key", "4100").add({})),
        (".index.lock", update_index),
    ],
    ids=["journal", "index"],
)
def test_journal_and_index_wait_with_a_limit(
    tmp_path: Path, impatient: None, monkeypatch: pytest.MonkeyPatch, lock: str, use: object
) -> None:
    monkeypatch.setattr(limits.held.__wrapped__, "__defaults__", (0.1,))
    with (
        filelock.FileLock(tmp_path / lock),
        pytest.warns(SpokiWarning, match=str(tmp_path)),
        pytest.raises(TimeoutError, match="in use by another process"),
    ):
        use(tmp_path)  # type: ignore[operator]


def test_whoever_waits_for_a_stopped_load_goes_on_without_it(tmp_path: Path, impatient: None) -> None:
    one, other = (Store(tmp_path / "answers", "same") for _ in range(2))
    with one.lock("list_contacts:1"), pytest.warns(SpokiWarning) as told, other.lock("list_contacts:1", 0.1):
        pass
    assert [str(each.message).partition(":")[0] for each in told] == [
        "Another load of list contacts is under way",
        "The other load of list contacts has not moved for 0 s (is it stopped?)",
    ]
    with other.lock("list_contacts:1", 0.1):  # nobody holds it any more
        pass
    one.close()
    other.close()


def test_a_load_that_lands_pages_is_waited_for(tmp_path: Path, impatient: None) -> None:
    one, other = (Store(tmp_path / "answers", "same") for _ in range(2))
    free = threading.Event()
    moment = datetime.now(UTC)

    def land() -> None:
        with one.lock("list_contacts:1"):
            free.set()
            for number in range(8):
                entry = Entry(b"[]", moment, moment, {})
                one.put(f"list_contacts:1{LANDED}{number:06d}", entry, timedelta(hours=1))
                threading.Event().wait(0.05)

    walker = threading.Thread(target=land)
    walker.start()
    free.wait()
    with pytest.warns(SpokiWarning) as told, other.lock("list_contacts:1", 0.3):
        assert not walker.is_alive() or other.holds(f"list_contacts:1{LANDED}000007")
    walker.join()
    assert len(told) == 1
    one.close()
    other.close()


def test_a_keyring_that_hangs_is_left_alone_with_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    ends = threading.Event()
    monkeypatch.setattr("spoki_analytics.settings.KEYRING_SECONDS", 0.05)
    monkeypatch.setattr(keyring, "get_password", lambda *_: ends.wait(5))
    with pytest.warns(SpokiWarning, match="keyring was left alone"):
        assert load_settings().api_key is None
    ends.set()


def test_what_the_call_raises_comes_through() -> None:
    with pytest.raises(KeyError):
        limits.within(1, lambda: {}["missing"])
    assert limits.within(1, lambda: 7) == 7
