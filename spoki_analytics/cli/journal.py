"""``spoki-analytics journal``: what was corrected, and what can still be done about it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from spoki_analytics.cli.exits import ExitCode, say
from spoki_analytics.cli.plans import Again, Apply, Confirm, Every, Force, Wish, Yes, agree, carry_out, tell
from spoki_analytics.cli.verbose import Verbose
from spoki_analytics.wording.messages import gettext
from spoki_analytics.wording.names import replace_hidden

if TYPE_CHECKING:
    import pandas as pd

_EPILOG = """\
\b
Examples:
  spoki-analytics journal
  spoki-analytics journal show 20261122-180412-3fa94c
  spoki-analytics journal resolve
  spoki-analytics journal resume 20261122-180412-3fa94c --apply
  spoki-analytics journal undo 20261122-180412-3fa94c --apply
  spoki-analytics journal export --out corrections.jsonl
  spoki-analytics journal export --salvage readable.jsonl
"""
Id = Annotated[str, typer.Argument(metavar="PLAN", help="Id of a plan, as `journal show` tells it.")]
AnyId = Annotated[str | None, typer.Argument(metavar="PLAN", help="Only that plan.", show_default=False)]

app = typer.Typer(
    name="journal", help="Corrections made from this machine.", invoke_without_command=True, epilog=_EPILOG
)


@app.callback()
def _default(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        show(None)


@app.command()
def show(plan_id: AnyId = None) -> None:
    """Show every plan that was applied, or one of them.

    Of one plan it shows every change. Spoki is asked no more than which account the key belongs to.
    """
    from spoki_analytics.client import Spoki

    with Spoki() as spoki:
        frame, scope = spoki.journal.show(plan_id), spoki.journal.scope
    _print(frame if plan_id else frame.assign(at=frame["at"].dt.strftime("%Y-%m-%d %H:%M:%SZ")))
    say(scope)


@app.command()
def resume(
    plan_id: Id,
    apply: Apply = False,
    yes: Yes = None,
    force: Force = False,
    every: Every = False,
    verbose: Verbose = False,
) -> None:
    """Send what an interrupted plan has left.

    What is unknown is read back first, and never sent twice.
    """
    from spoki_analytics.client import Spoki

    wish = Wish(apply, yes=yes, force=force, every=every)
    with Spoki(writes=wish.writes) as spoki:
        changes = spoki.journal.show(plan_id)
        left = changes[changes["outcome"].isin(["open", "unknown"])]
        if left.empty:
            typer.echo(gettext("It has nothing left to send."))
            return
        _print(left.head(wish.limit or len(left)))
        plans = spoki.journal.show().set_index("plan")
        fingerprint = str(plans.loc[plan_id, "fingerprint"])
        if not apply:
            invitation = gettext(
                "Nothing was sent. To send it, add --apply; unattended: --apply --yes {fingerprint}",
                fingerprint=fingerprint,
            )
            typer.echo(f"\n{invitation}")
            return
        agree(fingerprint, None, wish)
        tell(spoki.journal.resume(plan_id, force=force), spoki, plan_id, wish)


@app.command()
def resolve(plan_id: AnyId = None, verbose: Verbose = False) -> None:
    """Read back what is not known; nothing is sent."""
    from spoki_analytics.client import Spoki

    with Spoki() as spoki:
        frame = spoki.journal.resolve(plan_id)
    _print(frame)
    if (frame["outcome"] == "unknown").any():
        raise typer.Exit(ExitCode.FAILED)


@app.command()
def undo(
    plan_id: Id,
    apply: Apply = False,
    yes: Yes = None,
    confirm: Confirm = None,
    again: Again = False,
    force: Force = False,
    every: Every = False,
    verbose: Verbose = False,
) -> None:
    """Show the inverse of a plan and, with --apply, send it.

    It undoes what the plan has applied, and leaves the rest.
    """
    from spoki_analytics.client import Spoki

    wish = Wish(apply, yes, confirm, again, force, every)
    with Spoki(writes=wish.writes) as spoki:
        carry_out(spoki.journal.undo(plan_id), spoki, wish, whole=False)


@app.command()
def export(
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Where to write; else to standard output.")] = None,
    salvage: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write there what can be read of a damaged journal.")
    ] = None,
) -> None:
    """Write the whole journal as JSON lines.

    It holds personal data: a file can be read by its owner only.
    """
    from spoki_analytics.client import Spoki

    with Spoki() as spoki:
        if salvage is not None:
            path = spoki.journal.salvage(salvage)
            say(gettext("What can be read of the journal is in {path}; the journal stays as it is.", path=path))
            return
        if out is not None:
            say(gettext("The journal is in {path}.", path=spoki.journal.export(out)))
            return
        lines = spoki.journal.log.json_lines()
    if sys.stdout.isatty():
        typer.echo(replace_hidden(lines.decode()), nl=False)
    else:
        sys.stdout.buffer.write(lines)
        sys.stdout.flush()  # here, so that a reader who has seen enough (head, less) ends the command quietly


def _print(frame: pd.DataFrame) -> None:
    typer.echo(replace_hidden(frame.to_string(index=False)) if len(frame) else gettext("There is nothing in it."))
