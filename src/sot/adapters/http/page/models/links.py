"""Links that a page lists."""

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
