"""Every corrective method: what it sends, and that its inverse puts back what was there."""

from __future__ import annotations

import inspect

import pytest

from spoki_analytics import RemovedOperationError, Spoki
from spoki_analytics.catalogue import Retry, catalogue
from spoki_analytics.corrections.writes import WRITES
from spoki_analytics.resources.calls import CORRECTIONS
from tests.conftest import KEY
from tests.corrections.spoki_double import contact, ticket

OPERATOR = {"id": 71, "role": "Chat Operator", "user": {"email": "op@example.com", "firstname": "Op"}}
NO_METHOD = "no method of this client"
LIVING = [call for call in CORRECTIONS if not call.entry.removed]


@pytest.fixture(autouse=True)
def _world(double):
    double.add("contacts", *[contact(n) for n in (1, 2, 3)])
    double.records["contacts"][2]["list_set"] = [{"id": 11}]
    double.records["contacts"][3]["list_set"] = [{"id": 11}]
    double.add("lists", {"id": 11, "name": "VIP", "color": None}, {"id": 12, "name": "News", "color": None})
    double.add("tickets", ticket(21), ticket(22))
    double.add("roles", OPERATOR, {"id": 72, "role": "Administrator", "user": {"email": "boss@example.com"}})
    double.add("custom_fields", {"id": 31, "label": "City", "code": "CITTA", "field_type": 1, "example": None})
    double.add("media", {"id": 41, "title": "Logo", "external_url": "https://example.com/a.png"})
    double.add("invitations", {"id": 51, "email": "new@example.com", "role": "Chat Operator"})
    double.add("automations", {"id": 61, "name": "Welcome"}, {"id": 62, "name": "Bye"})
    double.add(
        "campaigns",
        {
            "id": 601,
            "name": "Saldi",
            "status": "Draft",
            "scheduled_datetime": "2027-01-01T09:00:00+01:00",
            "automation": {"id": 61, "name": "Welcome"},
            "lists": [{"id": 11}],
        },
    )
    double.add(
        "templates",
        {"id": 81, "name": "hello", "category": "UTILITY", "subcategory": "CLASSIC", "template_groups": [1]},
    )
    double.add(
        "channels",
        {"id": 91, "name": "Shop", "platform": "WhatsApp", "is_primary": True},
        {"id": 92, "name": "Help", "platform": "WhatsApp", "is_primary": False},
    )
    double.add(
        "webhooks",
        {"id": 101, "event": "message.outbound", "version": 2, "url": "https://example.com/h", "is_active": True},
    )


UNDONE = {
    "update one contact": (
        lambda s: s.contacts.update(1, email="anna@example.com", first_name="Anna"),
        ("PATCH", "/contacts/1/", {"phone": "+393330000001", "email": "anna@example.com", "first_name": "Anna"}),
    ),
    "update custom values": (
        lambda s: s.contacts.update(1, custom_fields={"CITTA": "Roma"}),
        ("PATCH", "/contacts/1/", {"phone": "+393330000001", "custom_fields": {"CITTA": "Roma"}}),
    ),
    "change a phone": (
        lambda s: s.contacts.update(1, phone="333 0000099"),
        ("PATCH", "/contacts/1/", {"phone": "+393330000099"}),
    ),
    "block": (
        lambda s: s.contacts.block([1]),
        ("PATCH", "/contacts/1/", {"phone": "+393330000001", "is_blocked": True}),
    ),
    "create a contact": (
        lambda s: s.contacts.create("+393330000077", email="n@example.com"),
        ("POST", "/contacts/sync/", {"phone": "+393330000077", "email": "n@example.com"}),
    ),
    "update a contact by phone": (
        lambda s: s.contacts.create_or_update("+393330000001", status="Subscribed", email="c1@example.com"),
        ("POST", "/contacts/sync/", {"phone": "+393330000001", "status": "Subscribed"}),
    ),
    "sync": (
        lambda s: s.contacts.sync(
            [{"phone": "3330000001", "language": "en"}, {"phone": "3330000002", "language": "en"}]
        ),
        (
            "POST",
            "/contacts/sync_all/",
            [{"phone": "+393330000001", "language": "en"}, {"phone": "+393330000002", "language": "en"}],
        ),
    ),
    "assign": (
        lambda s: s.contacts.assign_operator(1, email="op@example.com"),
        ("POST", "/contacts/1/add_operator/", {"email": "op@example.com"}),
    ),
    "create a list": (lambda s: s.lists.create("New"), ("POST", "/lists/", {"name": "New"})),
    "put in a list": (
        lambda s: s.lists.sync_contacts(11, [{"phone": "+393330000001", "first_name": "Anna"}]),
        ("POST", "/lists/11/sync_contacts/", {"contacts": [{"phone": "+393330000001", "first_name": "Anna"}]}),
    ),
    "put a new contact in a list": (
        lambda s: s.lists.sync_contacts(11, [{"phone": "+393330000055"}]),
        ("POST", "/lists/11/sync_contacts/", {"contacts": [{"phone": "+393330000055"}]}),
    ),
    "take out of a list": (
        lambda s: s.lists.remove_contacts(11, ids=2, phones=["+393330000003"]),
        ("POST", "/lists/11/remove_contacts/", {"ids": [2], "phones": ["+393330000003"]}),
    ),
    "take out of a list by e-mail": (
        lambda s: s.lists.remove_contacts(11, emails=["c2@example.com"]),
        ("POST", "/lists/11/remove_contacts/", {"emails": ["c2@example.com"]}),
    ),
    "clear a list": (lambda s: s.lists.clear(11), ("POST", "/lists/11/remove_all_contacts/", {})),
    "update a campaign": (
        lambda s: s.campaigns.update(601, name="Saldi 2", lists=[12], automation=62),
        ("PATCH", "/campaigns/601/", {"name": "Saldi 2", "lists": [12], "automation": 62}),
    ),
    "start a campaign": (
        lambda s: s.campaigns.update(601, status="Scheduled"),
        ("PATCH", "/campaigns/601/", {"status": "Scheduled"}),
    ),
    "create a campaign": (
        lambda s: s.campaigns.create("N", scheduled_datetime="2027-02-01T10:00+01:00", lists=[12], automation=61),
        (
            "POST",
            "/campaigns/",
            {
                "name": "N",
                "scheduled_datetime": "2027-02-01T09:00:00Z",
                "status": "Draft",
                "lists": [12],
                "automation": 61,
            },
        ),
    ),
    "create a ticket": (
        lambda s: s.tickets.create(contact_phone="3330000001", title="Broken", status="Open"),
        ("POST", "/tickets/", {"contact_phone": "+393330000001", "title": "Broken", "status": "Open"}),
    ),
    "update tickets": (
        lambda s: s.tickets.update([21], status="Closed", description="Done"),
        ("PATCH", "/tickets/21/", {"status": "Closed", "description": "Done"}),
    ),
    "create a custom field": (
        lambda s: s.custom_fields.create("Plate", code="_TARGA_"),
        ("POST", "/custom-fields/", {"label": "Plate", "code": "_TARGA_", "field_type": 1}),
    ),
    "update a custom field": (
        lambda s: s.custom_fields.update(31, label="Town"),
        ("PATCH", "/custom-fields/31/", {"label": "Town"}),
    ),
    "create a template": (
        lambda s: s.templates.create("bye", category="UTILITY", templatelocalization_set=[{"language": "it"}]),
        (
            "POST",
            "/templates/",
            {"name": "bye", "category": "UTILITY", "templatelocalization_set": [{"language": "it"}]},
        ),
    ),
    "update a template": (
        lambda s: s.templates.update(81, name="hello2", template_groups=[2]),
        ("PATCH", "/templates/81/", {"name": "hello2", "template_groups": [2]}),
    ),
    "clone a template": (lambda s: s.templates.clone(81), ("GET", "/templates/81/clone/", None)),
    "register a media file": (
        lambda s: s.media.create("Pic", external_url="https://example.com/p.png", format_type="image"),
        ("POST", "/media/", {"title": "Pic", "external_url": "https://example.com/p.png", "format_type": "image"}),
    ),
    "update a media file": (lambda s: s.media.update(41, title="Logo 2"), ("PATCH", "/media/41/", {"title": "Logo 2"})),
    "add a service user": (
        lambda s: s.roles.add_service_user("Bot", role="Chat Operator"),
        ("POST", "/roles/add_service_user/", {"name": "Bot", "role": "Chat Operator"}),
    ),
    "update a role": (
        lambda s: s.roles.update(71, role="Administrator"),
        ("POST", "/roles/71/update_role/", {"role": "Administrator"}),
    ),
    "invite": (
        lambda s: s.invitations.create("x@example.com", role="Chat Operator", first_name="X"),
        (
            "POST",
            "/invitations/",
            {"email": "x@example.com", "role": "Chat Operator", "additional_info": {"first_name": "X"}},
        ),
    ),
    "update an invitation": (
        lambda s: s.invitations.update_role(51, role="Administrator"),
        ("POST", "/invitations/51/update_role/", {"role": "Administrator"}),
    ),
    "update a channel": (lambda s: s.channels.update(91, name="Shop 2"), ("PATCH", "/channel/91/", {"name": "Shop 2"})),
    "set the primary channel": (lambda s: s.channels.set_primary(92), ("POST", "/channel/92/set-primary/", {})),
    "create a webhook": (
        lambda s: s.webhooks.create("contact.created", url="https://example.com/c"),
        (
            "POST",
            "/external-webhooks/",
            {"event": "contact.created", "version": 2, "url": "https://example.com/c", "is_active": True},
        ),
    ),
    "update a webhook": (
        lambda s: s.webhooks.update(101, is_active=False),
        ("PATCH", "/external-webhooks/101/", {"is_active": False}),
    ),
    "set expands": (
        lambda s: s.webhooks.set_expands(101, expands=["contact"]),
        ("POST", "/external-webhooks/101/expands/", {"expands": ["contact"]}),
    ),
}


@pytest.mark.parametrize("name", UNDONE)
def test_what_is_applied_is_sent_once_and_undone(spoki, double, name):
    call, (method, path, body) = UNDONE[name]
    before = meaning(double.state())
    plan = call(spoki)
    assert plan.errors.empty
    assert double.writes == []
    assert meaning(double.state()) == before
    outcome = plan.apply(confirm=plan.confirmation)
    assert set(outcome["outcome"]) == {"applied"}
    assert double.writes == [(method, f"/api/1{path}", body)]
    assert meaning(double.state()) != before
    undo = plan.undo()
    assert undo.errors.empty
    assert set(undo.apply(confirm=undo.confirmation)["outcome"]) == {"applied"}
    assert meaning(double.state()) == before


def meaning(state):
    """The state as far as undoing can express it: null and empty are one, and so are a missing and an empty value."""
    for row in state["contacts"].values():
        row["contactfield_set"] = [entry for entry in row["contactfield_set"] if entry["value"]]
    for row in state["webhooks"].values():
        row.setdefault("expands", [])
    for row in state["campaigns"].values():
        row["automation"] = row["automation"]["id"]
    return {family: {key: clean(row) for key, row in rows.items()} for family, rows in state.items()}


def clean(row):
    return {name: value for name, value in row.items() if value not in (None, "")}


ONE_WAY = {
    "delete contacts": (lambda s: s.contacts.delete([1, 2]), "DELETE 2 contacts", ("DELETE", "/contacts/1/", None)),
    "delete a list": (lambda s: s.lists.delete(11), "DELETE 1 list", ("DELETE", "/lists/11/", None)),
    "delete a campaign": (lambda s: s.campaigns.delete(601), "DELETE 1 campaign", ("DELETE", "/campaigns/601/", None)),
    "delete tickets": (lambda s: s.tickets.delete([21]), "DELETE 1 ticket", ("DELETE", "/tickets/21/", None)),
    "delete a custom field": (
        lambda s: s.custom_fields.delete(31),
        "DELETE 1 custom field",
        ("DELETE", "/custom-fields/31/", None),
    ),
    "delete a template": (lambda s: s.templates.delete(81), "DELETE 1 template", ("DELETE", "/templates/81/", None)),
    "submit": (lambda s: s.templates.submit(81), "SUBMIT 1 template", ("POST", "/templates/81/submit/", {})),
    "revert": (
        lambda s: s.templates.revert_to_draft(81),
        "REVERT 1 template",
        ("POST", "/templates/81/back_to_draft/", {}),
    ),
    "delete media": (lambda s: s.media.delete(41), "DELETE 1 media file", ("DELETE", "/media/41/", None)),
    "generate a key": (
        lambda s: s.roles.generate_private_key(71),
        "GENERATE KEY FOR 1 role",
        ("POST", "/roles/71/generate_private_key/", {}),
    ),
    "delete a role": (lambda s: s.roles.delete(71), "DELETE 1 role", ("DELETE", "/roles/71/", None)),
    "resend": (lambda s: s.invitations.resend(51), None, ("POST", "/invitations/51/send/", {})),
    "delete an invitation": (
        lambda s: s.invitations.delete(51),
        "DELETE 1 invitation",
        ("DELETE", "/invitations/51/", None),
    ),
    "create a channel": (lambda s: s.channels.create(platform=1), None, ("POST", "/channel/", {"platform": 1})),
    "refresh a channel": (
        lambda s: s.channels.refresh_status(91),
        None,
        ("POST", "/channel/91/refresh-wa-status/", {}),
    ),
    "test a webhook": (lambda s: s.webhooks.test(101), None, ("POST", "/external-webhooks/101/test/", {})),
    "rotate a secret": (
        lambda s: s.webhooks.rotate_secret(101),
        "ROTATE SECRET OF 1 webhook",
        ("POST", "/external-webhooks/101/rotate_secret/", {}),
    ),
    "delete a webhook": (
        lambda s: s.webhooks.delete(101),
        "DELETE 1 webhook",
        ("DELETE", "/external-webhooks/101/", None),
    ),
}


@pytest.mark.parametrize("name", ONE_WAY)
def test_what_cannot_be_undone_says_so_before(spoki, double, name):
    call, phrase, request = ONE_WAY[name]
    plan = call(spoki)
    assert plan.confirmation == phrase
    assert plan.totals["irreversible"] == len(plan)
    assert all(plan.frame["irreversible"] != "")
    assert plan.frame["irreversible"][0] in str(plan)
    assert set(plan.apply(confirm=phrase)["outcome"]) == {"applied"}
    assert double.writes[0] == (request[0], f"/api/1{request[1]}", request[2])


def test_deleted_tickets_and_contacts_can_be_made_again(spoki, double):
    for plan in (spoki.tickets.delete(21), spoki.contacts.delete(1)):
        plan.apply(confirm=plan.confirmation)
        plan.undo().apply()
    made = double.records["tickets"][max(double.records["tickets"])]
    assert (made["title"], made["status"], made["reference"]) == ("Ticket 21", "Open", "R21")
    again = double.records["contacts"][max(double.records["contacts"])]
    assert (again["phone"], again["email"], again["first_name"]) == ("+393330000001", "c1@example.com", "First1")


def test_force_is_sent_as_a_query(spoki, double):
    plan = spoki.templates.delete(81, force=True)
    plan.apply(confirm=plan.confirmation)
    assert double.queries == [{"force_delete": "true"}]


def test_unassign_and_unblock_are_the_other_way(spoki, double):
    double.records["contacts"][1] |= {"role_set": [OPERATOR], "is_blocked": True}
    spoki.contacts.unassign_operator([1], email="OP@example.com").apply()
    spoki.contacts.unblock(1).apply()
    assert double.records["contacts"][1]["is_blocked"] is False
    assert double.writes[0] == ("POST", "/api/1/contacts/1/remove_operator/", {"email": "OP@example.com"})


@pytest.mark.parametrize(
    ("call", "problem"),
    [
        (lambda s: s.contacts.update(99, email="a@example.com"), "contact 99 does not exist"),
        (lambda s: s.contacts.delete([99]), "contact 99 does not exist"),
        (lambda s: s.contacts.assign_operator(1, email="opp@example.com"), "Did you mean op@example.com?"),
        (lambda s: s.lists.sync_contacts(99, [{"phone": "+393330000001"}]), "list 99 does not exist"),
        (lambda s: s.lists.remove_contacts(11, ids=[99]), "No contact has it"),
        (lambda s: s.lists.clear(99), "list 99 does not exist"),
        (lambda s: s.campaigns.update(601, lists=[11, 99]), "list 99 does not exist"),
        (lambda s: s.campaigns.update(601, automation=99), "automation 99 does not exist"),
        (lambda s: s.custom_fields.create("City", code="NEW"), "is the label of custom field 31 already"),
        (lambda s: s.custom_fields.create("Other", code="CITTA"), "is the code of custom field 31 already"),
        (lambda s: s.custom_fields.create("Other", code="PHONE"), "reserved"),
        (lambda s: s.templates.clone(99), "template 99 does not exist"),
        (lambda s: s.roles.generate_private_key(99), "role 99 does not exist"),
        (lambda s: s.webhooks.set_expands(99, expands=["contact"]), "webhook 99 does not exist"),
    ],
)
def test_what_does_not_exist_is_refused_before_any_write(spoki, double, call, problem):
    plan = call(spoki)
    assert len(plan) == 0
    assert problem in plan.errors["problem"][0]
    assert double.writes == []


def test_two_contacts_with_one_number_are_refused(spoki, double):
    double.add("contacts", contact(8, phone="+393330000001"))
    plan = spoki.contacts.sync([{"phone": "+393330000001", "first_name": "A"}])
    assert "2 contacts have this number (1, 8)" in plan.errors["problem"][0]


def test_a_contact_without_plus_is_found(spoki, double):
    double.records["contacts"][1]["phone"] = "393330000001"
    assert (
        spoki.contacts.create_or_update("+393330000001", first_name="First1").frame["action"][0] == "skip: already so"
    )


def test_the_removed_onboarding_link_names_what_works(spoki, double):
    with pytest.raises(RemovedOperationError, match=r"spoki\.channels\.create\(platform=1\)"):
        spoki.accounts.onboarding_link(4100)
    assert double.writes == double.reads == []


def test_what_costs_or_reaches_customers_is_said(spoki):
    assert "credit" in spoki.campaigns.update(601, status="Scheduled").frame["warning"][0]
    assert "automations" in spoki.contacts.create_or_update("+393330000001", status="Subscribed").frame["warning"][0]
    assert spoki.contacts.create_or_update("+393330000001", first_name="A").frame["warning"][0] == ""
    assert "Meta" in spoki.templates.submit(81).frame["warning"][0]
    assert "e-mail" in spoki.invitations.resend(51).frame["warning"][0]
    double_list = spoki.lists.create("VIP")
    assert "one like it already: list 11" in double_list.frame["warning"][0]


def test_every_write_operation_has_a_method_or_says_that_it_has_none():
    offered = {call.operation for call in LIVING}
    assert offered == set(WRITES)
    for entry in catalogue():
        if entry.is_read or entry.removed:
            continue
        assert (entry.slug in offered) != (NO_METHOD in entry.note), entry.name
    assert all(entry.slug in offered or entry.removed for entry in catalogue() if entry.number and not entry.is_read)


@pytest.mark.parametrize("call", LIVING, ids=lambda call: call.path)
def test_every_call_is_a_documented_method(call, double):
    client = Spoki(api_key=KEY, base_url=double.base_url)
    method = getattr(getattr(client, call.family), call.method)
    assert method.__doc__
    parameters = inspect.signature(method).parameters
    assert "reason" in parameters
    assert call.takes != ("values",) or set(call.needs) <= set(parameters)


def test_operations_that_repeat_badly_are_marked_so():
    never = {slug for slug, write in WRITES.items() if write.entry.retry is Retry.NEVER}
    assert {"create_ticket", "clone_template", "resend_invitation", "generate_role_private_key"} <= never


@pytest.mark.parametrize("stored", ["393330000021", "0039 333 0000021", "+39 333 0000021"])
def test_whatever_the_stored_form_of_a_number_it_is_sent_with_plus_and_can_be_put_back(spoki, double, stored):
    double.add("contacts", contact(21, phone=stored))
    spoki.contacts.update(21, first_name="X").apply()
    assert double.writes[-1][2]["phone"] == "+393330000021"
    plan = spoki.contacts.update(21, phone="+393339999999")
    plan.apply()
    plan.undo().apply()
    assert double.writes[-1][2]["phone"] == "+393330000021"


@pytest.mark.parametrize(
    ("held", "typed"),
    [
        ("+5215512345678", "+525512345678"),
        ("5215512345678", "+5215512345678"),
        ("+551187654321", "5511987654321"),
        ("+541112345678", "+54 9 11 1234-5678"),
        ("+3331234567", "+3331234567"),
    ],
)
def test_a_number_means_the_contact_that_spoki_holds_and_its_form_is_sent(spoki, double, held, typed):
    double.add("contacts", contact(22, phone=held))
    form = "+" + held.removeprefix("+")
    others = [{"phone": f"+39348{n:07d}", "first_name": "Y"} for n in range(60)]
    for more in ([], others):  # read one by one, and from the listing
        change = spoki.contacts.sync([{"phone": typed, "first_name": "X"}, *more]).changes[0]
        assert (change.target, change.body["phone"]) == (f"contact 22 ({form})", form)
    (leaving,) = spoki.lists.remove_contacts(11, phones=[typed]).changes
    assert leaving.body == {"phones": [form]}


def test_a_number_that_spoki_calls_invalid_is_no_way_back(spoki, double):
    double.add("contacts", contact(23, has_invalid_phone=True))
    assert "not valid" in spoki.contacts.update(23, phone="+393339999999").changes[0].irreversible
    assert spoki.contacts.delete(23).changes[0].inverse == ()


@pytest.mark.parametrize(
    ("family", "target", "name"),
    [
        ("tickets", 21, "title"),
        ("tickets", 21, "status"),
        ("templates", 81, "name"),
        ("campaigns", 601, "name"),
        ("channels", 91, "name"),
        ("webhooks", 101, "url"),
    ],
)
def test_what_a_record_is_not_made_without_cannot_be_taken_away(spoki, double, family, target, name):
    plan = getattr(spoki, family).update(target, **{name: ""})
    assert (len(plan.changes), set(plan.errors["column"])) == (0, {name})


def test_a_category_in_lower_case_is_none_and_an_undocumented_one_is(spoki, double):
    body = {"name": "x", "templatelocalization_set": [{"language": "it"}]}
    assert spoki.templates.create(category="marketing", **body).errors["code"].tolist() == ["not_a_choice"]
    for category in ("MARKETING", "TRANSACTIONAL", "ACCOUNT_UPDATE"):
        assert spoki.templates.create(category=category, **body).errors.empty


def test_localizations_cannot_be_undone_and_that_is_said(spoki, double):
    plan = spoki.templates.update(81, name="other", templatelocalization_set=[{"language": "it", "footer": "x"}])
    (change,) = plan.changes
    assert "templatelocalization_set" in change.irreversible
    assert [dict(step.body) for step in change.inverse] == [{"name": change.before["name"]}]


@pytest.mark.parametrize("number", ["+393330000002", "393330000002"])
def test_a_number_that_another_contact_has_is_said_before_it_is_given(spoki, double, number):
    (change,) = spoki.contacts.update(1, phone=number).changes
    assert any("Contact 2 " in warning for warning in change.warnings)
    assert not spoki.contacts.update(1, phone="+393339876543").changes[0].warnings


def test_a_consent_that_no_source_knows_is_said_before_the_contact_is_deleted(spoki, double):
    double.add("contacts", contact(24, status="Pending"), contact(25, status="Subscribed"))
    pending, subscribed = spoki.contacts.delete([24, 25]).changes
    assert any("Pending" in warning for warning in pending.warnings)
    assert subscribed.warnings == ()
