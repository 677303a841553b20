"""What a simulated venue does with an order: answer, refuse, reject, or leave its sender in doubt."""

import random
from enum import StrEnum

import attrs


class Answer(StrEnum):
    """How a call of the venue ends."""

    ACCEPTED = "ACCEPTED"
    """Reports are returned."""
    REFUSED = "REFUSED"
    """VenueRefused is raised: the venue answered and said no."""
    REJECTED = "REJECTED"
    """A REJECTED report is returned."""
    NOT_REACHED = "NOT_REACHED"
    """VenueNotReached is raised before anything was sent."""
    UNKNOWN = "UNKNOWN"
    """VenueOutcomeUnknown is raised, as after a time-out; `Behaviour.accepted` tells what really happened."""


@attrs.frozen(kw_only=True)
class Behaviour:
    """What happens to one order.

    `accepted` matters for UNKNOWN only: whether the order had reached the venue's books when the answer was lost.
    `parts` is the number of executions that a filled order is split into, `reason` what the venue says when it does
    not accept, and `answered` how many reports come back with the call; the others are withheld until
    `SimulatedVenue.deliver`. `error` is raised in place of VenueOutcomeUnknown, for what a real client library raises.
    """

    answer: Answer = Answer.ACCEPTED
    accepted: bool = True
    parts: int | None = attrs.field(default=None, validator=attrs.validators.optional(attrs.validators.ge(1)))
    reason: str | None = None
    answered: int | None = attrs.field(default=None, validator=attrs.validators.optional(attrs.validators.ge(0)))
    error: Exception | None = None

    @property
    def reaches_books(self) -> bool:
        """Whether the venue comes to know the order."""
        if self.answer is Answer.UNKNOWN:
            return self.accepted
        return self.answer in (Answer.ACCEPTED, Answer.REJECTED)


@attrs.frozen(kw_only=True)
class Chances:
    """How probable each misfortune is, from 0 to 1; what is left over is acceptance.

    `unknown` loses the answer after the order was accepted, `lost` before. `delayed` withholds all reports of an
    accepted order until `SimulatedVenue.deliver`.
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

    def draw(self, dice: random.Random) -> Behaviour:
        """The behaviour that the dice choose."""
        thrown = dice.random()
        delayed = dice.random() < self.delayed
        for chance, behaviour in (
            (self.refused, Behaviour(answer=Answer.REFUSED)),
            (self.rejected, Behaviour(answer=Answer.REJECTED)),
            (self.not_reached, Behaviour(answer=Answer.NOT_REACHED)),
            (self.unknown, Behaviour(answer=Answer.UNKNOWN, accepted=True)),
            (self.lost, Behaviour(answer=Answer.UNKNOWN, accepted=False)),
        ):
            if thrown < chance:
                return behaviour
            thrown -= chance
        return Behaviour(answered=0 if delayed else None)
