"""Rows of a ledger, of which those with one reference are one trade."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

import attrs

from sot.adapters.imports.csv_mapping.csv_rows import CsvRow
from sot.adapters.imports.csv_mapping.expressions import Remarks
from sot.adapters.imports.csv_mapping.row_facts import Moment, Reading
from sot.adapters.imports.csv_mapping.sections import LegSection
from sot.adapters.imports.figures import price_of
from sot.adapters.imports.row_error import RowError
from sot.adapters.imports.values import crypto_instrument, report
from sot.domain.orders.report import Fee
from sot.domain.values.instrument import Instrument
from sot.domain.values.numbers import ZERO, add
from sot.domain.values.vocabulary import EventType, Side
from sot.ports.readers import ImportItem


@attrs.frozen(kw_only=True)
class Leg:
    """One row of a trade: what moved of an asset, or the fee of the trade."""

    section: LegSection
    row: CsvRow
    moment: Moment
    asset: str
    amount: Decimal
    fees: Sequence[Fee]


@attrs.define
class Ledger:
    """The legs of a file by reference."""

    legs: dict[str, list[Leg]] = attrs.field(factory=dict)

    def add(self, reading: Reading, section: LegSection, row: CsvRow, remarks: Remarks) -> None:
        """Read a leg.

        Raises:
            RowError: The row cannot be read.
        """
        moment = reading.moment(section, row, remarks)
        asset = reading.mapping.asset(section.asset.required(row.values))
        amount = section.amount.number(row.values, remarks) or ZERO
        leg = Leg(
            section=section,
            row=row,
            moment=moment,
            asset=asset,
            amount=amount,
            fees=tuple(reading.fees(section.fees, row, asset, remarks)),
        )
        self.legs.setdefault(section.reference.required(row.values), []).append(leg)
        if section.balance is not None:
            reading.note_balance(section.balance, section, row, moment)


def read_legs(reading: Reading, reference: str, legs: Sequence[Leg]) -> Iterator[ImportItem]:
    """Make a trade of the rows with one reference.

    Raises:
        RowError: They are no trade of one asset for another.
    """
    moved: dict[str, Decimal] = {}
    fees: list[Fee] = []
    for leg in legs:
        fees += leg.fees
        if leg.section.is_fee:
            fees.append(Fee(amount=-leg.amount, currency=leg.asset))
        else:
            moved[leg.asset] = add(moved.get(leg.asset, ZERO), leg.amount)
    instrument = _instrument(reading, moved)
    quantity, amount = moved[instrument.base], moved[instrument.quote]
    first = legs[0]
    last_moment = max((leg.moment for leg in legs), key=lambda moment: moment.occurred_at)
    fields = {
        **reading.account_fields(first.section, first.row),
        "type": EventType.TRADE,
        "exec_id": reference,
        "venue_order_id": reference,
        "symbol": instrument.symbol,
        "side": Side.BUY if quantity > ZERO else Side.SELL,
        "last_quantity": quantity.copy_abs(),
        "last_price": price_of(quantity.copy_abs(), amount.copy_abs(), instrument),
        "last_amount": amount.copy_abs(),
        "fees": _summed(fees),
        "occurred_at": last_moment.occurred_at,
        "venue_sequence": last_moment.number,
        "raw_payload": {"rows": [leg.row.values for leg in legs]},
    }
    yield instrument
    yield report(fields)


def _instrument(reading: Reading, moved: dict[str, Decimal]) -> Instrument:
    if len(moved) < 2:
        raise RowError("only one side of the trade is in the file")
    if len(moved) > 2:
        raise RowError("more than two assets moved under one reference")
    if sorted(amount > ZERO for amount in moved.values()) != [False, True] or not all(moved.values()):
        raise RowError("nothing was given for what came")
    quotes = reading.mapping.quotes
    base, quote = sorted(moved, key=lambda asset: (-quotes.index(asset) if asset in quotes else -len(quotes), asset))
    return crypto_instrument(reading.options.account_id, reading.venue, base, quote)


def _summed(fees: Sequence[Fee]) -> list[Fee]:
    """The fees of a trade, one per currency."""
    sums: dict[str, Decimal] = {}
    for fee in fees:
        sums[fee.currency] = add(sums.get(fee.currency, ZERO), fee.amount)
    return [Fee(amount=amount, currency=currency) for currency, amount in sums.items() if amount]
