"""What all families share: the client that they belong to, and what loads and plans for them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

from spoki_analytics.resources.methods import family_of

if TYPE_CHECKING:
    from spoki_analytics.resources.client import Client
    from spoki_analytics.resources.loading import Loader
    from spoki_analytics.resources.planning import Drafts


class Family:
    """A family of operations, bound to a client.

    What loads and plans is imported when it is first used: the command line lists the methods of every family in its
    help, and does so without pandas.
    """

    def __init__(self, client: Client) -> None:
        self._client = client

    @property
    def client(self) -> Client:
        """The client that it belongs to."""
        return self._client

    def reading_with(self, loader: Loader) -> Self:
        """The same family, whose reads are those of another loader."""
        family = type(self)(self._client)
        family._read = loader
        return family

    @cached_property
    def _read(self) -> Loader:
        from spoki_analytics.resources.loading import Loader

        return Loader(self._client, family_of(type(self)))

    @cached_property
    def _plan(self) -> Drafts:
        from spoki_analytics.resources.planning import Drafts

        return Drafts(self._client.corrections)
