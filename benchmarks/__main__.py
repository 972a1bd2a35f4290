"""``python -m benchmarks [case ...] [--rounds N] [--write]``: compare, print the page, and write docs/benchmarks.md."""

from __future__ import annotations

import argparse
import sys
import time

from benchmarks import coverage
from benchmarks.cases import CASES
from benchmarks.page import page
from benchmarks.processes import ROOT
from benchmarks.rounds import compare

PAGE = coverage.PAGE


def main() -> None:
    """Run the chosen comparisons."""
    names = [case.name for case in CASES]
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Compare speed, memory and size.")
    parser.add_argument("cases", nargs="*", metavar="case", help=f"Some of {', '.join(names)}; else all.")
    parser.add_argument("--rounds", type=int, help="Rounds of every case; else its own number, mostly 5.")
    parser.add_argument("--write", action="store_true", help=f"Write {PAGE.relative_to(ROOT)}; needs all cases.")
    chosen = parser.parse_args()
    if unknown := set(chosen.cases) - set(names):
        parser.error(f"no such case: {', '.join(sorted(unknown))}")
    if chosen.write and chosen.cases:
        parser.error("--write needs all cases, as the page shows them all")
    results = {}
    for case in CASES:
        if not chosen.cases or case.name in chosen.cases:
            begun = time.monotonic()
            results[case.name] = compare(case, chosen.rounds)
            print(f"{case.name}: {time.monotonic() - begun:.0f} s", file=sys.stderr)
    text = page(results)
    print(text)
    if chosen.write:
        PAGE.write_text(f"{text}\n{coverage.section(coverage.CASES)}", encoding="utf-8")


if __name__ == "__main__":
    main()
