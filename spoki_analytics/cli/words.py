"""Words of the command line: ``name=value`` pairs, and the nearest known word to an unknown one."""

from __future__ import annotations

from collections.abc import Iterable

from spoki_analytics.errors import UsageError
from spoki_analytics.wording.names import nearest


def pairs(words: Iterable[str], option: str) -> list[tuple[str, str]]:
    """The names and values of ``name=value`` words.

    Raises:
        UsageError: A word has no name or no equals sign.
    """
    split = [word.partition("=") for word in words]
    for word, (name, equals, _) in zip(words, split, strict=True):
        if not equals or not name.strip():
            raise UsageError(f"{option} {word} is not of the form name=value.")
    return [(name.strip().replace("-", "_"), value) for name, _, value in split]


def known(word: str, choices: Iterable[str], complaint: str) -> str:
    """The word, if it is one of the choices.

    Raises:
        UsageError: It is none; the complaint, the word and the nearest choice make the message.
    """
    names = list(choices)
    if word in names:
        return word
    near = nearest(word, names)
    hint = f"did you mean {near}?" if near else f"there are: {', '.join(names) or 'none'}."
    raise UsageError(f"{complaint} {word}; {hint}")
