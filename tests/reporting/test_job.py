"""The order and the outcome of a report: the order travels without a key, the outcome as JSON."""

from __future__ import annotations

import json
import pickle
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from spoki_analytics.errors import AuthenticationError
from spoki_analytics.reporting.job import Job, Outcome
from spoki_analytics.reporting.keys import KeyReference
from spoki_analytics.reporting.render import ReportRequest, make_job, run_job
from spoki_analytics.settings import Settings
from tests.reporting.conftest import KEY, MakeNotebook

NOW = datetime(2026, 11, 22, 7, 31, 5, tzinfo=UTC)
OTHER_KEY = "another-key-0123456789"


@pytest.fixture
def job(tmp_path: Path, make_notebook: MakeNotebook, settings: Settings) -> Job:
    """A job as another process gets it."""
    parameters = "start: str = ''\nend: str = ''"
    path = make_notebook(tmp_path / "one.ipynb", "import os; print(start, end)", parameters=parameters)
    made = make_job(ReportRequest(str(path)), tmp_path / "out", settings, now=NOW, today=date(2026, 11, 22))
    sent = pickle.dumps(made)
    assert KEY.encode() not in sent
    assert KEY not in repr(made)
    received: Job = pickle.loads(sent)
    assert received == made
    return received


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What the system's keyring holds, by origin."""
    stored: dict[str, str] = {}
    monkeypatch.setattr("keyring.get_password", lambda _service, origin: stored.get(origin))
    return stored


def test_a_job_is_run_by_whoever_has_the_key(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPOKI_API_KEY", KEY)
    monkeypatch.setenv("SPOKI_CACHE_DIR", "/nowhere")
    assert job.settings().cache_dir == Path(job.options["cache_dir"])
    outcome = run_job(job)
    assert outcome.ok, outcome.error
    assert outcome.html is not None
    assert "2026-10-22 2026-11-21" in outcome.html.read_text(encoding="utf-8")
    assert pickle.loads(pickle.dumps(outcome)) == outcome
    assert not (job.out / "index.html").exists()


def test_the_key_is_found_where_the_reference_says(
    job: Job, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, keyring: dict[str, str]
) -> None:
    monkeypatch.setenv("SPOKI_API_KEY", OTHER_KEY)
    monkeypatch.setenv("KEY_OF_4100", KEY)
    (tmp_path / ".env").write_text(f"SPOKI_API_KEY={KEY}\n", encoding="utf-8")
    keyring["https://api.example"] = KEY
    where: list[tuple[Any, str]] = [
        ("environment", "KEY_OF_4100"),
        ("folder", str(tmp_path)),
        ("keyring", "https://api.example"),
    ]
    for source, name in where:
        settings = replace(job, key=replace(job.key, source=source, name=name)).settings()
        assert settings.require_key() == KEY


@pytest.mark.parametrize("source", ["environment", "folder", "keyring"])
def test_a_key_that_is_not_there_is_not_looked_for_elsewhere(
    job: Job, monkeypatch: pytest.MonkeyPatch, keyring: dict[str, str], source: Any
) -> None:
    monkeypatch.setenv("SPOKI_API_KEY", KEY)
    with pytest.raises(AuthenticationError, match="There is no API key where the report looks for it: nowhere"):
        replace(job, key=KeyReference(source, "nowhere")).settings()


def test_the_key_of_another_account_is_not_taken(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPOKI_API_KEY", OTHER_KEY)
    with pytest.raises(AuthenticationError, match="not the one for which the report was ordered"):
        run_job(job)
    assert not job.out.exists()
    assert replace(job, key=KeyReference()).settings().require_key() == OTHER_KEY


def outcome(**facts: Any) -> Outcome:
    known = {"report": "usage", "title": "Usage", "subject": "Caffè", "started": NOW.isoformat(), "seconds": 2.5}
    return Outcome(**{**known, "ok": True, "folder": Path("x"), **facts})


def test_the_outcome_is_what_its_manifest_says() -> None:
    made = outcome(files={"html": "usage.html"}, parameters={"accounts": [1]}, headline=[{"label": "L", "value": "1"}])
    assert "folder" not in made.to_json()
    assert Outcome.from_json(made.to_json(), Path("x")) == made
    later = made.to_json().replace("{", '{"added_later": 1, ', 1)
    assert Outcome.from_json(later, Path("y")) == replace(made, folder=Path("y"))
    assert (made.html, made.kpis) == (Path("x/usage.html"), None)
    assert made.series == outcome(title="Another", parameters={"accounts": [1], "start": "2026-10-01"}).series
    assert made.series != outcome(parameters={"accounts": [2]}).series


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", outcome(started="2026-11-22T07:31:05").to_json(), outcome(files=[1]).to_json()]
)
def test_what_is_no_manifest_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Outcome.from_json(text, Path("x"))


def test_a_manifest_gives_period_and_age_to_programs_and_keeps_the_words() -> None:
    span = {"start": "2026-10-01", "end": "2026-10-31", "zone": "Europe/Rome"}
    words = {"period": "1 Oct 2026 – 31 Oct 2026", "as_of": "1 Nov 2026, 07:31"}
    made = outcome(span=span, read_at="2026-11-01T06:31:00+00:00", **words)
    facts = json.loads(made.to_json())
    assert (facts["period"], facts["as_of"]) == (span, "2026-11-01T06:31:00+00:00")
    assert (facts["period_in_words"], facts["as_of_in_words"]) == tuple(words.values())
    assert Outcome.from_json(made.to_json(), made.folder) == made
    old = {**facts, **words}
    assert Outcome.from_json(json.dumps(old), made.folder).period == words["period"]
