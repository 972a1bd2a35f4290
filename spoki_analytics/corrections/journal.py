"""The journal: every correction of this key on this machine, what became of it, and what can still be done about it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from secrets import token_hex
from typing import Any

import pandas as pd

from spoki_analytics.api.progress import Meter, shows_progress
from spoki_analytics.api.session import Session
from spoki_analytics.catalogue import Retry
from spoki_analytics.corrections.change import Change, State
from spoki_analytics.corrections.checks import Zone
from spoki_analytics.corrections.guard import require_confirmation, require_writes
from spoki_analytics.corrections.inverse import inverse_of
from spoki_analytics.corrections.journal_owner import (
    account_journal,
    has_accounts,
    keep_account,
    kept_account,
    key_journal,
)
from spoki_analytics.corrections.log import Entry, Log
from spoki_analytics.corrections.once import Once
from spoki_analytics.corrections.outcomes import changes_frame, outcome_frame, plans_frame
from spoki_analytics.corrections.plan import Plan
from spoki_analytics.corrections.planner import Planner
from spoki_analytics.corrections.readback import settle
from spoki_analytics.corrections.reader import Reader
from spoki_analytics.corrections.run import Run
from spoki_analytics.errors import NotFoundError, UsageError
from spoki_analytics.files.targets import require_folder
from spoki_analytics.frames.phones import Region
from spoki_analytics.private_files import write_private
from spoki_analytics.wording.arguments import call
from spoki_analytics.wording.messages import gettext
from spoki_analytics.wording.names import name_account

SETTLE = 5.0
"""Seconds after which a request whose answer was lost has either happened or not, for a rate window of 60 s."""
REPEATABLE = (Retry.IDEMPOTENT, Retry.UPSERT)


class Journal:
    """What was corrected with one key on this machine.

    Args:
        session: The session of the key.
        region: Country of phone numbers that come without a country code.
        zone: Time zone of times that come without one.
        account: Gives the account that the key belongs to; None where that is not known.
    """

    def __init__(
        self, session: Session, region: Region, zone: Zone, account: Callable[[], int | None] = lambda: None
    ) -> None:
        self.session = session
        self.region = region
        self.account = session.account
        self._ask_account = account
        self._account: int | None = None
        self._has_asked = False
        self._sender = session.writes
        self._planner = Planner(session, region, zone, self)
        self._secrets: dict[str, dict[str, Any]] = {}

    def __repr__(self) -> str:
        account = self._find_account(ask=False)
        owner = name_account(self.account) if account is None else f"account {account}"
        return f"<Journal of {owner}: {len(self.log.entries())} plans>"

    @property
    def log(self) -> Log:
        """What is kept: of the account, where it is known which one the key belongs to; else of the key."""
        settings, own = self.session.settings, key_journal(self.session.settings)
        account = self._find_account(ask=has_accounts(settings))
        if account is None:
            return Log(own, settings.fingerprint, self.account, self.session.clock)
        path = account_journal(settings, account)
        return Log(path, settings.fingerprint, str(account), self.session.clock, own)

    @property
    def owner(self) -> str:
        """Whose journal it is: ``account 4100``, or the name of the key where its account is not known."""
        account = self._find_account(ask=True)
        return self.account if account is None else f"account {account}"

    @property
    def scope(self) -> str:
        """Which corrections are in it, in a sentence."""
        account = self._find_account(ask=False)
        if account is not None:
            return gettext("This is the journal of account {account}, whichever of its keys was used.", account=account)
        return gettext(
            "This is the journal of this key alone: which account it belongs to is not known, and another key of the "
            "account would not find it. SPOKI_ACCOUNT states the account."
        )

    def _find_account(self, *, ask: bool) -> int | None:
        """The account of the key; Spoki is asked at most once, and not by who only looks where there is no need."""
        if self._account is None and not self._has_asked:
            self._account = kept_account(self.session.settings)
            if self._account is None and (ask or self.session.settings.account):
                self._has_asked = True
                self._account = self._ask_account()
                if self._account is not None:
                    keep_account(self.session.settings, self._account)
        return self._account

    @property
    def _once(self) -> Once:
        return Once(self.log, self.session)

    def show(self, plan_id: str | None = None) -> pd.DataFrame:
        """Every plan that was applied, newest last, or every change of one plan.

        Args:
            plan_id: Only that plan, change by change.

        Returns:
            Of plans: plan, fingerprint, at (datetime64[us, UTC]), by, operations (text), changes, applied, skipped,
            failed, unknown, open (Int64; open ones were never sent or certainly not done, and ``resume`` sends them).
            Of one plan, all text: target, action, change (each field before → after, one a line) and reason, as the
            preview showed them (empty where the journal keeps no values), outcome (applied, skipped, failed, unknown
            or open) and error.

        Raises:
            NotFoundError: There is no such plan.
        """
        if plan_id is not None:
            self._entry(plan_id)
            return self._changes_frame(plan_id)
        return plans_frame(self.log.entries())

    def apply(
        self, plan: Plan, *, confirm: str | None, force: bool, again: bool, progress: bool | None
    ) -> pd.DataFrame:
        """Send a plan; see ``Plan.apply``."""
        require_writes(self.session)
        if plan.refusals and not plan.changes:
            raise UsageError(gettext("Every row was refused: read the problems in the preview."))
        require_confirmation(plan.confirmation, confirm)
        was_applied = self.log.entry(plan.id) is not None
        if not again and (was_applied or not plan.pending):
            self._once.require_new(plan)
        if not plan.pending:
            return outcome_frame(plan.changes, self.log.standing(plan.id), {}, "")
        if was_applied:
            plan.id = f"{plan.id}.{token_hex(3)}"
        with self._once.only_one(plan.id):
            self._once.claim(plan, again=again)
            self._note_skipped(plan)
            run = self._run(plan.id, plan.changes, plan.pending, force, progress)
        plan.is_applied = True
        return outcome_frame(plan.changes, self.log.standing(plan.id), run.answers, run.stopped)

    def resume(self, plan_id: str, *, force: bool = False, progress: bool | None = None) -> pd.DataFrame:
        """Send what an interrupted plan has left: changes without an outcome, and those that certainly did not happen.

        Requests whose outcome is not known are read back first; they are sent again only where reading back shows that
        they did not happen and a repetition can do no harm.

        Args:
            plan_id: Id of the plan, as ``show`` tells it.
            force: Send also what has changed since the preview.
            progress: Show a progress bar; None as the client does.

        Returns:
            As ``Plan.apply`` gives it, for the whole plan.

        Raises:
            WritesDisabledError: Writes are off, or this is a report run.
            AlreadyAppliedError: The plan is being applied right now, or the same correction was applied after it.
            NotFoundError: There is no such plan.
        """
        require_writes(self.session)
        changes = self._changes(plan_id)
        with self._once.only_one(plan_id):
            self._once.require_latest(self._entry(plan_id))
            self._settle(plan_id, changes)
            states = self.log.standing(plan_id).states
            left = [index for index in range(len(changes)) if states.get(index, State.UNSENT) is State.UNSENT]
            run = self._run(plan_id, changes, left, force, progress)
        return outcome_frame(changes, self.log.standing(plan_id), run.answers, run.stopped)

    def resolve(self, plan_id: str | None = None) -> pd.DataFrame:
        """Read back every request whose outcome is not known, and settle it where Spoki lets one; nothing is sent.

        Args:
            plan_id: Only of that plan; None for all.

        Returns:
            One row for each change that was unknown: plan, target, outcome, error (why it stays unknown).

        Raises:
            NotFoundError: There is no such plan.
        """
        unknown = {entry.plan: entry for entry in self.log.entries() if entry.counts["unknown"]}
        rows: list[list[str]] = []
        for name in [plan_id] if plan_id else unknown:
            if plan_id is None and unknown[name].masked:
                kept = self._changes_frame(name)[["target", "outcome", "error"]]
                rows += [[name, *row] for row in kept[kept["outcome"] == State.UNKNOWN].to_numpy().tolist()]
                continue
            changes = self._changes(name)
            with self.log.hold(name) as held:
                positions = self._settle(name, changes) if held else []
            standing = self.log.standing(name)
            rows += [[name, changes[p].target, standing.states[p].outcome, standing.notes[p]] for p in positions]
        return pd.DataFrame(rows, columns=["plan", "target", "outcome", "error"], dtype="str")

    def undo(self, plan_id: str, changes: Sequence[Change] | None = None) -> Plan:
        """The inverse plan of what a plan has applied, in reverse order; nothing is sent.

        Args:
            plan_id: Id of the plan.
            changes: Its changes, where the journal keeps no values; else read from there.

        Returns:
            A plan; what cannot be undone is in its ``errors``.

        Raises:
            NotFoundError: There is no such plan.
        """
        known = list(changes) if changes is not None else self._changes(plan_id)
        reader = Reader(self.session, len(known), self.region, fresh=True)
        return self._planner.plan(*inverse_of(known, self.log.standing(plan_id), reader))

    def export(self, path: str | Path) -> Path:
        """Write the whole journal to a file of JSON lines that its owner alone may read.

        Each line is a plan, the intent of a request or the outcome of some changes, in the order in which they came.

        Args:
            path: The file; one that is there is replaced.

        Returns:
            Where the file is.

        Raises:
            UsageError: There is no such folder.

        Example:
            >>> spoki.journal.export("corrections.jsonl")
        """
        target = Path(path)
        require_folder(target)
        write_private(target, self.log.json_lines())
        return target

    def salvage(self, path: str | Path) -> Path:
        """Write what can still be read of a damaged journal to a file, as ``export`` does; the journal stays as it is.

        Args:
            path: The file; one that is there is replaced.

        Returns:
            Where the file is.

        Raises:
            UsageError: There is no such folder, or it is the journal itself.
            OSError: There is no journal.

        Example:
            >>> spoki.journal.salvage("readable.jsonl")
        """
        target = Path(path)
        require_folder(target)
        if target.resolve() == self.log.path.resolve():
            raise UsageError(gettext("{path} is the journal itself: name another file.", path=target))
        write_private(target, self.log.salvage())
        return target

    def reveal(self, plan_id: str) -> dict[str, Any]:
        """The credentials that Spoki answered a plan with, by target; they are shown once and kept nowhere."""
        return self._secrets.pop(plan_id, {})

    def _run(
        self, plan_id: str, changes: Sequence[Change], positions: Sequence[int], force: bool, progress: bool | None
    ) -> Run:
        show = shows_progress(self.session.progress if progress is None else progress)
        with Meter(gettext("Corrections"), show=show) as meter:
            run = Run(self.session, self.region, self._sender, self.log, plan_id, changes, force, meter)
            try:
                run.send(positions)
            finally:  # whatever breaks a run off, a key that was made is shown once
                kept = self._secrets.setdefault(plan_id, {})
                kept |= {changes[position].target: secret for position, secret in run.secrets.items()}
        return run

    def _note_skipped(self, plan: Plan) -> None:
        skipped = {str(index): (State.SKIPPED, change.skip) for index, change in enumerate(plan.changes) if change.skip}
        if skipped:
            self.log.append("outcome", plan.id, states=skipped, created={}, status=None)

    def _changes(self, plan_id: str) -> list[Change]:
        if self._entry(plan_id).masked:
            raise UsageError(
                gettext("The journal keeps no values of plan {plan} (SPOKI_JOURNAL_MASKED).", plan=plan_id)
            )
        return [Change.from_json(change) for change in self.log.changes(plan_id)]

    def _changes_frame(self, plan_id: str) -> pd.DataFrame:
        return changes_frame(self.log.changes(plan_id), self.log.standing(plan_id))

    def _entry(self, plan_id: str) -> Entry:
        entry = self.log.entry(plan_id)
        if entry is None:
            raise NotFoundError(
                gettext("The journal has no plan {plan}.", plan=plan_id),
                advice=gettext("See {show}.", show=call("journal.show")),
            )
        return entry

    def _settle(self, plan_id: str, changes: Sequence[Change]) -> list[int]:
        """Read back what is unknown, no sooner than it must have happened; give the positions that were."""
        standing = self.log.standing(plan_id)
        positions = standing.positions(State.UNKNOWN)
        if not positions:
            return []
        latest = max((standing.opened[position] for position in positions if position in standing.opened), default=None)
        if latest is not None:
            age = (self.session.clock() - latest).total_seconds()
            time.sleep(max(0.0, SETTLE * self.session.settings.rate_window / 60 - max(age, 0.0)))
        reader = Reader(self.session, len(positions), self.region, fresh=True, made=self.log.made())
        states = {str(position): _settled(changes[position], reader) for position in positions}
        self.log.append("outcome", plan_id, states=states, created={}, status=None)
        return positions


def _settled(change: Change, reader: Reader) -> tuple[State, str]:
    """What reading back says; what did not happen is open again where repeating it can do no harm."""
    state, note = settle(change, reader)
    if state is State.FAILED and change.step.entry.retry in REPEATABLE:
        return State.UNSENT, note
    return state, note
