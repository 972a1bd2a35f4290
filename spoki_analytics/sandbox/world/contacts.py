"""The contacts of an account: made from the seed one by one, found by their number."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime, timedelta
from functools import cached_property

import numpy as np

from spoki_analytics.sandbox.world import names
from spoki_analytics.sandbox.world.campaigns import PERIOD_DAYS
from spoki_analytics.sandbox.world.collection import Collection, Record
from spoki_analytics.sandbox.world.moments import stamp, stamp_rome

DRAWS = 12
HOSTILE_EVERY = 41
FIRST_FIELD = 332001
FIELDS = (
    ("Città", "CITTA", 1, "Bologna"),
    ("Data di nascita", "DATA_NASCITA", 2, "1990-05-21"),
    ("Ultimo ordine", "ULTIMO_ORDINE", 3, None),
    ("Targa", "_TARGA_", 1, ""),
    ("Note <libere> & varie", "NOTE_LIBERE", 1, "=1+1"),
)
"""Custom fields of every account: label, code, type (1 text, 2 date, 3 datetime), example."""


class ContactMaker:
    """Makes the contacts that an account has at the start.

    Args:
        seed: Seed of the world.
        place: Place of the account.
        count: How many contacts.
        since: When the first one was created.
        now: Moment at which they are seen: consents change with time.
        first_id: Id of the first one.
        lists: How many lists there are, with their first id.
        tags: How many tags there are, with their first id.
        roles: How many roles there are, with their first id.
        fields: Id of the first custom field.
    """

    def __init__(
        self,
        seed: int,
        place: int,
        count: int,
        since: datetime,
        now: datetime,
        *,
        first_id: int,
        lists: tuple[int, int],
        tags: tuple[int, int],
        roles: tuple[int, int],
        fields: int,
    ) -> None:
        self._draw = (seed, place, 5)
        self.count = count
        self._since, self._now = since, now
        self._step = timedelta(days=PERIOD_DAYS) / max(count, 1)
        self.first_id = first_id
        self._lists, self._tags, self._roles = lists, tags, roles
        self._field_ids = {code: fields + place for place, (_, code, _, _) in enumerate(FIELDS)}

    @cached_property
    def _draws(self) -> np.ndarray:
        return np.random.default_rng(self._draw).random((self.count, DRAWS))

    @cached_property
    def memberships(self) -> np.ndarray:
        """Places of the two lists of each contact, -1 where there is none."""
        count, draws = self._lists[0], self._draws
        first = np.where(draws[:, 0] < 0.75, (draws[:, 0] / 0.75) ** 2 * count, -1).astype(np.int64)
        second = np.where(draws[:, 1] < 0.5, draws[:, 1] * 2 * count, -1).astype(np.int64)
        return np.column_stack([first, np.where(second == first, -1, second)])

    @cached_property
    def list_sizes(self) -> Counter[int]:
        """Contacts in each list, by the list's id."""
        places, sizes = np.unique(self.memberships, return_counts=True)
        first = self._lists[1]
        return Counter({first + int(p): int(n) for p, n in zip(places, sizes, strict=True) if p >= 0})

    def make(self, i: int) -> Record:
        """The contact at a place."""
        draw = self._draws[i].tolist()
        people = names.ITALIAN if draw[2] < 0.8 else names.OTHERS[int((draw[2] - 0.8) * 5 * len(names.OTHERS))]
        first, last = _pick(people.first, draw[3]), _pick(people.last, draw[4])
        if i % HOSTILE_EVERY == 7:
            first, last = names.HOSTILE[i // HOSTILE_EVERY % len(names.HOSTILE)], ""
        created = self._since + self._step * (i + draw[5])
        return {
            "id": self.first_id + i,
            "phone": _phone(people, i, draw[6]),
            "email": None if draw[7] < 0.15 else "" if draw[7] < 0.2 else f"c{i}.{people.language}@example.com",
            "first_name": first,
            "last_name": last,
            "language": people.language,
            "status": _consent(draw[8], (self._now - created).days),
            "has_invalid_phone": draw[6] < 0.02,
            "is_blocked": draw[9] < 0.015,
            "is_restricted": draw[9] > 0.99,
            "created_datetime": stamp_rome(created) if i % 30 == 4 else stamp(created),
            "fields": {self._field_ids[code]: value for code, value in _fields(i, draw, people, created).items()},
            "lists": [self._lists[1] + int(place) for place in self.memberships[i] if place >= 0],
            "tags": [self._tags[1] + int(draw[10] * 3 * self._tags[0])] if draw[10] < 1 / 3 else [],
            "operators": [self._roles[1] + int(draw[11] * 5 * self._roles[0])] if draw[11] < 0.2 else [],
        }


def _pick(values: tuple[str, ...], draw: float) -> str:
    return values[int(draw * len(values))]


def _consent(draw: float, age: int) -> str:
    """Nothing declared at first; most subscribe within weeks, and some of them leave after months."""
    if draw < 0.25 or age < draw * 40:
        return "Not Declared"
    return "Unsubscribed" if draw > 0.75 and age > (draw - 0.75) * 2000 else "Subscribed"


def _phone(people: names.People, i: int, draw: float) -> str:
    if draw < 0.005:
        return "n/d"
    if draw < 0.02:
        return f"+{people.prefix}{i % 100}"
    number = f"{people.prefix}{i:0{people.digits}d}"
    return number if draw > 0.9 else f"+{number}"


def _fields(i: int, draw: list[float], people: names.People, created: datetime) -> dict[str, tuple[str, str | None]]:
    """Custom values by code: the text, and the moment where the field has one."""
    values: dict[str, tuple[str, str | None]] = {}
    if draw[5] < 0.8:
        values["CITTA"] = (_pick(people.city, draw[9]), None)
    if draw[4] < 0.4:
        born = f"{1950 + i % 55}-{1 + i % 12:02d}-{1 + i % 28:02d}"
        values["DATA_NASCITA"] = (born, f"{born}T00:00:00Z")
    if draw[3] < 0.5:
        order = created.replace(microsecond=0) + timedelta(days=int(draw[1] * 30))
        values["ULTIMO_ORDINE"] = (f"{order:%Y-%m-%d %H:%M}", stamp(order))
    if i % 9 == 0:
        values["_TARGA_"] = ("" if i % 2 else f"AB{i % 1000:03d}CD", None)
    if i % 23 == 5:
        values["NOTE_LIBERE"] = (names.HOSTILE[i % len(names.HOSTILE)], None)
    return values


class Phonebook:
    """Finds contacts by the digits of their phone.

    Args:
        contacts: The contacts; a change that does not come through ``note`` makes it read them all again.
    """

    def __init__(self, contacts: Collection) -> None:
        self._contacts = contacts
        self._ids: dict[str, list[int]] = {}
        self._version = -1

    def find(self, phone: str) -> list[Record]:
        """The contacts that have a number, the oldest first."""
        self._refresh()
        found = (self._contacts.get(i) for i in sorted(self._ids.get(digits(phone), ())))
        return [contact for contact in found if contact is not None]

    def note(self, before: Record | None, after: Record | None) -> None:
        """Take over one change, which the collection has just made: from one state of a contact to another."""
        if self._version != self._contacts.version - 1:
            return
        self._version = self._contacts.version
        if before is not None:
            self._ids[digits(before["phone"])].remove(before["id"])
        if after is not None:
            self._ids.setdefault(digits(after["phone"]), []).append(after["id"])

    def _refresh(self) -> None:
        if self._version == self._contacts.version:
            return
        self._version = self._contacts.version
        self._ids = {}
        for contact in self._contacts.records():
            self._ids.setdefault(digits(contact["phone"]), []).append(contact["id"])


def digits(phone: str) -> str:
    """A number without its plus and whatever else is between its digits; a text without digits stays as it is."""
    return re.sub(r"\D", "", phone) or phone
