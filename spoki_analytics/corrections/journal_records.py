"""The records of the journal, and how the tables of its file hold them.

A record is one of three: a plan that was applied, the intent of a request, the outcome of some changes. Each makes one
row of ``events``, which is only ever added to; ``changes`` keeps where each change of a plan stands after them, so
that a question does not go through the events.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import orjson

from spoki_analytics.corrections.change import Step

Record = dict[str, Any]

SCHEMA = """
CREATE TABLE plans (
    number INTEGER PRIMARY KEY,     -- the order in which plans were applied
    id TEXT NOT NULL UNIQUE,
    key TEXT NOT NULL,              -- fingerprint of the API key and its origin
    account TEXT NOT NULL,          -- account id, or what stands for it where no id is known
    fingerprint TEXT NOT NULL,      -- of the account and what was asked for
    at TEXT NOT NULL,               -- moments are ISO 8601, in UTC
    by TEXT NOT NULL,
    masked INTEGER NOT NULL CHECK (masked IN (0, 1)),
    operations TEXT NOT NULL        -- JSON array of slugs
);
CREATE INDEX plans_by_fingerprint ON plans (fingerprint);
CREATE INDEX plans_by_account ON plans (account, key);
CREATE TABLE changes (
    plan INTEGER NOT NULL REFERENCES plans,
    position INTEGER NOT NULL,      -- in the plan, from 0
    content TEXT NOT NULL,          -- JSON: the change, or its masked target
    essence BLOB,                   -- hash of what is sent where; NULL when masked by 0.2 or before
    state TEXT CHECK (state IN ('applied', 'skipped', 'failed', 'unknown', 'unsent')),  -- NULL: not touched yet
    note TEXT NOT NULL DEFAULT '',
    status INTEGER,                 -- HTTP
    created TEXT,                   -- JSON: id of the record that it made
    opened TEXT,                    -- when its latest request was announced
    UNIQUE (plan, position)
);
CREATE INDEX changes_by_state ON changes (plan, state);
CREATE INDEX changes_by_essence ON changes (essence);
CREATE TABLE events (
    number INTEGER PRIMARY KEY,
    plan INTEGER NOT NULL REFERENCES plans,
    kind TEXT NOT NULL CHECK (kind IN ('plan', 'intent', 'outcome')),
    at TEXT NOT NULL,
    content TEXT NOT NULL           -- JSON: what the record has besides
);
CREATE TABLE old_file (bytes INTEGER NOT NULL);  -- how much of the file of 0.1.0 was taken over
"""
_EVENTS = """
SELECT events.kind, events.at, events.content, events.plan AS number, plans.id AS plan, plans.key, plans.account,
    plans.fingerprint, plans.by, plans.masked, plans.operations
FROM events JOIN plans ON events.plan = plans.number
"""
_OF_PLAN = ("kind", "plan", "at", "key", "account")
"""What a record has that its event does not keep."""
_GIVE_UP = 2000
"""Records in a row that cannot be read, after which none is looked for any more: a page of the file holds fewer."""
_NEW_PLAN = """
INSERT INTO plans (id, key, account, fingerprint, at, by, masked, operations)
VALUES (:plan, :key, :account, :fingerprint, :at, :by, :masked, :operations)
"""
_NEW_CHANGE = "INSERT INTO changes (plan, position, content, essence) VALUES (?, ?, ?, ?)"
_NEW_EVENT = "INSERT INTO events (plan, kind, at, content) VALUES (?, ?, ?, ?)"
_OPEN = "UPDATE changes SET state = 'unknown', note = '', opened = ? WHERE plan = ? AND position = ?"
_CONCLUDE = "UPDATE changes SET state = ?, note = ?, status = ? WHERE plan = ? AND position = ?"
_CREATED = "UPDATE changes SET created = ? WHERE plan = ? AND position = ?"


def digest(essence: bytes) -> bytes:
    """Short name of what is sent where; it can be looked up, and shows nothing."""
    return hashlib.blake2b(essence, digest_size=16).digest()


def write_record(database: sqlite3.Connection, record: Record) -> bool:
    """Add a record of plain JSON values, inside the transaction that is open; False when its plan is not there."""
    facts = {name: value for name, value in record.items() if name not in _OF_PLAN}
    if record["kind"] == "plan":
        plan = _write_plan(database, record)
        facts = {}
    elif (plan := _number(database, record["plan"])) is None:
        return False
    elif record["kind"] == "intent":
        database.executemany(_OPEN, [(record["at"], plan, position) for position in record["changes"]])
    else:
        _conclude(database, plan, record)
    database.execute(_NEW_EVENT, (plan, record["kind"], record["at"], _json(facts)))
    return True


def read_records(database: sqlite3.Connection, *, after: int = 0) -> Iterator[Record]:
    """Every record after so many, in the order in which they were made, as they are written down elsewhere."""
    for row in database.execute(f"{_EVENTS} ORDER BY events.number LIMIT -1 OFFSET ?", (after,)):
        yield _record(database, row)


def salvage_records(database: sqlite3.Connection) -> Iterator[Record]:
    """The records of a damaged file that can still be read, each looked for by itself."""
    database.text_factory = lambda content: content.decode(errors="replace")
    number, missed = 0, 0
    while missed < _GIVE_UP:
        number, missed = number + 1, missed + 1
        with suppress(sqlite3.DatabaseError, ValueError):
            for row in database.execute(f"{_EVENTS} WHERE events.number = ?", (number,)):
                yield _record(database, row)
                missed = 0


def _record(database: sqlite3.Connection, row: sqlite3.Row) -> Record:
    record = {name: row[name] for name in ("kind", "plan", "at")}
    return record | (_plan_facts(database, row) if row["kind"] == "plan" else orjson.loads(row["content"]))


def _write_plan(database: sqlite3.Connection, record: Record) -> int | None:
    plan = database.execute(_NEW_PLAN, {**record, "operations": _json(record["operations"])}).lastrowid
    kept = record.get("essences") or map(_essence, record["changes"])
    rows = [
        (plan, position, _json(change), bytes.fromhex(essence) if isinstance(essence, str) else essence)
        for position, (change, essence) in enumerate(zip(record["changes"], kept, strict=True))
    ]
    database.executemany(_NEW_CHANGE, rows)
    return plan


def _conclude(database: sqlite3.Connection, plan: int, record: Record) -> None:
    """Note what became of changes; JSON has made texts of their positions."""
    rows = [(state, note, record["status"], plan, int(text)) for text, (state, note) in record["states"].items()]
    database.executemany(_CONCLUDE, rows)
    made = [(_json(created), plan, int(text)) for text, created in record["created"].items()]
    database.executemany(_CREATED, made)


def _plan_facts(database: sqlite3.Connection, row: sqlite3.Row) -> Record:
    changes = database.execute(
        "SELECT content, hex(essence) AS essence FROM changes WHERE plan = ? ORDER BY position", (row["number"],)
    ).fetchall()
    # What is not masked holds its values, from which its digests follow.
    essences = [change["essence"].lower() for change in changes if row["masked"] and change["essence"]]
    return {
        **{name: row[name] for name in ("key", "account", "fingerprint", "by")},
        "masked": bool(row["masked"]),
        "operations": orjson.loads(row["operations"]),
        "changes": [orjson.loads(change["content"]) for change in changes],
        **({"essences": essences} if essences else {}),
    }


def _number(database: sqlite3.Connection, plan_id: str) -> int | None:
    row = database.execute("SELECT number FROM plans WHERE id = ?", (plan_id,)).fetchone()
    return row["number"] if row else None


def _essence(change: Any) -> bytes | None:
    """What a change is known by later; one that 0.2 or before has masked, which is its target alone, by nothing."""
    return None if isinstance(change, str) else digest(Step(**change["step"]).essence)


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()
