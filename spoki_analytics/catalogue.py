"""The catalogue: every API operation as one row of data.

The rows live in ``catalogue.csv`` beside this module, one operation a line, with the figures and the source of each.
Session, resources, sandbox, documentation and tests all read this table; nothing else knows a path or a rate.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from urllib.parse import quote

from spoki_analytics.errors import UsageError
from spoki_analytics.wording.messages import gettext

API_ROOT = "/api/1"
REPORT_LIFE = 30 * 60
"""Seconds that Spoki keeps a report on its side, and so do we (published operations list)."""


class Retry(StrEnum):
    """What may be repeated without being asked (contract, section 1.10)."""

    READ = "R"
    """A read: repeat freely."""
    IDEMPOTENT = "I"
    """Repeating gives the same state: repeat only after reading back."""
    UPSERT = "U"
    """Data-safe to repeat, but may fire automations."""
    NEVER = "N"
    """Repeating may do it twice."""


class Cache(StrEnum):
    """How long an answer may be reused."""

    REPORT = "report"
    """Thirty minutes, as on the server."""
    LIST = "list"
    """The configurable life of other lists."""
    NEVER = ""
    """Never stored."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One documented parameter of an operation.

    Attributes:
        name: As the API spells it.
        place: ``path``, ``query`` or ``body``.
        type: ``int``, ``str``, ``bool``, ``date``, ``datetime``, ``object``, or a list of these (``list[int]``).
        required: Whether the call is refused without it.
        choices: The documented values, where there is a closed list.
    """

    name: str
    place: str
    type: str
    required: bool
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Operation:
    """One row of the catalogue.

    Attributes:
        number: Place in the published list of 57, or None for an endpoint beyond it.
        family: Resource family, such as ``contacts``.
        name: Published name, such as ``List Contacts``.
        method: HTTP method.
        path: Path below the API root; parameters in braces.
        parameters: Documented parameters, path first.
        rate: Requests per minute, None where nothing is stated.
        rate_source: Where the rate is from: ``documented`` by Spoki, ``observed`` (a source ran it against Spoki and
            states the limit), ``inferred`` from how a source paces itself, or our ``default``.
        cache: How long an answer may be reused.
        retry: What may be repeated.
        response: ``page``, ``array``, ``listing`` (envelope unknown), ``object``, ``empty``, ``unknown``.
        page_size: Largest page size that a source has seen used, None where none has.
        removed: Why the operation no longer works, empty when it does.
        replacement: What replaces it.
        note: What a caller should know.
        source: Where the row comes from.
    """

    number: int | None
    family: str
    name: str
    method: str
    path: str
    parameters: tuple[Parameter, ...]
    rate: int | None
    rate_source: str
    cache: Cache
    retry: Retry
    response: str
    page_size: int | None
    removed: str
    replacement: str
    note: str
    source: str

    @property
    def slug(self) -> str:
        """Identifier made of the name: ``list_contacts``."""
        return _slug(self.name)

    @property
    def is_read(self) -> bool:
        """True when calling it changes nothing; a GET that creates is no read."""
        return self.retry is Retry.READ

    @property
    def is_listing(self) -> bool:
        """True when the answer is a list of rows, whatever its envelope."""
        return self.response in ("page", "array", "listing")

    @property
    def route(self) -> str:
        """Full path with the parameters still in braces."""
        return self.path if self.path.startswith("/wh/") else API_ROOT + self.path

    def target(self, **path_values: object) -> str:
        """Full path with its parameters filled in and percent-encoded.

        Raises:
            UsageError: A path parameter is missing or not of its type.
        """
        return re.sub(r"{(\w+)}", lambda match: self._fill(match[1], path_values.get(match[1])), self.route)

    def _fill(self, name: str, value: object) -> str:
        parameter = next(p for p in self.parameters if p.name == name)
        if parameter.type == "int":
            text = str(value)
            if isinstance(value, bool) or not re.fullmatch(r"[0-9]{1,18}", text):
                raise UsageError(gettext("{name} must be a whole number.", name=name), operation=self.name)
            return text
        if not isinstance(value, str) or not value.strip() or value in (".", ".."):
            raise UsageError(gettext("{name} must be a text that is not empty.", name=name), operation=self.name)
        return quote(value, safe="")

    def accepts(self, place: str) -> tuple[Parameter, ...]:
        """The parameters that go to one place: ``path``, ``query`` or ``body``."""
        return tuple(p for p in self.parameters if p.place == place)


def _parameters(method: str, path: str, path_types: str, text: str) -> Iterator[Parameter]:
    typed = dict(item.split(":") for item in path_types.split())
    for name in re.findall(r"{(\w+)}", path):
        yield Parameter(name, "path", typed.get(name, "int"), required=True)
    place = "query" if method in ("GET", "DELETE") else "body"
    for item in text.split(";"):
        if not (item := item.strip()):
            continue
        name, _, kind = item.partition(":")
        kind, _, choices = kind.partition("=")
        yield Parameter(name.rstrip("!"), place, kind, name.endswith("!"), tuple(choices.split("|")) if choices else ())


def _operation(row: dict[str, str]) -> Operation:
    return Operation(
        number=int(row["number"]) if row["number"] else None,
        family=row["family"],
        name=row["name"],
        method=row["method"],
        path=row["path"],
        parameters=tuple(_parameters(row["method"], row["path"], row["path_types"], row["parameters"])),
        rate=int(row["rate"]) if row["rate"] else None,
        rate_source=row["rate_source"],
        cache=Cache(row["cache"]),
        retry=Retry(row["retry"]),
        response=row["response"],
        page_size=int(row["page_size"]) if row["page_size"] else None,
        removed=row["removed"],
        replacement=row["replacement"],
        note=row["note"],
        source=row["source"],
    )


@cache
def catalogue() -> tuple[Operation, ...]:
    """All operations: the 57 published ones in their order, then those beyond them."""
    text = (files("spoki_analytics") / "catalogue.csv").read_text(encoding="utf-8")
    return tuple(_operation(row) for row in csv.DictReader(text.splitlines()))


@cache  # asked for several times with each request
def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


@cache
def _by_slug() -> dict[str, Operation]:
    return {operation.slug: operation for operation in catalogue()}


def operation(slug: str) -> Operation:
    """The operation of that slug, such as ``list_contacts``; KeyError when there is none."""
    return _by_slug()[slug]
