"""Reads the API's own rows for comparison: fresh for small plans, from one listing that says its age for large ones."""

from __future__ import annotations

import warnings
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, tzinfo
from functools import cached_property
from typing import Any

import orjson

from spoki_analytics.api.answers import Answer, parse, spell
from spoki_analytics.api.session import Session
from spoki_analytics.catalogue import operation
from spoki_analytics.corrections.checks import MOMENT_FIELD, Zone
from spoki_analytics.errors import NotFoundError, UnavailableError, UnexpectedAnswerError
from spoki_analytics.frames.builder import TableBuilder
from spoki_analytics.frames.phones import Region, held, identity, is_same, stored_forms
from spoki_analytics.frames.schemas import SCHEMAS
from spoki_analytics.frames.tables import to_frame
from spoki_analytics.wording.masking import mask_credentials
from spoki_analytics.wording.messages import gettext

SMALL = 50
"""Changes up to which every target is read by itself, fresh: those of a plan for its preview, those of a request again
before it is sent."""

ApiRow = dict[str, Any]


def is_slow(retrieve: str) -> bool:
    """Whether Spoki answers single reads so seldom that several records are rather found in one listing.

    Those are the operations with a rate of their own, below that of all others; their families are small.
    """
    return bool(retrieve) and operation(retrieve).rate is not None


class RowsCodec:
    """Keeps the rows of a listing as JSON, credentials removed."""

    version = "corrections-1"
    key = "id"

    def builder(self) -> _Rows:
        """A new, empty list in the making."""
        return _Rows()

    def dump(self, table: list[ApiRow]) -> bytes:
        """The rows as JSON."""
        return spell(table)

    def load(self, body: bytes) -> list[ApiRow]:
        """The rows from JSON."""
        rows: list[ApiRow] = parse(body)
        return rows

    def head(self, table: list[ApiRow], rows: int) -> list[ApiRow]:
        """The first rows."""
        return table[:rows]


class _Rows:
    def __init__(self) -> None:
        self._rows: list[ApiRow] = []

    def add(self, rows: list[Any]) -> None:
        """Take the rows of one page."""
        self._rows += [mask_credentials(row) for row in rows if isinstance(row, dict)]

    def finish(self) -> list[ApiRow]:
        """All rows."""
        return self._rows


class Reader:
    """Reads what is there, for one plan.

    Args:
        session: The session of the key.
        size: How many targets the plan has; decides between single reads and one listing.
        region: Country of phone numbers that come without a country code; asked only when one turns up.
        zone: Time zone of the account; asked only when a time turns up.
        fresh: Read nothing from the cache; None reads it for large plans only.
        made: Ids of the records that the journal knows to have been made, by the operation that made them.

    Attributes:
        region: As given.
        clock: Gives the present moment.
        made: As given.
        as_of: When what was read first was read; None before anything was.
    """

    def __init__(
        self,
        session: Session,
        size: int,
        region: Region,
        *,
        zone: Zone = UTC,
        fresh: bool | None = None,
        made: Mapping[str, Collection[Any]] | None = None,
    ) -> None:
        self._session = session
        self.region = region
        self._zone = zone
        self.clock = session.clock
        self.made = made or {}
        self._small = size <= SMALL
        self._several = size > 1
        self._refresh = True if fresh or self._small else None
        self._listings: dict[tuple[str, str], list[ApiRow]] = {}
        self._ids: dict[str, dict[int, ApiRow]] = {}
        self._records: dict[tuple[str, Any], ApiRow | None] = {}
        self.as_of: datetime | None = None

    @property
    def zone(self) -> tzinfo:
        """Time zone of the account."""
        return self._zone() if callable(self._zone) else self._zone

    @cached_property
    def custom_field_types(self) -> dict[str, Any]:
        """The account's custom fields: type by code."""
        rows = self.reference("list_custom_fields")
        return {str(row["code"]): row.get("field_type") for row in rows if row.get("code")}

    @property
    def moment_codes(self) -> frozenset[str]:
        """Codes of the custom fields that hold a date and time."""
        return frozenset(code for code, kind in self.custom_field_types.items() if kind == MOMENT_FIELD)

    def record(self, retrieve: str, listing: str, record_id: Any) -> ApiRow | None:
        """One record by its id, None when there is none.

        Args:
            retrieve: Slug of the operation that gives one record; empty where there is none.
            listing: Slug of the listing that is read instead for large plans.
            record_id: The id.
        """
        if retrieve and (not listing or (self._small and not (self._several and is_slow(retrieve)))):
            if (retrieve, record_id) not in self._records:
                self._records[retrieve, record_id] = self.single(retrieve, record_id)
            return self._records[retrieve, record_id]
        if listing not in self._ids:
            self._ids[listing] = {row["id"]: row for row in self.listing(listing) if "id" in row}
        return self._ids[listing].get(record_id)

    def single(self, slug: str, record_id: Any) -> ApiRow | None:
        """The object of an operation with one path parameter, fresh; None when there is none."""
        entry = operation(slug)
        (parameter,) = entry.accepts("path")
        try:
            answer = self._session.read(entry, {parameter.name: record_id}, {}, refresh=True)
        except NotFoundError:
            return None
        self._note(answer)
        value = answer.value
        if isinstance(value, list):
            value = value[0] if len(value) == 1 and isinstance(value[0], dict) else {"items": value}
        if isinstance(value, dict):
            return value
        raise UnexpectedAnswerError(
            gettext("Spoki answered with something else than one object."), operation=entry.name
        )

    def listing(self, slug: str, query: Mapping[str, Any] | None = None) -> list[ApiRow]:
        """All rows of a listing; fresh for a small plan, else as old as the cache allows."""
        key = slug, orjson.dumps(query or {}, option=orjson.OPT_SORT_KEYS).decode()
        if key not in self._listings:
            answer = self._session.listing(operation(slug), query or {}, RowsCodec(), refresh=self._refresh)
            self._note(answer)
            self._listings[key] = answer.value
        return self._listings[key]

    def reference(self, slug: str) -> list[ApiRow]:
        """All rows of a listing that values are checked against, as old as the cache allows."""
        return self._session.listing(operation(slug), {}, RowsCodec()).value

    def ids(self, slug: str, asked: set[int]) -> set[int]:
        """Which of these ids a listing has; one that a kept listing lacks is looked for afresh."""
        kept = {row.get("id") for row in self.reference(slug)}
        if not asked <= kept:
            kept = {row.get("id") for row in self.listing(slug)}
        return asked & kept

    def shown(self, rows: list[ApiRow], family: str) -> dict[str, list[Any]]:
        """Rows as ``load`` shows them: the cells of each column of the family's frame."""
        schema = SCHEMAS[family]
        builder = TableBuilder(schema, self._session.settings.naive_timezone)
        builder.add(rows)
        with warnings.catch_warnings(action="ignore"):  # whoever loads them is warned
            frame = to_frame(builder.finish(), schema, self.region)
        return {str(name): frame[name].tolist() for name in frame.columns}

    def contacts_of(self, phone: str) -> list[ApiRow]:
        """The contacts that have a number, in whatever form Spoki keeps it; the very same digits come first."""
        if not self._small:
            return _nearest(self._by_person.get(identity(phone), []), phone)
        for form in stored_forms(phone, self.region):
            rows = self.listing("list_contacts", {"phone": form})
            if same := [
                (row, number) for row in rows if (number := self.number(row.get("phone"))) and is_same(number, phone)
            ]:
                return _nearest(same, phone)
        return []

    def holds(self, number: str) -> bool:
        """Whether a contact has that very number."""
        return any(self.number(row.get("phone")) == number for row in self.contacts_of(number))

    def contacts_with(self, email: str) -> list[ApiRow]:
        """The contacts that have an e-mail address."""
        rows = self.listing("list_contacts", {"email": email} if self._small else None)
        return [row for row in rows if str(row.get("email") or "").casefold() == email.casefold()]

    def number(self, phone: Any) -> str | None:
        """A phone that Spoki holds with plus and its digits, as it is sent; None when it holds no number."""
        return held(phone, self.region) if isinstance(phone, str) else None

    def way_back(self, row: Mapping[str, Any], phone: Any) -> str | None:
        """A number of a row as it can be sent again; None where Spoki itself calls what it holds invalid."""
        return None if row.get("has_invalid_phone") else self.number(phone)

    @cached_property
    def _by_person(self) -> dict[str, list[tuple[ApiRow, str]]]:
        by_person: dict[str, list[tuple[ApiRow, str]]] = {}
        for row in self.listing("list_contacts"):
            if number := self.number(row.get("phone")):
                by_person.setdefault(identity(number), []).append((row, number))
        return by_person

    def _note(self, answer: Answer[Any]) -> None:
        """Remember how old what was read is.

        Raises:
            UnavailableError: It is stale: Spoki does not answer, and nothing is compared with what may be long past.
        """
        if answer.stale:
            raise UnavailableError(
                gettext("Spoki does not answer, and corrections are not compared with stale data."),
                operation=answer.operation.name,
                account=answer.account,
            )
        self.as_of = min(self.as_of or answer.as_of, answer.as_of)


def _nearest(found: list[tuple[ApiRow, str]], phone: str) -> list[ApiRow]:
    """The contacts with the very same digits, else those whose number WhatsApp knows as the same."""
    return [row for row, number in found if number == phone] or [row for row, _ in found]
