"""What Spoki holds of the records that rows name, beside the cells of the rows.

What ``load`` wrote comes back in many forms: typed from Python and Parquet, as text from CSV, as what a sheet shows
from Excel. A cell that says what Spoki holds changes nothing, so that it is accepted whatever it looks like: a contact
may really be called Vero, and an old e-mail address may be none. Columns that cannot be written may stand in the file,
too, as long as nobody has changed them.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from numbers import Number
from typing import Any

import numpy as np
import pandas as pd

from spoki_analytics.catalogue import operation
from spoki_analytics.corrections.artefacts import TRUTHS
from spoki_analytics.corrections.checks import Terms, is_missing, read_moment
from spoki_analytics.corrections.kinds.compare import project, same
from spoki_analytics.corrections.reader import ApiRow, Reader
from spoki_analytics.corrections.refusals import InvalidValueError, Reason, Refusal
from spoki_analytics.corrections.rows import FIELD_PREFIX, Columns, Reading, Row
from spoki_analytics.corrections.writes import Write
from spoki_analytics.errors import UnavailableError
from spoki_analytics.frames.schemas import SCHEMAS
from spoki_analytics.wording.names import describe, nearest, quote

_NUMBER = re.compile(r"-?[0-9]+(?:[.,][0-9]+)?")
_ROUNDING = timedelta(seconds=1)
"""Excel keeps moments as fractions of a day: they come back a little off."""
_DERIVED = ("_raw", "_eur", "_datetime")
"""Ends of columns that ``load`` adds to those of the API."""
_CUSTOM = "custom_fields"


class HeldRecords:
    """The records that rows of one write name.

    Args:
        write: The write.
        reader: Reads the records; the plan goes on with what it has read.
        columns: What rows may hold, and how cells are read.
    """

    def __init__(self, write: Write, reader: Reader, columns: Columns) -> None:
        self._write = write
        self._reader = reader
        self._columns = columns
        self._terms = columns.terms
        self._key = "phone" if write.kind == "upsert" else "id"
        self._family = operation(write.listing).family if write.listing else ""

    def may_show(self, column: str) -> bool:
        """Whether a column that cannot be written may be one that Spoki shows: not where it is a slip of the pen."""
        if self._family not in SCHEMAS:
            return False
        declared = {path for path, _ in SCHEMAS[self._family].leaves()}
        return column in declared or column.endswith(_DERIVED) or nearest(column, self._known) is None

    def settle(self, reading: Reading, given: Sequence[Mapping[Any, Any]], shown: Mapping[Hashable, Refusal]) -> None:
        """Accept the cells that are as Spoki holds them; see ``rows.Held``."""
        if any(not refusal.row for refusal in reading.refusals):
            return  # nothing of the frame is planned, so that nothing need be read
        records = self._records(reading)
        found = [record for record in records if record is not None]
        columns = self._reader.shown(found, self._family) if found and self._family in SCHEMAS else {}
        places = iter(range(len(found)))
        accepted: set[tuple[str, str]] = set()
        for number, (record, cells) in enumerate(zip(records, given, strict=True)):
            if record is None:
                continue
            place = next(places)
            loaded = {name: values[place] for name, values in columns.items()}
            same_cells = {name: cell for name, cell in cells.items() if self._is_held(str(name), cell, record, loaded)}
            label = reading.rows[number].label
            accepted |= {(label, str(name)) for name in same_cells}
            row = self._unchanged(reading.rows[number], record, map(str, same_cells))
            reading.rows[number] = self._custom_unchanged(row, record, loaded, cells.get(_CUSTOM), reading)
        reading.refusals = [each for each in reading.refusals if (each.row, each.column) not in accepted]
        for column, refusal in shown.items():
            self._refuse_changed(reading, column, refusal, zip(records, given, strict=True), accepted)

    @property
    def _known(self) -> list[str]:
        return [*self._writable, *(f"{FIELD_PREFIX}{code}" for code in self._columns.definitions or ())]

    @property
    def _writable(self) -> list[str]:
        return [parameter.name for parameter in self._write.parameters]

    def _records(self, reading: Reading) -> list[ApiRow | None]:
        """The records that the rows name; none where Spoki cannot be asked and each row is refused as it stands."""
        try:
            return [self._record(row) for row in reading.rows]
        except UnavailableError:
            if {row.label for row in reading.rows} <= {refusal.row for refusal in reading.refusals}:
                return [None] * len(reading.rows)
            raise

    def _record(self, row: Row) -> ApiRow | None:
        """The record that a row names; None where that cannot be said, or there is none."""
        key = row.values.get(self._key)
        if key is None:
            return None
        if self._key == "id":
            return self._reader.record(self._write.retrieve, self._write.listing, key)
        contacts = self._reader.contacts_of(key)
        return contacts[0] if len(contacts) == 1 else None

    def _is_held(self, name: str, cell: Any, record: ApiRow, loaded: Mapping[str, Any]) -> bool:
        value = cell.item() if isinstance(cell, np.generic) else cell
        forms = [form[name] for form in (loaded, record) if name in form]
        if name.startswith(FIELD_PREFIX) and not forms:
            forms = [None]  # nobody has a value in this field
        return any(_says(value, form, self._terms) for form in forms)

    def _unchanged(self, row: Row, record: ApiRow, names: Iterable[str]) -> Row:
        """The row with the values of Spoki where its cells say them: there is nothing to check, and nothing to send."""
        values = dict(row.values)
        codes = set()
        for name in names:
            if name.startswith(FIELD_PREFIX):
                codes.add(name.removeprefix(FIELD_PREFIX))
            elif name in self._writable and name != self._key:
                held = self._held_value(record, name, values)
                if held is None:
                    values.pop(name, None)
                else:
                    values |= held
        custom = values.get(_CUSTOM, {})
        if custom := {**custom, **self._held_codes(record, codes, custom)}:
            values[_CUSTOM] = custom
        return replace(row, values=values)

    def _custom_unchanged(
        self, row: Row, record: ApiRow, loaded: Mapping[str, Any], given: Any, reading: Reading
    ) -> Row:
        """The row, where custom values came as a mapping, with those that Spoki holds taken as they are."""
        held = {
            code
            for code, cell in (given.items() if isinstance(given, Mapping) else ())
            if self._is_held(f"{FIELD_PREFIX}{code}", cell, record, loaded)
        }
        if not held:
            return row
        others = {code: cell for code, cell in given.items() if code not in held}
        reading.refusals = [each for each in reading.refusals if (each.row, each.column) != (row.label, _CUSTOM)]
        try:
            custom = self._columns.check(_CUSTOM, others)
        except InvalidValueError as problem:
            reading.refusals.append(problem.refusal(row.label, _CUSTOM))
            return row
        return replace(row, values={**row.values, _CUSTOM: {**custom, **self._held_codes(record, held, custom)}})

    def _held_value(self, record: ApiRow, name: str, values: Mapping[str, Any]) -> dict[str, Any] | None:
        """The value of Spoki where it was not read as the same; None where it is shown otherwise than written."""
        subject = self._write.subject
        held = project(subject, record, {name: values.get(name, "")})
        if name in record and name not in held:
            return None
        if name in values and name in held and same(subject, name, held[name], values[name], self._reader.region):
            return {}
        return held if held.get(name) is not None else {}

    def _held_codes(self, record: ApiRow, codes: Iterable[str], custom: Mapping[str, Any]) -> dict[str, Any]:
        """The custom values that Spoki holds, where they were not read as the same."""
        subject = self._write.subject
        asked = {code: custom.get(code, "") for code in codes}
        held = project(subject, record, {_CUSTOM: asked}).get(_CUSTOM, {})
        return {
            code: value
            for code, value in held.items()
            if value is not None
            and not (code in custom and same(subject, code, value, custom[code], self._reader.region))
        }

    def _refuse_changed(
        self,
        reading: Reading,
        column: Hashable,
        refusal: Refusal,
        cells: Iterable[tuple[ApiRow | None, Mapping[Any, Any]]],
        accepted: set[tuple[str, str]],
    ) -> None:
        """Refuse a column that cannot be written where its cells say something else than what is there."""
        pairs = list(zip(list(reading.rows), cells, strict=True))
        none_is_there = all(record is None for _, (record, _) in pairs)
        for row, (record, given) in pairs:
            if column not in given or (row.label, str(column)) in accepted or _is_nothing(given[column]):
                continue
            if none_is_there:
                reading.refusals.append(refusal)
                return
            if record is None or column not in record:
                reading.refusals.append(replace(refusal, row=row.label))
                continue
            held = describe(record[str(column)])
            reading.refuse(row.label, str(column), Reason.READ_ONLY, value=quote(given[column]), held=held)


def _says(cell: Any, held: Any, terms: Terms) -> bool:
    """Whether a cell says what is held, in any of the forms in which files and frames write it."""
    if isinstance(cell, pd.DataFrame | pd.Series):  # which would be compared cell by cell
        return False
    if _is_nothing(held) or _is_nothing(cell):
        return _is_nothing(held) and _is_nothing(cell)
    if isinstance(held, bool | np.bool_):
        return (TRUTHS.get(cell.strip().casefold()) if isinstance(cell, str) else cell) is bool(held)
    if isinstance(held, datetime):
        return _is_moment(cell, held, terms)
    if isinstance(held, list):
        return bool(_joined(cell) == _joined(held))
    if isinstance(held, Number) and isinstance(cell, str):
        text = cell.strip().replace(",", ".")
        return _NUMBER.fullmatch(text) is not None and Decimal(text) == Decimal(str(held))
    return bool(_spelled(cell) == _spelled(held))


def _is_nothing(value: Any) -> bool:
    return is_missing(value) or (isinstance(value, str | list) and len(value) == 0)


def _is_moment(cell: Any, held: datetime, terms: Terms) -> bool:
    try:
        return abs(read_moment(cell, terms) - held.astimezone(UTC)) < _ROUNDING
    except InvalidValueError:
        return False


def _joined(value: Any) -> Any:
    return "; ".join(map(str, value)) if isinstance(value, list | tuple | np.ndarray) else _spelled(value)


def _spelled(value: Any) -> Any:
    """A text as a file may have changed it: line breaks become plain, and Excel cannot keep all control characters."""
    if not isinstance(value, str):
        return value
    plain = value.replace("\r\n", "\n").replace("\r", "\n")
    return re.sub("[\x00-\x08\x0b-\x0c\x0e-\x1f]", "\N{REPLACEMENT CHARACTER}", plain)
