"""What becomes of slots after they were taken, in the file and in memory alike."""

from __future__ import annotations

import sqlite3

import pytest
from pyrate_limiter import InMemoryBucket, Rate, RateItem, SQLiteBucket

from spoki_analytics.api.slots import Bucket, believe, redate, remove


@pytest.fixture(params=["memory", "file"])
def bucket(request: pytest.FixtureRequest) -> Bucket:
    """Room for three slots in a minute, two of them taken."""
    rates = [Rate(3, 60_000)]
    if request.param == "memory":
        made: Bucket = InMemoryBucket(rates)
    else:
        made = SQLiteBucket(rates, sqlite3.connect(":memory:"), "one")
        made.conn.execute("CREATE TABLE one (name VARCHAR, item_timestamp INTEGER)")
    for moment in (1_000, 2_000):
        assert made.put(RateItem("one", moment))
    return made


def moments(bucket: Bucket) -> list[int]:
    slots = (bucket.peek(index) for index in range(bucket.count()))
    return sorted(slot.timestamp for slot in slots if slot is not None)


def test_a_slot_that_is_dated_anew_is_free_a_window_after_that(bucket: Bucket) -> None:
    assert redate(bucket, 1_000, 9_000) == 1
    assert moments(bucket) == [2_000, 9_000]
    assert bucket.put(RateItem("one", 61_500))
    assert bucket.put(RateItem("one", 62_500))
    assert not bucket.put(RateItem("one", 68_500))
    bucket.leak(69_500)
    assert bucket.put(RateItem("one", 69_500))


def test_only_one_slot_of_a_moment_is_changed(bucket: Bucket) -> None:
    bucket.put(RateItem("one", 2_000))
    assert redate(bucket, 2_000, 5_000) == 1
    assert moments(bucket) == [1_000, 2_000, 5_000]
    assert remove(bucket, 2_000) == 1
    assert moments(bucket) == [1_000, 5_000]


def test_a_slot_that_is_gone_changes_nothing(bucket: Bucket) -> None:
    assert (redate(bucket, 7, 9), remove(bucket, 7)) == (0, 0)
    assert moments(bucket) == [1_000, 2_000]


def test_slots_of_the_future_were_taken_now(bucket: Bucket) -> None:
    believe(bucket, 1_500)
    assert moments(bucket) == [1_000, 1_500]
