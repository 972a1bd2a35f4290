"""Writes what pages say of the code: ``docs/operations.md``, and the tables of ``docs/loading.md`` (``make docs``)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from tempfile import TemporaryDirectory

from spoki_analytics import Spoki
from spoki_analytics.catalogue import Operation, catalogue
from spoki_analytics.cli.loadable import LOADABLE, SINGLE, filters
from spoki_analytics.resources.calls import ABSENT, call_of
from spoki_analytics.resources.spelling import in_python, in_shell

DOCS = Path(__file__).parent
INTRODUCTION = """\
# Operations of the Spoki API

Written from `spoki_analytics/catalogue.csv` and the methods in `spoki_analytics/resources/` by
`python docs/write_pages.py`; do not edit by hand. `spoki.operations` is the same as a frame, and
`spoki-analytics operations` lists it in a terminal.

**Use** is how this client does it, in Python and in a shell, with capitals for what you put in; where it does not,
why. **Kind**: a *read* changes nothing; a *correction* gives a plan, and sends nothing before it is applied.
**No.** is the place in Spoki's published list of operations; rows without one are endpoints beyond it. **Rate** is
requests a minute: documented, or *inferred* from clients, or *default* where no source states one
(`SPOKI_DEFAULT_RATE`). **Cache**: *report* lives 30 minutes, *list* `SPOKI_LIST_MINUTES`, the rest is never kept.
**Repeat** says what may be sent again: R a read, freely; I idempotent, after reading back; U an upsert, which may
fire automations; N never. Parameters in bold are required; sources are explained in
[spoki-api.md](spoki-api.md#0-sources-and-how-far-to-trust-them).
"""
HEADS = ("No.", "Operation", "Kind", "Use", "Request", "Parameters", "Rate", "Cache", "Repeat", "Notes", "Source")


def pages() -> dict[Path, str]:
    """Every page that is written here, as it should be."""
    loading = DOCS / "loading.md"
    return {DOCS / "operations.md": operations(), loading: with_resources(loading.read_text(encoding="utf-8"))}


def with_resources(page: str) -> str:
    """The page on loading with its table of what can be loaded, between the marks that say so."""
    begin, end = "<!-- begin: make docs -->\n", "<!-- end: make docs -->\n"
    before, _, rest = page.partition(begin)
    return f"{before}{begin}{resources()}{end}{rest.partition(end)[2]}"


def resources() -> str:
    """What can be loaded as a table, and what can only be had by its id."""
    lines = ["| `spoki-analytics load` | Python | Filters |", "|---|---|---|"]
    # The client is asked for its signatures only; no key is used, and nothing is left behind.
    with TemporaryDirectory() as folder, Spoki(api_key="unused", cache_dir=folder, data_dir=folder) as spoki:
        for name, call in LOADABLE.items():
            several = " (may be repeated)" if "account_id" in filters(call, spoki) else ""
            taken = ", ".join(f"`{each}`" for each in filters(call, spoki))
            lines.append(f"| `{name}` | `{in_python(call)}` | {taken}{several} |".replace("|  |", "| |"))
    only = ", ".join(f"`{name}`" for name in SINGLE if name not in LOADABLE)
    return "\n".join([*lines, "", f"Only with `--id`: {only}.", ""])


def operations() -> str:
    """The page of all operations."""
    by_family = sorted(catalogue(), key=attrgetter("family"))
    sections = (section(family, rows) for family, rows in groupby(by_family, key=attrgetter("family")))
    return "\n".join([INTRODUCTION, *sections])


def section(family: str, rows: Iterable[Operation]) -> str:
    """One family as a table."""
    lines = [HEADS, ("---",) * len(HEADS), *(tuple(cells(row)) for row in rows)]
    table = "\n".join("| " + " | ".join(line) + " |" for line in lines)
    return f"## {family.replace('_', ' ').capitalize()}\n\n{table}\n"


def cells(row: Operation) -> Iterator[str]:
    """The cells of one operation."""
    yield str(row.number or "")
    yield row.name
    yield "read" if row.is_read else "correction"
    yield use(row)
    yield f"`{row.method} {row.route}`"
    yield ", ".join(f"**{p.name}**" if p.required else p.name for p in row.parameters)
    yield f"{row.rate} {row.rate_source}" if row.rate else "default"
    yield row.cache.value
    yield row.retry.value
    replacement = f"use {row.replacement}" if row.replacement else ""
    yield "; ".join(note for note in (row.removed, replacement, row.note) if note)
    yield row.source


def use(row: Operation) -> str:
    """How the client does it, or why it does not."""
    call = call_of(row.slug)
    return f"`{in_python(call)}`<br>`{in_shell(call)}`" if call else f"none: {ABSENT[row.slug]}"


if __name__ == "__main__":
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
