"""Polled statuses: what an ORDER_STATUS says that the history does not say yet."""

import attrs

from sot.domain.orders.order import Order
from sot.domain.orders.report import VenueReport
from sot.domain.orders.state import OrderState
from sot.domain.orders.terms import stated_terms
from sot.domain.values.vocabulary import TimeInForce

BOOKKEEPING = frozenset({"last_venue_time", "latest_happened_at", "began_at", "terms_at", "polled"})
"""The fields of the state that say when something was told, and nothing about the order."""

_STATED = tuple(field.name for field in attrs.fields(OrderState) if field.name not in BOOKKEEPING)


def is_unchanged(before: OrderState, after: OrderState) -> bool:
    """Whether a report changed no state, term or open request."""
    return all(getattr(before, name) == getattr(after, name) for name in _STATED)


def is_history(state: OrderState, report: VenueReport) -> bool:
    """Whether a status was asked before the venue's last word, so that it adds nothing.

    Rules: STATUS-7.
    """
    asked_at, latest = report.occurred_at, state.last_venue_time
    return asked_at is not None and latest is not None and asked_at < latest


def says_nothing_new(before: OrderState, order: Order, report: VenueReport) -> bool:
    """Whether the history says all that a polled status says: status, quantities and terms.

    Args:
        before: The state before it.
        order: The order after it.
        report: The report.

    Rules: STATUS-8.
    """
    if not is_unchanged(before, order.state):
        return False
    if before.polled == report.polled_content:
        return True
    state = order.state
    time_in_force = report.time_in_force
    return (
        report.reported_status in (None, state.status)
        and report.cum_quantity in (None, state.cum_quantity, state.reported_cum_quantity)
        and report.leaves_quantity in (None, state.leaves_quantity)
        and all(getattr(state, name) == value for name, value in stated_terms(report, order.order_type))
        and (time_in_force in (None, state.time_in_force or TimeInForce.DAY))
    )
