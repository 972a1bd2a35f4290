"""The index: made from manifests, newest first, failures too, hostile text as text."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from spoki_analytics.clock import real
from spoki_analytics.private_files import write_private
from spoki_analytics.reporting.archive import publish, read_manifest, run_folder, slug, staging, sweep, write_manifest
from spoki_analytics.reporting.index import rebuild_index, update_index
from spoki_analytics.reporting.job import Outcome
from tests.page.conftest import active_parts, elements

NOW = datetime(2026, 11, 22, 7, 31, tzinfo=UTC)


def keep(
    out: Path, report: str, hours: float, *, ok: bool = True, accounts: tuple[int, ...] = (), **facts: object
) -> Path:
    """Put a run of some hours ago into the archive."""
    started = NOW - timedelta(hours=hours)
    files = {"html": f"{report}.html"} if ok else {"notebook": f"{report}.failed.ipynb"}
    known = {
        "files": files,
        "title": report.title(),
        "subject": "Caffè",
        "seconds": 2.5,
        "parameters": {"accounts": list(accounts)},
    }
    with staging(out) as folder:
        required = {"report": report, "started": started.isoformat(), "ok": ok, "folder": folder}
        outcome = Outcome(**{**required, **known, **facts})  # type: ignore[arg-type]
        write_manifest(folder, outcome)
        return publish(folder, run_folder(out, report, accounts, started))


def rows(out: Path) -> list[str]:
    """The rows of the table of all runs as text."""
    page = update_index(out, NOW).read_text(encoding="utf-8")
    return [elements(row).text for row in page.split("<tbody>")[1].split("<tr>")[1:]]


def test_runs_are_listed_newest_first_with_failures(tmp_path: Path) -> None:
    keep(tmp_path, "usage", 30)
    keep(tmp_path, "usage", 1, ok=False, error="Spoki did not answer.", error_kind="UnavailableError")
    keep(tmp_path, "credit", 2)
    (tmp_path / "2026-11-22" / "no-manifest").mkdir()
    found = rows(tmp_path)
    assert [row[:16] for row in found] == ["2026-11-22 06:31", "2026-11-22 05:31", "2026-11-21 01:31"]
    assert "Failed Spoki did not answer." in found[0]
    assert "Good" in found[1]
    assert len(found) == 3


def test_the_latest_good_run_of_each_report_and_account_has_its_age_in_words(tmp_path: Path) -> None:
    headline = [{"label": "Sent", "value": "12,345"}]
    keep(tmp_path, "usage", 0.5, headline=headline)
    keep(tmp_path, "usage", 40, accounts=(4100,))
    keep(tmp_path, "usage", 1000, accounts=(4200,))
    keep(tmp_path, "usage", 3, accounts=(4200,), ok=False)
    keep(tmp_path, "usage", 5)
    page = rebuild_index(tmp_path, NOW).read_text(encoding="utf-8")
    cards = [elements(card).text for card in page.split("<article")[1:]]
    assert len(cards) == 3
    assert "fresh, under 1 h" in cards[0]
    assert "Sent12,345" in cards[0]
    assert "aging, 40 h" in cards[1]
    assert "old, 41 days A later run failed" in cards[2]
    assert 'class="age old"' in page


def test_invented_runs_bear_a_badge_and_never_take_the_place_of_real_ones(tmp_path: Path) -> None:
    keep(tmp_path, "usage", 5)
    keep(tmp_path, "usage", 1, origin="http://127.0.0.1:8000", demo=True)
    page = update_index(tmp_path, NOW).read_text(encoding="utf-8")
    cards = [elements(card).text for card in page.split('<h2 id="all-runs"')[0].split("<article")[1:]]
    assert ["Demo: http://127.0.0.1:8000" in card for card in cards] == [True, False]
    assert ["Demo" in row for row in rows(tmp_path)] == [True, False]


def test_runs_that_know_no_origin_are_listed(tmp_path: Path) -> None:
    folder = keep(tmp_path, "usage", 5)
    manifest = json.loads((folder / "run.json").read_text())
    del manifest["origin"], manifest["demo"]
    write_private(folder / "run.json", json.dumps(manifest))
    assert "Good" in rows(tmp_path)[0]
    assert read_manifest(folder).ok


def test_manifests_may_be_hostile_or_broken(tmp_path: Path) -> None:
    hostile = '"><script>x</script><img src=x onerror=x>'
    place = keep(tmp_path, "usage", 1, title=hostile, subject=hostile, period=hostile, as_of=hostile)
    keep(tmp_path, "credit", 1, ok=False, error=hostile, files={"notebook": 'a" onmouseover="x'})
    write_private(keep(tmp_path, "old", 2) / "run.json", '{"half": ')
    write_private(keep(tmp_path, "odd", 3) / "run.json", '{"another": "format"}')
    page = rebuild_index(tmp_path, NOW).read_text(encoding="utf-8")
    assert hostile in "".join(elements(page).words)
    assert [part for part in active_parts(page) if not part.startswith("a href=2026-")] == []
    assert page.count("can&#39;t be read") == 2
    assert f"{place.parent.name}/{place.name}/usage.html" in page
    assert "http" not in page.replace("http-equiv", "")


def test_an_empty_archive_has_an_index(tmp_path: Path) -> None:
    assert rows(tmp_path / "new") == []
    assert "No report has succeeded yet." in (tmp_path / "new" / "index.html").read_text(encoding="utf-8")


def test_many_at_once_get_places_of_their_own(tmp_path: Path) -> None:
    def one(number: int) -> str:
        place = keep(tmp_path, "usage", 1, title=str(number))
        update_index(tmp_path, NOW)
        return place.name

    with ThreadPoolExecutor(8) as pool:
        names = list(pool.map(one, range(24)))
    assert sorted(names) == sorted(["usage-all-0631Z", *(f"usage-all-0631Z-{number}" for number in range(2, 25))])
    assert len(rows(tmp_path)) == 24


def test_names_of_folders_come_from_ids(tmp_path: Path) -> None:
    assert run_folder(tmp_path, "../x y", (1, 2), NOW) == tmp_path / "2026-11-22" / "x-y-1-2-0731Z"
    assert run_folder(tmp_path, "usage", list(range(5)), NOW).name == "usage-5-accounts-0731Z"
    assert slug("Città {x}") == "Citt-x"
    assert slug("..") == "report"


def test_what_is_not_published_is_gone(tmp_path: Path) -> None:
    with staging(tmp_path / "out") as folder:
        write_private(folder / "half.html", "<p>")
        assert {path.name[:5] for path in (tmp_path / "out").iterdir()} == {".run-"}
    assert list((tmp_path / "out").iterdir()) == []


OLD_MANIFEST = """{"report": "usage", "title": "Usage", "subject": "Caffè (4100)",
 "started": "2026-11-20T06:31:00+00:00", "seconds": 2.861, "ok": true, "error": "", "error_kind": "",
 "period": "20 Oct 2026 – 18 Nov 2026",
 "as_of": "20 Nov 2026, 07:31", "parameters": {"start": "2026-10-20", "end": "2026-11-18"},
 "headline": [{"label": "Messages sent", "value": "12,345"}], "files": {"html": "usage.html"}, "version": "0.1.0"}"""


def settle(out: Path) -> None:
    """Let the folders of days be of yesterday, so that only a change makes them worth a look."""
    for day in out.glob("????-??-??"):
        os.utime(day, (1e9, 1e9))


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The runs whose manifests were read."""
    names: list[str] = []

    def remember(folder: Path) -> Outcome:
        names.append(folder.name)
        return read_manifest(folder)

    monkeypatch.setattr("spoki_analytics.reporting.known_runs.read_manifest", remember)
    return names


def test_a_manifest_is_read_once(tmp_path: Path, read: list[str]) -> None:
    for hours in range(1, 60):
        keep(tmp_path, "usage", hours)
    settle(tmp_path)
    assert len(rows(tmp_path)) == len(read) == 59
    read.clear()
    place = keep(tmp_path, "credit", 30)
    assert len(rows(tmp_path)) == 60
    assert read == [place.name]
    rebuild_index(tmp_path, NOW)
    assert len(read) == 61


def test_what_was_deleted_or_changed_by_hand_is_noticed(tmp_path: Path) -> None:
    places = [keep(tmp_path, "usage", hours, title=f"Run {hours}") for hours in (1, 2, 30, 31, 60)]
    settle(tmp_path)
    assert len(rows(tmp_path)) == 5
    shutil.rmtree(places[0])
    shutil.rmtree(places[4].parent)
    changed = replace(read_manifest(places[2]), title="Another title")
    write_manifest(places[2], changed)
    keep(tmp_path, "usage", 29)
    found = rows(tmp_path)
    assert len(found) == 4
    assert "Another title" in found[2]


def test_a_run_that_came_in_the_same_tick_is_not_missed(tmp_path: Path) -> None:
    day = keep(tmp_path, "usage", 1).parent
    assert len(rows(tmp_path)) == 1
    before = day.stat().st_mtime_ns
    keep(tmp_path, "usage", 2)
    os.utime(day, ns=(before, before))
    assert len(rows(tmp_path)) == 2


def test_a_folder_that_is_still_being_copied_is_looked_at_again(tmp_path: Path) -> None:
    whole = keep(tmp_path, "usage", 1)
    part = whole.with_name("copied")
    part.mkdir()
    settle(tmp_path)
    assert len(rows(tmp_path)) == 1
    shutil.copy(whole / "run.json", part)
    assert len(rows(tmp_path)) == 2


def test_runs_of_the_first_version_are_listed_with_the_new_ones(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<p>of 0.1.0", encoding="utf-8")
    folder = tmp_path / "2026-11-20" / "usage-all-0631Z"
    folder.mkdir(parents=True)
    (folder / "run.json").write_text(OLD_MANIFEST, encoding="utf-8")
    keep(tmp_path, "usage", 1)
    found = rows(tmp_path)
    assert [row[:10] for row in found] == ["2026-11-22", "2026-11-20"]
    assert "20 Oct 2026 – 18 Nov 2026 Good 2.9 Page" in found[1]


@pytest.mark.parametrize("damage", ["garbage", "cut", "other tables", "a folder"])
def test_damaged_knowledge_is_made_anew(tmp_path: Path, damage: str) -> None:
    for hours in range(1, 30):
        keep(tmp_path, "usage", hours)
    state = tmp_path / ".index.sqlite"
    assert len(rows(tmp_path)) == 29
    if damage == "garbage":
        state.write_bytes(b"no database" * 999)
    elif damage == "cut":
        state.write_bytes(state.read_bytes()[:5000])
    elif damage == "other tables":
        state.unlink()
        with closing(sqlite3.connect(state)) as connection:
            connection.execute("CREATE TABLE runs (something TEXT)")
    else:  # what can't be replaced either is done without
        state.unlink()
        state.mkdir()
    assert len(rows(tmp_path)) == 29
    assert len(rows(tmp_path)) == 29


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL of POSIX")
def test_a_process_that_was_killed_leaves_nothing_wrong(tmp_path: Path) -> None:
    for hours in range(1, 30):
        keep(tmp_path, "usage", hours)
    code = """
import os, sys
from pathlib import Path
from spoki_analytics.reporting import index
made = []
def make(outcome, row=index._row):
    made.append(outcome)
    return row(outcome) if len(made) < 20 else os.kill(os.getpid(), 9)
index._row = make
index.update_index(Path(sys.argv[1]))
"""
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    assert done.returncode == -9
    assert (tmp_path / ".index.sqlite").exists()
    assert len(rows(tmp_path)) == 29


def test_processes_that_write_to_one_folder_list_the_runs_of_all(tmp_path: Path) -> None:
    code = """
import sys
from pathlib import Path
from spoki_analytics.reporting.index import update_index
from tests.reporting.test_index import NOW, keep
for number in range(15):
    keep(Path(sys.argv[1]), sys.argv[2], 1)
    update_index(Path(sys.argv[1]), NOW)
"""
    root = Path(__file__).resolve().parents[2]
    started = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path), name], cwd=root) for name in ("usage", "credit")
    ]
    assert [process.wait(60) for process in started] == [0, 0]
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert page.count("<tr>") == 31
    assert len(rows(tmp_path)) == 30


def test_the_page_is_the_same_from_what_is_known_and_from_the_manifests(tmp_path: Path) -> None:
    for hours in range(1, 60, 3):
        keep(tmp_path, "usage", hours, ok=hours % 2 == 0, accounts=(hours % 4,))
        update_index(tmp_path, NOW)
    known = (tmp_path / "index.html").read_bytes()
    assert rebuild_index(tmp_path, NOW).read_bytes() == known


def test_what_a_killed_run_left_is_swept_and_what_goes_on_stays(tmp_path: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from spoki_analytics.reporting.archive import staging\n"
        "with staging(Path(sys.argv[1])) as folder:\n    (folder / 'half').touch(); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    assert len(list(tmp_path.glob(".run-*/run/half"))) == 1
    (tmp_path / "of-the-user").mkdir()
    with staging(tmp_path) as running:
        assert [folder.parent for folder in tmp_path.glob(".run-*/run")] == [running.parent]
        with staging(tmp_path) as beside:
            assert running.is_dir()
            assert beside != running
    assert [path.name for path in tmp_path.iterdir()] == ["of-the-user"]


def test_a_folder_of_a_version_without_locks_is_swept_when_a_day_has_passed(tmp_path: Path) -> None:
    for name, age in ((".run-young", 60), (".run-old", 2 * 24 * 3600)):
        (tmp_path / name).mkdir()
        moment = real().timestamp() - age
        os.utime(tmp_path / name, (moment, moment))
    sweep(tmp_path)
    assert [path.name for path in tmp_path.glob(".run-*") if path.is_dir()] == [".run-young"]
