"""Contacts by their number, whichever way it is written."""

from __future__ import annotations

import re

from spoki_analytics.sandbox.world.collection import Collection, Record


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
