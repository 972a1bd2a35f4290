import pytest

from spoki_analytics import UsageError
from tests.resources.conftest import dtypes, told


def test_columns_and_dtypes(client, serve):
    serve("tickets", "tickets")
    frame = client().tickets.load()
    assert dtypes(frame, "status", "priority", "closed_datetime", "is_closed", "contact.id", "owner.email") == [
        "str", "category", "datetime64[us, UTC]", "boolean", "Int64", "str",
    ]  # fmt: skip
    assert frame["is_closed"].tolist()[:3] == [False, True, False]
    assert frame["contact.phone"].tolist()[0] == "+393330000001"
    assert told(frame)["unknown_columns"] == ["category.id", "category.name"]


@pytest.mark.parametrize("spelling", ["Open", "OPEN", "open", " open "])
def test_a_status_is_found_in_any_spelling_and_cut_here(client, serve, script, spelling):
    serve("tickets", "tickets")
    frame = client().tickets.load(spelling)
    assert frame["id"].tolist() == [20501, 20503]
    assert "status" not in script.seen[0].query
    facts = told(frame)
    assert (facts["filters"], facts["rows"]) == ({"status": spelling}, 2)


def test_a_custom_status_is_found(client, serve):
    serve("tickets", "tickets")
    assert client().tickets.load("in_attesa-FORNITORE")["id"].tolist() == [20504]


def test_nothing_found_keeps_the_columns(client, serve):
    serve("tickets", "tickets")
    spoki = client()
    whole, none = spoki.tickets.load(), spoki.tickets.load("nowhere")
    assert len(none) == 0
    assert (none.dtypes == whole.dtypes).all()


def test_limit_counts_after_the_cut(client, serve):
    serve("tickets", "tickets")
    assert client().tickets.load("open", limit=1)["id"].tolist() == [20501]


@pytest.mark.parametrize("wrong", ["", "  ", 5, ["Open"]])
def test_a_status_that_is_no_text_is_refused_before_any_request(client, script, wrong):
    with pytest.raises(UsageError, match="status"):
        client().tickets.load(wrong)
    assert not script.seen
