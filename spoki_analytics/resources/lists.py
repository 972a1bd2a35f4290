"""Contact lists."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from spoki_analytics.resources.family import Family
from spoki_analytics.resources.methods import corrects, reads
from spoki_analytics.resources.to_file import to_file

if TYPE_CHECKING:
    import pandas as pd

    from spoki_analytics.corrections.drafts import Ids
    from spoki_analytics.corrections.plan import Plan
    from spoki_analytics.corrections.rows import Source


class Lists(Family):
    """The contact lists of the account."""

    @reads("list_lists", about="contact lists")
    def load(
        self,
        *,
        search: str | None = None,
        columns: Iterable[str] | None = None,
        limit: int | None = None,
        refresh: bool | None = None,
    ) -> pd.DataFrame:
        """All of them, one row each.

        Args:
            search: Text in the name.

        Example:
            >>> lists = spoki.lists.load(search="Clienti")
        """
        return self._read.listing("list_lists", {"search": search}, limit, refresh, columns)

    load_to = to_file(load)

    @reads("retrieve_list", takes="id")
    def get(self, list_id: int, *, refresh: bool | None = None) -> pd.Series[Any]:
        """One of them, with the columns of ``load``.

        Raises:
            NotFoundError: There is none with that id.

        Example:
            >>> spoki.lists.get(41001)["contacts_count"]
        """
        return self._read.one("retrieve_list", {"id": list_id}, refresh=refresh)

    @corrects("create_contact_list", takes="values")
    def create(self, name: str, *, keep_text: bool = False, reason: str = "") -> Plan:
        """Plan a new list.

        Args:
            name: Name.

        Example:
            >>> plan = spoki.lists.create("Nuovi")
        """
        return self._plan.rows("create_contact_list", {"name": name}, keep_text=keep_text, reason=reason)

    @corrects("sync_contacts_to_list", takes="id+rows")
    def sync_contacts(
        self, list_id: int, contacts: Source, *, missing: str = "refuse", keep_text: bool = False, reason: str = ""
    ) -> Plan:
        """Plan to put contacts in a list, making or updating them; sent 500 at a time, one request a minute.

        Args:
            list_id: Id of the list.
            contacts: A frame, or a list of mappings, with phone, first_name, last_name, email, language,
                ``field.<CODE>`` for custom values, and ``reason``; phone is required, and each number comes once.

        Example:
            >>> plan = spoki.lists.sync_contacts(41005, [{"phone": "+393339990001", "first_name": "Anna"}])
        """
        return self._plan.members(list_id, contacts, missing=missing, keep_text=keep_text, reason=reason)

    @corrects("remove_contacts_from_list", takes="id+members")
    def remove_contacts(
        self,
        list_id: int,
        *,
        ids: Ids = (),
        phones: Iterable[str] = (),
        emails: Iterable[str] = (),
        reason: str = "",
    ) -> Plan:
        """Plan to take contacts out of a list; the contacts stay.

        Args:
            list_id: Id of the list.
            ids: Their ids.
            phones: Or their numbers.
            emails: Or their e-mails.

        Example:
            >>> plan = spoki.lists.remove_contacts(41008, phones=["+393339990001"])
        """
        members = {"ids": ids, "phones": phones, "emails": emails}
        return self._plan.leavers(list_id, members, reason)

    @corrects("remove_all_list_contacts", takes="id")
    def clear(self, list_id: int, *, reason: str = "") -> Plan:
        """Plan to take all contacts out of a list; it must be confirmed. The contacts stay.

        Example:
            >>> plan = spoki.lists.clear(41008)
        """
        return self._plan.targets("remove_all_list_contacts", list_id, reason=reason)

    @corrects("delete_list", takes="ids")
    def delete(self, lists: Ids, *, reason: str = "") -> Plan:
        """Plan to delete lists, given by id; it must be confirmed. The contacts stay.

        Example:
            >>> plan = spoki.lists.delete([41007, 41008])
        """
        return self._plan.targets("delete_list", lists, reason=reason)
