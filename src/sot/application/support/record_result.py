"""The result of recording something."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Self, cast

import attrs

from sot.domain.orders.event import OrderEvent
from sot.domain.values.json_form import JsonForm
from sot.domain.values.vocabulary import Anomaly, Outcome


@attrs.frozen(slots=False, kw_only=True)
class RecordResult(JsonForm):
    """The result of recording something.

    Attributes:
        outcome: Whether it was recorded, flagged, or a repeat.
        order_id: The id of its order; None for a report whose order is not known yet.
        sequence: The sequence of the event that states it, or that stated it before (REPEATED).
        anomalies: What is odd about it.
        event_id: The id of an account event.
    """

    outcome: Outcome
    order_id: str | None = None
    sequence: int | None = None
    anomalies: Sequence[Anomaly] = attrs.field(default=(), eq=tuple)
    event_id: str | None = None

    @classmethod
    def of_event(cls, event: OrderEvent) -> Self:
        """The result for an event that was appended."""
        anomalies = tuple(event.anomalies)
        return cls(
            outcome=outcome_of_new(anomalies), order_id=event.order_id, sequence=event.sequence, anomalies=anomalies
        )

    @classmethod
    def repeat(cls, order_id: str | None = None, sequence: int | None = None) -> Self:
        """The result for a repeat."""
        return cls(outcome=Outcome.REPEATED, order_id=order_id, sequence=sequence)


if TYPE_CHECKING:

    class OrderRecordResult(RecordResult):
        """The result of recording something on an order, whose id is known."""

        order_id: str

else:
    OrderRecordResult = RecordResult
    """The result of recording something on an order, as type checkers know it: with the id of the order."""


def of_order(result: RecordResult) -> OrderRecordResult:
    """Tell type checkers that the result is one of an order."""
    return cast("OrderRecordResult", result)


def outcome_of_new(anomalies: Sequence[Anomaly]) -> Outcome:
    """The outcome of recording something new: FLAGGED if it has anomalies."""
    return Outcome.FLAGGED if anomalies else Outcome.RECORDED
