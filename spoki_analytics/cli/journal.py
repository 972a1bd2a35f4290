"""``spoki-analytics journal``: what was corrected, and what can still be done about it."""

from __future__ import annotations

import sys
from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from spoki_analytics.cli.exits import ExitCode, say
from spoki_analytics.cli.plans import OUTCOMES, Again, Apply, Confirm, Every, Force, Wish, Yes, agree, carry_out, tell
from spoki_analytics.cli.verbose import Verbose
from spoki_analytics.resources.calls import CORRECTIONS
from spoki_analytics.resources.methods import typed
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

    Of one plan it shows every change: each field before and after, why, and what became of it. Spoki is asked no more
    than which account the key belongs to.
    """
    from spoki_analytics.client import Spoki
    from spoki_analytics.home import DEFAULT_TIMEZONE

    with Spoki() as spoki:
        plans, scope = spoki.journal.show(), spoki.journal.scope
        zone = spoki.settings.timezone or DEFAULT_TIMEZONE
        if plan_id is not None:
            changes = spoki.journal.show(plan_id)
            plans = plans[plans["plan"] == plan_id]
    for plan in plans.to_dict("records"):
        _print_plan(plan, zone)
    if plan_id is not None:
        _print_changes(changes)
    elif plans.empty:
        typer.echo(gettext("There is nothing in it."))
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
        _print_changes(left.head(wish.limit or len(left)))
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


def _print_plan(plan: Mapping[Hashable, Any], zone: str) -> None:
    """A plan in two lines that fit a terminal of 80 columns; its id comes first, to be copied."""
    at = plan["at"].tz_convert(zone).strftime("%Y-%m-%d %H:%M")
    typer.echo(f"{plan['plan']}  {at} {zone}  {plan['fingerprint']}")
    counts = ", ".join(f"{plan[name]} {name}" for name in OUTCOMES if plan[name])
    what = ", ".join(_command_of(slug) for slug in plan["operations"].split(", "))
    typer.echo(replace_hidden(f"    {what}: {counts} · {plan['by'].partition(' (')[0]}"))


def _command_of(slug: str) -> str:
    """An operation as `correct` names it."""
    found = (f"{typed(call.family)} {typed(call.method)}" for call in CORRECTIONS if call.operation == slug)
    return next(found, slug)


def _print_changes(changes: pd.DataFrame) -> None:
    """Each change as the preview showed it, with what became of it."""
    for change in changes.to_dict("records"):
        head = [f"{change['outcome']:<8} {change['target']}", change["action"], change["reason"]]
        parts = [
            " · ".join(filter(None, head)),
            *change["change"].split("\n"),
            change["error"] and f"! {change['error']}",
        ]
        typer.echo(replace_hidden("\n    ".join(filter(None, parts))))


def _print(frame: pd.DataFrame) -> None:
    typer.echo(replace_hidden(frame.to_string(index=False)) if len(frame) else gettext("There is nothing in it."))
