"""A report as an order and as an outcome: what is to be run, and what became of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from spoki_analytics.reporting.keys import KeyReference
from spoki_analytics.reporting.notebooks import rows_of
from spoki_analytics.settings import Settings
from spoki_analytics.wording.inputs import Json

if TYPE_CHECKING:
    from nbformat import NotebookNode


@dataclass(frozen=True)
class ReportRequest:
    """A report to render.

    Attributes:
        name: A shipped notebook (``usage``, ``credit``, ``campaigns``) or a path to a notebook.
        parameters: Values for its parameters; the others keep their defaults.
    """

    name: str
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Job:
    """A report that was ordered: checked, complete, and without a key, so that it may travel to any process.

    Attributes:
        name: Name of the report.
        notebook: The notebook to run.
        parameters: Values for its parameters, checked; the others keep their defaults.
        out: Folder of all runs and their index.
        options: Settings of the client in the notebook, all but the key.
        key: Where the key is found.
        now: Moment of the run.
        today: Day from which the default period counts.
        cell_timeout: Seconds that one cell may take.
        deadline: Seconds that the whole report may take.
    """

    name: str
    notebook: NotebookNode = field(repr=False)
    parameters: dict[str, Json]
    out: Path
    options: dict[str, Any]
    key: KeyReference
    now: datetime
    today: date
    cell_timeout: float
    deadline: float

    @property
    def origin(self) -> str:
        """Where the data comes from, such as ``https://api.spoki.com``."""
        return str(self.options["base_url"])

    @property
    def names_no_account(self) -> bool:
        """Whether the rows of the report name no account, as its notebook declares: they are those of the key's own."""
        return rows_of(self.notebook) == "key"

    def settings(self) -> Settings:
        """The settings of the client in this process, with the key.

        Raises:
            AuthenticationError: The key is not where the order says it is.
        """
        return self.key.settings(self.options)


_JSON_NAMES = {"span": "period", "read_at": "as_of", "period": "period_in_words", "as_of": "as_of_in_words"}
"""Attributes of an outcome that ``run.json`` calls otherwise: there ``period`` and ``as_of`` are for programs."""


@dataclass(frozen=True)
class Outcome:
    """What became of a job; all but the folder is what its ``run.json`` says.

    Attributes:
        report: Name of the report.
        title: What the page is called.
        subject: The accounts it is about, in words.
        started: When the run began, ISO 8601 in UTC.
        seconds: How long it took.
        ok: Whether every cell completed and every expected chart is there.
        folder: Where its files are.
        error: One sentence on what went wrong.
        error_kind: Name of the exception that stopped it, such as ``AuthenticationError``.
        period: The days it is about, in words; ``period_in_words`` of ``run.json``.
        as_of: How old the oldest data was, in words; ``as_of_in_words`` of ``run.json``.
        span: The same period for programs: ``start``, ``end`` and ``zone``; ``period`` of ``run.json``.
        read_at: When the oldest data was read, ISO 8601; ``as_of`` of ``run.json``.
        parameters: As the notebook got them.
        headline: Label and value of the first key figures.
        files: Names of the files in the folder, by kind: ``html``, ``notebook``, ``kpis``.
        version: Version of the package.
        origin: Where the data comes from, such as ``https://api.spoki.com``; empty in runs of 0.2 and before.
        demo: Whether that is anything but Spoki itself.
        basis: What the key figures rest on, as data by name, such as ``campaign_counters``.
    """

    report: str
    title: str
    subject: str
    started: str
    seconds: float
    ok: bool
    folder: Path
    error: str = ""
    error_kind: str = ""
    period: str = ""
    as_of: str = ""
    span: dict[str, str] = field(default_factory=dict)
    read_at: str = ""
    parameters: dict[str, Any] = field(default_factory=dict)
    headline: list[dict[str, str]] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    version: str = ""
    origin: str = ""
    demo: bool = False
    basis: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Name of the report."""
        return self.report

    @property
    def html(self) -> Path | None:
        """The page; None when the run failed."""
        return self._file("html")

    @property
    def notebook(self) -> Path | None:
        """The executed notebook, as far as it went."""
        return self._file("notebook")

    @property
    def kpis(self) -> Path | None:
        """The key figures; None when the run failed."""
        return self._file("kpis")

    @property
    def series(self) -> str:
        """Report, accounts and whether it is a demo: runs of the same series replace each other for a reader."""
        return json.dumps([self.report, self.parameters.get("accounts", []), *(["demo"] if self.demo else [])])

    def to_json(self) -> str:
        """The outcome as its ``run.json`` has it; the folder is where that file lies."""
        facts = {_JSON_NAMES.get(name, name): value for name, value in vars(self).items() if name != "folder"}
        return json.dumps(facts, ensure_ascii=False, indent=1)

    @staticmethod
    def from_json(text: str | bytes, folder: Path) -> Outcome:
        """The outcome that a ``run.json`` tells of; fields that a later version may add are passed over.

        Raises:
            ValueError: The text is no such outcome.
        """
        facts = json.loads(text)
        if not isinstance(facts, dict):
            raise ValueError("A manifest must be a JSON object.")
        if isinstance(facts.get("period"), dict):  # until 0.2 the period stood there in words alone
            attributes = {key: name for name, key in _JSON_NAMES.items()}
            facts = {attributes.get(key, key): value for key, value in facts.items()}
        outcome = _reader().validate_python({**facts, "folder": folder})
        if datetime.fromisoformat(outcome.started).tzinfo is None:
            raise ValueError("A manifest must say in which zone its times are.")
        return outcome

    def _file(self, kind: str) -> Path | None:
        return self.folder / self.files[kind] if kind in self.files else None


@cache
def _reader() -> TypeAdapter[Outcome]:
    return TypeAdapter(Outcome)
