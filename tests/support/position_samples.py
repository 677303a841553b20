"""Fills, account events and folds of one position."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from sot import AccountEvent, Fee, Instrument, InstrumentKind, Side
from sot.accounting import Method
from sot.domain.accounting.fold import PositionFold
from sot.domain.accounting.rates import fixed_rates
from sot.domain.values.position_key import PositionKey
from sot.domain.values.vocabulary import PositionSide
from sot.queries import Fill

T0 = datetime(2026, 1, 5, tzinfo=UTC)


def instrument_of(kind, **changes):
    return Instrument(account_id="a", venue="V", symbol="S", kind=kind, base="BASE", quote="QUOTE", **changes)


SPOT = instrument_of(InstrumentKind.SPOT)
MARGIN = instrument_of(InstrumentKind.MARGIN)
PERPETUAL = instrument_of(InstrumentKind.PERPETUAL)


def fill_of(number, side, quantity, price, *, at=None, fees=(), order=None, **fields):
    """A fill of an order of its own, at a count of seconds; by default of its number."""
    return Fill(
        account_id="a",
        order_id=f"00000000-0000-0000-0000-{number if order is None else order:012d}",
        execution=number,
        version=0,
        sequence=number,
        venue="V",
        symbol="S",
        side=Side(side),
        quantity=Decimal(quantity),
        price=Decimal(price),
        recorded_at=T0 + timedelta(seconds=number if at is None else at),
        fees=tuple(Fee(Decimal(amount), currency) for amount, currency in fees),
        first_exec_id=fields.pop("exec_id", None),
        position_side=PositionSide(fields.pop("position_side", "NET")),
        **fields,
    )


def transfer_of(at, quantity, cost=None, **fields):
    return AccountEvent(
        account_id="a",
        type="TRANSFER",
        venue="V",
        symbol="S",
        occurred_at=T0 + timedelta(seconds=at),
        quantity=Decimal(quantity),
        cost=None if cost is None else Decimal(cost),
        **fields,
    )


def split_of(at, split_to, split_from=1, **fields):
    return AccountEvent(
        account_id="a",
        type="SPLIT",
        venue="V",
        symbol="S",
        occurred_at=T0 + timedelta(seconds=at),
        split_to=Decimal(split_to),
        split_from=Decimal(split_from),
        **fields,
    )


def fold_of(instrument, entries, method=Method.AVERAGE, rates=None, start=None):
    """Fold entries in the order of their fold keys."""
    fold = PositionFold([instrument], method, rates and fixed_rates(rates), start)
    fold.fold(sorted(entries, key=lambda entry: entry.fold_key))
    return fold.position(PositionKey("a", "V", "S"))
