"""A report's page, part by part: the same calls look right in JupyterLab and in the exported HTML."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pandas as pd

from spoki_analytics.charts.labels import is_of_current_report
from spoki_analytics.frames.provenance import remarks
from spoki_analytics.page.fragments import fragment, stylesheet
from spoki_analytics.page.marks import KPI_MIME, MARK
from spoki_analytics.page.sources import freshness, oldest, source_facts, sources_table
from spoki_analytics.page.tables import table
from spoki_analytics.page.tiles import records, tile
from spoki_analytics.wording.messages import gettext, ngettext
from spoki_analytics.wording.numbers import format_day, format_moment

if TYPE_CHECKING:
    from spoki_analytics.charts.chart import Chart

NAMES_SHOWN = 4


class Page:
    """A report's page. Making one shows the title block; every method shows one more part.

    Whatever is passed in is text: markup in names, titles and captions is shown as it was typed, never run.

    Args:
        title: What the report is called.
        accounts: Frame with ``id`` and ``name`` of the accounts that the report is about.
        start: First day, when the report has a period.
        end: Last day.
        as_of: When the data was fetched; the oldest of ``provenance`` when missing.
        timezone: Zone in which days begin and end and in which times are shown.
        provenance: Frames that the report rests on (their ``attrs["spoki"]``), or such dicts.
        partial: Whether the period is still open, so that its figures will grow.
        otherwise: What stands in for a chart that is not there, by its name.
        subject: Whose data it is where no account can be named.
        origin: What to say of data that does not come from Spoki, above everything else.
    """

    def __init__(
        self,
        title: str,
        *,
        accounts: pd.DataFrame | None = None,
        start: date | None = None,
        end: date | None = None,
        as_of: str | datetime | None = None,
        timezone: str = "Europe/Rome",
        provenance: Sequence[Any] = (),
        partial: bool = False,
        otherwise: Mapping[str, str] | None = None,
        subject: str = "",
        origin: str = "",
    ) -> None:
        self.timezone = timezone
        self.otherwise = otherwise or {}
        self._said: set[str] = set()
        self.sources = source_facts(provenance)
        subject = _subject(accounts) or subject
        moment = as_of or oldest(self.sources)
        shown = format_moment(moment, timezone) if moment else ""
        span = f"{format_day(start)} – {format_day(end)}" if start and end else ""
        facts = [
            (gettext("Period"), f"{span} ({timezone})" if span else ""),
            (gettext("Data as of"), f"{shown} ({timezone})" if shown else ""),
        ]
        facts.append((gettext("Source"), freshness(self.sources)))
        html = fragment(
            "title",
            title,
            subject,
            [fact for fact in facts if fact[1]],
            self._notices(partial),
            stylesheet("parts.css"),
            origin,
        )
        marks = {"title": title, "subject": subject, "period": span, "as_of": shown, **_in_iso(start, end, moment)}
        marks |= {"zone": timezone} if span else {}
        _show(html, title, page=marks | ({"origin": origin} if origin else {}))

    def kpis(self, frame: pd.DataFrame, by_account: pd.DataFrame | None = None, **basis: Any) -> None:
        """Key figures as tiles, and as records for ``kpis.json``.

        Args:
            frame: Columns name, value (float), n (Int64), low, high (interval), previous, change, direction; label,
                unit and note where the figure is none of ours. All but the first two may be missing.
            by_account: The same with a column ``account``, for ``kpis.json`` alone: no tile shows them.
            **basis: What the figures rest on, as plain data by name, for ``kpis.json`` and ``run.json``.
        """
        found = records(frame)
        kept = found if by_account is None else [*found, *records(by_account)]
        tiles = [tile(record) for record in found]
        # the current report is of another period: it stands beside the page's own figures, never for them
        own = [shown for record, shown in zip(found, tiles, strict=True) if not is_of_current_report(record["name"])]
        headline = [{"label": shown.label, "value": f"{shown.value} {shown.unit}".strip()} for shown in own]
        text = "\n".join(f"{figure['label']}: {figure['value']}" for figure in headline)
        extra = {KPI_MIME: {"kpis": kept}}
        _show(fragment("kpis", tiles if own else []), text, extra=extra, headline=headline, basis=basis)

    def findings(self, *texts: str) -> None:
        """What nobody should miss, in a box of its own above the figures; no box where there is nothing."""
        if texts:
            _show(fragment("findings", texts), "\n".join(texts))

    def section(self, title: str, *, shown: bool = True) -> None:
        """A heading; it also appears in the contents.

        Args:
            title: The heading.
            shown: False leaves it out, where nothing would stand below it.
        """
        if not shown:
            return
        anchor = "section-" + "-".join(re.findall(r"\w+", title.casefold()))
        _show(fragment("section", title, anchor), title, section={"title": title, "anchor": anchor})

    def say(self, *texts: str) -> None:
        """One paragraph for each text."""
        for text in texts:
            self._said.add(text)
            _show(fragment("paragraph", text), text)

    def chart(
        self,
        name: str,
        chart: Chart | None,
        otherwise: str = "",
        *,
        columns: Mapping[str, str] | None = None,
        units: Mapping[str, str] | None = None,
    ) -> None:
        """A chart as a picture, the sentence that says what it shows, and the numbers behind it.

        Args:
            name: The chart's name in the notebook's metadata; a run without it does not count as good.
            chart: Figure, text for those who can't see it, sentence and numbers; None when there is nothing to show.
            otherwise: What stands in for a chart when there is none; else what the page has for that name.
            columns: Columns of the numbers to show, with headings; all when missing.
            units: Units of the numbers.
        """
        if chart is None:
            self.empty(name, otherwise or self.otherwise.get(name) or gettext("Nothing to show for this period."))
            return
        numbers = table(chart.data, columns, units, timezone=self.timezone)
        html = fragment("figure", _data_uri(chart.svg()), chart.alt, chart.sentence, numbers)
        _show(html, chart.alt, chart=name)

    def empty(self, name: str, message: str) -> None:
        """Stands in for a chart when there is nothing to show; a reason that the page has given is not repeated."""
        if message in self._said:
            _show("", "", chart=name)
            return
        self._said.add(message)
        _show(fragment("empty", message), message, chart=name)

    def table(
        self,
        frame: pd.DataFrame,
        columns: Mapping[str, str] | None = None,
        units: Mapping[str, str] | None = None,
        caption: str = "",
        limit: int | None = 50,
    ) -> None:
        """A frame as a table.

        Args:
            frame: What to show.
            columns: Columns to show in this order, with their headings; all when missing.
            units: Unit of a column: ``share``, ``points``, ``eur``, ``id``.
            caption: What the table holds.
            limit: Rows to show at most; the table says how many were left out.
        """
        said = "; ".join([*([caption] if caption else []), *remarks(frame.attrs.get("spoki", {}))])
        shown = table(frame, columns, units, said, limit, self.timezone)
        _show(fragment("table", shown), caption or gettext("Table"))

    def footer(self, *notes: str) -> None:
        """Where the figures come from, and notes on method; those of `page.notes` in the reader's language."""
        said = [gettext(note) for note in notes]
        sources = sources_table(self.sources, self.timezone)
        _show(fragment("footer", said, sources), gettext("About these figures"))

    def _notices(self, partial: bool) -> list[str]:
        notices = []
        if partial:
            notices.append(gettext("The last day is not over in this data: its figures will still grow."))
        if any(source.get("stale") for source in self.sources):
            notices.append(
                gettext("Spoki did not answer for part of this report: older data is shown and labelled stale below.")
            )
        if any(source.get("drift") for source in self.sources):
            notices.append(gettext("Some data changed while it was being read: counts may be off by a few."))
        return notices


def _in_iso(start: date | None, end: date | None, moment: str | datetime | None) -> dict[str, str]:
    """What the title block says in words, for programs; what it does not say is left out."""
    read = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    said = {"start": start if end else None, "end": end if start else None, "read_at": read}
    return {name: day.isoformat() for name, day in said.items() if day}


def _subject(accounts: pd.DataFrame | None) -> str:
    if accounts is None or accounts.empty:
        return ""
    pairs = zip(accounts["name"].fillna("").astype(str), accounts["id"].astype(str), strict=True)
    names = [f"{name} ({number})" if name.strip() else gettext("Account {id}", id=number) for name, number in pairs]
    more = len(names) - NAMES_SHOWN
    shown = ", ".join(names[:NAMES_SHOWN])
    return ngettext("{names} and {count} more", "{names} and {count} more", more, names=shown) if more > 0 else shown


def _data_uri(picture: str) -> str:
    """An address that holds the picture itself. As ``<img>`` it can't run scripts, whatever its labels say."""
    return "data:image/svg+xml;base64," + base64.b64encode(picture.encode()).decode()


def _show(html: str, text: str, *, extra: Mapping[str, Any] | None = None, **marks: Any) -> None:
    from IPython.display import display

    bundle = {"text/html": html, "text/plain": text, **(extra or {})}
    display(bundle, raw=True, metadata={MARK: marks} if marks else {})  # type: ignore[no-untyped-call]
