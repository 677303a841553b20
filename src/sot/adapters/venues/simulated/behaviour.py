"""The behaviour of a simulated venue towards an order."""

import random
from enum import StrEnum

import attrs


class Answer(StrEnum):
    """The result of a call of the venue."""

    ACCEPTED = "ACCEPTED"
    """Reports are returned."""
    REFUSED = "REFUSED"
    """VenueRefused is raised: the venue answered and refused."""
    REJECTED = "REJECTED"
    """A REJECTED report is returned."""
    NOT_REACHED = "NOT_REACHED"
    """VenueNotReached is raised before anything was sent."""
    UNKNOWN = "UNKNOWN"
    """VenueOutcomeUnknown is raised, as after a time-out; `Behaviour.accepted` says what happened."""


@attrs.frozen(kw_only=True)
class Behaviour:
    """The behaviour towards one order.

    Attributes:
        answer: The result of the call.
        accepted: For UNKNOWN: whether the order had reached the venue's books when the answer was lost.
        parts: How many executions a filled order is split into; None means the venue's number.
        reason: The reason of a venue that does not accept the order.
        answered: How many reports are returned by the call; the others are withheld until `SimulatedVenue.deliver`.
            None means all.
        error: Raised instead of VenueOutcomeUnknown, as a real client library would raise it.
    """

    answer: Answer = Answer.ACCEPTED
    accepted: bool = True
    parts: int | None = attrs.field(default=None, validator=attrs.validators.optional(attrs.validators.ge(1)))
    reason: str | None = None
    answered: int | None = attrs.field(default=None, validator=attrs.validators.optional(attrs.validators.ge(0)))
    error: Exception | None = None

    @property
    def reaches_books(self) -> bool:
        """Whether the order reaches the venue's books."""
        if self.answer is Answer.UNKNOWN:
            return self.accepted
        return self.answer in (Answer.ACCEPTED, Answer.REJECTED)


@attrs.frozen(kw_only=True)
class Chances:
    """The probabilities of failures, from 0 to 1; otherwise the order is accepted.

    Attributes:
        refused: The venue refuses the order.
        rejected: The venue rejects the order by a report.
        not_reached: Nothing is sent.
        unknown: The answer is lost after the order was accepted.
        lost: The order is lost, and there is no answer.
        delayed: All reports of an accepted order are withheld until `SimulatedVenue.deliver`.
    """

    refused: float = 0
    rejected: float = 0
    not_reached: float = 0
    unknown: float = 0
    lost: float = 0
    delayed: float = 0

    def __attrs_post_init__(self) -> None:
        if min(attrs.astuple(self)) < 0 or sum(attrs.astuple(self)[:-1]) > 1 or self.delayed > 1:
            raise ValueError("probabilities are at least 0, and together at most 1")

    def draw(self, generator: random.Random) -> Behaviour:
        """Draw a behaviour."""
        drawn = generator.random()
        delayed = generator.random() < self.delayed
        for chance, behaviour in (
            (self.refused, Behaviour(answer=Answer.REFUSED)),
            (self.rejected, Behaviour(answer=Answer.REJECTED)),
            (self.not_reached, Behaviour(answer=Answer.NOT_REACHED)),
            (self.unknown, Behaviour(answer=Answer.UNKNOWN, accepted=True)),
            (self.lost, Behaviour(answer=Answer.UNKNOWN, accepted=False)),
        ):
            if drawn < chance:
                return behaviour
            drawn -= chance
        return Behaviour(answered=0 if delayed else None)
