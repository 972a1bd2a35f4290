"""Whole runs with real kernels: what is good is published, what is not never is, and runs keep apart."""

from __future__ import annotations

import json
import os
import stat
import sys
import threading
from datetime import UTC, date, datetime
from pathlib import Path

import nbformat
import pytest

from spoki_analytics.errors import UsageError
from spoki_analytics.reporting.job import Outcome
from spoki_analytics.reporting.render import ReportRequest, parameters_of, render, render_many
from spoki_analytics.settings import Settings
from tests.page.conftest import elements
from tests.reporting.conftest import KEY, MakeNotebook

NOW = datetime(2026, 11, 22, 7, 31, 5, tzinfo=UTC)
TODAY = date(2026, 11, 22)

PARAMETERS = """
accounts: list = []  # Account ids
start: str = ""  # First day
end: str = ""  # Last day
phone: str = ""  # A phone
refresh: bool = False  # Ask again
"""
SHOW = """
import os, sys
from IPython.display import display

def chart(name):
    display({"text/html": f"<p>{name}</p>", "text/plain": name}, raw=True, metadata={"spoki": {"chart": name}})
"""
Many = tuple[list[Outcome], list[str]]
CHARTS = {"spoki": {"title": "A report", "charts": ["one", "two"]}}
ALIEN = {"kernelspec": {"name": "myproj", "display_name": "Another machine"}}

FAILING = {
    "exits": ["import sys", "sys.exit(0)", "print('never')"],
    "hangs": ["import time; time.sleep(60)"],
    "killed": ["import os; os.kill(os.getpid(), 9)"],
    "chartless": [SHOW, "chart('one')"],
    "leaks": ["import os", "token = os.environ['SPOKI_API_KEY']", "raise RuntimeError('boom ' + token)"],
    "prints": ["import os; print(os.environ['SPOKI_API_KEY'])"],
    "refused": [
        "from spoki_analytics.errors import AuthenticationError",
        "raise AuthenticationError('The key is not accepted.', operation='accounts', status=401)",
    ],
    "tolerated": ["1 / 0"],
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("reports {of} many")


@pytest.fixture(scope="module")
def failed(folder: Path, make_notebook: MakeNotebook, settings: Settings) -> dict[str, Outcome]:
    """One run of each way to fail, after a good run of the same reports."""
    paths = {name: make_notebook(folder / f"{name}.ipynb", "print('good')") for name in FAILING}
    requests = [ReportRequest(str(path)) for path in paths.values()]
    earlier = NOW.replace(hour=6)
    good = render_many(requests[:1], folder / "out", settings=settings, now=earlier, today=TODAY)
    assert good[0].ok
    for name, cells in FAILING.items():
        metadata = CHARTS if name == "chartless" else {}
        path = make_notebook(paths[name], *cells, metadata=metadata)
        if name == "tolerated":
            made = nbformat.read(path, as_version=4)
            made.cells[0].metadata["tags"] = ["raises-exception"]
            nbformat.write(made, path)
    runs = render_many(requests, folder / "out", settings=settings, now=NOW, today=TODAY, cell_timeout=3)
    return dict(zip(FAILING, runs, strict=True))


@pytest.mark.parametrize(
    ("name", "kind", "said"),
    [
        ("exits", "SystemExit", "stopped the notebook early"),
        ("hangs", "CellTimeoutError", "longer than it may"),
        ("killed", "DeadKernelError", "ended unexpectedly"),
        ("chartless", "MissingChart", "lacks its charts two"),
        ("leaks", "RuntimeError", "boom [API key removed]"),
        ("prints", "SecretFound", "holds the API key"),
        ("refused", "AuthenticationError", "The key is not accepted. (accounts, HTTP 401) Check the key"),
        ("tolerated", "ZeroDivisionError", "division by zero"),
    ],
)
def test_a_bad_run_is_never_published(failed: dict[str, Outcome], name: str, kind: str, said: str) -> None:
    run = failed[name]
    assert not run.ok
    assert (run.html, run.kpis) == (None, None)
    assert run.error_kind == kind
    assert said in run.error
    assert run.notebook is not None
    assert run.notebook.name == f"{name}.failed.ipynb"
    assert sorted(path.name for path in run.folder.iterdir()) == sorted([f"{name}.failed.ipynb", "run.json"])
    assert nbformat.read(run.notebook, as_version=4).cells


def test_the_last_good_run_stays_and_the_index_tells_both(failed: dict[str, Outcome], folder: Path) -> None:
    good = folder / "out" / "2026-11-22" / "exits-all-0631Z" / "exits.html"
    assert "good" in good.read_text(encoding="utf-8")
    index = elements((folder / "out" / "index.html").read_text(encoding="utf-8"))
    assert "A later run failed; this is the last good one." in index.text
    assert "division by zero" in index.text
    links = [str(link["href"]) for link in index.all("a")]
    assert "2026-11-22/exits-all-0631Z/exits.html" in links
    assert "2026-11-22/exits-all-0731Z/exits.failed.ipynb" in links


def test_the_key_is_in_no_file(failed: dict[str, Outcome], folder: Path) -> None:
    written = [path for path in (folder / "out").rglob("*") if path.is_file()]
    assert len(written) > 2 * len(failed)
    assert [path for path in written if KEY.encode() in path.read_bytes()] == []


@pytest.fixture(scope="module")
def many(folder: Path, make_notebook: MakeNotebook, settings: Settings) -> Many:
    """Twelve accounts on eight threads, on a notebook of another machine, while a reader polls what is published."""
    facts = "print('account', accounts, phone, refresh, start, end, sys.executable, os.environ['SPOKI_API_KEY'] != '')"
    more = "print(os.environ['SPOKI_REPORT_RUN'], os.environ['SPOKI_WRITES'], os.environ['SPOKI_CACHE_DIR'])"
    metadata = {**CHARTS, **ALIEN}
    cells = [SHOW, facts, more, "chart('one'); chart('two')"]
    path = make_notebook(folder / "accounts.ipynb", *cells, parameters=PARAMETERS, metadata=metadata)
    requests = [
        ReportRequest(str(path), {"accounts": [number], "phone": "+39007", "refresh": "false"})
        for number in range(1, 13)
    ]
    torn: list[str] = []
    over = threading.Event()
    reader = threading.Thread(target=_poll, args=(folder / "many", over, torn))
    reader.start()
    runs = render_many(requests, folder / "many", workers=8, settings=settings, now=NOW, today=TODAY)
    over.set()
    reader.join()
    return runs, torn


def _poll(out: Path, over: threading.Event, torn: list[str]) -> None:
    while not over.wait(0.002):
        for path in [*out.glob("*.html"), *out.glob("2*/*/*.*")]:
            text = path.read_text(encoding="utf-8")
            if not text.rstrip().endswith(("</html>", "}")):
                torn.append(path.name)
        torn.extend(run.name for run in out.glob("2*/*") if not (run / "run.json").is_file())


def test_each_run_got_its_own_account_and_nothing_was_torn(many: Many) -> None:
    runs, torn = many
    assert torn == []
    for number, run in enumerate(runs, 1):
        assert run.ok, run.error
        assert run.html is not None
        line = f"account [{number}] +39007 False 2026-10-22 2026-11-21 {sys.executable} True"
        assert line in run.html.read_text(encoding="utf-8")
        assert run.parameters["accounts"] == [number]


def test_a_run_may_not_write_and_uses_the_given_settings(many: Many, settings: Settings) -> None:
    runs, _ = many
    assert runs[0].html is not None
    assert f"1 false {settings.cache_dir}" in runs[0].html.read_text(encoding="utf-8")


def test_a_run_leaves_page_notebook_figures_and_manifest(many: Many, folder: Path) -> None:
    run = many[0][2]
    assert run.folder == folder / "many" / "2026-11-22" / "accounts-3-0731Z"
    assert sorted(path.name for path in run.folder.iterdir()) == [
        "accounts.html",
        "accounts.ipynb",
        "kpis.json",
        "run.json",
    ]
    record = Outcome.from_json((run.folder / "run.json").read_text(), run.folder)
    assert (record.report, record.title, record.subject, record.ok) == ("accounts", "A report", "Accounts 3", True)
    assert record.started == NOW.isoformat()
    assert record == run
    assert json.loads((run.folder / "kpis.json").read_text())["kpis"] == []
    assert run.notebook is not None
    assert "papermill" in nbformat.read(run.notebook, as_version=4).metadata
    assert str(folder) not in run.notebook.read_text()


def test_page_and_files_say_that_the_data_is_not_spokis(many: Many, folder: Path, settings: Settings) -> None:
    run = many[0][0]
    assert run.html is not None
    said = elements(run.html.read_text(encoding="utf-8")).text
    assert said.count(f"Data from {settings.base_url}, not from Spoki") == 1
    for name in ("run.json", "kpis.json"):
        told = json.loads((run.folder / name).read_text())
        assert (told["origin"], told["demo"]) == (settings.base_url, True)
    index = elements((folder / "many" / "index.html").read_text(encoding="utf-8"))
    assert index.text.count(f"Demo: {settings.base_url}") == 12, "a card for each run"
    assert [badge["title"] for badge in index.all("span") if "title" in badge] == [settings.base_url] * 12


def test_a_run_that_failed_says_it_too(failed: dict[str, Outcome], settings: Settings) -> None:
    told = json.loads((failed["exits"].folder / "run.json").read_text())
    assert (told["origin"], told["demo"]) == (settings.base_url, True)


def test_data_of_spoki_bears_no_mark(folder: Path, make_notebook: MakeNotebook, settings: Settings) -> None:
    path = str(make_notebook(folder / "real.ipynb", "print('real')"))
    real = settings.model_copy(update={"base_url": "https://app.spoki.it"})
    run = render(path, out=folder / "real", settings=real, now=NOW, today=TODAY)
    assert run.html is not None
    assert 'spoki-origin"' not in run.html.read_text()
    for name in ("run.json", "kpis.json"):
        told = json.loads((run.folder / name).read_text())
        assert (told["origin"], told["demo"]) == ("https://app.spoki.it", False)
    assert "Demo" not in (folder / "real" / "index.html").read_text()


@pytest.mark.skipif(os.name != "posix", reason="file modes of POSIX")
def test_only_the_owner_may_read(many: Many, folder: Path) -> None:
    published = [path for path in (folder / "many").rglob("*") if not path.name.endswith(".lock")]
    modes = {stat.S_IMODE(path.stat().st_mode) for path in published if path.is_file()}
    folders = {stat.S_IMODE(path.stat().st_mode) for path in [folder / "many", *published] if path.is_dir()}
    assert (modes, folders) == ({0o600}, {0o700})


def test_another_run_is_never_overwritten(folder: Path, make_notebook: MakeNotebook, settings: Settings) -> None:
    path = str(make_notebook(folder / "again.ipynb", "print('again')"))
    first, second = (render(path, out=folder / "again", settings=settings, now=NOW, today=TODAY) for _ in range(2))
    assert (first.folder.name, second.folder.name) == ("again-all-0731Z", "again-all-0731Z-2")
    assert first.html is not None
    assert second.html is not None
    assert first.html.read_bytes() == second.html.read_bytes()  # same inputs, same clock, same bytes
    assert not [path for path in (folder / "again").iterdir() if path.name.startswith(".run-")]


def test_the_deadline_holds_for_the_whole_run(folder: Path, make_notebook: MakeNotebook, settings: Settings) -> None:
    cells = ["import time"] + ["time.sleep(0.7)"] * 40
    path = str(make_notebook(folder / "slow.ipynb", *cells))
    run = render(path, out=folder / "slow", settings=settings, now=NOW, cell_timeout=60, deadline=2.5)
    assert run.error_kind == "CellTimeoutError"
    assert run.seconds < 20


def test_wrong_usage_starts_nothing(folder: Path, make_notebook: MakeNotebook, settings: Settings) -> None:
    path = str(make_notebook(folder / "usage.ipynb", "pass", parameters=PARAMETERS))
    good, wrong = ReportRequest(path), ReportRequest(path, {"acounts": [1]})
    with pytest.raises(UsageError, match="did you mean accounts"):
        render_many([good, wrong], folder / "nothing", settings=settings)
    assert not (folder / "nothing").exists()
    assert parameters_of(path)["phone"].help == "A phone"
