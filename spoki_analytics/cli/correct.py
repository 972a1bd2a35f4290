"""``spoki-analytics correct``: change records at Spoki, after a preview and a confirmation."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from spoki_analytics.cli.arguments import in_shell
from spoki_analytics.cli.drafts import Given, choose, columns_of, draft
from spoki_analytics.cli.exits import say
from spoki_analytics.cli.plans import Again, Apply, Confirm, Every, Force, Reveal, Wish, Yes, carry_out
from spoki_analytics.cli.verbose import Verbose
from spoki_analytics.cli.words import known, pairs
from spoki_analytics.errors import UsageError
from spoki_analytics.resources.calls import CORRECTIONS
from spoki_analytics.resources.methods import Call, typed
from spoki_analytics.wording.arguments import spelling
from spoki_analytics.wording.messages import gettext, noop

if TYPE_CHECKING:
    import pandas as pd

_MISSING = ("refuse", "keep", "clear")
_FAMILIES = dict.fromkeys(call.family for call in CORRECTIONS)
_OPERATIONS = "\n".join(
    f"  {typed(family):<14} {', '.join(typed(call.method) for call in CORRECTIONS if call.family == family)}"
    for family in _FAMILIES
)
_EPILOG = f"""\
\b
Families and their operations (how each is given: spoki-analytics operations --family FAMILY):
{_OPERATIONS}

\b
Without --apply nothing is ever sent: the preview shows each change, before and after, what cannot be
undone, how long it takes at Spoki's rates, and the plan's fingerprint. With --apply it asks, after the
preview, for the first characters of the fingerprint, or for the phrase that a destructive plan needs;
where nobody can type, --yes FINGERPRINT (and --confirm PHRASE) stand for that. When one row is refused
nothing is sent, and all problems are shown together.

\b
Examples:
  spoki-analytics correct contacts update --template > contacts.csv
  spoki-analytics correct contacts update --from-file contacts.csv
  spoki-analytics correct contacts update --from-file contacts.csv --apply
  spoki-analytics correct contacts update --id 900001 --set email=anna@example.com --set field.CITTA=Roma
  spoki-analytics correct contacts sync --from-file contacts.xlsx --missing keep --reason "CRM export"
  spoki-analytics correct tickets update --id 7 --id 8 --set status=Closed --apply --yes 3fa94c01d2be
  spoki-analytics correct lists remove-contacts --id 11 --set phones=+393331234567,+393331234568
  spoki-analytics correct contacts delete --id 7 --apply --yes 9c01d2be3fa9 --confirm "DELETE 1 contact"

\b
In CSV and Excel files the first row names the columns, as `load` does: id, phone, email, field.CITTA ...
Cells are read as text, so that a phone stays a phone. Lists of ids are written 1, 2, 3; structures as JSON.

\b
Exit codes:
  0  applied, or so already, or only shown
  1  something failed, was not sent, or its outcome is not known: see `spoki-analytics journal`
  2  refused or not confirmed; nothing was sent
  3  no key, or Spoki does not accept it
  4  Spoki not reachable, its answer not usable, or the operation removed
"""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=_EPILOG)(correct)


def correct(
    family: Annotated[str, typer.Argument(metavar="FAMILY", help="Such as contacts; see the list below.")],
    method: Annotated[str, typer.Argument(metavar="OPERATION", help="Such as update; see the list below.")],
    file: Annotated[
        Path | None, typer.Option("--from-file", metavar="FILE", help="Rows: .csv, .xlsx, .json or .parquet.")
    ] = None,
    settings: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="A value, for all rows; may be repeated.")
    ] = None,
    ids: Annotated[list[int] | None, typer.Option("--id", metavar="ID", help="A record; may be repeated.")] = None,
    missing: Annotated[
        str, typer.Option(metavar="|".join(_MISSING), help="What an empty cell of the file means.")
    ] = _MISSING[0],
    hidden_rows: Annotated[
        bool, typer.Option("--hidden-rows", help="With --yes: send also what the sheet hides, rows and columns.")
    ] = False,
    keep_text: Annotated[
        bool, typer.Option("--keep-text", help="Send texts that look garbled, or made by a program, as they are.")
    ] = False,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why; kept in the journal.")] = "",
    template: Annotated[
        bool, typer.Option("--template", help="Write the head of a CSV file for --from-file, and do nothing else.")
    ] = False,
    apply: Apply = False,
    yes: Yes = None,
    confirm: Confirm = None,
    again: Again = False,
    force: Force = False,
    every: Every = False,
    reveal: Reveal = False,
    verbose: Verbose = False,
) -> None:
    """Correct records: show the plan and, with --apply, send it."""
    call = choose(family, method)
    if template:
        _write_template(call)
        return
    known(missing, _MISSING, noop("--missing must not be {word}"))
    rows = _rows(file, missing, hidden_rows or yes is None)
    given = Given(ids or [], _distinct(settings or []), rows, _options(file, missing, reason, keep_text))
    from spoki_analytics.client import Spoki

    wish = Wish(apply, yes, confirm, again, force, every, reveal)
    with spelling(in_shell("--set")), Spoki(writes=wish.writes) as spoki:
        carry_out(draft(call, spoki, given), spoki, wish)


def _write_template(call: Call) -> None:
    """The columns of a correction as the first line of a CSV file; Spoki is not asked."""
    columns, required = columns_of(call)
    typer.echo(",".join(columns))
    say(gettext("Required: {columns}.", columns=", ".join(required)))
    if "first_name" in columns:
        say(gettext("Custom values have a column each, such as field.CITTA."))


def _distinct(words: list[str]) -> dict[str, str]:
    """Values by name, each given once."""
    values: dict[str, str] = {}
    for name, value in pairs(words, "--set"):
        if name in values:
            raise UsageError(gettext("--set {name} is given twice.", name=name))
        values[name] = value
    return values


def _rows(file: Path | None, missing: str, hidden_rows: bool) -> pd.DataFrame | None:
    if file is None:
        return None
    from spoki_analytics.files.decoders import SHEET
    from spoki_analytics.files.rows import read_rows

    frame = read_rows(file)
    sheet = frame.attrs.pop(SHEET, {"hidden": "", "notes": []})
    for sentence in filter(None, [sheet["hidden"], *sheet["notes"]]):
        say(sentence)
    if sheet["hidden"] and not hidden_rows:
        raise UsageError(
            gettext("Nobody has seen all of the sheet. Nothing was sent."),
            advice=gettext("Show its rows and columns and look again, or add --hidden-rows."),
        )
    return frame.astype(object).where(frame.notna(), "") if missing == "clear" else frame


def _options(file: Path | None, missing: str, reason: str, keep_text: bool) -> dict[str, str | bool]:
    """What goes to the method as it is."""
    kept = missing if file is not None and missing == "keep" else ""
    options: dict[str, str | bool] = {"missing": kept, "keep_text": keep_text, "reason": reason}
    return {name: value for name, value in options.items() if value}
