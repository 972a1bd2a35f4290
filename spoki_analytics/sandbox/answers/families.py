"""What the sandbox knows of a family of records: how one is shown, what a search looks into, how long a page is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from spoki_analytics.catalogue import Operation
from spoki_analytics.sandbox.world.collection import Record, Row
from spoki_analytics.sandbox.world.workspace import Workspace

View = Callable[[Workspace, Record], Row]
"""Turns a record into what the API shows: references become nested objects, internal keys stay inside."""
STORED_AS = {"partner_roles": "roles", "partner_invitations": "invitations"}
"""Families that mirror another one."""


class PageSize(NamedTuple):
    """How many rows a page holds, and how many may be asked for."""

    default: int
    largest: int


USUAL_PAGE_SIZE = PageSize(100, 200)
"""The sandbox's own, as no source documents one."""


@dataclass(frozen=True)
class Family:
    """One family.

    Attributes:
        name: Its name in the catalogue and in the world.
        show: How a record is shown.
        searched: Fields that ``search`` looks into.
        page_size: Of its listings.
        is_bare: Whether its listing is a JSON array without an envelope, where the catalogue leaves that open.
    """

    name: str
    show: View
    searched: tuple[str, ...] = ()
    page_size: PageSize = USUAL_PAGE_SIZE
    is_bare: bool = False


_families: dict[str, Family] = {}


def show_plainly(space: Workspace, record: Record) -> Row:
    """A record that is already what the API shows."""
    return record


def shows(
    name: str, *, searched: tuple[str, ...] = (), page_size: PageSize = USUAL_PAGE_SIZE, is_bare: bool = False
) -> Callable[[View], View]:
    """Register the function that shows a family's records, with what else is particular to the family."""

    def register(show: View) -> View:
        _families[name] = Family(name, show, searched, page_size, is_bare)
        return show

    return register


def find_family(operation: Operation) -> Family:
    """The family that an operation is about; one without a row of its own is shown plainly."""
    name = STORED_AS.get(operation.family, operation.family)
    return _families.get(name) or Family(name, show_plainly)
