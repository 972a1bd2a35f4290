"""How a page says which of two readings its figures take, on what evidence, and what the other one gives."""

from __future__ import annotations

import pandas as pd

from spoki_analytics.charts.labels import figure_label
from spoki_analytics.charts.sentences import join
from spoki_analytics.metrics.campaigns import campaign_figures, rates_of
from spoki_analytics.metrics.studies import CampaignStudy
from spoki_analytics.wording.messages import gettext, ngettext, noop
from spoki_analytics.wording.numbers import format_number, format_percent


def say_counters(study: CampaignStudy) -> str:
    """How message counters are read, and on what evidence.

    Args:
        study: `metrics.study_campaigns`.
    """
    counters = study.counters
    if not counters.campaigns and counters.basis != "setting":
        return join(gettext(_READINGS[counters.reading]), gettext(_NO_WITNESS))
    evidence = gettext(
        _EVIDENCE[counters.basis],
        heard=format_number(counters.campaigns),
        more_read=format_number(counters.against_cumulative),
        too_many=format_number(counters.against_exclusive),
    )
    return join(gettext(_READINGS[counters.reading]), evidence, _say_objection(study), _say_other(study))


_READINGS = {
    "cumulative": noop(
        "Spoki's message counters are taken as totals: a message that was read also counts as received and sent."
    ),
    "exclusive": noop(
        "Spoki's message counters are taken as separate states: a message counts once, as sent, received, read or "
        "failed."
    ),
}
_NO_WITNESS = noop("No finished campaign of this key with messages shows whether that is so.")
_EVIDENCE = {
    "data": noop(
        "The finished campaigns of this key show it: in {more_read} of {heard} more messages are read than received, "
        "or more received than sent; in {too_many} of {heard} all counters together are clearly more than the contacts."
    ),
    "setting": noop("So SPOKI_CAMPAIGN_COUNTERS says."),
    "undecided": noop(
        "The finished campaigns of this key don't show whether that is so: in {more_read} of {heard} more messages are "
        "read than received, or more received than sent; in {too_many} of {heard} all counters together are clearly "
        "more than the contacts."
    ),
    "contradictory": noop(
        "The finished campaigns of this key contradict this and the other reading: in {more_read} of {heard} more "
        "messages are read than received, or more received than sent; in {too_many} of {heard} all counters together "
        "are clearly more than the contacts."
    ),
}


def _say_objection(study: CampaignStudy) -> str:
    """That a reading which was set is contradicted."""
    counters = study.counters
    if counters.basis != "setting" or not counters.contradicting:
        return ""
    return ngettext(
        "{count} of {heard} finished campaigns contradicts it.",
        "{count} of {heard} finished campaigns contradict it.",
        counters.contradicting,
        heard=format_number(counters.campaigns),
    )


def _say_other(study: CampaignStudy) -> str:
    """What both readings give, where it is not known which holds."""
    if study.other is None:
        return ""
    here, there = (_list_rates(figures) for figures in (study.figures, campaign_figures(study.other)))
    if not here and not there:  # the period has no finished campaign
        return ""
    nothing = gettext("no rates, as parts exceed their wholes")
    here, there = here or nothing, there or nothing
    return gettext("Read like this: {here}. Read the other way: {there}.", here=here, there=there)


def _list_rates(figures: pd.DataFrame) -> str:
    rates = rates_of(figures).items()
    return "; ".join(f"{figure_label(name).title} {format_percent(share)}" for name, share in rates)
