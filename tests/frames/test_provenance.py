"""Frames that know where they come from."""

import json

import pandas as pd
import pytest

from spoki_analytics.errors import UsageError
from spoki_analytics.frames.provenance import provenance, remarks, stamp

FACTS = {
    "cache_hits": 0,
    "account": 4100,
    "operation": "list_contacts",
    "filters": {"search": "<script>alert(1)</script>"},
    "as_of": "2026-10-08T09:30:00+00:00",
    "stale": False,
    "unknown_columns": [],
}


def test_facts_are_a_plain_dict_that_survives_json_and_slices():
    frame = stamp(pd.DataFrame({"a": [1, 2]}), **FACTS)
    assert type(frame.attrs["spoki"]) is dict
    assert json.loads(json.dumps(frame.attrs["spoki"])) == FACTS
    assert provenance(frame[frame["a"] > 1]) == FACTS
    assert provenance(frame.iloc[0]) == FACTS


def test_later_facts_are_added_to_earlier_ones():
    frame = stamp(stamp(pd.DataFrame(), rows=1, stale=False), stale=True)
    assert provenance(frame) == {"rows": 1, "stale": True}


def test_it_reads_well_as_text():
    assert str(provenance(stamp(pd.Series([1]), **FACTS))).splitlines() == [
        "account: 4100",
        "operation: list_contacts",
        "filters: search=<script>alert(1)</script>",
        "as_of: 2026-10-08T09:30:00+00:00",
        "cache_hits: 0",
        "stale: no",
        "unknown_columns: none",
    ]


def test_it_never_runs_as_markup():
    page = provenance(stamp(pd.DataFrame(), **FACTS, **{"<b>": "&"}))._repr_html_()
    assert "<script>" not in page
    assert "<b>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


@pytest.mark.parametrize("attrs", [{}, {"spoki": None}, {"spoki": "text"}])
def test_a_frame_without_provenance_says_so(attrs):
    frame = pd.DataFrame()
    frame.attrs = attrs
    with pytest.raises(UsageError, match="no provenance"):
        provenance(frame)


def test_what_was_not_checked_is_said_in_the_caption_once():
    frame = stamp(pd.DataFrame({"id": [1]}), stale=False, drift=False, checked=False)
    assert "<caption>not checked whether rows moved meanwhile</caption>" in provenance(frame)._repr_html_()
    assert "caption" not in provenance(stamp(frame, checked=True))._repr_html_()
    assert remarks({"drift": True, "checked": False}) == ["drift"]
    assert remarks({}) == []
