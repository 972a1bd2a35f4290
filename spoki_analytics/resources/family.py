"""What all families share: from an operation of the catalogue to a typed, stamped frame."""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Integral
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa

from spoki_analytics.api.answers import Answer
from spoki_analytics.api.session import Session
from spoki_analytics.catalogue import Operation, operation
from spoki_analytics.errors import UnexpectedAnswerError, UsageError
from spoki_analytics.frames.builder import TableBuilder
from spoki_analytics.frames.provenance import stamp
from spoki_analytics.frames.schemas import SCHEMAS, Field, Schema
from spoki_analytics.frames.tables import TableCodec, memberships, to_frame
from spoki_analytics.wording.names import suggest

if TYPE_CHECKING:
    from spoki_analytics.client import Spoki


_TYPES = {"int": "a whole number", "bool": "True or False"}


class Family:
    """A family of operations, bound to a client."""

    def __init__(self, client: Spoki) -> None:
        self._client = client

    @property
    def _session(self) -> Session:
        return self._client.session

    def _table(
        self, slug: str, schema: str, query: Mapping[str, Any], limit: int | None = None, refresh: bool | None = None
    ) -> Answer[pa.Table]:
        row = operation(slug)
        check_query(row, query)
        codec = TableCodec(SCHEMAS[schema], self._session.settings.naive_timezone)
        return self._session.listing(row, query, codec, limit=limit, refresh=refresh)

    def _load(
        self, slug: str, schema: str, query: Mapping[str, Any], limit: int | None = None, refresh: bool | None = None
    ) -> pd.DataFrame:
        answer = self._table(slug, schema, query, limit, refresh)
        frame = to_frame(answer.value, SCHEMAS[schema], self._client.home.region)
        return stamped(frame, answer)

    def _memberships(self, slug: str, schema: str, which: str, refresh: bool | None = None) -> pd.DataFrame:
        field = require_side(SCHEMAS[schema], which)
        answer = self._table(slug, schema, {}, None, refresh)
        frame = stamped(memberships(answer.value, SCHEMAS[schema], which), answer)
        known = {f"{SCHEMAS[schema].noun}_id", "code", *(name for name, _ in Schema(which, field.fields).leaves())}
        return stamp(frame, unknown_columns=[name for name in frame.columns if name not in known])

    def _object(
        self, slug: str, path: Mapping[str, Any], query: Mapping[str, Any], refresh: bool | None
    ) -> Answer[Any]:
        row = operation(slug)
        check_query(row, query)
        return self._session.read(row, path, query, refresh=refresh)

    def _get(
        self,
        slug: str,
        schema: str,
        path: Mapping[str, Any],
        query: Mapping[str, Any] | None = None,
        refresh: bool | None = None,
    ) -> pd.Series[Any]:
        answer = self._object(slug, path, query or {}, refresh)
        frame = self._frame_of([only_object(answer)], schema)
        series = stamped(frame, answer).iloc[0]
        series.attrs = frame.attrs
        series.name = series.get("id")
        return series

    def _generic(
        self, slug: str, path: Mapping[str, Any], query: Mapping[str, Any], refresh: bool | None
    ) -> pd.DataFrame:
        """An answer of unknown shape as flattened rows."""
        answer = self._object(slug, path, query, refresh)
        return stamped(self._frame_of(any_rows(answer.value), "generic"), answer)

    def _frame_of(self, rows: list[Any], schema: str) -> pd.DataFrame:
        builder = TableBuilder(SCHEMAS[schema], self._session.settings.naive_timezone)
        builder.add(rows)
        return to_frame(builder.finish(), SCHEMAS[schema], self._client.home.region)


def stamped(frame: pd.DataFrame, answer: Answer[Any]) -> pd.DataFrame:
    """The frame with its provenance in ``attrs["spoki"]``."""
    return stamp(
        frame,
        account=answer.account,
        operation=answer.operation.name,
        filters=answer.filters,
        as_of=answer.as_of.isoformat(),
        requests=answer.requests,
        cache_hits=answer.cache_hits,
        stale=answer.stale,
        drift=answer.drift,
    )


def cut(frame: pd.DataFrame, keep: pd.Series[bool], limit: int | None = None, **asked: object) -> pd.DataFrame:
    """The rows to keep, at most so many, with the provenance of the whole and what they were chosen by."""
    chosen = frame[keep.to_numpy(dtype=bool)].head(limit or len(frame)).reset_index(drop=True)
    told = frame.attrs["spoki"]
    by = {name: str(value) for name, value in asked.items() if value is not None}
    chosen.attrs = {**frame.attrs, "spoki": {**told, "rows": len(chosen), "filters": {**told["filters"], **by}}}
    return chosen


def require_side(schema: Schema, which: str) -> Field:
    """The set that fills a side table.

    Raises:
        UsageError: Before any request: there is no such side table.
    """
    if not isinstance(which, str) or which not in schema.sides:
        raise UsageError(
            f"{schema.name} have no side table of that name; there are: {', '.join(schema.sides) or 'none'}."
            f"{suggest(str(which), schema.sides)}"
        )
    return schema.sides[which]


def only_object(answer: Answer[Any]) -> dict[str, Any]:
    """The one object of an answer, also when it comes wrapped in a list of one.

    Raises:
        UnexpectedAnswerError: There is none, or more than one.
    """
    value = answer.value
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, dict):
        return value
    raise UnexpectedAnswerError(
        "Spoki answered with something else than one object.", operation=answer.operation.name, account=answer.account
    )


def any_rows(value: Any) -> list[Any]:
    """The rows of an answer whose shape no source documents: its only list, or itself as one row."""
    if isinstance(value, dict):
        lists = [inner for inner in value.values() if isinstance(inner, list)]
        only = lists[0] if len(lists) == 1 and "results" in value else [value]
    else:
        only = value if isinstance(value, list) else [value]
    return [row if isinstance(row, dict) else {"value": row} for row in only]


def check_query(row: Operation, query: Mapping[str, Any]) -> None:
    """Refuse a parameter that the operation does not have, or a value outside its documented choices.

    Raises:
        UsageError: Before any request; names the parameter and the nearest choice, not the value of free text.
    """
    documented = {p.name: p for p in row.parameters if p.place == "query"}
    for name, value in query.items():
        if name not in documented:
            raise UsageError(f"{name} is no parameter of {row.name}.{suggest(name, documented)}", operation=row.name)
        if value is not None and not _is_of_type(value, documented[name].type):
            raise UsageError(f"{name} must be {_TYPES[documented[name].type]}.", operation=row.name)
        choices = documented[name].choices
        if value is not None and choices and value not in choices:
            raise UsageError(
                f"{name} must be one of {', '.join(choices)}.{suggest(str(value), choices)}", operation=row.name
            )


def _is_of_type(value: object, kind: str) -> bool:
    if kind == "int":
        whole = isinstance(value, Integral) and not isinstance(value, bool)
        return whole or (isinstance(value, str) and value.isascii() and value.isdigit())
    return isinstance(value, bool) if kind == "bool" else True
