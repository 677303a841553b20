"""Domain values as rows of the tables, and back."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from json.encoder import encode_basestring as quoted
from typing import Any, TypeVar

import attrs

from sot.adapters.sqlalchemy.state_text import read_state, state_text
from sot.domain.access import ApiKey, IdempotencyRecord
from sot.domain.account_event import AccountEvent
from sot.domain.canonical import read_canonical
from sot.domain.costs import OrderCosts
from sot.domain.documents import document_text
from sot.domain.errors import StoreDamaged
from sot.domain.event import OrderEvent
from sot.domain.fill import Fill
from sot.domain.folding import PositionKey
from sot.domain.instrument import Instrument
from sot.domain.intent import DecisionContext, OrderRequest, RiskCheck, Withdrawal
from sot.domain.numbers import plain
from sot.domain.order import Order
from sot.domain.pnl import OrderPnl
from sot.domain.position import PositionState
from sot.domain.reconciliation import Reconciliation
from sot.domain.report import FEES, Fee, VenueReport
from sot.domain.state import OrderState
from sot.domain.vocabulary import Anomaly, Liquidity, OrderType, PositionSide, ReportingType, Side
from sot.ports.records import (
    RecordedAccountEvent,
    RecordedCheck,
    RecordedReconciliation,
    RecordedRequest,
    RecordedWithdrawal,
    StateAfter,
    UnattributedReport,
)

Values = dict[str, Any]
T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


def _words(vocabulary: type[E]) -> Mapping[str | None, E | None]:
    """The words of a vocabulary by their text: a look-up takes a fifth of a call."""
    return {None: None, **{str(member): member for member in vocabulary}}


_SIDES = _words(Side)
_POSITION_SIDES = _words(PositionSide)
_ORDER_TYPES = _words(OrderType)
_LIQUIDITIES = _words(Liquidity)
_REPORTING_TYPES = _words(ReportingType)


def read(url: str, what: str, make: Callable[[], T]) -> T:
    """What `make` gives. Raises: StoreDamaged: what is stored cannot be read."""
    try:
        return make()
    except (ValueError, KeyError, TypeError, ArithmeticError, AttributeError) as error:
        raise StoreDamaged(url, f"{what} cannot be read ({error})") from error


def _amounts_text(amounts: Mapping[str, Decimal]) -> str:
    return "{" + ",".join(f'{quoted(key)}:"{plain(amounts[key])}"' for key in sorted(amounts)) + "}"


def _amounts(text: str) -> dict[str, Decimal]:
    return {key: Decimal(value) for key, value in read_canonical(text).items()}


def _fields_of(cls: type[Any], names: str) -> tuple[str, ...]:
    fields = tuple(names.split())
    known = {field.name for field in attrs.fields(cls)}
    assert known.issuperset(fields), set(fields) - known
    return fields


def _picked(value: Any, names: tuple[str, ...]) -> Values:
    held = value.__dict__
    return {name: held[name] for name in names}


_INSTRUMENT = _fields_of(Instrument, "account_id venue symbol kind base quote settle multiplier inverse valid_from")


def instrument_row(instrument: Instrument, hash: str) -> Values:
    """A row of `instruments`."""
    return {**_picked(instrument, _INSTRUMENT), "body": instrument.canonical(), "hash": hash}


_REQUEST = _fields_of(
    OrderRequest,
    "account_id request_id idempotency_key action client_order_id id_scope target_order_id source source_ref venue"
    " venue_account symbol side order_type quantity quote_quantity limit_price stop_price time_in_force strategy_code"
    " requested_by requested_at retry_of parent_id group_id trace",
)


def request_row(recorded: RecordedRequest) -> Values:
    """A row of `order_requests`."""
    row = _picked(recorded.request, _REQUEST)
    row["recorded_at"] = recorded.recorded_at
    row["body"] = recorded.request.canonical()
    row["hash"] = recorded.hash
    return row


def context_row(recorded: RecordedRequest, context: DecisionContext) -> Values:
    """A row of `order_decision_context`."""
    return {
        "account_id": recorded.account_id,
        "request_id": recorded.request_id,
        "signal_strength": context.signal_strength,
        "decision_price": context.decision_price,
        "body": context.canonical(),
        "hash": recorded.context_hash,
    }


_CHECK = _fields_of(RiskCheck, "rule_code passed message checked_at")
_WITHDRAWAL = _fields_of(Withdrawal, "reason actor occurred_at")


def check_row(recorded: RecordedRequest, check: RecordedCheck) -> Values:
    """A row of `order_risk_checks`."""
    return {
        "account_id": recorded.account_id,
        "request_id": recorded.request_id,
        "number": check.number,
        **_picked(check.check, _CHECK),
        "recorded_at": check.recorded_at,
        "body": check.check.canonical(),
        "hash": check.hash,
    }


def withdrawal_row(recorded: RecordedRequest, withdrawal: RecordedWithdrawal) -> Values:
    """A row of `order_request_withdrawals`."""
    return {
        "account_id": recorded.account_id,
        "request_id": recorded.request_id,
        **_picked(withdrawal.withdrawal, _WITHDRAWAL),
        "recorded_at": withdrawal.recorded_at,
        "body": withdrawal.withdrawal.canonical(),
        "hash": withdrawal.hash,
    }


def request_of(row: Any, checks: tuple[RecordedCheck, ...]) -> RecordedRequest:
    """The request of a row that also has what was said of it beside."""
    context = None if row.context_body is None else DecisionContext.recalled(read_canonical(row.context_body))
    withdrawal = None
    if row.withdrawal_body is not None:
        withdrawal = RecordedWithdrawal(
            withdrawal=Withdrawal.recalled(read_canonical(row.withdrawal_body)),
            recorded_at=row.withdrawn_at,
            hash=row.withdrawal_hash,
        )
    return RecordedRequest(
        request=OrderRequest.recalled(read_canonical(row.body)),
        recorded_at=row.recorded_at,
        hash=row.hash,
        context=context,
        context_hash=row.context_hash,
        checks=checks,
        withdrawal=withdrawal,
        order_id=row.order_id,
    )


def check_of(row: Any) -> RecordedCheck:
    """The check of a row of `order_risk_checks`."""
    return RecordedCheck(
        number=row.number,
        check=RiskCheck.recalled(read_canonical(row.body)),
        recorded_at=row.recorded_at,
        hash=row.hash,
    )


_ORDER = _fields_of(
    Order,
    "account_id order_id request_id venue venue_account id_scope symbol side order_type strategy_code created_at"
    " last_sequence updated_at version",
)


def order_row(order: Order) -> Values:
    """A row of `orders`."""
    row = _picked(order, _ORDER)
    row["last_hash"] = order.last_hash
    row.update(columns_of_state(order.state))
    return row


def columns_of_state(state: OrderState) -> Values:
    """The columns of `orders` that its state gives."""
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
        "state": state_text(state),
    }


def order_of(row: Any) -> Order:
    """The order of a row of `orders`."""
    return Order(
        account_id=row.account_id,
        order_id=row.order_id,
        request_id=row.request_id,
        venue=row.venue,
        venue_account=row.venue_account,
        id_scope=row.id_scope,
        symbol=row.symbol,
        side=_SIDES[row.side],
        order_type=_ORDER_TYPES[row.order_type],
        strategy_code=row.strategy_code,
        created_at=row.created_at,
        state=read_state(row.state),
        last_sequence=row.last_sequence,
        last_hash=row.last_hash,
        updated_at=row.updated_at,
        version=row.version,
    )


def state_row(state: StateAfter) -> Values:
    """A row of `order_states`."""
    return {**{name: getattr(state, name) for name in _STATE_AFTER}, "state": state_text(state.state)}


def state_of(row: Any) -> StateAfter:
    """The state of a row of `order_states`."""
    return StateAfter(**{name: getattr(row, name) for name in _STATE_AFTER}, state=read_state(row.state))


_STATE_AFTER = ("account_id", "order_id", "sequence", "recorded_at", "happened_at")


def event_row(event: OrderEvent, body: str | None = None) -> Values:
    """A row of `order_events`; `body` is its canonical form, where that is at hand."""
    report, fact = event.report, event.fact
    identity = report.identity if report else None
    return {
        "account_id": event.account_id,
        "order_id": event.order_id,
        "sequence": event.sequence,
        "type": event.type,
        "origin": event.origin,
        "actor": event.actor,
        "occurred_at": event.occurred_at,
        "recorded_at": event.recorded_at,
        "exec_id": identity and identity[0],
        "leg": identity and identity[1],
        "exec_ref_id": report and report.exec_ref_id,
        "client_order_id": (report.client_order_id if report else None) or (fact and fact.client_order_id),
        "venue_order_id": report and report.venue_order_id,
        "last_quantity": report and report.last_quantity,
        "last_price": report and report.last_price,
        "reported_status": report and report.reported_status,
        "anomalies": ",".join(event.anomalies),
        "request_id": fact and fact.request_id,
        "report_id": event.report_id,
        "said": event.said,
        "prev_hash": event.prev_hash,
        "body": body or event.sealed_body(),
        "hash": event.hash,
        "trace": event.trace,
    }


def event_of(row: Any) -> OrderEvent:
    """The event of a row that has its body and hash."""
    return OrderEvent.stored(row.body, row.hash)


_FILL = tuple(field.name for field in attrs.fields(Fill))


def fill_row(fill: Fill) -> Values:
    """A row of `order_fills`."""
    return {**_picked(fill, _FILL), **columns_of_fill(fill)}


def columns_of_fill(fill: Fill) -> Values:
    """The columns of `order_fills` that are not a field of the fill as it is."""
    return {"fees": FEES.write(fill.fees), "happened_at": fill.happened_at}


def fill_of(row: Any) -> Fill:
    """The fill of a row of `order_fills`."""
    values = row._asdict()
    del values["happened_at"]
    values["side"] = _SIDES[values["side"]]
    values["position_side"] = _POSITION_SIDES[values["position_side"]]
    values["liquidity"] = _LIQUIDITIES[values["liquidity"]]
    values["reporting_type"] = _REPORTING_TYPES[values["reporting_type"]]
    values["fees"] = tuple([Fee.recalled(fee) for fee in read_canonical(values["fees"])])
    return Fill(**values)


def report_row(report: UnattributedReport) -> Values:
    """A row of `unattributed_reports`."""
    said = report.report
    return {
        "account_id": report.account_id,
        "report_id": report.report_id,
        "type": said.type,
        "venue": said.venue,
        "symbol": said.symbol,
        "client_order_id": said.client_order_id,
        "venue_order_id": said.venue_order_id,
        "exec_id": said.exec_id,
        "occurred_at": said.occurred_at,
        "recorded_at": report.recorded_at,
        "said": report.said,
        "body": said.canonical(),
        "hash": report.hash,
    }


def report_of(row: Any) -> UnattributedReport:
    """The report of a row of `unattributed_reports`."""
    return UnattributedReport(
        report_id=row.report_id,
        report=VenueReport.recalled(read_canonical(row.body)),
        recorded_at=row.recorded_at,
        said=row.said,
        hash=row.hash,
    )


_COSTS = _fields_of(
    OrderCosts,
    "account_id order_id quantity weighted notional maker_notional taker_notional paid_in_quantity"
    " paid_in_quantity_value decision_price",
)


def costs_row(costs: OrderCosts) -> Values:
    """A row of `order_costs`."""
    instrument = costs.instrument
    row = {name: getattr(costs, name) for name in _COSTS}
    row["venue"] = instrument and instrument.venue
    row["symbol"] = instrument and instrument.symbol
    row["valid_from"] = instrument and instrument.valid_from
    row["currency"] = costs.currency
    row["fees"] = _amounts_text(costs.fees)
    return row


def costs_of(row: Any, instrument: Instrument | None) -> OrderCosts:
    """The costs of a row of `order_costs` that has the order's `side` beside."""
    values = {name: getattr(row, name) for name in _COSTS}
    return OrderCosts(**values, instrument=instrument, side=_SIDES[row.side], fees=_amounts(row.fees))


_PNL = _fields_of(
    OrderPnl,
    "account_id order_id sequence mark currency cost_basis unrealized realized net calculated_at",
)


def pnl_row(pnl: OrderPnl) -> Values:
    """A row of `order_pnl`."""
    row = {name: getattr(pnl, name) for name in _PNL}
    for name in ("rates", "fees", "unvalued"):
        row[name] = _amounts_text(getattr(pnl, name))
    return row


def pnl_of(row: Any) -> OrderPnl:
    """The snapshot of a row of `order_pnl`."""
    values = {name: getattr(row, name) for name in _PNL}
    return OrderPnl(**values, rates=_amounts(row.rates), fees=_amounts(row.fees), unvalued=_amounts(row.unvalued))


_ACCOUNT_EVENT = _fields_of(
    AccountEvent,
    "account_id event_id type venue venue_account symbol position_side position_id amount currency quantity cost"
    " split_to split_from order_id strategy_code external_id occurred_at",
)


def account_event_row(recorded: RecordedAccountEvent) -> Values:
    """A row of `account_events`."""
    row = _picked(recorded.event, _ACCOUNT_EVENT)
    row["replaces"] = recorded.event.replaces if recorded.counts else None
    row["recorded_at"] = recorded.recorded_at
    row["counts"] = recorded.counts
    row["anomalies"] = ",".join(recorded.anomalies)
    row["said"] = recorded.said
    row["identity"] = recorded.identity
    row["body"] = recorded.event.canonical()
    row["hash"] = recorded.hash
    return row


def account_event_of(row: Any) -> RecordedAccountEvent:
    """The event of a row of `account_events`."""
    return RecordedAccountEvent(
        event=AccountEvent.recalled(read_canonical(row.body)),
        recorded_at=row.recorded_at,
        said=row.said,
        identity=row.identity,
        hash=row.hash,
        anomalies=tuple(Anomaly(name) for name in row.anomalies.split(",") if name),
    )


_RECONCILIATION = _fields_of(
    Reconciliation,
    "account_id record_id type venue venue_account run_id subject mismatch order_id client_order_id venue_order_id"
    " exec_id leg symbol position_side position_id local_status exchange_status local_quantity exchange_quantity"
    " resolution reason actor checked_at",
)


def reconciliation_row(recorded: RecordedReconciliation) -> Values:
    """A row of `exchange_reconciliation`."""
    said = recorded.row
    row = _picked(said, _RECONCILIATION)
    row["number"] = recorded.part
    row["finding_id"] = recorded.closes
    row["inputs"] = None if said.inputs is None else document_text(said.inputs)
    row["recorded_at"] = recorded.recorded_at
    row["body"] = said.canonical()
    row["hash"] = recorded.hash
    return row


def reconciliation_of(row: Any) -> RecordedReconciliation:
    """The row of a reconciliation of a row of `exchange_reconciliation` that has what closes it beside."""
    closing = row.closing_body
    return RecordedReconciliation(
        row=Reconciliation.recalled(read_canonical(row.body)),
        recorded_at=row.recorded_at,
        hash=row.hash,
        resolution=None if closing is None else Reconciliation.recalled(read_canonical(closing)),
    )


_API_KEY = _fields_of(ApiKey, "key_id secret_hash created_at name revoked_at")


def api_key_row(key: ApiKey) -> Values:
    """A row of `api_keys`."""
    row = _picked(key, _API_KEY)
    row["scopes"] = ",".join(key.scopes)
    row["accounts"] = None if key.accounts is None else ApiKey.KINDS["accounts"].write(key.accounts)
    return row


@lru_cache(maxsize=1_000)
def api_key_of(row: Any) -> ApiKey:
    """The key of a row of `api_keys`; the same for an equal row, since one key asks many times."""
    values = {name: getattr(row, name) for name in _API_KEY}
    values["scopes"] = [scope for scope in row.scopes.split(",") if scope]
    values["accounts"] = None if row.accounts is None else read_canonical(row.accounts)
    return ApiKey(**values)


_IDEMPOTENCY_RECORD = _fields_of(IdempotencyRecord, "owner key fingerprint status body recorded_at")


def idempotency_record_row(record: IdempotencyRecord) -> Values:
    """A row of `idempotency_records`."""
    row = _picked(record, _IDEMPOTENCY_RECORD)
    row["headers"] = None if record.headers is None else IdempotencyRecord.KINDS["headers"].write(record.headers)
    return row


def idempotency_record_of(row: Any) -> IdempotencyRecord:
    """The record of a row of `idempotency_records`."""
    values = {name: getattr(row, name) for name in _IDEMPOTENCY_RECORD}
    return IdempotencyRecord(**values, headers=None if row.headers is None else read_canonical(row.headers))


_AMOUNTS = ("fees", "unvalued", "account_results", "unvalued_results")
_STATE = tuple(field.name for field in attrs.fields(PositionState))


def position_row(key: PositionKey, state: PositionState) -> Values:
    """A row of `position_checkpoints`; with the currency, one of `positions`."""
    row = {name: getattr(state, name) for name in _STATE}
    for name in _AMOUNTS:
        row[name] = _amounts_text(row[name])
    return {**key._asdict(), **row}


def position_of(row: Any) -> tuple[PositionKey, PositionState]:
    """The position of a row of `positions` or `position_checkpoints`."""
    values = {name: getattr(row, name) for name in _STATE}
    for name in _AMOUNTS:
        values[name] = _amounts(values[name])
    return position_key(row), PositionState(**values)


def position_key(row: Any) -> PositionKey:
    """The key of a position, of a row that has it."""
    return PositionKey(row.account_id, row.venue, row.symbol, PositionSide(row.position_side), row.position_id)
