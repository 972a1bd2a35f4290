"""Words of the command line: ``name=value`` pairs, and the nearest known word to an unknown one."""

from __future__ import annotations

from collections.abc import Iterable

from spoki_analytics.errors import UsageError
from spoki_analytics.wording.messages import gettext
from spoki_analytics.wording.names import nearest


def pairs(words: Iterable[str], option: str) -> list[tuple[str, str]]:
    """The names and values of ``name=value`` words.

    Raises:
        UsageError: A word has no name or no equals sign.
    """
    split = [word.partition("=") for word in words]
    for word, (name, equals, _) in zip(words, split, strict=True):
        if not equals or not name.strip():
            raise UsageError(gettext("{option} {word} is not of the form name=value.", option=option, word=word))
    return [(name.strip().replace("-", "_"), value) for name, _, value in split]


def split_names(words: Iterable[str] | None) -> list[str] | None:
    """The names of ``a,b`` words in their order; None where there is no word."""
    return None if words is None else [name.strip() for word in words for name in word.split(",")]


def known(word: str, choices: Iterable[str], complaint: str, **values: str) -> str:
    """The word, if it is one of the choices.

    Args:
        word: What was typed.
        choices: What there is.
        complaint: What is wrong with any other word, with a place for ``{word}``.
        **values: What else the complaint has places for.

    Raises:
        UsageError: It is none; the complaint and the nearest choice make the message.
    """
    names = list(choices)
    if word in names:
        return word
    near = nearest(word, names)
    wrong = gettext(complaint, word=word, **values)
    if near:
        raise UsageError(gettext("{wrong}; did you mean {near}?", wrong=wrong, near=near))
    raise UsageError(gettext("{wrong}; there are: {names}.", wrong=wrong, names=", ".join(names) or gettext("none")))
