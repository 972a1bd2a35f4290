"""The ``spoki-analytics`` command."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from spoki_analytics import __version__
from spoki_analytics.cli import cache, correct, doctor, journal, keys, load, operations, report, sandbox
from spoki_analytics.cli.arguments import in_shell
from spoki_analytics.cli.exits import MEANINGS, ending_well
from spoki_analytics.cli.verbose import Verbose
from spoki_analytics.wording.arguments import spelling

_EXAMPLES = """\
\b
Examples:
  spoki-analytics report usage credit campaigns --demo
  spoki-analytics login
  spoki-analytics report usage --from 2026-10-01 --to 2026-10-31
  spoki-analytics load contacts --filter status=Subscribed --out contacts.csv
  spoki-analytics correct contacts update --from-file contacts.csv
  spoki-analytics doctor
"""

app = typer.Typer(
    name="spoki-analytics",
    help="Spoki accounts as HTML dashboards and tables, and safe corrections of their data.",
    epilog="\n\n".join([_EXAMPLES, "\b\n" + MEANINGS, "`spoki-analytics COMMAND --help` has more examples."]),
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
for command in (report, load, correct, operations, sandbox, keys, doctor):
    command.register(app)
app.add_typer(journal.app)
app.add_typer(cache.app)


def _show_version(shown: bool) -> None:
    if shown:
        typer.echo(f"spoki-analytics {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version.", callback=_show_version, is_eager=True)
    ] = False,
    verbose: Verbose = False,
) -> None:
    pass


def main() -> None:
    """Run the command line and leave the process with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # names in any script, on a terminal with any encoding
            stream.reconfigure(errors="backslashreplace")
    with ending_well(), spelling(in_shell()):
        app()
