"""``spoki-analytics cache``: what is kept on this machine, and how to get rid of it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from spoki_analytics.settings import Settings, load_settings

_OWN = re.compile(r"[0-9a-f]{16}[.-].*")
"""Names of our own files: they begin with the fingerprint of a key. Anything else in the folder is not ours."""

app = typer.Typer(name="cache", help="Answers kept on this machine.", no_args_is_help=True)

All = Annotated[bool, typer.Option("--all", help="The answers for every key, not only the current one.")]


@dataclass(frozen=True)
class Kept:
    """What the cache file of one key holds.

    Attributes:
        path: The file.
        size: Bytes on disk, side files included.
        entries: Answers that can be read; None when the file cannot be used.
        oldest: When Spoki gave the oldest of them.
        newest: When Spoki gave the newest.
        hits: Answers that came from it so far.
        misses: Answers that had to be asked for.
        modes: Modes of the folder and of the file.
    """

    path: Path
    size: int
    entries: int | None
    oldest: datetime | None
    newest: datetime | None
    hits: int
    misses: int
    modes: tuple[int, int]

    @property
    def is_private(self) -> bool:
        """Whether nobody else may read it."""
        return os.name == "nt" or not any(mode & 0o077 for mode in self.modes)

    def lines(self) -> list[str]:
        """The facts as lines."""
        if self.entries is None:
            return [f"{self.path}: cannot be used; `spoki-analytics cache clear` removes it"]
        asked = self.hits + self.misses
        rate = f"{self.hits} of {asked} ({self.hits / asked:.0%})" if asked else "nothing asked yet"
        ages = f", newest {age(self.newest)}, oldest {age(self.oldest)}" if self.newest else ""
        remark = "" if self.is_private else " - others can read it"
        return [
            f"{self.path}",
            f"{self.size / 1e6:.1f} MB, {self.entries} answers{ages}",
            f"answered from the cache: {rate}",
            f"modes: folder {self.modes[0]:04o}, file {self.modes[1]:04o}{remark}",
        ]


@app.command()
def info(every: All = False) -> None:
    """Show what is kept: place, size, answers, age, hit rate, file modes."""
    settings = load_settings()
    files = cache_files(settings, every)
    typer.echo(f"Folder: {folder(settings)}")
    if not files:
        typer.echo("Nothing is kept.")
    for path in files:
        typer.echo("\n  ".join(kept(path).lines()))


@app.command()
def clear(every: All = False) -> None:
    """Delete what is kept, also files that cannot be read any more."""
    settings = load_settings()
    place, name = folder(settings), "*" if every else f"{settings.fingerprint}*"
    doomed = _own(path for where in (place, place / "locks") for path in where.glob(name))
    size = sum(path.stat().st_size for path in doomed)
    for path in doomed:
        path.unlink(missing_ok=True)
    typer.echo(f"Deleted {len(doomed)} files, {size / 1e6:.1f} MB, from {place}.")


def folder(settings: Settings) -> Path:
    """Where answers are kept."""
    return settings.cache_dir / "answers"


def cache_files(settings: Settings, every: bool) -> list[Path]:
    """The cache files of the current key, or of all keys.

    Raises:
        AuthenticationError: There is no current key.
    """
    name = "*.sqlite" if every else f"{settings.fingerprint}.sqlite"
    return _own(folder(settings).glob(name))


def kept(path: Path) -> Kept:
    """What a cache file holds."""
    from spoki_analytics.api.store import Store

    found = tuple(place.stat().st_mode & 0o777 for place in (path.parent, path))
    store = Store(path.parent, path.stem)
    try:
        moments = [entry.as_of for _, entry in store.entries()] if store.on_disk else []
        usable, (hits, misses) = store.on_disk, store.tallied()
    finally:
        store.close()
    size = sum(file.stat().st_size for file in path.parent.glob(f"{path.stem}.*"))
    newest, oldest = (max(moments), min(moments)) if moments else (None, None)
    return Kept(path, size, len(moments) if usable else None, oldest, newest, hits, misses, (found[0], found[1]))


def age(moment: datetime | None) -> str:
    """How long ago that was, in words."""
    if moment is None:
        return "unknown"
    minutes = int((datetime.now(UTC) - moment).total_seconds() // 60)
    if minutes < 120:
        return f"{minutes} min ago"
    return f"{minutes // 60} h ago" if minutes < 2880 else f"{minutes // 1440} days ago"


def _own(paths: Iterable[Path]) -> list[Path]:
    return sorted(path for path in paths if path.is_file() and _OWN.fullmatch(path.name))
