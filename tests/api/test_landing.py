"""A load that breaks off goes on where it was."""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest

from spoki_analytics import SpokiError, UnavailableError
from tests.conftest import KEY, Answer

CONTACTS = "/api/1/contacts/"
PAGES = 12
CREATED = "2026-01-01T00:00:00Z"
LOAD = "from spoki_analytics import Spoki; import sys; Spoki(progress=False).contacts.load()"


def contact(number):
    return {
        "id": number,
        "phone": f"+39333000{number:04d}",
        "private_key": "hush",
        "created_datetime": "2026-01-01T00:00:00Z",
    }


@pytest.fixture
def listing(script):
    script.pages(CONTACTS, [[contact(2 * page), contact(2 * page + 1)] for page in range(PAGES)])
    return script


@pytest.fixture
def client(client, monkeypatch):
    monkeypatch.setenv("SPOKI_RATE_WINDOW", "0.05")
    return client


def cut(script, page, status=500):
    """Let a page fail; gives what heals it."""
    path = f"{CONTACTS}?page={page}"
    whole = script._answers[path]
    script[path] = Answer(b"", status)
    return lambda: script._answers.__setitem__(path, whole)


def pages_asked(script):
    return [int(seen.query.get("page", ["1"])[0]) for seen in script.seen]


def broken_off(script, client, page=8):
    heal = cut(script, page)
    with pytest.raises(UnavailableError) as caught:
        client().contacts.load()
    heal()
    script.seen.clear()
    return caught.value


def test_a_load_that_broke_off_goes_on_where_it_was(listing, client):
    problem = broken_off(listing, client)
    assert problem.__notes__ == ["7 pages that were read are kept: the same load goes on from there."]
    frame = client().contacts.load()
    assert pages_asked(listing)[:6] == [7, 8, 9, 10, 11, 12]
    assert frame["id"].tolist() == list(range(2 * PAGES))
    told = frame.attrs["spoki"]
    assert (told["resumed"], told["drift"]) == (True, False)


def test_it_is_as_old_as_its_beginning_and_equal_to_one_in_one_go(listing, client):
    began = datetime.now(UTC)
    broken_off(listing, client)
    after = datetime.now(UTC)
    frame = client().contacts.load()
    assert began <= datetime.fromisoformat(frame.attrs["spoki"]["as_of"]) <= after
    whole = client().contacts.load(refresh=True)
    assert not whole.attrs["spoki"]["resumed"]
    assert frame.equals(whole)


def test_nothing_of_the_pages_is_left_when_the_table_is_there(listing, client):
    broken_off(listing, client)
    spoki = client()
    spoki.contacts.load()
    assert [key for key in spoki.session.store._cache.responses if "/" in key] == []
    assert len(list(spoki.session.store.entries())) == 1


def test_refresh_throws_them_away(listing, client):
    broken_off(listing, client)
    frame = client().contacts.load(refresh=True)
    assert pages_asked(listing)[0] == 1
    assert frame.attrs["spoki"]["resumed"] is False


def test_pages_serve_for_six_hours_from_the_beginning(listing, client):
    broken_off(listing, client)
    client(clock=lambda: datetime.now(UTC) + timedelta(hours=6, seconds=1)).contacts.load()
    assert pages_asked(listing)[0] == 1


def test_a_last_page_that_changed_means_a_new_walk(listing, client):
    broken_off(listing, client)
    path = f"{CONTACTS}?page=7"
    shifted = Answer({**listing._answers[path][0].body, "results": [contact(13), contact(14)]})
    listing[path] = [shifted, *listing._answers[path]]
    frame = client().contacts.load()
    assert pages_asked(listing)[:3] == [7, 1, 12]
    assert frame["id"].tolist() == list(range(2 * PAGES))
    assert frame.attrs["spoki"]["resumed"] is False


def test_credentials_do_not_land(listing, client):
    broken_off(listing, client)
    import zlib

    store = client().session.store
    landed = [store.get(key) for key in store._cache.responses if "/" in key]
    assert landed
    assert b"hush" not in b"".join(zlib.decompress(entry.body) for entry in landed)


def test_a_page_that_is_nested_without_sense_lands(listing, client):
    page = listing._answers[f"{CONTACTS}?page=2"][0].body
    whole = json.dumps(page | {"results": [{**contact(2), "deep": "DEEP"}, contact(3)]})
    listing[f"{CONTACTS}?page=2"] = Answer(whole.replace('"DEEP"', "[" * 985 + "]" * 985).encode())
    broken_off(listing, client)
    assert client().contacts.load()["id"].tolist() == list(range(2 * PAGES))


def test_a_correction_of_contacts_drops_them(listing, client):
    broken_off(listing, client)
    from spoki_analytics.catalogue import operation

    spoki = client()
    spoki.session.forget(operation("list_contacts"))
    spoki.contacts.load()
    assert pages_asked(listing)[0] == 1


def test_damaged_pages_are_read_again(listing, client):
    broken_off(listing, client)
    spoki = client()
    store = spoki.session.store
    key = next(key for key in store._cache.responses if "/" in key)
    response = store._cache.responses[key]
    response._content = b"damaged"
    store._cache.responses[key] = response
    assert spoki.contacts.load()["id"].tolist() == list(range(2 * PAGES))


@pytest.mark.skipif(os.name != "posix", reason="signals")
@pytest.mark.parametrize("name", ["SIGKILL", "SIGINT", "SIGTERM"])
def test_a_process_that_is_ended_has_kept_what_it_read(listing, client, name):
    for page in range(1, PAGES + 1):
        path = CONTACTS if page == 1 else f"{CONTACTS}?page={page}"
        listing._answers[path][0].delay = 0.3
    environment = {**os.environ, "SPOKI_BASE_URL": listing.base_url, "SPOKI_API_KEY": KEY}
    process = subprocess.Popen([sys.executable, "-c", LOAD], env=environment, stderr=subprocess.DEVNULL)
    while len(listing.seen) < 7:
        time.sleep(0.02)
    process.send_signal(getattr(signal, name))
    process.wait()
    asked = set(pages_asked(listing))
    listing.seen.clear()
    for answers in listing._answers.values():
        answers[0].delay = 0
    frame = client(api_key=KEY).contacts.load()
    assert frame["id"].tolist() == list(range(2 * PAGES))
    assert frame.attrs["spoki"]["resumed"] is True
    assert len(listing.seen) <= PAGES - (len(asked) - 1) + 3 + 1


def test_a_listing_of_one_page_puts_nothing_down(script, client):
    script.pages(CONTACTS, [[contact(1)]])
    spoki = client()
    puts = []
    put = spoki.session.store.put
    spoki.session.store.put = lambda *args: puts.append(args[0]) or put(*args)
    spoki.contacts.load()
    assert len(puts) == 1


def test_an_error_before_the_first_page_promises_nothing(script, client):
    script[CONTACTS] = Answer({"detail": "no"}, 403)
    with pytest.raises(SpokiError) as caught:
        client().contacts.load()
    assert not getattr(caught.value, "__notes__", [])
