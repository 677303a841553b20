"""Links that a page lists."""

from collections.abc import Sequence
from urllib.parse import quote

import attrs


@attrs.frozen(kw_only=True)
class ActionLink:
    """A link to the form of an action, to a file, or to another page."""

    label: str
    address: str


def anchor_of(kind: str, *names: str) -> str:
    """Return the id of an element in a page, which stays that of what these names mean."""
    return f"{kind}-" + quote("/".join(names), safe="")


@attrs.frozen(kw_only=True)
class NavCount:
    """How much there is to look at behind a name of the navigation.

    Attributes:
        total: How much in all; empty for nothing.
        parts: What it is made of, in words, with the addresses of each.
    """

    total: str
    parts: Sequence[ActionLink] = ()
