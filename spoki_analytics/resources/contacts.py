"""Contacts: people, their consent, their lists, tags, operators and custom fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from spoki_analytics.resources.family import Family
from spoki_analytics.resources.methods import corrects, reads
from spoki_analytics.resources.to_file import to_file

if TYPE_CHECKING:
    import pandas as pd

    from spoki_analytics.corrections.drafts import Ids, Targets
    from spoki_analytics.corrections.plan import Plan
    from spoki_analytics.corrections.rows import Source


class Contacts(Family):
    """The contacts of the account."""

    @reads("list_contacts", about="contacts, their consent and custom fields")
    def load(
        self,
        *,
        search: str | None = None,
        status: str | None = None,
        language: str | None = None,
        tag: int | None = None,
        is_blocked: bool | None = None,
        email: str | None = None,
        phone: str | None = None,
        first_name: str | None = None,
        last_name: str | None = None,
        columns: Iterable[str] | None = None,
        limit: int | None = None,
        refresh: bool | None = None,
    ) -> pd.DataFrame:
        """Contacts, one row each; every filter that Spoki documents.

        Args:
            search: Text in phone, e-mail, names, language or notes.
            status: Consent: Not Declared, Subscribed or Unsubscribed.
            language: Language code such as it.
            tag: Id of a tag.
            is_blocked: Blocked contacts only, or the others only.
            email: Exact e-mail.
            phone: Exact phone as Spoki stores it, with or without plus.
            first_name: First name.
            last_name: Last name.

        Raises:
            UsageError: A value outside its documented choices.

        Example:
            >>> subscribed = spoki.contacts.load(status="Subscribed", language="it")
        """
        query = {
            "search": search,
            "status": status,
            "language": language,
            "tag": tag,
            "is_blocked": is_blocked,
            "email": email,
            "phone": phone,
            "first_name": first_name,
            "last_name": last_name,
        }
        return self._read.listing("list_contacts", query, limit, refresh, columns)

    load_to = to_file(load)

    @reads("retrieve_contact", takes="id")
    def get(self, contact_id: int, *, refresh: bool | None = None) -> pd.Series[Any]:
        """One contact, with the columns of ``load``.

        Raises:
            NotFoundError: There is no such contact.

        Example:
            >>> spoki.contacts.get(900001)["phone"]
        """
        return self._read.one("retrieve_contact", {"id": contact_id}, refresh=refresh)

    @reads("list_contacts", which="lists", about="lists of each contact")
    @reads("list_contacts", which="tags", about="tags of each contact")
    @reads("list_contacts", which="operators", about="operators of each contact")
    @reads("list_contacts", which="fields", about="custom values of each contact")
    def memberships(
        self, which: str, *, columns: Iterable[str] | None = None, refresh: bool | None = None
    ) -> pd.DataFrame:
        """What contacts belong to, long: one row per contact and list, tag, operator or custom value.

        Args:
            which: ``lists``, ``tags``, ``operators`` or ``fields``.

        Raises:
            UsageError: Another name than these.

        Example:
            >>> spoki.contacts.memberships("tags")
        """
        return self._read.side_table("list_contacts", which, refresh, columns)

    @corrects("update_contact", takes="targets")
    def update(
        self,
        contacts: Targets,
        *,
        phone: str | None = None,
        first_name: str | None = None,
        last_name: str | None = None,
        email: str | None = None,
        language: str | None = None,
        custom_fields: Mapping[str, Any] | None = None,
        is_blocked: bool | None = None,
        missing: str = "refuse",
        keep_text: bool = False,
        reason: str = "",
    ) -> Plan:
        """Plan new values for contacts; nothing is sent before ``apply()``. Consent changes with ``create_or_update``.

        Args:
            contacts: An id, several ids that all get these values, or a frame with a column ``id`` and the columns to
                change; custom values are columns ``field.<CODE>``.
            phone: New number.
            first_name: New first name.
            last_name: New last name.
            email: New e-mail; an empty text clears it.
            language: New language code.
            custom_fields: New custom values by code.
            is_blocked: Block or unblock.

        Raises:
            UsageError: No value was given.

        Example:
            >>> plan = spoki.contacts.update(900400, email="anna@example.com", custom_fields={"CITTA": "Roma"})
        """
        values = {
            "phone": phone,
            "first_name": first_name,
            "last_name": last_name,
            "email": email,
            "language": language,
            "custom_fields": custom_fields,
            "is_blocked": is_blocked,
        }
        return self._plan.edits("update_contact", contacts, values, missing=missing, keep_text=keep_text, reason=reason)

    @corrects("create_or_update_contact", takes="values")
    def create_or_update(
        self,
        phone: str,
        *,
        first_name: str | None = None,
        last_name: str | None = None,
        email: str | None = None,
        language: str | None = None,
        status: str | None = None,
        custom_fields: Mapping[str, Any] | None = None,
        keep_text: bool = False,
        reason: str = "",
    ) -> Plan:
        """Plan a contact with that number: a new one, or new values for the one that has it.

        Args:
            phone: Number of the contact.
            first_name: First name.
            last_name: Last name.
            email: E-mail; an empty text clears it.
            language: Language code.
            status: Consent: Not Declared, Subscribed or Unsubscribed. A change may start automations.
            custom_fields: Custom values by code.

        Example:
            >>> plan = spoki.contacts.create_or_update("+39 333 999 0001", first_name="Anna")
        """
        values = {
            "phone": phone,
            "first_name": first_name,
            "last_name": last_name,
            "email": email,
            "language": language,
            "status": status,
            "custom_fields": custom_fields,
        }
        return self._plan.rows("create_or_update_contact", values, unique="phone", keep_text=keep_text, reason=reason)

    create = create_or_update

    @corrects("bulk_sync_contacts", takes="rows")
    def sync(self, contacts: Source, *, missing: str = "refuse", keep_text: bool = False, reason: str = "") -> Plan:
        """Plan many contacts by their numbers: new ones, or new values; sent 500 at a time, one request a minute.

        Args:
            contacts: A frame, or a list of mappings, with phone, first_name, last_name, email, language, status,
                ``field.<CODE>`` for custom values, and ``reason``; phone is required, and each number comes once.

        Example:
            >>> plan = spoki.contacts.sync(pd.read_csv("contacts.csv", dtype="str"), missing="keep")
        """
        return self._plan.rows(
            "bulk_sync_contacts", contacts, unique="phone", missing=missing, keep_text=keep_text, reason=reason
        )

    @corrects("add_contact_operator", takes="ids")
    def assign_operator(self, contacts: Ids, *, email: str, reason: str = "") -> Plan:
        """Plan to assign contacts to an operator, who must have been invited already.

        Args:
            email: E-mail of the operator.

        Example:
            >>> plan = spoki.contacts.assign_operator([900394, 900395], email="operatore1@example.com")
        """
        return self._plan.operator("add_contact_operator", contacts, email, reason)

    @corrects("remove_contact_operator", takes="ids")
    def unassign_operator(self, contacts: Ids, *, email: str, reason: str = "") -> Plan:
        """Plan to take contacts away from an operator.

        Args:
            email: E-mail of the operator.

        Example:
            >>> plan = spoki.contacts.unassign_operator(900396, email="operatore3@example.com")
        """
        return self._plan.operator("remove_contact_operator", contacts, email, reason)

    @corrects("update_contact", takes="ids")
    def block(self, contacts: Ids, *, reason: str = "") -> Plan:
        """Plan to block contacts, given by id.

        Example:
            >>> plan = spoki.contacts.block(900400)
        """
        return self._plan.edits("update_contact", contacts, {"is_blocked": True}, reason=reason)

    @corrects("update_contact", takes="ids")
    def unblock(self, contacts: Ids, *, reason: str = "") -> Plan:
        """Plan to unblock contacts, given by id.

        Example:
            >>> plan = spoki.contacts.unblock(900400)
        """
        return self._plan.edits("update_contact", contacts, {"is_blocked": False}, reason=reason)

    @corrects("delete_contact", takes="ids")
    def delete(self, contacts: Ids, *, reason: str = "") -> Plan:
        """Plan to delete contacts, given by id; it must be confirmed, and the chats are lost.

        Example:
            >>> plan = spoki.contacts.delete([900395, 900396])
        """
        return self._plan.targets("delete_contact", contacts, reason=reason)
