"""The index: made from manifests, newest first, failures too, hostile text as text."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

from spoki_analytics.private_files import write_private
from spoki_analytics.reporting.archive import publish, run_folder, slug, staging, write_manifest
from spoki_analytics.reporting.index import rebuild_index
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
    page = rebuild_index(out, NOW).read_text(encoding="utf-8")
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
        rebuild_index(tmp_path, NOW)
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
        assert len(list((tmp_path / "out").iterdir())) == 1
    assert list((tmp_path / "out").iterdir()) == []
