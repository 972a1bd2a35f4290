"""The list of all runs: a page that is brought up to date after each batch, or made anew from the manifests."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import sqlite3
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from filelock import FileLock
from jinja2 import Environment, PackageLoader

from spoki_analytics import clock
from spoki_analytics.limits import held
from spoki_analytics.page.fragments import templates
from spoki_analytics.private_files import make_private_folder, write_private
from spoki_analytics.reporting import known_runs
from spoki_analytics.reporting.html import POLICY, page_styles
from spoki_analytics.reporting.job import Outcome
from spoki_analytics.reporting.known_runs import KnownRuns
from spoki_analytics.wording.messages import gettext, language, ngettext, noop

INDEX = "index.html"
_PAGE, _ROW = "index_of_runs.html.j2", "row_of_run.html.j2"
FRESH, AGING = timedelta(days=1, hours=6), timedelta(days=7)
"""A daily report may be a few hours late; a report of more than a week is old."""
_AGES = {
    "fresh": noop("fresh, {age}"),
    "aging": noop("aging, {age}"),
    "old": noop("old, {age}"),
}
_FILES = {"html": noop("Page"), "notebook": noop("Notebook"), "kpis": noop("Figures")}


def update_index(out: Path, now: datetime | None = None) -> Path:
    """Bring ``index.html`` up to date: the last good run of each report and account, then every run, newest first.

    It costs what is new, not what is there: the manifests of earlier runs are not read again.

    Args:
        out: Folder that holds the runs.
        now: The moment against which ages are told.

    Returns:
        Where the index is.
    """
    make_private_folder(out)
    with held(FileLock(out / ".index.lock"), str(out / INDEX)):
        write_private(out / INDEX, _page(out, now or clock.now()))
    return out / INDEX


def rebuild_index(out: Path, now: datetime | None = None) -> Path:
    """Write ``index.html`` from the manifests of all runs; ``update_index`` does so by itself where it must.

    Args:
        out: Folder that holds the runs.
        now: The moment against which ages are told.

    Returns:
        Where the index is.
    """
    make_private_folder(out)
    with held(FileLock(out / ".index.lock"), str(out / INDEX)):
        known_runs.forget(out)
    return update_index(out, now)


def _page(out: Path, now: datetime) -> str:
    """The page, from what is known; if that can't be used from scratch, and if it can't be kept either, from memory."""
    for file in (out / known_runs.FILE, out / known_runs.FILE, ":memory:"):
        with contextlib.suppress(sqlite3.Error), contextlib.closing(KnownRuns(out, file, _look(), _row)) as runs:
            runs.update()
            return _render(runs, now)
        known_runs.forget(out)
    raise AssertionError("SQLite failed in memory")


def _render(runs: KnownRuns, now: datetime) -> str:
    return (
        _templates()
        .get_template(_PAGE)
        .render(
            cards=[_card(outcome, now, superseded) for outcome, superseded in runs.latest()],
            rows=runs.rows(),
            policy=POLICY,
            styles=page_styles(),
            now=f"{now:%Y-%m-%d %H:%M} UTC",
        )
    )


def _card(outcome: Outcome, now: datetime, superseded: bool) -> dict[str, Any]:
    freshness = _freshness(now - _started(outcome))
    return {
        "outcome": outcome,
        "link": _link(outcome, "html"),
        "freshness": freshness,
        "age": gettext(_AGES[freshness], age=_age(now - _started(outcome))),
        "superseded": superseded,
    }


def _row(outcome: Outcome) -> str:
    links = [(link, gettext(word)) for kind, word in _FILES.items() if (link := _link(outcome, kind))]
    template = _templates().get_template(_ROW)
    return template.render(outcome=outcome, started=f"{_started(outcome):%Y-%m-%d %H:%M}", links=links)


def _look() -> str:
    """A word that changes when rows would look different: with their template, and with the language."""
    environment = _templates()
    assert environment.loader is not None  # noqa: S101
    source = environment.loader.get_source(environment, _ROW)[0]
    return f"{language()}-{hashlib.blake2b(source.encode(), digest_size=8).hexdigest()}"


def _started(outcome: Outcome) -> datetime:
    return datetime.fromisoformat(outcome.started)


def _link(outcome: Outcome, kind: str) -> str:
    """Address of one of a run's files, seen from the index; empty when there is none."""
    name = outcome.files.get(kind)
    return quote("/".join((*outcome.folder.parts[-2:], name))) if name else ""


def _freshness(age: timedelta) -> str:
    return "fresh" if age <= FRESH else "aging" if age <= AGING else "old"


def _age(age: timedelta) -> str:
    """The age in words, so that colour is not needed."""
    hours = int(age.total_seconds() // 3600)
    if hours < 1:
        return gettext("under 1 h")
    if hours < 48:
        return gettext("{hours} h", hours=hours)
    return ngettext("{count} day", "{count} days", hours // 24)


@functools.cache
def _templates() -> Environment:
    """The environment of the page's templates, for those of this room."""
    return templates().overlay(loader=PackageLoader("spoki_analytics.reporting"))
