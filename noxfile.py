"""The list of checks, written once: ``make test``, ``.ci/run`` and the workflows all call it.

    nox                 what must be green before a commit lands: lint, types, audit, tests
    nox -s prove        the same tests with the large numbers, before an issue is resolved
    nox -s release      wheel, source distribution and bill of materials, in dist/

The sessions run in the environment that calls nox, into which ``pip install -e . --group dev`` has put what they need:
nothing is installed here, so a check costs its own time only.
"""

from __future__ import annotations

import filecmp
import json
import os
import shutil
from pathlib import Path

import nox

nox.needs_version = ">=2025.11"
nox.options.default_venv_backend = "none"

DIST = Path("dist")
COVERED = 90
"""Percent of lines and branches that the tests must reach."""


@nox.session
def lint(session: nox.Session) -> None:
    """Style, complexity, spelling, notebooks without outputs, workflows, and the habits of scientific Python."""
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("xenon", "--max-average=A", "--max-modules=B", "--max-absolute=C", "spoki_analytics")
    session.run("codespell")
    session.run("rumdl", "check", ".")
    session.run("nbstripout", "--verify", "--keep-id", *map(str, Path("notebooks").glob("*.ipynb")))
    session.run("check-jsonschema", "--builtin-schema=vendor.github-workflows", *_workflows())
    session.run("check-jsonschema", "--builtin-schema=vendor.dependabot", ".github/dependabot.yml")
    session.run("zizmor", "--offline", "--quiet", ".github")
    session.run("repo-review", ".", silent=True)


def _workflows() -> list[str]:
    return sorted(map(str, Path(".github", "workflows").glob("*.yml")))


@nox.session
def types(session: nox.Session) -> None:
    """Types of the package, strictly."""
    session.run("mypy")


@nox.session
def audit(session: nox.Session) -> None:
    """No installed package has a known, fixed advisory.

    A package that the advisory database says nothing about was not audited; that is said, and is no pass.
    ``SPOKI_AUDIT=required`` (the release) makes it a failure.
    """
    report = Path(session.create_tmp(), "audit.json")
    report.unlink(missing_ok=True)
    options = ["--skip-editable", "--progress-spinner=off", "--format=json", f"--output={report}"]
    session.run("pip-audit", *options, success_codes=[0, 1], silent=True)
    packages = json.loads(report.read_text(encoding="utf-8"))["dependencies"] if report.exists() else []
    advisories = [
        f"{p['name']} {p['version']}: {v['id']}" for p in packages for v in p.get("vulns", ()) if v["fix_versions"]
    ]
    if advisories:
        session.error(f"Known and fixed elsewhere: {'; '.join(advisories)}.")
    unknown = [p["name"] for p in packages if "skip_reason" in p and p["name"] != "spoki-analytics"]
    if unknown or not packages:
        say = session.error if os.environ.get("SPOKI_AUDIT") == "required" else session.skip
        say(f"NOT audited, as the advisory database did not answer: {len(unknown) or 'all'} packages.")


@nox.session
def tests(session: nox.Session) -> None:
    """All tests, on all cores, with the share of the code that they reach."""
    session.run("pytest", "-n", "auto", "--dist=worksteal", "--cov", "--cov-report=", *session.posargs)
    session.run("coverage", "report", f"--fail-under={COVERED}", "--skip-covered", "--format=total")


@nox.session(default=False)
def prove(session: nox.Session) -> None:
    """The same tests with the large numbers that reliability asks for."""
    session.run("pytest", "-n", "auto", "--dist=worksteal", *session.posargs, env={"SPOKI_PROVE": "1"})


@nox.session(default=False)
def release(session: nox.Session) -> None:
    """Source distribution and wheel, built twice and compared bit by bit, and a bill of materials (CycloneDX)."""
    shutil.rmtree(DIST, ignore_errors=True)
    for folder in (DIST, DIST / "again"):
        session.run("python", "-m", "build", "--outdir", str(folder), silent=True)
    names = [path.name for path in DIST.iterdir() if path.is_file()]
    _, different, unreadable = filecmp.cmpfiles(DIST, DIST / "again", names, shallow=False)
    if different or unreadable:
        session.error(f"Two builds are not the same bits: {', '.join(different + unreadable)}.")
    shutil.rmtree(DIST / "again")
    session.run("cyclonedx-py", "environment", "--pyproject=pyproject.toml", f"--output-file={DIST / 'sbom.cdx.json'}")


if __name__ == "__main__":
    nox.main()
