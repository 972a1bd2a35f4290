"""``spoki-analytics operations``: every operation of the API, and the command that uses it."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Annotated, Any

import typer

from spoki_analytics.cli.words import known
from spoki_analytics.wording.messages import gettext, noop

_EPILOG = """\
\b
Examples:
  spoki-analytics operations
  spoki-analytics operations --family contacts

\b
Capitals stand for what you put in. No key is needed, and nothing is asked of Spoki.
"""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=_EPILOG)(operations)


def operations(
    family: Annotated[str | None, typer.Option(metavar="FAMILY", help="Only that family, such as contacts.")] = None,
) -> None:
    """List every operation of the API, and how it is used."""
    from spoki_analytics.resources.operations import operations as listed

    frame = listed()
    if family is not None:
        name = family.strip().lower().replace("-", "_")
        known(name, frame["family"].unique().tolist(), noop("There is no family {word}"))
        frame = frame[frame["family"] == name]
    for row in frame.to_dict("records"):
        number = "" if row["rate_source"] == "default" else _rate(row)
        typer.echo(f"{row['name']}: {row['kind']}{number}")
        typer.echo(f"    {row['method']} {row['path']}")
        notes = [
            row["command"],
            row["python"],
            row["removed"],
            gettext("not here: {why}", why=row["absent"]) if row["absent"] else "",
        ]
        for note in filter(None, notes):
            typer.echo(f"    {note}")


def _rate(row: dict[Hashable, Any]) -> str:
    return gettext(", {rate} a minute ({source})", rate=row["rate"], source=row["rate_source"])
