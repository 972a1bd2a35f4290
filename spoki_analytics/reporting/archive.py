"""Where runs are kept: each in a folder of its own that appears whole or not at all."""

from __future__ import annotations

import contextlib
import itertools
import json
import re
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from spoki_analytics.private_files import make_private_folder, write_private

MANIFEST = "run.json"


@dataclass(frozen=True)
class Record:
    """What a run's manifest says about it.

    Attributes:
        report: Name of the notebook.
        title: What the page is called.
        subject: The accounts it is about, in words.
        started: When the run began, ISO 8601 in UTC.
        seconds: How long it took.
        ok: Whether it counts as good.
        error: One sentence on what went wrong.
        error_kind: Name of the exception that stopped it.
        period: The days it is about, in words.
        as_of: How old the oldest data was, in words.
        parameters: As they were given to the notebook.
        headline: Label and value of the first key figures.
        files: Names of the files beside the manifest, by kind.
        version: Version of the package.
    """

    report: str
    title: str
    subject: str
    started: str
    seconds: float
    ok: bool
    error: str = ""
    error_kind: str = ""
    period: str = ""
    as_of: str = ""
    parameters: dict[str, Any] = field(default_factory=dict)
    headline: list[dict[str, str]] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    version: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """Report and accounts: runs with the same key replace each other for a reader."""
        return self.report, json.dumps(self.parameters.get("accounts", []))


def run_folder(out: Path, report: str, accounts: object, started: datetime) -> Path:
    """Where a run belongs, such as ``2026-11-22/usage-all-0731Z``; names come from ids, never from the API's text."""
    ids = [str(account) for account in accounts] if isinstance(accounts, (list, tuple)) else []
    who = "all" if not ids else "-".join(ids) if len(ids) <= 3 else f"{len(ids)}-accounts"
    return out / f"{started:%Y-%m-%d}" / f"{slug(report)}-{slug(who)}-{started:%H%M}Z"


def slug(text: str) -> str:
    """Text as part of a file name."""
    return re.sub(r"[^\w-]+", "-", text, flags=re.ASCII).strip("-") or "report"


@contextlib.contextmanager
def staging(out: Path) -> Iterator[Path]:
    """A private folder in which a run is put together, beside the published ones; what is not published goes."""
    make_private_folder(out)
    with tempfile.TemporaryDirectory(dir=out, prefix=".run-") as made:
        folder = Path(made) / "run"
        make_private_folder(folder)
        yield folder


def publish(staged: Path, wanted: Path) -> Path:
    """Move a finished folder to its place in one step, or beside it when the place is taken.

    Returns:
        Where it is now.
    """
    make_private_folder(wanted.parent)
    for number in itertools.count(2):
        place = wanted if number == 2 else wanted.with_name(f"{wanted.name}-{number - 1}")
        try:
            return staged.rename(place)
        except OSError:
            if not place.exists():
                raise
    raise AssertionError("count() has no end")


def write_manifest(folder: Path, record: Record) -> None:
    """Write a run's manifest."""
    write_private(folder / MANIFEST, json.dumps(asdict(record), ensure_ascii=False, indent=1))
