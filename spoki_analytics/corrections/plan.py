"""A plan: what a correction would do, shown before anything is sent."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from secrets import token_hex
from typing import Any, Protocol

import pandas as pd

from spoki_analytics.api.session import Session
from spoki_analytics.corrections.batches import Request, requests_of, seconds
from spoki_analytics.corrections.change import Change, steady_json
from spoki_analytics.corrections.preview import Preview
from spoki_analytics.corrections.refusals import Refusal
from spoki_analytics.corrections.writes import write_of

CONTENT = 6
"""Digits of a fingerprint that stand for account and content; the others stand for what is there."""


class Applier(Protocol):
    """Who applies plans: the journal, which also remembers what became of them."""

    @property
    def owner(self) -> str:
        """Whose journal it is: an account, or a key."""

    def apply(
        self, plan: Plan, *, confirm: str | None, force: bool, again: bool, progress: bool | None
    ) -> pd.DataFrame:
        """Send a plan; see ``Plan.apply``."""

    def undo(self, plan_id: str, changes: Sequence[Change] | None = None) -> Plan:
        """The inverse of what was applied of a plan; see ``Plan.undo``."""

    def reveal(self, plan_id: str) -> dict[str, Any]:
        """The credentials that a plan was answered with; see ``Plan.reveal``."""


class Plan:
    """Changes that were compared with what is there, and that nothing has sent yet.

    Attributes:
        id: Name of the plan in the journal.
        changes: One for each row, those that need nothing included.
        refusals: Rows that are not acceptable; nothing of them is sent.
        is_applied: Whether ``apply`` has been through.
    """

    def __init__(
        self, session: Session, applier: Applier, changes: Sequence[Change], refusals: Sequence[Refusal]
    ) -> None:
        self._session = session
        self._applier = applier
        self.changes = tuple(changes)
        self.refusals = tuple(refusals)
        self.is_applied = False
        self.id = f"{session.clock():%Y%m%d-%H%M%S}-{token_hex(3)}"

    def __len__(self) -> int:
        return len(self.changes)

    def __repr__(self) -> str:
        return f"<Plan {self.fingerprint}: {self._headline}>"

    def __str__(self) -> str:
        return self.preview.as_text()

    def _repr_html_(self) -> str:
        return self.preview.as_html()

    @cached_property
    def fingerprint(self) -> str:
        """What is agreed to: twelve hex digits, six of account and content, six of what the preview shows as there.

        The same rows have the same ones in any order, until what Spoki holds of them changes.
        """
        return self.content_marks[0] + self._mark(*self._shown)[CONTENT:]

    @cached_property
    def content_marks(self) -> tuple[str, str]:
        """How fingerprints of this content begin: those of its account, and of its key before the account was known."""
        owners = (self._applier.owner, self._session.account)
        first, second = (self._mark(owner.encode(), *self._contents)[:CONTENT] for owner in owners)
        return first, second

    @property
    def pending(self) -> list[int]:
        """Places of the changes that need a request."""
        return [position for position, change in enumerate(self.changes) if not change.skip]

    @cached_property
    def requests(self) -> list[Request]:
        """The requests that would be sent."""
        return requests_of(self.changes, self.pending)

    @property
    def preview(self) -> Preview:
        """What is shown of it."""
        return Preview(
            self.fingerprint,
            self.changes,
            self.refusals,
            self.requests,
            self.totals,
            self.confirmation,
            self.seconds,
            self.id if self.is_applied else "",
        )

    @property
    def frame(self) -> pd.DataFrame:
        """The plan as a table, one row a change.

        Returns:
            target, action, change (each value before → after), before, after (mappings, None where there is nothing),
            reason, row (label in the frame given), warning, irreversible (why it cannot be undone, empty when it
            can), as_of (when before was read), request (what is sent), number (Int64, of the request).
        """
        return self.preview.frame()

    @property
    def errors(self) -> pd.DataFrame:
        """What was refused: row, column, problem (text); row is empty where the whole frame is meant.

        Returns:
            row, column, problem (a sentence) and code (of ``refusals.Reason``; what a program decides by) as text.
        """
        rows = [[r.row, r.column, r.problem, r.reason.value] for r in self.refusals]
        return pd.DataFrame(rows, columns=["row", "column", "problem", "code"], dtype="str")

    @cached_property
    def totals(self) -> dict[str, int]:
        """Counts: changes, those to send, those that are so already, refused rows, requests, irreversible changes."""
        changing = [self.changes[position] for position in self.pending]
        return {
            "changes": len(self.changes),
            "to_send": len(changing),
            "already_so": len(self.changes) - len(changing),
            "refused": len({refusal.row for refusal in self.refusals}),
            "requests": len(self.requests),
            "irreversible": sum(bool(change.irreversible) for change in changing),
        }

    @cached_property
    def confirmation(self) -> str | None:
        """The phrase that ``apply(confirm=...)`` must be given, such as ``DELETE 3 contacts``; None when none is."""
        pending = map(self.changes.__getitem__, self.pending)
        counts = Counter((change.confirm, write_of(change).subject.noun) for change in pending if change.confirm)
        phrases = [f"{verb} {count} {noun}{'' if count == 1 else 's'}" for (verb, noun), count in counts.items()]
        return " AND ".join(phrases) or None

    @property
    def seconds(self) -> float:
        """How long sending takes at the rates in force."""
        counts = Counter(request.entry for request in self.requests)
        return seconds(counts, self._session.pace)

    def apply(
        self, *, confirm: str | None = None, force: bool = False, again: bool = False, progress: bool | None = None
    ) -> pd.DataFrame:
        """Send the plan, each request once.

        Args:
            confirm: The phrase of ``confirmation``, where there is one.
            force: Send also what has changed since the preview.
            again: Send although the same correction was applied before.
            progress: Show a progress bar; None as the client does.

        Returns:
            One row a change: target, outcome (applied, skipped, failed or unknown), status (Int64, HTTP), answer (JSON
            text, credentials hidden), error (text).

        Raises:
            WritesDisabledError: Writes are off, or this is a report run.
            NotConfirmedError: The plan is destructive and ``confirm`` is not its phrase.
            AlreadyAppliedError: The same correction was applied before, or is being applied.
            UsageError: Every row was refused.
        """
        return self._applier.apply(self, confirm=confirm, force=force, again=again, progress=progress)

    def undo(self) -> Plan:
        """The inverse plan of what was applied; what cannot be undone is in its ``errors``."""
        return self._applier.undo(self.id, self.changes)

    def reveal(self) -> dict[str, Any]:
        """The credentials that Spoki answered with, by target; they are shown once and kept nowhere."""
        return self._applier.reveal(self.id)

    @property
    def _contents(self) -> list[bytes]:
        return sorted(change.step.essence for change in self.changes)

    @property
    def _shown(self) -> list[bytes]:
        return sorted(change.step.essence + steady_json(change.before) for change in self.changes)

    @staticmethod
    def _mark(*parts: bytes) -> str:
        return hashlib.blake2b(b"\n".join(parts), digest_size=6).hexdigest()

    @property
    def _headline(self) -> str:
        totals = self.totals
        return f"{totals['to_send']} to send, {totals['already_so']} already so, {totals['refused']} refused"
