"""The proof that an event is sealed."""

from collections.abc import Sequence

import attrs

from sot.adapters.http.page.models.facts import Fact


@attrs.frozen(kw_only=True)
class ProofModel:
    """The proof that an event is sealed.

    Attributes:
        order: The address of its order.
        terms: The order in one line.
        account_id: Its account.
        sequence: Which event of the order it is.
        event: The event in words.
        chain: Its hashes.
        seal: The checkpoint, and the place of the event in it; none if it is not sealed yet.
        path: The hashes from the event to the root of the checkpoint.
        document: The proof as JSON; empty without one.
        file: The address of the same as a file.
    """

    order: str
    terms: str
    account_id: str
    sequence: int
    event: str
    chain: Sequence[Fact]
    seal: Sequence[Fact]
    path: Sequence[str]
    document: str
    file: str
