"""``spoki-analytics operations``: every operation of the API, and the command that uses it."""

from __future__ import annotations

from typing import Annotated

import typer

from spoki_analytics.cli.words import known

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
        wanted = known(
            family.strip().lower().replace("-", "_"), frame["family"].unique().tolist(), "There is no family"
        )
        frame = frame[frame["family"] == wanted]
    for row in frame.to_dict("records"):
        number = "" if row["rate_source"] == "default" else f", {row['rate']} a minute ({row['rate_source']})"
        typer.echo(f"{row['name']}: {row['kind']}{number}")
        typer.echo(f"    {row['method']} {row['path']}")
        notes = [row["command"], row["python"], row["removed"], f"not here: {row['absent']}" if row["absent"] else ""]
        for note in filter(None, notes):
            typer.echo(f"    {note}")
