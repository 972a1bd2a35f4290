"""What is in the body of an answer: one object, or rows of whatever shape."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spoki_analytics.errors import UnexpectedAnswerError
from spoki_analytics.wording.messages import gettext

if TYPE_CHECKING:
    from spoki_analytics.api.answers import Answer


def only_object(answer: Answer[Any]) -> dict[str, Any]:
    """The one object of an answer, also when it comes wrapped in a list of one.

    Raises:
        UnexpectedAnswerError: There is none, or more than one.
    """
    value = answer.value
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, dict):
        return value
    raise UnexpectedAnswerError(
        gettext("Spoki answered with something else than one object."),
        operation=answer.operation.name,
        account=answer.account,
    )


def any_rows(value: Any) -> list[Any]:
    """The rows of an answer whose shape no source documents: its only list, or itself as one row."""
    if isinstance(value, dict):
        lists = [inner for inner in value.values() if isinstance(inner, list)]
        only = lists[0] if len(lists) == 1 and "results" in value else [value]
    else:
        only = value if isinstance(value, list) else [value]
    return [row if isinstance(row, dict) else {"value": row} for row in only]
