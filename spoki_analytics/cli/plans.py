"""What ``correct`` and ``journal`` share: the preview, the agreement to it, and what came of it."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from spoki_analytics.cli.exits import ExitCode, say
from spoki_analytics.errors import UsageError
from spoki_analytics.wording.messages import gettext, noop
from spoki_analytics.wording.names import replace_hidden

if TYPE_CHECKING:
    import pandas as pd

    from spoki_analytics.client import Spoki
    from spoki_analytics.corrections.plan import Plan

OUTCOMES = ("applied", "skipped", "failed", "unknown", "open")
"""What may become of a change, in the order in which counts are told."""
SHOWN = 50
_CONTENT = 6
"""Digits of a fingerprint that stand for account and content; the others stand for what is there."""
_TYPED = 4
"""Characters of the fingerprint that are typed: enough to have looked at the plan."""

Apply = Annotated[bool, typer.Option("--apply", help="Send it, after the preview and a typed confirmation.")]
Yes = Annotated[
    str | None, typer.Option("--yes", metavar="FINGERPRINT", help="Confirm the plan of that fingerprint, untyped.")
]
Confirm = Annotated[
    str | None,
    typer.Option("--confirm", metavar="PHRASE", help='What a destructive plan asks for: "DELETE 3 contacts".'),
]
Again = Annotated[bool, typer.Option("--again", help="Send it although the same correction was applied before.")]
Force = Annotated[bool, typer.Option("--force", help="Send also what has changed since the preview.")]
Every = Annotated[bool, typer.Option("--all", help=f"Show every row, not only the first {SHOWN}.")]
Reveal = Annotated[bool, typer.Option("--reveal", help="Show the credentials that Spoki answers with, once.")]


@dataclass(frozen=True)
class Wish:
    """What is to become of a plan.

    Attributes:
        apply: Whether it is to be sent.
        yes: Fingerprint of the plan that was agreed to.
        confirm: Phrase that was given for a destructive plan.
        again: Send it although it was applied before.
        force: Send also what has changed since the preview.
        every: Show every row.
        reveal: Show credentials.
    """

    apply: bool
    yes: str | None = None
    confirm: str | None = None
    again: bool = False
    force: bool = False
    every: bool = False
    reveal: bool = False

    @property
    def limit(self) -> int | None:
        """Rows to show."""
        return None if self.every else SHOWN

    @property
    def writes(self) -> bool | None:
        """What the client is told: applying switches writes on, for this command."""
        return True if self.apply else None


def carry_out(plan: Plan, spoki: Spoki, wish: Wish, *, whole: bool = True) -> None:
    """Show a plan, and send it if that is wished and agreed to.

    Args:
        plan: The plan.
        spoki: The client that made it.
        wish: What is to become of it.
        whole: Send nothing when a row was refused; else send the others.

    Raises:
        UsageError: Nobody agreed to it.
        Exit: With code 2 when rows were refused, 1 when something failed or is not known.
    """
    _show(plan, wish)
    if plan.refusals and whole:
        say(gettext("Refused: correct the rows above. Nothing was sent."))
        raise typer.Exit(ExitCode.USAGE)
    if not plan.pending:
        typer.echo(gettext("There is nothing to send."))
    elif not wish.apply:
        _invite(plan.fingerprint, plan.confirmation)
    else:
        agree(plan.fingerprint, plan.confirmation, wish)
        try:
            outcome = plan.apply(confirm=plan.confirmation, force=wish.force, again=wish.again)
        except KeyboardInterrupt:
            raise _interrupted(plan.id) from None
        _reveal(plan, wish)
        tell(outcome, spoki, plan.id, wish)


def agree(fingerprint: str, phrase: str | None, wish: Wish) -> None:
    """Have the plan confirmed: by its fingerprint on the command line, else by somebody who types.

    Raises:
        UsageError: It was not.
    """
    if wish.yes is not None:
        if wish.yes != fingerprint:
            if wish.yes[:_CONTENT] == fingerprint[:_CONTENT]:
                wrong = noop(
                    "What is there has changed since the preview of {yes}: read the new one above, {fingerprint}. "
                    "Nothing was sent."
                )
                raise UsageError(gettext(wrong, fingerprint=fingerprint, yes=wish.yes))
            wrong = noop("This plan is {fingerprint}, not {yes}: read the preview above. Nothing was sent.")
            raise UsageError(gettext(wrong, fingerprint=fingerprint, yes=wish.yes))
        if phrase and wish.confirm != phrase:
            wrong = noop('This plan is destructive: it also needs --confirm "{phrase}". Nothing was sent.')
            raise UsageError(gettext(wrong, phrase=phrase))
        return
    if not sys.stdin.isatty():
        raise UsageError(
            gettext("Nobody is here to confirm. Nothing was sent."),
            advice=gettext("After reading the preview: {options}", options=_options(fingerprint, phrase)),
        )
    if not _is_typed(phrase or fingerprint[:_TYPED]):
        raise UsageError(gettext("Not confirmed. Nothing was sent."))


def _is_typed(phrase: str) -> bool:
    try:
        asked = gettext("To send it, type {phrase}", phrase=phrase)
        answer = str(typer.prompt(asked, default="", show_default=False, err=True))
    except typer.Abort:  # Ctrl-C or Ctrl-D instead of an answer
        return False
    return answer.strip() == phrase


def tell(outcome: pd.DataFrame, spoki: Spoki, plan_id: str, wish: Wish) -> None:
    """Show what came of a plan.

    Raises:
        Exit: With code 1 when something failed, is not known or was not sent.
    """
    done = outcome["outcome"].isin(["applied", "skipped"])
    shown = outcome[~done | (outcome.index < (wish.limit or len(outcome)))]
    for row in shown.to_dict("records"):
        notes = " ".join(text for text in (_made(row["answer"]), row["error"]) if text)
        typer.echo(replace_hidden(f"{row['outcome']:<8} {row['target']}  {notes}".rstrip()))
    if len(shown) < len(outcome):
        more = len(outcome) - len(shown)
        typer.echo(gettext("… and {more} more that went well (--all shows them)", more=more))
    counts = standing_of(spoki, plan_id)
    typer.echo(f"\nPlan {plan_id}: {', '.join(f'{count} {name}' for name, count in counts.items())}.")
    if counts["unknown"] or counts["open"]:
        say(gettext("To read back what is unknown and send what is open: {command}", command=_resume(plan_id)))
    if counts["failed"] or counts["unknown"] or counts["open"]:
        raise typer.Exit(ExitCode.FAILED)


def standing_of(spoki: Spoki, plan_id: str) -> dict[str, int]:
    """How many changes of a plan are applied, skipped, failed, unknown and open."""
    outcomes = spoki.journal.show(plan_id)["outcome"].tolist()
    return {name: outcomes.count(name) for name in OUTCOMES}


def _show(plan: Plan, wish: Wish) -> None:
    from spoki_analytics.corrections.refusals import Reason
    from spoki_analytics.corrections.writes import WRITES

    typer.echo(replace_hidden(plan.preview.as_text(limit=wish.limit, advise=False)))
    if any(WRITES[change.step.operation].secret for change in plan.changes) and not wish.reveal:
        typer.echo()
        typer.echo(gettext("Its answer holds a credential, which is kept nowhere: add --reveal to see it, once."))
    if any(refusal.reason is Reason.EMPTY_CELL for refusal in plan.refusals):
        say(gettext("Empty cells: --missing keep leaves such values as they are, --missing clear empties them."))
    typer.echo()


def _invite(fingerprint: str, phrase: str | None) -> None:
    sentence = noop("Nothing was sent. To send it, add --apply; unattended: {options}")
    typer.echo(gettext(sentence, options=_options(fingerprint, phrase)))


def _options(fingerprint: str, phrase: str | None) -> str:
    return f"--apply --yes {fingerprint}" + (f' --confirm "{phrase}"' if phrase else "")


def _reveal(plan: Plan, wish: Wish) -> None:
    if wish.reveal:
        for target, secret in plan.reveal().items():
            typer.echo(replace_hidden(f"{target}: {json.dumps(secret, ensure_ascii=False)}"))


def _made(answer: str) -> str:
    """The id of what an answer is about."""
    try:
        data = json.loads(answer)
    except ValueError:
        return ""
    return f"id {data['id']}" if isinstance(data, dict) and "id" in data else ""


def _interrupted(plan_id: str) -> typer.Exit:
    say(gettext("Interrupted. The journal knows how far it came: {command}", command=_resume(plan_id)))
    return typer.Exit(ExitCode.INTERRUPTED)


def _resume(plan_id: str) -> str:
    return f"spoki-analytics journal resume {plan_id} --apply"
