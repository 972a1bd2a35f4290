"""At most once: what was applied before, or is being applied, is not sent again unless somebody says so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from spoki_analytics.api.session import Session
from spoki_analytics.catalogue import Retry
from spoki_analytics.corrections.change import Step
from spoki_analytics.corrections.journal_records import digest
from spoki_analytics.corrections.log import Entry, Log, who
from spoki_analytics.corrections.plan import CONTENT, Plan
from spoki_analytics.errors import AlreadyAppliedError
from spoki_analytics.wording.arguments import argument, call
from spoki_analytics.wording.masking import mask_personal
from spoki_analytics.wording.messages import gettext, ngettext


class Once:
    """The rule for the corrections of one key on this machine.

    Args:
        log: What is known to have been sent.
        session: The session of the key.
    """

    def __init__(self, log: Log, session: Session) -> None:
        self._log = log
        self._session = session

    @contextmanager
    def only_one(self, plan_id: str) -> Iterator[None]:
        """Be the only one who applies a plan.

        Raises:
            AlreadyAppliedError: Somebody else applies it.
        """
        with self._log.hold(plan_id) as held:
            if not held:
                raise self._busy(plan_id)
            yield

    def claim(self, plan: Plan, *, again: bool) -> None:
        """Note a plan as being applied, unless the same one was applied before or is being applied now.

        Args:
            plan: The plan.
            again: Apply it although it was applied before.

        Raises:
            AlreadyAppliedError: It was applied before, or is being applied, wholly or in part.
        """
        masked = self._session.settings.journal_masked
        # Looking and noting must be one: between them another process could look as well, and both would send.
        with self._log.lock():
            self._log.require_sound()
            if not again:
                self.require_new(plan)
                self._require_unsent([plan.changes[index].step for index in plan.pending])
            self._log.append(
                "plan",
                plan.id,
                fingerprint=plan.fingerprint,
                by=who(),
                masked=masked,
                operations=sorted({change.step.operation for change in plan.changes}),
                changes=[mask_personal(change.target) if masked else change for change in plan.changes],
                essences=[digest(change.step.essence).hex() for change in plan.changes] if masked else [],
            )

    def require_latest(self, resumed: Entry) -> None:
        """Refuse to resume a plan after which the same one was applied.

        Raises:
            AlreadyAppliedError: It was, or is being applied.
        """
        with self._log.lock():
            self._log.require_sound()
            same = self._log.same(self._log.essences(resumed.plan), resumed.fingerprint[:CONTENT])
            self._require_unused(entry for entry in same if entry.number > resumed.number)

    def require_new(self, plan: Plan) -> None:
        """Refuse what was applied before, or is being applied: the content decides, whatever is there now.

        Raises:
            AlreadyAppliedError: It was, or is being applied.
        """
        essences = [digest(change.step.essence) for change in plan.changes]
        self._require_unused(self._log.same(essences, *plan.content_marks))

    def _require_unused(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            if entry.has_acted:
                raise self._applied(entry)
            with self.only_one(entry.plan):
                pass  # nobody applies it

    def _require_unsent(self, steps: Sequence[Step]) -> None:
        """Refuse a plan of which a part, that must not happen twice, was sent with another plan before."""
        sent = self._log.sent({step.essence for step in steps if step.entry.retry is Retry.NEVER})
        if sent is None:
            return
        entry, count = sent
        message = ngettext(
            "{count} of these was sent at {moment} UTC by {who} in plan {plan}.",
            "{count} of these were sent at {moment} UTC by {who} in plan {plan}.",
            count,
            moment=entry.at[:19],
            who=entry.by,
            plan=entry.plan,
        )
        advice = gettext("Leave them out, or send them once more with {again}.", again=argument("again", True))
        raise self._error(message, advice, entry.plan, entry.at, entry.by)

    def _applied(self, entry: Entry) -> AlreadyAppliedError:
        message = gettext(
            "This correction was applied at {moment} UTC by {who} as plan {plan}.",
            moment=entry.at[:19],
            who=entry.by,
            plan=entry.plan,
        )
        once_more = gettext("Do it once more with {again}.", again=argument("again", True))
        advice = f"{_left(entry)} {once_more}".strip()
        return self._error(message, advice, entry.plan, entry.at, entry.by)

    def _busy(self, plan_id: str) -> AlreadyAppliedError:
        entry = self._log.entry(plan_id)
        by = entry.by if entry else gettext("another process")
        at = entry.at if entry else self._session.clock().isoformat()
        message = gettext("This correction is being applied right now by {who}.", who=by)
        return self._error(message, gettext("Wait until it has ended."), plan_id, at, by)

    def _error(self, message: str, advice: str, plan_id: str, at: str, by: str) -> AlreadyAppliedError:
        account = self._session.account
        return AlreadyAppliedError(message, plan_id=plan_id, at=at, by=by, account=account, advice=advice)


def _left(entry: Entry) -> str:
    """What a plan has left, with the advice to resume it; nothing when it has nothing."""
    rest = entry.counts["unknown"] + entry.counts["open"]
    if not rest:
        return ""
    return ngettext(
        "{count} of its changes is open or unknown: {resume}.",
        "{count} of its changes are open or unknown: {resume}.",
        rest,
        resume=call("journal.resume", entry.plan),
    )
