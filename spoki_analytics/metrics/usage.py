"""Usage: messages by period, their rates, weekdays, and comparison with the period before.

Input is ``spoki.reports.load(form="wide")`` (one row a period, and an account where the source names it) or
``form="long"`` (one row a period, channel, category and message status).
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from spoki_analytics.metrics.comparison import KeyFigure, key_figures
from spoki_analytics.metrics.numbers import numbers, reported, total, whole
from spoki_analytics.metrics.periods import PRICED_BY_MESSAGE, Granularity, Period, moments
from spoki_analytics.metrics.rates import add_rates

MESSAGES = ("sent", "delivered", "read", "failed", "pending", "incoming", "template", "free")
COUNTS = (*MESSAGES, "conversations", "contacts_reached")

RATES = {
    "delivered_per_sent": ("delivered", "sent"),
    "read_per_delivered": ("read", "delivered"),
    "failed_per_attempted": ("failed", "attempted"),
    "template_per_sent": ("template", "sent"),
    "free_per_sent": ("free", "sent"),
}

CURRENT_REPORT = {
    "sent": "sent_message_count",
    "delivered": "delivered_message_count",
    "read": "read_message_count",
    "incoming": "incoming_message_count",
    "template": "template_message_count",
    "free": "free_message_count",
    "conversations": "conversation_count",
    "contacts_reached": "contacted_contacts",
}

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def with_rates(frame: pd.DataFrame) -> pd.DataFrame:
    """Counts with ``attempted`` and the rates of `RATES`, each with its Wilson interval.

    Counts stay as they were reported. A message sent before midnight and read after it makes the next day's read
    exceed its delivered: that day has no rate, and the sum over both days the right one; a count that is put right
    by day puts the sum wrong. Receipts can be switched off: read_per_delivered is a lower bound.

    Source: composio-types (report counters); Meta messaging analytics (sent, delivered, read; merged statuses).
    """
    return add_rates(frame.assign(attempted=frame["sent"] + frame["failed"]), RATES)


def per_period(reports: pd.DataFrame, period: Period, as_of: pd.Timestamp, timezone: str) -> pd.DataFrame:
    """Messages of each day, month or year of the period, accounts added up.

    Args:
        reports: Wide report rows.
        period: The days, months or years wanted; rows outside are left out.
        as_of: When the data was true.
        timezone: IANA zone in which a day ends.

    Returns:
        One row a period, also where nothing was reported. Columns: ``period_start`` (datetime64, UTC label of the
        calendar day), the counts of `COUNTS` and ``attempted`` (Int64, messages, conversations, contacts; missing
        where the source does not know them), the rates of `RATES` with ``_low`` and ``_high`` (Float64), ``open``
        (boolean: not over at `as_of`). ``contacts_reached`` counts persons within one period and one account; over
        several accounts a person may count twice, and it has no sum over time.

    Source: composio-types (report counters); rates: Wilson 1927.
    """
    summed = reported(reports, COUNTS).groupby(period.label_of(reports["period_start"])).sum(min_count=1)
    table = with_rates(whole(summed.reindex(period.starts).astype("Float64")))
    table["open"] = period.is_open(as_of, timezone)
    return table.reset_index()


def in_steps(days: pd.DataFrame, steps: Period) -> pd.DataFrame:
    """Days added up to longer steps, for pictures of long periods.

    Args:
        days: `basis` of `per_period` by day.
        steps: The steps, such as `Period.readable` gives them.

    Returns:
        The columns of `per_period`. Conversations and contacts are missing: those of days do not add up.
    """
    labels = steps.label_of(days["period_start"])
    sums = (
        days[list(MESSAGES)]
        .astype("Float64")
        .groupby(labels)
        .sum(min_count=1)
        .reindex(index=steps.starts, columns=list(COUNTS))
    )
    return with_rates(whole(sums)).assign(open=days["open"].groupby(labels).max()).reset_index()


def complete(periods: pd.DataFrame) -> pd.DataFrame:
    """Only the periods that were over when the data was true."""
    return periods.loc[~periods["open"]]


def basis(periods: pd.DataFrame) -> pd.DataFrame:
    """The periods that figures are made of: those that were over; where none was, the open ones stand alone.

    Tiles, titles and sentences take their totals from these rows and no others, so that one label has one number.
    """
    over = complete(periods)
    return over if len(over) else periods


def match_before(now: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame | None:
    """The rows that the complete periods are compared with: as many, ending where those begin.

    Args:
        now: `per_period` of the period.
        before: `per_period` of what `Period.before` says, or of a longer time that ends on the same day.

    Returns:
        The last rows of `before`, as many as of `now` are complete; None where nothing is complete, where `before` has
        fewer, or where reports begin too late to cover them.
    """
    count = int((~now["open"]).sum())
    if not count or len(before) < count:
        return None
    rows = before.tail(count)
    return rows if is_comparable(rows) else None


def totals(periods: pd.DataFrame) -> pd.Series:
    """Sums over the periods with their rates (ratios of sums, never means of ratios).

    Returns:
        The counts of `COUNTS` but ``contacts_reached`` (persons have no sum over time; its mean is
        ``contacts_reached_per_period``), the rates of `RATES`, and ``periods``, the number of rows.
    """
    sums = with_rates(total(periods[list(COUNTS)]).to_frame().T.astype("Int64")).iloc[0].astype("object")
    reached = periods["contacts_reached"].astype("Float64").mean()
    sums["contacts_reached_per_period"], sums["periods"] = reached, len(periods)
    return sums.drop("contacts_reached")


def impossible_rates(sums: pd.Series) -> list[str]:
    """The rates of which more was counted than there can be, such as more read than delivered messages.

    Args:
        sums: `totals`.
    """
    known = {name: [sums[part], sums[whole]] for name, (part, whole) in RATES.items()}
    return [name for name, both in known.items() if not any(map(pd.isna, both)) and 0 < both[1] < both[0]]


def is_comparable(before: pd.DataFrame) -> bool:
    """Whether reports cover the period before: they begin within its first tenth, or its first week.

    Days without messages may go unreported, and so may a quiet week; a month that is missing is one before the first.
    """
    reported = before["sent"].notna().to_numpy(dtype=bool)
    by_day = (before["period_start"].diff().dropna() <= pd.Timedelta(days=1)).all()
    allowed = max(7 if by_day else 0, len(before) // 10)
    return bool(reported.any() and reported.argmax() <= allowed)


def is_repriced(now: pd.DataFrame, before: pd.DataFrame) -> bool:
    """Whether 1 July 2025 lies between the first day of the one and the last of the other."""
    first, last = before["period_start"].iloc[0].date(), now["period_start"].iloc[-1].date()
    return bool(first < PRICED_BY_MESSAGE <= last)


def rolling(days: pd.DataFrame, window: int = 7) -> pd.DataFrame:
    """Each day with the messages and rates of the days up to it: evens out weekdays where a period is long.

    Args:
        days: `per_period` by day.
        window: Days added up, the day itself included.

    Returns:
        The columns of `per_period`; counts are sums over the window.
    """
    sums = days[list(MESSAGES)].astype("Float64").rolling(window, min_periods=1).sum().round().astype("Int64")
    return with_rates(days.assign(**sums))


def by_weekday(days: pd.DataFrame) -> pd.DataFrame:
    """The average weekday: counts divided by the number of such weekdays that existed in the period.

    Args:
        days: `per_period` of a period by day; open days are left out.

    Returns:
        Seven rows from Monday. Columns: ``weekday`` (category), ``days`` (Int64, how many there were),
        ``sent_per_day``, ``incoming_per_day``, ``conversations_per_day`` (Float64; missing without such a day),
        ``delivered_per_sent``, ``read_per_delivered`` and the other `RATES`.
    """
    over = complete(days)
    names = over["period_start"].dt.day_name().astype(pd.CategoricalDtype(list(WEEKDAYS), ordered=True))
    groups = over[list(COUNTS)].groupby(names, observed=False)
    existed, sums = groups.size().astype("Int64"), groups.sum(min_count=1).astype("Int64")
    means = {f"{c}_per_day": sums[c].astype("Float64") / existed for c in ("sent", "incoming", "conversations")}
    table = with_rates(sums).assign(days=existed, **means)
    return table.rename_axis("weekday").reset_index()


def by_account(reports: pd.DataFrame, accounts: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Counts and rates of each account over the period, most messages first.

    Returns:
        ``account`` (Int64), ``name`` (text), the counts and rates of `with_rates`. Rows that name no account are
        left out.
    """
    inside = reports[period.label_of(reports["period_start"]).isin(period.starts)]
    account = numbers(inside, "account").astype("Int64").rename("account")
    table = with_rates(whole(reported(inside, COUNTS).groupby(account).sum(min_count=1))).reset_index()
    names = pd.Series(accounts["name"].to_numpy(), index=accounts["id"].astype("Int64"))
    table.insert(1, "name", table["account"].map(names))
    return table.sort_values("sent", ascending=False, na_position="last", ignore_index=True)


def current_report_counts(current: pd.DataFrame) -> pd.DataFrame:
    """The current report in the words of `COUNTS`, accounts that share a period added up.

    Args:
        current: ``spoki.accounts.current_report()``.

    Returns:
        ``period_start`` (UTC label), ``granularity`` (text), the counts of `CURRENT_REPORT` and the rates.

    Source: composio-types, dart-sdk (fields of the current report).
    """
    own = reported(current, CURRENT_REPORT.values()).rename(columns={v: k for k, v in CURRENT_REPORT.items()})
    own = own.reindex(columns=list(COUNTS)).astype("Float64")
    start = moments(current["period_start"]).rename("period_start")
    granularity = current["granularity"].astype("object").fillna("").rename("granularity")
    return with_rates(whole(own.groupby([start, granularity]).sum(min_count=1))).reset_index()


def current_figures(current: pd.Series, known: pd.DataFrame) -> pd.DataFrame:
    """Key figures that only the current report knows, such as conversations where reports are detailed.

    Args:
        current: One row of `current_report_counts`.
        known: `usage_figures`; what they hold is left out.

    Returns:
        As `key_figures`; names end in ``_in_current_report``, ``since`` is the first day of the report.
    """
    figures = [
        KeyFigure(f"{figure.name}_in_current_report")
        for figure in (*FIGURES, KeyFigure("contacts_reached"))
        if not figure.rate_of and figure.name in current and pd.notna(current[figure.name])
    ]
    shown = set(known["name"]) | {"contacts_reached" for name in known["name"] if name.startswith("contacts_reached")}
    unknown = [figure for figure in figures if figure.name.removesuffix("_in_current_report") not in shown]
    return key_figures(unknown, current.add_suffix("_in_current_report")).assign(since=current["period_start"])


def history_before(current: pd.Series, count: int = 12) -> Period:
    """The finished days, months or years before a current report, of the granularity that it states (else months).

    Args:
        current: One row of `current_report_counts`.
        count: How many.
    """
    stated = str(current["granularity"]).capitalize()
    granularity: Granularity = "Day" if stated == "Day" else "Year" if stated == "Year" else "Month"
    began = current["period_start"].date()
    last = Period(began, began, granularity).previous()
    return Period((last.labels[-1] - (count - 1)).start_time.date(), last.end, granularity)


FIGURES = (
    KeyFigure("sent"),
    KeyFigure("delivered_per_sent", RATES["delivered_per_sent"]),
    KeyFigure("read_per_delivered", RATES["read_per_delivered"]),
    KeyFigure("failed_per_attempted", RATES["failed_per_attempted"]),
    KeyFigure("incoming"),
    KeyFigure("template_per_sent", RATES["template_per_sent"]),
    KeyFigure("free_per_sent", RATES["free_per_sent"]),
    KeyFigure("conversations"),
    KeyFigure("contacts_reached_per_period"),
)


def usage_figures(now: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """Key figures of the complete periods beside as many of the period before, as `key_figures` gives them.

    Figures that the source does not know are left out. Conversations are not compared across 1 July 2025, and
    nothing is compared where the period before is not `is_comparable`.

    Args:
        now: `per_period` of the period; when none of it is complete, the open part stands alone.
        before: `per_period` of the period before, as `match_before` takes it.
    """
    earlier = match_before(now, before)
    repriced = earlier is not None and is_repriced(now, earlier)
    sums = totals(basis(now))
    shown = [f for f in FIGURES if pd.notna(sums[f.name]) or f.name in impossible_rates(sums)]
    figures = [replace(f, comparable=f.name != "conversations" or not repriced) for f in shown]
    return key_figures(figures, sums, None if earlier is None else totals(earlier))
