"""``spoki-analytics report``: dashboards as HTML."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

from spoki_analytics.cli.arguments import REPORT_OPTIONS, in_shell
from spoki_analytics.cli.exits import ExitCode, exit_code_named, say
from spoki_analytics.cli.words import known, pairs
from spoki_analytics.errors import UsageError
from spoki_analytics.settings import Settings, load_settings
from spoki_analytics.wording.arguments import argument, spelling
from spoki_analytics.wording.messages import gettext, noop

if TYPE_CHECKING:
    from spoki_analytics.reporting.render import Outcome, ReportRequest

_EPILOG = """\
\b
Examples:
  spoki-analytics report usage credit campaigns --demo
  spoki-analytics report usage --from 2026-10-01 --to 2026-10-31 --account 4100
  spoki-analytics report credit campaigns --out /srv/reports --refresh
  spoki-analytics report my_report.ipynb -p threshold=0.9

\b
Without dates a report ends yesterday and begins 30 days before. Runs are kept under --out by date,
and index.html lists them all. A report that fails leaves its notebook there, and does not stop the others.
Exit code: 0 when all are good; 3 or 4 when all that failed did so for want of a valid key (3) or of
an answer (4); else 1.
"""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(cls=_WithDashboards, epilog=_EPILOG)(report)


class _WithDashboards(TyperCommand):
    """The command, whose help lists the installed dashboards; they are looked up only when the help is shown."""

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        """Write the dashboards before the examples."""
        from spoki_analytics.reporting.dashboards import dashboards

        rows = [(each.name, f"{each.description} ({each.source})") for each in dashboards()]
        with formatter.section("Dashboards"):
            formatter.write_dl(rows)
        super().format_epilog(ctx, formatter)


def report(
    names: Annotated[
        list[str], typer.Argument(metavar="NAME", help="A dashboard (see below), or the path of a notebook.")
    ],
    accounts: Annotated[
        list[int] | None, typer.Option("--account", metavar="ID", help="An account; may be repeated. Else all.")
    ] = None,
    start: Annotated[str | None, typer.Option("--from", metavar="YYYY-MM-DD", help="First day.")] = None,
    end: Annotated[str | None, typer.Option("--to", metavar="YYYY-MM-DD", help="Last day, included.")] = None,
    granularity: Annotated[str | None, typer.Option(metavar="Day|Week|Month|Year", help="Step in time.")] = None,
    more: Annotated[
        list[str] | None,
        typer.Option("--parameter", "-p", metavar="NAME=VALUE", help="Any other parameter of a notebook."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder of all runs; else reports, or reports/demo for invented data."),
    ] = None,
    refresh: Annotated[bool, typer.Option("--refresh", help="Ask Spoki again instead of using the cache.")] = False,
    demo: Annotated[
        bool, typer.Option("--demo", help="Invented data from a local sandbox: no key, no internet.")
    ] = False,
) -> None:
    """Render reports as HTML pages."""
    options = {
        "accounts": accounts or None,
        "start": start,
        "end": end,
        "granularity": granularity,
        "refresh": refresh or None,
    }
    given = {name: value for name, value in options.items() if value is not None}
    with spelling(in_shell("-p", REPORT_OPTIONS)):
        requests = _requests(names, given | dict(pairs(more or [], "-p")))
        with _source(demo) as settings:
            folder = _usable(out) if out is not None else _runs_folder(settings)
            with _interruptible(folder):
                runs = _render(requests, folder, settings)
    for run in runs:
        _tell(run)
    typer.echo(f"{'index':<11} {folder.resolve() / 'index.html'}")
    if code := _code(runs):
        raise typer.Exit(code)


def _requests(names: list[str], given: Mapping[str, Any]) -> list[ReportRequest]:
    """One request a report, each with the parameters that it takes.

    Raises:
        UsageError: There is no such report, or a parameter that none of them takes.
    """
    from spoki_analytics.reporting.render import ReportRequest, parameters_of

    taken = {name: set(parameters_of(name)) for name in names}
    for parameter in given:
        known(
            parameter,
            sorted(set().union(*taken.values())),
            noop("{reports}: there is no parameter {word}"),
            reports=", ".join(names),
        )
        for name in (each for each, takes in taken.items() if parameter not in takes):
            say(gettext("{report} takes no {option}.", report=name, option=argument(parameter)))
    return [ReportRequest(name, {key: given[key] for key in given if key in takes}) for name, takes in taken.items()]


@contextmanager
def _source(demo: bool) -> Iterator[Settings]:
    """Settings of the real account, or of a sandbox with folders of its own, so that invented data never mixes in."""
    if not demo:
        settings = load_settings()
        settings.require_key()
        yield settings
        return
    from spoki_analytics.sandbox import Sandbox

    with Sandbox():
        yield load_settings()


def _runs_folder(settings: Settings) -> Path:
    from spoki_analytics.reporting.archive import runs_folder

    return runs_folder(settings)


def _usable(out: Path) -> Path:
    """The folder of all runs, which can be written to.

    Raises:
        UsageError: It cannot; nothing was rendered.
    """
    if not out.name and not out.is_absolute() and ".." not in out.parts:
        raise UsageError(gettext("--out is empty; name a folder."))
    there = next(folder for folder in (out, *out.absolute().parents) if folder.exists())
    if not there.is_dir():
        raise UsageError(gettext("--out {path} is a file; name a folder.", path=there))
    try:
        tempfile.TemporaryFile(dir=there).close()
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise UsageError(gettext("--out {path} cannot be written to: {reason}.", path=there, reason=reason)) from None
    return out


@contextmanager
def _interruptible(folder: Path) -> Iterator[None]:
    """Say after Ctrl-C what became of the reports; the command then ends with 130 by itself."""
    try:
        yield
    except KeyboardInterrupt:
        index = folder.resolve() / "index.html"
        say(gettext("Interrupted. What was finished is kept, and {index} lists what was not.", index=index))
        raise


def _render(requests: list[ReportRequest], out: Path, settings: Settings) -> list[Outcome]:
    from spoki_analytics.reporting.render import render_many

    say(gettext("Rendering {reports} ...", reports=", ".join(request.name for request in requests)))
    return render_many(requests, out, settings=settings, tell=lambda report, step: say(f"{report}: {step}"))


def _tell(run: Outcome) -> None:
    if run.ok:
        typer.echo(f"{run.name:<11} {run.html}")
    else:
        sentence = noop("Error: the report {report} failed: {problem}. See {file}")
        say(gettext(sentence, report=run.name, problem=run.error.rstrip("."), file=run.notebook or run.folder))


def _code(runs: list[Outcome]) -> ExitCode:
    """The exit code that all failed runs agree on, else 1."""
    codes = {exit_code_named(run.error_kind) for run in runs if not run.ok}
    if not codes:
        return ExitCode.FINE
    return codes.pop() if len(codes) == 1 else ExitCode.FAILED
