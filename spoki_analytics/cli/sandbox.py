"""``spoki-analytics sandbox``: a local Spoki to try things on."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

import typer

from spoki_analytics.errors import UsageError
from spoki_analytics.wording.messages import gettext

_EPILOG = """\
\b
Examples:
  spoki-analytics sandbox
  spoki-analytics sandbox --port 8080 --size large --seed 7
  spoki-analytics sandbox --fault too_many --fault drift
  spoki-analytics sandbox --now 2026-11-20T13:00:00+01:00

\b
It prints its address and its key; Ctrl-C ends it. Everything in it is invented from the seed.
With --now its world starts at another moment and goes on from there; it prints how clients follow.

\b
Sizes: small has 4 accounts and 400 contacts, medium 25 and 10,000, large 500 and 100,000.

\b
Faults of the first request of each address:
  reset             the connection is reset before an answer
  truncated         half of the body arrives
  too_many          429 with Retry-After
  server_error      500 with a message
  html              an HTML page with status 200
  redirect          a redirect on the same origin
  foreign_redirect  a redirect to another origin
  foreign_next      links to the other pages lead to another origin
  lost              the operation happens, but its answer is lost
  twice             the answer to a write arrives twice
  die               the operation happens, then the server is gone
  die_before        the server is gone before the operation happens

\b
Faults of every request:
  slow              the answer takes half a second longer
  drift             a row appears in front while pages are read
  wrong_types       every seventh row has values of other types
  unknown_fields    every row has fields that nobody documented
  vary              headers that defeat caching
  cookies           an answer that sets a cookie
"""


class Size(StrEnum):
    """How much data there is."""

    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


class Counters(StrEnum):
    """How campaigns count their messages."""

    CUMULATIVE = "cumulative"
    EXCLUSIVE = "exclusive"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=_EPILOG)(sandbox)


def sandbox(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port on this machine; 0 takes a free one.")] = 0,
    size: Annotated[Size, typer.Option(help="How much data there is.")] = Size.SMALL,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same data.")] = 1,
    faults: Annotated[
        list[str] | None, typer.Option("--fault", metavar="KIND", help="Something that goes wrong; may be repeated.")
    ] = None,
    now: Annotated[
        str | None,
        typer.Option(metavar="MOMENT", help="When its world starts: ISO 8601 with a time zone. Else now."),
    ] = None,
    campaign_counters: Annotated[
        Counters, typer.Option(help="What campaigns count: a read message as received too, or in one state only.")
    ] = Counters.CUMULATIVE,
) -> None:
    """Run a local Spoki with invented data until Ctrl-C."""
    from spoki_analytics.sandbox import serve

    start = None if now is None else _moment(now)
    serve(port, size.value, seed, faults or (), start, typer.echo, campaign_counters.value)


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise UsageError(
            gettext("--now {text} is no moment with a time zone.", text=text),
            advice=gettext("Write it as 2026-11-20T13:00:00+01:00."),
        )
    return moment
