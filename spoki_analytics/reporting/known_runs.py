"""What the index has read of the runs already, kept beside it, so that each manifest is read once and not every time.

The runs themselves stay the truth: a folder of a day that was changed (by another process, by hand, by the 0.1.0 of
this package) is listed again, and what is new or different in it is read again. Only a manifest that somebody rewrites
inside an old day goes unnoticed, until that day changes or this file is deleted. Whatever is missing or damaged here is
made anew from the manifests.
"""

from __future__ import annotations

import contextlib
import fnmatch
import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from spoki_analytics.private_files import make_private_file
from spoki_analytics.reporting.archive import MANIFEST, read_manifest
from spoki_analytics.reporting.job import Outcome

FILE = ".index.sqlite"
_TABLES = """
BEGIN;
CREATE TABLE IF NOT EXISTS look (look TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS days (day TEXT PRIMARY KEY, changed INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS runs (
    day TEXT NOT NULL, name TEXT NOT NULL, changed INTEGER NOT NULL,
    position TEXT NOT NULL, series TEXT NOT NULL, ok INTEGER NOT NULL, manifest TEXT NOT NULL, row TEXT NOT NULL,
    PRIMARY KEY (day, name)
);
CREATE INDEX IF NOT EXISTS by_position ON runs (position);
CREATE INDEX IF NOT EXISTS by_series ON runs (series, ok, position);
COMMIT;
"""
# With one MAX, SQLite takes the other columns from the row that has it: https://sqlite.org/lang_select.html#bareagg
_LATEST = """
SELECT day, name, manifest, MAX(position) AS latest_good, latest
FROM runs JOIN (SELECT series, MAX(position) AS latest FROM runs GROUP BY series) USING (series)
WHERE ok GROUP BY series ORDER BY latest_good DESC
"""
_SETTLED = 2 * 10**9
"""Nanoseconds after which the time of a folder tells one change from the next, on every file system (FAT: 2 s)."""


class KnownRuns:
    """The runs under a folder, as far as the index knows them. Only one process at a time may have it open.

    Args:
        out: Folder of all runs.
        file: Where what is known is kept, or ``:memory:``.
        look: Says how rows look; those that were made to another look are made again.
        make_row: Makes the row of a run in the table of all runs.

    Raises:
        sqlite3.Error: The file is damaged, of another kind, or not to be written.
    """

    def __init__(self, out: Path, file: Path | str, look: str, make_row: Callable[[Outcome], str]) -> None:
        self._out = out
        self._make_row = make_row
        if isinstance(file, Path):
            with contextlib.suppress(OSError):  # SQLite says better what is wrong
                make_private_file(file)
        self._connection = sqlite3.connect(file)
        try:
            self._connection.executescript(_TABLES)
            self._forget_other_looks(look)
        except sqlite3.Error:
            self._connection.close()
            raise

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def update(self) -> None:
        """Read what changed under the folder since the last time, and keep it."""
        present, now = _days(self._out), _file_system_time(self._out)
        known = dict(self._connection.execute("SELECT day, changed FROM days"))
        with self._connection:
            for day in known.keys() - present.keys():
                self._connection.execute("DELETE FROM runs WHERE day = ?", (day,))
                self._connection.execute("DELETE FROM days WHERE day = ?", (day,))
            for day, changed in present.items():
                if known.get(day) != changed:
                    complete = self._update_day(day)
                    # A folder that was just changed may change again within the same tick of its clock.
                    trusted = changed if complete and changed < now - _SETTLED else -1
                    self._connection.execute("INSERT OR REPLACE INTO days VALUES (?, ?)", (day, trusted))

    def rows(self) -> list[str]:
        """The rows of all runs, newest first."""
        query = "SELECT row FROM runs ORDER BY position DESC"
        return [row for (row,) in self._connection.execute(query)]

    def latest(self) -> Iterator[tuple[Outcome, bool]]:
        """The last good run of each report and account, newest first, and whether a later one failed."""
        for day, name, manifest, latest_good, latest in self._connection.execute(_LATEST):
            yield Outcome.from_json(manifest, self._out / day / name), latest > latest_good

    def _update_day(self, day: str) -> bool:
        """Read the new and changed runs of a day; gives whether every folder in it is a whole run."""
        present, complete = _runs(self._out / day)
        known = dict(self._connection.execute("SELECT name, changed FROM runs WHERE day = ?", (day,)))
        gone = [(day, name) for name in known.keys() - present.keys()]
        self._connection.executemany("DELETE FROM runs WHERE day = ? AND name = ?", gone)
        for name, changed in present.items():
            if known.get(name) != changed:
                with contextlib.suppress(FileNotFoundError):  # deleted this very moment
                    self._remember(day, name, changed)
        return complete

    def _remember(self, day: str, name: str, changed: int) -> None:
        outcome = read_manifest(self._out / day / name)
        started = datetime.fromisoformat(outcome.started).astimezone(UTC).isoformat(timespec="microseconds")
        facts = (f"{started}/{day}/{name}", outcome.series, outcome.ok, outcome.to_json(), self._make_row(outcome))
        self._connection.execute(
            "INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (day, name, changed, *facts)
        )

    def _forget_other_looks(self, look: str) -> None:
        if self._connection.execute("SELECT look FROM look").fetchall() != [(look,)]:
            self._connection.executescript("DELETE FROM look; DELETE FROM days; DELETE FROM runs")
            self._connection.execute("INSERT INTO look VALUES (?)", (look,))
            self._connection.commit()


def forget(out: Path) -> None:
    """Remove what is known, so that it is read from the manifests again; where that is not allowed, it stays."""
    for name in (FILE, f"{FILE}-journal"):
        with contextlib.suppress(OSError):
            (out / name).unlink(missing_ok=True)


def _days(out: Path) -> dict[str, int]:
    """The folders of days, and when each was last changed: when a run came to it or went."""
    with os.scandir(out) as entries:
        found = [entry for entry in entries if fnmatch.fnmatch(entry.name, "????-??-??") and entry.is_dir()]
    return {entry.name: entry.stat().st_mtime_ns for entry in found}


def _runs(day: Path) -> tuple[dict[str, int], bool]:
    """The runs of a day, when the manifest of each was written, and whether there is nothing else."""
    runs: dict[str, int] = {}
    complete = True
    try:
        names = [path.name for path in day.iterdir()]
    except OSError:  # another user's, or gone since
        return {}, False
    for name in names:
        try:
            runs[name] = (day / name / MANIFEST).stat().st_mtime_ns
        except OSError:  # no run, or one that somebody is copying here
            complete = False
    return runs, complete


def _file_system_time(folder: Path) -> int:
    """The moment, by the clock of that file system: that of another machine may go differently."""
    with tempfile.TemporaryFile(dir=folder) as file:
        return os.fstat(file.fileno()).st_mtime_ns
