"""Instruments, requests, orders and reports as rows, and back."""

from typing import Any

from sot.adapters.sqlalchemy.rows.support import ORDER_TYPES, SIDES, Values, picker
from sot.adapters.sqlalchemy.state_json import read_state, write_state
from sot.domain.orders.order import Order
from sot.domain.orders.records import RecordedCheck, RecordedRequest, RecordedWithdrawal, StateAfter, UnattributedReport
from sot.domain.orders.report import VenueReport
from sot.domain.orders.request import DecisionContext, OrderRequest, RiskCheck, Withdrawal
from sot.domain.orders.state import OrderState
from sot.domain.values.canonical import read_canonical
from sot.domain.values.instrument import Instrument

_pick_instrument = picker(Instrument, "account_id venue symbol kind base quote settle multiplier inverse valid_from")


def instrument_row(instrument: Instrument, number: int, hash: str) -> Values:
    """Return the row of `instruments`."""
    return {**_pick_instrument(instrument), "number": number, "body": instrument.canonical(), "hash": hash}


_pick_request = picker(
    OrderRequest,
    "account_id request_id idempotency_key action client_order_id id_scope target_order_id source source_ref venue"
    " venue_account symbol side order_type quantity quote_quantity limit_price stop_price time_in_force strategy_code"
    " requested_by requested_at retry_of parent_id group_id trace",
)


def request_row(recorded: RecordedRequest) -> Values:
    """Return the row of `order_requests`."""
    row = _pick_request(recorded.request)
    row["recorded_at"] = recorded.recorded_at
    row["body"] = recorded.request.canonical()
    row["hash"] = recorded.hash
    return row


def context_row(recorded: RecordedRequest, context: DecisionContext) -> Values:
    """Return the row of `order_decision_context`."""
    return {
        "account_id": recorded.account_id,
        "request_id": recorded.request_id,
        "signal_strength": context.signal_strength,
        "decision_price": context.decision_price,
        "body": context.canonical(),
        "hash": recorded.context_hash,
    }


_pick_check = picker(RiskCheck, "rule_code passed message checked_at")


_pick_withdrawal = picker(Withdrawal, "reason actor occurred_at")


def check_row(recorded: RecordedRequest, check: RecordedCheck) -> Values:
    """Return the row of `order_risk_checks`."""
    return {
        "account_id": recorded.account_id,
        "request_id": recorded.request_id,
        "number": check.number,
        **_pick_check(check.check),
        "recorded_at": check.recorded_at,
        "body": check.check.canonical(),
        "hash": check.hash,
    }


def withdrawal_row(recorded: RecordedRequest, withdrawal: RecordedWithdrawal) -> Values:
    """Return the row of `order_request_withdrawals`."""
    return {
        "account_id": recorded.account_id,
        "request_id": recorded.request_id,
        **_pick_withdrawal(withdrawal.withdrawal),
        "recorded_at": withdrawal.recorded_at,
        "body": withdrawal.withdrawal.canonical(),
        "hash": withdrawal.hash,
    }


def request_of(row: Any, checks: tuple[RecordedCheck, ...]) -> RecordedRequest:
    """Return the request of a row of `order_requests` with its context, its withdrawal and its order."""
    context = None if row.context_body is None else DecisionContext.from_trusted(read_canonical(row.context_body))
    withdrawal = None
    if row.withdrawal_body is not None:
        withdrawal = RecordedWithdrawal(
            withdrawal=Withdrawal.from_trusted(read_canonical(row.withdrawal_body)),
            recorded_at=row.withdrawn_at,
            hash=row.withdrawal_hash,
        )
    return RecordedRequest(
        request=OrderRequest.from_trusted(read_canonical(row.body)),
        recorded_at=row.recorded_at,
        hash=row.hash,
        context=context,
        context_hash=row.context_hash,
        checks=checks,
        withdrawal=withdrawal,
        order_id=row.order_id,
    )


def check_of(row: Any) -> RecordedCheck:
    """Return the check of a row of `order_risk_checks`."""
    return RecordedCheck(
        number=row.number,
        check=RiskCheck.from_trusted(read_canonical(row.body)),
        recorded_at=row.recorded_at,
        hash=row.hash,
    )


_pick_order = picker(
    Order,
    "account_id order_id request_id venue venue_account id_scope symbol side order_type strategy_code created_at"
    " last_sequence updated_at version",
)


def order_row(order: Order) -> Values:
    """Return the row of `orders`."""
    row = _pick_order(order)
    row["last_hash"] = order.last_hash
    row.update(columns_of_state(order.state))
    return row


def columns_of_state(state: OrderState) -> Values:
    """Return the columns of `orders` that are computed from the state, and the state."""
    return {
        "status": state.status,
        "is_open": state.is_open,
        "in_doubt": state.in_doubt,
        "order_quantity": state.order_quantity,
        "cum_quantity": state.cum_quantity,
        "leaves_quantity": state.leaves_quantity,
        "notional": state.notional,
        "client_order_id": state.client_order_id,
        "venue_order_id": state.venue_order_id,
        "state": write_state(state),
    }


COMPUTED_OF_STATE = columns_of_state(OrderState()).keys() - {"state"}
"""The columns of `orders` that are computed from the state, and not needed to read an order."""


def order_of(row: Any) -> Order:
    """Return the order of a row of `orders`."""
    return Order(
        account_id=row.account_id,
        order_id=row.order_id,
        request_id=row.request_id,
        venue=row.venue,
        venue_account=row.venue_account,
        id_scope=row.id_scope,
        symbol=row.symbol,
        side=SIDES[row.side],
        order_type=ORDER_TYPES[row.order_type],
        strategy_code=row.strategy_code,
        created_at=row.created_at,
        state=read_state(row.state),
        last_sequence=row.last_sequence,
        last_hash=row.last_hash,
        updated_at=row.updated_at,
        version=row.version,
    )


_pick_state = picker(StateAfter, "account_id order_id sequence recorded_at happened_at")


def state_row(state: StateAfter) -> Values:
    """Return the row of `order_states`."""
    return {**_pick_state(state), "state": write_state(state.state)}


def state_of(row: Any) -> StateAfter:
    """Return the state of a row of `order_states`."""
    return StateAfter(**_pick_state(row), state=read_state(row.state))


def report_row(report: UnattributedReport) -> Values:
    """Return the row of `unattributed_reports`."""
    content = report.report
    return {
        "account_id": report.account_id,
        "report_id": report.report_id,
        "type": content.type,
        "venue": content.venue,
        "symbol": content.symbol,
        "client_order_id": content.client_order_id,
        "venue_order_id": content.venue_order_id,
        "exec_id": content.exec_id,
        "occurred_at": content.occurred_at,
        "recorded_at": report.recorded_at,
        "said": report.content_digest,
        "body": content.canonical(),
        "hash": report.hash,
    }


def report_of(row: Any) -> UnattributedReport:
    """Return the report of a row of `unattributed_reports`."""
    return UnattributedReport(
        report_id=row.report_id,
        report=VenueReport.from_trusted(read_canonical(row.body)),
        recorded_at=row.recorded_at,
        content_digest=row.said,
        hash=row.hash,
    )
