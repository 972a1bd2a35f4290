"""How often the range of days left holds the true day: ``python -m benchmarks.coverage [--cases N] [--write]``.

Accounts are invented (`benchmarks.traffic`), their past is shown to the forecast, and their balance is what they are
going to use in the coming 14, 30 or 45 days, so that the day on which it is used up is known.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from itertools import product
from typing import NamedTuple

import numpy as np

from benchmarks.processes import ROOT
from benchmarks.traffic import KINDS, account
from spoki_analytics.metrics.forecast import DaysLeft, days_left

PAGE = ROOT / "docs" / "benchmarks.md"
CASES = 400
SEED = 71_828
HORIZONS = (14, 30, 45)
"""Days after which the balance is used up."""
LEAST = 0.75
"""The share of accounts whose true day the range has to hold."""
ALLOWANCE = 1
"""Days by which the true day may lie outside: a balance that ends with a day ends on that day or the next."""

HEADING = "## How often the range of days left holds the true day"
_TEXT = """\
{heading}

The credit page says on which day a balance will be used up, with a range from the 10th to the 90th percentile. Here the
true day is known, as the accounts are invented ([traffic.py](../benchmarks/traffic.py)): their last 13 weeks are given
to the [forecast](../spoki_analytics/metrics/forecast.py), their balance is what they use in the coming 14, 30 or 45
days. {cases} accounts a row, seed {seed}. Aim: at least {least} with one day's allowance.
{verdict}

{table}
Nothing of this holds for what no past shows: a season to come, a price that changes, a campaign that nobody has
scheduled yet.
"""
Forecast = Callable[..., DaysLeft | None]


class Cell(NamedTuple):
    """What was measured of accounts of one kind at one horizon.

    Attributes:
        kind: One of `KINDS`.
        horizon: One of `HORIZONS`.
        holds: Share of the accounts whose true day lies in the range, with the day's allowance.
        holds_exactly: The same without it.
        width: Median days from one end of the range to the other.
        error: Median distance of the value from the true day, as a share of that.
    """

    kind: str
    horizon: int
    holds: float
    holds_exactly: float
    width: float
    error: float


def measure(kind: str, horizon: int, cases: int, seed: int = SEED, forecast: Forecast = days_left) -> Cell:
    """Measure how a forecast does for accounts of one kind."""
    random = np.random.default_rng([seed, list(KINDS).index(kind), horizon])
    outside, width, error = np.array([_judge(kind, horizon, random, forecast) for _ in range(cases)]).T
    return Cell(
        kind,
        horizon,
        holds=float((outside <= ALLOWANCE).mean()),
        holds_exactly=float((outside <= 0).mean()),
        width=float(np.median(width)),
        error=float(np.median(error)),
    )


def section(cases: int) -> str:
    """The part of the page: what is measured, and the table."""
    jobs = list(product(KINDS, HORIZONS))
    with ProcessPoolExecutor() as pool:
        cells = list(pool.map(measure, *zip(*jobs, strict=True), [cases] * len(jobs)))
    lowest = min(cells, key=lambda cell: cell.holds)
    verdict = f"Lowest: {lowest.holds:.2f} ({lowest.kind}, {lowest.horizon} days)."
    return _TEXT.format(heading=HEADING, cases=cases, seed=SEED, least=LEAST, verdict=verdict, table=_table(cells))


def _judge(kind: str, horizon: int, random: np.random.Generator, forecast: Forecast) -> tuple[float, float, float]:
    """Of one account: by how many days the range misses the true one, how wide it is, how far off the value is."""
    past, coming = account(kind, random)
    balance = max(int(coming[:horizon].sum()), 1)
    true_day = int(np.searchsorted(coming.cumsum(), balance)) + 1
    left = forecast(past, balance)
    if left is None:
        raise ValueError(f"{kind}: no forecast")
    outside = max(np.floor(left.low) - true_day, true_day - np.ceil(left.high))
    return outside, left.high - left.low, abs(left.value - true_day) / true_day


def _table(cells: list[Cell]) -> str:
    head = "| traffic | days | range holds | to the day | median width, days | median error of the value |"
    rows = [
        f"| {cell.kind} | {cell.horizon} | {cell.holds:.2f} | {cell.holds_exactly:.2f} | {cell.width:.0f} "
        f"| {cell.error:.0%} |"
        for cell in cells
    ]
    return "\n".join([head, "| --- | ---: | ---: | ---: | ---: | ---: |", *rows]) + "\n"


def main() -> None:
    """Measure, print, and write the part of the page."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.coverage", description=__doc__)
    parser.add_argument("--cases", type=int, default=CASES, help="Accounts of each kind and horizon.")
    parser.add_argument("--write", action="store_true", help=f"Write the part of {PAGE.relative_to(ROOT)}.")
    chosen = parser.parse_args()
    text = section(chosen.cases)
    print(text)
    if chosen.write:
        before = re.split(rf"^{HEADING}$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[0]
        PAGE.write_text(f"{before.rstrip()}\n\n{text}", encoding="utf-8")


if __name__ == "__main__":
    main()
