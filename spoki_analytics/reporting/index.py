"""The list of all runs, rebuilt from their manifests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote

from filelock import FileLock

from spoki_analytics import clock
from spoki_analytics.page.fragments import templates
from spoki_analytics.private_files import make_private_folder, write_private
from spoki_analytics.reporting.archive import MANIFEST, read_manifest
from spoki_analytics.reporting.html import POLICY, page_styles
from spoki_analytics.reporting.job import Outcome

INDEX = "index.html"
FRESH, AGING = timedelta(days=1, hours=6), timedelta(days=7)
"""A daily report may be a few hours late; a report of more than a week is old."""


@dataclass(frozen=True)
class Entry:
    """A run as the index shows it."""

    outcome: Outcome
    now: datetime

    @property
    def started(self) -> datetime:
        """When the run began."""
        return datetime.fromisoformat(self.outcome.started)

    def link(self, kind: str) -> str:
        """Address of one of its files, seen from the index; empty when there is none."""
        name = self.outcome.files.get(kind)
        return quote("/".join((*self.outcome.folder.parts[-2:], name))) if name else ""

    @property
    def age_class(self) -> str:
        """``fresh``, ``aging`` or ``old``."""
        age = self.now - self.started
        return "fresh" if age <= FRESH else "aging" if age <= AGING else "old"

    @property
    def age(self) -> str:
        """The age in words, so that colour is not needed."""
        hours = max(int((self.now - self.started).total_seconds() // 3600), 0)
        words = f"{hours} h" if hours < 48 else f"{hours // 24} days"
        return f"{self.age_class}, {words if hours else 'under 1 h'}"


def rebuild_index(out: Path, now: datetime | None = None) -> Path:
    """Write ``index.html``: the last good run of each report and account, then every run, newest first.

    Args:
        out: Folder that holds the runs.
        now: The moment against which ages are told.

    Returns:
        Where the index is.
    """
    make_private_folder(out)
    moment = now or clock.now()
    with FileLock(out / ".index.lock"):
        entries = sorted(
            _entries(out, moment), key=lambda entry: (entry.started, str(entry.outcome.folder)), reverse=True
        )
        page = (
            templates()
            .get_template("index_of_runs.html.j2")
            .render(
                entries=entries,
                latest=_latest(entries),
                policy=POLICY,
                styles=page_styles(),
                now=f"{moment:%Y-%m-%d %H:%M} UTC",
            )
        )
        write_private(out / INDEX, page)
    return out / INDEX


def _latest(entries: list[Entry]) -> list[tuple[Entry, bool]]:
    """The last good run of each report and account, and whether a later one failed."""
    newest: dict[str, Entry] = {}
    good: dict[str, Entry] = {}
    for entry in entries:
        newest.setdefault(entry.outcome.series, entry)
        if entry.outcome.ok:
            good.setdefault(entry.outcome.series, entry)
    return [(entry, not newest[key].outcome.ok) for key, entry in good.items()]


def _entries(out: Path, now: datetime) -> list[Entry]:
    return [Entry(read_manifest(path.parent), now) for path in out.glob(f"????-??-??/*/{MANIFEST}")]
