"""Sentences that every report owes its readers: what its figures cover, and how they are made."""

from __future__ import annotations

import pandas as pd

from spoki_analytics.charts.credit import BASIS_WORDS
from spoki_analytics.charts.labels import HEADINGS
from spoki_analytics.charts.sentences import by_unit, count_units, join
from spoki_analytics.metrics.pace import BASES
from spoki_analytics.metrics.periods import Period
from spoki_analytics.metrics.studies import CampaignStudy, CreditStudy, UsageStudy
from spoki_analytics.metrics.usage import MESSAGES, RATES, basis, impossible_rates, is_repriced, match_before, totals
from spoki_analytics.page.readings import say_counters
from spoki_analytics.wording.messages import gettext, ngettext, noop
from spoki_analytics.wording.names import shorten
from spoki_analytics.wording.numbers import format_list, format_number, format_percent

_INTERVALS = noop(
    "The range beside a share, and the band around it, is its 95 % Wilson interval; differences of rates use "
    "Newcombe's, and no change is claimed inside it."
)
_READ = noop("Contacts can switch read receipts off: read figures are lower bounds.")

_REPRICED = noop(
    "On 1 July 2025 WhatsApp changed from prices per conversation to prices per message: conversations before and "
    "after that day are not compared."
)

USAGE = (
    _INTERVALS,
    _READ,
    noop(
        "Counts are added up as Spoki reports them. A message delivered or read after midnight counts on the later "
        "day: such a day may have more read than delivered, and then it has no rate; the rates of the period are "
        "ratios of its sums."
    ),
    noop(
        "In detailed reports each message counts once, under its latest status, so that sent = Sent + Delivered + "
        "Read; the format of these reports is not documented, and this is an assumption."
    ),
    noop(
        "Where the report counts no templates, a message under a template category is taken as one, others as "
        "free-form."
    ),
    noop(
        "Spoki cuts the days of its reports itself; whether at midnight UTC or of the account's zone is not documented."
    ),
    noop("Contacts reached are distinct within one period and account: they have no sum over time."),
    noop(
        "A conversation lasts 24 hours and may touch two days: those and contacts of days do not add up to those "
        "of a month, such as the current report's, and are not given by week."
    ),
)

CREDIT = (
    noop("Balances and thresholds are in euro, of which Spoki sends thousandths; the currency is assumed."),
    noop(
        "The alert flag has two readings in public sources, “alert enabled” and “credit is low”: both it and our own "
        "comparison of balance and threshold are shown."
    ),
    noop(
        "Since 1 July 2025 delivered template messages cost credit. Where the reports don't count them, templates that "
        "were sent stand for them, then conversations, then sent messages. Each is taken to cost what one of Spoki's "
        "estimated conversations costs: balance / conversations left."
    ),
    noop(
        "Days left is the day on which a balance is used up in the middle one of 1000 possible futures, its range goes "
        "from the 10th to the 90th percentile. The futures follow the whole weeks since the first use, each of 750 "
        "models weighed by how well it foretold each next week; benchmarks of the project say how often the range "
        "holds. Assumed: no recharge, nothing else that costs credit."
    ),
)

CAMPAIGNS = (
    _INTERVALS,
    _READ,
    noop(
        "Finished campaigns are those that are Completed and were scheduled at least 72 hours before the data was "
        "read; until then their counters still grow."
    ),
    noop(
        "Sent are all messages sent, whatever became of them; delivered are those that arrived, read or not. How this "
        "is made of Spoki's counters stands below the key figures; SPOKI_CAMPAIGN_COUNTERS=exclusive or =cumulative "
        "fixes it."
    ),
    noop(
        "Attempted is the larger of sent and delivered + failed, as it is not documented whether sent includes failed."
    ),
    noop(
        "Stuck are campaigns that have been Processing or Paused for 72 hours, and those that are Scheduled for a "
        "moment that has passed."
    ),
)


def say_nothing(period: Period) -> str:
    """That a period has no messages, such as one before the first data."""
    return gettext("No messages were reported, {period}.", period=period)


def usage_scope(now: pd.DataFrame, before: pd.DataFrame, period: Period) -> str:
    """What the key figures cover and what they are compared with.

    Args:
        now: `metrics.usage.per_period` of the period.
        before: The same of the period before, as `metrics.usage.match_before` takes it.
        period: The period.
    """
    over, earlier = int((~now["open"]).sum()), match_before(now, before)
    complete = _complete_units(over, period)
    finished = period.first(over) if over else period
    if earlier is not None:
        scope = gettext(
            "Figures cover {complete}, {finished}, compared with the {span} before, {earlier}.",
            complete=complete,
            finished=finished,
            span=count_units(over, period),
            earlier=finished.previous(),
        )
    elif not over:
        scope = by_unit(
            period,
            gettext(
                "No day of {period} is over yet: figures are what was counted so far, compared with nothing.",
                period=period,
            ),
            gettext(
                "No week of {period} is over yet: figures are what was counted so far, compared with nothing.",
                period=period,
            ),
            gettext(
                "No month of {period} is over yet: figures are what was counted so far, compared with nothing.",
                period=period,
            ),
            gettext(
                "No year of {period} is over yet: figures are what was counted so far, compared with nothing.",
                period=period,
            ),
        )
    else:
        scope = gettext(
            "Figures cover {complete}, {finished}; the time before has no reports, or not from its start, to compare "
            "them with.",
            complete=complete,
            finished=finished,
        )
    repriced = earlier is not None and is_repriced(now, earlier) and now["conversations"].notna().any()
    return join(scope, gettext(_REPRICED) if repriced else "")


_TWICE = noop(
    "At least twice as many messages fail as before: {share} ({failed} of {attempted} attempted), after {before}."
)
_MORE = noop("More messages fail than before: {share} ({failed} of {attempted} attempted), after {before}.")


def usage_findings(study: UsageStudy) -> list[str]:
    """What stands on top of the page, before all figures: that clearly more messages fail than before.

    Args:
        study: `metrics.study_usage`.
    """
    failed = study.figures[study.figures["name"] == "failed_per_attempted"]
    if not len(failed) or failed.iloc[0]["direction"] != "up":
        return []
    figure = failed.iloc[0]
    said = _TWICE if figure["value"] >= 2 * figure["previous"] else _MORE
    return [
        gettext(
            said,
            share=format_percent(figure["value"]),
            failed=format_number(figure["count"]),
            attempted=format_number(figure["n"]),
            before=format_percent(figure["previous"]),
        )
    ]


def name_unknown_states(states: pd.Series) -> list[str]:
    """The states of messages that are in no figure, with how many messages they hold; nothing where there are none.

    Args:
        states: `metrics.UsageStudy.unknown_states`.
    """
    if not len(states):
        return []
    named = format_list(f"{shorten(state)} ({format_number(count)})" for state, count in states.items())
    return [
        ngettext(
            "{count} message is in a state that this page does not know, and in none of its figures: {states}.",
            "{count} messages are in states that this page does not know, and in none of its figures: {states}.",
            states.sum(),
            states=named,
        )
    ]


_CONTRADICTIONS = {
    "delivered_per_sent": noop(
        "Spoki reports more messages delivered ({part}) than sent ({whole}): that cannot be, so no rate is given."
    ),
    "read_per_delivered": noop(
        "Spoki reports more messages read ({part}) than delivered ({whole}): that cannot be, so no rate is given."
    ),
    "failed_per_attempted": noop(
        "Spoki reports more messages failed ({part}) than attempted ({whole}): that cannot be, so no rate is given."
    ),
    "template_per_sent": noop(
        "Spoki reports more templates ({part}) than messages sent ({whole}): that cannot be, so no rate is given."
    ),
    "free_per_sent": noop(
        "Spoki reports more free-form messages ({part}) than were sent ({whole}): that cannot be, so no rate is given."
    ),
}


def contradictions(now: pd.DataFrame) -> list[str]:
    """What cannot be and is reported all the same, over all finished steps: no rate is made of it.

    Args:
        now: `metrics.usage.per_period` of the period.
    """
    sums = totals(basis(now))
    negative = [name for name in MESSAGES if pd.notna(sums[name]) and sums[name] < 0]
    counters = format_list(f"{gettext(HEADINGS[name])} {format_number(sums[name])}" for name in negative)
    said = gettext("What Spoki reports adds up to less than nothing: {counters}.", counters=counters)
    return [said] * bool(negative) + [
        gettext(_CONTRADICTIONS[name], part=format_number(sums[part]), whole=format_number(sums[whole]))
        for name, (part, whole) in RATES.items()
        if name in impossible_rates(sums)
    ]


def campaigns_scope(table: pd.DataFrame) -> str:
    """How many campaigns the figures rest on, and how many still change.

    Args:
        table: `metrics.campaigns.campaign_table`.
    """
    if not len(table):
        return gettext("No campaign was scheduled in this period.")
    settled, changing = int(table["settled"].sum()), int(table["changing"].sum())
    whole = format_number(len(table))
    if not changing:
        return ngettext(
            "Figures rest on {count} finished campaign of {whole} in the period.",
            "Figures rest on {count} finished campaigns of {whole} in the period.",
            settled,
            whole=whole,
        )
    return ngettext(
        "Figures rest on {count} finished campaign of {whole} in the period; the counters of {changing} still change.",
        "Figures rest on {count} finished campaigns of {whole} in the period; the counters of {changing} still change.",
        settled,
        whole=whole,
        changing=format_number(changing),
    )


def usage_remarks(study: UsageStudy, seen: int) -> list[str]:
    """What readers of usage must know: what the figures cover, and whose they are where the reports don't say it.

    Args:
        study: `metrics.study_usage`.
        seen: How many accounts the key sees.
    """
    scope = usage_scope(study.now, study.before, study.period) if study.has_messages else say_nothing(study.finished)
    steps = _say_steps(study) if study.has_messages else []
    remarks = [scope, *steps, *contradictions(study.now)]
    remarks += name_unknown_states(study.unknown_states)
    if seen > 1 and len(study.rows) and not study.names_accounts:
        remarks.append(
            gettext(
                "The reports don't name their account: the figures are those of the account that the key belongs to."
            )
        )
    return remarks


def _say_steps(study: UsageStudy) -> list[str]:
    """That pictures show other steps than those asked for, and why."""
    if not study.steps.cut:
        return []
    said = by_unit(
        study.steps,
        "",
        gettext(
            "Shown by week, as {count} days are too many to tell apart; the figures are those of the days. The first "
            "and the last week hold only days of the period.",
            count=format_number(len(study.period.labels)),
        ),
        gettext(
            "Shown by month, as {count} days are too many to tell apart; the figures are those of the days. The first "
            "and the last month hold only days of the period.",
            count=format_number(len(study.period.labels)),
        ),
        "",
    )
    return [said]


def credit_remarks(study: CreditStudy, period: Period) -> list[str]:
    """What readers of credit must know: of when the balances are, and what the pace of their use rests on.

    Args:
        study: `metrics.study_credit`.
        period: The days that set the pace.
    """
    bases = format_list(gettext(BASIS_WORDS[basis]) for basis in BASES if basis in set(study.use["basis"]))
    remarks = [
        gettext(
            "Balances are those of the data's time. How fast they are used is taken from the days since the first use, "
            "{period}, whatever the period of the page.",
            period=period,
        ),
        gettext("What is counted: {bases}.", bases=bases) if bases else "",
        _planned_remark(study),
    ]
    if len(study.runway) > 1 and not study.names_accounts:
        remarks.append(
            gettext(
                "The reports don't name their account, so that no pace can be given to one of several: "
                "ask for the one that the key belongs to, and say with SPOKI_ACCOUNT which it is."
            )
        )
    return [remark for remark in remarks if remark]


def campaigns_remarks(study: CampaignStudy, seen: int) -> list[str]:
    """What readers of campaigns must know: how many the figures rest on, and whose they are.

    Args:
        study: `metrics.study_campaigns`.
        seen: How many accounts it may be: with one, it is known whose they are.
    """
    remarks = [campaigns_scope(study.table), say_counters(study)]
    if seen != 1:
        remarks.append(
            gettext(
                "Campaigns don't name their account: these are the campaigns of the account that the key belongs to."
            )
        )
    return remarks


def _planned_remark(study: CreditStudy) -> str:
    """Which scheduled campaigns are in the estimate."""
    if study.planned is None:
        return gettext(
            "Scheduled campaigns are not in the estimate: which account they belong to is not known, or they can't be "
            "read."
        )
    if not study.planned["campaigns"].sum():
        return ""
    return ngettext(
        "{count} scheduled campaign is added to the usual use on its day, with {contacts} contacts.",
        "{count} scheduled campaigns are added to the usual use on their days, with {contacts} contacts.",
        study.planned["campaigns"].sum(),
        contacts=format_number(study.planned["planned"].sum()),
    )


def _complete_units(count: int, period: Period) -> str:
    return by_unit(
        period,
        ngettext("{count} complete day", "{count} complete days", count),
        ngettext("{count} complete week", "{count} complete weeks", count),
        ngettext("{count} complete month", "{count} complete months", count),
        ngettext("{count} complete year", "{count} complete years", count),
    )
