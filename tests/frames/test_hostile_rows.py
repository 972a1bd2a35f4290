"""Whatever JSON comes, rows become a frame; what is valid keeps its documented types."""

import json
import math
import warnings
from datetime import UTC, datetime
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spoki_analytics import SpokiWarning
from spoki_analytics.frames.builder import TableBuilder
from spoki_analytics.frames.reports import long_form, natural_form, wide_form
from spoki_analytics.frames.schemas import SCHEMAS, Field, Schema
from spoki_analytics.frames.tables import dump, load, memberships, to_frame

FAST = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), database=None)
TEXTS = st.text(st.characters(), max_size=8)
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), TEXTS, st.integers(min_value=2**63, max_value=10**30)
)
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3), max_leaves=8
)


def names_of(schema: Schema) -> list[str]:
    derived = ["phone_raw", "current_credit_eur", "field.CITTA", "is_closed", "quality_colour", "owner.id", "api_key"]
    return [field.name for field in schema.fields] + derived


def rows_of(schema: Schema) -> st.SearchStrategy[list[Any]]:
    keys = st.sampled_from(names_of(schema)) | TEXTS
    return st.lists(st.dictionaries(keys, JSON, max_size=6) | SCALARS, max_size=4)


ANY_PAGES = st.sampled_from(sorted(SCHEMAS)).flatmap(
    lambda name: st.tuples(st.just(SCHEMAS[name]), st.lists(rows_of(SCHEMAS[name]), max_size=3))
)


@FAST
@given(ANY_PAGES)
def test_any_json_becomes_a_frame_that_survives_its_store(case: tuple[Schema, list[list[Any]]]) -> None:
    schema, pages = case
    builder = TableBuilder(schema, "Europe/Rome")
    for page in pages:
        builder.add(page)
    table = load(dump(builder.finish()))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        frame = to_frame(table, schema)
        sides = [memberships(table, schema, which) for which in schema.sides]
    for each in [frame, *sides]:
        assert each.columns.is_unique
        each.to_html()
        json.dumps(each.attrs)
    assert len(frame) == sum(isinstance(row, dict) for page in pages for row in page) or not frame.shape[1]


@settings(FAST, max_examples=25)
@given(
    st.lists(
        st.dictionaries(TEXTS | st.sampled_from(["date", "status", "count", "statuses"]), JSON, max_size=5), max_size=3
    )
)
def test_any_json_passes_through_the_report_forms(rows: list[dict[str, Any]]) -> None:
    builder = TableBuilder(SCHEMAS["detailed_reports"])
    builder.add(rows)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        frame = to_frame(builder.finish(), SCHEMAS["detailed_reports"])
        for form in (natural_form, long_form, wide_form):
            assert form(frame).columns.is_unique


VALID = {
    "id": st.integers(0, 2**63 - 1),
    "int": st.integers(-(2**63), 2**63 - 1) | st.integers(0, 1000).map(float),
    "money": st.integers(0, 10**9),
    "number": st.floats(allow_nan=False) | st.integers(-(2**53), 2**53),
    "bool": st.booleans(),
    "text": TEXTS,
    "phone": TEXTS,
    "enum": TEXTS,
    "any": JSON,
    "secret": TEXTS,
    "datetime": st.datetimes(timezones=st.just(UTC)).map(datetime.isoformat),
    "date": st.dates().map(lambda day: day.isoformat()),
}


def objects(fields: tuple[Field, ...]) -> st.SearchStrategy[Any]:
    """What the API may send of these fields, which is not what is derived here."""
    sent = {field.name: st.none() | valid(field) for field in fields if not field.derive}
    return st.fixed_dictionaries({}, optional=sent)


def valid(field: Field) -> st.SearchStrategy[Any]:
    if field.kind == "map":
        return st.dictionaries(TEXTS, TEXTS, max_size=2)
    inner = objects(field.fields)
    if field.kind in ("set", "values"):
        return st.lists(inner, max_size=2)
    return inner if field.kind == "object" else VALID[field.kind]


@pytest.mark.parametrize("name", sorted(set(SCHEMAS) - {"generic", "detailed_reports"}))
def test_valid_rows_have_the_dtypes_of_no_rows(name: str) -> None:
    schema = SCHEMAS[name]
    row = objects(schema.fields)
    empty = to_frame(TableBuilder(schema).finish(), schema)

    @settings(FAST, max_examples=12)
    @given(st.lists(row, max_size=3))
    def check(rows: list[dict[str, Any]]) -> None:
        builder = TableBuilder(schema)
        builder.add(rows)
        table = builder.finish()
        frame = to_frame(table, schema)
        for column in empty:
            found, wanted = frame[column].dtype, empty[column].dtype
            assert found == wanted or (
                isinstance(found, pd.CategoricalDtype) and isinstance(wanted, pd.CategoricalDtype)
            )
        for which in schema.sides:
            none = memberships(TableBuilder(schema).finish(), schema, which)
            assert memberships(table, schema, which).dtypes.equals(none.dtypes)

    check()


@pytest.mark.parametrize(
    "value",
    [10**30, -(10**30), 2**63, 2**64, math.inf, math.nan, 1e300, "\ud800", "a\0b", [[[[]]]], {"": {"": 1}}, True],
)
@pytest.mark.parametrize(
    "name", ["id", "account_type", "default_pricing_delta", "phone", "current_credit", "channels", "new"]
)
def test_no_value_crashes_a_column(name: str, value: Any) -> None:
    builder = TableBuilder(SCHEMAS["accounts"])
    builder.add([{"id": 1, "name": "a"}, {"id": 2, "name": "b", name: value}])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        frame = to_frame(load(dump(builder.finish())), SCHEMAS["accounts"])
    assert frame["name"].tolist() == ["a", "b"]


def test_deep_nesting_is_kept_without_recursion_errors() -> None:
    deep: Any = 1
    for _ in range(900):
        deep = {"a": deep}
    builder = TableBuilder(SCHEMAS["tags"])
    builder.add([{"id": 1, "deep": deep, "list": [deep]}])
    frame = to_frame(builder.finish(), SCHEMAS["tags"])
    assert frame.attrs["spoki"]["unknown_columns"][0].startswith("deep.a.a")
    assert frame["list"].notna().all()


def test_a_map_with_endless_names_does_not_become_endless_columns() -> None:
    builder = TableBuilder(SCHEMAS["tags"])
    for start in range(0, 2000, 100):
        builder.add([{"id": n, "votes": {f"person {n}": n}} for n in range(start, start + 100)])
    frame = to_frame(builder.finish(), SCHEMAS["tags"])
    assert frame.shape[1] < 310
    assert frame["votes"].iloc[-1] == '{"person 1999":1999}'


LONG = 2**53 + 1


@pytest.mark.parametrize(
    ("pages", "texts"),
    [
        ([[LONG], [1.5]], [str(LONG), "1.5"]),
        ([[1.5], [LONG], [None]], ["1.5", str(LONG), None]),
        ([[1], ["one"]], ["1", "one"]),
        ([[True], [1]], ["true", "1"]),
        ([[True], [1.5]], ["true", "1.5"]),
        ([[[1]], [1]], ["[1]", "1"]),
    ],
)
def test_pages_that_disagree_become_text_with_a_warning(pages: list[list[Any]], texts: list[str | None]) -> None:
    builder = TableBuilder(SCHEMAS["tags"], "UTC")
    for page in pages:
        builder.add([{"id": 1, "odd": value} for value in page])
    table = load(dump(builder.finish()))
    with pytest.warns(SpokiWarning, match="odd: .* kept as text"):
        frame = to_frame(table, SCHEMAS["tags"])
    assert frame["odd"].astype(object).where(frame["odd"].notna(), None).tolist() == texts


@pytest.mark.parametrize(
    ("pages", "values"),
    [
        ([[1], [1.5]], [1.0, 1.5]),
        ([[LONG, 1.5]], [str(LONG), "1.5"]),
        ([[1], [2]], [1, 2]),
        ([["a"], ["b"]], ["a", "b"]),
        ([[2**70 + 1], [None]], None),
    ],
)
def test_pages_that_agree_say_nothing(pages: list[list[Any]], values: list[Any] | None) -> None:
    builder = TableBuilder(SCHEMAS["tags"], "UTC")
    for page in pages:
        builder.add([{"id": 1, "odd": value} for value in page])
    frame = to_frame(builder.finish(), SCHEMAS["tags"])
    assert frame["odd"].dropna().tolist() == (values or [str(2**70 + 1)])


@pytest.mark.parametrize("value", [2**53 + 1, 2**63 + 1, 2**70 + 1, -(2**70) - 1])
@pytest.mark.parametrize("kind", ["id", "int", "money", "number"])
def test_a_whole_number_stays_exact_or_becomes_text_with_a_warning(value: int, kind: str) -> None:
    schema = Schema("odd", (Field("value", kind),), key="")
    builder = TableBuilder(schema, "UTC")
    builder.add([{"value": value}])
    fits = kind != "number" and abs(value) < 2**63
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        frame = to_frame(builder.finish(), schema)
    assert str(frame["value"].item()) == str(value)
    assert bool(caught) is not fits
