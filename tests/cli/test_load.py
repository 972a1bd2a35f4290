"""``spoki-analytics load`` against the sandbox."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from spoki_analytics import Spoki, files
from spoki_analytics.cli.loadable import LOADABLE
from spoki_analytics.sandbox import Sandbox
from tests.cli.conftest import Run
from tests.conftest import Answer, Script

WRONG = [
    (["contact"], "did you mean contacts?"),
    (["nonsense"], "there are: accounts, "),
    (["contacts", "--filter", "tagg=3"], "contacts has no filter tagg; did you mean tag?"),
    (["contacts", "--filter", "limit=3"], "contacts has no filter limit"),
    (["contacts.lists", "--filter", "which=tags"], "contacts.lists takes no filters"),
    (["contacts", "--filter", "tag=abc"], "--filter tag must be a whole number."),
    (["contacts", "--filter", "tag=007"], "--filter tag must be a whole number."),
    (["contacts", "--filter", "tag=1_000"], "--filter tag must be a whole number."),
    (["contacts", "--filter", "is_blocked=perhaps"], "--filter is_blocked must be true or false."),
    (["contacts", "--filter", "tag=1", "--filter", "tag=2"], "--filter tag is given twice"),
    (["contacts", "--filter", "status=subscribed"], "Did you mean Subscribed?"),
    (["contacts", "--filter", "status"], "is not of the form name=value"),
    (["contacts", "--filter", "=3"], "is not of the form name=value"),
    (["reports", "--filter", "start=2026-13-01"], "--filter start must be a day"),
    (["reports", "--filter", "form=broad"], "--filter form must be one of natural, long"),
    (["contacts", "--columns", "id,fone"], "Did you mean phone?"),
    (["contacts", "--columns", "id", "--columns", "id"], '--columns names "id" twice'),
    (["contacts", "--id", "900001", "--columns", "nam"], "have no column"),
    (["tags", "--out", "tags.xls"], "there are: csv, xlsx, parquet, json"),
    (["tags", "--out", "missing/tags.csv"], "lies in a folder that does not exist"),
    (["tags", "--format", "csv", "--out", "."], "is a folder"),
    (["tags", "--out", "."], "is a folder"),
    (["tags", "--out", ""], "is a folder"),
    (["tags", "--out", "tags"], "there are: csv, xlsx, parquet, json"),
    (["tags", "--format", "csv", "--force", "--out", "/dev/null"], "is no ordinary file"),
]


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_every_resource_loads(run: Run, spoki_sandbox: Sandbox) -> None:
    for name in LOADABLE:
        told = run("load", name, "--limit", "2")
        assert told.code == 0, (name, told.err)
        assert 1 <= len(rows(told.out)) <= 2, name
        assert " as of 20" in told.err


@pytest.mark.parametrize(("words", "complaint"), WRONG, ids=[" ".join(words) for words, _ in WRONG])
def test_wrong_words_ask_nothing(run: Run, spoki_sandbox: Sandbox, words: list[str], complaint: str) -> None:
    told = run("load", *words)
    assert told.code == 2
    assert complaint in told.err
    assert (told.out, spoki_sandbox.requests) == ("", [])


def test_filters_reach_the_loader(run: Run, spoki_sandbox: Sandbox) -> None:
    told = run("load", "contacts", "--filter", "status=Subscribed", "--filter", "is-blocked=no")
    found = rows(told.out)
    assert found
    assert {row["status"] for row in found} == {"Subscribed"}
    assert {row["is_blocked"] for row in found} == {"False"}
    assert len(found) < len(rows(run("load", "contacts").out))


def test_columns_are_chosen(run: Run, spoki_sandbox: Sandbox) -> None:
    assert run("load", "contacts", "--columns", "phone,id", "--limit", "1").out.startswith("phone,id\n")
    assert list(rows(run("load", "tags", "--columns", "name", "--columns", "id").out)[0]) == ["name", "id"]
    one = run("load", "contacts", "--id", "900001", "--columns", "id,phone")
    assert one.out.startswith("id,phone\n900001,+")


def test_a_filter_with_several_values(run: Run, spoki_sandbox: Sandbox) -> None:
    one, other = sorted(spoki_sandbox.api_keys)[:2]
    told = run("load", "current-report", "--filter", f"account_id={one}", "--filter", f"account_id={other}")
    assert [row["account"] for row in rows(told.out)] == [str(one), str(other)]


def test_a_second_load_asks_nobody_unless_told_to(run: Run, spoki_sandbox: Sandbox) -> None:
    run("load", "tags")
    assert "from the cache" in run("load", "tags").err
    assert spoki_sandbox.calls("list_tags") == 1
    assert "1 request." in run("load", "tags", "--refresh").err
    assert spoki_sandbox.calls("list_tags") == 2


def test_json(run: Run, spoki_sandbox: Sandbox) -> None:
    told = json.loads(run("load", "contacts", "--format", "json", "--limit", "5").out)
    assert len(told) == 5
    assert isinstance(told[0]["list_set"], list)
    assert told[0]["created_datetime"].endswith("Z")
    assert told[0]["phone"].startswith("+")


def test_the_file_name_says_the_format_and_parquet_is_the_frame_itself(
    run: Run, spoki_sandbox: Sandbox, tmp_path: Path
) -> None:
    told = run("load", "contacts", "--out", "contacts.parquet")
    assert (told.code, told.out) == (0, "")
    assert "contacts.parquet" in told.err
    with Spoki() as spoki:
        expected = spoki.contacts.load()
    written = pd.read_parquet(tmp_path / "contacts.parquet")
    assert written.dtypes.astype(str).to_dict() == expected.dtypes.astype(str).to_dict()
    assert written.attrs["spoki"]["as_of"] == expected.attrs["spoki"]["as_of"]
    assert written["phone"].tolist() == expected["phone"].tolist()
    assert [list(item) for item in written["list_set"]] == expected["list_set"].tolist()


def test_warnings_and_facts_stay_out_of_the_data(run: Run, spoki_sandbox: Sandbox) -> None:
    spoki_sandbox.fail_next("wrong_types", times=99)
    told = run("load", "contacts")
    assert told.err.startswith("Warning: ")
    assert len(rows(told.out)) == int(told.err.splitlines()[-1].split()[0])


def test_names_cannot_steer_a_terminal(run: Run, spoki_api: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    spoki_api["/api/1/tags/"] = Answer([{"id": 1, "name": "\x1b[2J\u202eVIP"}])
    assert "\x1b[2J\u202eVIP" in run("load", "tags").out
    monkeypatch.setattr("_pytest.capture.CaptureIO.isatty", lambda _: True)
    told = run("load", "tags")
    assert "[2J\ufffdVIP" in told.out
    assert "\x1b" not in told.out
    assert run("load", "tags", "--format", "parquet").code == 2


def test_a_file_that_is_there_is_kept_before_anything_is_loaded(run: Run, spoki_sandbox: Sandbox) -> None:
    Path("tags.csv").write_text("an evening's work")
    told = run("load", "tags", "--out", "tags.csv")
    assert told.code == 2
    assert "tags.csv is there already, and was kept" in told.err
    assert "--force" in told.err
    assert (Path("tags.csv").read_text(), spoki_sandbox.requests) == ("an evening's work", [])
    assert run("load", "tags", "--out", "tags.csv", "--force").code == 0
    assert Path("tags.csv").read_text().startswith("id,")


def test_ctrl_c_says_that_nothing_was_written_and_what_was_kept(
    run: Run, spoki_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: Any, **__: Any) -> None:
        problem = KeyboardInterrupt()
        problem.add_note("7 pages are kept.")
        raise problem

    monkeypatch.setattr("spoki_analytics.cli.load.load_frame", stop)
    told = run("load", "tags", "--out", "tags.csv")
    assert told.code == 130
    assert told.err == "Interrupted; nothing was written.\n7 pages are kept.\n"
    assert not Path("tags.csv").exists()


@pytest.mark.parametrize("form", ["csv", "json", "parquet"])
def test_a_file_is_written_in_parts_and_is_that_of_the_frame(
    run: Run, spoki_sandbox: Sandbox, tmp_path: Path, form: str
) -> None:
    told = run("load", "contacts", "--out", f"contacts.{form}", "--columns", "id,phone,list_set")
    frame = Spoki().contacts.load(columns=["id", "phone", "list_set"])
    files.write(frame, tmp_path / f"whole.{form}")
    one, other = (tmp_path / f"{name}.{form}" for name in ("contacts", "whole"))
    assert told.err.startswith(f"{len(frame)} rows in contacts.{form}: List Contacts as of ")
    if form == "parquet":
        pd.testing.assert_frame_equal(files.read(one), files.read(other))
    else:
        assert one.read_bytes() == other.read_bytes()


def test_a_dash_is_standard_output_and_a_link_stays_a_link(run: Run, spoki_sandbox: Sandbox, tmp_path: Path) -> None:
    assert run("load", "tags", "--out", "-", "--columns", "id").out.startswith("id\n")
    (tmp_path / "folder").mkdir()
    link = tmp_path / "tags.csv"
    link.symlink_to(tmp_path / "folder" / "real.csv")
    assert run("load", "tags", "--out", "tags.csv").code == 0
    assert link.is_symlink()
    kept = run("load", "tags", "--out", "tags.csv")
    assert (kept.code, "is there already" in kept.err) == (2, True)
    link.unlink()
    link.symlink_to(tmp_path / "nowhere" / "real.csv")
    assert run("load", "tags", "--out", "tags.csv").code == 2


def test_a_disk_that_is_full_is_told_with_the_name_of_the_file(
    run: Run, spoki_sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("spoki_analytics.private_files.os.fsync", full)
    told = run("load", "tags", "--out", "tags.csv")
    assert told.code == 1
    assert "Error: tags.csv: No space left on device" in told.err
    assert list(tmp_path.glob(".tags*")) == []


def test_a_csv_for_excel(run: Run, spoki_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_NUMERIC", "LANG"):
        monkeypatch.delenv(name, raising=False)
    assert run("load", "lists", "--excel", "--out", "lists.csv").code == 0
    assert Path("lists.csv").read_bytes().startswith(b"\xef\xbb\xbfid;name;color;")
    assert run("load", "lists", "--excel").out.startswith("\ufeffid;name;color;")
    refused = run("load", "lists", "--excel", "--out", "lists.parquet")
    assert (refused.code, "--excel is for CSV" in refused.err) == (2, True)
