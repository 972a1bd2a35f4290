"""What a refusal says: message, code and field errors, quoted without the key and without what tells who a person is.

Body shapes: Spoki API contract, section 1.4.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from spoki_analytics.wording.masking import excerpt, mask_personal

_TEXT_KEYS = ("title", "detail", "message", "error")
_CODE_KEYS = ("code", "error_code")
_LONGEST_QUOTE = 300
_LONGEST_CODE = 60


@dataclass(frozen=True, slots=True)
class Refusal:
    """What Spoki said when it refused.

    Attributes:
        message: In its words; empty when it said nothing that could be read.
        code: Its error code.
        fields: Messages by field; a nested field has a dotted name.
    """

    message: str = ""
    code: str | None = None
    fields: Mapping[str, list[str]] = field(default_factory=dict)


def read_refusal(data: Any, key: str) -> Refusal:
    """What the JSON of a refusal says, in any of the documented shapes.

    Args:
        data: Parsed JSON; None when there was none.
        key: The API key, which is masked where the answer repeats it.
    """
    body = data if isinstance(data, dict) else {"": data}
    texts = [_quote(body[name], key) for name in _TEXT_KEYS if isinstance(body.get(name), str) and body[name].strip()]
    # Where no text says what is wrong, title, detail and the like are fields as any other.
    passed_over = {*_CODE_KEYS, *(_TEXT_KEYS if texts else ())}
    fields = _fields({name: value for name, value in body.items() if name not in passed_over}, key)
    said = texts or [f"{name}: {' '.join(found)}" if name else " ".join(found) for name, found in fields.items()]
    return Refusal(" ".join(text if text.endswith(".") else f"{text}." for text in said), _code(body, key), fields)


def _code(body: Mapping[str, Any], key: str) -> str | None:
    codes = (body[name] for name in _CODE_KEYS if isinstance(body.get(name), str | int))
    return next((excerpt(str(code), key, _LONGEST_CODE) for code in codes), None)


def _fields(body: Mapping[str, Any], key: str) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for name, text in _field_errors(body):
        fields.setdefault(excerpt(name, key, _LONGEST_QUOTE), []).append(_quote(text, key))
    return fields


def _quote(text: str, key: str) -> str:
    return mask_personal(excerpt(text, key, _LONGEST_QUOTE))


def _field_errors(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _field_errors(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            deeper = f"{path}.{index}" if isinstance(inner, dict | list) else path
            yield from _field_errors(inner, deeper)
    elif value is not None:
        yield path, str(value)
