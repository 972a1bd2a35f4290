"""What ``spoki-analytics doctor`` looks at: each check gives findings, and none of them stops the others."""

from __future__ import annotations

import json
import re
import sqlite3
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from spoki_analytics.api.pacing import Pace
from spoki_analytics.catalogue import catalogue
from spoki_analytics.cli.asking import Told, ask_accounts, ask_origin
from spoki_analytics.cli.cache import cache_files, kept
from spoki_analytics.cli.exits import ExitCode, exit_code
from spoki_analytics.cli.keys import overriding_source
from spoki_analytics.errors import SpokiError
from spoki_analytics.settings import Settings

SKEW = 30.0
"""Seconds by which the clocks may differ before the age of answers and the pace of requests become doubtful."""


@dataclass(frozen=True)
class Finding:
    """One line of the diagnosis.

    Attributes:
        topic: What was looked at.
        text: What was found.
        code: What it means for the exit code.
        doubtful: Whether it deserves a second look although it stops nothing.
    """

    topic: str
    text: str
    code: ExitCode = ExitCode.FINE
    doubtful: bool = False

    @property
    def mark(self) -> str:
        """``ok``, ``look`` or ``FAIL``."""
        return "FAIL" if self.code else "look" if self.doubtful else "ok"


def diagnose(settings: Settings) -> Iterator[Finding]:
    """All findings, one after the other as they are made."""
    yield _key(settings)
    try:
        told = ask_accounts(settings) if settings.api_key else ask_origin(settings)
    except SpokiError as problem:
        yield Finding("Spoki", f"{settings.base_url}: {problem}", exit_code(type(problem)))
    else:
        seen = f"; the key sees {told.accounts} accounts" if told.accounts is not None else " (asked without a key)"
        yield Finding("Spoki", f"{settings.base_url} answers, {told.seconds:.2f} s{seen}")
        yield from _clock(told)
        yield from _headers(told.headers)
    yield from _rates(settings)
    yield from _cache(settings)
    yield Finding("Data", f"{settings.data_dir}")
    yield from _versions()
    yield from _kernels()


def _key(settings: Settings) -> Finding:
    try:
        key = settings.require_key()
    except SpokiError as missing:
        return Finding("Key", str(missing), exit_code(type(missing)))
    return Finding("Key", f"…{key[-4:]} from {overriding_source() or 'the system keyring'}")


def _clock(told: Told) -> Iterator[Finding]:
    try:
        skew = (datetime.now(UTC) - parsedate_to_datetime(told.headers["Date"])).total_seconds()
    except (KeyError, ValueError, TypeError):
        yield Finding("Clock", "Spoki's answer carries no date to compare with", doubtful=True)
        return
    side = "ahead of" if skew > 0 else "behind"
    yield Finding("Clock", f"this machine is {abs(skew):.0f} s {side} Spoki", doubtful=abs(skew) > SKEW)


def _headers(headers: Mapping[str, str]) -> Iterator[Finding]:
    defeating = [f"{name}: {headers[name]}" for name in ("Vary", "Set-Cookie", "Cache-Control") if name in headers]
    told = "; ".join(defeating) + " (would defeat a plain HTTP cache; this one goes by the documented lives)"
    yield Finding("Headers", told if defeating else "none that would defeat caching")


def _rates(settings: Settings) -> Iterator[Finding]:
    """Rate and free slots of every operation that was used with this key on this machine."""
    if settings.api_key is None:
        return
    place, name = settings.data_dir / "rates", settings.fingerprint
    pace = Pace(
        place,
        name,
        window=settings.rate_window,
        default_rate=settings.default_rate,
        longest_pause=settings.max_retry_after,
    )
    used = _tables(place / f"{name}.sqlite")
    for row in (row for row in catalogue() if row.slug in used):
        source = row.rate_source if row.rate else "our default"
        left = f"{pace.left(row)} of {pace.rate(row)} requests left in this minute"
        yield Finding("Rate", f"{row.name}: {left} ({source})")
    if not used:
        yield Finding("Rate", "no request has been made with this key")


def _tables(path: Path) -> set[str]:
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except sqlite3.DatabaseError:
        return set()


def _cache(settings: Settings) -> Iterator[Finding]:
    files = cache_files(settings, every=settings.api_key is None)
    for path in files:
        found = kept(path)
        doubtful = found.entries is None or not found.is_private
        yield from (Finding("Cache", line, doubtful=doubtful) for line in found.lines())
    if not files:
        yield Finding("Cache", f"nothing is kept in {settings.cache_dir}")


def _versions() -> Iterator[Finding]:
    needed = [wanted for wanted in requires("spoki_analytics") or [] if "extra ==" not in wanted]
    names = ["spoki_analytics", *sorted(re.match(r"[\w.-]+", wanted)[0] for wanted in needed)]  # type: ignore[index]
    python = ".".join(map(str, sys.version_info[:3]))
    yield Finding("Versions", f"Python {python}; " + ", ".join(f"{name} {_version(name)}" for name in names))


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "MISSING"


def _kernels() -> Iterator[Finding]:
    """Kernels for work by hand; a report always runs with this interpreter."""
    from jupyter_client.kernelspec import KernelSpecManager

    yield Finding("Kernels", f"reports run with {sys.executable}")
    for name, folder in sorted(KernelSpecManager().find_kernel_specs().items()):
        program = _program(Path(folder) / "kernel.json")
        there = not program.is_absolute() or program.exists()
        yield Finding("Kernels", f"{name}: {program}" + ("" if there else " is missing"), doubtful=not there)


def _program(specification: Path) -> Path:
    try:
        return Path(json.loads(specification.read_text(encoding="utf-8"))["argv"][0])
    except (OSError, ValueError, KeyError, IndexError, TypeError):
        return Path("/nowhere")
