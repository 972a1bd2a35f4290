"""Whose journal it is: what one key of an account has sent, another one does not send again."""

from __future__ import annotations

import pytest

from spoki_analytics.corrections.journal_owner import account_journal
from spoki_analytics.errors import AlreadyAppliedError
from spoki_analytics.settings import load_settings
from tests.corrections.spoki_double import ticket

ROTATED = "another-key-0123456789"


@pytest.fixture(autouse=True)
def _world(double):
    double.add("accounts", {"id": 4100, "name": "Trattoria"})
    double.add("tickets", *map(ticket, (1, 2)))


def test_a_rotated_key_finds_what_was_sent_and_does_not_send_it_again(client, double):
    plan = client().lists.create("Doppia")
    plan.apply()
    client().tickets.update(1, status="Closed").apply()
    rotated = client(api_key=ROTATED)
    with pytest.raises(AlreadyAppliedError, match=plan.id):
        rotated.lists.create("Doppia").apply()
    double.records["tickets"][1]["status"] = "Open"
    with pytest.raises(AlreadyAppliedError):
        rotated.tickets.update(1, status="Closed").apply()
    assert len(double.writes) == 2
    assert "account 4100" in repr(rotated.journal)
    assert "account 4100" in rotated.journal.scope
    assert [change.step.path for change in rotated.journal.undo(plan.id).changes] == [{"id": double.next_id}]


def test_what_a_key_sent_before_its_account_was_known_is_taken_over(client, double):
    del double.records["accounts"][4100]
    early = client()
    lists, left = early.lists.create("Doppia"), early.tickets.update([1, 2], status="Closed")
    lists.apply()
    assert "of this key alone" in early.journal.scope
    double.add("accounts", {"id": 4100, "name": "Trattoria"})
    known = client(cache_dir=early.settings.cache_dir / "other")
    assert known.corrections.plan([]).content_marks[0] != early.corrections.plan([]).content_marks[0]
    assert known.journal.show()["plan"].tolist() == [lists.id]
    left.apply()  # by the client that still does not know the account
    assert known.journal.show()["applied"].tolist() == [1, 2]
    with pytest.raises(AlreadyAppliedError):
        client(api_key=ROTATED, cache_dir=early.settings.cache_dir / "third").lists.create("Doppia").apply()
    assert len(double.writes) == 3


def test_the_account_that_was_found_out_is_remembered_where_spoki_does_not_answer(client, double):
    plan = client().lists.create("Doppia")
    plan.apply()
    double.reads.clear()
    later = client()
    assert later.journal.show()["plan"].tolist() == [plan.id]
    assert "/api/1/accounts/" not in double.reads


def test_another_account_has_another_journal(client, double, monkeypatch):
    client().lists.create("Doppia").apply()
    double.add("accounts", {"id": 4200, "name": "Pizzeria"})
    monkeypatch.setenv("SPOKI_ACCOUNT", "4200")
    other = client(api_key=ROTATED)
    assert other.journal.show().empty
    assert "4200" in other.journal.scope


def test_two_spellings_of_one_origin_have_one_journal():
    def path(origin):
        return account_journal(load_settings(api_key=ROTATED, base_url=origin), 4100)

    assert path("http://localhost:8000") == path("http://127.0.0.1:8000") != path("http://localhost:8001")
    assert path("https://api.spoki.com") == path("https://app.spoki.it") != path("https://spoki.example")
