"""Rows that move from page to page under a walk, unseen by count and ids."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from spoki_analytics.api.shifts import walk_and_check
from spoki_analytics.api.walks import Page
from tests.depth import depth

BEGAN = datetime(2026, 11, 2, 9, tzinfo=UTC)
SIZE = 20


class Rows(list):
    """A builder that keeps the rows."""

    add = list.extend


class Moving:
    """A listing that loses a row and gains one after a certain number of requests."""

    def __init__(self, seed, dated, rows=100):
        self.chance = random.Random(seed)
        self.dated = dated
        self.rows = [self.row(number, BEGAN - timedelta(days=1)) for number in range(1, rows + 1)]
        self.moves_after = self.chance.randint(1, rows // SIZE + 1)
        self.read_before = self.moves_after * SIZE
        self.requests = 0

    def row(self, number, created):
        return {"id": number, **({"created_datetime": created.isoformat()} if self.dated else {})}

    def move(self):
        del self.rows[self.chance.randrange(min(self.read_before, len(self.rows)))]
        self.rows.append(self.row(1000, BEGAN + timedelta(seconds=3)))

    def read(self, url):
        page = int(url.partition("?page=")[2] or 1)
        start = (page - 1) * SIZE
        following = f"http://spoki/?page={page + 1}" if start + SIZE < len(self.rows) else None
        answer = Page(self.rows[start : start + SIZE], following, len(self.rows))
        self.requests += 1
        if self.requests == self.moves_after:
            self.move()
        return answer


def walked(server, **more):
    rows = Rows()
    *_, (state, _) = walk_and_check(server.read, "http://spoki/", rows, key="id", limit=None, max_pages=99, **more)
    return state, {row["id"] for row in rows}


@pytest.mark.parametrize("dated", [True, False], ids=["created", "ids"])
def test_no_walk_loses_a_row_that_was_there_all_the_time_without_a_word(dated):
    lost = 0
    for seed in range(depth(50, 1000)):
        server = Moving(seed, dated)
        there = {row["id"] for row in server.rows}
        state, met = walked(server, began=lambda: BEGAN if dated else None)
        missed = there & {row["id"] for row in server.rows} - met
        lost += bool(missed)
        assert state.moved or not missed, seed
        assert server.requests <= 5 + 3
    assert lost > 10, "the listings do not move where it hurts"


def test_a_listing_that_rests_is_checked_and_costs_two_requests_more():
    server = Moving(1, dated=False)
    server.move = lambda: None
    state, met = walked(server)
    assert (state.moved, state.checked, len(met), server.requests) == (False, True, 100, 5 + 2)


@pytest.mark.parametrize(("rows", "requests"), [(20, 1), (40, 2 + 1)])
def test_short_listings_cost_less(rows, requests):
    server = Moving(1, dated=False, rows=rows)
    server.move = lambda: None
    state, _ = walked(server)
    assert (state.moved, state.checked, server.requests) == (False, True, requests)


def test_where_neither_pages_nor_moments_can_be_compared_nothing_is_promised():
    pages = {"http://spoki/": Page([{"id": 1}], "http://spoki/?cursor=x", None)}
    pages["http://spoki/?cursor=x"] = Page([{"id": 2}], "http://spoki/?cursor=y", None)
    pages["http://spoki/?cursor=y"] = Page([{"id": 3}], None, None)
    *_, (state, _) = walk_and_check(pages.__getitem__, "http://spoki/", Rows(), key="id", limit=None, max_pages=9)
    assert (state.moved, state.checked) == (False, False)


def test_what_spoki_says_of_a_moved_listing_is_passed_on(script, client):
    rows = [{"id": number, "name": "x", "color": None, "order": 0} for number in range(1, 7)]
    script.pages("/api/1/tags/", [rows[:2], rows[2:4], rows[4:]])
    first = script._answers["/api/1/tags/"][0]
    moved = type(first)({**first.body, "results": rows[1:3]})
    script["/api/1/tags/"] = [first, moved] * 3
    with pytest.warns(UserWarning, match="rows moved from one page to another"):
        frame = client().tags.load()
    assert (frame.attrs["spoki"]["drift"], frame.attrs["spoki"]["checked"]) == (True, True)


def test_a_limit_within_one_page_is_checked_and_one_beyond_it_is_not():
    server = Moving(1, dated=False)
    server.move = lambda: None
    *_, (state, _) = walk_and_check(server.read, "http://spoki/", Rows(), key="id", limit=5, max_pages=9)
    assert (state.partial, state.checked) == (True, True)
    *_, (state, _) = walk_and_check(server.read, "http://spoki/", Rows(), key="id", limit=30, max_pages=9)
    assert (state.partial, state.checked) == (True, False)
