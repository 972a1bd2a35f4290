"""Contacts without this package, as an analyst writes it: requests, json_normalize, and the types that matter."""

import pandas as pd
import requests

SETS = ["contactfield_set", "list_set", "tag_set", "role_set"]
FLAGS = ["has_invalid_phone", "is_blocked", "is_restricted"]


def load(origin, key):
    session = requests.Session()
    session.headers["X-Spoki-Api-Key"] = key
    url, rows = f"{origin}/api/1/contacts/", []
    while url:
        answer = session.get(url, timeout=30)
        answer.raise_for_status()
        page = answer.json()
        rows += page["results"]
        url = page["next"]
    return tables(rows)


def tables(rows):
    contacts = pd.json_normalize(rows, max_level=0).drop(columns=SETS)
    contacts["created_datetime"] = pd.to_datetime(contacts["created_datetime"], utc=True)
    contacts = contacts.astype({"id": "Int64", "status": "category", **dict.fromkeys(FLAGS, "boolean")})
    fields = pd.json_normalize(rows, "contactfield_set", ["id"], meta_prefix="contact_")
    fields["value_datetime"] = pd.to_datetime(fields["value_datetime"], utc=True)
    fields = fields.astype({"contact_id": "Int64", "field": "Int64"})
    lists = pd.json_normalize(rows, "list_set", ["id"], meta_prefix="contact_")
    lists["created_datetime"] = pd.to_datetime(lists["created_datetime"], utc=True)
    lists = lists.astype({"contact_id": "Int64", "id": "Int64", "contacts_count": "Int64"})
    tags = pd.json_normalize(rows, "tag_set", ["id"], meta_prefix="contact_")
    tags = tags.astype({"contact_id": "Int64", "id": "Int64", "order": "Int64"})
    return {"contacts": contacts, "fields": fields, "lists": lists, "tags": tags}
