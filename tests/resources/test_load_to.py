"""Loads that go to a file part by part: the same file as that of the whole frame, whatever turns up late."""

import inspect
import random
import stat

import pandas as pd
import pyarrow.parquet as pq
import pytest

from spoki_analytics import SpokiWarning, UsageError, files, provenance
from spoki_analytics.frames import parts, tables
from spoki_analytics.resources.calls import FAMILIES
from tests.conftest import Answer

CONTACTS = "/api/1/contacts/"


def contact(number, **more):
    return {
        "id": number, "phone": f"+3933300{number:05d}", "first_name": f"=Anna; {number}", "status": "Subscribed",
        "created_datetime": "2026-09-14T16:30:00Z", "list_set": [], "contactfield_set": [], **more,
    }  # fmt: skip


def pages(late=True):
    """Pages on which columns, categories, types and custom values turn up one after the other, the last ones late."""
    rows = [contact(number) for number in range(1, 61)]
    rows[7] |= {"mood": 4, "score": 1, "list_set": [{"id": 1, "name": "Vip"}]}
    if late:
        rows[40] |= {"mood": "fine", "score": 1.5, "nested": {"deep": [1, 2]}}
        rows[55] |= {"status": "Perhaps", "field_set": 1, "created_datetime": "some day"}
        rows[58]["contactfield_set"] = [
            {"field": 1, "visual_code": "%%CITTA%%", "value": "Roma", "value_datetime": "2026-01-01T00:00:00Z"}
        ]
        rows[59]["contactfield_values"] = {"ALSO": "x"}
    return [rows[start : start + 10] for start in range(0, 60, 10)]


@pytest.fixture
def small_parts(monkeypatch):
    for module in (parts, tables):
        monkeypatch.setattr(module, "PART", 10)


@pytest.mark.filterwarnings("ignore::spoki_analytics.SpokiWarning")
@pytest.mark.parametrize("late", [True, False])
@pytest.mark.parametrize("form", ["csv", "json", "parquet", "xlsx"])
@pytest.mark.parametrize("columns", [None, ["status", "id", "field.CITTA", "list_set"]])
def test_the_file_is_that_of_the_whole_frame(client, script, tmp_path, small_parts, form, columns, late):
    script.pages(CONTACTS, pages(late))
    facts = client().contacts.load_to(tmp_path / f"parts.{form}", columns=columns)
    script.pages(CONTACTS, pages(late))
    whole = client(cache_dir=tmp_path / "other").contacts.load(columns=columns)
    files.write(whole, tmp_path / f"whole.{form}")
    assert facts["rows"] == len(whole) == 60
    assert facts["unknown_columns"] == provenance(whole)["unknown_columns"]
    if form == "parquet":
        one, other = (files.read(tmp_path / f"{name}.parquet") for name in ("parts", "whole"))
        pd.testing.assert_frame_equal(one, other)
        assert pq.read_schema(tmp_path / "parts.parquet") == pq.read_schema(tmp_path / "whole.parquet")
        assert pq.read_metadata(tmp_path / "parts.parquet").num_row_groups > 1
        assert {**provenance(one), "as_of": ""} == {**provenance(other), "as_of": ""}
    elif form != "xlsx":
        assert (tmp_path / f"parts.{form}").read_bytes() == (tmp_path / f"whole.{form}").read_bytes()


@pytest.mark.filterwarnings("ignore::spoki_analytics.SpokiWarning")
def test_what_was_written_in_parts_is_kept_and_loads_as_a_frame(client, script, tmp_path, small_parts):
    script.pages(CONTACTS, pages())
    spoki = client()
    spoki.contacts.load_to(tmp_path / "a.parquet")
    asked = len(script.seen)
    frame = spoki.contacts.load()
    spoki.contacts.load_to(tmp_path / "b.parquet")
    assert spoki.contacts.load_to(tmp_path / "c.csv", limit=25)["rows"] == 25
    assert len(script.seen) == asked
    pd.testing.assert_frame_equal(files.read(tmp_path / "b.parquet"), frame)
    assert len(files.read(tmp_path / "c.csv")) == 25


def test_parts_warn_once(client, script, tmp_path, small_parts):
    script.pages(CONTACTS, pages())
    with pytest.warns(SpokiWarning) as told:
        client().contacts.load_to(tmp_path / "a.csv", columns=["id", "field.CITA"])
    sentences = [str(each.message) for each in told]
    assert len(sentences) == len(set(sentences))
    assert any("field.CITTA" in sentence for sentence in sentences)


def test_rows_that_are_chosen_here_are_counted_over_all_parts(client, script, tmp_path, small_parts):
    states = random.Random(1).choices(["Open", "Closed"], k=50)
    rows = [{"id": number, "title": "x", "status": status} for number, status in enumerate(states)]
    script.pages("/api/1/tickets/", [rows[start : start + 10] for start in range(0, 50, 10)])
    spoki = client()
    whole = spoki.tickets.load(status="open", limit=17, columns=["id"])
    facts = spoki.tickets.load_to(tmp_path / "open.parquet", status="open", limit=17, columns=["id"])
    pd.testing.assert_frame_equal(files.read(tmp_path / "open.parquet"), whole)
    assert (facts["rows"], facts["filters"]) == (17, {"status": "open"})


def test_an_empty_listing_has_its_columns(client, script, tmp_path):
    script[CONTACTS] = Answer([])
    spoki = client()
    assert spoki.contacts.load_to(tmp_path / "none.parquet")["rows"] == 0
    files.write(spoki.contacts.load(), tmp_path / "whole.parquet")
    assert pq.read_table(tmp_path / "none.parquet").equals(pq.read_table(tmp_path / "whole.parquet"))


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.__name__)
def test_every_family_writes_what_it_loads_with_the_same_arguments(family):
    load = list(inspect.signature(family.load).parameters.values())
    written = list(inspect.signature(family.load_to).parameters.values())
    assert [each.name for each in written[:2]] == ["self", "path"]
    assert written[2:] == load[1:]


def test_reports_and_workbooks_are_written_whole(client, script, tmp_path):
    script["/api/1/reports/"] = Answer([])
    with pytest.warns(SpokiWarning, match="older report"):
        facts = client().reports.load_to(tmp_path / "r.csv", "2026-10-01", "2026-10-02", form="wide")
    assert facts["rows"] == 0
    assert (tmp_path / "r.csv").read_text().startswith("period_start,account")


def test_a_file_takes_its_place_in_one_step_and_is_its_owners_alone(client, script, tmp_path):
    old = tmp_path / "c.csv"
    old.write_text("old")
    script[CONTACTS] = Answer({"detail": "no"}, 403)
    with pytest.raises(Exception, match="does not allow"):
        client().contacts.load_to(old)
    assert old.read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(".c")) == []
    script[CONTACTS] = Answer([contact(1)])
    client().contacts.load_to(tmp_path / "new.csv")
    assert stat.S_IMODE((tmp_path / "new.csv").stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["x.doc", "missing/x.csv", ""])
def test_a_file_that_cannot_be_is_refused_before_any_request(client, script, tmp_path, name):
    with pytest.raises(UsageError):
        client().contacts.load_to(tmp_path / name)
    assert script.seen == []
