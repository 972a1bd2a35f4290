"""From a frame, or the arguments of a call, to rows of checked values; every problem of every row in one list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from spoki_analytics.corrections.change import Refusal
from spoki_analytics.corrections.checks import Check, InvalidValueError, custom_value, is_missing
from spoki_analytics.errors import UsageError
from spoki_analytics.wording.names import describe, escape, quote, suggest

FIELD_PREFIX = "field."
"""Start of the columns that hold custom values, as in the frames that ``load`` gives."""
MISSING = ("refuse", "keep")
Source = pd.DataFrame | Iterable[Mapping[str, Any]] | Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of checked values.

    Attributes:
        label: Its label in the frame; empty for the arguments of a call.
        values: Values by name, as the API writes them; only those that were given.
        reason: Text of the column ``reason``.
    """

    label: str
    values: dict[str, Any]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Columns:
    """What a frame may hold.

    Attributes:
        checks: The check of each column.
        required: Columns that every row must have.
        definitions: Types of the account's custom fields by code; None where there are none to write.
    """

    checks: Mapping[str, Check]
    required: tuple[str, ...] = ()
    definitions: Mapping[str, Any] | None = None

    def problem(self, column: Any) -> str:
        """Why there can be no such column; empty when there can."""
        if column in self.checks or column == "reason":
            return ""
        if self.definitions is not None and isinstance(column, str) and column.startswith(FIELD_PREFIX):
            code = column.removeprefix(FIELD_PREFIX)
            known = code in self.definitions
            return "" if known else f"is no custom field of this account.{suggest(code, self.definitions)}"
        return f"cannot be written.{suggest(str(column), self.checks)} Known: {', '.join(self.checks)}."

    def check(self, column: str, value: Any) -> Any:
        """The checked value of one cell."""
        if column.startswith(FIELD_PREFIX) and self.definitions is not None:
            return custom_value(column.removeprefix(FIELD_PREFIX), value, self.definitions)
        return self.checks[column](value)


@dataclass(slots=True)
class Reading:
    """Rows read so far, and what was refused.

    Attributes:
        rows: Rows whose every value is acceptable.
        refusals: What is not.
    """

    rows: list[Row] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)

    def refuse(self, row: str, column: str, problem: str) -> None:
        """Note a problem."""
        self.refusals.append(Refusal(row, column, problem))

    def drop_refused(self) -> None:
        """Keep only the rows without a problem; none when the frame as a whole has one."""
        bad = {refusal.row for refusal in self.refusals}
        self.rows = (
            []
            if any(not refusal.row for refusal in self.refusals)
            else [row for row in self.rows if row.label not in bad]
        )


def read_rows(source: Source, columns: Columns, missing: str = "refuse") -> Reading:
    """Check every value of every row.

    Args:
        source: A frame, a list of mappings, or one mapping. Where a mapping lacks a name, or holds None, that value is
            not given.
        columns: What may be there.
        missing: What an empty cell of a frame means: ``refuse`` it, or ``keep`` that value as Spoki has it.

    Raises:
        UsageError: The source is none of these.
    """
    if missing not in MISSING:
        raise UsageError(f"missing must be one of {', '.join(MISSING)}.")
    reading = Reading()
    found: list[Hashable] = []
    raw = list(_raw_rows(source, found, missing))
    for column in dict.fromkeys(found):
        if problem := columns.problem(column):
            reading.refuse("", escape(str(column)), problem)
        elif found.count(column) > 1:
            reading.refuse("", escape(str(column)), "comes twice.")
    known = [column for column in dict.fromkeys(found) if not columns.problem(column)]
    absent = [name for name in columns.required if isinstance(source, pd.DataFrame) and name not in found]
    for column in absent:
        reading.refuse("", column, "is required.")
    for label, cells in raw:
        values = {str(column): cells[column] for column in known if column in cells}
        reading.rows.append(_row(label, values, columns, reading))
        for column in columns.required:
            if column not in values and column not in absent:
                reading.refuse(label or _CALL, column, "is required.")
    reading.drop_refused()
    return reading


def refuse_repeats(reading: Reading, column: str, noun: str) -> None:
    """Refuse rows that share a value that must be the row's own."""
    places: dict[str, list[str]] = defaultdict(list)
    for row in reading.rows:
        if column in row.values:
            places[str(row.values[column])].append(row.label)
    for value, labels in places.items():
        for label in labels if len(labels) > 1 else ():
            others = ", ".join([other for other in labels if other != label][:3]) or label
            reading.refuse(label, column, f"{quote(value)} is the {noun} of row {others} too.")
    reading.drop_refused()


def _raw_rows(source: Source, found: list[Hashable], missing: str) -> Iterator[tuple[str, dict[Any, Any]]]:
    """Label and cells of each row; the names met go to ``found``."""
    if isinstance(source, pd.DataFrame):
        found += list(source.columns)
        labels = [escape(str(label)) for label in source.index]
        if len(set(labels)) < len(labels):
            labels = [str(place) for place in range(len(labels))]
        lists = [source.iloc[:, place].tolist() for place in range(source.shape[1])]
        for label, *cells in zip(labels, *lists, strict=True):
            pairs = zip(source.columns, cells, strict=True)
            yield label, {name: cell for name, cell in pairs if missing == "refuse" or not is_missing(cell)}
        return
    single = isinstance(source, Mapping)
    for place, given in enumerate([source] if isinstance(source, Mapping) else source):
        if not isinstance(given, Mapping):
            raise UsageError("Give a DataFrame, a list of mappings, or one mapping.")
        values: dict[Any, Any] = {name: value for name, value in given.items() if value is not None}
        found += [name for name in values if name not in found]
        yield "" if single else str(place), values


def _row(label: str, cells: dict[str, Any], columns: Columns, reading: Reading) -> Row:
    values: dict[str, Any] = {}
    custom: dict[str, Any] = {}
    for column, given in cells.items():
        if column == "reason":
            continue
        cell = given.item() if isinstance(given, np.generic) else given
        try:
            if is_missing(cell):
                raise InvalidValueError(_EMPTY_CELL)
            (custom if column.startswith(FIELD_PREFIX) else values)[column] = columns.check(column, cell)
        except InvalidValueError as problem:
            reading.refuse(label or _CALL, column, str(problem))
    if custom:
        own = {column.removeprefix(FIELD_PREFIX): value for column, value in custom.items()}
        values["custom_fields"] = {**values.get("custom_fields", {}), **own}
    reason = cells.get("reason")
    return Row(label or _CALL, values, "" if is_missing(reason) else describe(reason))


_CALL = "call"
"""Label of the one row that the arguments of a call make."""
_EMPTY_CELL = (
    "is an empty cell: leave the column out, write '' to empty the field, "
    "or pass missing='keep' to leave such fields as Spoki has them."
)
