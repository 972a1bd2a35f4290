"""Messages, which go nowhere."""

from __future__ import annotations

import secrets
from uuid import uuid4

from spoki_analytics.sandbox.answers.bodies import read_body
from spoki_analytics.sandbox.answers.call import Call
from spoki_analytics.sandbox.answers.records import answers
from spoki_analytics.sandbox.answers.replies import Reply, encode


@answers("send_message")
def send_message(call: Call) -> Reply:
    """A message that goes nowhere."""
    read_body(call)
    return Reply(body=encode({"id": secrets.randbelow(10**6), "uuid": str(uuid4()), "status": "Pending"}))
