import pytest

from spoki_analytics import SpokiWarning, UnexpectedAnswerError, UsageError
from tests.conftest import Answer

TAGS = "/api/1/tags/"


def tag(number):
    return {"id": number, "name": f"tag {number}", "color": None, "order": number}


def page(script, rows, count, following=None):
    link = f"{script.base_url}{TAGS}?page={following}" if following else None
    return Answer({"count": count, "next": link, "previous": None, "results": [tag(n) for n in rows]})


def test_next_is_followed_to_the_end(script, client):
    script.pages(TAGS, [[tag(1), tag(2)], [tag(3), tag(4)], [tag(5)]])
    frame = client().tags.load()
    assert frame["id"].tolist() == [1, 2, 3, 4, 5]
    told = frame.attrs["spoki"]
    assert (told["rows"], told["cache_hits"], told["drift"], told["checked"]) == (5, 0, False, True)
    assert told["requests"] == 3 + 2  # the last page ahead, and the first once more


@pytest.mark.parametrize(
    "body",
    [[tag(1)], {"results": [tag(1)]}, {"tags": [tag(1)]}, {"count": 1, "results": [tag(1)], "extra": [1, 2]}],
    ids=["array", "results", "single-list", "results-and-another"],
)
def test_every_documented_envelope_is_read(script, client, body):
    script[TAGS] = Answer(body)
    assert client().tags.load()["id"].tolist() == [1]


@pytest.mark.parametrize("body", [{"a": [], "b": []}, {"detail": "?"}, "text", 3, None])
def test_an_answer_without_a_list_is_an_error(script, client, body):
    script[TAGS] = Answer(body)
    with pytest.raises(UnexpectedAnswerError, match="list was expected"):
        client().tags.load()


def test_a_listing_that_moved_once_is_walked_again(script, client):
    script[TAGS] = [page(script, [3, 2], 3, 2), page(script, [4, 3], 4, 2)]
    script[f"{TAGS}?page=2"] = [page(script, [2, 1], 4), page(script, [2, 1], 4)]
    frame = client().tags.load()
    assert sorted(frame["id"]) == [1, 2, 3, 4]
    assert frame.attrs["spoki"]["drift"] is False


def test_a_listing_that_never_holds_still_is_delivered_with_a_warning(script, client):
    script[TAGS] = page(script, [3, 2], 3, 2)
    script[f"{TAGS}?page=2"] = page(script, [2, 1], 4)
    with pytest.warns(SpokiWarning, match="changed while it was read"):
        frame = client().tags.load()
    assert frame["id"].is_unique
    assert frame.attrs["spoki"]["drift"] is True
    assert len(script.seen) == 6


def test_a_page_that_vanishes_counts_as_moving(script, client):
    script[TAGS] = [page(script, [1, 2], 3, 2), page(script, [1, 2], 2)]
    frame = client().tags.load()
    assert frame["id"].tolist() == [1, 2]
    assert frame.attrs["spoki"]["drift"] is False


def test_a_count_that_is_always_wrong_is_said_but_is_no_drift(script, client):
    script.pages(TAGS, [[tag(1)], [tag(2)]], count=7)
    with pytest.warns(SpokiWarning, match="counts 7 rows but delivers 2"):
        frame = client().tags.load()
    assert frame.attrs["spoki"]["drift"] is False
    assert len(script.seen) == 2 * (2 + 1)  # the last page by the count is not there


def test_a_circle_of_pages_ends(script, client):
    script[TAGS] = page(script, [1], 2, 2)
    script[f"{TAGS}?page=2"] = page(script, [2], 2, 2)
    with pytest.warns(SpokiWarning, match="same page"):
        frame = client().tags.load()
    assert frame["id"].tolist() == [1, 2]


def test_limit_stops_early_and_does_not_pass_for_the_whole(script, client):
    script.pages(TAGS, [[tag(1), tag(2)], [tag(3)]])
    spoki = client()
    assert spoki.tags.load(limit=1)["id"].tolist() == [1]
    assert len(script.seen) == 1
    assert len(spoki.tags.load()) == 3
    assert spoki.tags.load(limit=2).attrs["spoki"]["cache_hits"] == 1
    assert len(script.seen) == 1 + 2 + 1


@pytest.mark.parametrize("limit", [0, -1, True, 1.5, "3"])
def test_a_wrong_limit_is_refused_before_any_request(script, client, limit):
    with pytest.raises(UsageError, match="limit"):
        client().tags.load(limit=limit)
    assert not script.seen


def test_wrong_choices_are_refused_with_the_nearest_one(script, client):
    with pytest.raises(UsageError, match="Did you mean Subscribed"):
        client().contacts.load(status="subscribed")
    assert not script.seen


def test_a_wrong_count_of_a_single_page_is_said_without_a_second_walk(script, client):
    script[TAGS] = page(script, [1, 2], 7)
    with pytest.warns(SpokiWarning, match="counts 7 rows but delivers 2"):
        client().tags.load()
    assert len(script.seen) == 1


def test_what_a_walk_had_to_say_is_said_again_by_the_cache(script, client):
    script[TAGS] = page(script, [1, 2], 7)
    spoki = client()
    for _ in range(2):
        with pytest.warns(SpokiWarning, match="counts 7 rows"):
            spoki.tags.load()
    assert len(script.seen) == 1


def test_a_walk_that_stops_at_its_limit_counts_no_rows(script, client):
    script.pages(TAGS, [[tag(1), tag(2)], [tag(3)]])
    assert client().tags.load(limit=2)["id"].tolist() == [1, 2]


def test_a_row_that_comes_twice_tells_of_a_move_although_the_count_stands(script, client):
    script[TAGS] = [page(script, [1, 2], 4, 2), page(script, [1, 2], 4, 2)]
    script[f"{TAGS}?page=2"] = [page(script, [2, 3], 4), page(script, [3, 4], 4)]
    frame = client().tags.load()
    assert frame["id"].tolist() == [1, 2, 3, 4]
    assert frame.attrs["spoki"]["drift"] is False
    script[f"{TAGS}?page=2"] = page(script, [2, 3], 4)
    with pytest.warns(SpokiWarning, match="1 row came twice"):
        frame = client().tags.load(refresh=True)
    assert frame["id"].tolist() == [1, 2, 3]
    assert frame.attrs["spoki"]["drift"] is True
