"""What happens to slots after they were taken, where pyrate-limiter only puts and leaks them.

A slot is known by its moment, in milliseconds; of several of one moment any will do.
"""

from __future__ import annotations

from pyrate_limiter import InMemoryBucket, SQLiteBucket

Bucket = SQLiteBucket | InMemoryBucket


def believe(bucket: Bucket, now: int) -> None:
    """Date slots of the future now: nobody can have taken them later, and so no wait is longer than one window."""
    if isinstance(bucket, SQLiteBucket):
        if bucket.conn.execute(f"SELECT 1 FROM '{bucket.table}' WHERE item_timestamp > ? LIMIT 1", (now,)).fetchone():  # noqa: S608
            _change(bucket, f"UPDATE '{bucket.table}' SET item_timestamp = ? WHERE item_timestamp > ?", now, now)  # noqa: S608
        return
    for item in bucket.items:
        item.timestamp = min(item.timestamp, now)


def remove(bucket: Bucket, moment: int) -> int:
    """Free one slot of that moment; give how many were."""
    if isinstance(bucket, SQLiteBucket):
        return _change(bucket, f"DELETE FROM '{bucket.table}' WHERE rowid IN ({_one_of(bucket)})", moment)  # noqa: S608
    slot = next((item for item in bucket.items if item.timestamp == moment), None)
    if slot is None:
        return 0
    bucket.items.remove(slot)
    return 1


def redate(bucket: Bucket, moment: int, now: int) -> int:
    """Let one slot of that moment count from now on; give how many do."""
    if isinstance(bucket, SQLiteBucket):
        one = f"UPDATE '{bucket.table}' SET item_timestamp = ? WHERE rowid IN ({_one_of(bucket)})"  # noqa: S608
        return _change(bucket, one, now, moment)
    slot = next((item for item in bucket.items if item.timestamp == moment), None)
    if slot is None:
        return 0
    slot.timestamp = now
    bucket.items.sort(key=lambda item: item.timestamp)  # by which the bucket finds where its window begins
    return 1


def _one_of(bucket: SQLiteBucket) -> str:
    return f"SELECT rowid FROM '{bucket.table}' WHERE item_timestamp = ? LIMIT 1"  # noqa: S608 - a name of ours


def _change(bucket: SQLiteBucket, sentence: str, *values: int) -> int:
    with bucket.lock:
        changed = bucket.conn.execute(sentence, values).rowcount
        bucket.conn.commit()
    return changed
