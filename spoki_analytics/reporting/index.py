"""The list of all runs, rebuilt from their manifests."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

from filelock import FileLock

from spoki_analytics.page.fragments import templates
from spoki_analytics.private_files import make_private_folder, write_private
from spoki_analytics.reporting.archive import MANIFEST, Record
from spoki_analytics.reporting.html import POLICY, page_styles

INDEX = "index.html"
FRESH, AGING = timedelta(days=1, hours=6), timedelta(days=7)
"""A daily report may be a few hours late; a report of more than a week is old."""


@dataclass(frozen=True)
class Entry:
    """A run as the index shows it."""

    record: Record
    folder: Path
    now: datetime

    @property
    def started(self) -> datetime:
        """When the run began."""
        return datetime.fromisoformat(self.record.started)

    def link(self, kind: str) -> str:
        """Address of one of its files, seen from the index; empty when there is none."""
        name = self.record.files.get(kind)
        return quote("/".join((*self.folder.parts[-2:], name))) if name else ""

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
    moment = now or datetime.now(UTC)
    with FileLock(out / ".index.lock"):
        entries = sorted(_entries(out, moment), key=lambda entry: (entry.started, str(entry.folder)), reverse=True)
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
    newest: dict[tuple[str, str], Entry] = {}
    good: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        newest.setdefault(entry.record.key, entry)
        if entry.record.ok:
            good.setdefault(entry.record.key, entry)
    return [(entry, not newest[key].record.ok) for key, entry in good.items()]


def _entries(out: Path, now: datetime) -> list[Entry]:
    return [Entry(_read(path), path.parent, now) for path in out.glob(f"????-??-??/*/{MANIFEST}")]


def _read(path: Path) -> Record:
    try:
        record = Record(**json.loads(path.read_text(encoding="utf-8")))
        if datetime.fromisoformat(record.started).tzinfo:
            return record
    except (ValueError, TypeError):
        pass
    written = datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat()
    return Record(path.parent.name, path.parent.name, "", written, 0, ok=False, error=f"Its {MANIFEST} can't be read.")
