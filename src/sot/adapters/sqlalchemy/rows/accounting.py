"""Costs, profit and loss, account events and positions as rows, and back."""

from typing import Any

from sot.adapters.sqlalchemy.rows.support import SIDES, Values, amounts_text, picker, read_amounts
from sot.domain.accounting.account_event import AccountEvent, RecordedAccountEvent
from sot.domain.accounting.costs import OrderCosts
from sot.domain.accounting.pnl import OrderPnl
from sot.domain.accounting.position import PositionState
from sot.domain.values.canonical import read_canonical
from sot.domain.values.instrument import Instrument
from sot.domain.values.position_key import PositionKey
from sot.domain.values.vocabulary import Anomaly, PositionSide

_pick_costs = picker(
    OrderCosts,
    "account_id order_id quantity weighted notional maker_notional taker_notional paid_in_quantity"
    " paid_in_quantity_value decision_price",
)


def costs_row(costs: OrderCosts) -> Values:
    """Return the row of `order_costs`."""
    instrument = costs.instrument
    row = _pick_costs(costs)
    row["venue"] = instrument and instrument.venue
    row["symbol"] = instrument and instrument.symbol
    row["valid_from"] = instrument and instrument.valid_from
    row["currency"] = costs.currency
    row["fees"] = amounts_text(costs.fees)
    return row


def costs_of(row: Any, instrument: Instrument | None) -> OrderCosts:
    """Return the costs of a row of `order_costs` with the order's `side`."""
    values = _pick_costs(row)
    return OrderCosts(**values, instrument=instrument, side=SIDES[row.side], fees=read_amounts(row.fees))


_pick_pnl = picker(
    OrderPnl,
    "account_id order_id sequence mark currency cost_basis unrealized realized net calculated_at",
)


def pnl_row(pnl: OrderPnl) -> Values:
    """Return the row of `order_pnl`."""
    row = _pick_pnl(pnl)
    for name in ("rates", "fees", "unvalued"):
        row[name] = amounts_text(getattr(pnl, name))
    return row


def pnl_of(row: Any) -> OrderPnl:
    """Return the snapshot of a row of `order_pnl`."""
    values = _pick_pnl(row)
    return OrderPnl(
        **values, rates=read_amounts(row.rates), fees=read_amounts(row.fees), unvalued=read_amounts(row.unvalued)
    )


_pick_account_event = picker(
    AccountEvent,
    "account_id event_id type venue venue_account symbol position_side position_id amount currency quantity cost"
    " split_to split_from price cost_share to_symbol to_quantity order_id strategy_code external_id occurred_at",
)


def account_event_row(recorded: RecordedAccountEvent) -> Values:
    """Return the row of `account_events`."""
    row = _pick_account_event(recorded.event)
    row["replaces"] = recorded.event.replaces if recorded.counts else None
    row["recorded_at"] = recorded.recorded_at
    row["counts"] = recorded.counts
    row["anomalies"] = ",".join(recorded.anomalies)
    row["said"] = recorded.content_digest
    row["identity"] = recorded.identity
    row["body"] = recorded.event.canonical()
    row["hash"] = recorded.hash
    return row


def account_event_of(row: Any) -> RecordedAccountEvent:
    """Return the account event of a row of `account_events`."""
    return RecordedAccountEvent(
        event=AccountEvent.from_trusted(read_canonical(row.body)),
        recorded_at=row.recorded_at,
        content_digest=row.said,
        identity=row.identity,
        hash=row.hash,
        anomalies=tuple(Anomaly(name) for name in row.anomalies.split(",") if name),
    )


_AMOUNT_FIELDS = ("fees", "unvalued", "account_results", "unvalued_results")


_pick_state = picker(PositionState)


def position_row(key: PositionKey, state: PositionState) -> Values:
    """Return the row of `position_checkpoints`; a row of `positions` has the `currency`, too."""
    row = _pick_state(state)
    for name in _AMOUNT_FIELDS:
        row[name] = amounts_text(row[name])
    return {**key._asdict(), **row}


def position_of(row: Any) -> tuple[PositionKey, PositionState]:
    """Return the position of a row of `positions` or `position_checkpoints`."""
    values = _pick_state(row)
    for name in _AMOUNT_FIELDS:
        values[name] = read_amounts(values[name])
    return position_key(row), PositionState(**values)


def position_key(row: Any) -> PositionKey:
    """Return the position key of a row."""
    side = PositionSide(row.position_side)
    return PositionKey(row.account_id, row.venue, row.symbol, side, row.position_id, row.venue_account)
