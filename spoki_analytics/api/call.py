"""One call of a read: where it goes, and under which key its answer is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from numbers import Integral
from typing import Any, TypeVar
from urllib.parse import urlencode

from spoki_analytics.api.answers import Answer, removal
from spoki_analytics.api.progress import Meter
from spoki_analytics.api.store import Entry
from spoki_analytics.catalogue import Operation

T = TypeVar("T")
Query = Mapping[str, Any]


class Call:
    """One call: its address, the account it names, and the key under which its answer is kept.

    Args:
        operation: A row of the catalogue.
        path: Path parameters.
        query: Query parameters; None values are left out.
        base_url: Origin of the API.
        owner: What to call the account when the call names none.
        variant: What else tells two answers to the same address apart.

    Raises:
        RemovedOperationError: Spoki has removed the operation.
    """

    def __init__(
        self, operation: Operation, path: Query, query: Query, *, base_url: str, owner: str, variant: str = ""
    ) -> None:
        if operation.removed:
            raise removal(operation)
        self.operation = operation
        self.filters = {name: _spell(value) for name, value in {**path, **query}.items() if value is not None}
        sent = {name: self.filters[name] for name in query if name in self.filters}
        if operation.page_size:
            sent["page_size"] = str(operation.page_size)
        text = f"?{urlencode(sent)}" if sent else ""
        self.url = f"{base_url}{operation.target(**path)}{text}"
        whole = (p.name for p in operation.parameters if p.type == "int" and p.name in self.filters)
        self.filters |= {name: int(self.filters[name]) for name in whole}
        self.account = self.filters.get("account_id", owner)
        digest = hashlib.blake2b(f"{self.url}\n{variant}".encode(), digest_size=12).hexdigest()
        self.key = f"{operation.slug}:{digest}"

    def answer(self, entry: Entry, value: T, meter: Meter, *, hit: bool = False, stale: bool = False) -> Answer[T]:
        """The value with where it comes from."""
        told = {name: bool(entry.facts.get(name, False)) for name in ("drift", "resumed")}
        checked = bool(entry.facts.get("checked", not entry.facts))  # one object is one answer, and moves nowhere
        return Answer(
            value,
            self.operation,
            self.account,
            self.filters,
            entry.as_of,
            meter.requests,
            int(hit),
            stale,
            checked=checked,
            **told,
        )


def _spell(value: Any) -> Any:
    """A parameter as the API writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    return int(value) if isinstance(value, Integral) else str(value)
