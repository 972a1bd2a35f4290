"""The small families of an account: lists, tags, roles, custom fields, automations, templates, media and so on.

Each function gives the record at an index; the texts come from ``names`` in turn, so that hostile ones are everywhere.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from spoki_analytics.sandbox.world import names
from spoki_analytics.sandbox.world.collection import Record
from spoki_analytics.sandbox.world.contacts import FIELDS, FIRST_FIELD
from spoki_analytics.sandbox.world.moments import stamp, stamp_rome

FIRST_IDS = {
    "lists": 41001,
    "tags": 5101,
    "roles": 7701,
    "custom_fields": FIRST_FIELD,
    "automations": 345001,
    "templates": 454501,
    "media": 66001,
    "tickets": 20501,
    "campaigns": 601,
    "contacts": 900001,
    "invitations": 8801,
    "webhooks": 91,
    "channels": 17,
    "partners": 12,
    "agencies": 311,
}
"""Id of the main account's first record, by family."""

ADMINISTRATOR = "Administrator"
ROLE_NAMES = (ADMINISTRATOR, "Chat Operator", "Chat Operator Manager")
CATEGORIES = ("UTILITY", "MARKETING", "AUTHENTICATION")
TICKET_STATUSES = {
    "Open": False,
    "In Progress": False,
    "Pending": False,
    "Waiting": False,
    "Resolved": True,
    "Closed": True,
    "Terminated": True,
    "In attesa fornitore": False,
    "OPEN": False,
}
"""Statuses of every account, the seven usual ones and two of its own, and whether they close a ticket."""
ROLE_PEOPLE = (("Giulia", "Ferrari"), ("Luca", "D'Amico"), ("Integrazione analisi", ""), ("Ελένη", "<b>Νικολάου</b>"))
FORMATS = {".jpg": ("image", "image/jpeg"), ".mp4": ("video", "video/mp4")}


def list_record(i: int, since: datetime) -> Record:
    """A contact list; its size follows from the contacts."""
    created = since + timedelta(days=i * 19 % 700, hours=9, minutes=41, microseconds=112233)
    moment = stamp_rome(created) if i % 4 == 3 else stamp(created)
    return {"name": _in_turn(names.LISTS, i), "color": _in_turn_raw(names.COLOURS, i), "created_datetime": moment}


def tag_record(i: int, since: datetime) -> Record:
    """A tag."""
    return {"name": _in_turn(names.TAGS, i), "color": _in_turn_raw(names.COLOURS, i), "order": i}


def role_record(i: int, since: datetime) -> Record:
    """An operator; the third is a service user."""
    first, last = ROLE_PEOPLE[i] if i < len(ROLE_PEOPLE) else (names.ITALIAN.first[i % 24], names.ITALIAN.last[i % 24])
    service = i == 2
    user = {
        "id": 60011 + i,
        "uid": f"usr-{i:06x}",
        "email": f"service-{i}@example.invalid" if service else f"operatore{i}@example.com",
        "firstname": first,
        "surname": last,
        "image": None if i % 2 else f"https://example.invalid/avatar/{60011 + i}.png",
        "is_service": service,
    }
    return {"role": ROLE_NAMES[0] if service or i == 0 else ROLE_NAMES[1 + i % 2], "user": user, "has_key": service}


def custom_field_record(i: int, since: datetime) -> Record:
    """A custom field."""
    label, code, field_type, example = FIELDS[i]
    return {"label": label, "code": code, "field_type": field_type, "example": example}


def automation_record(i: int, since: datetime) -> Record:
    """An automation; two in three have a webhook."""
    created = since + timedelta(days=i * 23 % 650, hours=11)
    uuid = f"00000000-0000-4000-8000-{i + 1:012d}"
    return {
        "name": _in_turn(names.AUTOMATIONS, i),
        "is_active": i % 5 != 2,
        "is_favorite": i % 4 == 0,
        "first_message_text": None if i % 3 == 1 else f"Ciao %%FIRST_NAME%%, {names.TEMPLATES[i % 8][2]}",
        "created_datetime": stamp(created),
        "updated_datetime": stamp(created + timedelta(days=i * 7 % 60)),
        "groups": [{"id": 71, "name": "E-commerce"}] if i % 3 == 1 else [],
        "updated_by": i % 2,
        "webhook": None
        if i % 3 == 1
        else {"uuid": uuid, "secret": f"EXAMPLE-NOT-A-SECRET-{i}", "is_active": i % 5 != 2},
        "webhook_platform": names.PLATFORMS[i % len(names.PLATFORMS)],
        "fields": ["CITTA"] if i % 2 == 0 else [],
        "sends": None if i % 3 == 1 else i % len(names.TEMPLATES),
    }


def template_record(i: int, since: datetime) -> Record:
    """A template with a localization or two; the fifth has none."""
    name, category, text = names.TEMPLATES[i % len(names.TEMPLATES)]
    draft = i % 8 == 4
    localizations = [] if draft else [_localization(i, 0, "it", "PENDING" if i % 8 == 1 else "APPROVED", text)]
    if i % 3 == 0 and not draft:
        localizations.append(_localization(i, 1, "en", "REJECTED" if i % 2 else "APPROVED", f"Hi %%FIRST_NAME%% ({i})"))
    return {
        "name": name if i < len(names.TEMPLATES) else f"{name}_{i}",
        "category": category,
        "subcategory": "CLASSIC",
        "is_approved": any(each["status"] == "APPROVED" for each in localizations),
        "is_favorite": i % 6 == 0,
        "integration": 1,
        "template_groups": [],
        "customfield_set": ["FIRST_NAME"] if "FIRST_NAME" in text else [],
        "templatelocalization_set": localizations,
    }


def media_record(i: int, since: datetime) -> Record:
    """A media file."""
    title = names.MEDIA[i % len(names.MEDIA)]
    suffix = title[-4:]
    format_type, content_type = FORMATS.get(suffix, ("document", "application/pdf"))
    return {
        "title": title,
        "media": f"https://example.invalid/media/{66001 + i}{suffix}",
        "content_type": content_type,
        "format_type": format_type,
        "external_url": f"https://example.com/file/{i}{suffix}" if i % 2 == 0 else None,
        "external_id": None,
        "is_deleted": False,
    }


def invitation_record(i: int, since: datetime) -> Record:
    """An invitation that was not yet accepted."""
    return {
        "email": f"nuovo.operatore{i}@example.com",
        "role": ROLE_NAMES[1],
        "additional_info": {"first_name": ("Sara", "<b>Anna</b> & Co")[i % 2], "last_name": "Conti"},
        "created_datetime": stamp(since + timedelta(days=700 + i, hours=9)),
    }


def webhook_record(i: int, since: datetime) -> Record:
    """An outgoing webhook."""
    event = ("message.outbound", "contact.updated")[i % 2]
    secret = f"EXAMPLE-NOT-A-SECRET-w{i}"
    url = f"https://example.com/spoki/hook/{i}?a=1&b=<2>"
    return {"event": event, "version": 2, "url": url, "is_active": i % 2 == 0, "secret": secret, "expands": ["contact"]}


def partner_record(i: int, since: datetime) -> Record:
    """A business partner."""
    return {"name": ("Partner Dimostrativo S.r.l.", "Agenzia <Web> & Figli")[i % 2]}


def ticket_delay(i: int, step: timedelta) -> timedelta:
    """How far into its step a ticket comes."""
    return min(timedelta(minutes=i * 37 % 600), step)


def ticket_record(i: int, created: datetime, now: datetime, contact: int, owner: int) -> Record:
    """A ticket; the newer ones are open, and the statuses include one that only this account has."""
    closing = created + timedelta(hours=2 + (i * i * 5) % 400)
    closed = closing <= now and i % 9 != 8
    open_statuses = ("Open", "In Progress", "OPEN", "In attesa fornitore", "Pending", "Waiting")
    touched = closing if closed else min(created + timedelta(hours=i % 30), now)
    return {
        "title": _in_turn(names.TICKETS, i),
        "description": (None, "", "In attesa del fornitore.", "Cliente chiede <b>subito</b> risposta & rimborso")[
            i % 4
        ],
        "reference": None if i % 5 == 1 else f"RIF-{created.year}-{i:05d}",
        "status": ("Closed", "Resolved", "Terminated")[i % 7 // 3] if closed else open_statuses[i // 9 % 6],
        "priority": ("Lowest", "Low", "Medium", "Medium", "High", "Highest", "Urgent")[i * 3 % 7],
        "created_datetime": stamp_rome(created) if i % 10 == 3 else stamp(created),
        "updated_datetime": stamp(touched),
        "closed_datetime": stamp(closing) if closed else None,
        "contact": contact,
        "owner": None if i % 6 == 2 else owner,
    }


def _localization(i: int, index: int, language: str, status: str, text: str) -> Record:
    url = "https://example.invalid/media/old-header.png"
    file = {"id": 66001, "title": "saldi.jpg", "media": url, "content_type": "image/png"}
    media = (file, None, url)[i % 3]
    button = {"order": 0, "button_type": "quick_reply", "text": "Scopri <tutto>", "phone_number": None, "url": None}
    return {
        "id": 910001 + i * 10 + index,
        "language": language,
        "status": status,
        "rejection_reason": "INVALID_FORMAT" if status == "REJECTED" else None,
        "header": {"component_type": "header", "format": "image", "text": None} if media else None,
        "body": {"component_type": "body", "format": "text", "text": text},
        "footer": {"component_type": "footer", "format": None, "text": "Rispondi STOP"} if i % 2 else None,
        "default_header_media": media,
        "button_set": [button] if i % 2 == 0 else [],
    }


def _in_turn(texts: tuple[str, ...], i: int) -> str:
    text = texts[i % len(texts)]
    return text if i < len(texts) else f"{text} {i // len(texts) + 1}"


def _in_turn_raw(values: tuple[str | None, ...], i: int) -> str | None:
    return values[i % len(values)]
