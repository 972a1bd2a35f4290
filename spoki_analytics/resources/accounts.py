"""Accounts: who they are, what credit they have, what they did in the current period."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NoReturn, overload

from spoki_analytics.catalogue import operation
from spoki_analytics.errors import NotFoundError, PermissionDeniedError, warn
from spoki_analytics.resources.bodies import only_object
from spoki_analytics.resources.family import Family
from spoki_analytics.resources.methods import corrects, reads
from spoki_analytics.resources.to_file import to_file
from spoki_analytics.wording.messages import gettext

if TYPE_CHECKING:
    import pandas as pd

    from spoki_analytics.api.answers import Answer


class Accounts(Family):
    """The accounts that this key sees."""

    @reads("list_accounts", about="accounts, their credit and limits")
    def load(
        self,
        *,
        columns: Iterable[str] | None = None,
        limit: int | None = None,
        refresh: bool | None = None,
    ) -> pd.DataFrame:
        """All accounts, one row each.

        Example:
            >>> accounts = spoki.accounts.load()
        """
        return self._read.listing("list_accounts", {}, limit, refresh, columns)

    load_to = to_file(load)

    @reads("retrieve_account", takes="id")
    def get(self, account_id: int, *, refresh: bool | None = None) -> pd.Series[Any]:
        """One account, with the columns of ``load`` (and its channels as JSON text).

        Raises:
            NotFoundError: This key does not see such an account.
            UsageError: The id is no whole number.

        Example:
            >>> spoki.accounts.get(4100)["current_credit_eur"]
        """
        return self._read.one("retrieve_account", {"account_id": account_id}, refresh=refresh)

    @reads("retrieve_account_by_phone", takes="phone", about="the account with that number")
    def by_phone(self, phone: str, *, refresh: bool | None = None) -> pd.Series[Any]:
        """The account with that WhatsApp number, given with its plus; with the columns of ``get``.

        Raises:
            NotFoundError: This key sees no account with that number.

        Example:
            >>> spoki.accounts.by_phone("+393330000017")["id"]
        """
        return self._read.one("retrieve_account_by_phone", {"phone": phone}, refresh=refresh)

    @overload
    def current_report(
        self, account_id: int, *, columns: Iterable[str] | None = None, refresh: bool | None = None
    ) -> pd.Series[Any]: ...
    @overload
    def current_report(
        self,
        account_id: Iterable[int] | None = None,
        *,
        columns: Iterable[str] | None = None,
        refresh: bool | None = None,
    ) -> pd.DataFrame: ...
    @reads("get_account_current_report", about="figures of the current period", schema="current_report")
    @reads("get_account_current_report", takes="id", schema="current_report")
    def current_report(
        self,
        account_id: int | Iterable[int] | None = None,
        *,
        columns: Iterable[str] | None = None,
        refresh: bool | None = None,
    ) -> pd.Series[Any] | pd.DataFrame:
        """What an account did in its current period; Spoki itself keeps the figures for 30 minutes.

        Args:
            account_id: One account gives a Series; several, or None for all that the key sees, give a frame.

        Warns:
            SpokiWarning: One of several accounts was refused, and is left out.

        Example:
            >>> spoki.accounts.current_report([4100, 4101])
        """
        from spoki_analytics.frames.chosen import choose_of, pick
        from spoki_analytics.frames.schemas import SCHEMAS

        chosen = choose_of(columns, SCHEMAS["current_report"])
        if account_id is None:
            account_id = self.load(refresh=refresh)["id"].dropna().tolist()
        given: Any = account_id
        if isinstance(given, Iterable) and not isinstance(given, str):
            return pick(self._current_reports(list(given), refresh), chosen, "current_report")
        answer = self._current(given, refresh)
        frame = self._read.frame_of(_rows(answer), "current_report", answer)
        frame = pick(frame.sort_values("period_start", na_position="first"), chosen, "current_report")
        newest = frame.iloc[-1]
        newest.attrs = frame.attrs
        newest.name = answer.account
        return newest

    def _current_reports(self, ids: list[int], refresh: bool | None) -> pd.DataFrame:
        answers = [answer for account in ids if (answer := self._current_or_none(account, refresh)) is not None]
        return self._read.frame_of_answers(
            answers,
            [row for answer in answers for row in _rows(answer)],
            "current_report",
            account=answers[0].account if len(answers) == 1 else self._client.session.account,
            operation=operation("get_account_current_report").name,
            filters={"account_id": [answer.account for answer in answers]},
        )

    def _current_or_none(self, account_id: int, refresh: bool | None) -> Answer[Any] | None:
        """The answer for one of several accounts; one that this key may not see is left out with a warning."""
        try:
            return self._current(account_id, refresh)
        except (NotFoundError, PermissionDeniedError) as refusal:
            warn(gettext("Account {account} is left out: {reason}", account=account_id, reason=refusal))
            return None

    def _current(self, account_id: int, refresh: bool | None) -> Answer[Any]:
        return self._read.object("get_account_current_report", {"account_id": account_id}, {}, refresh)

    @corrects("create_account_onboarding_link", takes="id")
    def onboarding_link(self, account_id: int) -> NoReturn:
        """Removed from the API: ``spoki.channels.create(platform=1)`` replaces it.

        Raises:
            RemovedOperationError: Always, before any request.

        Example:
            >>> spoki.channels.create(platform=1)  # instead
        """
        from spoki_analytics.api.answers import removal

        raise removal(operation("create_account_onboarding_link"))


def _rows(answer: Answer[Any]) -> list[dict[str, Any]]:
    """The report rows, each with its account: one object as documented, or several as one client tolerates."""
    several = isinstance(answer.value, list) and [row for row in answer.value if isinstance(row, dict)]
    rows = several or [only_object(answer)]
    return [{**row, "account": answer.account if row.get("account") is None else row["account"]} for row in rows]
