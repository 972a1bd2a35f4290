"""What a page says of how long credit lasts: the range in plain words, why one is missing, and where there is doubt."""

from __future__ import annotations

import pandas as pd

from spoki_analytics.charts.credit import BASIS_WORDS
from spoki_analytics.metrics.pace import BILLED
from spoki_analytics.metrics.runway import ENOUGH_DAYS, HORIZON, RANGE_DAYS
from spoki_analytics.wording.messages import gettext, ngettext, noop
from spoki_analytics.wording.names import shorten
from spoki_analytics.wording.numbers import format_day, format_list, format_number, whole_days

NAMES_SHOWN = 3
_APART = 1.25
"""Two readings differ where one is longer by more than a quarter: that is more than the forecast itself is off."""

_STAND_INS = {
    "template": noop(
        "For {accounts}, the reports don't tell which template messages were delivered: those that were sent stand for "
        "them, so that the credit may last a little longer."
    ),
    "conversations": noop(
        "For {accounts}, the reports don't count template messages: conversations stand for them. Those that customers "
        "begin cost nothing since July 2025, so that the credit may last longer."
    ),
    "sent": noop(
        "For {accounts}, the reports count neither template messages nor conversations: all sent messages stand for "
        "them. Free-form answers cost nothing, so that the credit may last longer."
    ),
}


def runway_remarks(runway: pd.DataFrame) -> list[str]:
    """What readers must know of the days left.

    Args:
        runway: `metrics.CreditStudy.runway`.
    """
    remarks = [
        _range_in_words(runway),
        _without_credit(runway),
        _beyond(runway),
        *_without_range(runway),
        *(_stand_in(runway, basis) for basis in _STAND_INS),
        _other_reading(runway),
    ]
    return [remark for remark in remarks if remark]


def _range_in_words(runway: pd.DataFrame) -> str:
    """What the range promises, of the account that needs a recharge first and has one, and what it cannot know."""
    ranged = runway[(runway["days_left_low"] < HORIZON).fillna(False) & (runway["days_left"] > 0).fillna(False)]
    if not len(ranged):
        return ""
    first = ranged.sort_values("days_left").iloc[0]
    name, low = shorten(first["name"], 40), format_day(first["empty_on_low"])
    if pd.isna(first["empty_on_high"]):
        return gettext(
            "In nine of ten cases the credit of {name} lasts until {low} or longer. That is learned from its own past, "
            "which shows no season, price or campaign that is yet to come.",
            name=name,
            low=low,
        )
    return gettext(
        "In four of five cases the credit of {name} ends between {low} and {high}. That is learned from its own past, "
        "which shows no season, price or campaign that is yet to come.",
        name=name,
        low=low,
        high=format_day(first["empty_on_high"]),
    )


def _without_credit(runway: pd.DataFrame) -> str:
    empty = runway[(runway["days_left"] == 0).fillna(False)]
    if not len(empty):
        return ""
    names = _names(empty)
    return ngettext("{accounts} has no credit left.", "{accounts} have no credit left.", len(empty), accounts=names)


def _beyond(runway: pd.DataFrame) -> str:
    """Who is not empty as far as the estimate goes."""
    beyond = runway[(runway["days_left"] >= HORIZON).fillna(False)]
    if not len(beyond):
        return ""
    return gettext(
        "The credit of {accounts} is not used up within two years ({days} days); the estimate goes no further.",
        accounts=_names(beyond),
        days=format_number(HORIZON),
    )


def _without_range(runway: pd.DataFrame) -> list[str]:
    """Why days left, or their range, are missing."""
    days, left = runway["days"], runway["days_left"]
    known = left.notna() & (left > 0).fillna(False)
    unused = known & (runway["used_per_day"] == 0).fillna(False)
    short = known & ~unused & runway["days_left_low"].isna()
    new = left.isna() & runway["conversations_left"].notna() & (days < ENOUGH_DAYS).fillna(False)
    reasons = {
        noop("No range for {accounts}: nothing was used in these days."): unused,
        noop(
            "No range for {accounts}: fewer than {range_days} days since the first use don't tell how weeks differ."
        ): short,
        noop("No estimate for {accounts}: there are fewer than {enough_days} complete days since the first use."): new,
    }
    return [
        gettext(reason, accounts=_names(runway[whose]), range_days=RANGE_DAYS, enough_days=ENOUGH_DAYS)
        for reason, whose in reasons.items()
        if whose.any()
    ]


def _stand_in(runway: pd.DataFrame, basis: str) -> str:
    """What is counted in place of delivered templates, and which way that may err."""
    counted = runway[(runway["basis"] == basis).fillna(False) & (runway["used_per_day"] > 0).fillna(False)]
    return gettext(_STAND_INS[basis], accounts=_names(counted)) if len(counted) else ""


def _other_reading(runway: pd.DataFrame) -> str:
    """Both readings of what costs credit, of the account where that matters first."""
    days, other = runway["days_left"], runway["days_left_by_conversations"]
    apart = ((days / other > _APART) | (other / days > _APART)).fillna(False)
    if not apart.any():
        return ""
    first = runway[apart].sort_values("days_left_by_conversations").iloc[0]
    return gettext(
        "There are two readings. Counted in {unit}, which cost credit since July 2025, the credit of {name} lasts "
        "{days}. If every conversation cost credit, as Spoki's own estimate in conversations can be read, it lasts "
        "{other}.",
        unit=gettext(BASIS_WORDS[first["basis"] or BILLED]),
        name=shorten(first["name"], 40),
        days=_about(first["days_left"]),
        other=_about(first["days_left_by_conversations"]),
    )


def _about(days: float) -> str:
    if days >= HORIZON:
        return gettext("more than two years")
    return ngettext("about {count} day", "about {count} days", whole_days(days))


def _names(accounts: pd.DataFrame) -> str:
    """The first of the accounts by name, and how many more there are."""
    names = [shorten(name, 40) for name in accounts["name"].head(NAMES_SHOWN)]
    more = len(accounts) - len(names)
    if more:
        names.append(ngettext("{count} more", "{count} more", more))
    return format_list(names)
