"""``spoki-analytics journal``: what was corrected, what is left, and the way back."""

from __future__ import annotations

import json
import re
import stat
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from spoki_analytics.corrections import journal
from spoki_analytics.sandbox import Sandbox
from tests.cli.conftest import Run
from tests.cli.test_correct import CONTACTS, UPDATE, fingerprint, written

UNATTENDED = re.compile(r"--apply --yes ([0-9a-f]{12})")


@pytest.fixture
def sandbox(spoki_sandbox_factory: Callable[..., Sandbox], monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    """A sandbox whose rates nobody meets, whose lost answers nobody waits for."""
    monkeypatch.setattr(journal, "SETTLE", 0.0)
    return spoki_sandbox_factory(window=1e-9)


def applied(run: Run, *command: str) -> str:
    """Apply a correction; gives the id of its plan."""
    told = run(*command, "--apply", "--yes", fingerprint(run(*command)))
    found = re.search(r"^Plan (\d{8}-\d{6}-\w{6}): ", told.out, re.MULTILINE)
    assert found, told
    return found[1]


@pytest.fixture
def plan(run: Run, sandbox: Sandbox) -> str:
    return applied(run, *UPDATE, "--from-file", written(CONTACTS))


def test_it_shows_plans_and_their_changes(run: Run, sandbox: Sandbox, plan: str) -> None:
    for command in (("journal",), ("journal", "show")):
        told = run(*command)
        assert told.code == 0
        assert re.search(rf"^{plan}  20\d\d-.* [0-9a-f]{{12}}\n +contacts update: 2 applied · ", told.out, re.MULTILINE)
        assert max(map(len, told.out.splitlines())) <= 80
    told = run("journal", "show", plan).out
    assert re.findall(r"(\w+) +contact (\d+)", told) == [("applied", "900001"), ("applied", "900003")]


def test_of_one_plan_it_shows_each_field_before_and_after_and_why(run: Run, sandbox: Sandbox) -> None:
    told = run("load", "contacts", "--id", "900001", "--format", "json").out
    before = json.loads(told)[0]["email"]
    plan = applied(run, *UPDATE, "--id", "900001", "--set", "email=anna@example.com", "--reason", "as she asked")
    told = run("journal", "show", plan).out
    assert f"email: {before} → anna@example.com" in told
    assert "update · as she asked" in told


def test_moments_are_told_in_the_chosen_time_zone(
    run: Run, sandbox: Sandbox, plan: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {}
    for zone in ("Europe/Rome", "Asia/Kolkata"):
        monkeypatch.setenv("SPOKI_TIMEZONE", zone)
        [moment] = re.findall(rf"^{plan}  (\S+ \S+) {zone}", run("journal").out, re.MULTILINE)
        told[zone] = datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(zone))
    assert told["Europe/Rome"] == told["Asia/Kolkata"]


def test_a_plan_that_is_not_there(run: Run, sandbox: Sandbox) -> None:
    for command in ("show", "resume", "resolve", "undo"):
        told = run("journal", command, "20260101-000000-abcdef")
        assert told.code == 1
        assert "The journal has no plan 20260101-000000-abcdef" in told.err
    assert sandbox.requests == []


def test_undo_is_shown_confirmed_and_puts_back_what_was_there(run: Run, sandbox: Sandbox, plan: str) -> None:
    told = run("journal", "undo", plan)
    assert "email: anna@example.com → c0.ar@example.com" in told.out
    assert run("journal", "undo", plan, "--apply").code == 2
    assert len(sandbox.writes()) == 2
    mark = UNATTENDED.search(told.out)
    assert mark
    assert run("journal", "undo", plan, "--apply", "--yes", mark[1]).code == 0
    assert [write.sent["email"] for write in sandbox.writes()[2:]] == ["c2.it@example.com", "c0.ar@example.com"]
    assert '"email":"c0.ar@example.com"' in run("load", "contacts", "--id", "900001", "--format", "json").out


def test_undo_of_a_creation_is_a_deletion_with_its_phrase(run: Run, sandbox: Sandbox) -> None:
    plan = applied(run, "correct", "lists", "create", "--set", "name=Nuova")
    told = run("journal", "undo", plan)
    mark = fingerprint(told)
    assert f'--apply --yes {mark} --confirm "DELETE 1 list"' in told.out
    assert run("journal", "undo", plan, "--apply", "--yes", mark).code == 2
    assert run("journal", "undo", plan, "--apply", "--yes", mark, "--confirm", "DELETE 1 list").code == 0
    assert [write.operation for write in sandbox.writes()] == ["create_contact_list", "delete_list"]


def test_what_cannot_be_undone_is_said(run: Run, sandbox: Sandbox) -> None:
    told = run("journal", "undo", applied(run, "correct", "invitations", "resend", "--id", "8801"))
    assert told.code == 0
    assert "row invitation 8801: An e-mail cannot be taken back." in told.out
    assert "There is nothing to send." in told.out


def test_an_interrupted_plan_is_resumed(run: Run, sandbox: Sandbox) -> None:
    command = (*UPDATE, "--from-file", written(CONTACTS))
    mark = fingerprint(run(*command))
    sandbox.fail_next("die", path="PATCH")
    told = run(*command, "--apply", "--yes", mark)
    assert told.code == 1
    [plan] = re.findall(r"journal resume (\S+) --apply", told.err)
    sandbox.revive()
    told = run("journal", "show", plan).out
    assert re.findall(r"(\w+) +contact (\d+)", told) == [("unknown", "900001"), ("open", "900003")]
    left = run("journal", "resume", plan)
    assert "Nothing was sent. To send it, add --apply" in left.out
    assert run("journal", "resume", plan, "--apply").code == 2
    assert run("journal", "resume", plan, "--apply", "--yes", "0" * 12).code == 2
    assert len(sandbox.writes()) == 1
    done = run("journal", "resume", plan, "--apply", "--yes", mark)
    assert (done.code, len(sandbox.writes())) == (0, 2)
    assert "2 applied, 0 skipped, 0 failed, 0 unknown, 0 open" in done.out
    assert "It has nothing left to send." in run("journal", "resume", plan, "--apply", "--yes", mark).out
    assert len(sandbox.writes()) == 2


def test_resolving_reads_back_and_sends_nothing(run: Run, sandbox: Sandbox) -> None:
    assert run("journal", "resolve").out == "There is nothing in it.\n"
    sandbox.fail_next("lost", path="PATCH")
    plan = applied(run, *UPDATE, "--id", "900001", "--set", "email=anna@example.com")
    told = run("journal", "resolve")
    assert told.code == 0
    assert re.search(rf"{plan} +contact 900001 +applied +read back: it happened", told.out)
    assert len(sandbox.writes()) == 1
    sandbox.fail_next("lost", path="send")
    applied(run, "correct", "invitations", "resend", "--id", "8801")
    assert run("journal", "resolve").code == 1


def test_it_is_exported_to_a_private_file_or_to_standard_output(run: Run, sandbox: Sandbox, plan: str) -> None:
    streamed = run("journal", "export")
    assert (streamed.code, streamed.err) == (0, "")
    assert [json.loads(line)["kind"] for line in streamed.out.splitlines()] == ["plan", *["intent", "outcome"] * 2]
    told = run("journal", "export", "--out", "corrections.jsonl")
    assert (told.code, told.out, told.err) == (0, "", "The journal is in corrections.jsonl.\n")
    file = Path("corrections.jsonl")
    assert file.read_text(encoding="utf-8") == streamed.out
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert run("journal", "export", "--out", "nowhere/corrections.jsonl").code == 2
