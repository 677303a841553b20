"""Names that beancount accepts, one for each name of ours."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

LONGEST = 24
"""The length that every version of beancount takes for a commodity."""

_COMMODITY = re.compile(r"[A-Z][A-Z0-9'._-]{0,22}[A-Z0-9]")
_RESERVED = frozenset({"TRUE", "FALSE", "NULL"})
_ACCOUNT = re.compile(r"(Assets|Liabilities|Equity|Income|Expenses)(:[A-Z0-9][A-Za-z0-9-]*)+")


def is_account(text: str) -> bool:
    """Whether a text is the name of an account: one of the five roots, then words with a capital or a digit first."""
    return _ACCOUNT.fullmatch(text) is not None


def is_commodity(text: str) -> bool:
    """Whether a text is the name of a commodity, in every version of beancount."""
    return _COMMODITY.fullmatch(text) is not None and text not in _RESERVED


def commodities(assets: Iterable[str]) -> dict[str, str]:
    """Give each asset a commodity of its own: its name where that is legal, else one that is made of it.

    What is no letter, digit, or one of `'._-` becomes a dash; a number is appended to a name that is taken. So names
    depend on which assets there are, and on nothing else.
    """
    names = sorted(set(assets))
    found = {name: name for name in names if is_commodity(name)}
    return {**found, **_distinct_words(names, found, _as_commodity, LONGEST)}


def components(names: Iterable[str]) -> dict[str, str]:
    """Give each name a word of its own as a part of account names."""
    return _distinct_words(sorted(set(names)), {}, _as_component, 120)


def _distinct_words(
    names: Sequence[str], found: Mapping[str, str], convert: Callable[[str], str], longest: int
) -> dict[str, str]:
    """Make a word of each name that is not found already, none of them twice."""
    taken, words = set(found.values()), dict[str, str]()
    for name in names:
        if name not in found:
            word, number = convert(name)[:longest].rstrip("'._-"), 2
            chosen = word
            while chosen in taken:
                chosen = f"{word[: longest - len(str(number)) - 1]}-{number}"
                number += 1
            taken.add(chosen)
            words[name] = chosen
    return words


def _as_commodity(name: str) -> str:
    text = re.sub(r"[^A-Z0-9'._-]+", "-", name.upper()).strip("'._-")
    if not text or not text[0].isalpha() or text in _RESERVED:
        text = f"X-{text}".rstrip("-")
    return text if len(text) > 1 else f"{text}-X"


def _as_component(name: str) -> str:
    text = re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-") or "X"
    return text[0].upper() + text[1:]
