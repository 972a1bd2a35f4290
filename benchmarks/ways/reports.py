"""Rendered reports: this package, the two command lines, and papermill alone; all from the same warm cache."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.one import Job

_BIN = Path(sys.executable).parent
_SIX = 6


def command(options: dict[str, Any]) -> Job:
    """One report by ``spoki-analytics report``, from a cold start."""
    period = ["--from", options["start"], "--to", options["end"]]
    return Job(lambda: _run("spoki-analytics", "report", "usage", *period, "--out", options["folder"]))


def command_lines(options: dict[str, Any]) -> Job:
    """papermill, then jupyter nbconvert, one report after the other; scaled where fewer were run than asked for."""
    run, wanted = options["accounts"][: options["pairs"]], len(options["accounts"])

    def work() -> None:
        for number, accounts in enumerate(run):
            done = str(Path(options["folder"]) / f"{number}.ipynb")
            chosen = ["-y", json.dumps({"accounts": accounts})]
            period = ["-r", "start", options["start"], "-r", "end", options["end"]]
            _run("papermill", options["notebook"], done, *chosen, *period, "--no-progress-bar")
            _run("jupyter", "nbconvert", "--to", "html", "--no-input", done)

    return Job(work, lambda _: {"times": wanted / len(run)})


def many(options: dict[str, Any]) -> Job:
    """Reports of many accounts by ``render_many``, imports included."""
    from spoki_analytics.reporting.render import ReportRequest, render_many

    period = {"start": options["start"], "end": options["end"]}
    requests = [ReportRequest("usage", {"accounts": accounts, **period}) for accounts in options["accounts"]]

    def tell(runs: list[Any]) -> dict[str, Any]:
        assert all(run.ok for run in runs), [run.error for run in runs if not run.ok]
        return {}

    return Job(lambda: render_many(requests, options["folder"]), tell)


def render_one(options: dict[str, Any]) -> Job:
    """One report by ``render``: executed, checked, exported, published, indexed; imports included."""
    return _rendered(options, "usage")


def papermill_alone(options: dict[str, Any]) -> Job:
    """The notebook executed by ``papermill.execute_notebook`` and written: no page; imports included."""
    import papermill

    done = str(Path(options["folder"]) / "done.ipynb")
    period = {"start": options["start"], "end": options["end"]}
    return Job(lambda: papermill.execute_notebook(options["notebook"], done, period, progress_bar=False))


def six_charts(options: dict[str, Any]) -> Job:
    """The page of the first six charts of the usage notebook."""
    notebook = json.loads(Path(options["notebook"]).read_text("utf-8"))
    notebook["metadata"]["spoki"]["charts"] = notebook["metadata"]["spoki"]["charts"][:_SIX]
    rest = ("Channels and categories", "The current report")
    notebook["cells"] = [
        cell for cell in notebook["cells"] if not "".join(cell["source"]).startswith(tuple(map(_section, rest)))
    ]
    path = Path(options["folder"]) / "six.ipynb"
    path.write_text(json.dumps(notebook), "utf-8")
    return _rendered(options, str(path))


def plain_export(options: dict[str, Any]) -> Job:
    """The whole usage notebook as the two command lines export it."""
    job = command_lines(options)
    page = Path(options["folder"]) / "0.html"
    return Job(job.work, lambda _: _weight(page))


def whole_page(options: dict[str, Any]) -> Job:
    """The whole usage page."""
    return _rendered(options, "usage")


def _rendered(options: dict[str, Any], name: str) -> Job:
    from spoki_analytics.reporting.render import render

    period = {"start": options["start"], "end": options["end"]}
    out = Path(options["folder"]) / "reports"

    def tell(run: Any) -> dict[str, Any]:
        assert run.ok, run.error
        return _weight(run.html)

    return Job(lambda: render(name, parameters=period, out=out), tell)


def _weight(page: Path) -> dict[str, Any]:
    text = page.read_text("utf-8")
    return {"kb": len(text.encode()) / 1000, "charts": len(re.findall(r'<img[^>]+src="data:image/', text))}


def _section(title: str) -> str:
    return f'page.section("{title}")'


def _run(program: str, *arguments: str) -> None:
    done = subprocess.run([str(_BIN / program), *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
