"""``spoki-analytics cache``: what is kept on this machine, and how to get rid of it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from spoki_analytics.clock import now
from spoki_analytics.settings import Settings, load_settings
from spoki_analytics.wording.messages import gettext, ngettext, noop
from spoki_analytics.wording.numbers import format_number

_OWN = re.compile(r"[0-9a-f]{16}[.-].*")
"""Names of our own files: they begin with the fingerprint of a key. Anything else in the folder is not ours."""

app = typer.Typer(name="cache", help="Answers kept on this machine.", no_args_is_help=True)

All = Annotated[bool, typer.Option("--all", help="The answers for every key, not only the current one.")]


@dataclass(frozen=True)
class CacheFile:
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
            return [gettext("{path}: cannot be used; `spoki-analytics cache clear` removes it", path=self.path)]
        asked = self.hits + self.misses
        share = f"{self.hits} of {asked} ({self.hits / asked:.0%})" if asked else gettext("nothing asked yet")
        return [
            f"{self.path}",
            self._contents(self.entries),
            gettext("answered from the cache: {share}", share=share),
            self._permissions(),
        ]

    def _contents(self, entries: int) -> str:
        megabytes = format_number(self.size / 1e6, 1)
        answers = ngettext("{size} MB, {count} answer", "{size} MB, {count} answers", entries, size=megabytes)
        if self.newest is None or self.oldest is None:
            return answers
        newest, oldest = age(self.newest), age(self.oldest)
        return gettext("{answers}, newest {newest}, oldest {oldest}", answers=answers, newest=newest, oldest=oldest)

    def _permissions(self) -> str:
        sentence = noop("modes: folder {folder}, file {file}")
        if not self.is_private:
            sentence = noop("modes: folder {folder}, file {file} - others can read it")
        return gettext(sentence, folder=f"{self.modes[0]:04o}", file=f"{self.modes[1]:04o}")


@app.command()
def info(every: All = False) -> None:
    """Show what is kept: place, size, answers, age, hit rate, file modes."""
    settings = load_settings()
    files = cache_files(settings, every)
    typer.echo(gettext("Folder: {folder}", folder=folder(settings)))
    if not files:
        typer.echo(gettext("Nothing is kept."))
    for path in files:
        typer.echo("\n  ".join(inspect(path).lines()))


@app.command()
def clear(every: All = False) -> None:
    """Delete what is kept, also files that cannot be read any more."""
    settings = load_settings()
    home, name = folder(settings), "*" if every else f"{settings.fingerprint}*"
    doomed = _own(path for place in (home, home / "locks") for path in place.glob(name))
    size = sum(path.stat().st_size for path in doomed)
    for path in doomed:
        path.unlink(missing_ok=True)
    typer.echo(
        ngettext(
            "Deleted {count} file, {size} MB, from {folder}.",
            "Deleted {count} files, {size} MB, from {folder}.",
            len(doomed),
            size=f"{size / 1e6:.1f}",
            folder=home,
        )
    )


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


def inspect(path: Path) -> CacheFile:
    """What a cache file holds."""
    from spoki_analytics.api.store import Store

    modes = path.parent.stat().st_mode & 0o777, path.stat().st_mode & 0o777
    store = Store(path.parent, path.stem, mend=False)
    try:
        moments = [entry.as_of for _, entry in store.entries()] if store.on_disk else []
        usable, (hits, misses) = store.on_disk, store.tallied()
    finally:
        store.close()
    size = sum(file.stat().st_size for file in path.parent.glob(f"{path.stem}.*"))
    newest, oldest = (max(moments), min(moments)) if moments else (None, None)
    return CacheFile(path, size, len(moments) if usable else None, oldest, newest, hits, misses, modes)


def age(moment: datetime) -> str:
    """How long ago that was, in words."""
    minutes = int((now() - moment).total_seconds() // 60)
    if minutes < 120:
        return gettext("{minutes} min ago", minutes=minutes)
    if minutes < 2880:
        return gettext("{hours} h ago", hours=minutes // 60)
    return gettext("{days} days ago", days=minutes // 1440)


def _own(paths: Iterable[Path]) -> list[Path]:
    return sorted(path for path in paths if path.is_file() and _OWN.fullmatch(path.name))
