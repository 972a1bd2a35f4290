"""The files that a run leaves: page, notebook and key figures of a good one, the notebook of a failed one."""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spoki_analytics.origin import is_spoki, origin_notice
from spoki_analytics.page.marks import PageFacts, page_facts
from spoki_analytics.private_files import write_private
from spoki_analytics.reporting.archive import slug
from spoki_analytics.reporting.html import html_page
from spoki_analytics.reporting.job import Job, Outcome
from spoki_analytics.reporting.notebooks import notebook_text
from spoki_analytics.reporting.run import ReportFailedError
from spoki_analytics.wording.masking import holds_key, mask_key
from spoki_analytics.wording.messages import gettext
from spoki_analytics.wording.names import key_account

if TYPE_CHECKING:
    from nbformat import NotebookNode

_SPAN = ("start", "end", "zone")
HEADLINE = 4
"""Key figures that the index shows of a run."""


def write_good(job: Job, folder: Path, notebook: NotebookNode, facts: PageFacts, key: str | None) -> Outcome:
    """Write page, notebook and key figures.

    Args:
        job: What was ordered.
        folder: Where the files go.
        notebook: The notebook that was run.
        facts: What it says about its page.
        key: The API key in clear, which must be in none of the files.

    Raises:
        ReportFailedError: The page can't be made, or the API key stands in one of the files; nothing was written.
    """
    files = {"html": f"{slug(job.name)}.html", "notebook": f"{slug(job.name)}.ipynb", "kpis": "kpis.json"}
    try:
        texts = {
            "html": html_page(notebook, facts, _title(job), job.now, origin_notice(job.origin, key)),
            "notebook": notebook_text(notebook),
            "kpis": _kpis(job, facts),
        }
    except Exception as error:  # a template or a filter that meets an output it can't show
        message = gettext("The page can't be made: {reason}", reason=error)
        raise ReportFailedError(message, kind=type(error).__name__, notebook=notebook) from error
    if holds_key(texts.values(), key):
        message = gettext(
            "The report's output holds the API key, so it was not published; remove it from the notebook."
        )
        raise ReportFailedError(message, kind="SecretFound", notebook=notebook)
    for kind, name in files.items():
        write_private(folder / name, texts[kind])
    return _outcome(job, folder, facts, key, ok=True, files=files, headline=list(facts.headline[:HEADLINE]))


def write_failed(job: Job, folder: Path, failed: ReportFailedError, key: str | None) -> Outcome:
    """Write the notebook as far as it went, with the API key taken out wherever it stood."""
    files = {"notebook": f"{slug(job.name)}.failed.ipynb"}
    write_private(folder / files["notebook"], notebook_text(mask_key(failed.notebook, key)))
    error = mask_key(failed.message, key)
    facts = page_facts(failed.notebook)
    return _outcome(job, folder, facts, key, ok=False, files=files, error=error, error_kind=failed.kind)


def _outcome(job: Job, folder: Path, facts: PageFacts, key: str | None, **result: Any) -> Outcome:
    heading = mask_key(facts.heading, key)
    return Outcome(
        report=job.name,
        title=heading.get("title") or _title(job),
        subject=heading.get("subject") or _subject(job),
        started=job.now.isoformat(),
        seconds=0.0,
        folder=folder,
        period=heading.get("period", ""),
        as_of=heading.get("as_of", ""),
        span={name: heading[name] for name in _SPAN if name in heading},
        read_at=heading.get("read_at", ""),
        parameters=mask_key(job.parameters, key),
        version=version("spoki_analytics"),
        basis=mask_key(facts.basis, key),
        **_origin(job),
        **result,
    )


def _title(job: Job) -> str:
    return str(job.notebook.metadata.get("spoki", {}).get("title") or job.name)


def _subject(job: Job) -> str:
    accounts = job.parameters.get("accounts")
    if isinstance(accounts, list) and accounts:
        return gettext("Accounts {ids}", ids=", ".join(map(str, accounts)))
    return key_account(job.key.fingerprint) if job.names_no_account else gettext("All accounts")


def _kpis(job: Job, facts: PageFacts) -> str:
    heading = {**facts.heading, **_origin(job)}
    heading |= {"period_in_words": heading.pop("period", ""), "as_of_in_words": heading.pop("as_of", "")}
    heading["period"] = {name: heading.pop(name) for name in _SPAN if name in heading}
    heading["as_of"] = heading.pop("read_at", "")
    figures = {"report": job.name, "parameters": job.parameters, **heading, **facts.basis, "kpis": facts.kpis}
    return json.dumps(figures, ensure_ascii=False, indent=1)


def _origin(job: Job) -> dict[str, Any]:
    return {"origin": job.origin, "demo": not is_spoki(job.origin)}
