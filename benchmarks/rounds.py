"""One comparison: in each round every way runs once, in shuffled order, each in a fresh process."""

from __future__ import annotations

import random
import statistics
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from benchmarks.processes import Facts, Stage, Way, run

ROUNDS = 5
Results = dict[str, list[Facts]]


@dataclass(frozen=True)
class Aim:
    """What a way should reach.

    Attributes:
        what: In words.
        way: Name of the way.
        limit: The most that it may be.
        of: Name of the way to which it is a ratio; None for a plain figure.
        fact: What is compared: ``seconds``, ``memory``, or what the ways tell.
        ideal: A figure to which it is a ratio in place of a way.
        why: The reason, should it not be reached.
        unit: Of a plain figure.
    """

    what: str
    way: str
    limit: float
    of: str | None = None
    fact: str = "seconds"
    ideal: float | None = None
    why: str = ""
    unit: str = ""

    def reached(self, results: Results) -> float:
        """The ratio of the medians, or the plain figure."""
        figure = median(results[self.way], self.fact)
        return figure / (self.ideal or (median(results[self.of], self.fact) if self.of else 1.0))


@dataclass(frozen=True)
class Case:
    """One comparison.

    Attributes:
        name: On the command line.
        title: On the page.
        ways: What is compared.
        stage: Where.
        aims: What should be reached.
        note: What a reader must know.
        warm_up: A small stage in which every way runs once before it counts.
        rounds: Rounds, unless others are asked for.
        facts: What else of the ways' answers the page shows, with its heading.
        reference: The way to which the page gives ratios.
        unit: Of the page's times, ``scale`` of which are a second; empty where times don't matter.
        shows_memory: Whether the page shows peak memory; not where the work is done by other processes.
    """

    name: str
    title: str
    ways: tuple[Way, ...]
    stage: Callable[[], AbstractContextManager[Stage]]
    aims: tuple[Aim, ...] = ()
    note: str = ""
    warm_up: Callable[[], AbstractContextManager[Stage]] | None = None
    rounds: int = ROUNDS
    facts: tuple[tuple[str, str], ...] = ()
    reference: str = ""
    unit: str = "s"
    scale: float = 1.0
    shows_memory: bool = False


def compare(case: Case, rounds: int | None) -> Results:
    """The facts of all runs of each way.

    Raises:
        RuntimeError: A way failed, or two ways made different things.
    """
    if case.warm_up:
        with case.warm_up() as stage:
            for way in case.ways:
                run(way, stage)
    results: Results = {way.name: [] for way in case.ways}
    with case.stage() as stage:
        for number in range(rounds or case.rounds):
            order = random.Random(f"{case.name} {number}").sample(case.ways, len(case.ways))
            for way in order:
                results[way.name].append(run(way, stage))
    _require_same(case, results)
    return results


def median(runs: list[Facts], fact: str) -> float:
    """The median of a fact, ``nan`` where it is not told."""
    figures = [each[fact] for each in runs if each.get(fact) is not None]
    return statistics.median(figures) if figures else float("nan")


def _require_same(case: Case, results: Results) -> None:
    """Refuse to compare ways that did not make the same."""
    made = {name: [each["same"] for each in runs if "same" in each] for name, runs in results.items()}
    told = [same for runs in made.values() for same in runs]
    if any(same != told[0] for same in told):
        raise RuntimeError(f"{case.name}: the ways made different things: { {n: r[:1] for n, r in made.items()} }")
