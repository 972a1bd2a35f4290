"""The journal knows every request, whatever happens to the process, the answer or the file."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from spoki_analytics import NotFoundError, SpokiWarning, UnavailableError, UsageError
from spoki_analytics.corrections.log import Log
from spoki_analytics.errors import AlreadyAppliedError
from tests.conftest import KEY
from tests.corrections.spoki_double import contact, ticket


@pytest.fixture(autouse=True)
def _world(double):
    double.add("contacts", *[contact(n) for n in range(1, 6)])
    double.add("tickets", *[ticket(n) for n in range(1, 81)])
    double.add("lists", {"id": 11, "name": "VIP"})


def losing(*paths):
    return lambda method, path: path in paths


def records(spoki):
    return [json.loads(line) for line in spoki.journal.log.json_lines().splitlines()]


def test_the_intent_is_on_the_disk_before_the_request_and_the_outcome_after(spoki, double):
    seen = []
    double.lose = lambda method, path: seen.append([record["kind"] for record in records(spoki)])
    spoki.tickets.update([1, 2], status="Closed").apply()
    assert seen == [["plan", "intent"], ["plan", "intent", "outcome", "intent"]]
    assert [record["kind"] for record in records(spoki)][-1] == "outcome"


def test_the_file_is_private_and_only_grows(spoki):
    spoki.tickets.update(1, status="Closed").apply()
    path = spoki.journal.log.path
    first = records(spoki)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    spoki.tickets.update(2, status="Closed").apply()
    assert records(spoki)[: len(first)] == first
    assert KEY.encode() not in path.read_bytes()


def test_no_intent_means_no_request(spoki, double, monkeypatch):
    append = Log.append

    def full(self, kind, plan_id, **facts):
        if kind == "intent":
            raise OSError("No space left on device")
        return append(self, kind, plan_id, **facts)

    monkeypatch.setattr(Log, "append", full)
    with pytest.raises(OSError, match="No space"):
        spoki.tickets.update(1, status="Closed").apply()
    assert double.writes == []


LOST = {
    "update": (lambda s: s.tickets.update(1, status="Closed"), "/api/1/tickets/1/"),
    "delete": (lambda s: s.tickets.delete(1), "/api/1/tickets/1/"),
    "create a ticket": (
        lambda s: s.tickets.create(contact_phone="+393330000001", title="Broken", status="Open"),
        "/api/1/tickets/",
    ),
    "create a list": (lambda s: s.lists.create("News"), "/api/1/lists/"),
    "sync": (lambda s: s.contacts.sync([{"phone": "+393330000001", "first_name": "A"}]), "/api/1/contacts/sync_all/"),
    "new contact": (lambda s: s.contacts.create("+393330000099"), "/api/1/contacts/sync/"),
    "list": (lambda s: s.lists.sync_contacts(11, [{"phone": "+393330000001"}]), "/api/1/lists/11/sync_contacts/"),
    "block": (lambda s: s.contacts.block(1), "/api/1/contacts/1/"),
}


@pytest.mark.parametrize("name", LOST)
@pytest.mark.parametrize("happened", [True, False])
def test_a_lost_answer_is_unknown_until_it_is_read_back(spoki, double, name, happened):
    call, path = LOST[name]
    double.lose = losing(path)
    if not happened:
        double.refuse = lambda method, each: (500, None) if each == path and method != "GET" else None
    plan = call(spoki)
    outcome = plan.apply(confirm=plan.confirmation)
    assert outcome["outcome"].tolist() == ["unknown"]
    assert len(double.writes) == 1
    settled = spoki.journal.resolve()
    assert settled["outcome"].tolist() == ["applied" if happened else "failed"]
    assert len(double.writes) == 1
    assert spoki.journal.resolve().empty
    with_id = plan.undo() if happened else None
    if with_id is not None:
        double.lose = double.refuse = lambda method, each: None
        assert set(with_id.apply(confirm=with_id.confirmation)["outcome"]) == {"applied"}


def test_what_nobody_can_tell_stays_unknown_and_says_why(spoki, double):
    double.add("webhooks", {"id": 5, "event": "contact.created", "url": "https://example.com/h"})
    double.lose = losing("/api/1/external-webhooks/5/test/")
    plan = spoki.webhooks.test(5)
    assert plan.apply()["outcome"].tolist() == ["unknown"]
    settled = spoki.journal.resolve(plan.id)
    assert settled["outcome"].tolist() == ["unknown"]
    assert "does not show" in settled["error"][0]
    spoki.journal.resume(plan.id)
    assert len(double.writes) == 1


def test_a_third_value_stays_unknown(spoki, double):
    double.lose = losing("/api/1/tickets/1/")
    spoki.tickets.update(1, status="Closed").apply()
    double.records["tickets"][1]["status"] = "Pending"
    settled = spoki.journal.resolve()
    assert settled["outcome"].tolist() == ["unknown"]
    assert "somebody else" in settled["error"][0]


def test_a_creation_that_did_not_happen_is_never_repeated(spoki, double):
    double.refuse = lambda method, path: (502, None) if method == "POST" else None
    plan = spoki.tickets.create(contact_phone="+393330000001", title="Broken", status="Open")
    plan.apply()
    double.refuse = lambda method, path: None
    assert spoki.journal.resume(plan.id)["outcome"].tolist() == ["failed"]
    assert len(double.writes) == 1


def test_an_update_that_did_not_happen_is_sent_again_by_resume_only(spoki, double):
    double.refuse = lambda method, path: (502, None) if method == "PATCH" else None
    plan = spoki.tickets.update(1, status="Closed")
    plan.apply()
    double.refuse = lambda method, path: None
    assert spoki.journal.resolve()["outcome"].tolist() == ["failed"]
    assert len(double.writes) == 1
    assert spoki.journal.resume(plan.id)["outcome"].tolist() == ["applied"]
    assert len(double.writes) == 2


def test_two_records_that_look_alike_cannot_be_told(spoki, double):
    double.lose = losing("/api/1/tickets/")
    tickets = [{"contact_phone": "+393330000001", "title": "Broken", "status": "Open", "reference": r} for r in "ab"]
    spoki.tickets.create(tickets).apply()
    assert spoki.journal.resolve()["outcome"].tolist() == ["applied", "applied"]
    double.lose = lambda method, path: path == "/api/1/tickets/"
    spoki.tickets.create([{**tickets[0]}]).apply(again=True)
    settled = spoki.journal.resolve()
    assert settled["outcome"].tolist() == ["unknown"]
    assert "look like it" in settled["error"][0]


def test_an_interrupt_leaves_a_journal_that_can_be_resumed(client, double, monkeypatch):
    spoki = client()
    plan = spoki.tickets.update(list(range(1, 11)), status="Closed")
    waits = iter(range(100))
    wait = spoki.journal._sender.wait_turn

    def interrupted(entry, on_wait=None):
        if next(waits) == 4:
            raise KeyboardInterrupt
        wait(entry, on_wait)

    monkeypatch.setattr(spoki.journal._sender, "wait_turn", interrupted)
    with pytest.raises(KeyboardInterrupt):
        plan.apply()
    shown = spoki.journal.show().iloc[0]
    assert (shown["applied"], shown["unknown"], shown["open"]) == (4, 0, 6)
    with pytest.raises(AlreadyAppliedError, match=r"journal\.resume"):
        plan.apply()
    outcome = client().journal.resume(plan.id)
    assert outcome["outcome"].tolist() == ["applied"] * 10
    assert len(double.writes) == len({path for _, path, _ in double.writes}) == 10


def test_an_interrupt_while_an_answer_is_awaited_is_unknown(client, double, monkeypatch):
    spoki = client()
    plan = spoki.tickets.update([1, 2], status="Closed")
    send = spoki.journal._sender.send

    def interrupted(*args):
        send(*args)
        raise KeyboardInterrupt

    monkeypatch.setattr(spoki.journal._sender, "send", interrupted)
    with pytest.raises(KeyboardInterrupt):
        plan.apply()
    assert client().journal.show()[["unknown", "open"]].iloc[0].tolist() == [1, 1]
    assert client().journal.resume(plan.id)["outcome"].tolist() == ["applied", "applied"]
    assert [path for _, path, _ in double.writes] == ["/api/1/tickets/1/", "/api/1/tickets/2/"]


def test_no_connection_leaves_the_rest_for_resume(client, double, monkeypatch):
    spoki = client()
    plan = spoki.tickets.update(list(range(1, 61)), status="Closed")
    down = client(base_url="http://127.0.0.1:9")
    monkeypatch.setattr(spoki.journal, "_sender", down.journal._sender)
    outcome = plan.apply()
    assert outcome["outcome"].tolist() == ["failed"] + ["skipped"] * 59
    assert "could not be reached" in outcome["error"][1]
    assert client().journal.resume(plan.id)["outcome"].tolist() == ["applied"] * 60


@pytest.mark.parametrize("body", [{"detail": "Invalid key."}, {"code": "spoki::1029", "detail": "No credit."}])
@pytest.mark.parametrize("operation", ["update", "create", "sync"])
def test_what_was_refused_to_the_key_is_sent_by_resume(client, double, operation, body):
    spoki = client()
    if operation == "update":
        plan = spoki.tickets.update([1, 2, 3], status="Closed")
    elif operation == "create":
        plan = spoki.tickets.create([{"contact_phone": "+393330000001", "title": t, "status": "Open"} for t in "abc"])
    else:
        plan = spoki.contacts.sync([{"phone": f"+39333999000{n}", "first_name": "New"} for n in (1, 2, 3)])
    status = 401 if "code" not in body else 400
    double.refuse = lambda method, path: None if method == "GET" else (status, body)
    assert "failed" in plan.apply()["outcome"].tolist()
    assert client().journal.show()["open"].tolist() == [3]
    double.refuse = lambda method, path: None
    assert client().journal.resume(plan.id)["outcome"].tolist() == ["applied"] * 3


def test_a_plan_that_is_being_applied_is_left_alone(client, double, monkeypatch):
    spoki, other = client(), client()
    plan = spoki.tickets.update(1, status="Closed")
    send = spoki.journal._sender.send

    def meanwhile(*args):
        assert other.journal.resolve().empty
        with pytest.raises(AlreadyAppliedError, match="right now"):
            other.journal.resume(plan.id)
        with pytest.raises(AlreadyAppliedError):
            other.tickets.update(1, status="Closed").apply()
        return send(*args)

    monkeypatch.setattr(spoki.journal._sender, "send", meanwhile)
    assert plan.apply()["outcome"].tolist() == ["applied"]
    assert len(double.writes) == 1


def test_unknown_plans_and_masked_ones(client, double, monkeypatch):
    with pytest.raises(NotFoundError, match="no plan"):
        client().journal.resume("nothing")
    with pytest.raises(NotFoundError):
        client().journal.undo("nothing")
    monkeypatch.setenv("SPOKI_JOURNAL_MASKED", "1")
    spoki = client()
    plan = spoki.contacts.create("+393330000099", email="anna@example.com", first_name="Anna")
    plan.apply()
    kept = spoki.journal.log.path.read_bytes()
    assert not [word for word in (b"393330000099", b"anna@example.com", b"Anna") if word in kept]
    with pytest.raises(UsageError, match="keeps no values"):
        client().journal.undo(plan.id)
    undo = plan.undo()
    assert undo.apply(confirm=undo.confirmation)["outcome"].tolist() == ["applied"]


def test_a_masked_journal_still_knows_what_was_sent(client, double, monkeypatch, tmp_path):
    monkeypatch.setenv("SPOKI_JOURNAL_MASKED", "1")
    tickets = [{"contact_phone": "+393330000001", "title": title, "status": "Open"} for title in "ABCD"]
    client().tickets.create(tickets[:3]).apply()
    with pytest.raises(AlreadyAppliedError, match="3 of these were sent"):
        client().tickets.create(tickets).apply()
    assert len(double.writes) == 3
    exported = client().journal.export(tmp_path / "corrections.jsonl")
    again = client(data_dir=tmp_path / "other")
    old = again.journal.log.path.with_suffix(".jsonl")
    old.parent.mkdir(parents=True)
    old.write_bytes(exported.read_bytes())
    with pytest.raises(AlreadyAppliedError, match="3 of these were sent"):
        again.tickets.create(tickets).apply()
    assert again.journal.log.json_lines() == exported.read_bytes()


def test_undo_from_another_session(client, double):
    before = double.state()
    plan = client().tickets.update([1, 2, 3], status="Closed", priority="High")
    plan.apply()
    undo = client().journal.undo(plan.id)
    assert [change.target for change in undo.changes] == ["ticket 3", "ticket 2", "ticket 1"]
    undo.apply()
    assert double.state() == before


def test_undo_leaves_out_what_was_not_applied(spoki, double):
    double.refuse = lambda method, path: (400, None) if path == "/api/1/tickets/2/" and method == "PATCH" else None
    plan = spoki.tickets.update([1, 2], status="Closed")
    assert plan.apply()["outcome"].tolist() == ["applied", "failed"]
    assert [change.target for change in plan.undo().changes] == ["ticket 1"]


def test_what_cannot_be_undone_is_in_the_errors_of_the_undo(spoki, double):
    double.add("invitations", {"id": 5, "email": "x@example.com", "role": "Chat Operator"})
    plan = spoki.invitations.resend(5)
    plan.apply()
    undo = plan.undo()
    assert len(undo) == 0
    assert undo.errors["problem"].tolist() == ["An e-mail cannot be taken back."]


def test_show_has_its_columns_when_there_is_nothing(spoki):
    frame = spoki.journal.show()
    assert frame.empty
    assert str(frame["at"].dtype) == "datetime64[us, UTC]"
    assert str(frame["applied"].dtype) == "Int64"


_APPLY = """
import sys
from spoki_analytics import Spoki
from spoki_analytics.errors import AlreadyAppliedError
plan = Spoki().tickets.update(list(range(1, 61)), status="Closed")
print("ready", flush=True)
sys.stdin.readline()
try:
    print(plan.apply()["outcome"].value_counts().to_dict(), flush=True)
except AlreadyAppliedError as refused:
    print("refused:", refused, flush=True)
"""


def test_two_processes_apply_one_plan_once(double, client, tmp_path):
    environment = {
        **os.environ,
        "SPOKI_API_KEY": KEY,
        "SPOKI_BASE_URL": double.base_url,
        "SPOKI_WRITES": "1",
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", _APPLY], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    told = sorted(process.communicate()[0].split(":")[0] for process in processes)
    assert told == ["refused", "{'applied'"]
    assert len(double.writes) == len({path for _, path, _ in double.writes}) == 60


@pytest.mark.parametrize(
    "call",
    [
        lambda s: s.lists.create("VIP"),
        lambda s: s.tickets.create(contact_phone="+393330000001", title="Ticket 1", status="Open", priority="Medium"),
    ],
    ids=["known by its id", "known by its date"],
)
def test_a_record_that_was_there_before_is_not_taken_for_the_new_one(spoki, double, call):
    double.refuse = lambda method, path: (502, None) if method == "POST" else None
    call(spoki).apply()
    assert spoki.journal.resolve()["outcome"].tolist() == ["failed"]


def test_a_lost_batch_is_read_back_from_spoki_and_not_from_the_cache(client, double, monkeypatch):
    double.add("contacts", *[contact(n) for n in range(1, 101)])
    spoki = client()
    rows = [{"phone": f"+39333{n:07d}", "first_name": "New"} for n in range(1, 101)]
    plan = spoki.contacts.sync(rows)
    double.lose = losing("/api/1/contacts/sync_all/")
    monkeypatch.setattr(spoki.session, "forget", lambda operation: None)
    assert set(plan.apply()["outcome"]) == {"unknown"}
    assert set(spoki.journal.resolve()["outcome"]) == {"applied"}


def test_nothing_is_compared_with_stale_data(client, double, monkeypatch):
    monkeypatch.setenv("SPOKI_LIST_MINUTES", "0")
    spoki = client(allow_stale=True)
    monkeypatch.setattr(spoki.session, "forget", lambda operation: None)
    spoki.tickets.get(1)
    double.lose = losing("/api/1/tickets/1/")
    plan = spoki.tickets.update(1, status="Closed")
    plan.apply()
    double.refuse = lambda method, path: (503, None)
    with pytest.warns(SpokiWarning, match="stale"), pytest.raises(UnavailableError, match="stale"):
        spoki.journal.resolve()
    double.refuse = lambda method, path: None
    assert spoki.journal.resolve()["outcome"].tolist() == ["applied"]


def test_a_masked_plan_does_not_keep_others_from_being_settled(client, double, monkeypatch):
    double.lose = losing("/api/1/tickets/1/", "/api/1/tickets/2/")
    monkeypatch.setenv("SPOKI_JOURNAL_MASKED", "1")
    client().tickets.update(1, status="Closed").apply()
    monkeypatch.setenv("SPOKI_JOURNAL_MASKED", "0")
    spoki = client()
    spoki.tickets.update(2, status="Closed").apply()
    assert spoki.journal.resolve()["outcome"].tolist() == ["unknown", "applied"]


def test_the_clock_of_the_client_says_when_and_may_stand_still(client):
    spoki = client(clock=lambda: datetime(2027, 3, 1, 9, tzinfo=UTC))
    plan = spoki.tickets.update(1, status="Closed")
    for again in (False, True, True):
        plan.apply(again=again)
    shown = spoki.journal.show()
    assert set(shown["at"].dt.strftime("%Y-%m-%d %H:%M")) == {"2027-03-01 09:00"}
    assert shown["plan"].is_unique
    assert len(shown) == 3


def test_what_is_exported_is_a_journal_again(client, double, tmp_path):
    double.lose = losing("/api/1/tickets/2/")
    spoki = client()
    plan = spoki.tickets.update([1, 2, 3], status="Closed", reason="Così è")
    plan.apply()
    spoki.tickets.create(contact_phone="+393330000001", title="\u202eBroken\n", status="Open", keep_text=True).apply()
    target = spoki.journal.export(tmp_path / "corrections.jsonl")
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    again = client(data_dir=tmp_path / "other")
    old = again.journal.log.path.with_suffix(".jsonl")  # it is taken over like one of 0.1.0
    old.parent.mkdir(parents=True)
    old.write_bytes(target.read_bytes())
    pd.testing.assert_frame_equal(again.journal.show(), spoki.journal.show())
    pd.testing.assert_frame_equal(again.journal.show(plan.id), spoki.journal.show(plan.id))
    assert again.journal.log.json_lines() == target.read_bytes()
    assert again.journal.resume(plan.id)["outcome"].tolist() == ["applied"] * 3
