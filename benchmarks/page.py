"""The page: aims and what was reached, the method, the machine, every comparison."""

from __future__ import annotations

import inspect
import io
import math
import tokenize
from collections.abc import Callable, Iterator
from importlib import import_module

from benchmarks.cases import CASES
from benchmarks.machine import machine, versions
from benchmarks.processes import Facts
from benchmarks.rounds import ROUNDS, Aim, Case, Results, median
from spoki_analytics.catalogue import operation

All = dict[str, Results]
Column = tuple[str, Callable[[list[Facts]], str]]
Table = list[tuple[str, ...]]

_INTRODUCTION = """\
# Benchmarks

Written by `make bench`; `python -m benchmarks --help` runs single comparisons. Ratios within one table are the result:
absolute times belong to one machine on one day.
"""
_METHOD = """\
## Method

- In each round every way of a table runs once, in shuffled order, each in a fresh process, warmed up before: in that
  process on one page, or, where imports count, by another run on a small listing; for reports, by the run that fills
  the caches. Medians, with the extremes in brackets; 5 rounds unless said.
- *Imports included* means from the start of the process; elsewhere the clock runs for the work alone.
- Peak memory is the high-water mark of resident memory of the process: above what was resident before the work, or,
  where imports count, all of it.
- Data: invented contacts from a fixed seed (12 flat values, 3 custom fields, 2 lists, 2 tags; about 1 kB of JSON each,
  100 on a page, also for a client that asks for 200). All ways make the same four tables (contacts, custom values,
  lists and tags of contacts) with date-times in UTC and a categorical status, this package and the loop by hand also
  with nullable whole numbers and booleans; rows, sums and types are compared after each run. This package also makes
  E.164 phones, the names of lists and tags in the main frame and a column for each custom field, which no other does.
- Server: asyncio, pages encoded beforehand, a process of its own on the loopback: the client is what is measured.
- *By hand* is the loop that an analyst writes: a `requests.Session`, `json_normalize` for each table, the same types
  ([by_hand.py](../benchmarks/ways/by_hand.py)). *Floor* is the least that libraries need, without a cache, rates or
  tolerance for unexpected values ([floor.py](../benchmarks/ways/floor.py)).
- Loads are measured with the rate of contacts out of reach: otherwise the rate would be measured, not the code.
"""
_LISTING = """\
## Why a listing is kept as one table

A listing is kept whole, as one typed Parquet table inside the requests-cache file, not page by page:

- Pages that expire each on their own clock add up to the right number of rows and the wrong rows: a contact that moved
  between two pages is there twice, or not at all. A table has one moment (`as_of`) and one expiry.
- It is faster to read{figures}, and typed already.
- It is smaller: some 40 bytes a contact on disk in place of 1,000.

While a walk goes on its pages lie there as well, so that a load that breaks off goes on where it was; they land where
the rate is what one waits for, or in batches that take 3 % of the time, and go when the table is there.
"""
_CHANGED = """\
## What changed against version 0.1.0

- Cold, more is done than before: rows that moved under a walk are looked for (up to two requests more a listing), pages
  land, every answer has a limit for its whole time, numbers beyond 64 bits stay exact. What that cost at first was
  taken back: long numbers are looked for by translating digits instead of a pattern, pages are gone through for
  credentials only where there can be one and wait as text, a slot is dated anew only after a late request, a time
  limit starts no thread.
- `from spoki_analytics import Spoki` leaves out what plans corrections until one is planned.
- Processes find modules compiled, as pip leaves them, also where `PYTHONDONTWRITEBYTECODE` is set: before, each run
  compiled this package's sources, and no other's.
"""
_RATES = (
    (20_000, "20,000 contacts"),
    (100_000, "100,000 contacts"),
)
_CONTACTS_A_MINUTE = operation("list_contacts").rate or 60


def page(results: All) -> str:
    """The whole page, of the cases that were run."""
    cases = [case for case in CASES if case.name in results]
    parts = [_INTRODUCTION, _aims(cases, results), _felt(results), _METHOD]
    parts += [f"## Machine\n\n{machine()}. {versions()}.\n"]
    parts += [_comparison(case, results[case.name]) for case in cases]
    return "\n".join([*parts, _LISTING.format(figures=_reading(results)), _CHANGED])


def _aims(cases: list[Case], results: All) -> str:
    rows: Table = []
    reasons = []
    for case in cases:
        for aim in case.aims:
            reached = aim.reached(results[case.name])
            rows.append((aim.what, f"{aim.limit:g}{_unit(aim)}", f"{reached:.3g}{_unit(aim)}", _verdict(aim, reached)))
            if reached > aim.limit and aim.why:
                reasons.append(f"- **{aim.what}**: {aim.why}")
    text = "## Aims\n\nRatios of medians, to the hand-written loop unless said; lower is better.\n\n"
    text += _table(("what", "aim at most", "reached", ""), rows)
    return text + ("\nWhy not:\n\n" + "\n".join(reasons) + "\n" if reasons else "")


def _unit(aim: Aim) -> str:
    return f" {aim.unit}" if aim.unit else ""


def _verdict(aim: Aim, reached: float) -> str:
    if math.isnan(reached):
        return "not measured here"
    if reached <= aim.limit:
        return "yes"
    return f"**missed by {reached / aim.limit - 1:.0%}**" if aim.limit else "**missed**"


def _felt(results: All) -> str:
    """What a user feels: the limit that Spoki sets, and the code to write."""
    rows = [
        (
            title,
            f"{_minutes(count, 100)} min",
            f"{_minutes(count, 200)} min",
            *(_seconds(results, f"load-{count}", f"spoki_analytics, {state}") for state in ("cold", "warm")),
        )
        for count, title in _RATES
    ]
    pages = f"{_CONTACTS_A_MINUTE} pages"
    head = ("", f"{pages} of 100 a minute", f"{pages} of 200 a minute", "code alone, cold", "code alone, warm")
    lines = {name: _code_lines(f"benchmarks.ways.{name}") for name in ("by_hand", "with_spoki")}
    return (
        "## The limit that decides\n\nA real load is bound by the rate, not by the code: of contacts "
        f"{_CONTACTS_A_MINUTE} pages a minute are allowed, and as many at once.\n\n"
        + _table(head, rows)
        + f"\nLines of code for the four tables: {lines['by_hand']} by hand, {lines['with_spoki']} with this package "
        "(imports counted), and those by hand have no cache, no rates and no repeats.\n"
    )


def _reading(results: All) -> str:
    """What 1,000 pages cost when they come from a cache, of pages and of tables."""
    case = next(case for case in CASES if case.name == "page-warm")
    if case.name not in results:
        return ""
    _, pages, table = (case.scale * median(results[case.name][way.name], "seconds") for way in case.ways)
    return f": 1,000 pages from the cache take {pages:.1f} s before any conversion to frames, their table {table:.2f} s"


def _minutes(contacts: int, size: int) -> int:
    """Least minutes for so many contacts: full windows but the last burst."""
    return math.ceil(contacts / size / _CONTACTS_A_MINUTE) - 1


def _seconds(results: All, case: str, way: str) -> str:
    return f"{median(results[case][way], 'seconds'):.1f} s" if case in results else "–"


def _comparison(case: Case, results: Results) -> str:
    columns = list(_columns(case, results))
    rows = [(name, *(shown(runs) for _, shown in columns)) for name, runs in results.items()]
    count = len(next(iter(results.values())))
    rounds = "" if count == ROUNDS else f"{count} round{'s' * (count > 1)}. "
    note = f"{rounds}{case.note}".strip()
    table = _table(("", *(heading for heading, _ in columns)), rows)
    return f"## {case.title}\n\n{f'{note}{chr(10) * 2}' if note else ''}{table}"


def _columns(case: Case, results: Results) -> Iterator[Column]:
    """Each column's heading, and what it shows of the runs of one way."""
    if case.unit:
        yield f"{case.unit}, median (extremes)", lambda runs: _spread(runs, "seconds", case.scale, 2)
    if case.reference:
        reference = median(results[case.reference], "seconds")
        yield f"x {case.reference}", lambda runs: f"{median(runs, 'seconds') / reference:.2f}"
    if case.shows_memory:
        yield "peak MiB", lambda runs: _spread(runs, "memory", 1, 0)
    for fact, heading in case.facts:
        yield heading, lambda runs, fact=fact: f"{median(runs, fact):.0f}"  # type: ignore[misc]


def _spread(runs: list[Facts], fact: str, scale: float, digits: int) -> str:
    figures = [scale * each[fact] for each in runs if each[fact] is not None]
    if not figures:
        return "–"
    middle, low, high = (f"{figure:.{digits}f}" for figure in (scale * median(runs, fact), min(figures), max(figures)))
    return f"{middle} ({low}–{high})"


def _table(head: tuple[str, ...], rows: Table) -> str:
    rule = ("---", *["---:"] * (len(head) - 1))
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, rule, *rows)) + "\n"


def _code_lines(module: str) -> int:
    """Lines of a module that hold code: no blank ones, comments or docstring."""
    return len(set(_lines(inspect.getsource(import_module(module)))))


def _lines(source: str) -> Iterator[int]:
    passed = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        is_docstring = token.type == tokenize.STRING and token.line.lstrip().startswith('"""')
        if token.type not in passed and not is_docstring:
            yield token.start[0]
