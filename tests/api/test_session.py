"""A session takes its collaborators from whoever has them, and makes the rest from its settings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import requests

from spoki_analytics import UnavailableError
from spoki_analytics.api.pacing import Pace
from spoki_analytics.api.retry import Policy
from spoki_analytics.api.session import Session
from spoki_analytics.api.store import Store
from spoki_analytics.catalogue import operation
from spoki_analytics.settings import load_settings
from tests.conftest import KEY

TAG = operation("retrieve_tag")


class Line(requests.Session):
    """A wire that answers by itself, each time with the next status."""

    def __init__(self, *statuses: int) -> None:
        super().__init__()
        self.statuses = list(statuses)

    def send(self, request: requests.PreparedRequest, **_: Any) -> requests.Response:
        """Answer without a network."""
        response = requests.Response()
        response.status_code, response._content = self.statuses.pop(0), b'{"id": 1}'
        return response


def read(session: Session) -> Any:
    return session.read(TAG, {"id": 1}, {}).value


def test_what_is_handed_in_is_used(tmp_path: Path) -> None:
    settings = load_settings(api_key=KEY)
    store = Store(tmp_path / "kept", "mine")
    pace = Pace(tmp_path / "paced", "mine", window=60, default_rate=7, longest_pause=1)
    session = Session(settings, store=store, pace=pace, http=Line(200))
    assert read(session) == {"id": 1}
    assert len(list(store.entries())) == 1
    assert pace.was_used(TAG)
    assert session.writes._pace is session.reads._pace is pace
    assert not settings.cache_dir.exists()
    assert not settings.data_dir.exists()
    session.close()


@pytest.mark.parametrize(("attempts", "left"), [(1, 2), (2, 1), (3, 0)])
def test_a_policy_decides_how_often_a_read_is_sent(attempts: int, left: int) -> None:
    line = Line(500, 500, 200)
    session = Session(
        load_settings(api_key=KEY), http=line, policy=Policy(attempts=attempts, longest_pause=1, backoff=0, jitter=0)
    )
    if left:
        with pytest.raises(UnavailableError):
            read(session)
    else:
        assert read(session) == {"id": 1}
    assert len(line.statuses) == left
    session.close()
