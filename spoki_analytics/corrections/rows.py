"""From a frame, or the arguments of a call, to rows of checked values; every problem of every row in one list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import pandas as pd

from spoki_analytics.corrections.checks import Check, Terms, custom_value, is_missing, unknown_custom_field
from spoki_analytics.corrections.refusals import InvalidValueError, Reason, Refusal
from spoki_analytics.errors import UsageError
from spoki_analytics.frames.phones import identity
from spoki_analytics.wording.arguments import argument
from spoki_analytics.wording.messages import gettext
from spoki_analytics.wording.names import describe, escape, quote, suggest

FIELD_PREFIX = "field."
"""Start of the columns that hold custom values, as in the frames that ``load`` gives."""
MISSING = ("refuse", "keep")
_PHONES = ("phone", "phones")
"""Columns in which two forms of one person's number are the same."""


class Held(Protocol):
    """What Spoki holds of the records that rows name."""

    def may_show(self, column: str) -> bool:
        """Whether a column that cannot be written may be one that Spoki shows."""

    def settle(self, reading: Reading, given: Sequence[Mapping[Any, Any]], shown: Mapping[Hashable, Refusal]) -> None:
        """Accept the cells that are as Spoki holds them.

        Args:
            reading: All rows, and what is wrong with them; changed.
            given: The cells of each row.
            shown: The columns that cannot be written, each with its refusal.
        """


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
        terms: How custom values are read.
    """

    checks: Mapping[str, Check]
    required: tuple[str, ...] = ()
    definitions: Mapping[str, Any] | None = None
    terms: Terms = field(default_factory=Terms)

    def require(self, column: Any) -> None:
        """Refuse a column that there cannot be.

        Raises:
            InvalidValueError: It cannot be written, or there is no such custom field.
        """
        if column in self.checks or column == "reason":
            return
        if self.definitions is not None and isinstance(column, str) and column.startswith(FIELD_PREFIX):
            code = column.removeprefix(FIELD_PREFIX)
            if code in self.definitions:
                return
            raise unknown_custom_field(code, self.definitions)
        hint = suggest(str(column), self.checks)
        raise InvalidValueError(Reason.UNKNOWN_COLUMN, hint=hint, known=", ".join(self.checks))

    def check(self, column: str, value: Any) -> Any:
        """The checked value of one cell."""
        if column.startswith(FIELD_PREFIX) and self.definitions is not None:
            return custom_value(column.removeprefix(FIELD_PREFIX), value, self.definitions, self.terms)
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

    def refuse(self, row: str, column: str, reason: Reason, **values: Any) -> None:
        """Note a problem."""
        self.refusals.append(Refusal(row, column, reason, values))

    def drop_refused(self) -> None:
        """Keep only the rows without a problem; none when the frame as a whole has one."""
        bad = {refusal.row for refusal in self.refusals}
        self.rows = [] if "" in bad else [row for row in self.rows if row.label not in bad]


@dataclass(frozen=True, slots=True)
class _Cells:
    """A source taken apart.

    Attributes:
        names: Names of its columns, as they come.
        rows: Label and given cells of each row.
        required: Whether a column must be there as a whole, as in a frame, or in each row.
    """

    names: list[Hashable]
    rows: list[tuple[str, dict[Any, Any]]]
    required: bool


def read_rows(source: Source, columns: Columns, missing: str = "refuse", held: Held | None = None) -> Reading:
    """Check every value of every row; those with a problem stay, to be looked at together, until ``drop_refused``.

    Args:
        source: A frame, a list of mappings, or one mapping. Where a mapping lacks a name, or holds None, that value is
            not given.
        columns: What may be there.
        missing: What an empty cell of a frame means: ``refuse`` it, or ``keep`` that value as Spoki has it.
        held: What Spoki holds of the records that the rows name: a cell that equals it is accepted as it is, whatever
            it looks like; None where rows name none.

    Raises:
        UsageError: The source is none of these.
    """
    if str(missing) not in MISSING:  # as text, as a frame in its place has no truth value
        choices = ", ".join(MISSING)
        raise UsageError(gettext("{argument} must be one of {choices}.", argument=argument("missing"), choices=choices))
    cells = _take_apart(source, missing)
    reading = Reading()
    known, shown = _known_columns(cells.names, columns, reading, held)
    absent = {name for name in columns.required if cells.required and name not in cells.names}
    for column in columns.required:
        if column in absent:
            reading.refuse("", column, Reason.REQUIRED)
    needed = [name for name in columns.required if name not in absent]
    for label, given in cells.rows:
        values = {str(column): given[column] for column in known if column in given}
        reading.rows.append(_row(label or _CALL, values, columns, reading))
        for column in needed:
            if column not in values:
                reading.refuse(label or _CALL, column, Reason.REQUIRED)
    if held is not None:
        given_cells = [
            {column: given[column] for column in (*known, *shown) if column in given} for _, given in cells.rows
        ]
        held.settle(reading, given_cells, shown)
    return reading


def refuse_repeats(reading: Reading, column: str, noun: str) -> None:
    """Refuse rows that share a value that must be the row's own, whatever else is wrong with them."""
    key = identity if column in _PHONES else str
    rows_by_value: dict[object, list[Row]] = defaultdict(list)
    for row in reading.rows:
        if column in row.values:
            rows_by_value[key(row.values[column])].append(row)
    for rows in rows_by_value.values():
        for row in rows if len(rows) > 1 else ():
            others = ", ".join([other.label for other in rows if other.label != row.label][:3]) or row.label
            reading.refuse(
                row.label, column, Reason.REPEATED_VALUE, value=quote(row.values[column]), noun=noun, others=others
            )
    reading.drop_refused()


def _known_columns(
    names: list[Hashable], columns: Columns, reading: Reading, held: Held | None
) -> tuple[list[Hashable], dict[Hashable, Refusal]]:
    """The columns that can be written, each once, and those that Spoki may show; the others are refused."""
    known: list[Hashable] = []
    shown: dict[Hashable, Refusal] = {}
    for column in dict.fromkeys(names):
        try:
            columns.require(column)
        except InvalidValueError as problem:
            refusal = problem.refusal("", escape(str(column)))
            if held is not None and held.may_show(str(column)):
                shown[column] = refusal
            else:
                reading.refusals.append(refusal)
            continue
        known.append(column)
        if names.count(column) > 1:
            reading.refuse("", escape(str(column)), Reason.REPEATED_COLUMN)
    return known, shown


def _take_apart(source: Source, missing: str) -> _Cells:
    if isinstance(source, pd.DataFrame):
        return _of_frame(source, missing)
    if isinstance(source, Mapping):
        names, rows = _of_mappings([source])
        return _Cells(names, [("", values) for _, values in rows], required=False)
    return _Cells(*_of_mappings(source), required=False)


def _of_frame(frame: pd.DataFrame, missing: str) -> _Cells:
    labels = [escape(str(label)) for label in frame.index]
    if len(set(labels)) < len(labels):
        labels = [str(number) for number in range(len(labels))]
    # By columns: iterating over the rows of a frame would make a Series of each, and turn integers into floats.
    by_column = [frame.iloc[:, index].tolist() for index in range(frame.shape[1])]
    names: list[Hashable] = list(frame.columns)
    rows = []
    for label, *cells in zip(labels, *by_column, strict=True):
        pairs = zip(names, cells, strict=True)
        rows.append((label, {name: cell for name, cell in pairs if missing == "refuse" or not is_missing(cell)}))
    return _Cells(names, rows, required=True)


def _of_mappings(source: Iterable[Any]) -> tuple[list[Hashable], list[tuple[str, dict[Any, Any]]]]:
    names: dict[Hashable, None] = {}
    rows = []
    for number, given in enumerate(source):
        if not isinstance(given, Mapping):
            raise UsageError(gettext("Give a DataFrame, a list of mappings, or one mapping."))
        values = {name: value for name, value in given.items() if value is not None}
        names |= dict.fromkeys(values)
        rows.append((str(number), values))
    return list(names), rows


def _row(label: str, cells: dict[str, Any], columns: Columns, reading: Reading) -> Row:
    values: dict[str, Any] = {}
    custom: dict[str, Any] = {}
    for column, given in cells.items():
        if column == "reason":
            continue
        cell = given.item() if isinstance(given, np.generic) else given
        try:
            if is_missing(cell):
                raise InvalidValueError(Reason.EMPTY_CELL)
            (custom if column.startswith(FIELD_PREFIX) else values)[column] = columns.check(column, cell)
        except InvalidValueError as problem:
            reading.refusals.append(problem.refusal(label, column))
    if custom:
        own = {column.removeprefix(FIELD_PREFIX): value for column, value in custom.items()}
        values["custom_fields"] = {**values.get("custom_fields", {}), **own}
    reason = cells.get("reason")
    return Row(label, values, "" if is_missing(reason) else describe(reason))


_CALL = "call"
"""Label of the one row that the arguments of a call make."""
