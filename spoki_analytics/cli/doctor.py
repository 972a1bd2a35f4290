"""``spoki-analytics doctor``: whether everything a report needs is in place."""

from __future__ import annotations

import shutil
import sys
import textwrap

import typer

from spoki_analytics.cli.verbose import Verbose
from spoki_analytics.settings import load_settings
from spoki_analytics.wording.names import replace_hidden

_EPILOG = """\
\b
It needs neither a key nor a network, and shows of the key the last four characters only. One request is
made: List Accounts, or without a key a knock at the origin. Exit code: that of the first line marked
FAIL (1 for a folder that cannot be used, 2 for wrong settings, 3 when the key is missing or refused,
4 when Spoki does not answer), else 0.
"""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=_EPILOG)(doctor)


def doctor(verbose: Verbose = False) -> None:
    """Check key, connection, rates, cache and versions."""
    from spoki_analytics.cli.diagnosis import diagnose

    worst = 0
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else sys.maxsize
    for finding in diagnose(load_settings):
        line = f"{finding.mark:<5} {finding.topic:<9} {replace_hidden(finding.text)}"
        typer.echo(textwrap.fill(line, width, subsequent_indent=" " * 16, break_on_hyphens=False))
        worst = worst or finding.code
    raise typer.Exit(worst)
