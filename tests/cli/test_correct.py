"""``spoki-analytics correct``: what is shown, what is asked, what is sent."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from spoki_analytics.sandbox import Sandbox
from tests.cli.conftest import Ended, Run

CONTACTS = "id,email\n900001,anna@example.com\n900003,bruno@example.com\n"
UPDATE = ("correct", "contacts", "update")
BLOCK = ("correct", "contacts", "block", "--id", "900010")
DELETE = ("correct", "contacts", "delete", "--id", "900004", "--id", "900005")
NEW_KEY = ("correct", "roles", "generate-private-key", "--id", "7703")


@pytest.fixture
def sandbox(spoki_sandbox_factory: Callable[..., Sandbox]) -> Sandbox:
    """A sandbox whose rates nobody meets."""
    return spoki_sandbox_factory(window=1e-9)


def written(text: str, name: str = "rows.csv", encoding: str = "utf-8") -> str:
    Path(name).write_bytes(text.encode(encoding))
    return name


def fingerprint(told: Ended) -> str:
    found = re.match(r"Plan ([0-9a-f]{12}): ", told.out)
    assert found, told
    return found[1]


def sent(sandbox: Sandbox) -> list[tuple[str, Any]]:
    return [(write.path.removeprefix("/api/1"), write.sent) for write in sandbox.writes()]


def test_a_preview_sends_nothing(run: Run, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPOKI_WRITES", "1")
    told = run(*UPDATE, "--from-file", written(CONTACTS), "--reason", "CRM")
    assert told.code == 0
    assert "2 to send in 2 requests, 0 already so, 0 refused. Nothing was sent yet." in told.out
    assert "contact 900001 · update · CRM\n    email: c0.ar@example.com → anna@example.com" in told.out
    assert f"unattended: --apply --yes {fingerprint(told)}\n" in told.out
    assert sandbox.writes() == []
    assert "There is nothing in it" in run("journal").out


def test_twenty_contacts_of_a_file_are_corrected(run: Run, sandbox: Sandbox) -> None:
    lines = [f"{900001 + place};nuova{place}@example.com" for place in range(20)]
    name = written("id;email\r\n" + "\r\n".join(lines) + "\r\n", encoding="utf-8-sig")
    told = run(*UPDATE, "--from-file", name)
    done = run(*UPDATE, "--from-file", name, "--apply", "--yes", fingerprint(told))
    assert done.code == 0, done.err
    assert done.out.count("\napplied  contact 9000") == 20
    assert "20 applied, 0 skipped, 0 failed, 0 unknown, 0 open." in done.out
    assert len(sandbox.writes("update_contact")) == 20
    again = run(*UPDATE, "--from-file", name, "--apply", "--yes", fingerprint(told))
    assert (again.code, len(sandbox.writes())) == (0, 20)
    assert "There is nothing to send." in again.out


def test_the_fingerprint_is_typed_at_a_terminal(run: Run, sandbox: Sandbox) -> None:
    start = fingerprint(run(*BLOCK))[:4]
    assert run(*BLOCK, "--apply", typed=None, answer="yes\n").code == 2
    assert run(*BLOCK, "--apply", typed=None, answer="").code == 2
    assert sandbox.writes() == []
    told = run(*BLOCK, "--apply", typed=None, answer=f"{start}\n")
    assert (told.code, len(sandbox.writes())) == (0, 1)
    assert f"To send it, type {start}" in told.err


def test_nobody_confirms_through_a_pipe(run: Run, sandbox: Sandbox) -> None:
    start = fingerprint(run(*BLOCK))[:4]
    told = run(*BLOCK, "--apply", typed=f"{start}\n")
    assert (told.code, sandbox.writes()) == (2, [])
    assert "Nobody is here to confirm. Nothing was sent." in told.err


def test_what_is_destroyed_is_confirmed_by_its_phrase(run: Run, sandbox: Sandbox) -> None:
    told = run(*DELETE)
    mark = fingerprint(told)
    assert f'--apply --yes {mark} --confirm "DELETE 2 contacts"' in told.out
    assert "2 of them cannot be undone, or not wholly." in told.out
    assert "plan.apply" not in told.out
    assert run(*DELETE, "--apply", typed=None, answer=f"{mark[:4]}\n").code == 2
    for confirmation in ([], ["--confirm", "DELETE 3 contacts"]):
        refused = run(*DELETE, "--apply", "--yes", mark, *confirmation)
        assert refused.code == 2
        assert 'it also needs --confirm "DELETE 2 contacts". Nothing was sent.' in refused.err
    assert sandbox.writes() == []
    assert run(*DELETE, "--apply", typed=None, answer="DELETE 2 contacts\n").code == 0
    assert len(sandbox.writes("delete_contact")) == 2


def test_the_agreement_is_to_one_plan(run: Run, sandbox: Sandbox) -> None:
    mark = fingerprint(run(*UPDATE, "--id", "900001", "--set", "email=anna@example.com"))
    told = run(*UPDATE, "--id", "900001", "--set", "email=anne@example.com", "--apply", "--yes", mark)
    assert (told.code, sandbox.writes()) == (2, [])
    assert f"not {mark}: read the preview above. Nothing was sent." in told.err


def test_the_agreement_is_to_what_was_shown_as_before(run: Run, sandbox: Sandbox) -> None:
    command = (*UPDATE, "--id", "900001", "--set", "email=anna@example.com")
    mark = fingerprint(run(*command))
    somebody = (*UPDATE, "--id", "900001", "--set", "email=else@example.com")
    assert run(*somebody, "--apply", "--yes", fingerprint(run(*somebody))).code == 0
    told = run(*command, "--apply", "--yes", mark)
    assert (told.code, len(sandbox.writes())) == (2, 1)
    assert "email: else@example.com → anna@example.com" in told.out
    assert f"What is there has changed since the preview of {mark}: read the new one above" in told.err
    assert fingerprint(told) != mark
    assert run(*command, "--apply", "--yes", fingerprint(told)).code == 0


def test_all_problems_are_shown_together_and_nothing_is_sent(run: Run, sandbox: Sandbox) -> None:
    rows = "id,phone,email,field.CITTA\n900001,3.93331E+11,anna,Roma\n\n900003,+393330000777,b@example.com,\n"
    told = run(*UPDATE, "--from-file", written(rows), "--apply", "--yes", "0" * 12)
    assert told.code == 2
    assert 'row 2, phone: "3.93331E+11" is a number that a spreadsheet shortened' in told.out
    assert 'row 2, email: "anna" is not an e-mail address.' in told.out
    assert "row 4, field.CITTA: is an empty cell" in told.out
    assert "--missing keep leaves such values as they are, --missing clear empties them." in told.err
    assert sandbox.writes() == []


def test_unknown_columns_are_refused_by_name(run: Run, sandbox: Sandbox) -> None:
    told = run(*UPDATE, "--from-file", written("id,emial,field.CITA\n900001,a@example.com,Roma\n"))
    assert told.code == 2
    assert "frame, emial: cannot be written. Did you mean email?" in told.out
    assert "frame, field.CITA: There is no custom field CITA in this account. Did you mean CITTA?" in told.out


@pytest.mark.parametrize(("missing", "body"), [("keep", {}), ("clear", {"email": ""})])
def test_empty_cells_mean_what_they_are_told_to(run: Run, sandbox: Sandbox, missing: str, body: dict[str, str]) -> None:
    command = (*UPDATE, "--from-file", written("id,first_name,email\n900003,Bruna,\n"), "--missing", missing)
    run(*command, "--apply", "--yes", fingerprint(run(*command)))
    [(path, found)] = sent(sandbox)
    assert path == "/contacts/900003/"
    assert found == {"phone": found["phone"], "first_name": "Bruna", **body}


def test_values_reach_every_row_in_their_own_types(run: Run, sandbox: Sandbox) -> None:
    command = (
        "correct",
        "campaigns",
        "update",
        "--from-file",
        written("id,name\n640,Saldi A\n"),
        "--set",
        "lists=41002;41003",
    )
    assert run(*command, "--apply", "--yes", fingerprint(run(*command))).code == 0
    assert sent(sandbox) == [("/campaigns/640/", {"name": "Saldi A", "lists": [41002, 41003]})]


def test_custom_values_of_single_records(run: Run, sandbox: Sandbox) -> None:
    command = (*UPDATE, "--id", "900003", "--set", "field.CITTA=Forlì", "--set", "field.NOTE_LIBERE==1+1")
    assert run(*command, "--apply", "--yes", fingerprint(run(*command))).code == 0
    assert sent(sandbox)[0][1]["custom_fields"] == {"CITTA": "Forlì", "NOTE_LIBERE": "=1+1"}


def test_a_switch_of_a_method_is_no_text(run: Run, sandbox: Sandbox) -> None:
    command = ("correct", "templates", "delete", "--id", "454508", "--set")
    assert "--set force must be true or false." in run(*command, "force=perhaps").err
    marks = {force: fingerprint(run(*command, f"force={force}")) for force in ("true", "false")}
    assert len(set(marks.values())) == 2


def test_what_load_wrote_comes_back_as_it_was(run: Run, sandbox: Sandbox) -> None:
    hostile = {900003: "=SUM(1)", 900006: "@cmd;+1\n=2", 900007: "\u202e<b>x</b>\t-"}
    for number, name in hostile.items():
        command = (*UPDATE, "--id", str(number), "--set", f"first_name={name}", "--keep-text")
        told = run(*command, "--apply", "--yes", fingerprint(run(*command)))
        assert told.code == 0
        assert "\u202e" not in told.out
    assert [body["first_name"] for _, body in sent(sandbox)] == list(hostile.values())
    run("load", "contacts", "--refresh", "--force", "--out", "contacts.csv")
    frame = pd.read_csv("contacts.csv", dtype=str)
    assert frame.loc[frame["id"] == "900003", "first_name"].tolist() == ["'=SUM(1)"]
    frame[frame["id"].isin(map(str, hostile))][["id", "first_name"]].to_csv("back.csv", index=False)
    assert "0 to send in 0 requests, 3 already so" in run(*UPDATE, "--from-file", "back.csv").out


def test_credentials_are_shown_on_request_only(run: Run, sandbox: Sandbox, tmp_path: Path) -> None:
    told = run(*NEW_KEY)
    assert "add --reveal to see it, once" in told.out
    agreed = ("--apply", "--yes", fingerprint(told), "--confirm", "GENERATE KEY FOR 1 role")
    quiet = run(*NEW_KEY, *agreed)
    assert quiet.code == 0
    assert "sbx_private" not in quiet.out + quiet.err
    shown = run(*NEW_KEY, *agreed, "--again", "--reveal")
    assert re.search(r'role 7703: \{"value": "sbx_private_\w+"\}', shown.out)
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"sbx_private" not in kept


def test_the_same_correction_is_not_sent_again(run: Run, sandbox: Sandbox) -> None:
    command = ("correct", "invitations", "resend", "--id", "8801")
    agreed = ("--apply", "--yes", fingerprint(run(*command)))
    assert run(*command, *agreed).code == 0
    told = run(*command, *agreed)
    assert (told.code, len(sandbox.writes())) == (2, 1)
    assert "This correction was applied at 20" in told.err
    assert run(*command, *agreed, "--again").code == 0
    assert len(sandbox.writes()) == 2


def test_what_failed_or_is_unknown_shows_in_the_exit_code(run: Run, sandbox: Sandbox) -> None:
    used = ("correct", "custom-fields", "delete", "--id", "332001")
    agreed = ("--apply", "--yes", fingerprint(run(*used)), "--confirm", "DELETE 1 custom field")
    told = run(*used, *agreed)
    assert told.code == 1
    assert re.search(r"^failed   custom field 332001  .*used in automations", told.out, re.MULTILINE)
    mark = fingerprint(run(*BLOCK))
    sandbox.fail_next("lost", path="PATCH")
    told = run(*BLOCK, "--apply", "--yes", mark)
    assert told.code == 1
    assert "unknown  contact 900010" in told.out
    assert "spoki-analytics journal resume 20" in told.err


def test_a_report_run_cannot_write(run: Run, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPOKI_REPORT_RUN", "1")
    told = run(*BLOCK, "--apply", "--yes", fingerprint(run(*BLOCK)))
    assert (told.code, sandbox.writes()) == (2, [])


def test_long_plans_are_cut_unless_told_otherwise(run: Run, sandbox: Sandbox) -> None:
    rows = "id,email\n" + "".join(f"{900001 + place},x{place}@example.com\n" for place in range(60))
    command = (*UPDATE, "--from-file", written(rows))
    assert "… and 10 more" in run(*command).out
    told = run(*command, "--all", "--apply", "--yes", fingerprint(run(*command)))
    assert "x59@example.com" in told.out
    assert told.out.count("\napplied  contact") == 60


WRONG = [
    (["contact", "update"], "There is no family contact; did you mean contacts?"),
    (["contacts", "updat"], "contacts has no operation updat; did you mean update?"),
    (["contacts", "update"], "correct contacts update --id ID --set NAME=VALUE Or --from-file FILE, with a column id."),
    (["contacts", "update", "--id", "900001"], "Give at least one value"),
    (["contacts", "update", "--id", "900001", "--set", "emial=a@b.it"], "does not take emial; did you mean email?"),
    (["contacts", "update", "--id", "900001", "--set", "email"], "is not of the form name=value"),
    (["contacts", "update", "--id", "1", "--set", "email=a", "--set", "email=b"], "--set email is given twice."),
    (["contacts", "update", "--id", "1", "--from-file", "rows.csv"], "have their ids in a column id"),
    (["contacts", "delete", "--from-file", "rows.csv"], "The rows hold nothing but a column id."),
    (["contacts", "delete", "--from-file", "none.csv"], "There is no file none.csv."),
    (["contacts", "delete", "--from-file", "rows.txt"], "there is no format txt"),
    (["contacts", "sync"], "correct contacts sync --from-file rows.csv"),
    (["contacts", "assign-operator", "--id", "900001"], "--set email=EMAIL"),
    (["contacts", "sync", "--from-file", "rows.csv", "--missing", "drop"], "--missing must not be drop"),
    (["lists", "clear", "--id", "41001", "--id", "41002"], "correct lists clear --id ID"),
    (["lists", "remove-contacts", "--id", "41001", "--from-file", "rows.csv"], "one column: id, phone or email"),
    (["lists", "create"], "correct lists create --set name=NAME"),
    (["lists", "create", "--set", "name=A", "--from-file", "rows.csv"], "correct lists create --set name=NAME"),
    (["templates", "update", "--id", "454501", "--set", "templatelocalization_set=it"], "must be JSON"),
    (["media", "update", "--from-file", "rows.csv", "--missing", "keep"], "does not take missing"),
]


@pytest.mark.parametrize(("given", "complaint"), WRONG, ids=[" ".join(given) for given, _ in WRONG])
def test_wrong_words_send_nothing(run: Run, sandbox: Sandbox, given: list[str], complaint: str) -> None:
    written(CONTACTS)
    told = run("correct", *given)
    assert (told.code, told.out, sandbox.requests) == (2, "", [])
    assert complaint in told.err


def test_members_of_a_file(run: Run, sandbox: Sandbox) -> None:
    command = ("correct", "lists", "remove-contacts", "--id", "41008", "--from-file", written("id\n900388\n900377\n"))
    assert run(*command, "--apply", "--yes", fingerprint(run(*command))).code == 0
    assert sent(sandbox) == [("/lists/41008/remove_contacts/", {"ids": [900388, 900377]})]


def test_ids_of_a_file(run: Run, sandbox: Sandbox) -> None:
    told = run("correct", "contacts", "delete", "--from-file", written("id\n900388\n900377.0\n"))
    assert told.code == 2
    assert 'row 3, id: "900377.0" is not a whole number.' in told.out


def test_ctrl_c_says_how_to_go_on(run: Run, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    mark = fingerprint(run(*BLOCK))

    def interrupt(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("spoki_analytics.corrections.run.Run.send", interrupt)
    told = run(*BLOCK, "--apply", "--yes", mark)
    [plan] = re.findall(r"journal resume (\S+) --apply", told.err)
    assert (told.code, sandbox.writes()) == (130, [])
    assert "open     contact 900010" in run("journal", "show", plan).out


def test_what_a_sheet_hides_is_said_and_not_sent_unseen(run: Run, sandbox: Sandbox) -> None:
    book = openpyxl.Workbook()
    for line in (["id", "first_name"], [900003, "Bruna"], [900004, "Nascosta"]):
        book.worksheets[0].append(line)
    book.worksheets[0].row_dimensions[3].hidden = True
    book.save("rows.xlsx")
    command = (*UPDATE, "--from-file", "rows.xlsx")
    seen = run(*command)
    assert "hides 1 row (3)" in seen.err
    mark = fingerprint(seen)
    told = run(*command, "--apply", "--yes", mark)
    assert (told.code, sandbox.writes()) == (2, [])
    assert "--hidden-rows" in told.err
    assert run(*command, "--apply", "--yes", mark, "--hidden-rows").code == 0
    assert len(sent(sandbox)) == 2


@pytest.mark.parametrize(
    ("words", "columns"),
    [
        (("contacts", "update"), {"id", "phone", "email", "first_name"}),
        (("contacts", "sync"), {"phone", "email", "first_name"}),
        (("contacts", "delete"), {"id"}),
        (("tickets", "create"), {"contact_phone", "title", "status"}),
        (("lists", "remove-contacts"), {"phone"}),
    ],
)
def test_a_template_has_the_columns_that_a_file_may_have(
    run: Run, nobody: str, words: tuple[str, str], columns: set[str]
) -> None:
    told = run("correct", *words, "--template")
    assert told.code == 0
    assert columns <= set(told.out.strip().split(","))


def test_a_filled_template_is_taken(run: Run, sandbox: Sandbox) -> None:
    head = run("correct", "contacts", "update", "--template").out.strip().split(",")
    cells = {"id": "900001", "email": "anna@example.com"}
    Path("rows.csv").write_text(f"{','.join(head)}\n{','.join(cells.get(name, '') for name in head)}\n")
    told = run(*UPDATE, "--from-file", "rows.csv", "--missing", "keep")
    assert told.code == 0, told.err
    assert "→ anna@example.com" in told.out


def test_what_takes_no_file_has_no_template(run: Run, nobody: str) -> None:
    assert run("correct", "custom-fields", "create", "--template").code == 2
