"""``spoki-analytics sandbox``: a local Spoki to try things on."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

_EPILOG = """\
\b
Examples:
  spoki-analytics sandbox
  spoki-analytics sandbox --port 8080 --size large --seed 7
  spoki-analytics sandbox --fault too_many --fault drift

\b
It prints its address and its key; Ctrl-C ends it. Everything in it is invented from the seed. Faults:
reset, lost, twice, die, die_before, truncated, slow, too_many, server_error, html, drift, wrong_types,
unknown_fields, redirect, foreign_redirect, foreign_next, vary, cookies.
"""


class Size(StrEnum):
    """How much data there is."""

    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


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
) -> None:
    """Run a local Spoki with invented data until Ctrl-C."""
    from spoki_analytics.sandbox import serve

    serve(port, size.value, seed, faults or (), announce=typer.echo)
