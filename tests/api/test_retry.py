"""The decision to repeat, as a table: no HTTP, no waiting, no chance."""

from __future__ import annotations

import pytest

from spoki_analytics.api.retry import Decision, Failure, Policy, decide
from spoki_analytics.errors import SpokiError
from spoki_analytics.settings import Settings

ERROR = SpokiError("It failed.")
POLICY = Policy(attempts=4, longest_pause=120)
PATIENT = Policy(attempts=99, longest_pause=120)
BROKEN = Failure(ERROR, repeatable=True)
REFUSED = Failure(ERROR, repeatable=False, pause=5)
BUSY = Failure(ERROR, repeatable=True, busy=True)


def asked(seconds: float, *, busy: bool = True) -> Failure:
    return Failure(ERROR, repeatable=True, busy=busy, pause=seconds)


@pytest.mark.parametrize(
    ("failures", "policy", "decision"),
    [
        pytest.param([REFUSED], POLICY, Decision(ERROR), id="a refusal is final"),
        pytest.param([BROKEN, REFUSED], POLICY, Decision(ERROR), id="a refusal after a failure is final"),
        pytest.param([BROKEN], POLICY, Decision(None), id="the first failure is repeated at once"),
        pytest.param([BROKEN] * 2, POLICY, Decision(None, backoff=1.0), id="the second after twice the back-off"),
        pytest.param([BROKEN] * 3, POLICY, Decision(None, backoff=2.0), id="the third after twice that"),
        pytest.param([BROKEN] * 4, POLICY, Decision(ERROR), id="the fourth is the last"),
        pytest.param([BROKEN] * 20, PATIENT, Decision(None, backoff=30.0), id="no back-off is longer than the longest"),
        pytest.param([asked(7)], POLICY, Decision(None, 7), id="a pause that Spoki asks for is kept"),
        pytest.param([asked(7, busy=False)], POLICY, Decision(None, 7), id="also after a 503"),
        pytest.param([asked(0)], POLICY, Decision(None, 0), id="a pause of nothing is a pause"),
        pytest.param([BROKEN] * 2 + [asked(7)], POLICY, Decision(None, 7), id="a pause replaces the back-off"),
        pytest.param([asked(120)], POLICY, Decision(None, 120), id="the longest pause is waited for"),
        pytest.param([asked(121)], POLICY, Decision(ERROR, 121), id="a longer one is an error, and shared"),
        pytest.param([BROKEN] * 3 + [asked(7)], POLICY, Decision(ERROR, 7), id="the pause of the last is shared too"),
        pytest.param([BUSY], POLICY, Decision(None, 2.0), id="the first pause that is not stated"),
        pytest.param([BUSY] * 2, POLICY, Decision(None, 10.0), id="the second"),
        pytest.param([BUSY] * 3, POLICY, Decision(None, 50.0), id="the third"),
        pytest.param([BUSY] * 9, PATIENT, Decision(None, 50.0), id="the last of them repeats"),
        pytest.param([BUSY, BROKEN, BUSY], POLICY, Decision(None, 10.0), id="only what is not stated counts"),
        pytest.param([asked(3), BUSY], POLICY, Decision(None, 2.0), id="what was stated does not count"),
    ],
)
def test_what_comes_after_a_failure(failures: list[Failure], policy: Policy, decision: Decision) -> None:
    assert decide(failures, policy, chance=0.0) == decision


def test_chance_adds_to_a_back_off_and_never_to_a_pause() -> None:
    assert decide([BROKEN] * 2, POLICY, chance=1.0).backoff == 1.25
    assert decide([BROKEN], POLICY, chance=1.0).backoff == 0.0
    assert decide([BUSY], POLICY, chance=1.0).pause == 2.0


def test_waits_are_made_for_the_window_of_the_settings() -> None:
    assert Policy.of(Settings()) == Policy(attempts=4, longest_pause=120)
    short = Policy.of(Settings(rate_window=6, max_attempts=2, max_retry_after=9))
    assert (short.attempts, short.longest_pause) == (2, 9)
    assert decide([BROKEN] * 2, Policy.of(Settings(rate_window=6)), chance=0.0).backoff == pytest.approx(0.1)
    assert decide([BUSY], short, chance=0.0).pause == pytest.approx(0.2)
