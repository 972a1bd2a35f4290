"""A plan is true, shows everything before anything is sent, and is applied once, by a person, when writes are on."""

from __future__ import annotations

import sys
import threading
import types
from concurrent.futures import ThreadPoolExecutor

import pandas as pd
import pytest

from spoki_analytics.errors import (
    AlreadyAppliedError,
    NotConfirmedError,
    ReportRunError,
    SpokiError,
    WritesDisabledError,
)
from tests.corrections.spoki_double import contact, ticket


@pytest.fixture(autouse=True)
def _world(double):
    double.add("contacts", *[contact(n) for n in range(1, 6)])
    double.add("tickets", *[ticket(n) for n in range(1, 101)])


def test_writes_are_off_by_default(client, double, monkeypatch):
    plan = client(writes=None).tickets.update(1, status="Closed")
    with pytest.raises(WritesDisabledError, match="SPOKI_WRITES=1"):
        plan.apply()
    with pytest.raises(WritesDisabledError):
        client(writes=False).journal.resume("any")
    assert double.writes == []
    monkeypatch.setenv("SPOKI_WRITES", "1")
    assert client(writes=None).tickets.update(1, status="Closed").apply()["outcome"].tolist() == ["applied"]


def test_report_runs_never_write_whatever_is_set(spoki, double, monkeypatch):
    monkeypatch.setenv("SPOKI_WRITES", "1")
    monkeypatch.setenv("SPOKI_REPORT_RUN", "1")
    with pytest.raises(ReportRunError):
        spoki.tickets.update(1, status="Closed").apply(force=True, again=True)
    with pytest.raises(ReportRunError):
        spoki.journal.resume("any")
    assert double.writes == []


@pytest.mark.parametrize(("attended", "applied"), [(True, True), (False, False)])
def test_a_kernel_without_a_person_never_writes(spoki, double, monkeypatch, attended, applied):
    shell = types.SimpleNamespace(kernel=types.SimpleNamespace(_allow_stdin=attended))
    monkeypatch.setitem(sys.modules, "IPython", types.SimpleNamespace(get_ipython=lambda: shell))
    monkeypatch.delenv("SPOKI_REPORT_RUN", raising=False)
    plan = spoki.tickets.update(1, status="Closed")
    if applied:
        plan.apply(progress=False)
    else:
        with pytest.raises(ReportRunError):
            plan.apply()
    assert bool(double.writes) is applied


def test_a_preview_sends_nothing(spoki, double):
    plan = spoki.tickets.update([1, 2], status="Closed", reason="spring cleaning")
    for show in (str, repr, lambda plan: plan._repr_html_(), lambda plan: plan.frame, lambda plan: plan.errors):
        show(plan)
    assert double.writes == []
    row = plan.frame.iloc[0]
    assert (row["target"], row["action"], row["change"]) == ("ticket 1", "update", "status: Open → Closed")
    assert (row["before"], row["after"]) == ({"status": "Open"}, {"status": "Closed"})
    assert row["reason"] == "spring cleaning"
    assert row["request"] == "1: PATCH /api/1/tickets/1/"
    assert "status: Open → Closed" in str(plan)


def test_before_is_fresh_and_not_from_the_cache(spoki, double):
    assert spoki.tickets.get(1)["status"] == "Open"
    assert spoki.contacts.load()["first_name"][0] == "First1"
    double.records["tickets"][1]["status"] = "Pending"
    double.records["contacts"][1]["first_name"] = "Anna"
    assert spoki.tickets.get(1)["status"] == "Open"
    assert spoki.tickets.update(1, status="Closed").frame["before"][0] == {"status": "Pending"}
    assert spoki.contacts.create_or_update("+393330000001", first_name="B").frame["before"][0] == {"first_name": "Anna"}


def test_large_plans_say_from_when_before_is(spoki, double):
    spoki.tickets.update(list(range(1, 101)), status="Closed")
    double.reads.clear()
    plan = spoki.tickets.update(list(range(1, 101)), status="Closed")
    assert double.reads == []
    assert f"read at {plan.changes[0].as_of[:16].replace('T', ' ')} UTC" in str(plan)


def test_values_that_are_there_already_are_not_sent(spoki, double):
    double.records["contacts"][1] |= {"phone": "393330000001", "email": "Anna@Example.com"}
    plan = spoki.contacts.update(1, phone="+39 333 0000001", email="anna@example.com", last_name="")
    assert plan.frame["action"].tolist() == ["skip: already so"]
    assert plan.apply()["outcome"].tolist() == ["skipped"]
    assert double.writes == []
    double.records["campaigns"][6] = {"id": 6, "status": "Draft", "scheduled_datetime": "2027-01-01T10:00:00+01:00"}
    assert spoki.campaigns.update(6, scheduled_datetime="2027-01-01T09:00Z").pending == []


def test_only_what_differs_is_sent(spoki, double):
    spoki.tickets.update(1, status="Closed", priority="Medium").apply()
    assert double.writes == [("PATCH", "/api/1/tickets/1/", {"status": "Closed"})]


def test_what_changed_since_the_preview_is_refused_unless_forced(spoki, double):
    plan = spoki.tickets.update([1, 2, 3], status="Closed")
    double.records["tickets"][1]["status"] = "Pending"
    double.records["tickets"][2]["status"] = "Closed"
    outcome = plan.apply()
    assert outcome["outcome"].tolist() == ["failed", "skipped", "applied"]
    assert "changed since the preview" in outcome["error"][0]
    assert [path for _, path, _ in double.writes] == ["/api/1/tickets/3/"]
    forced = spoki.tickets.update([4], status="Closed")
    double.records["tickets"][4]["status"] = "Pending"
    assert forced.apply(force=True)["outcome"].tolist() == ["applied"]


def test_a_row_of_a_batch_that_changed_is_left_out(spoki, double):
    plan = spoki.contacts.sync([{"phone": f"+39333000000{n}", "first_name": "New"} for n in (1, 2, 3)])
    double.records["contacts"][2]["first_name"] = "Other"
    assert plan.apply()["outcome"].tolist() == ["applied", "failed", "applied"]
    assert [item["phone"] for item in double.writes[0][2]] == ["+393330000001", "+393330000003"]


def test_a_target_that_is_gone_since_the_preview_is_not_written(spoki, double):
    plan = spoki.tickets.update(1, status="Closed")
    del double.records["tickets"][1]
    assert plan.apply()["outcome"].tolist() == ["failed"]
    assert double.writes == []


def test_destructive_plans_need_their_phrase(spoki, double):
    plan = spoki.contacts.delete([1, 2, 3])
    assert 'apply(confirm="DELETE 3 contacts")' in str(plan)
    for wrong in (None, "", "delete 3 contacts", "DELETE 2 contacts", True):
        with pytest.raises(NotConfirmedError) as caught:
            plan.apply(confirm=wrong)
        assert caught.value.phrase == "DELETE 3 contacts"
    assert double.writes == []
    assert plan.apply(confirm="DELETE 3 contacts")["outcome"].tolist() == ["applied"] * 3


def test_a_campaign_that_would_start_needs_its_phrase(spoki, double):
    double.add("campaigns", {"id": 6, "name": "A", "status": "Draft", "scheduled_datetime": "2027-01-01T09:00:00Z"})
    assert spoki.campaigns.update(6, name="B").confirmation is None
    plan = spoki.campaigns.update(6, status="Scheduled")
    assert plan.confirmation == "START 1 campaign"
    with pytest.raises(NotConfirmedError):
        plan.apply()
    assert spoki.campaigns.update(6, status="Draft", name="B").confirmation is None
    assert spoki.campaigns.update(6, status="Paused").confirmation is None


@pytest.mark.parametrize(
    ("status", "values", "warns"),
    [
        ("Scheduled", {"lists": [11]}, True),
        ("Processing", {"status": "Paused"}, True),
        ("Paused", {"lists": [11]}, True),
        ("Archiviata", {"lists": [11]}, True),
        ("Processing", {"name": "B"}, False),
        ("Completed", {"name": "B"}, False),
        ("Completed", {"lists": [11]}, False),
        ("Draft", {"lists": [11]}, False),
    ],
)
def test_only_what_customers_still_get_is_warned_of(spoki, double, status, values, warns):
    double.add("lists", {"id": 11, "name": "VIP"})
    row = {"id": 6, "name": "A", "status": status, "scheduled_datetime": "2027-01-01T09:00:00Z", "lists": []}
    double.add("campaigns", row)
    (warning,) = spoki.campaigns.update(6, **values).frame["warning"]
    assert ("customers get" in warning) is warns


def test_run_all_is_harmless(client, double):
    def cell() -> pd.DataFrame:
        return client().tickets.create(contact_phone="+393330000001", title="Broken", status="Open").apply()

    assert cell()["outcome"].tolist() == ["applied"]
    with pytest.raises(AlreadyAppliedError, match="was applied at") as caught:
        cell()
    assert "@" in caught.value.by
    assert caught.value.plan_id
    assert len(double.writes) == 1
    again = client().tickets.create(contact_phone="+393330000001", title="Broken", status="Open").apply(again=True)
    assert again["outcome"].tolist() == ["applied"]
    assert len(double.writes) == 2


def test_the_fingerprint_names_the_content_and_the_account(client, double):
    first, second = (client().tickets.update(1, status="Closed") for _ in range(2))
    assert first.fingerprint == second.fingerprint
    assert len(first.fingerprint) == 12
    assert first.id != second.id
    assert client().tickets.update(1, status="Pending").fingerprint != first.fingerprint
    other = client(api_key="another-key-0123456789").tickets.update(1, status="Closed")
    assert other.fingerprint != first.fingerprint


def test_the_fingerprint_names_what_is_shown_as_before_and_the_content_does_not(client, double):
    double.add("contacts", contact(90, list_set=[{"id": 11}, {"id": 12}]))
    plans = [client().tickets.update(1, status="Closed")]
    for values in ({"title": "Other"}, {"status": "Pending"}):
        double.records["tickets"][1].update(values)
        plans.append(client().tickets.update(1, status="Closed"))
    first, unmoved, moved = (plan.fingerprint for plan in plans)
    assert first == unmoved != moved
    assert first[:6] == moved[:6]
    plans[-1].apply()
    with pytest.raises(AlreadyAppliedError):
        plans[0].apply()


def test_a_plan_that_certainly_did_nothing_may_be_applied_again(spoki, double):
    double.refuse = lambda method, path: (400, {"status": ["No."]}) if method == "PATCH" else None
    plan = spoki.tickets.update(1, status="Closed")
    outcome = plan.apply()
    assert outcome["outcome"].tolist() == ["failed"]
    assert "status: No." in outcome["error"][0]
    assert outcome["status"].tolist() == [400]
    double.refuse = lambda method, path: None
    assert plan.apply()["outcome"].tolist() == ["applied"]


def test_two_threads_apply_one_plan_once(spoki, double):
    plans = [spoki.tickets.update([1, 2, 3, 4, 5], status="Closed") for _ in range(4)]
    gate = threading.Barrier(4)

    def go(plan: object) -> str:
        gate.wait()
        try:
            plan.apply()
        except AlreadyAppliedError:
            return "refused"
        return "applied"

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(go, plans)) == ["applied", "refused", "refused", "refused"]
    assert len(double.writes) == 5


def test_after_a_write_nothing_old_is_served(spoki, double):
    assert spoki.tickets.load()["status"][0] == "Open"
    assert spoki.tickets.get(1)["status"] == "Open"
    assert spoki.lists.load().empty
    spoki.tickets.update(1, status="Closed").apply()
    spoki.lists.create("VIP").apply()
    assert spoki.tickets.load()["status"][0] == "Closed"
    assert spoki.tickets.get(1)["status"] == "Closed"
    assert spoki.lists.load()["name"].tolist() == ["VIP"]


def test_secrets_are_shown_once_and_kept_nowhere(spoki, double, tmp_path):
    double.add("roles", {"id": 7, "role": "Administrator", "user": {"email": "a@example.com"}})
    plan = spoki.roles.generate_private_key(7)
    outcome = plan.apply(confirm="GENERATE KEY FOR 1 role")
    assert outcome["answer"].tolist() == ["[secret: shown once by plan.reveal()]"]
    told = str(plan) + repr(plan) + plan._repr_html_() + plan.frame.to_string() + repr(spoki.journal)
    assert "pk-super" not in told + spoki.journal.show().to_string()
    assert plan.reveal() == {"role 7": {"value": "pk-super-secret-1"}}
    assert plan.reveal() == {}
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and b"pk-super" in path.read_bytes()]


def test_items_that_spoki_refuses_inside_a_success_are_told_apart(spoki, double):
    rows = [{"phone": f"+39333000000{n}", "first_name": "New"} for n in (1, 2)]
    double.sync_errors = [{"phone": "+393330000002", "email": ["Invalid."]}]
    outcome = spoki.contacts.sync(rows).apply()
    assert outcome["outcome"].tolist() == ["applied", "failed"]
    assert "Invalid" in outcome["error"][1]
    assert "393330000002" not in outcome["error"][1]
    double.sync_errors = [{"detail": "One contact was refused."}]
    assert set(spoki.contacts.sync([{**row, "language": "en"} for row in rows]).apply()["outcome"]) == {"unknown"}


def test_it_stops_where_every_further_request_would_end_alike(spoki, double):
    double.refuse = lambda method, path: (401, {"detail": "Invalid key."}) if method == "PATCH" else None
    outcome = spoki.tickets.update([1, 2, 3], status="Closed").apply()
    assert outcome["outcome"].tolist() == ["failed", "skipped", "skipped"]
    assert "not sent" in outcome["error"][1]
    double.refuse = lambda method, path: (500, None) if method == "PATCH" else None
    assert (
        spoki.tickets.update([1, 2, 3, 4, 5], status="Pending").apply()["outcome"].tolist()
        == ["unknown"] * 3 + ["skipped"] * 2
    )
    assert len(double.writes) == 4


def test_a_plan_tells_its_time_at_the_rate(client, double, monkeypatch):
    monkeypatch.setenv("SPOKI_RATE_WINDOW", "60")
    spoki = client()
    double.add("custom_fields", {"id": 1, "code": "CITTA", "field_type": 1})
    frame = pd.DataFrame({"phone": [f"+39333{n:07d}" for n in range(2001, 4001)], "first_name": "A"})
    plan = spoki.contacts.sync(frame)
    assert plan.totals["requests"] == 4
    assert plan.seconds == 180
    assert "about 3 min" in str(plan)


def test_progress_is_shown_when_asked_for(spoki, capsys):
    spoki.tickets.update([1, 2], status="Closed").apply(progress=True)
    assert "Corrections" in capsys.readouterr().err


def test_the_preview_of_an_applied_plan_says_so(spoki):
    plan = spoki.tickets.update(1, status="Closed")
    assert "Nothing was sent yet" in str(plan)
    plan.apply()
    assert "Nothing was sent yet" not in str(plan)
    assert plan.id in str(plan)


def test_errors_are_spoki_errors(spoki, double):
    double.refuse = lambda method, path: (403, {"detail": "No."})
    with pytest.raises(SpokiError):
        spoki.tickets.update(1, status="Closed")


def test_a_longer_frame_does_not_create_its_first_rows_again(spoki, double):
    first = {"contact_phone": "+393330000001", "title": "One", "status": "Open"}
    spoki.tickets.create([first]).apply()
    longer = spoki.tickets.create([first, {**first, "title": "Two"}])
    with pytest.raises(AlreadyAppliedError, match="1 of these was sent"):
        longer.apply()
    assert len(double.writes) == 1
    assert longer.apply(again=True)["outcome"].tolist() == ["applied", "applied"]


@pytest.mark.parametrize("family", ["lists", "roles"])
def test_records_that_spoki_answers_seldom_one_by_one_are_found_in_one_listing(client, double, monkeypatch, family):
    double.add(family, *({"id": n, "name": f"Old {n}", "role": "Viewer", "contacts_count": 0} for n in range(71, 76)))
    monkeypatch.setenv("SPOKI_RATE_WINDOW", "60")  # the listing before sending serves for so long
    plan = getattr(client(), family).delete(list(range(71, 76)))
    assert double.reads == [f"/api/1/{family}/"]
    assert set(plan.apply(confirm=plan.confirmation)["outcome"]) == {"applied"}
    assert [path for path in double.reads if family in path] == [f"/api/1/{family}/"] * 2


def test_a_list_that_changed_since_the_preview_of_several_is_left_alone(spoki, double):
    double.add("lists", *({"id": n, "name": f"Old {n}", "contacts_count": 0} for n in (71, 72)))
    plan = spoki.lists.delete([71, 72])
    double.records["lists"][72]["name"] = "New"
    assert plan.apply(confirm=plan.confirmation)["outcome"].tolist() == ["applied", "failed"]
