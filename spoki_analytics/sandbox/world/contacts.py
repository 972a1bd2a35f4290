"""The contacts of an account: made from the seed one by one, found by their number."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from spoki_analytics.sandbox.world import names
from spoki_analytics.sandbox.world.arrivals import Arrivals
from spoki_analytics.sandbox.world.collection import Collection, Record
from spoki_analytics.sandbox.world.moments import SHOWN, stamp, stamp_rome

_HOME = ZoneInfo("Europe/Rome")
"""Where the account of the key is, whose contacts these are."""
DRAWS = 12
"""Random numbers that a contact is made of."""
FEWEST_DRAWS = 256
"""Contacts whose numbers are drawn at once, so that a world that grows daily does not draw daily."""
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
    """Makes the contacts of an account, each as it is at a moment; ``arrivals`` tells how many have come until then.

    Args:
        seed: Seed of the world.
        account: Index of the account.
        total: How many contacts come in two years.
        since: When the first one was created.
        lists: How many lists there are, with their first id.
        tags: How many tags there are, with their first id.
        roles: How many roles there are, with their first id.
        fields: Id of the first custom field.
    """

    def __init__(
        self,
        seed: int,
        account: int,
        total: int,
        since: datetime,
        *,
        lists: tuple[int, int],
        tags: tuple[int, int],
        roles: tuple[int, int],
        fields: int,
    ) -> None:
        self._random = np.random.default_rng((seed, account, 5))
        self._draws = np.empty((0, DRAWS))
        self._members = np.empty((0, 2), np.int64)
        self.arrivals = Arrivals(since, total, lambda i, step: step * (i + self._draw(i)[5]) - step * i)
        self._lists, self._tags, self._roles = lists, tags, roles
        self._field_ids = {code: fields + index for index, (_, code, _, _) in enumerate(FIELDS)}

    def list_sizes(self, count: int) -> Counter[int]:
        """How many of the first contacts are in each list, by the list's id."""
        self._reach(count)
        lists, sizes = np.unique(self._members[:count], return_counts=True)
        first = self._lists[1]
        return Counter({first + int(i): int(n) for i, n in zip(lists, sizes, strict=True) if i >= 0})

    def make(self, i: int, now: datetime) -> Record:
        """The contact at an index, as it is at a moment."""
        draw = self._draw(i)
        people = names.ITALIAN if draw[2] < 0.8 else names.OTHERS[int((draw[2] - 0.8) * 5 * len(names.OTHERS))]
        first, last = _pick(people.first, draw[3]), _pick(people.last, draw[4])
        if i % HOSTILE_EVERY == 7:
            first, last = names.HOSTILE[i // HOSTILE_EVERY % len(names.HOSTILE)], ""
        created = self.arrivals.moment(i)
        return {
            "phone": _phone(people, i, draw[6]),
            "email": None if draw[7] < 0.15 else "" if draw[7] < 0.2 else f"c{i}.{people.language}@example.com",
            "first_name": first,
            "last_name": last,
            "language": people.language,
            "status": _consent(draw[8], (now - created).days),
            "has_invalid_phone": draw[6] < 0.02,
            "is_blocked": draw[9] < 0.015,
            "is_restricted": draw[9] > 0.99,
            "created_datetime": stamp_rome(created) if i % 30 == 4 else stamp(created),
            "fields": {self._field_ids[code]: value for code, value in _fields(i, draw, people, created).items()},
            "lists": [self._lists[1] + int(index) for index in self._members[i] if index >= 0],
            "tags": [self._tags[1] + int(draw[10] * 3 * self._tags[0])] if draw[10] < 1 / 3 else [],
            "operators": [self._roles[1] + int(draw[11] * 5 * self._roles[0])] if draw[11] < 0.2 else [],
        }

    def _draw(self, i: int) -> list[float]:
        self._reach(i + 1)
        draw: list[float] = self._draws[i].tolist()
        return draw

    def _reach(self, count: int) -> None:
        """Draw for at least so many contacts; more of them continue the same stream, so that no contact changes."""
        missing = count - len(self._draws)
        if missing <= 0:
            return
        draws = self._random.random((max(missing, FEWEST_DRAWS), DRAWS))
        first = np.where(draws[:, 0] < 0.75, (draws[:, 0] / 0.75) ** 2 * self._lists[0], -1).astype(np.int64)
        second = np.where(draws[:, 1] < 0.5, draws[:, 1] * 2 * self._lists[0], -1).astype(np.int64)
        members = np.column_stack([first, np.where(second == first, -1, second)])
        self._draws = np.concatenate([self._draws, draws])
        self._members = np.concatenate([self._members, members])


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
        values["ULTIMO_ORDINE"] = (f"{order.astimezone(_HOME):{SHOWN}}", stamp(order))
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
        contacts = (self._contacts.get(i) for i in sorted(self._ids.get(digits(phone), ())))
        return [contact for contact in contacts if contact is not None]

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
