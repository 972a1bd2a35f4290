"""Media files: registered by their address, renamed, deleted."""

from __future__ import annotations

from spoki_analytics.sandbox.answers.bodies import read_body
from spoki_analytics.sandbox.answers.call import Call
from spoki_analytics.sandbox.answers.records import answers, create, delete, update
from spoki_analytics.sandbox.answers.replies import Reply

UNKNOWN_FILE = {"format_type": "document", "content_type": "application/octet-stream"}


@answers("create_media_file")
def create_media(call: Call) -> Reply:
    """Register the address of a file; nothing is uploaded."""
    values = {**UNKNOWN_FILE, **read_body(call)}
    return create(call, {"media": values["external_url"], "external_id": None, "is_deleted": False, **values})


answers("update_media")(update)
answers("delete_media_file")(delete)
