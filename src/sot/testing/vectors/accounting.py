"""Vectors of kind `accounting`: executions and account events of one symbol, and the position after each."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from sot.application.history import OrderHistory
from sot.domain.accounting.account_event import AccountEvent
from sot.domain.orders.report import VenueReport
from sot.domain.values.instrument import Instrument
from sot.domain.values.vocabulary import EventType, InstrumentKind
from sot.ports.store import Store
from sot.testing.vectors.result import QUOTIENT_TOLERANCE, Result

_VENUE = "VENUE"
_FIRST = datetime(2026, 1, 1, tzinfo=UTC)


def run_accounting(store: Store, vector: Mapping[str, Any], result: Result) -> None:
    """Record executions, each of an external order, and account events; compare the position after each."""
    instrument = _instrument(f"conformance-{store.ids.new_id()}", vector["instrument"])
    query = {"method": vector["method"], "rates": vector.get("fee_rates")}
    where = vector["id"]
    with store.begin() as uow:
        history = OrderHistory(uow)
        history.register(instrument)
        for number, entry in enumerate(vector["fills"], 1):
            where = f"{vector['id']} fill {number}"
            if "account_event" in entry:
                history.record_account_event(_account_event(instrument, entry, number))
            else:
                history.adopt(_execution(instrument, entry, number))
            position = history.position(instrument.account_id, _VENUE, instrument.symbol, **query)
            for name, expected in (entry.get("expect") or {}).items():
                actual = position.unrealized(vector.get("mark")) if name == "unrealized" else getattr(position, name)
                _expect_amounts(result, where, name, expected, actual)
        if "lots" in vector:
            lots = history.position(instrument.account_id, _VENUE, instrument.symbol, **query).lots
            result.expect(where, "number of lots", len(vector["lots"]), len(lots))
            for number, (expected, lot) in enumerate(zip(vector["lots"], lots, strict=False), 1):
                for name in ("quantity", "price"):
                    result.expect(where, f"lot {number} {name}", expected[name], getattr(lot, name), QUOTIENT_TOLERANCE)
        uow.commit()


def _instrument(account_id: str, fields: Mapping[str, Any]) -> Instrument:
    plain = fields["settle"] == fields["quote"] and Decimal(fields["multiplier"]) == 1 and not fields["inverse"]
    kind = InstrumentKind.MARGIN if plain else InstrumentKind.PERPETUAL
    return Instrument.read({"account_id": account_id, "venue": _VENUE, "kind": kind, **fields})


def _at(entry: Mapping[str, Any], number: int) -> datetime:
    return _FIRST + timedelta(seconds=int(entry.get("at", number)))


_OPTIONAL = ("leg", "position_side", "position_id", "last_amount", "venue_sequence", "venue_time_ns")


def _execution(instrument: Instrument, fill: Mapping[str, Any], number: int) -> VenueReport:
    return VenueReport.read(
        {
            "account_id": instrument.account_id,
            "venue": _VENUE,
            "symbol": instrument.symbol,
            "type": EventType.TRADE,
            "venue_order_id": f"order {number}",
            "side": fill["side"],
            "order_quantity": fill["quantity"],
            "exec_id": fill.get("exec_id"),
            "last_quantity": fill["quantity"],
            "last_price": fill["price"],
            "fees": fill.get("fees") or [],
            "occurred_at": _at(fill, number),
            **{name: fill[name] for name in _OPTIONAL if name in fill},
        }
    )


def _account_event(instrument: Instrument, entry: Mapping[str, Any], number: int) -> AccountEvent:
    return AccountEvent.read(
        {
            "account_id": instrument.account_id,
            "venue": _VENUE,
            "symbol": instrument.symbol,
            "occurred_at": _at(entry, number),
            **entry["account_event"],
        }
    )


def _expect_amounts(result: Result, where: str, name: str, expected: object, actual: object) -> None:
    """Compare one amount, or amounts by currency."""
    if isinstance(expected, Mapping) and isinstance(actual, Mapping):
        for key in sorted({*expected, *actual}):
            result.expect(
                where, f"{name} {key}", expected.get(key, "0"), actual.get(key, Decimal(0)), QUOTIENT_TOLERANCE
            )
    else:
        result.expect(where, name, expected, actual, QUOTIENT_TOLERANCE)
