"""Templates: drafts, requests to Meta, reverts, clones, and deletion, which automations can prevent."""

from __future__ import annotations

import re
from typing import Any

from spoki_analytics.sandbox.answers.bodies import read_body
from spoki_analytics.sandbox.answers.call import Call
from spoki_analytics.sandbox.answers.families import shows
from spoki_analytics.sandbox.answers.query import read_parameters
from spoki_analytics.sandbox.answers.records import answers, create, find_record, save
from spoki_analytics.sandbox.answers.replies import RefusedError, Reply, forbidden_now, no_content
from spoki_analytics.sandbox.world.collection import Record, Row
from spoki_analytics.sandbox.world.workspace import Workspace

WRITTEN_AS = {
    "header": "header_template_component",
    "body": "body_template_component",
    "footer": "footer_template_component",
    "button_set": "templatebuttoncomponent_set",
}
"""Parts of a localization as they are read, and as the php-sdk writes them; both are taken."""
PARTS: dict[str, Any] = {"header": None, "body": None, "footer": None, "default_header_media": None, "button_set": []}
"""What a localization says, and what it says when nothing was sent."""
SET = "templatelocalization_set"
DRAFT, PENDING, APPROVED, REJECTED = "DRAFT", "PENDING", "APPROVED", "REJECTED"


@shows("templates", searched=("id", "name", "templatelocalization_set"))
def show_template(space: Workspace, record: Record) -> Row:
    """A template."""
    return {key: value for key, value in record.items() if key != "channels"}


@answers("create_template")
def create_template(call: Call) -> Reply:
    """A draft."""
    values = read_body(call)
    template = {
        "subcategory": "CLASSIC",
        "is_favorite": False,
        "integration": 1,
        "template_groups": [],
        "channels": call.space.channels.ids(),
        **values,
    }
    return create(call, {**template, **_localized(_read_localizations(call, values[SET], []))})


@answers("update_template")
def update_template(call: Call) -> Reply:
    """What was sent of a template; the localizations become the sent ones, and a changed one is a draft again."""
    template, values = find_record(call), read_body(call)
    if SET in values:
        values |= _localized(_read_localizations(call, values[SET], template[SET]))
    return save(call, template, values)


@answers("clone_template")
def clone_template(call: Call) -> Reply:
    """A copy of a template, as a draft: a GET that creates."""
    template = find_record(call)
    first = _next_id(call)
    copies = [{**_drafted(each), "id": first + index} for index, each in enumerate(template[SET])]
    copy = call.space.templates.add({**template, "name": f"{template['name']}_copy", **_localized(copies)})
    return save(call, copy, {})


@answers("submit_template")
def submit_template(call: Call) -> Reply:
    """Ask Meta for approval, which the sandbox never gives."""
    template = find_record(call)
    if not template[SET]:
        raise forbidden_now("The template has no localization.")
    asked = [{**each, "status": PENDING} if each["status"] in (DRAFT, REJECTED) else each for each in template[SET]]
    return save(call, template, _localized(asked))


@answers("revert_template_to_draft")
def revert_template(call: Call) -> Reply:
    """Take a template back from WhatsApp."""
    template = find_record(call)
    return save(call, template, _localized([_drafted(each) for each in template[SET]]))


@answers("delete_template")
def delete_template(call: Call) -> Reply:
    """A template; one that automations use only when it is forced."""
    template = find_record(call)
    index = template["id"] - call.space.first_id("templates")
    users = [each["id"] for each in call.space.automations.records() if each["sends"] == index]
    if users and not read_parameters(call.operation, call.query).get("force_delete"):
        used = ", ".join(map(str, users))
        raise forbidden_now(f"The template is used in automations ({used}); force_delete deletes it nevertheless.")
    call.space.templates.remove(template["id"])
    return no_content()


def _localized(localizations: list[Record]) -> Record:
    """The values of a template that follow from its localizations."""
    texts = [str((each["body"] or {}).get("text")) for each in localizations]
    return {
        SET: localizations,
        "is_approved": any(each["status"] == APPROVED for each in localizations),
        "customfield_set": sorted({code for text in texts for code in re.findall(r"%%(\w+)%%", text)}),
    }


def _drafted(localization: Record) -> Record:
    return {**localization, "status": DRAFT, "rejection_reason": None}


def _read_localizations(call: Call, items: list[Any], before: list[Record]) -> list[Record]:
    """The localizations that were sent; one that carries the id of an old one is a new state of it.

    Raises:
        RefusedError: One has no language or no body (400, by localization and field).
    """
    complaints = [_complain(item) for item in items]
    if any(complaints):
        raise RefusedError(400, {SET: complaints})
    old = {each["id"]: each for each in before}
    first = _next_id(call)
    return [_read_localization(item, old.get(item.get("id")), first + index) for index, item in enumerate(items)]


def _complain(item: Any) -> dict[str, list[str]]:
    if not isinstance(item, dict):
        return {"non_field_errors": ["Expected a dictionary."]}
    missing = [name for name in ("language", "body") if not (item.get(name) or item.get(WRITTEN_AS.get(name, name)))]
    return {name: ["This field is required."] for name in missing}


def _read_localization(item: Record, old: Record | None, new_id: int) -> Record:
    said = {name: item.get(WRITTEN_AS.get(name, name), item.get(name, usual)) for name, usual in PARTS.items()}
    said = {"language": item["language"], **{name: _component(name, part) for name, part in said.items()}}
    if old and all(old[name] == part for name, part in said.items()):
        return old
    return {"id": old["id"] if old else new_id, "status": DRAFT, "rejection_reason": None, **said}


def _component(name: str, part: Any) -> Any:
    """A part as it is read; a header, body or footer may be sent as a plain text."""
    return (
        {"component_type": name, "format": "text", "text": part}
        if isinstance(part, str) and name in WRITTEN_AS
        else part
    )


def _next_id(call: Call) -> int:
    """An id that no localization of the account has."""
    return 1 + max(
        (each["id"] for template in call.space.templates.records() for each in template[SET]), default=910_000
    )
