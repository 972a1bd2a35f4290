import os
import sqlite3
import stat
import subprocess
import sys
import threading
import time
import warnings
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from spoki_analytics import AuthenticationError, NotFoundError, Spoki, SpokiWarning, UnavailableError
from spoki_analytics.api.store import Entry, Store
from tests.conftest import KEY, Answer
from tests.depth import depth

TAGS = "/api/1/tags/"
LISTS = "/api/1/lists/"
REPORT = "/api/1/accounts/4100/current_report/"
ROWS = [{"id": 1, "name": "VIP", "color": None, "order": 0}]


class Moved:
    """A clock that a test moves by so many minutes."""

    def __init__(self):
        self.shift = timedelta()

    def __call__(self):
        return datetime.now(UTC) + self.shift

    def move(self, minutes):
        self.shift += timedelta(minutes=minutes)


@pytest.fixture
def clock():
    return Moved()


@pytest.fixture
def client(client, clock):
    """Makes clients that live by the clock of the test."""
    return lambda **options: client(**{"clock": clock, **options})


def test_a_repeat_within_its_life_asks_nobody(script, client):
    script.pages(TAGS, [ROWS])
    first = client().tags.load()
    second = client().tags.load()
    assert len(script.seen) == 1
    assert second.attrs["spoki"]["requests"] == 0
    assert second.attrs["spoki"]["cache_hits"] == 1
    assert second.attrs["spoki"]["as_of"] == first.attrs["spoki"]["as_of"]
    assert second.equals(first)
    assert (second.dtypes == first.dtypes).all()


@pytest.mark.parametrize(("path", "load", "life"), [
    (TAGS, lambda spoki: spoki.tags.load(), 5),
    (REPORT, lambda spoki: spoki.accounts.current_report(4100), 30),
    ("/api/1/reports/detailed/", lambda spoki: spoki.reports.load("2026-10-01", "2026-10-02"), 30),
])  # fmt: skip
def test_lives_are_the_documented_ones(script, client, clock, path, load, life):
    body = {"account": 4100, "sent_message_count": 1} if path == REPORT else [{"id": 1, "period_start": "2026-10-01"}]
    script[path] = Answer(body)
    spoki = client()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SpokiWarning)
        load(spoki)
        clock.move(life - 0.1)
        load(spoki)
        assert len(script.seen) == 1
        clock.move(0.2)
        load(spoki)
    assert len(script.seen) == 2


def test_refresh_asks_again_and_overwrites(script, client):
    script[TAGS] = [Answer(ROWS), Answer([{**ROWS[0], "name": "new"}])]
    spoki = client()
    spoki.tags.load()
    assert spoki.tags.load(refresh=True)["name"].tolist() == ["new"]
    assert spoki.tags.load()["name"].tolist() == ["new"]
    assert client(refresh=True).tags.load()["name"].tolist() == ["new"]
    assert len(script.seen) == 3


def test_refusals_are_never_stored(script, client):
    script[TAGS] = [Answer({"detail": "no"}, 404), Answer(ROWS)]
    spoki = client()
    with pytest.raises(NotFoundError):
        spoki.tags.load()
    assert len(spoki.tags.load()) == 1


def test_two_keys_on_one_machine_never_share_an_answer(script, client):
    script[TAGS] = [Answer(ROWS), Answer([{**ROWS[0], "name": "of the other"}])]
    assert client().tags.load()["name"].tolist() == ["VIP"]
    assert client(api_key="another-key").tags.load()["name"].tolist() == ["of the other"]


def test_the_store_is_private_json_in_wal_mode(script, client):
    script[TAGS] = Answer(ROWS)
    spoki = client()
    spoki.tags.load()
    path = spoki.session.store.path
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        value = connection.execute("SELECT value FROM responses").fetchone()[0]
    assert str(value if isinstance(value, str) else value.decode()).startswith("{")


def test_stale_data_is_served_only_when_allowed_and_is_labelled(script, client, clock):
    script[TAGS] = [Answer(ROWS), Answer(b"", 500)]
    client().tags.load()
    clock.move(6)
    with pytest.raises(UnavailableError):
        client().tags.load()
    with pytest.warns(SpokiWarning, match="stale"):
        frame = client(allow_stale=True).tags.load()
    assert frame.attrs["spoki"]["stale"] is True
    assert len(frame) == 1


@pytest.mark.parametrize(("status", "error"), [(401, AuthenticationError), (404, NotFoundError)])
def test_stale_data_never_hides_a_refusal(script, client, clock, status, error):
    script[TAGS] = [Answer(ROWS), Answer(b"", status)]
    spoki = client(allow_stale=True)
    spoki.tags.load()
    clock.move(6)
    with pytest.raises(error):
        spoki.tags.load()


def test_a_corrupt_file_costs_one_warning_and_no_data(script, client):
    script[TAGS] = Answer(ROWS)
    spoki = client()
    path = spoki.session.store.path
    spoki.close()
    for extra in path.parent.glob("*.sqlite-*"):
        extra.unlink()
    path.write_bytes(b"this is no database " * 500)
    with pytest.warns(SpokiWarning, match="put aside as") as caught:
        again = client()
        again.tags.load()
        again.tags.load()
    assert len(caught) == 1
    assert len(script.seen) == 1
    assert path.with_suffix(".damaged").read_bytes().startswith(b"this is no database")
    client().tags.load()
    assert len(script.seen) == 1


def test_a_folder_that_cannot_be_made_costs_one_warning(script, client, tmp_path):
    (tmp_path / "file").write_text("in the way")
    script[TAGS] = Answer(ROWS)
    with pytest.warns(SpokiWarning, match="cannot be used") as caught:
        assert len(client(cache_dir=tmp_path / "file").tags.load()) == 1
    assert len(caught) == 1


def test_a_disk_that_fills_up_costs_one_warning(tmp_path, monkeypatch):
    kept = Store(tmp_path / "answers", "one")
    monkeypatch.setattr(kept, "_require_writable", lambda: (_ for _ in ()).throw(sqlite3.OperationalError("disk full")))
    now = datetime.now(UTC)
    entry = Entry(b"[]", now, now, {})
    with pytest.warns(SpokiWarning, match="disk full") as caught:
        kept.put("a:1", entry, timedelta(minutes=5))
        kept.put("a:2", entry, timedelta(minutes=5))
    assert len(caught) == 1
    assert kept.get("a:1") == entry
    assert not kept.on_disk


def test_forgetting_takes_one_operation_only(tmp_path):
    kept = Store(tmp_path / "answers", "one")
    now = datetime.now(UTC)
    for key in ("list_tags:1", "list_tags:2", "list_lists:1"):
        kept.put(key, Entry(b"[]", now, now, {}), timedelta(minutes=5))
    assert kept.forget("list_tags:") == 2
    assert [key for key, _ in kept.entries()] == ["list_lists:1"]


def test_threads_that_want_the_same_listing_fetch_it_once(script, client):
    script[TAGS] = Answer(ROWS, delay=0.1)
    spoki = client()
    frames = spoki.together(*[spoki.tags.load] * 8)
    assert len(script.seen) == 1
    assert all(len(frame) == 1 for frame in frames)


def test_processes_that_want_the_same_listing_fetch_it_once(script, tmp_path):
    script[LISTS] = Answer(ROWS, delay=0.3)
    code = "from spoki_analytics import Spoki; print(len(Spoki(progress=False).lists.load()))"
    environment = {**os.environ, "SPOKI_API_KEY": KEY, "SPOKI_BASE_URL": script.base_url}
    runs = [subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE) for _ in range(3)]
    assert [run.communicate()[0].strip() for run in runs] == [b"1"] * 3
    assert len(script.seen) == 1


def test_different_families_load_at_the_same_time(script, client):
    barrier = threading.Barrier(2, timeout=5)
    spoki = client()
    script[TAGS] = Answer(ROWS)
    script[LISTS] = Answer(ROWS)
    attempt = spoki.session.reads._attempt

    def meet(*args):
        barrier.wait()
        return attempt(*args)

    spoki.session.reads._attempt = meet
    tags, lists = spoki.together(spoki.tags.load, spoki.lists.load)
    assert (len(tags), len(lists)) == (1, 1)


def test_a_session_of_its_own_origin_has_a_file_of_its_own():
    here = Spoki(api_key=KEY, base_url="http://127.0.0.1:1")
    there = Spoki(api_key=KEY, base_url="http://127.0.0.1:2")
    assert here.session.store.path != there.session.store.path
    here.close()
    there.close()


@pytest.mark.parametrize(
    "load",
    [lambda spoki: spoki.tags.load(), lambda spoki: spoki.tags.get(1)["name"]],
    ids=["listing", "object"],
)
def test_a_damaged_entry_is_asked_for_again(script, client, load):
    script[TAGS] = Answer(ROWS)
    script[f"{TAGS}1/"] = Answer(ROWS[0])
    spoki = client()
    load(spoki)
    ((key, entry),) = spoki.session.store.entries()
    spoki.session.store.put(key, replace(entry, body=entry.body[:-9]), timedelta(minutes=5))
    assert len(load(client()))
    assert len(script.seen) == 2
    load(client())
    assert len(script.seen) == 2


def test_a_lock_that_cannot_be_taken_costs_nothing(script, client):
    script[TAGS] = Answer(ROWS)
    spoki = client()
    spoki.tags.load()
    (lock,) = spoki.session.store.path.parent.glob("locks/*.lock")
    lock.unlink()
    lock.mkdir()
    assert len(spoki.tags.load(refresh=True)) == 1


def test_an_entry_from_the_future_does_not_live_for_ever(script, client, clock):
    script[TAGS] = Answer(ROWS)
    client().tags.load()
    clock.move(-60)
    client().tags.load()
    assert len(script.seen) == 2


def test_a_clock_that_stands_still_still_refreshes(script, client):
    script[TAGS] = [Answer(ROWS), Answer([{**ROWS[0], "name": "new"}])]
    noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
    spoki = client(clock=lambda: noon)
    assert spoki.tags.load()["name"].tolist() == spoki.tags.load()["name"].tolist() == ["VIP"]
    frame = spoki.tags.load(refresh=True)
    assert frame["name"].tolist() == ["new"]
    assert frame.attrs["spoki"]["as_of"] == noon.isoformat()


def test_a_client_a_year_ahead_waits_for_no_slot_of_another(script, client):
    script[TAGS] = Answer(ROWS)
    ahead = client(clock=lambda: datetime.now(UTC) + timedelta(days=366))
    started = time.monotonic()
    for spoki in (ahead, client(), ahead):
        spoki.tags.load(refresh=True)
    assert time.monotonic() - started < 5


def test_an_answer_that_another_has_fetched_meanwhile_is_taken(script, client):
    script[TAGS] = [Answer(ROWS), Answer([{**ROWS[0], "name": "new"}], delay=0.3)]
    noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
    spoki = client(clock=lambda: noon)  # so that every one of them asks at the same moment
    spoki.tags.load()
    frames = spoki.together(*[lambda: spoki.tags.load(refresh=True)] * 3)
    assert {frame["name"].item() for frame in frames} == {"new"}
    assert len(script.seen) == 2


def test_what_version_0_1_0_kept_is_read_with_its_warning(script, client, clock):
    script[TAGS] = Answer(ROWS)
    spoki = client()
    spoki.tags.load()
    ((key, entry),) = spoki.session.store.entries()
    told = "it changed while it was read (3 rows came twice); rows may be missing. Load it again later."
    old = replace(entry, facts={"drift": True, "rows": 1, "told": told})
    spoki.session.store.put(key, old, timedelta(minutes=5))
    with pytest.warns(SpokiWarning, match="3 rows came twice"):
        frame = client().tags.load()
    assert frame.attrs["spoki"]["drift"] is True
    spoki.session.store.put(key, replace(entry, facts={"drift": False, "rows": 1, "told": ""}), timedelta(minutes=5))
    assert len(client().tags.load()) == 1
    assert len(script.seen) == 1


def test_what_expired_long_ago_is_purged_by_the_clock_that_was_handed_in(tmp_path):
    moment = datetime(2026, 11, 22, tzinfo=UTC)
    store = Store(tmp_path / "answers", "one", clock=lambda: moment)
    store.put("old:1", Entry(b"[]", moment, moment, {}), timedelta(minutes=5))
    store.close()
    store.path.with_suffix(".purged").unlink()
    for days, left in ((6, 1), (8, 0)):
        later = Store(tmp_path / "answers", "one", clock=lambda days=days: moment + timedelta(days=days))
        assert len(list(later.entries())) == left
        later.close()
        later.path.with_suffix(".purged").unlink()


def damaged(text):
    """The text with one change of each kind that was met: a lost character, flipped bits, another shape."""
    for place in range(7, len(text), max(1, len(text) // 40)):
        yield text[:place] + text[place + 1 :]
        yield text[:place] + chr(ord(text[place]) ^ 1) + text[place + 1 :]
    yield from ("", "null", "[]", "{}", "[1, 2]", text[: len(text) // 2], text * 2, "\x00", "{" * 5000)


@pytest.mark.parametrize("kind", ["listing", "object"])
def test_whatever_is_wrong_with_an_entry_it_is_asked_again(script, client, kind):
    script[TAGS] = Answer(ROWS)
    script[f"{TAGS}1/"] = Answer(ROWS[0])
    spoki = client()

    def load():
        return spoki.tags.load()["name"].item() if kind == "listing" else spoki.tags.get(1)["name"]

    load()
    path = spoki.session.store.path
    with sqlite3.connect(path) as connection:
        ((value,),) = connection.execute("SELECT value FROM responses").fetchall()
    text = value if isinstance(value, str) else value.decode()
    for wrong in damaged(text):
        with sqlite3.connect(path) as connection:
            connection.execute("UPDATE responses SET value = ?", (wrong if isinstance(value, str) else wrong.encode(),))
        connection.close()
        assert load() == "VIP"
    assert len(script.seen) > 40
    assert spoki.session.store.on_disk
    for _, entry in spoki.session.store.entries():
        assert entry.is_fresh(timedelta(minutes=5), datetime.now(UTC))


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE sqlite_master SET sql = CAST(x'FFFE80' AS TEXT) WHERE name = 'responses'",
        "UPDATE sqlite_master SET sql = 'no sentence of SQL' WHERE name = 'responses'",
        "UPDATE sqlite_master SET sql = replace(sql, 'expires', 'expired') WHERE name = 'responses'",
        "UPDATE sqlite_master SET rootpage = 999 WHERE name = 'responses'",
        "ALTER TABLE responses RENAME COLUMN value TO worth",
    ],
)
def test_a_damaged_schema_is_put_aside_and_asked_again(script, client, damage):
    script[TAGS] = Answer(ROWS)
    spoki = client()
    spoki.tags.load()
    path = spoki.session.store.path
    spoki.close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA writable_schema=ON")
    connection.execute(damage)
    connection.commit()
    connection.close()
    path.with_suffix(".purged").unlink()
    with pytest.warns(SpokiWarning, match="put aside as"):
        assert client().tags.load()["name"].item() == "VIP"
    assert client().tags.load()["name"].item() == "VIP"
    assert len(script.seen) == 2


def test_a_file_that_is_damaged_under_a_client_is_put_aside(script, client):
    script[TAGS] = Answer(ROWS)
    spoki = client()
    spoki.tags.load()
    path = spoki.session.store.path
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TABLE responses")
    connection.close()
    with pytest.warns(SpokiWarning, match="put aside as") as caught:
        assert spoki.tags.load()["name"].item() == "VIP"
        assert spoki.tags.load()["name"].item() == "VIP"
    assert len(caught) == 1
    assert len(script.seen) == 2


def test_whoever_looks_into_a_damaged_file_leaves_it_there(tmp_path):
    (tmp_path / "one.sqlite").write_bytes(b"this is no database " * 500)
    with pytest.warns(SpokiWarning, match="cannot be used"):
        assert not Store(tmp_path, "one", mend=False).on_disk
    assert (tmp_path / "one.sqlite").read_bytes().startswith(b"this is no database")


def test_closing_waits_for_a_thread_that_reads(tmp_path):
    """Closed under a reader, sqlite3 ends the whole process; so the look is made in a process of its own."""
    program = f"""
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from spoki_analytics.api.store import Entry, Store
moment = datetime.now(UTC)
for _ in range({depth(40, 1000)}):
    store = Store(Path({str(tmp_path)!r}), "key")
    store.put("tags:1", Entry(b"[]" * 20000, moment, moment, {{}}), timedelta(days=1))
    readers = [threading.Thread(target=lambda: [store.get("tags:1") for _ in range(20)]) for _ in range(3)]
    for reader in readers:
        reader.start()
    store.close()
    for reader in readers:
        reader.join()
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_long_body_lies_in_pieces_and_a_missing_one_spoils_it(tmp_path, monkeypatch):
    monkeypatch.setattr("spoki_analytics.api.store._PIECE_BYTES", 10)
    store = Store(tmp_path / "answers", "pieces")
    moment = datetime.now(UTC)
    long = Entry(bytes(range(95)), moment, moment, {"rows": 3})
    store.put("a:1", long, timedelta(minutes=5))
    assert store.get("a:1").body == long.body
    assert [key for key, _ in store.entries()] == ["a:1"]
    store.put("a:1", replace(long, body=bytes(25), stored=moment + timedelta(seconds=1)), timedelta(minutes=5))
    assert store.get("a:1").body == bytes(25)
    store.forget("a:1#0001")
    assert store.get("a:1") is None
    assert list(store.entries()) == []
    store.put("a:1", long, timedelta(minutes=5))
    assert store.forget("a:") == 10
    store.close()
