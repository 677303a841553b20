"""Links that a page lists."""

import attrs


@attrs.frozen(kw_only=True)
class ActionLink:
    """A link to the form of an action, to a file, or to another page."""

    label: str
    address: str
