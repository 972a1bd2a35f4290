"""Whatever a frame holds: nothing invalid is sent, nothing is sent twice, and undoing gives the state back."""

from __future__ import annotations

import os
import re
import tempfile
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

import pandas as pd
import phonenumbers
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spoki_analytics import Spoki
from tests.conftest import KEY
from tests.corrections.spoki_double import Double, contact, ticket

QUICK = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
ODD = st.sampled_from(
    [
        None,
        float("nan"),
        pd.NA,
        3.93e11,
        393330000001,
        "123.0",
        "nan",
        "3.9e11",
        "",
        " ",
        True,
        7,
        "<b>",
        "\ud800",
        b"x",
    ]
)
PHONES = st.one_of(
    st.integers(0, 30).map(lambda n: f"+39333{n:07d}"),
    st.integers(0, 30).map(lambda n: f"333{n:07d}"),
    st.integers(0, 30).map(lambda n: f"39 333 {n:07d}"),
    st.text("+0123456789 .-()", max_size=16),
    ODD,
)
EMAILS = st.one_of(st.emails(), st.text(max_size=12), ODD)
NAMES = st.one_of(st.text(max_size=20), ODD)
LANGUAGES = st.one_of(st.sampled_from(["it", "en", "pt_BR", "xx", "IT", "italiano"]), ODD)
STATUSES = st.one_of(st.sampled_from(["Not Declared", "Subscribed", "Unsubscribed", "subscribed"]), ODD)
ROWS = st.lists(st.tuples(PHONES, EMAILS, NAMES, LANGUAGES, STATUSES), max_size=12)
COLUMNS = ["phone", "email", "first_name", "language", "status"]
ITEM = {
    "phone": lambda v: re.fullmatch(r"\+\d{8,15}", v) and phonenumbers.is_valid_number(phonenumbers.parse(v)),
    "email": lambda v: v == "" or re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", v),
    "first_name": lambda v: v not in ("nan", "123.0", "3.9e11"),
    "language": lambda v: v in ("it", "en", "pt_BR"),
    "status": lambda v: v in ("Not Declared", "Subscribed", "Unsubscribed"),
}


@contextmanager
def world():
    double = Double()
    double.add("contacts", *[contact(n) for n in range(1, 16)])
    for row in list(double.records["contacts"].values())[::3]:
        row["phone"] = row["phone"].lstrip("+")
    double.add("tickets", *[ticket(n) for n in range(1, 9)])
    double.add("lists", {"id": 11, "name": "VIP"})
    with tempfile.TemporaryDirectory() as folder:
        chosen = {
            "SPOKI_RATE_WINDOW": "0.001",
            "SPOKI_DEFAULT_RATE": "1000",
            "SPOKI_CACHE_DIR": str(Path(folder, "cache")),
            "SPOKI_DATA_DIR": str(Path(folder, "data")),
        }
        with mock.patch.dict(os.environ, chosen), Spoki(api_key=KEY, base_url=double.base_url, writes=True) as spoki:
            yield spoki, double
    double.close()


def meaning(double):
    return {
        family: {
            key: {name: value for name, value in row.items() if value not in (None, "")} for key, row in rows.items()
        }
        for family, rows in double.state().items()
    }


@QUICK
@given(rows=ROWS, missing=st.sampled_from(["refuse", "keep"]))
def test_nothing_invalid_is_ever_sent_and_undoing_gives_the_state_back(rows, missing):
    frame = pd.DataFrame(rows, columns=COLUMNS, dtype=object)
    with world() as (spoki, double):
        before = meaning(double)
        plan = spoki.contacts.sync(frame, missing=missing)
        refused = set(plan.errors["row"])
        assert {change.step.row for change in plan.changes}.isdisjoint(refused)
        assert len({change.step.row for change in plan.changes}) + len(refused) == len(frame)
        assert double.writes == []
        if not plan.pending:
            return
        plan.apply()
        (_, _, items), *more = double.writes
        assert not more
        assert len({item["phone"] for item in items}) == len(items)
        for item in items:
            assert all(isinstance(value, str) and ITEM[name](value) for name, value in item.items())
        undo = plan.undo()
        undo.apply(confirm=undo.confirmation)
        assert meaning(double) == before


VALUES = st.fixed_dictionaries(
    {},
    optional={
        "status": st.sampled_from(["Open", "Closed", "Pending"]),
        "priority": st.sampled_from(["Low", "Medium", "High"]),
        "title": st.text(min_size=1, max_size=20),
        "description": st.text(max_size=20),
    },
)


@QUICK
@given(plans=st.lists(st.tuples(st.lists(st.integers(1, 10), max_size=6), VALUES), min_size=1, max_size=3))
def test_several_corrections_undone_in_reverse_give_the_state_back(plans):
    with world() as (spoki, double):
        before = meaning(double)
        applied = []
        for ids, values in plans:
            if not ids or not values:
                continue
            plan = spoki.tickets.update(ids, **values)
            wrong = {change.path["id"] for change in (each.step for each in plan.changes)} - set(
                double.records["tickets"]
            )
            assert not wrong
            if plan.pending:
                plan.apply(again=True)
                applied.append(plan)
        for plan in reversed(applied):
            plan.undo().apply(again=True)
        assert meaning(double) == before
        for _, _, body in double.writes:
            assert body.keys() <= {"status", "priority", "title", "description"}


@QUICK
@given(lost=st.sets(st.integers(0, 7)), broken=st.sets(st.integers(0, 7)), ids=st.sets(st.integers(1, 8), min_size=1))
def test_whatever_gets_lost_no_row_is_sent_twice_unless_it_did_not_happen(lost, broken, ids):
    with world() as (spoki, double):
        done: list[str] = []

        def refuse(method, path):
            if method != "PATCH":
                return None
            if len(double.writes) - 1 in broken:
                return 500, None
            done.append(path)
            return None

        double.refuse = refuse
        double.lose = lambda method, path: len(double.writes) - 1 in lost
        plan = spoki.tickets.update(sorted(ids), status="Closed")
        plan.apply()
        assert len(double.writes) == len({path for _, path, _ in double.writes})
        double.lose, broken = (lambda method, path: False), set()
        outcome = spoki.journal.resume(plan.id)
        assert set(outcome["outcome"]) == {"applied"}
        assert len(done) == len(set(done)) == len(ids)
