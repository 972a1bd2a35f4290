"""The files that a run leaves: page, notebook and key figures of a good one, the notebook of a failed one."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spoki_analytics.page.marks import PageFacts, page_facts
from spoki_analytics.private_files import write_private
from spoki_analytics.reporting.archive import Record, slug
from spoki_analytics.reporting.html import html_page
from spoki_analytics.reporting.notebooks import notebook_text
from spoki_analytics.reporting.run import ReportFailedError
from spoki_analytics.settings import Settings
from spoki_analytics.wording.inputs import Json
from spoki_analytics.wording.masking import holds_key, mask_key

if TYPE_CHECKING:
    from nbformat import NotebookNode

HEADLINE = 4


@dataclass(frozen=True)
class Job:
    """A report to run: its notebook and its checked parameters, where it goes and how long it may take."""

    name: str
    notebook: NotebookNode
    parameters: dict[str, Json]
    out: Path
    settings: Settings
    now: datetime
    today: date
    cell_timeout: float
    deadline: float

    @property
    def key(self) -> str | None:
        """The API key in clear."""
        return self.settings.api_key.get_secret_value() if self.settings.api_key else None


def write_good(job: Job, folder: Path, notebook: NotebookNode, facts: PageFacts) -> Record:
    """Write page, notebook and key figures.

    Raises:
        ReportFailedError: The page can't be made, or the API key stands in one of the files; nothing was written.
    """
    files = {"html": f"{slug(job.name)}.html", "notebook": f"{slug(job.name)}.ipynb", "kpis": "kpis.json"}
    try:
        texts = {
            "html": html_page(notebook, facts, _title(job), job.now),
            "notebook": notebook_text(notebook),
            "kpis": _kpis(job, facts),
        }
    except Exception as wrong:  # a template or a filter that meets an output it can't show
        raise ReportFailedError(
            f"The page can't be made: {wrong}", kind=type(wrong).__name__, notebook=notebook
        ) from wrong
    if holds_key(texts.values(), job.key):
        message = "The report's output holds the API key, so it was not published; remove it from the notebook."
        raise ReportFailedError(message, kind="SecretFound", notebook=notebook)
    for kind, name in files.items():
        write_private(folder / name, texts[kind])
    return _record(job, facts, ok=True, files=files, headline=list(facts.headline[:HEADLINE]))


def write_failed(job: Job, folder: Path, failed: ReportFailedError) -> Record:
    """Write the notebook as far as it went, with the API key taken out wherever it stood."""
    files = {"notebook": f"{slug(job.name)}.failed.ipynb"}
    write_private(folder / files["notebook"], notebook_text(mask_key(failed.notebook, job.key)))
    error = mask_key(failed.message, job.key)
    return _record(job, page_facts(failed.notebook), ok=False, files=files, error=error, error_kind=failed.kind)


def _record(job: Job, facts: PageFacts, **outcome: Any) -> Record:
    page = mask_key(facts.heading, job.key)
    return Record(
        report=job.name,
        title=page.get("title") or _title(job),
        subject=page.get("subject") or _accounts(job.parameters),
        started=job.now.isoformat(),
        seconds=0.0,
        period=page.get("period", ""),
        as_of=page.get("as_of", ""),
        parameters=mask_key(job.parameters, job.key),
        version=version("spoki_analytics"),
        **outcome,
    )


def _title(job: Job) -> str:
    return str(job.notebook.metadata.get("spoki", {}).get("title") or job.name)


def _accounts(parameters: dict[str, Json]) -> str:
    ids = parameters.get("accounts")
    return f"Accounts {', '.join(map(str, ids))}" if isinstance(ids, list) and ids else "All accounts"


def _kpis(job: Job, facts: PageFacts) -> str:
    page = {"report": job.name, "parameters": job.parameters, **facts.heading, "kpis": facts.kpis}
    return json.dumps(page, ensure_ascii=False, indent=1)
