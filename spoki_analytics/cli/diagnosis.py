"""What ``spoki-analytics doctor`` looks at: each check gives findings, and none of them stops the others."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from spoki_analytics.api.pacing import PUT_ASIDE, Pace
from spoki_analytics.catalogue import catalogue
from spoki_analytics.cli.asking import Reply, ask_accounts, ask_origin
from spoki_analytics.cli.cache import cache_files, inspect
from spoki_analytics.cli.exits import ExitCode, exit_code
from spoki_analytics.cli.keys import overriding_source
from spoki_analytics.clock import real
from spoki_analytics.errors import SpokiError, UsageError
from spoki_analytics.settings import Settings
from spoki_analytics.wording.messages import gettext, ngettext, noop

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


def diagnose(load: Callable[[], Settings]) -> Iterator[Finding]:
    """All findings, one after the other as they are made.

    Args:
        load: Gives the settings, or says which of them are wrong.
    """
    try:
        settings = load()
    except UsageError as wrong:
        yield Finding("Settings", str(wrong), ExitCode.USAGE)
        yield from _open_file()
    else:
        yield from _with(settings)
    yield from _versions()
    yield from _kernels()


def _with(settings: Settings) -> Iterator[Finding]:
    """What depends on the settings."""
    yield _key(settings)
    yield from _open_file()
    try:
        reply = ask_accounts(settings) if settings.api_key else ask_origin(settings)
    except SpokiError as problem:
        yield Finding("Spoki", f"{settings.base_url}: {problem}", exit_code(type(problem)))
    else:
        yield Finding("Spoki", _connection(settings.base_url, reply))
        yield from _clock(reply)
        yield from _headers(reply.headers)
    yield from _rates(settings)
    yield from _cache(settings)
    yield from _data(settings)


def _connection(origin: str, reply: Reply) -> str:
    seconds = f"{reply.seconds:.2f}"
    if reply.accounts is None:
        return gettext("{origin} answers, {seconds} s (asked without a key)", origin=origin, seconds=seconds)
    return ngettext(
        "{origin} answers, {seconds} s; the key sees {count} account",
        "{origin} answers, {seconds} s; the key sees {count} accounts",
        reply.accounts,
        origin=origin,
        seconds=seconds,
    )


def _key(settings: Settings) -> Finding:
    try:
        end = settings.require_key()[-4:]
    except SpokiError as missing:
        return Finding("Key", str(missing), exit_code(type(missing)))
    source = overriding_source() or gettext("the system keyring")
    return Finding("Key", gettext("…{end} from {source}", end=end, source=source))


def _clock(reply: Reply) -> Iterator[Finding]:
    try:
        skew = (real() - parsedate_to_datetime(reply.headers["Date"])).total_seconds()
    except (KeyError, ValueError, TypeError):
        yield Finding("Clock", gettext("Spoki's answer carries no date to compare with"), doubtful=True)
        return
    sentence = noop("this machine is {seconds} s behind Spoki")
    if skew > 0:
        sentence = noop("this machine is {seconds} s ahead of Spoki")
    yield Finding("Clock", gettext(sentence, seconds=f"{abs(skew):.0f}"), doubtful=abs(skew) > SKEW)


def _headers(headers: Mapping[str, str]) -> Iterator[Finding]:
    defeating = [f"{name}: {headers[name]}" for name in ("Vary", "Set-Cookie", "Cache-Control") if name in headers]
    if not defeating:
        yield Finding("Headers", gettext("none that would defeat caching"))
        return
    sentence = noop("{headers} (would defeat a plain HTTP cache; this one goes by the documented lives)")
    yield Finding("Headers", gettext(sentence, headers="; ".join(defeating)))


def _rates(settings: Settings) -> Iterator[Finding]:
    """Rate and free slots of every operation that was used with this key on this machine."""
    if settings.api_key is None:
        return
    pace = Pace.of(settings)
    used = [row for row in catalogue() if pace.was_used(row)]
    for row in used:
        sentence = noop("{operation}: {left} of {rate} requests left in this minute ({source})")
        source = row.rate_source if row.rate else gettext("our default")
        numbers = {"left": pace.left(row), "rate": pace.rate(row)}
        yield Finding("Rate", gettext(sentence, operation=row.name, source=source, **numbers))
    if not used:
        yield Finding("Rate", gettext("no request has been made with this key"))


def _cache(settings: Settings) -> Iterator[Finding]:
    files = cache_files(settings, every=settings.api_key is None)
    for path in files:
        file = inspect(path)
        doubtful = file.entries is None or not file.is_private
        yield from (Finding("Cache", line, doubtful=doubtful) for line in file.lines())
    there = next(each for each in (settings.cache_dir, *settings.cache_dir.parents) if each.exists())
    if not _is_usable(there):
        sentence = gettext("{folder} cannot be written: nothing is kept between two runs", folder=settings.cache_dir)
        yield Finding("Cache", sentence, ExitCode.FAILED)
    elif not files:
        yield Finding("Cache", gettext("nothing is kept in {folder}", folder=settings.cache_dir))


def _data(settings: Settings) -> Iterator[Finding]:
    """Whether the folder of rates and journal can be written, and what lies there that was broken."""
    folder = settings.data_dir
    there = next(each for each in (folder, *folder.parents) if each.exists())
    if _is_usable(there):
        yield Finding("Data", f"{folder}")
    else:
        sentence = gettext("{folder} cannot be written: rates are kept for one process alone", folder=folder)
        yield Finding("Data", sentence, ExitCode.FAILED)
    for path in sorted((folder / "rates").glob(f"*{PUT_ASIDE}")):
        sentence = gettext("{path} cannot be used and was put aside; it may be deleted", path=path)
        yield Finding("Data", sentence, doubtful=True)


def _is_usable(folder: Path) -> bool:
    return folder.is_dir() and os.access(folder, os.W_OK)


def _open_file() -> Iterator[Finding]:
    """A ``.env`` with the key that others can read."""
    path = Path(".env")
    if os.name != "nt" and path.is_file() and path.stat().st_mode & 0o077:
        sentence = gettext("others can read {path}: close it with `chmod 600 {path}`", path=path)
        yield Finding("Key", sentence, doubtful=True)


def _versions() -> Iterator[Finding]:
    needed = [line for line in requires("spoki_analytics") or [] if "extra ==" not in line]
    names = ["spoki_analytics", *sorted(re.match(r"[\w.-]+", line)[0] for line in needed)]  # type: ignore[index]
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

    yield Finding("Kernels", gettext("reports run with {program}", program=sys.executable))
    try:
        kernels = KernelSpecManager().find_kernel_specs()
    except RuntimeError:  # of pathlib, where nobody has a home folder
        kernels = {}
    for name, folder in sorted(kernels.items()):
        program = _program(Path(folder) / "kernel.json")
        there = not program.is_absolute() or program.exists()
        missing = gettext("{name}: {program} is missing", name=name, program=program)
        yield Finding("Kernels", f"{name}: {program}" if there else missing, doubtful=not there)


def _program(specification: Path) -> Path:
    try:
        return Path(json.loads(specification.read_text(encoding="utf-8"))["argv"][0])
    except (OSError, ValueError, KeyError, IndexError, TypeError):
        return Path("/nowhere")
