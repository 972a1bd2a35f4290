"""From the arguments of a corrective method to a plan: values checked, ids looked up, compared with what is there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

import pandas as pd

from spoki_analytics.catalogue import operation
from spoki_analytics.corrections.change import Step
from spoki_analytics.corrections.checks import Check, Terms, custom_fields, identifier
from spoki_analytics.corrections.held import HeldRecords
from spoki_analytics.corrections.plan import Plan
from spoki_analytics.corrections.planner import Planner
from spoki_analytics.corrections.refusals import Reason, Refusal
from spoki_analytics.corrections.rows import FIELD_PREFIX, Columns, Reading, Source, read_rows, refuse_repeats
from spoki_analytics.corrections.writes import WRITES, Write
from spoki_analytics.errors import UsageError
from spoki_analytics.wording.messages import gettext

Ids = int | Iterable[int]
Targets = int | Iterable[int] | pd.DataFrame


def plan_targets(
    planner: Planner, slug: str, ids: Ids, *, query: Mapping[str, Any] | None = None, reason: str = ""
) -> Plan:
    """A plan that does the same to each of some records: deletions and acts."""
    reading = read_ids(ids)
    steps = [_step(slug, row.values, {}, row.label, reason, query or {}) for row in reading.rows]
    return planner.plan(steps, reading.refusals)


def plan_edits(
    planner: Planner,
    slug: str,
    targets: Targets,
    values: Mapping[str, Any],
    *,
    missing: str = "refuse",
    keep_text: bool = False,
    reason: str = "",
) -> Plan:
    """A plan that gives one record, or each of some records, new values.

    Args:
        planner: Of the client.
        slug: The operation.
        targets: An id; several ids, which all get ``values``; or a frame with a column ``id`` and the values of each.
        values: Values by name; None means not given.
        missing: What an empty cell means: ``refuse`` or ``keep``.
        keep_text: Whether texts that look garbled, or made by a program, are meant.
        reason: Why; shown in the preview and kept in the journal.
    """
    if isinstance(targets, pd.DataFrame):
        given = {name: value for name, value in values.items() if value is not None}
        source: pd.DataFrame | list[Any] = targets.assign(**given)
    else:
        _require_values(values)
        source = [{"id": each, **values} for each in listed(targets)]
    write = WRITES[slug]
    reader = planner.reader(len(source))
    terms = planner.terms(reader, keep_text=keep_text)
    columns = _columns(planner, write, source, terms, {"id": identifier}, required=("id",))
    reading = read_rows(source, columns, missing, HeldRecords(write, reader, columns))
    refuse_repeats(reading, "id", "id")
    refuse_repeats(reading, "phone", "number")
    _refuse_unknown(planner, write, reading)
    steps = [_step(slug, row.values, {}, row.label, row.reason or reason, {}) for row in reading.rows]
    return planner.plan(steps, reading.refusals, reader)


def plan_rows(
    planner: Planner,
    slug: str,
    source: Source,
    *,
    path: Mapping[str, Any] | None = None,
    unique: str = "",
    missing: str = "refuse",
    keep_text: bool = False,
    reason: str = "",
    refusals: Iterable[Refusal] = (),
) -> Plan:
    """A plan with one step for each row: creations and upserts.

    Args:
        planner: Of the client.
        slug: The operation.
        source: A frame, a list of mappings, or one mapping.
        path: Path parameters of all rows.
        unique: A column whose values must differ from row to row; otherwise whole rows must.
        missing: What an empty cell means: ``refuse`` or ``keep``.
        keep_text: Whether texts that look garbled, or made by a program, are meant.
        reason: Why; shown in the preview and kept in the journal.
        refusals: Problems that are known already.
    """
    write = WRITES[slug]
    source = _lasting(source)
    reader = planner.reader(len(source) if isinstance(source, pd.DataFrame | list) else 1)
    terms = planner.terms(reader, keep_text=keep_text)
    columns = _columns(planner, write, source, terms)
    held = HeldRecords(write, reader, columns) if write.kind == "upsert" else None
    reading = read_rows(source, columns, missing, held)
    if unique:
        refuse_repeats(reading, unique, unique)
    else:
        reading.drop_refused()
        _refuse_same_rows(reading)
    _refuse_unknown(planner, write, reading)
    steps = [_step(slug, row.values, path or {}, row.label, row.reason or reason, {}) for row in reading.rows]
    return planner.plan(steps, [*refusals, *reading.refusals], reader)


def _lasting(source: Any) -> pd.DataFrame | Mapping[str, Any] | list[Any]:
    """The rows, such that they can be gone through more than once.

    Raises:
        UsageError: They are none.
    """
    if isinstance(source, pd.DataFrame | Mapping):
        return source
    try:
        return list(source)
    except TypeError:
        raise UsageError(gettext("Give a DataFrame, a list of mappings, or one mapping.")) from None


def listed(targets: Any) -> list[Any]:
    """Several values, or one, as a list.

    Raises:
        UsageError: They are a text or a mapping, which is neither.
    """
    if isinstance(targets, bytes | Mapping | pd.DataFrame):
        raise UsageError(gettext("Give one value or a list of values."))
    return list(targets) if isinstance(targets, Iterable) and not isinstance(targets, str) else [targets]


def _step(
    slug: str, values: Mapping[str, Any], path: Mapping[str, Any], row: str, reason: str, query: Mapping[str, Any]
) -> Step:
    """A step; of the values, those that are path parameters go there."""
    names = {parameter.name for parameter in operation(slug).accepts("path")}
    own = {name: value for name, value in values.items() if name in names}
    body = {name: value for name, value in values.items() if name not in names}
    return Step(slug, {**path, **own}, body, query, row, reason)


def read_ids(ids: Ids) -> Reading:
    """Checked ids, each once."""
    source: Source = ids.to_frame("id") if isinstance(ids, pd.Series) else [{"id": each} for each in listed(ids)]
    reading = read_rows(source, Columns({"id": identifier}, required=("id",)))
    refuse_repeats(reading, "id", "id")
    return reading


def _require_values(values: Mapping[str, Any]) -> None:
    if all(value is None for value in values.values()):
        raise UsageError(gettext("Give at least one value: {names}.", names=", ".join(values)))


def _columns(
    planner: Planner,
    write: Write,
    source: Source,
    terms: Terms,
    own: Mapping[str, Check] | None = None,
    required: tuple[str, ...] = (),
) -> Columns:
    """What rows of an operation may hold; the account's custom fields are only asked for when rows mention them."""
    checks = {**(own or {}), **{each.name: write.check(each, terms) for each in write.parameters}}
    needed = (*required, *(each.name for each in write.parameters if each.required))
    if "custom_fields" not in checks or not any(_is_custom(name) for name in _names(source)):
        return Columns(checks, needed)
    definitions = planner.reader().custom_field_types
    custom = partial(custom_fields, definitions=definitions, terms=terms)
    return Columns({**checks, "custom_fields": custom}, needed, definitions, terms)


def _names(source: Source) -> list[str]:
    if isinstance(source, pd.DataFrame):
        return [str(column) for column in source.columns]
    given: Iterable[Any] = [source] if isinstance(source, Mapping) else source
    return [
        str(name) for each in given if isinstance(each, Mapping) for name, value in each.items() if value is not None
    ]


def _is_custom(name: str) -> bool:
    return name == "custom_fields" or name.startswith(FIELD_PREFIX)


def _refuse_same_rows(reading: Reading) -> None:
    first: dict[str, str] = {}
    for row in reading.rows:
        other = first.setdefault(repr(sorted(row.values.items())), row.label)
        if other != row.label:
            reading.refuse(row.label, "", Reason.REPEATED_ROW, other=other)
    reading.drop_refused()


def _refuse_unknown(planner: Planner, write: Write, reading: Reading) -> None:
    """Refuse ids of other records that do not exist; one that is not in the cache is looked for again."""
    for column, (slug, noun) in write.subject.references.items():
        named = {each for row in reading.rows for each in _ids_in(row.values.get(column))}
        if not named or not (absent := named - planner.reader().ids(slug, named)):
            continue
        for row in reading.rows:
            for each in _ids_in(row.values.get(column)):
                if each in absent:
                    reading.refuse(row.label, column, Reason.NO_SUCH_REFERENCE, noun=noun, id=each)
    reading.drop_refused()


def _ids_in(value: Any) -> list[int]:
    if isinstance(value, list):
        return [each for each in value if isinstance(each, int)]
    return [value] if isinstance(value, int) and not isinstance(value, bool) else []
