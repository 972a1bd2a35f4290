"""``spoki-analytics report``; what a report holds is tested in tests/reporting."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from spoki_analytics.sandbox import Sandbox
from spoki_analytics.settings import load_settings
from tests.cli.conftest import Run
from tests.conftest import KEY


def notebook(path: Path, *cells: str, parameters: str = "share: float = 0.5  # A share") -> str:
    first = new_code_cell(parameters, metadata={"tags": ["parameters"]})
    nbformat.write(new_notebook(cells=[first, *map(new_code_cell, cells)]), path)
    return str(path)


def test_demo_needs_nothing_and_leaves_nothing_but_its_pages(
    run: Run, nobody: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SPOKI_API_KEY", KEY)
    told = run("report", "credit", "--demo", "--out", "pages")
    assert told.code == 0, told.err
    places = dict(line.split(maxsplit=1) for line in told.out.splitlines())
    assert set(places) == {"credit", "index"}
    assert all(Path(place).is_file() and Path(place).is_relative_to(tmp_path / "pages") for place in places.values())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["pages"]


def test_invented_data_has_a_folder_and_an_index_of_its_own(run: Run, spoki_sandbox: Sandbox, tmp_path: Path) -> None:
    told = run("report", notebook(tmp_path / "good.ipynb", "share"))
    assert told.code == 0, told.err
    index = tmp_path / "reports" / "demo" / "index.html"
    assert str(index) in told.out
    page = next((tmp_path / "reports" / "demo").glob("*/*/good.html"))
    notice = f"Invented data: from the sandbox at {spoki_sandbox.base_url}, not from Spoki."
    assert notice in page.read_text()
    assert spoki_sandbox.base_url in index.read_text()
    assert [path.name for path in (tmp_path / "reports").iterdir()] == ["demo"]


def test_one_that_fails_does_not_stop_the_others(run: Run, spoki_sandbox: Sandbox, tmp_path: Path) -> None:
    bad, good = notebook(tmp_path / "bad.ipynb", "1 / 0"), notebook(tmp_path / "good.ipynb", "share")
    told = run("report", bad, good, "-p", "share=0.25")
    assert told.code == 1
    assert "the report" in told.err
    assert "ZeroDivisionError" in told.err
    assert "bad.failed.ipynb" in told.err
    assert "Traceback" not in told.err
    page = Path(next(line.split(maxsplit=1)[1] for line in told.out.splitlines() if line.startswith("good ")))
    assert json.loads((page.parent / "run.json").read_text())["parameters"] == {"share": 0.25}


@pytest.mark.parametrize(("error", "code"), [("AuthenticationError", 3), ("UnavailableError", 4)])
def test_the_exit_code_says_why_all_failed(
    run: Run, spoki_sandbox: Sandbox, tmp_path: Path, error: str, code: int
) -> None:
    failing = notebook(tmp_path / "a.ipynb", f"from spoki_analytics import {error}\nraise {error}('no')")
    assert run("report", failing).code == code


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["nosuch"], "nosuch"),
        (["missing.ipynb"], "missing.ipynb"),
        (["usage", "--from", "2026-10-31", "--to", "2026-10-01"], "2026-10-31"),
        (["usage", "--from", "yesterday"], "--from: 'yesterday' is not a date"),
        (["usage", "--granularity", "Hour"], "--granularity: 'Hour' is not one of"),
        (["credit", "--granularity", "Day"], "there is no parameter granularity"),
        (["usage", "-p", "granularty=Day"], "did you mean granularity?"),
        (["usage", "-p", "granularity"], "not of the form name=value"),
        (["usage", "-p", "api_key=x"], "api_key"),
        (["usage", "--account", "-3"], "--account: ids are positive"),
        (["usage", "--out", "taken"], "is a file"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_words_run_nothing(
    run: Run, spoki_sandbox: Sandbox, tmp_path: Path, words: list[str], complaint: str
) -> None:
    (tmp_path / "taken").write_text("")
    told = run("report", *words)
    assert told.code == 2
    assert complaint in told.err
    assert (told.out, spoki_sandbox.requests) == ("", [])
    assert not (tmp_path / "reports").exists()


@pytest.mark.parametrize("words", [["campaigns"], ["usage", "credit", "campaigns"]])
def test_accounts_are_refused_for_all_where_one_report_cannot_honour_them(
    run: Run, spoki_sandbox: Sandbox, tmp_path: Path, words: list[str]
) -> None:
    told = run("report", *words, "--account", "4102")
    assert told.code == 2
    assert "campaigns: --account 4102 can't be honoured" in told.err
    assert "Set SPOKI_ACCOUNT" in told.err
    assert (told.out, [each.operation for each in spoki_sandbox.requests]) == ("", ["list_accounts"])
    assert not (tmp_path / "reports").exists()


def test_a_stated_account_may_be_asked_for_and_no_other(
    run: Run, spoki_sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = notebook(
        tmp_path / "own.ipynb", "share", parameters="accounts: list = []  # Ids\nshare: float = 0.5  # A share"
    )
    made = nbformat.read(own, as_version=4)
    made.metadata["spoki"] = {"rows": "key"}
    nbformat.write(made, own)
    monkeypatch.setenv("SPOKI_ACCOUNT", "4101")
    assert run("report", own, "--account", "4101").code == 0
    told = run("report", own, "--account", "4100")
    assert told.code == 2
    assert "the key belongs to account 4101" in told.err
    monkeypatch.setenv("SPOKI_ACCOUNT", "9999")
    told = run("report", own, "--account", "9999")
    assert told.code == 2
    assert "does not see account 9999" in told.err


def test_campaigns_of_a_key_of_several_accounts_bear_no_name(run: Run, spoki_sandbox: Sandbox, tmp_path: Path) -> None:
    told = run("report", "campaigns", "--out", "pages")
    assert told.code == 0, told.err
    folder = next((tmp_path / "pages").glob("*/campaigns-*"))
    subject = json.loads((folder / "run.json").read_text())["subject"]
    assert subject == f"Account of the key …{load_settings().fingerprint[-4:]}"
    page = (folder / "campaigns.html").read_text()
    assert subject in page
    assert spoki_sandbox.calls("list_accounts") == 1
    names = [account.name for account in spoki_sandbox.world.all_accounts()]
    assert len(names) == 4
    assert not any(name in page for name in names)


def test_options_go_to_the_reports_that_take_them(
    run: Run, spoki_sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def remember(requests: list[object], *_: object, **__: object) -> list[object]:
        asked.extend((request.name, dict(request.parameters)) for request in requests)  # type: ignore[attr-defined]
        return []

    monkeypatch.setattr("spoki_analytics.reporting.render.render_many", remember)
    account = min(spoki_sandbox.api_keys)
    words = ["--account", str(account), "--from", "2026-10-01", "--granularity", "Month", "--refresh"]
    assert run("report", "usage", "credit", *words).code == 0
    shared = {"accounts": [account], "start": "2026-10-01", "refresh": True}
    assert asked == [("usage", {**shared, "granularity": "Month"}), ("credit", shared)]


def test_without_a_key_nothing_starts(run: Run, tmp_path: Path) -> None:
    assert run("report", "usage").code == 3
    assert not (tmp_path / "reports").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGTERM that a process could handle")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_whoever_ends_a_report_finds_it_in_the_index_and_nothing_half_made(
    spoki_sandbox: Sandbox, tmp_path: Path, number: signal.Signals, code: int
) -> None:
    begun = tmp_path / "begun"
    long = notebook(tmp_path / "long.ipynb", f"open({str(begun)!r}, 'w').close()", "import time; time.sleep(300)")
    starting = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"  # a shell may have ignored it
    code_of_shell = f"{starting}; from spoki_analytics.cli.main import main; main()"
    command = [sys.executable, "-c", code_of_shell, "report", long, "--out", str(tmp_path / "pages")]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        while not begun.exists():
            assert process.poll() is None
            time.sleep(0.02)
        process.send_signal(number)
        _, told = process.communicate(timeout=60)
    assert (process.returncode, "Interrupted." in told, "Traceback" in told) == (code, True, False)
    [run_json] = (tmp_path / "pages").glob("*/*/run.json")
    manifest = json.loads(run_json.read_text())
    assert (manifest["ok"], manifest["error_kind"]) == (False, "KeyboardInterrupt")
    assert run_json.parent.name in (tmp_path / "pages" / "index.html").read_text()
    assert not list((tmp_path / "pages").glob(".run-*"))


@pytest.mark.parametrize("place", ["", "file", "file/below", "/proc/nowhere"])
def test_a_folder_that_cannot_be_written_to_is_refused_before_anything_runs(
    run: Run, spoki_sandbox: Sandbox, tmp_path: Path, place: str
) -> None:
    (tmp_path / "file").touch()
    told = run("report", notebook(tmp_path / "good.ipynb", "share"), "--out", place)
    assert told.code == 2
    assert "--out" in told.err
    assert spoki_sandbox.requests == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "good.ipynb"]


def test_an_option_that_one_report_does_not_take_is_said(run: Run, spoki_sandbox: Sandbox, tmp_path: Path) -> None:
    taking = notebook(tmp_path / "taking.ipynb", "share")
    other = notebook(tmp_path / "other.ipynb", "1", parameters="days: int = 3  # Days")
    told = run("report", taking, other, "-p", "share=0.25", "--out", "pages")
    assert told.code == 0
    assert re.search(r"^.*other.ipynb takes no .*share", told.err, re.MULTILINE)


def test_a_log_tells_what_each_report_is_at(
    run: Run, spoki_sandbox_factory: Callable[..., Sandbox], tmp_path: Path
) -> None:
    spoki_sandbox_factory(window=2.0)
    loading = "from spoki_analytics import Spoki\nspoki = Spoki()\nfor _ in range(7): spoki.lists.load(refresh=True)"
    told = run("report", notebook(tmp_path / "slow.ipynb", loading), "--out", "pages")
    assert told.code == 0, told.err
    steps = [line.removeprefix("slow: ") for line in told.err.splitlines() if line.startswith("slow: ")]
    assert steps[0] == "begins"
    assert "List Lists" in steps
    assert any(re.fullmatch(r"List Lists: waiting \d+ s for the rate limit", step) for step in steps)
    assert re.fullmatch(r"is done after \d+ s", steps[-1])
