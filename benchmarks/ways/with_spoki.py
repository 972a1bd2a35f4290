"""Contacts with this package."""

from spoki_analytics import Spoki


def load():
    spoki = Spoki()
    contacts = spoki.contacts.load()
    fields = spoki.contacts.memberships("fields")
    lists = spoki.contacts.memberships("lists")
    tags = spoki.contacts.memberships("tags")
    return {"contacts": contacts, "fields": fields, "lists": lists, "tags": tags}
