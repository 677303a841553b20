"""What became of a call of a venue, and which of it is logged."""

import logging
from collections.abc import Mapping, Sequence
from enum import StrEnum

from sot.application.execution.prepare import PreparedRequest
from sot.application.support.log import facts, log
from sot.domain.orders.report import VenueReport
from sot.domain.values.errors import VenueNotReached, VenueRefused
from sot.ports.observer import Fact


class CallOutcome(StrEnum):
    """What became of a call of a venue."""

    ANSWERED = "ANSWERED"
    REFUSED = "REFUSED"
    NOT_REACHED = "NOT_REACHED"
    UNKNOWN = "UNKNOWN"


def outcome_of(answer: Sequence[VenueReport] | Exception) -> CallOutcome:
    """Return the outcome that the answer of a venue means."""
    if not isinstance(answer, Exception):
        return CallOutcome.ANSWERED
    kinds = {VenueRefused: CallOutcome.REFUSED, VenueNotReached: CallOutcome.NOT_REACHED}
    return next((outcome for kind, outcome in kinds.items() if isinstance(answer, kind)), CallOutcome.UNKNOWN)


def outcome_facts(answer: Sequence[VenueReport] | Exception) -> dict[str, Fact]:
    """Return the outcome as facts, with the class of an error. Its text is the venue's, and in the history."""
    outcome = outcome_of(answer)
    is_error = outcome in (CallOutcome.NOT_REACHED, CallOutcome.UNKNOWN)
    return {"outcome": outcome, "error": type(answer).__name__ if is_error else None}


def prepared_facts(prepared: PreparedRequest) -> dict[str, Fact]:
    """Return the names of a request that is executed, as facts."""
    request = prepared.request
    return {
        "account_id": request.account_id,
        "request_id": prepared.request_id,
        "order_id": prepared.order.order_id,
        "action": request.action,
    }


_LOGGED: Mapping[CallOutcome, tuple[int, str]] = {
    CallOutcome.REFUSED: (logging.INFO, "the venue refused it"),
    CallOutcome.NOT_REACHED: (logging.WARNING, "it never reached the venue"),
    CallOutcome.UNKNOWN: (logging.WARNING, "its outcome is unknown until recovery has asked the venue"),
}


def log_outcome(prepared: PreparedRequest, answer: Sequence[VenueReport] | Exception) -> None:
    """Log an outcome other than an answer."""
    outcome = outcome_of(answer)
    if outcome not in _LOGGED:
        return
    (level, text), venue = _LOGGED[outcome], prepared.request.venue
    log.log(
        level, "%s request %s to %s: %s (%s)",
        prepared.request.action, prepared.request_id, venue, text, type(answer).__name__,
        extra=facts(venue=venue, **prepared_facts(prepared), **outcome_facts(answer)),
    )  # fmt: skip
