"""A difference between the history and a venue, and how each kind is stated."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from functools import reduce

import attrs

from sot.domain.orders.report import VenueReport
from sot.domain.reconciliation.snapshots import KnownExecution, KnownOrder, VenueSnapshot
from sot.domain.values.canonical import digest
from sot.domain.values.fields import quoted
from sot.domain.values.numbers import ZERO, add
from sot.domain.values.vocabulary import Mismatch, OrderStatus, PositionSide


@attrs.frozen(kw_only=True)
class Difference:
    """A difference between the history and the venue; the fields are those of a FINDING (see `Reconciliation`).

    Attributes:
        aspect: Tells several differences of one kind and one order apart.
        asset: The asset of a balance.
        local_quantity: What the history has, in units of the instrument or of the asset.
        exchange_quantity: What the venue reports, in units of the instrument or of the asset.
        local_price: What the history has, in quote currency per unit.
        exchange_price: What the venue reports, in quote currency per unit.

    Rules: RECON-21.
    """

    mismatch: Mismatch
    aspect: str = ""
    order_id: str | None = None
    client_order_id: str | None = None
    venue_order_id: str | None = None
    exec_id: str | None = None
    leg: str = ""
    symbol: str | None = None
    position_side: PositionSide | None = None
    position_id: str = ""
    asset: str | None = None
    local_status: OrderStatus | None = None
    exchange_status: OrderStatus | None = None
    local_quantity: Decimal | None = None
    exchange_quantity: Decimal | None = None
    local_price: Decimal | None = None
    exchange_price: Decimal | None = None
    reason: str | None = None

    def subject(self, venue: VenueSnapshot) -> str:
        """The digest of what the difference is about: the kind and the thing, not the figures.

        Rules: RECON-16.
        """
        position = None if self.position_side is None else f"{self.position_side} {self.position_id}"
        order = self.order_id or self.venue_order_id or self.client_order_id
        common = (venue.account_id, venue.venue, venue.venue_account, self.mismatch, self.aspect)
        asset = () if self.asset is None else (self.asset,)
        parts = (*common, order, self.exec_id, self.leg, None if order else self.symbol, position, *asset)
        return digest("subject", "[" + ",".join("null" if part is None else quoted(part) for part in parts) + "]")


def order_difference(order: KnownOrder, mismatch: Mismatch, **fields: object) -> Difference:
    """A difference about an order, with its identifiers and its local status.

    Args:
        order: The order of the history.
        mismatch: The kind of the difference.
        **fields: Further fields of the difference.
    """
    create: Callable[..., Difference] = Difference
    return create(
        mismatch=mismatch,
        order_id=order.order_id,
        client_order_id=order.client_order_ids[-1] if order.client_order_ids else None,
        venue_order_id=order.venue_order_ids[-1] if order.venue_order_ids else None,
        symbol=order.symbol,
        local_status=order.status,
        **fields,
    )


def missing_execution(order: KnownOrder, report: VenueReport) -> Difference:
    """The difference that the history does not have an execution that the venue lists."""
    reason = "the history does not have this execution"
    return _execution_difference(order, report, Mismatch.MISSING_EXECUTION, reason=reason)


def conflicting_execution(
    order: KnownOrder, report: VenueReport, known: KnownExecution | None, reason: str
) -> Difference:
    """The difference that an execution of the history contradicts the one that the venue lists.

    Args:
        order: The order of the history.
        report: The listed execution.
        known: The execution of the history, if its quantity is to be stated.
        reason: How they contradict each other.
    """
    quantity = known.quantity if known else None
    return _execution_difference(order, report, Mismatch.CONFLICTING_EXECUTION, local_quantity=quantity, reason=reason)


def _execution_difference(order: KnownOrder, report: VenueReport, mismatch: Mismatch, **fields: object) -> Difference:
    return order_difference(
        order,
        mismatch,
        exec_id=report.exec_id,
        leg=report.leg,
        exchange_quantity=report.last_quantity,
        aspect="" if report.exec_id else report.content_digest,
        **fields,
    )


def quantity_differences(
    order: KnownOrder, report: VenueReport, missing: Iterable[VenueReport]
) -> Iterator[Difference]:
    """Compare the executed quantity of an order with the venue's ORDER_STATUS.

    Args:
        order: The order of the history.
        report: The ORDER_STATUS.
        missing: The listed executions that the history does not have. They explain what the venue executed more.

    Rules: RECON-6.
    """
    explained = reduce(add, (execution.last_quantity or ZERO for execution in missing), order.cum_quantity)
    if report.cum_quantity is not None and report.cum_quantity not in (order.cum_quantity, explained):
        yield order_difference(
            order,
            Mismatch.QUANTITY_DIFFERS,
            aspect="executed",
            local_quantity=order.cum_quantity,
            exchange_quantity=report.cum_quantity,
            exchange_status=report.reported_status,
            reason="the executions that are listed do not explain what the venue says was executed",
        )


def terms_differences(order: KnownOrder, report: VenueReport) -> Iterator[Difference]:
    """Compare the quantity and the prices of an open order with the venue's ORDER_STATUS, as far as both have them.

    Args:
        order: The order of the history.
        report: The ORDER_STATUS.

    Rules: RECON-7.
    """
    if not order.is_open:
        return
    for term, (figure, words) in _TERMS.items():
        here, there = getattr(order, term), getattr(report, term)
        if None not in (here, there) and here != there:
            yield order_difference(
                order,
                Mismatch.TERMS_DIFFER,
                aspect=term,
                exchange_status=report.reported_status,
                reason=f"another {words} holds there",
                **{f"local_{figure}": here, f"exchange_{figure}": there},
            )


_TERMS: Mapping[str, tuple[str, str]] = {
    "order_quantity": ("quantity", "order quantity"),
    "limit_price": ("price", "limit price"),
    "stop_price": ("price", "stop price"),
}
"""The terms that are compared, each with the figures of its difference and its words."""


def states_terms(report: VenueReport) -> bool:
    """Whether a report has a term that is compared."""
    return any(getattr(report, term) is not None for term in _TERMS)
