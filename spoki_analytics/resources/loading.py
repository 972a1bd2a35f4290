"""From an operation of the catalogue to a typed, stamped frame."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from numbers import Integral
from typing import Any, TypeVar

import pandas as pd
import pyarrow as pa

from spoki_analytics.api.answers import Answer
from spoki_analytics.api.listings import Codec
from spoki_analytics.catalogue import Operation, operation
from spoki_analytics.errors import UsageError
from spoki_analytics.frames.builder import TableBuilder
from spoki_analytics.frames.chosen import choose_of_side, pick
from spoki_analytics.frames.provenance import stamp
from spoki_analytics.frames.schemas import SCHEMAS, Field, Schema
from spoki_analytics.frames.tables import TableCodec, memberships, to_frame
from spoki_analytics.resources.bodies import any_rows, only_object
from spoki_analytics.resources.client import Client
from spoki_analytics.resources.selection import Choice, Rows
from spoki_analytics.wording.arguments import argument
from spoki_analytics.wording.messages import gettext, noop
from spoki_analytics.wording.names import suggest

T = TypeVar("T")
_TYPES = {
    "int": noop("{argument} must be a whole number."),
    "bool": noop("{argument} must be true or false."),
}


class Loader:
    """Reads of one family.

    Args:
        client: Whose answers they are.
        family: Name of the family, and of the schema of its rows unless another one is named.
    """

    def __init__(self, client: Client, family: str) -> None:
        self._client = client
        self._family = family

    def frame_of_answers(
        self, answers: Sequence[Answer[Any]], rows: list[Any], schema: str, **facts: Any
    ) -> pd.DataFrame:
        """Rows of several answers as one frame, which is as old as the oldest of them.

        Args:
            answers: The answers.
            rows: Their rows.
            schema: Schema of the rows.
            **facts: What else its provenance says.
        """
        return stamp(
            self.frame_of(rows, schema),
            **facts,
            as_of=min((answer.as_of for answer in answers), default=self._client.now()).isoformat(),
            requests=sum(answer.requests for answer in answers),
            cache_hits=sum(answer.cache_hits for answer in answers),
            stale=any(answer.stale for answer in answers),
            drift=False,
            checked=True,
            resumed=False,
        )

    def listing(
        self,
        slug: str,
        query: Mapping[str, Any],
        limit: int | None = None,
        refresh: bool | None = None,
        columns: Iterable[str] | None = None,
        *,
        schema: str = "",
        rows: Rows | None = None,
    ) -> pd.DataFrame:
        """A listing as a frame, one row each.

        Args:
            slug: The operation.
            query: Its parameters.
            limit: Stop after so many rows.
            refresh: Ask Spoki again.
            columns: Only these columns.
            schema: Schema of the rows; the family's own when missing.
            rows: Only these rows; the limit counts what is left.
        """
        shape = SCHEMAS[schema or self._family]
        choice = Choice.of(columns, shape, rows, limit, slug)
        answer = self._table(slug, shape, query, choice.asked_limit, refresh)
        frame = to_frame(answer.value, shape, self._client.home.region, choice.read)
        return choice.apply(stamp_answer(frame, answer), limit)

    def side_table(
        self, slug: str, which: str, refresh: bool | None = None, columns: Iterable[str] | None = None
    ) -> pd.DataFrame:
        """One set of each row of a listing, long."""
        shape = SCHEMAS[self._family]
        field = require_side(shape, which)
        chosen = choose_of_side(columns, shape, which)
        answer = self._table(slug, shape, {}, None, refresh)
        frame = stamp_answer(memberships(answer.value, shape, which), answer)
        known = {f"{shape.noun}_id", "code", *(name for name, _ in Schema(which, field.fields).leaves())}
        stamp(frame, unknown_columns=[name for name in frame.columns if name not in known])
        return pick(frame, chosen, f"{shape.name}.{which}")

    def one(
        self,
        slug: str,
        path: Mapping[str, Any],
        query: Mapping[str, Any] | None = None,
        refresh: bool | None = None,
    ) -> pd.Series[Any]:
        """One object as a row, with the columns of the listing."""
        answer = self.object(slug, path, query or {}, refresh)
        frame = self.frame_of([only_object(answer)], answer=answer)
        series = frame.iloc[0]
        series.attrs = frame.attrs
        series.name = series.get("id")
        return series

    def generic(
        self, slug: str, path: Mapping[str, Any], query: Mapping[str, Any], refresh: bool | None
    ) -> pd.DataFrame:
        """An answer of unknown shape as flattened rows."""
        answer = self.object(slug, path, query, refresh)
        return self.frame_of(any_rows(answer.value), "generic", answer)

    def object(self, slug: str, path: Mapping[str, Any], query: Mapping[str, Any], refresh: bool | None) -> Answer[Any]:
        """One object as it came."""
        row = operation(slug)
        check_query(row, query)
        return self._client.session.read(row, path, query, refresh=refresh)

    def frame_of(self, rows: list[Any], schema: str = "", answer: Answer[Any] | None = None) -> pd.DataFrame:
        """Rows as a frame, with the provenance of their answer."""
        shape = SCHEMAS[schema or self._family]
        builder = TableBuilder(shape, self._client.session.settings.naive_timezone)
        builder.add(rows)
        frame = to_frame(builder.finish(), shape, self._client.home.region)
        return frame if answer is None else stamp_answer(frame, answer)

    def _table(
        self, slug: str, schema: Schema, query: Mapping[str, Any], limit: int | None, refresh: bool | None
    ) -> Answer[pa.Table]:
        codec = TableCodec(schema, self._client.session.settings.naive_timezone)
        return self._answer(slug, codec, query, limit, refresh)

    def _answer(
        self, slug: str, codec: Codec[T], query: Mapping[str, Any], limit: int | None, refresh: bool | None
    ) -> Answer[T]:
        row = operation(slug)
        check_query(row, query)
        return self._client.session.listing(row, query, codec, limit=limit, refresh=refresh)


def stamp_answer(frame: pd.DataFrame, answer: Answer[Any]) -> pd.DataFrame:
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
        checked=answer.checked,
        resumed=answer.resumed,
    )


def require_side(schema: Schema, which: Any) -> Field:
    """The set that fills a side table.

    Raises:
        UsageError: Before any request: there is no such side table.
    """
    if not isinstance(which, str) or which not in schema.sides:
        sentence = noop("{family} have no side table of that name; there are: {names}.")
        names = ", ".join(schema.sides) or gettext("none")
        raise UsageError(gettext(sentence, family=schema.name, names=names) + suggest(str(which), schema.sides))
    return schema.sides[which]


def check_query(row: Operation, query: Mapping[str, Any]) -> None:
    """Refuse a parameter that the operation does not have, or a value outside its documented choices.

    Raises:
        UsageError: Before any request; names the parameter and the nearest choice, not the value of free text.
    """
    documented = {p.name: p for p in row.parameters if p.place == "query"}
    for name, value in query.items():
        if name not in documented:
            wrong = gettext("{operation} has no parameter {name}.", operation=row.name, name=name)
            raise UsageError(wrong + suggest(name, documented), operation=row.name)
        if value is not None and not _is_of_type(value, documented[name].type):
            sentence = _TYPES[documented[name].type]
            raise UsageError(gettext(sentence, argument=argument(name)), operation=row.name)
        choices = documented[name].choices
        if value is not None and choices and value not in choices:
            sentence = noop("{argument} must be one of {choices}.")
            wrong = gettext(sentence, argument=argument(name), choices=", ".join(choices))
            raise UsageError(wrong + suggest(str(value), choices), operation=row.name)


def _is_of_type(value: object, kind: str) -> bool:
    if kind == "int":
        whole = isinstance(value, Integral) and not isinstance(value, bool)
        return whole or (isinstance(value, str) and value.isascii() and value.isdigit())
    return isinstance(value, bool) if kind == "bool" else True
