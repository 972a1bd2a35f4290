"""Reports from start to end: parameters checked, notebooks run, files published, the index brought up to date."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

from spoki_analytics import clock
from spoki_analytics.errors import UsageError
from spoki_analytics.page.marks import page_facts
from spoki_analytics.reporting.archive import publish, run_folder, runs_folder, staging, write_manifest
from spoki_analytics.reporting.html import warm_exporter
from spoki_analytics.reporting.index import update_index
from spoki_analytics.reporting.job import Job, Outcome, ReportRequest
from spoki_analytics.reporting.kernels.forks import WarmServer
from spoki_analytics.reporting.kernels.kernel import kernel_environment
from spoki_analytics.reporting.keys import refer_to_key
from spoki_analytics.reporting.notebooks import find_notebook, read_notebook
from spoki_analytics.reporting.parameters import TIMEZONE, Parameter, complete, read_parameters, validate
from spoki_analytics.reporting.publication import write_failed, write_good
from spoki_analytics.reporting.run import ReportFailedError, check, run_notebook
from spoki_analytics.settings import Settings, load_settings
from spoki_analytics.wording.messages import gettext, language, speaking

__all__ = ["Outcome", "ReportRequest", "make_job", "parameters_of", "render", "render_many", "run_job"]

Tell = Callable[[str, str], None]
CELL_SECONDS = 1800.0
DEADLINE_SECONDS = 3600.0


def render(
    name: str,
    *,
    parameters: Mapping[str, Any] | None = None,
    out: str | Path | None = None,
    settings: Settings | None = None,
    today: date | None = None,
    now: datetime | None = None,
    cell_timeout: float = CELL_SECONDS,
    deadline: float = DEADLINE_SECONDS,
) -> Outcome:
    """Run one report and publish it under ``out``.

    A report that fails leaves its notebook and an entry in the index; the last good one stays.

    Args:
        name: A shipped notebook (``usage``, ``credit``, ``campaigns``) or a path to a notebook.
        parameters: Values for its parameters; the others keep their defaults.
        out: Folder of all runs and their index; ``reports``, or ``reports/demo`` for data that is not Spoki's.
        settings: Configuration of the client in the notebook; from the environment when missing.
        today: Day from which the default period counts; today in Italy when missing.
        now: Moment of the run; the clock's when missing.
        cell_timeout: Seconds that one cell may take.
        deadline: Seconds that the whole report may take.

    Raises:
        UsageError: No such report, or a parameter that it does not take; nothing was run.
    """
    requests = [ReportRequest(name, parameters or {})]
    return render_many(
        requests,
        out,
        workers=1,
        settings=settings,
        today=today,
        now=now,
        cell_timeout=cell_timeout,
        deadline=deadline,
    )[0]


def render_many(
    requests: Iterable[ReportRequest],
    out: str | Path | None = None,
    *,
    workers: int = 2,
    settings: Settings | None = None,
    today: date | None = None,
    now: datetime | None = None,
    cell_timeout: float = CELL_SECONDS,
    deadline: float = DEADLINE_SECONDS,
    tell: Tell | None = None,
) -> list[Outcome]:
    """Run several reports, each in a process of its own; one that fails does not stop the others.

    Args:
        requests: The reports.
        out: Folder of all runs and their index; ``reports``, or ``reports/demo`` for data that is not Spoki's.
        workers: Reports that run at the same time; each takes some 130 MB.
        settings: Configuration of the client in the notebooks; from the environment when missing.
        today: Day from which the default period counts; today in Italy when missing.
        now: Moment of the runs; the clock's when missing.
        cell_timeout: Seconds that one cell may take.
        deadline: Seconds that each report may take.
        tell: Told the name of a report and, in words, what it is at; from several threads.

    Returns:
        The runs, in the order of the requests.

    Raises:
        UsageError: No such report, or a parameter that it does not take; none was run.
    """
    chosen = settings or load_settings()
    folder = runs_folder(chosen) if out is None else Path(out)
    moment = now or clock.now()
    day = today or moment.astimezone(ZoneInfo(chosen.timezone or TIMEZONE)).date()
    limits = {"cell_timeout": cell_timeout, "deadline": deadline}
    with WarmServer() as server:
        jobs = [make_job(request, folder, chosen, now=moment, today=day, **limits) for request in requests]
        _refuse_other_accounts(jobs, chosen)
        try:
            with ThreadPoolExecutor(max_workers=workers) as pool:
                run = partial(_run_in_thread, settings=chosen, server=server, words=language(), tell=tell)
                try:
                    return list(pool.map(run, jobs))
                except KeyboardInterrupt:  # what runs is ended and listed as interrupted; the rest is not begun
                    server.stop()
                    raise
        finally:  # what was published is listed, whatever became of the rest
            update_index(folder, moment)


def _refuse_other_accounts(jobs: Iterable[Job], settings: Settings) -> None:
    """Refuse accounts where the rows of a report name none, before any report runs.

    Raises:
        UsageError: They are not the account of the key, or nobody knows which that is.
    """
    asked = {job.name: ids for job in jobs if job.names_no_account and (ids := job.parameters.get("accounts"))}
    if not asked:
        return
    from spoki_analytics.api.session import Session
    from spoki_analytics.home import Home

    with closing(Session(settings)) as session:
        home = Home(session)
        for name, accounts in asked.items():
            try:
                home.own(cast("list[int]", accounts))
            except UsageError as refused:
                message = gettext("{report}: {problem}", report=name, problem=refused.message)
                raise UsageError(message, advice=refused.advice) from None


def make_job(
    request: ReportRequest,
    out: Path,
    settings: Settings,
    *,
    now: datetime,
    today: date,
    cell_timeout: float = CELL_SECONDS,
    deadline: float = DEADLINE_SECONDS,
) -> Job:
    """Turn a request into an order that any process can run.

    Args:
        request: The report and what was given for its parameters.
        out: Folder of all runs and their index.
        settings: Configuration of the client in the notebook; the order takes all of it but the key.
        now: Moment of the run.
        today: Day from which the default period counts.
        cell_timeout: Seconds that one cell may take.
        deadline: Seconds that the whole report may take.

    Raises:
        UsageError: No such report, or a parameter that it does not take.
    """
    path = find_notebook(request.name)
    notebook = read_notebook(path)
    parameters = read_parameters(notebook)
    return Job(
        name=path.stem,
        notebook=notebook,
        parameters=complete(validate(request.parameters, parameters), parameters, today),
        out=out.resolve(),
        options=settings.model_dump(mode="json", exclude={"api_key"}, exclude_none=True),
        key=refer_to_key(settings),
        now=now,
        today=today,
        cell_timeout=cell_timeout,
        deadline=deadline,
    )


def run_job(
    job: Job, *, settings: Settings | None = None, server: WarmServer | None = None, tell: Tell | None = None
) -> Outcome:
    """Run one report and publish its files; the index is the business of whoever runs the whole batch.

    Args:
        job: The order, perhaps of another process.
        settings: The settings with the key; found by the job's reference when missing.
        server: Where kernels are forked from; they are started from scratch when missing.
        tell: Told the name of the report and, in words, what it is at.

    Raises:
        AuthenticationError: The key is not where the order says it is.
    """
    begun = time.monotonic()
    known = settings or job.settings()
    threading.Thread(target=warm_exporter, daemon=True).start()
    say = partial(tell, job.name) if tell is not None else _say_nothing
    say(gettext("begins"))
    with staging(job.out) as folder:
        outcome = _attempt(job, folder, known, server or WarmServer(), say)
        outcome = replace(outcome, seconds=round(time.monotonic() - begun, 3))
        write_manifest(folder, outcome)
        published = publish(folder, run_folder(job.out, job.name, job.parameters.get("accounts"), job.now))
    seconds = f"{outcome.seconds:.0f}"
    say(gettext("is done after {seconds} s", seconds=seconds) if outcome.ok else gettext("failed"))
    return replace(outcome, folder=published)


def _say_nothing(step: str) -> None:
    """Nobody wants to know."""


def _run_in_thread(job: Job, *, settings: Settings, server: WarmServer, words: str, tell: Tell | None) -> Outcome:
    """Run a job in the language of whoever ordered it: a thread starts without its caller's context."""
    with speaking(words):
        return run_job(job, settings=settings, server=server, tell=tell)


def _attempt(job: Job, folder: Path, settings: Settings, server: WarmServer, say: Callable[[str], None]) -> Outcome:
    key = settings.api_key.get_secret_value() if settings.api_key else None
    environment = kernel_environment(settings, job.today.isoformat())
    limits = {"cell_timeout": job.cell_timeout, "deadline": job.deadline}
    try:
        notebook = run_notebook(job.notebook, job.parameters, environment, server=server, tell=say, **limits)
        facts = page_facts(notebook)
        check(notebook, facts)
        return write_good(job, folder, notebook, facts, key)
    except ReportFailedError as failed:
        if server.is_stopped:
            failed = ReportFailedError(
                gettext("It was interrupted."), kind="KeyboardInterrupt", notebook=failed.notebook
            )
        return write_failed(job, folder, failed, key)


def parameters_of(name: str) -> dict[str, Parameter]:
    """The parameters that a report takes, by name.

    Raises:
        UsageError: No such report, or its parameters cell can't be read.
    """
    return read_parameters(read_notebook(find_notebook(name)))
