"""Reports from start to end: check the parameters, run the notebook, publish page, notebook, key figures and index."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from spoki_analytics.page.marks import page_facts
from spoki_analytics.reporting.archive import Record, publish, run_folder, staging, write_manifest
from spoki_analytics.reporting.html import warm_exporter
from spoki_analytics.reporting.index import rebuild_index
from spoki_analytics.reporting.kernels.forks import WarmServer
from spoki_analytics.reporting.kernels.kernel import kernel_environment
from spoki_analytics.reporting.notebooks import find_notebook, read_notebook
from spoki_analytics.reporting.parameters import TIMEZONE, Parameter, completed, declared, validated
from spoki_analytics.reporting.publication import Job, write_failed, write_good
from spoki_analytics.reporting.run import ReportFailedError, check, run_notebook
from spoki_analytics.settings import Settings, load_settings
from spoki_analytics.wording.inputs import Json

if TYPE_CHECKING:
    from nbformat import NotebookNode

CELL_SECONDS = 1800.0
DEADLINE_SECONDS = 3600.0


@dataclass(frozen=True)
class ReportRequest:
    """A report to render.

    Attributes:
        name: A shipped notebook (``usage``, ``credit``, ``campaigns``) or a path to a notebook.
        parameters: Values for its parameters; the others keep their defaults.
    """

    name: str
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ReportRun:
    """A report that was run, well or not.

    Attributes:
        name: Name of the report.
        ok: Whether every cell completed and every expected chart is there.
        folder: Where its files are.
        html: The page; None when the run failed.
        notebook: The executed notebook, as far as it went.
        kpis: The key figures; None when the run failed.
        error: One sentence on what went wrong.
        error_kind: Name of the exception that stopped it, such as ``AuthenticationError``.
        seconds: How long it took.
        parameters: As the notebook got them.
    """

    name: str
    ok: bool
    folder: Path
    html: Path | None
    notebook: Path | None
    kpis: Path | None
    error: str
    error_kind: str
    seconds: float
    parameters: Mapping[str, Json]


def render(
    name: str,
    *,
    parameters: Mapping[str, Any] | None = None,
    out: str | Path = "reports",
    settings: Settings | None = None,
    today: date | None = None,
    now: datetime | None = None,
    cell_timeout: float = CELL_SECONDS,
    deadline: float = DEADLINE_SECONDS,
) -> ReportRun:
    """Run one report and publish it under ``out``.

    A report that fails leaves its notebook and an entry in the index; the last good one stays.

    Args:
        name: A shipped notebook (``usage``, ``credit``, ``campaigns``) or a path to a notebook.
        parameters: Values for its parameters; the others keep their defaults.
        out: Folder of all runs and their index.
        settings: Configuration of the client in the notebook; from the environment when missing.
        today: Day from which the default period counts; today in Italy when missing.
        now: Moment of the run; the clock's when missing.
        cell_timeout: Seconds that one cell may take.
        deadline: Seconds that the whole report may take.

    Raises:
        UsageError: No such report, or a parameter that it does not take; nothing was run.
    """
    requests = [ReportRequest(name, parameters or {})]
    limits = {"cell_timeout": cell_timeout, "deadline": deadline}
    return render_many(requests, out, workers=1, settings=settings, today=today, now=now, **limits)[0]


def render_many(
    requests: Iterable[ReportRequest],
    out: str | Path = "reports",
    *,
    workers: int = 2,
    settings: Settings | None = None,
    today: date | None = None,
    now: datetime | None = None,
    cell_timeout: float = CELL_SECONDS,
    deadline: float = DEADLINE_SECONDS,
) -> list[ReportRun]:
    """Run several reports, each in a process of its own; one that fails does not stop the others.

    Args:
        requests: The reports.
        out: Folder of all runs and their index.
        workers: Reports that run at the same time; each takes some 130 MB.
        settings: Configuration of the client in the notebooks; from the environment when missing.
        today: Day from which the default period counts; today in Italy when missing.
        now: Moment of the runs; the clock's when missing.
        cell_timeout: Seconds that one cell may take.
        deadline: Seconds that each report may take.

    Returns:
        The runs, in the order of the requests.

    Raises:
        UsageError: No such report, or a parameter that it does not take; none was run.
    """
    moment = now or datetime.now(UTC)
    day = today or moment.astimezone(ZoneInfo(TIMEZONE)).date()
    chosen = settings or load_settings()
    place = Path(out).resolve()
    with WarmServer() as server, ThreadPoolExecutor(max_workers=workers) as pool:
        jobs = [
            Job(*_checked(request, day), place, chosen, moment, day, cell_timeout=cell_timeout, deadline=deadline)
            for request in requests
        ]
        return list(pool.map(lambda job: _run(job, server), jobs))


def parameters_of(name: str) -> dict[str, Parameter]:
    """The parameters that a report takes, by name.

    Raises:
        UsageError: No such report, or its parameters cell can't be read.
    """
    return declared(read_notebook(find_notebook(name)))


def _checked(request: ReportRequest, today: date) -> tuple[str, NotebookNode, dict[str, Json]]:
    path = find_notebook(request.name)
    notebook = read_notebook(path)
    parameters = declared(notebook)
    return path.stem, notebook, completed(validated(request.parameters, parameters), parameters, today)


def _run(job: Job, server: WarmServer) -> ReportRun:
    begun = time.monotonic()
    threading.Thread(target=warm_exporter, daemon=True).start()
    environment = kernel_environment(job.settings, job.today.isoformat())
    limits = {"cell_timeout": job.cell_timeout, "deadline": job.deadline}
    with staging(job.out) as folder:
        try:
            done = run_notebook(job.notebook, job.parameters, environment, server=server, **limits)
            facts = page_facts(done)
            check(done, facts)
            record = write_good(job, folder, done, facts)
        except ReportFailedError as failed:
            record = write_failed(job, folder, failed)
        record = replace(record, seconds=round(time.monotonic() - begun, 3))
        write_manifest(folder, record)
        place = publish(folder, run_folder(job.out, job.name, job.parameters.get("accounts"), job.now))
    rebuild_index(job.out, job.now)
    return _report_run(job, place, record)


def _report_run(job: Job, place: Path, record: Record) -> ReportRun:
    files = {kind: place / name for kind, name in record.files.items()}
    return ReportRun(
        name=job.name,
        ok=record.ok,
        folder=place,
        html=files.get("html"),
        notebook=files.get("notebook"),
        kpis=files.get("kpis"),
        error=record.error,
        error_kind=record.error_kind,
        seconds=record.seconds,
        parameters=job.parameters,
    )
