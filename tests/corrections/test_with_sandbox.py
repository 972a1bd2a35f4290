"""Every corrective method against the sandbox over HTTP: applied, read back, undone."""

from __future__ import annotations

import pytest

from spoki_analytics import Spoki
from spoki_analytics.resources.calls import CORRECTIONS

WINDOW = 0.2
BODY = {"component_type": "body", "text": "Ciao a tutti"}
LIVING = [call for call in CORRECTIONS if not call.entry.removed]


@pytest.fixture
def spoki(spoki_sandbox_factory):
    sandbox = spoki_sandbox_factory(window=WINDOW)
    with Spoki(writes=True) as client:
        client.sandbox = sandbox
        yield client


def first(frame, **values):
    for name, value in values.items():
        frame = frame[frame[name] == value]
    return int(frame["id"].iloc[0])


def contact(spoki):
    frame = spoki.contacts.load()
    good = frame[
        (frame["email"].fillna("") != "")
        & frame["phone_raw"].str.startswith("+39")
        & (frame["phone_raw"].str.len() == 13)
    ]
    return good.iloc[0]


def phone(spoki):
    return contact(spoki)["phone"]


def contact_id(spoki):
    return int(contact(spoki)["id"])


def a_list(spoki):
    memberships = spoki.contacts.memberships("lists")
    return int(memberships["id"].value_counts().index[0])


def operator(spoki):
    return spoki.roles.load()["user.email"].iloc[-1]


def any_id(family):
    return lambda spoki: first(getattr(spoki, family).load())


def draft(spoki):
    plan = spoki.campaigns.create(
        "Prova",
        scheduled_datetime="2035-01-01T09:00+01:00",
        lists=[a_list(spoki)],
        automation=first(spoki.automations.load()),
    )
    plan.apply(again=True)
    return first(spoki.campaigns.load(), name="Prova")


def field(spoki):
    spoki.custom_fields.create("Prova", code="PROVA").apply(again=True)
    return first(spoki.custom_fields.load(), code="PROVA")


def template(spoki):
    plan = spoki.templates.clone(first(spoki.templates.load()))
    plan.apply()
    return max(spoki.templates.load()["id"])


def writable_tickets(spoki, count):
    """Tickets whose priority the API takes back: Urgent is read, and refused where it is written."""
    tickets = spoki.tickets.load()
    return [int(each) for each in tickets.loc[tickets["priority"] != "Urgent", "id"].head(count)]


APPLIED = {
    "contacts.update": lambda s: s.contacts.update(contact_id(s), first_name="Anna", custom_fields={"CITTA": "Roma"}),
    "contacts.create_or_update": lambda s: s.contacts.create_or_update(
        "+393479999999", status="Subscribed", language="it"
    ),
    "contacts.sync": lambda s: s.contacts.sync(
        [{"phone": phone(s), "status": "Unsubscribed"}, {"phone": "+393479999998"}]
    ),
    "contacts.assign_operator": lambda s: s.contacts.assign_operator(contact_id(s), email=operator(s)),
    "contacts.block": lambda s: s.contacts.block(contact_id(s)),
    "contacts.delete": lambda s: s.contacts.delete(contact_id(s)),
    "lists.create": lambda s: s.lists.create("Prova"),
    "lists.sync_contacts": lambda s: s.lists.sync_contacts(
        first(s.lists.load()), [{"phone": "+393479999997", "last_name": "Rossi"}]
    ),
    "lists.remove_contacts": lambda s: s.lists.remove_contacts(
        a_list(s), ids=[int(each) for each in members(s)["contact_id"].head(2)]
    ),
    "lists.clear": lambda s: s.lists.clear(a_list(s)),
    "lists.delete": lambda s: s.lists.delete(a_list(s)),
    "campaigns.create": lambda s: s.campaigns.create(
        "Prova 2",
        scheduled_datetime="2035-01-01T09:00+01:00",
        lists=[a_list(s)],
        automation=first(s.automations.load()),
    ),
    "campaigns.update": lambda s: s.campaigns.update(draft(s), name="Prova 3", scheduled_datetime="2035-02-01T09:00Z"),
    "campaigns.delete": lambda s: s.campaigns.delete(draft(s)),
    "tickets.create": lambda s: s.tickets.create(contact_phone=phone(s), title="Prova", status="Open", priority="High"),
    "tickets.update": lambda s: s.tickets.update(writable_tickets(s, 2), priority="Highest", title="Prova"),
    "tickets.delete": lambda s: s.tickets.delete(first(s.tickets.load())),
    "custom_fields.create": lambda s: s.custom_fields.create("Prova", code="PROVA", field_type=2),
    "custom_fields.update": lambda s: s.custom_fields.update(first(s.custom_fields.load()), label="Prova"),
    "custom_fields.delete": lambda s: s.custom_fields.delete(field(s)),
    "templates.create": lambda s: s.templates.create(
        "prova",
        category="UTILITY",
        templatelocalization_set=[
            {"language": "it", "body_template_component": {"component_type": "body", "text": "Ciao a tutti"}}
        ],
    ),
    "templates.update": lambda s: s.templates.update(template(s), name="prova_2"),
    "templates.clone": lambda s: s.templates.clone(first(s.templates.load())),
    "templates.submit": lambda s: s.templates.submit(template(s)),
    "templates.revert_to_draft": lambda s: s.templates.revert_to_draft(first(s.templates.load(), is_approved=True)),
    "templates.delete": lambda s: s.templates.delete(template(s), force=True),
    "media.create": lambda s: s.media.create(
        "Prova", external_url="https://example.com/p.png", format_type="image", content_type="image/png"
    ),
    "media.update": lambda s: s.media.update(first(s.media.load()), title="Prova"),
    "media.delete": lambda s: s.media.delete(first(s.media.load())),
    "roles.add_service_user": lambda s: s.roles.add_service_user("Prova", role="Chat Operator"),
    "roles.update": lambda s: s.roles.update(first(s.roles.load(), role="Chat Operator"), role="Administrator"),
    "roles.generate_private_key": lambda s: s.roles.generate_private_key(first(s.roles.load())),
    "roles.delete": lambda s: s.roles.delete(first(s.roles.load(), role="Chat Operator")),
    "invitations.create": lambda s: s.invitations.create("prova@example.com", role="Chat Operator", first_name="Prova"),
    "invitations.resend": lambda s: s.invitations.resend(first(s.invitations.load())),
    "invitations.update_role": lambda s: s.invitations.update_role(first(s.invitations.load()), role="Administrator"),
    "invitations.delete": lambda s: s.invitations.delete(first(s.invitations.load())),
    "channels.create": lambda s: s.channels.create(platform=1),
    "channels.update": lambda s: s.channels.update(first(s.channels.load()), name="Prova"),
    "channels.set_primary": lambda s: s.channels.set_primary(first(s.channels.load(), is_primary=False)),
    "channels.refresh_status": lambda s: s.channels.refresh_status(first(s.channels.load())),
    "webhooks.create": lambda s: s.webhooks.create("contact.created", url="https://example.com/h"),
    "webhooks.update": lambda s: s.webhooks.update(first(s.webhooks.load()), url="https://example.com/h2"),
    "webhooks.set_expands": lambda s: s.webhooks.set_expands(first(s.webhooks.load()), expands=["template"]),
    "webhooks.test": lambda s: s.webhooks.test(first(s.webhooks.load())),
    "webhooks.rotate_secret": lambda s: s.webhooks.rotate_secret(first(s.webhooks.load())),
    "webhooks.delete": lambda s: s.webhooks.delete(first(s.webhooks.load())),
}
REVERSED = {
    "contacts.unassign_operator": ("contacts.assign_operator", "remove_contact_operator"),
    "contacts.unblock": ("contacts.block", "update_contact"),
}
"""Methods that the undoing of another one exercises."""


def members(spoki):
    memberships = spoki.contacts.memberships("lists")
    return memberships[memberships["id"] == a_list(spoki)]


@pytest.mark.parametrize("call", LIVING, ids=lambda call: call.path)
def test_every_correction_works_over_http_and_is_undone(spoki, call):
    place, expected = REVERSED.get(call.path, (call.path, call.operation))
    plan = APPLIED[place](spoki)
    assert plan.errors.empty, plan.errors.to_dict("records")
    applied(plan)
    undo = plan.undo()
    if undo.pending:
        applied(undo)
    else:
        assert len(undo.errors) == len(plan)
        assert all(plan.frame["irreversible"])
    assert spoki.sandbox.calls(expected) >= 1


def applied(plan):
    outcome = plan.apply(confirm=plan.confirmation, again=True)
    assert set(outcome["outcome"]) == {"applied"}, outcome.to_dict("records")


@pytest.mark.parametrize("fault", ["lost", "twice"])
def test_answers_that_get_lost_or_come_twice_are_settled(spoki, fault):
    ids = writable_tickets(spoki, 4)
    before = spoki.tickets.load()["priority"].tolist()
    plan = spoki.tickets.update(ids, priority="Highest", title="Prova")
    spoki.sandbox.fail_next(fault, times=2, path="PATCH")
    outcome = plan.apply()["outcome"].tolist()
    assert outcome == (["unknown"] * 2 + ["applied"] * 2 if fault == "lost" else ["applied"] * 4)
    assert set(spoki.journal.resolve()["outcome"]) <= {"applied"}
    assert spoki.sandbox.calls("update_ticket") == 4
    applied(plan.undo())
    assert spoki.tickets.load()["priority"].tolist() == before


@pytest.mark.parametrize(
    ("make", "refused"),
    [
        (lambda s: s.custom_fields.delete(first(s.custom_fields.load(), code="CITTA")), "CITTA"),
        (lambda s: s.tickets.create(contact_phone=phone(s), title="Prova", status="Nonsense"), "status"),
    ],
)
def test_refusals_of_spoki_are_failures_with_its_words(spoki, make, refused):
    plan = make(spoki)
    outcome = plan.apply(confirm=plan.confirmation)
    assert outcome["outcome"].tolist() == ["failed"]
    assert outcome["status"].tolist() == [400]
