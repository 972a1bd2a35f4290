"""What is masked: credentials by name, the key by value, persons by how they look."""

from __future__ import annotations

import html
import json
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spoki_analytics.wording.masking import (
    holds_key,
    is_credential,
    mask_credentials,
    mask_key,
    mask_personal,
    may_hold_credentials,
)

KEY = "k&y-0123456789"


def test_credentials_are_masked_at_any_depth_whatever_their_case() -> None:
    answer = {"role": [{"Private_Key": "abc", "id": 1}], "token": None, "tokens": 3}
    assert mask_credentials(answer) == {"role": [{"Private_Key": "[redacted]", "id": 1}], "token": None, "tokens": 3}


@pytest.mark.parametrize(
    "name",
    [
        "secret", "client_secret", "clientSecret", "webhook_secret", "WEBHOOK-SECRET", "secrets", "access_token",
        "accessToken", "refresh_tokens", "token_value", "csrfToken", "password", "db_password", "passwordHash",
        "passwd", "key", "api_key", "apikey", "APIKey", "X-Spoki-Api-Key", "private_key", "privateKey", "signing_key",
        "keys", "Private Key", "aws.secret", "authorization", "credentials", "passWord", "pass_phrase",
        "API_\N{KELVIN SIGN}EY",
    ],
)  # fmt: skip
def test_a_credential_is_known_by_the_kind_of_its_name(name: str) -> None:
    assert is_credential(name)
    assert mask_credentials([{name: "abc"}, {name: None}, {name: ["abc"]}, {name: {"of": "abc"}}]) == [
        {name: "[redacted]"}, {name: None}, {name: "[redacted]"}, {name: "[redacted]"},
    ]  # fmt: skip
    assert may_hold_credentials(orjson.dumps([{name: "abc"}]))


@given(st.lists(st.sampled_from([*"secrtoknpawdhiluzy_-K ", "pass", "\n", '"', "\N{KELVIN SIGN}", "key", "token"])))
def test_a_text_without_a_trace_of_credentials_needs_no_masking(letters: list[str]) -> None:
    answer = {"".join(letters): "abc"}
    assert may_hold_credentials(orjson.dumps(answer)) or mask_credentials(answer) == answer


@pytest.mark.parametrize(
    "name", ["keyboard", "monkey", "turkey", "secretary", "tokenized", "pass", "name", "code", "keyword", "hockey"]
)
def test_other_names_are_no_credentials(name: str) -> None:
    assert not is_credential(name)


def test_whether_there_is_a_key_is_no_secret() -> None:
    assert mask_credentials({"has_private_key": True, "tokens": 3}) == {"has_private_key": True, "tokens": 3}


def test_what_is_nested_without_end_is_left_out() -> None:
    deep: Any = {"secret": "abc"}
    for _ in range(5000):
        deep = [deep]
    assert "abc" not in str(mask_credentials(deep))


NAMES = st.text().filter(lambda name: not is_credential(name))


@given(st.recursive(st.text() | st.integers(), lambda inner: st.lists(inner) | st.dictionaries(NAMES, inner)))
def test_without_credentials_nothing_changes(answer: Any) -> None:
    assert mask_credentials(answer) == answer


@given(st.text(), st.text(), st.sampled_from([str, json.dumps, html.escape]))
def test_no_spelling_of_the_key_stays(before: str, after: str, spell: Any) -> None:
    text = before + spell(KEY).strip('"') + after
    assert holds_key([text], KEY)
    assert not holds_key([mask_key(text, KEY)], KEY)


def test_the_key_is_taken_out_of_names_and_lists_too() -> None:
    assert mask_key({KEY: [f"a {KEY}", 1]}, KEY) == {"[API key removed]": ["a [API key removed]", 1]}


@pytest.mark.parametrize("key", [None, "", "short"])
def test_what_is_no_key_masks_nothing(key: str | None) -> None:
    assert mask_key("a short text", key) == "a short text"
    assert not holds_key(["a short text"], key)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("anna.rossi@example.com is taken", "[masked] is taken"),
        ("+39 333 000 0597 has no consent", "[masked] has no consent"),
        ("sk_live_0123456789abcdefghij is wrong", "[masked] is wrong"),
        ("Account 4100 has 12 lists", "Account 4100 has 12 lists"),
    ],
)
def test_persons_and_secrets_are_masked_in_sentences(text: str, masked: str) -> None:
    assert mask_personal(text) == masked
