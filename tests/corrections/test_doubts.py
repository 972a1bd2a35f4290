"""Where it would be easy to send twice, to another target, or to say more than is known."""

from __future__ import annotations

import errno
from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

from spoki_analytics.corrections.log import Log
from spoki_analytics.errors import AlreadyAppliedError
from tests.corrections.spoki_double import contact, ticket

NEW = "+393331234567"


@pytest.fixture(autouse=True)
def _world(double):
    double.add("contacts", *[contact(n) for n in range(1, 6)])
    double.add("lists", {"id": 11, "name": "VIP"})
    double.add("roles", {"id": 1, "role": "Administrator", "user": {"email": "op@example.com"}})
    double.add("templates", {"id": 61, "name": "Welcome"})


def broken(spoki):
    return spoki.tickets.create(contact_phone="+393330000001", title="Broken", status="Open")


def test_a_plan_that_was_made_again_and_applied_is_not_resumed(client, double, monkeypatch):
    spoki = client()
    first = broken(spoki)
    with monkeypatch.context() as patch:
        patch.setattr(spoki.journal._sender, "wait_turn", lambda *args: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            first.apply()
    second = broken(spoki)
    second.apply()
    with pytest.raises(AlreadyAppliedError, match=second.id):
        client().journal.resume(first.id)
    assert len(double.writes) == 1


def test_what_spoki_does_not_show_is_not_said_to_have_failed(spoki, double):
    for row in double.records["contacts"].values():
        del row["status"], row["role_set"]
    double.lose = lambda method, path: True
    consent = spoki.contacts.create_or_update("+393330000001", status="Subscribed")
    operator = spoki.contacts.assign_operator(1, email="op@example.com")
    show = double._shown
    double._shown = lambda family, row: row if family == "lists" else show(family, row)
    clearing = spoki.lists.clear(11)
    consent.apply()
    operator.apply()
    clearing.apply(confirm=clearing.confirmation)
    for row in double.records["contacts"].values():
        row.pop("status", None)
        row.pop("role_set", None)
    settled = spoki.journal.resolve()
    assert settled["outcome"].tolist() == ["unknown"] * 3
    assert "does not show status" in settled["error"][0]
    spoki.journal.resume(consent.id)
    assert len(double.writes) == 3


def test_the_id_in_the_answer_of_a_batch_is_not_the_contact(spoki, double, monkeypatch):
    monkeypatch.setattr(
        double, "_of_list", lambda row, act, body: {**type(double)._of_list(double, row, act, body), "id": 2}
    )
    plan = spoki.lists.sync_contacts(11, [{"phone": NEW}])
    plan.apply()
    made = next(row["id"] for row in double.records["contacts"].values() if row["phone"] == NEW)
    assert plan.undo().changes[0].step.path == {"id": made}


def test_a_copy_with_the_id_of_its_original_is_not_undone(spoki, double, monkeypatch):
    monkeypatch.setattr(double, "_act", lambda family, row, act, method, body: (200, row))
    plan = spoki.templates.clone(61)
    plan.apply()
    assert not plan.undo().changes


def test_a_clock_that_is_fast_does_not_make_a_creation_fail(spoki, double, monkeypatch):
    def create(family, body):
        row = type(double)._create(double, family, body)
        row["created_datetime"] = (datetime.now(UTC) - timedelta(hours=3)).isoformat()
        return row

    monkeypatch.setattr(double, "_create", create)
    double.lose = lambda method, path: True
    broken(spoki).apply()
    assert spoki.journal.resolve()["outcome"].tolist() == ["unknown"]
    with pytest.raises(AlreadyAppliedError):
        broken(spoki).apply()


def test_nobody_is_found_by_an_empty_address(spoki, double):
    double.records["contacts"][3]["email"] = ""
    assert not spoki.lists.remove_contacts(11, emails=[""]).changes
    del double.records["roles"][1]
    assert not spoki.contacts.assign_operator(1, email="").changes


def test_a_key_that_was_made_is_shown_although_the_run_broke_off(spoki, monkeypatch):
    plan = spoki.roles.generate_private_key(1)
    append = Log.append

    def full(self, kind, plan_id, **facts):
        if kind == "outcome":
            raise OSError(errno.ENOSPC, "No space left on device")
        return append(self, kind, plan_id, **facts)

    monkeypatch.setattr(Log, "append", full)
    with pytest.raises(OSError, match="No space"):
        plan.apply(confirm=plan.confirmation)
    assert plan.reveal() == {"role 1": {"value": "pk-super-secret-1"}}


def test_a_forced_deletion_says_so(spoki):
    gentle, forced = spoki.templates.delete(61), spoki.templates.delete(61, force=True)
    assert "force_delete=true" in forced.frame["request"][0]
    assert "automations" in forced.frame["warning"][0]
    assert "automations" in str(forced)
    assert gentle.frame["warning"][0] == ""


def test_undo_tells_of_what_nobody_knows(spoki, double):
    double.add("tickets", ticket(1))
    double.lose = lambda method, path: True
    plan = spoki.tickets.update(1, status="Closed")
    plan.apply()
    undo = plan.undo()
    assert not undo.changes
    assert "resolve" in undo.errors["problem"][0]


def test_the_order_of_rows_makes_no_other_correction(client, double):
    rows = pd.DataFrame({"contact_phone": ["+393330000001"] * 2, "title": ["A", "B"], "status": ["Open"] * 2})
    client().tickets.create(rows).apply()
    with pytest.raises(AlreadyAppliedError):
        client().tickets.create(rows[::-1]).apply()
    assert len(double.writes) == 2


def test_two_contacts_do_not_get_one_number(spoki):
    frame = pd.DataFrame({"id": [1, 2], "phone": [NEW, NEW]})
    assert not spoki.contacts.update(frame).changes
    assert not spoki.contacts.update([1, 2], phone=NEW).changes


def test_undo_puts_nothing_back_as_an_empty_text_where_no_text_belongs(spoki, double):
    double.add("automations", {"id": 31, "name": "Welcome"})
    double.add("campaigns", {"id": 601, "name": "A", "status": "Draft", "automation": None, "scheduled_datetime": None})
    plan = spoki.campaigns.update(601, automation=31, scheduled_datetime="2026-12-01T09:00+01:00")
    plan.apply()
    assert plan.undo().changes[0].body == {"automation": None, "scheduled_datetime": None}


def test_what_cannot_be_put_back_because_spoki_does_not_show_it_is_said_before(spoki, double):
    double.records["contacts"][1]["list_set"] = [{"id": 11}]
    show = double._shown
    double._shown = lambda family, row: (
        {name: value for name, value in row.items() if name not in ("list_set", "role_set")}
        if family == "contacts"
        else show(family, row)
    )
    assert spoki.lists.clear(11).frame["irreversible"][0].startswith("1 of its contacts")
    assert "operators" in spoki.contacts.assign_operator(1, email="op@example.com").frame["irreversible"][0]


def test_a_change_since_the_preview_is_seen_in_large_plans_too(spoki, double):
    double.add("tickets", *[ticket(n) for n in range(1, 61)])
    plan = spoki.tickets.update(list(range(1, 61)), title="Better")
    double.records["tickets"][33]["title"] = "Somebody's"
    outcome = plan.apply()
    assert outcome["outcome"].tolist() == ["applied"] * 32 + ["failed"] + ["applied"] * 27
    assert "changed since the preview" in outcome["error"][32]
    assert double.records["tickets"][33]["title"] == "Somebody's"


BULK = {
    "sync": lambda s, rows: s.contacts.sync(rows),
    "put in a list": lambda s, rows: s.lists.sync_contacts(11, rows),
}


@pytest.mark.parametrize("name", BULK)
@pytest.mark.parametrize("size", [50, 51, 502])
def test_a_change_since_the_preview_is_left_alone_in_requests_of_any_size(spoki, double, name, size):
    double.add("contacts", *[contact(n) for n in range(1, size + 1)])
    plan = BULK[name](spoki, [{"phone": f"+39333{n:07d}", "first_name": "New"} for n in range(1, size + 1)])
    double.records["contacts"][4]["first_name"] = "Somebody's"
    double.records["contacts"][size]["first_name"] = "New"
    for member in (4, size):
        double.records["contacts"][member]["list_set"] = [{"id": 11}] if name == "put in a list" else []
    double.reads.clear()
    outcome = plan.apply()["outcome"].tolist()
    assert outcome == ["applied"] * 3 + ["failed"] + ["applied"] * (size - 5) + ["skipped"]
    assert double.records["contacts"][4]["first_name"] == "Somebody's"
    assert all(len(body if name == "sync" else body["contacts"]) <= 500 for _, _, body in double.writes)
    if size == 51:
        # one fresh listing, however many rows the request has; whose journal it is may be asked beside it
        assert [path for path in double.reads if path != "/api/1/accounts/"] == ["/api/1/contacts/"]


def test_contacts_that_left_a_list_meanwhile_are_not_taken_out_again(spoki, double):
    double.add("contacts", *[contact(n, list_set=[{"id": 11}]) for n in range(1, 61)])
    plan = spoki.lists.remove_contacts(11, ids=list(range(1, 61)))
    double.records["contacts"][4]["list_set"] = []
    assert plan.apply()["outcome"].tolist() == ["applied"] * 3 + ["skipped"] + ["applied"] * 56
    assert 4 not in double.writes[0][2]["ids"]


def test_what_changed_while_the_request_before_was_sent_is_left_alone(spoki, double):
    double.add("contacts", *[contact(n) for n in range(1, 561)])
    plan = spoki.contacts.sync([{"phone": f"+39333{n:07d}", "first_name": "New"} for n in range(1, 561)])

    def meanwhile(method, path):
        double.records["contacts"][555]["first_name"] = "Somebody's"
        return False

    double.lose = meanwhile
    outcome = plan.apply()["outcome"]
    assert (outcome == "failed").tolist() == [n == 555 for n in range(1, 561)]
    assert double.records["contacts"][555]["first_name"] == "Somebody's"
