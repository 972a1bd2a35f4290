"""Where runs are kept: each in a folder of its own that appears whole or not at all."""

from __future__ import annotations

import contextlib
import itertools
import os
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex

import filelock

from spoki_analytics.clock import real
from spoki_analytics.private_files import make_private_folder, write_private
from spoki_analytics.reporting.job import Outcome
from spoki_analytics.settings import Settings
from spoki_analytics.wording.messages import gettext

MANIFEST = "run.json"
_STAGED = ".run-"
_LOCK = ".lock"
_ABANDONED = 24 * 3600.0
"""Seconds after which a folder without a lock is nobody's; no run may take so long."""


def runs_folder(settings: Settings) -> Path:
    """Folder of all runs where none is named: what is not Spoki's data has one of its own, with its own index."""
    return Path("reports", "demo") if settings.demo else Path("reports")


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
    """A private folder in which a run is put together, beside the published ones; what is not published goes.

    A lock beside it is held as long as the run goes on, and falls when its process ends, however that comes about: so
    the next run knows the folders of those that were killed, and removes them.
    """
    make_private_folder(out)
    sweep(out)
    name = f"{_STAGED}{token_hex(8)}"
    lock = filelock.FileLock(out / f"{name}{_LOCK}", mode=0o600, timeout=0)
    with lock:
        try:
            folder = out / name / "run"
            make_private_folder(folder.parent)
            make_private_folder(folder)
            yield folder
        finally:
            _remove(out / name, lock)


def sweep(out: Path) -> None:
    """Remove the folders of runs that were killed; those of runs that go on in another process stay."""
    for folder in out.glob(f"{_STAGED}*"):
        with contextlib.suppress(OSError, NotImplementedError):  # its run has just removed it, or nothing can be locked
            if folder.is_symlink() or not folder.is_dir():
                continue
            held = folder.with_name(f"{folder.name}{_LOCK}")
            if not held.exists() and real().timestamp() - folder.stat().st_mtime < _ABANDONED:
                continue  # of a version that held no lock: it may still be at work
            with contextlib.suppress(filelock.Timeout), (lock := filelock.FileLock(held, mode=0o600, timeout=0)):
                _remove(folder, lock)


def _remove(folder: Path, lock: filelock.BaseFileLock) -> None:
    """Remove a folder, and its lock while it is held: its name comes once, so that nobody waits for it."""
    shutil.rmtree(folder, ignore_errors=True)
    if os.name == "posix":  # elsewhere a file that is open cannot go, and filelock removes it by itself
        Path(lock.lock_file).unlink(missing_ok=True)


def publish(staged: Path, wanted: Path) -> Path:
    """Move a finished folder to its place in one step, or beside it when the place is taken.

    Returns:
        Where it is now.
    """
    make_private_folder(wanted.parent)
    for number in itertools.count(2):
        folder = wanted if number == 2 else wanted.with_name(f"{wanted.name}-{number - 1}")
        try:
            return staged.rename(folder)
        except OSError:  # another run of the same minute is there; any other reason is a problem
            if not folder.exists():
                raise
    raise AssertionError("count() has no end")


def write_manifest(folder: Path, outcome: Outcome) -> None:
    """Write a run's manifest."""
    write_private(folder / MANIFEST, outcome.to_json())


def read_manifest(folder: Path) -> Outcome:
    """What a run's manifest says; one that can't be read is listed as a failed run."""
    path = folder / MANIFEST
    try:
        return Outcome.from_json(path.read_bytes(), folder)
    except (OSError, ValueError):  # half written by hand, another format, or another user's
        error = gettext("Its {file} can't be read.", file=MANIFEST)
    written = datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat()
    return Outcome(folder.name, folder.name, "", written, 0, ok=False, folder=folder, error=error)
