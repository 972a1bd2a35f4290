"""Invented contacts from a fixed seed: 12 flat values, 3 custom fields, 2 lists and 2 tags, about 1 kB of JSON each."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import orjson

PAGE = 100
"""Contacts on a page; both sides get the same pages, whatever size they ask for."""
_SEED = 20261122
_FIRST = ("Anna", "Luca", "Marco", "Giulia", "Francesca", "Alessandro", "Zoë", "Niccolò")
_LAST = ("Bianchi", "Rossi", "Esposito", "Ferrari", "D'Amico", "Conti", "De Luca", "Müller")
_STATUS = ("Subscribed", "Unsubscribed", "Not Declared")
_CITIES = ("Bologna", "Milano", "Napoli", "Forlì", "Torino", "Bari", "Genova", "L'Aquila")


def bodies(count: int, origin: str) -> Iterator[bytes]:
    """The pages of a listing of so many contacts, as compact JSON; ``next`` leads to the origin."""
    chance = random.Random(_SEED)
    pages = max(1, -(-count // PAGE))
    for page in range(1, pages + 1):
        rows = [_contact(number, chance) for number in range((page - 1) * PAGE, min(page * PAGE, count))]
        link = f"{origin}/api/1/contacts/?page={page + 1}" if page < pages else None
        yield orjson.dumps({"count": count, "next": link, "previous": None, "results": rows})


def _contact(number: int, chance: random.Random) -> dict[str, Any]:
    first, last = chance.choice(_FIRST), chance.choice(_LAST)
    day = f"2025-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}T{chance.randint(0, 23):02}"
    values = (("CITTA", chance.choice(_CITIES), None), ("ORDINI", str(chance.randint(0, 40)), None))
    return {
        "id": 900_000 + number,
        "phone": f"+39333{number:07}",
        "email": f"{first.lower()}.{number}@example.com",
        "first_name": first,
        "last_name": last,
        "language": chance.choice(("it", "it", "it", "en", "de")),
        "status": chance.choice(_STATUS),
        "chat_link": f"https://app.spoki.com/chats/{900_000 + number}",
        "has_invalid_phone": chance.random() < 0.02,
        "is_blocked": chance.random() < 0.01,
        "is_restricted": False,
        "created_datetime": f"{day}:15:30.{chance.randint(0, 999_999):06}Z",
        "contactfield_set": [
            _value(3 * number + place, *value)
            for place, value in enumerate((*values, ("ULTIMO_ORDINE", f"{day}:30", f"{day}:30:00.000000Z")))
        ],
        "list_set": [_list(place) for place in (number % 7, 20 + number % 11)],
        "tag_set": [_tag(place) for place in (number % 5, 10 + number % 3)],
        "role_set": [],
    }


def _value(number: int, code: str, text: str, moment: str | None) -> dict[str, Any]:
    return {
        "id": number,
        "field": 332_001 + number % 3,
        "visual_code": f"%%{code}%%",
        "value": text,
        "value_datetime": moment,
    }


def _list(place: int) -> dict[str, Any]:
    return {
        "id": 41_000 + place,
        "name": f"Clienti {place}",
        "color": "#16d46d",
        "contacts_count": 4213 + place,
        "created_datetime": "2024-03-18T09:41:07.112233Z",
    }


def _tag(place: int) -> dict[str, Any]:
    return {"id": 5100 + place, "name": f"Tag {place}", "color": "#16d46d", "order": place}
