"""The journal: every correction of this key on this machine, what became of it, and what can still be done about it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from secrets import token_hex
from typing import Any

import pandas as pd

from spoki_analytics.api.progress import Meter, shows_progress
from spoki_analytics.api.session import Session
from spoki_analytics.catalogue import Retry
from spoki_analytics.corrections.change import Change, State, Step
from spoki_analytics.corrections.guard import require_confirmation, require_writes
from spoki_analytics.corrections.log import Entry, Log, who
from spoki_analytics.corrections.outcomes import outcome_frame, plans_frame, standings
from spoki_analytics.corrections.plan import Plan
from spoki_analytics.corrections.planner import Planner
from spoki_analytics.corrections.readback import created_id, makes_a_record, settle
from spoki_analytics.corrections.reader import Reader
from spoki_analytics.corrections.refusals import Reason, Refusal
from spoki_analytics.corrections.run import Run
from spoki_analytics.errors import AlreadyAppliedError, NotFoundError, UsageError
from spoki_analytics.files.targets import require_folder
from spoki_analytics.frames.phones import Region
from spoki_analytics.private_files import write_private
from spoki_analytics.wording.arguments import argument, call
from spoki_analytics.wording.masking import mask_personal
from spoki_analytics.wording.messages import gettext

SETTLE = 5.0
"""Seconds after which a request whose answer was lost has either happened or not, for a rate window of 60 s."""
REPEATABLE = (Retry.IDEMPOTENT, Retry.UPSERT)


class Journal:
    """What was corrected with one key on this machine.

    Args:
        session: The session of the key.
        region: Country of phone numbers that come without a country code.
    """

    def __init__(self, session: Session, region: Region) -> None:
        self.session = session
        self.region = region
        self.account = session.account
        settings = session.settings
        self._sender = session.writes
        self._planner = Planner(session, region, self)
        self._secrets: dict[str, dict[str, Any]] = {}
        file = settings.data_dir / "journal" / f"{settings.fingerprint}.sqlite"
        self.log = Log(file, settings.fingerprint, self.account, session.clock)

    def __repr__(self) -> str:
        return f"<Journal of {self.account}: {len(self.log.entries())} plans>"

    def show(self, plan_id: str | None = None) -> pd.DataFrame:
        """Every plan that was applied, newest last, or every change of one plan.

        Args:
            plan_id: Only that plan, change by change.

        Returns:
            Of plans: plan, fingerprint, at (datetime64[us, UTC]), by, operations (text), changes, applied, skipped,
            failed, unknown, open (Int64; open ones were never sent or certainly not done, and ``resume`` sends them).
            Of one plan: target, outcome (applied, skipped, failed, unknown or open) and error (text).

        Raises:
            NotFoundError: There is no such plan.
        """
        if plan_id is not None:
            self._entry(plan_id)
            return pd.DataFrame(self._standings(plan_id), columns=["target", "outcome", "error"], dtype="str")
        return plans_frame(self.log.entries())

    def apply(
        self, plan: Plan, *, confirm: str | None, force: bool, again: bool, progress: bool | None
    ) -> pd.DataFrame:
        """Send a plan; see ``Plan.apply``."""
        require_writes(self.session.settings)
        if plan.refusals and not plan.changes:
            raise UsageError(gettext("Every row was refused: read the problems in the preview."))
        require_confirmation(plan.confirmation, confirm)
        if not plan.pending:
            self._require_new(plan.fingerprint, again)
            return outcome_frame(plan.changes, self.log.standing(plan.id), None)
        if self.log.entry(plan.id) is not None:
            self._require_new(plan.fingerprint, again)
            plan.id = f"{plan.id}.{token_hex(3)}"
        with self.log.running(plan.id) as alone:
            if not alone:
                raise self._busy(plan.id)
            self._claim(plan, again)
            skipped = {
                str(place): (State.SKIPPED, change.skip) for place, change in enumerate(plan.changes) if change.skip
            }
            if skipped:
                self.log.append("outcome", plan.id, states=skipped, created={}, status=None)
            run = self._run(plan.id, plan.changes, plan.pending, force, progress)
        plan.is_applied = True
        return outcome_frame(plan.changes, self.log.standing(plan.id), run)

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
        require_writes(self.session.settings)
        changes = self._changes(plan_id)
        with self.log.running(plan_id) as alone:
            if not alone:
                raise self._busy(plan_id)
            with self.log.alone():
                self.log.require_sound()
                self._require_new(self._entry(plan_id).fingerprint, again=False, after=plan_id)
            self._settle(plan_id, changes)
            standing = self.log.standing(plan_id)
            left = [p for p in range(len(changes)) if standing.states.get(p, State.UNSENT) is State.UNSENT]
            run = self._run(plan_id, changes, left, force, progress)
        return outcome_frame(changes, self.log.standing(plan_id), run)

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
                rows += [[name, *row] for row in self._standings(name) if row[1] == State.UNKNOWN]
                continue
            changes = self._changes(name)
            with self.log.running(name) as alone:
                places = self._settle(name, changes) if alone else []
            standing = self.log.standing(name)
            rows += [[name, changes[p].target, standing.states[p].outcome, standing.notes[p]] for p in places]
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
        standing = self.log.standing(plan_id)
        steps: list[Step] = []
        refusals = [Refusal(known[place].target, "", Reason.UNSETTLED) for place in standing.places(State.UNKNOWN)]
        reader = Reader(self.session, len(known), self.region, fresh=True)
        for place in reversed(standing.places(State.APPLIED)):
            change = known[place]
            inverse = _aimed(change, standing.created.get(place), reader)
            if inverse is None:
                refusals.append(Refusal(change.target, "", Reason.CREATED_UNKNOWN))
            elif not inverse:
                refusals.append(_irreversible(change))
            steps += inverse or ()
        order = list(dict.fromkeys(step.operation for step in steps))
        return self._planner.plan(sorted(steps, key=lambda step: order.index(step.operation)), refusals)

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

    def reveal(self, plan_id: str) -> dict[str, Any]:
        """The credentials that Spoki answered a plan with, by target; they are shown once and kept nowhere."""
        return self._secrets.pop(plan_id, {})

    def _run(
        self, plan_id: str, changes: Sequence[Change], places: Sequence[int], force: bool, progress: bool | None
    ) -> Run:
        show = shows_progress(self.session.progress if progress is None else progress)
        with Meter("Corrections", show=show) as meter:
            run = Run(self.session, self.region, self._sender, self.log, plan_id, changes, force, meter)
            try:
                run.send(places)
            finally:  # whatever breaks a run off, a key that was made is shown once
                kept = self._secrets.setdefault(plan_id, {})
                kept |= {changes[place].target: secret for place, secret in run.secrets.items()}
        return run

    def _claim(self, plan: Plan, again: bool) -> None:
        """Note the plan as being applied, unless the same one was applied before or is being applied now."""
        with self.log.alone():
            self.log.require_sound()
            self._require_new(plan.fingerprint, again)
            self._require_unsent(plan, again)
            masked = self.session.settings.journal_masked
            self.log.append(
                "plan",
                plan.id,
                fingerprint=plan.fingerprint,
                by=who(),
                masked=masked,
                operations=sorted({change.step.operation for change in plan.changes}),
                changes=[mask_personal(change.target) if masked else change for change in plan.changes],
            )

    def _require_new(self, fingerprint: str, again: bool, after: str = "") -> None:
        """Refuse what was applied before, or is being applied; of plans that are resumed only later ones count."""
        resumed = self.log.entry(after)
        for entry in [] if again else self.log.entries(fingerprint):
            if resumed is not None and entry.number <= resumed.number:
                continue
            if entry.has_acted:
                raise self._applied(entry)
            with self.log.running(entry.plan) as alone:
                if not alone:
                    raise self._busy(entry.plan)

    def _require_unsent(self, plan: Plan, again: bool) -> None:
        """Refuse a plan of which a part, that must not happen twice, was sent with another plan before."""
        once = {plan.changes[place].step.essence for place in plan.pending if _only_once(plan.changes[place].step)}
        sent = None if again else self.log.sent(once)
        if sent is None:
            return
        entry, count = sent
        raise AlreadyAppliedError(
            gettext(
                "{count} of these were sent at {moment} UTC by {who} in plan {plan}.",
                count=count,
                moment=entry.at[:19],
                who=entry.by,
                plan=entry.plan,
            ),
            plan_id=entry.plan,
            at=entry.at,
            by=entry.by,
            account=self.account,
            advice=gettext("Leave them out, or send them once more with {again}.", again=argument("again", True)),
        )

    def _applied(self, entry: Entry) -> AlreadyAppliedError:
        rest = entry.counts["unknown"] + entry.counts["open"]
        advice = gettext("Do it once more with {again}.", again=argument("again", True))
        if rest:
            left = gettext(
                "{rest} of its changes are open or unknown: {resume}.",
                rest=rest,
                resume=call("journal.resume", entry.plan),
            )
            advice = f"{left} {advice}"
        return AlreadyAppliedError(
            gettext(
                "This correction was applied at {moment} UTC by {who} as plan {plan}.",
                moment=entry.at[:19],
                who=entry.by,
                plan=entry.plan,
            ),
            plan_id=entry.plan,
            at=entry.at,
            by=entry.by,
            account=self.account,
            advice=advice,
        )

    def _busy(self, plan_id: str) -> AlreadyAppliedError:
        entry = self.log.entry(plan_id)
        at, by = (entry.at, entry.by) if entry else (self.session.clock().isoformat(), gettext("another process"))
        return AlreadyAppliedError(
            gettext("This correction is being applied right now by {who}.", who=by),
            plan_id=plan_id,
            at=at,
            by=by,
            account=self.account,
            advice=gettext("Wait until it has ended."),
        )

    def _changes(self, plan_id: str) -> list[Change]:
        if self._entry(plan_id).masked:
            raise UsageError(
                gettext("The journal keeps no values of plan {plan} (SPOKI_JOURNAL_MASKED).", plan=plan_id)
            )
        return [Change.from_json(change) for change in self.log.changes(plan_id)]

    def _standings(self, plan_id: str) -> list[list[str]]:
        return standings(self.log.changes(plan_id), self.log.standing(plan_id))

    def _entry(self, plan_id: str) -> Entry:
        entry = self.log.entry(plan_id)
        if entry is None:
            raise NotFoundError(
                gettext("The journal has no plan {plan}.", plan=plan_id),
                advice=gettext("See {show}.", show=call("journal.show")),
            )
        return entry

    def _settle(self, plan_id: str, changes: Sequence[Change]) -> list[int]:
        """Read back what is unknown, no sooner than it must have happened; give the places that were."""
        standing = self.log.standing(plan_id)
        places = standing.places(State.UNKNOWN)
        if not places:
            return []
        latest = max((standing.opened[place] for place in places if place in standing.opened), default=None)
        if latest is not None:
            age = (self.session.clock() - latest).total_seconds()
            time.sleep(max(0.0, SETTLE * self.session.settings.rate_window / 60 - max(age, 0.0)))
        reader = Reader(self.session, len(places), self.region, fresh=True)
        states = {str(place): _settled(changes[place], reader) for place in places}
        self.log.append("outcome", plan_id, states=states, created={}, status=None)
        return places


def _only_once(step: Step) -> bool:
    return step.entry.retry is Retry.NEVER


def _settled(change: Change, reader: Reader) -> tuple[State, str]:
    """What reading back says; what did not happen is open again where repeating it can do no harm."""
    state, note = settle(change, reader)
    if state is State.FAILED and change.step.entry.retry in REPEATABLE:
        return State.UNSENT, note
    return state, note


def _irreversible(change: Change) -> Refusal:
    if not change.irreversible:
        return Refusal(change.target, "", Reason.IRREVERSIBLE)
    return Refusal(change.target, "", Reason.IRREVERSIBLE_BECAUSE, {"why": change.irreversible})


def _aimed(change: Change, created: Any, reader: Reader) -> list[Step] | None:
    """The steps that undo a change, aimed at what it made; None when that cannot be found."""
    if not makes_a_record(change):
        return list(change.inverse)
    target = created if created is not None else created_id(change, reader)
    return None if target is None else [step.aimed_at(target) for step in change.inverse]
