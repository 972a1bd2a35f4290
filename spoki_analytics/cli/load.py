"""``spoki-analytics load``: a resource as a table."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from spoki_analytics.cli.arguments import in_shell
from spoki_analytics.cli.exits import say, tell_notes
from spoki_analytics.cli.loadable import LOADABLE, SINGLE, choose, load_frame
from spoki_analytics.cli.verbose import Verbose
from spoki_analytics.cli.words import split_names
from spoki_analytics.errors import UsageError
from spoki_analytics.files.encoders import encode
from spoki_analytics.files.formats import Format, format_of, require_sheet
from spoki_analytics.files.targets import require_folder, require_writable
from spoki_analytics.private_files import write_private
from spoki_analytics.wording.arguments import spelling
from spoki_analytics.wording.messages import gettext, ngettext
from spoki_analytics.wording.names import replace_hidden

if TYPE_CHECKING:
    from spoki_analytics.frames.provenance import Provenance

_STANDARD_OUTPUT = Path("-")
_RESOURCES = "\n".join(f"  {name:<25}{call.about}" for name, call in LOADABLE.items())
_SINGLES = "\n".join(f"  {name:<32}{call.about}" for name, call in SINGLE.items() if name not in LOADABLE)
_BOTH = textwrap.fill(f"and one row of {', '.join(name for name in SINGLE if name in LOADABLE)}.", 98)
_EPILOG = f"""\
\b
Resources:
{_RESOURCES}

\b
One thing, with --id:
{_SINGLES}
{_BOTH}

\b
Examples:
  spoki-analytics load contacts --filter status=Subscribed --filter language=it --out contacts.csv
  spoki-analytics load reports --filter start=2026-10-01 --filter end=2026-10-31 --filter form=wide
  spoki-analytics load current-report --filter account_id=4100 --format json
  spoki-analytics load campaigns --filter scheduled_from=2026-10-01 --out campaigns.parquet
  spoki-analytics load contacts --columns id,phone,field.CITTA --out contacts.xlsx
  spoki-analytics load contacts --id 900001 --format json

\b
In CSV, text that a spreadsheet would run as a formula gets a leading apostrophe (phones and numbers do not), and sets
such as a contact's lists are joined by "; ". In Excel text is text whatever it starts with. JSON and Parquet hold every
value as it came; Parquet keeps the types and where the data comes from. A new file can be read by its owner only.
"""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=_EPILOG)(load)


def load(
    resource: Annotated[str, typer.Argument(metavar="RESOURCE", help="What to load; see the list below.")],
    filters: Annotated[
        list[str] | None,
        typer.Option("--filter", metavar="NAME=VALUE", help="A filter; an unknown name shows those that there are."),
    ] = None,
    subject: Annotated[
        str | None, typer.Option("--id", metavar="ID", help="Only the one with that id, or phone; see the list below.")
    ] = None,
    form: Annotated[
        Format | None, typer.Option("--format", help="Else what the file name says, else csv.", show_default=False)
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where to write; else, or with -, to standard output.")
    ] = None,
    excel: Annotated[
        bool, typer.Option("--excel", help="A CSV that Excel opens right: UTF-8 mark; semicolons in Italian.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there already.")] = False,
    columns: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME,NAME", help="Only these columns, in this order; may be repeated."),
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, metavar="N", help="Stop after so many rows.")] = None,
    refresh: Annotated[bool, typer.Option("--refresh", help="Ask Spoki again instead of using the cache.")] = False,
    verbose: Verbose = False,
) -> None:
    """Load a resource and write it as CSV, Excel, JSON or Parquet."""
    call = choose(resource, subject)
    out = None if out == _STANDARD_OUTPUT else out
    if out is not None:
        require_folder(out)
    written = format_of(out, form) if out else form or Format.CSV
    if not written.is_text and out is None and sys.stdout.isatty():
        raise UsageError(gettext("{name} is not for a terminal: give --out FILE.", name=written.name.capitalize()))
    if excel:
        require_sheet(written)
    if out is not None:
        require_writable(out, force=force)
    from spoki_analytics.client import Spoki

    with spelling(in_shell("--filter")), _interruptible(), Spoki() as spoki:
        frame = load_frame(
            call,
            spoki,
            filters or [],
            subject=subject,
            columns=split_names(columns),
            limit=limit,
            refresh=refresh or None,
            into=_writer(out, written, excel) if out else None,
        )
    if isinstance(frame, dict):
        _tell(frame, frame["rows"], out)
        return
    content = encode(frame, written, excel=excel)
    if out is not None:
        write_private(out, content, keep_mode=True)
    elif sys.stdout.isatty():
        typer.echo(replace_hidden(content.decode("utf-8-sig")), nl=False)
    else:
        sys.stdout.buffer.write(content)
        sys.stdout.flush()  # here, so that a reader who has seen enough (head, less) ends the command quietly
    _tell(frame.attrs.get("spoki"), len(frame), out)


@contextmanager
def _interruptible() -> Iterator[None]:
    """Say after Ctrl-C what became of the load; the command then ends with 130 by itself."""
    try:
        yield
    except KeyboardInterrupt as stop:
        say(gettext("Interrupted; nothing was written."))
        tell_notes(stop)
        raise


def _writer(out: Path, form: Format, excel: bool) -> Callable[[Callable[..., Any], Mapping[str, Any]], Provenance]:
    """Writes what a family loads to that file, in parts where the format allows it."""

    def write(load: Any, arguments: Mapping[str, Any]) -> Provenance:
        from spoki_analytics.resources.file_loading import load_to_file

        return load_to_file(load.__self__, load.__func__, out, (), arguments, form, excel=excel)

    return write


def _tell(facts: Mapping[str, Any] | None, count: int, out: Path | None) -> None:
    rows = ngettext("{count} row", "{count} rows", count)
    if out:
        rows = gettext("{rows} in {file}", rows=rows, file=out)
    if facts is None:  # a yes or no carries no provenance
        say(f"{rows}.")
        return
    from spoki_analytics.frames.provenance import remarks

    source = ngettext("{count} request", "{count} requests", facts["requests"])
    said = [source if facts["requests"] else gettext("from the cache"), *remarks(facts)]
    say(
        gettext(
            "{rows}: {operation} as of {moment}Z, {remarks}.",
            rows=rows,
            operation=facts["operation"],
            moment=facts["as_of"][:19],
            remarks=", ".join(said),
        )
    )
