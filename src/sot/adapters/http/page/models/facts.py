"""Names with values, as a page lists them."""

from collections.abc import Sequence

import attrs

from sot.adapters.http.page.models.values import Amount, Moment


@attrs.frozen(kw_only=True)
class Fact:
    """A name with a value: a number, a time or a text."""

    name: str
    amount: Amount | None = None
    moment: Moment | None = None
    text: str = ""
    unit: str = ""


def present_facts(facts: Sequence[Fact]) -> list[Fact]:
    """Return the facts that have a value."""
    return [fact for fact in facts if fact.amount is not None or fact.moment is not None or fact.text]
