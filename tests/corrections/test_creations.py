"""Creations whose answer was lost: what reading back proves, and what it does not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from spoki_analytics.errors import AlreadyAppliedError, UsageError
from tests.corrections.spoki_double import ticket

PHONE = "+393330000001"
TEXT = {"language": "it", "body_template_component": {"format": "text", "text": "Ciao"}}


def a_ticket(spoki, **values):
    return spoki.tickets.create(**{"contact_phone": PHONE, "title": "Broken", "status": "Open", **values})


CREATIONS = {
    "a ticket in a state that Spoki spells otherwise": (a_ticket, {"status": "OPEN"}, "applied"),
    "a ticket whose title was trimmed": (
        lambda s: a_ticket(s, title="Broken  screen "),
        {"title": "Broken"},
        "unknown",
    ),
    "a channel, whose platform is a number here and a text there": (
        lambda s: s.channels.create(platform=1),
        {"platform": "WhatsApp"},
        "unknown",
    ),
    "a file whose address Spoki does not keep": (
        lambda s: s.media.create(
            "Logo", external_url="https://example.com/a.png", format_type="image", content_type="image/png"
        ),
        {"external_url": None},
        "unknown",
    ),
    "an invitation with other fields": (
        lambda s: s.invitations.create("x@example.com", role="Chat Operator"),
        {"email": None, "role": None, "invited": "x@example.com"},
        "unknown",
    ),
    "a webhook of another shape": (
        lambda s: s.webhooks.create("contact.created", url="https://example.com/h"),
        {"event": None, "url": None, "target": {"url": "https://example.com/h"}},
        "unknown",
    ),
    "a list whose name was trimmed": (lambda s: s.lists.create("News "), {"name": "News"}, "unknown"),
    "a template that got another category": (
        lambda s: s.templates.create("hi", category="UTILITY", templatelocalization_set=[TEXT]),
        {"category": "MARKETING"},
        "unknown",
    ),
    "a custom field with another label": (
        lambda s: s.custom_fields.create("Città", code="CITTA", field_type=1),
        {"label": "Citta"},
        "unknown",
    ),
    "a campaign whose name was cut": (
        lambda s: s.campaigns.create("A campaign", **_campaign()),
        {"name": "A"},
        "unknown",
    ),
}


def _campaign():
    return {"scheduled_datetime": "2035-01-01T09:00+01:00", "lists": [11], "automation": 31}


@pytest.fixture(autouse=True)
def _world(double):
    double.add("lists", {"id": 11, "name": "VIP"})
    double.add("automations", {"id": 31, "name": "Welcome"})
    double.add("roles", {"id": 1, "role": "Administrator", "user": {"email": "op@example.com"}})


def spell_otherwise(double, values):
    """Keep what is created in other words than those that were sent."""
    create = double._create

    def keep(family, body):
        row = create(family, body)
        double.records[family][row["id"]].update(values)
        return row

    double._create = keep


def losing_creations(double, *, happen):
    double.lose = lambda method, path: method == "POST"
    double.refuse = lambda method, path: (500, None) if method == "POST" and not happen else None


@pytest.mark.parametrize("name", CREATIONS)
def test_what_spoki_spells_otherwise_is_not_said_to_have_failed_and_is_not_sent_again(spoki, double, name):
    plan, values, expected = CREATIONS[name]
    spell_otherwise(double, values)
    losing_creations(double, happen=True)
    plan(spoki).apply()
    settled = spoki.journal.resolve()
    assert settled["outcome"].tolist() == [expected]
    if expected == "unknown":
        assert str(double.next_id) in settled["error"][0]
    with pytest.raises((AlreadyAppliedError, UsageError)):  # a custom field of that code is there already
        plan(spoki).apply()
    assert len(double.writes) == 1


@pytest.mark.parametrize("name", CREATIONS)
def test_that_nothing_is_new_proves_that_it_did_not_happen(spoki, double, name):
    plan = CREATIONS[name][0]
    losing_creations(double, happen=False)
    plan(spoki).apply()
    assert spoki.journal.resolve()["outcome"].tolist() == ["failed"]


@pytest.mark.parametrize("name", ["an invitation with other fields", "a webhook of another shape"])
@pytest.mark.parametrize(("happen", "expected"), [(True, "unknown"), (False, "failed")])
def test_records_without_an_id_are_counted(spoki, double, name, happen, expected):
    shown = double._shown
    double._shown = lambda family, row: {"uuid": "x" * row["id"], **shown(family, row), "id": None}
    double.add("invitations", {"id": 3, "email": "old@example.com"})
    double.add("webhooks", {"id": 4, "event": "contact.deleted"})
    losing_creations(double, happen=happen)
    CREATIONS[name][0](spoki).apply()
    settled = spoki.journal.resolve()
    assert settled["outcome"].tolist() == [expected]


def test_an_equal_record_of_a_minute_ago_proves_nothing(spoki, double):
    moment = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()
    double.add("tickets", ticket(7, title="Broken", priority=None, created_datetime=moment))
    losing_creations(double, happen=False)
    a_ticket(spoki).apply()
    settled = spoki.journal.resolve()
    assert settled["outcome"].tolist() == ["unknown"]
    assert "7" in settled["error"][0]


@pytest.mark.parametrize("make", [a_ticket, lambda s: s.lists.create("News")], ids=["ticket", "list"])
def test_what_another_plan_made_is_not_taken_for_the_creation_that_was_repeated(spoki, double, make):
    plan = make(spoki)
    plan.apply()
    losing_creations(double, happen=False)
    plan.apply(again=True)
    assert spoki.journal.resolve()["outcome"].tolist() == ["unknown"]


def test_what_the_same_plan_is_known_to_have_made_is_not_taken_for_what_was_lost(spoki, double):
    tickets = [{"contact_phone": PHONE, "title": title, "status": "Open"} for title in "AB"]
    double.refuse = lambda method, path: (500, None) if method == "POST" and len(double.writes) == 2 else None
    plan = spoki.tickets.create(tickets)
    assert plan.apply()["outcome"].tolist() == ["applied", "unknown"]
    assert spoki.journal.resolve()["outcome"].tolist() == ["failed"]


def test_a_record_of_somebody_else_that_is_new_leaves_it_unknown(spoki, double):
    plan = a_ticket(spoki)
    losing_creations(double, happen=False)
    plan.apply()
    double.add("tickets", ticket(8, created_datetime=datetime.now(UTC).isoformat()))
    settled = spoki.journal.resolve()
    assert settled["outcome"].tolist() == ["unknown"]
    assert "8" in settled["error"][0]


def test_two_spellings_of_a_state_are_one(spoki, double):
    double.add("tickets", ticket(9, status="IN_PROGRESS"))
    assert spoki.tickets.update(9, status="In progress").pending == []
