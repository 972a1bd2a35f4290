"""How big a sandbox can be."""

from __future__ import annotations

from typing import NamedTuple

PERIOD_DAYS = 730
"""Days of history that a world has at its start."""


class Size(NamedTuple):
    """One size of the world; counts are those of the main account, over the two years up to the start.

    Attributes:
        accounts: Accounts that the main key sees.
        contacts: Contacts of the main account.
        campaigns: Campaigns of the main account.
        tickets: Tickets of the main account.
        automations: Automations of the main account.
        templates: Templates of the main account.
        lists: Contact lists of the main account.
        media: Media files of the main account.
        roles: Roles of the main account.
    """

    accounts: int
    contacts: int
    campaigns: int
    tickets: int
    automations: int
    templates: int
    lists: int
    media: int
    roles: int

    def of_account(self, index: int) -> Size:
        """The size of the account with that index among its siblings: all of it for the main one, a part for others."""
        if index == 0:
            return self
        part = (0.5, 0.3, 0.02)[index - 1] if index < 4 else 0.01 * (1 + index * 7 % 20)
        return Size(1, *(max(round(count * part), least) for count, least in zip(self[1:], _LEAST, strict=True)))


_LEAST = (8, 12, 8, 3, 4, 4, 3, 3)

SIZES = {
    "small": Size(4, 400, 40, 60, 6, 8, 8, 6, 5),
    "medium": Size(25, 10_000, 150, 2_000, 12, 16, 16, 12, 8),
    "large": Size(500, 100_000, 400, 10_000, 30, 40, 36, 30, 20),
}
"""The sizes by name: small starts at once, large is what a big agency has."""
