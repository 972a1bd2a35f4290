"""Frames: every problem of every row in one table, and nothing sent of what has one."""

from __future__ import annotations

import inspect
from contextlib import suppress
from itertools import product
from operator import attrgetter

import pandas as pd
import pytest

from spoki_analytics import SpokiError, UsageError
from spoki_analytics.resources.calls import CORRECTIONS
from tests.corrections.spoki_double import contact

JUNK = [
    lambda: None, lambda: 5.5, lambda: "", lambda: pd.NaT, object, dict, lambda: iter([]), lambda: [None],
    pd.DataFrame, lambda: pd.Series(["x"]), lambda: {"custom_fields": {"CITTA": pd.NaT}}, lambda: b"x", lambda: True,
]  # fmt: skip
GOOD = {"phone": "+393330000009", "email": "x@example.com"}


@pytest.fixture(autouse=True)
def _fields(double):
    double.add("custom_fields", {"id": 1, "code": "CITTA", "field_type": 1}, {"id": 2, "code": "NATO", "field_type": 2})
    double.add("contacts", contact(1))


def problems(plan):
    return {(row, column): problem for row, column, problem, _ in plan.errors.itertuples(index=False)}


def test_all_problems_of_a_frame_come_at_once(spoki, double):
    frame = pd.DataFrame(
        {
            "phone": ["+393330000001", "12", "3330000002", "+39 333 0000002"],
            "email": ["a@example.com", "b@", "c@example.com", "d@example.com"],
            "language": ["it", "xx", "it", "en"],
        },
        index=["Anna", "Bruno", "Carla", "Dario"],
    )
    plan = spoki.contacts.sync(frame)
    found = problems(plan)
    assert set(found) == {
        ("Bruno", "phone"),
        ("Bruno", "email"),
        ("Bruno", "language"),
        ("Carla", "phone"),
        ("Dario", "phone"),
    }
    assert "row Dario" in found["Carla", "phone"]
    assert [change.step.row for change in plan.changes] == ["Anna"]
    assert double.writes == []


def test_unknown_columns_are_refused_by_name_with_the_nearest(spoki, double):
    frame = pd.DataFrame([{**GOOD, "frist_name": "A", "field.CITTÀ": "Roma"}])
    plan = spoki.contacts.sync(frame)
    found = problems(plan)
    assert "Did you mean first_name?" in found["", "frist_name"]
    assert "cannot be written" in found["", "frist_name"]
    new = spoki.contacts.sync(pd.DataFrame([{**GOOD, "created_datetime": "x"}]))
    assert "cannot be written" in problems(new)["", "created_datetime"]
    assert "Did you mean CITTA?" in found["", "field.CITTÀ"]
    assert len(plan) == 0
    with pytest.raises(UsageError, match="problems in the preview"):
        plan.apply()


def test_a_missing_required_column_and_a_column_that_comes_twice(spoki):
    plan = spoki.contacts.sync(pd.DataFrame([["a@example.com", "b@example.com"]], columns=["email", "email"]))
    assert problems(plan) == {("", "phone"): "is required.", ("", "email"): "comes twice."}


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame({"phone": [393330000009.0], "email": ["x@example.com"]}),
        pd.DataFrame({"phone": [393330000009], "email": ["x@example.com"]}),
        pd.DataFrame({"phone": ["+393330000009"], "email": [float("nan")]}),
        pd.DataFrame({"phone": ["+393330000009"], "email": [None]}, dtype=object),
        pd.DataFrame({"phone": ["+393330000009"], "email": pd.array([pd.NA], "string")}),
        pd.DataFrame({"phone": ["+393330000009"], "first_name": ["nan"]}),
        pd.DataFrame({"phone": ["+393330000009"], "first_name": [12.0]}),
        pd.DataFrame({"phone": ["3.93e+11"], "first_name": ["x"]}),
    ],
)
def test_what_pandas_leaves_behind_is_refused(spoki, double, frame):
    plan = spoki.contacts.sync(frame)
    assert len(plan) == 0
    assert len(plan.errors) == 1
    assert double.writes == []


def test_empty_cells_keep_what_is_there_when_asked_to(spoki, double):
    frame = pd.DataFrame(
        {"phone": ["+393330000001", "+393330000009"], "email": [None, "x@example.com"], "first_name": ["A", None]}
    )
    plan = spoki.contacts.sync(frame, missing="keep")
    assert plan.errors.empty
    plan.apply()
    assert double.writes[-1][2] == [
        {"phone": "+393330000001", "first_name": "A"},
        {"phone": "+393330000009", "email": "x@example.com"},
    ]
    with pytest.raises(UsageError, match="refuse, keep"):
        spoki.contacts.sync(frame, missing="guess")


def test_a_required_cell_is_never_kept(spoki):
    plan = spoki.contacts.sync(
        pd.DataFrame({"phone": ["+393330000001", None], "first_name": ["A", "B"]}), missing="keep"
    )
    assert problems(plan) == {("1", "phone"): "is required."}


def test_custom_values_and_reasons_have_columns(spoki, double):
    frame = pd.DataFrame(
        [{"phone": "+393330000001", "field.CITTA": "Roma", "field.NATO": "1990-05-21", "reason": "call of 3 May"}]
    )
    plan = spoki.contacts.sync(frame)
    assert plan.frame.loc[0, "reason"] == "call of 3 May"
    assert plan.frame.loc[0, "change"] == "custom_fields.CITTA: – → Roma\ncustom_fields.NATO: – → 1990-05-21"
    plan.apply()
    assert double.writes[-1][2] == [
        {"phone": "+393330000001", "custom_fields": {"CITTA": "Roma", "NATO": "1990-05-21"}}
    ]
    assert problems(spoki.contacts.sync(frame.assign(**{"field.NATO": "yesterday"})))[("0", "field.NATO")]


def test_ids_are_checked_and_come_once(spoki, double):
    plan = spoki.contacts.block([1, 1, 2.0, "x", True, 99])
    found = problems(plan)
    assert "row 1" in found["0", "id"]
    assert {row for row, _ in found} == {"0", "1", "2", "3", "4", "5"}
    assert "contact 99 does not exist" in found["5", "id"]


def test_no_value_at_all_is_a_usage_error(spoki, double):
    with pytest.raises(UsageError, match="at least one value"):
        spoki.contacts.update(1)
    double.add("lists", {"id": 1, "name": "VIP"})
    with pytest.raises(UsageError, match="ids, phones or emails"):
        spoki.lists.remove_contacts(1)


def test_a_frame_of_ids_gives_each_its_own_values(spoki, double):
    double.add("contacts", contact(2))
    frame = pd.DataFrame({"id": [1, 2], "first_name": ["Anna", "Bruno"]})
    spoki.contacts.update(frame, language="en").apply()
    sent = {path: body for _, path, body in double.writes}
    assert sent["/api/1/contacts/2/"] == {"phone": "+393330000002", "first_name": "Bruno", "language": "en"}


def test_ten_thousand_rows_become_twenty_requests_with_all_their_problems(spoki, double):
    rows = 10_000
    frame = pd.DataFrame(
        {"phone": [f"+39333{n:07d}" for n in range(rows)], "first_name": [f"N{n}" for n in range(rows)]}
    )
    plan = spoki.contacts.sync(frame)
    assert plan.totals == {
        "changes": rows,
        "to_send": rows,
        "already_so": 0,
        "refused": 0,
        "requests": 20,
        "irreversible": 0,
    }
    bad = spoki.contacts.sync(frame.assign(email="none", language="none"))
    assert len(bad.errors) == 2 * rows
    assert plan.apply()["outcome"].value_counts().to_dict() == {"applied": rows}
    assert [len(body) for _, _, body in double.writes] == [500] * 20


def test_other_things_than_frames_are_no_source(spoki):
    with pytest.raises(UsageError, match="DataFrame"):
        spoki.contacts.sync(["+393330000001"])


@pytest.mark.parametrize(
    ("one", "other"),
    [("+393471110001", "3471110001"), ("+5215512345678", "+525512345678"), ("+551187654321", "+5511987654321")],
)
def test_a_number_that_comes_twice_is_refused_whatever_else_is_wrong(spoki, double, one, other):
    frame = pd.DataFrame({"phone": [one, other], "email": ["x", "b@example.com"]}, index=["Anna", "Bruno"])
    plan = spoki.contacts.sync(frame)
    assert set(problems(plan)) == {("Anna", "email"), ("Anna", "phone"), ("Bruno", "phone")}
    assert not plan.changes


@pytest.mark.parametrize("call", CORRECTIONS, ids=lambda call: f"{call.path}-{call.operation}")
def test_what_is_no_argument_is_refused_and_never_a_traceback(spoki, double, call):
    method = attrgetter(call.path)(spoki)
    takes = inspect.signature(method).parameters
    for name, junk in product(takes, JUNK):
        given = {
            each: junk() if each == name else 1
            for each, parameter in takes.items()
            if each == name or parameter.default is parameter.empty
        }
        with suppress(SpokiError):
            method(**given)
    assert double.writes == []
