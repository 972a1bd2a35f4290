import pickle
import socket
import traceback
import warnings

import pytest
import requests

from spoki_analytics import (
    AuthenticationError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitedError,
    Spoki,
    SpokiError,
    UnavailableError,
    UnexpectedAnswerError,
    ValidationError,
)
from spoki_analytics.api.pauses import LONGEST_SHARED_PAUSE
from spoki_analytics.cli.asking import ask_origin
from tests.conftest import KEY, Answer

TAGS = "/api/1/tags/"
ROWS = [{"id": 1, "name": "VIP", "color": None, "order": 0}]
GOOD = Answer({"count": 1, "next": None, "previous": None, "results": ROWS})


@pytest.mark.parametrize(
    "bad",
    [
        Answer({"message": "Internal error"}, 500),
        Answer(b"", 502),
        Answer(b"", 503),
        Answer({"detail": "slow down"}, 429, {"Retry-After": "0"}),
        Answer(b"<html>Maintenance</html>", 200),
        Answer(b"", 200),
        Answer(b'{"count": 1, "results": [{"id"', 200),
        Answer(GOOD.body, cut=10),
    ],
    ids=["500", "502", "503", "429", "html", "empty", "half-json", "cut"],
)
def test_a_read_is_repeated_until_it_works(script, client, bad):
    script[TAGS] = [bad, bad, GOOD]
    frame = client().tags.load()
    assert frame["name"].tolist() == ["VIP"]
    assert frame.attrs["spoki"]["requests"] == 3
    assert len(script.seen) == 3


def test_repeats_end_after_the_allowed_attempts(script, client):
    script[TAGS] = Answer({"message": "Internal error"}, 500)
    with pytest.raises(UnavailableError, match="Internal error") as caught:
        client().tags.load()
    assert caught.value.status == 500
    assert len(script.seen) == 4


@pytest.mark.parametrize(
    ("answer", "kind", "code"),
    [
        (Answer({"detail": "Authentication credentials were not provided."}, 401), AuthenticationError, None),
        (Answer({"detail": "No."}, 403), PermissionDeniedError, None),
        (Answer(b"<!doctype html><html><body>Not Found</body></html>", 404), NotFoundError, None),
        (Answer({"error": "Not enough credit", "error_code": "spoki::1029"}, 402), ValidationError, "spoki::1029"),
        (
            Answer({"title": "Invalid template", "detail": "Too many.", "code": "spoki::3014"}, 400),
            ValidationError,
            "spoki::3014",
        ),
        (Answer(b"", 400), ValidationError, None),
        (Answer(["wrong"], 400), ValidationError, None),
    ],
)
def test_refusals_are_told_apart_and_not_repeated(script, client, answer, kind, code):
    script[TAGS] = answer
    with pytest.raises(kind) as caught:
        client().tags.load()
    error = caught.value
    assert (error.status, error.code, error.operation) == (answer.status, code, "List tags")
    assert "List tags" in str(error)
    assert "<" not in str(error)
    assert len(script.seen) == 1


def test_nested_field_errors_are_kept_by_name(script, client):
    script[TAGS] = Answer(
        {"phone": ["This field is required."], "contacts": {"email": ["Enter a valid address."]}}, 400
    )
    with pytest.raises(ValidationError) as caught:
        client().tags.load()
    assert caught.value.fields == {
        "phone": ["This field is required."],
        "contacts.email": ["Enter a valid address."],
    }


def test_what_spoki_says_is_quoted_without_personal_data(script, client):
    script[TAGS] = Answer({"detail": f"anna@example.com +39 333 000 0001 {KEY} is wrong"}, 400)
    with pytest.raises(ValidationError) as caught:
        client().tags.load()
    assert "is wrong" in str(caught.value)
    for secret in ("anna@example.com", "333 000", KEY):
        assert secret not in str(caught.value)


def test_a_retry_after_beyond_the_cap_is_an_error_that_carries_the_wait(script, client):
    script[TAGS] = Answer({"detail": "slow down"}, 429, {"Retry-After": "3600"})
    with pytest.raises(RateLimitedError) as caught:
        client().tags.load()
    assert caught.value.retry_after == 3600
    assert len(script.seen) == 1


def test_another_client_of_the_key_respects_the_same_pause(script, client):
    script[TAGS] = Answer({"detail": "slow down"}, 429, {"Retry-After": "3600"})
    with pytest.raises(RateLimitedError):
        client().tags.load()
    with pytest.raises(RateLimitedError, match="pause"):
        client().tags.load()
    assert len(script.seen) == 1


def test_a_short_retry_after_is_waited_for(script, client):
    script[TAGS] = [Answer(b"", 429, {"Retry-After": "1"}), GOOD]
    client().tags.load()
    assert script.seen[1].at - script.seen[0].at >= 1


@pytest.mark.parametrize("target", ["/api/1/tags", "/api/1/tags/?lang=it", "?lang=it", "/api/1/%74ags/"])
def test_a_redirect_on_the_path_of_the_operation_is_followed(script, client, target):
    script[f"{TAGS}?page=1"] = GOOD
    script[TAGS] = [Answer(b"", 301, {"Location": target}), GOOD]
    script["/api/1/tags"] = script["/api/1/%74ags/"] = GOOD
    assert len(client().tags.load()) == 1


ELSEWHERE = [
    "/api/1/elsewhere/", "/api/1/templates/1/clone/", "/api/1/tags/../templates/1/clone/", "/api/1/tags/1/",
    "/api/1/tags//", "/api/1/tags/%2e%2e/templates/1/clone/", "/", "/wh/ap/0f/", "/api/1/tags;/x/",
]  # fmt: skip


@pytest.mark.parametrize("target", ELSEWHERE)
def test_a_redirect_to_another_operation_is_refused_and_gets_no_request(script, client, target):
    script[TAGS] = Answer(b"", 302, {"Location": target})
    with pytest.raises(UnexpectedAnswerError, match="another operation") as caught:
        client().tags.load()
    assert caught.value.status == 302
    assert script.paths() == [TAGS]


@pytest.mark.parametrize("target", ELSEWHERE)
def test_a_next_link_to_another_operation_is_refused_and_gets_no_request(script, client, target):
    script[TAGS] = Answer({"count": 2, "next": f"{script.base_url}{target}?page=2", "results": ROWS})
    with pytest.raises(UnexpectedAnswerError, match="another operation"):
        client().tags.load()
    assert script.paths() == [TAGS]


def test_an_object_is_redirected_to_no_other_object(script, client):
    script[f"{TAGS}1/"] = Answer(b"", 302, {"Location": f"{TAGS}2/"})
    with pytest.raises(UnexpectedAnswerError, match="another operation"):
        client().tags.get(1)
    assert script.paths() == [f"{TAGS}1/"]


@pytest.mark.parametrize("target", ["http://127.0.0.1:{other}/x/", "//evil.invalid/x/", "file:///etc/passwd"])
def test_a_foreign_redirect_is_refused_and_gets_no_request(script, client, target):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.05)
        script[TAGS] = Answer(b"", 302, {"Location": target.format(other=listener.getsockname()[1])})
        with pytest.raises(UnexpectedAnswerError, match="another address"):
            client().tags.load()
        with pytest.raises(TimeoutError):
            listener.accept()


def test_a_foreign_next_link_is_refused(script, client):
    script[TAGS] = Answer({"count": 2, "next": "http://localhost.evil.invalid/api/1/tags/?page=2", "results": ROWS})
    with pytest.raises(UnexpectedAnswerError, match="another address"):
        client().tags.load()
    assert len(script.seen) == 1


def test_a_circle_of_redirects_ends(script, client):
    script[TAGS] = Answer(b"", 302, {"Location": TAGS})
    with pytest.raises(UnexpectedAnswerError, match="circle"):
        client().tags.load()


def test_no_connection_is_unavailable(client, script):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(UnavailableError, match="could not be reached"):
        client(base_url=f"http://127.0.0.1:{port}").tags.load()


def test_the_key_is_sent_and_held_by_nothing_else(script, client, tmp_path):
    script[TAGS] = [Answer(b"", 301, {"Location": TAGS + "?a=1", "Set-Cookie": "session=1"}), GOOD]
    spoki = client()
    spoki.tags.load()
    assert all(seen.headers["x-spoki-api-key"] == KEY for seen in script.seen)
    assert all("cookie" not in seen.headers for seen in script.seen)
    script[TAGS] = Answer(b"", 500)
    with pytest.raises(SpokiError) as caught:
        spoki.tags.load(refresh=True)
    told = "".join(traceback.TracebackException.from_exception(caught.value, capture_locals=True).format())
    copy = pickle.loads(pickle.dumps(caught.value))
    assert (copy.status, str(copy)) == (caught.value.status, str(caught.value))
    assert KEY not in told + repr(spoki) + repr(spoki.settings) + repr(spoki.session.__dict__)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(path.suffix == ".sqlite" for path in files)
    assert all(KEY.encode() not in path.read_bytes() for path in files)


@pytest.mark.parametrize("failure", [KeyboardInterrupt, MemoryError, ValueError, requests.ConnectionError, OSError])
@pytest.mark.parametrize("where", ["send", "getresponse"])
def test_no_local_variable_of_a_traceback_holds_the_key(script, client, monkeypatch, failure, where):
    def fail(*args, **kwargs):
        try:
            raise TimeoutError("inside")
        except TimeoutError:
            raise failure("stopped") from None

    spoki = client()
    monkeypatch.setattr(f"http.client.HTTPConnection.{where}", fail)
    with pytest.raises((failure, SpokiError)) as caught:
        spoki.tags.load()
    monkeypatch.undo()
    told = "".join(traceback.TracebackException.from_exception(caught.value, capture_locals=True).format())
    package = told[told.index("spoki_analytics/") :]
    assert KEY not in package


@pytest.mark.parametrize("netrc", ["default login anna password CANARY0", "machine 127.0.0.1 login a password CANARY0"])
def test_no_password_of_a_netrc_file_is_sent(script, client, monkeypatch, tmp_path, netrc):
    (tmp_path / "netrc").write_text(netrc)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    script[TAGS] = GOOD
    script["/api/1/lists/"] = [Answer([]), Answer({"id": 1, "name": "Neu"}, 201)]
    spoki = client(writes=True)
    spoki.tags.load()
    spoki.lists.create("Neu").apply()
    ask_origin(spoki.settings)
    assert {seen.method for seen in script.seen} == {"GET", "POST"}
    assert all("authorization" not in seen.headers for seen in script.seen)


@pytest.mark.parametrize("part", ["", "session", "settings"])
def test_nothing_that_holds_the_key_can_be_pickled(client, script, part):
    spoki = client()
    with pytest.raises(TypeError, match="pickled"):
        pickle.dumps(getattr(spoki, part) if part else spoki)


def test_no_key_is_said_before_any_request(script, monkeypatch):
    with pytest.raises(AuthenticationError, match="SPOKI_API_KEY"):
        Spoki(base_url=script.base_url)
    assert not script.seen


def test_filters_reach_the_server_as_it_writes_them(script, client):
    script.pages("/api/1/contacts/", [[]])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        client().contacts.load(status="Not Declared", is_blocked=False, tag=5)
    assert script.seen[0].query == {
        "status": ["Not Declared"], "is_blocked": ["false"], "tag": ["5"], "page_size": ["200"],
    }  # fmt: skip


BROKEN = ["http://[bad", "http://[::1", "http://127.0.0.1:99999/x", "http://127.0.0.1:x/"]


@pytest.mark.parametrize("link", BROKEN)
def test_an_address_that_is_none_is_refused_like_a_foreign_one(script, client, link):
    script[TAGS] = Answer(b"", 302, {"Location": link})
    with pytest.raises(UnexpectedAnswerError, match="another address") as caught:
        client().tags.load()
    assert caught.value.status == 302
    script[TAGS] = Answer({"count": 2, "next": link, "results": ROWS})
    with pytest.raises(UnexpectedAnswerError, match="another address"):
        client().tags.load()
    assert len(script.seen) == 2


@pytest.mark.parametrize("status", [429, 503])
def test_the_pause_of_the_last_attempt_is_shared_too(script, client, monkeypatch, status):
    monkeypatch.setenv("SPOKI_MAX_ATTEMPTS", "1")
    script[TAGS] = [Answer(b"", status, {"Retry-After": "1"}), GOOD]
    with pytest.raises((RateLimitedError, UnavailableError)) as caught:
        client().tags.load()
    assert caught.value.retry_after == 1
    client().tags.load()
    assert script.seen[1].at - script.seen[0].at >= 0.95


def test_a_503_beyond_the_cap_carries_the_wait(script, client):
    script[TAGS] = Answer(b"", 503, {"Retry-After": "3600"})
    with pytest.raises(UnavailableError, match="3600 s") as caught:
        client().tags.load()
    assert caught.value.retry_after == 3600
    assert len(script.seen) == 1


@pytest.mark.parametrize("value", ["99999999", "9" * 20, "9" * 400, "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_an_absurd_retry_after_is_told_but_does_not_lock_the_key_out_for_ever(script, client, value):
    script[TAGS] = Answer(b"", 429, {"Retry-After": value})
    with pytest.raises(RateLimitedError) as caught:
        client().tags.load()
    assert caught.value.retry_after > 90_000_000
    with pytest.raises(RateLimitedError, match="pause") as caught:
        client().tags.load()
    assert caught.value.retry_after <= LONGEST_SHARED_PAUSE
    assert caught.value.account is not None


@pytest.mark.parametrize("key", ["short", "with.dots/and+signs=in-a-long-key-0123456789"])
def test_a_key_that_the_answer_repeats_is_masked(script, client, key):
    script[TAGS] = Answer({"detail": f"bad key {key}", "code": key, key: [f"{key}?"]}, 401)
    with pytest.raises(AuthenticationError, match="bad key") as caught:
        client(api_key=key).tags.load()
    assert key not in str(caught.value) + repr(vars(caught.value))
    script[TAGS] = Answer(b"?", 200, {"Content-Type": key})
    with pytest.raises(UnexpectedAnswerError) as unreadable:
        client(api_key=key).tags.load()
    assert key not in str(unreadable.value)


def test_names_of_fields_are_quoted_whole_and_nothing_steers_a_terminal(script, client):
    script[TAGS] = Answer({"templatelocalization_set": [{"body": ["\x1b[31mwrong\u202e"]}], "code": "x" * 500}, 400)
    with pytest.raises(ValidationError) as caught:
        client().tags.load()
    assert caught.value.fields == {
        "templatelocalization_set.0.body": ["\N{REPLACEMENT CHARACTER}[31mwrong\N{REPLACEMENT CHARACTER}"]
    }
    assert len(caught.value.code) < 100


def reachable(error):
    """What hangs on an error: its chain, and the variables of every frame of it."""
    while error is not None:
        yield repr(vars(error))
        trace = error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_globals["__name__"] != __name__:
                yield from map(repr, trace.tb_frame.f_locals.values())
            trace = trace.tb_next
        error = error.__cause__ or error.__context__


@pytest.mark.parametrize("answer", [Answer(GOOD.body, cut=10), Answer(b"", 500), Answer(b"<html>", 200)])
def test_nothing_that_hangs_on_an_error_holds_the_key(script, client, answer):
    script[TAGS] = answer
    with pytest.raises(SpokiError) as caught:
        client().tags.load()
    found = list(reachable(caught.value))
    assert len(found) > 10
    assert not [text for text in found if KEY in text]


@pytest.mark.parametrize(
    "body",
    [
        b'\xef\xbb\xbf[{"id": 1, "name": "VIP"}]',
        b'[{"id": 1, "name": "VIP", "color": "\\ud800"}]',
        b'[{"id": 1, "name": "VIP", "extra": 1' + b"0" * 400 + b"}]",
    ],
    ids=["byte-order-mark", "half-surrogate", "endless-number"],
)
def test_json_that_a_strict_reader_refuses_is_read(script, client, body):
    script[TAGS] = Answer(body)
    assert client().tags.load()["name"].tolist() == ["VIP"]
    assert len(script.seen) == 1


def test_json_without_end_is_no_json(script, client):
    script[TAGS] = Answer(b"[" * 100_000)
    with pytest.raises(UnexpectedAnswerError, match="not JSON"):
        client().tags.load()
