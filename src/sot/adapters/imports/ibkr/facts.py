"""Facts of the records of a statement."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

import attrs

from sot.adapters.imports.figures import fraction_digits, read_number
from sot.adapters.imports.ibkr.records import (
    KINDS,
    ONE_PERCENT,
    PERCENT_QUOTED,
    RIGHTS,
    ActionRecord,
    CashRecord,
    Contract,
    HeldRecord,
    StatementRecords,
    TradeRecord,
    number,
    optional_number,
    read_time,
    split_of,
)
from sot.adapters.imports.row_error import RowError
from sot.adapters.imports.values import Instruments, account_event, instrument, report
from sot.application.importing.row_ids import MomentSequence, RowIds
from sot.domain.orders.report import Fee
from sot.domain.values.instrument import Instrument
from sot.domain.values.numbers import FRACTION_DIGITS, ZERO
from sot.domain.values.vocabulary import AccountEventType, EventType, InstrumentKind, Method, Side
from sot.ports.readers import NOTHING_MOVED, ImportItem, ReaderOptions, Remark, Skipped, StatedFigure, Statement

VENUE = "IBKR"

COUNTED_WITH_OPTION = "a trade in the underlying of an option: the exercise or assignment tells it"

_CASH_TYPES: dict[str, AccountEventType] = {
    "DIVIDENDS": AccountEventType.DIVIDEND,
    "PAYMENT IN LIEU OF DIVIDENDS": AccountEventType.DIVIDEND,
    "WITHHOLDING TAX": AccountEventType.DIVIDEND,
    "871(M) WITHHOLDING": AccountEventType.DIVIDEND,
    "BROKER INTEREST PAID": AccountEventType.INTEREST,
    "BROKER INTEREST RECEIVED": AccountEventType.INTEREST,
    "BOND INTEREST PAID": AccountEventType.INTEREST,
    "BOND INTEREST RECEIVED": AccountEventType.INTEREST,
    "INTEREST": AccountEventType.INTEREST,
    "DEPOSITS/WITHDRAWALS": AccountEventType.TRANSFER,
    "DEPOSITS & WITHDRAWALS": AccountEventType.TRANSFER,
    "OTHER FEES": AccountEventType.FEE_ADJUSTMENT,
    "FEES": AccountEventType.FEE_ADJUSTMENT,
    "ADVISOR FEES": AccountEventType.FEE_ADJUSTMENT,
    "COMMISSION ADJUSTMENTS": AccountEventType.FEE_ADJUSTMENT,
    "COMMISSION CREDITS/REDISTRIBUTION": AccountEventType.FEE_ADJUSTMENT,
    "BROKER FEES": AccountEventType.FEE_ADJUSTMENT,
    "PRICE ADJUSTMENTS": AccountEventType.FEE_ADJUSTMENT,
    "SALES TAX": AccountEventType.FEE_ADJUSTMENT,
    "TRANSACTION FEES": AccountEventType.FEE_ADJUSTMENT,
}

_POSITION_EVENTS = {
    "Ex": AccountEventType.EXERCISE,
    "A": AccountEventType.ASSIGNMENT,
    "Ep": AccountEventType.EXPIRY,
}


def facts(records: StatementRecords, options: ReaderOptions) -> Iterator[ImportItem]:
    """The facts of a statement, its figures, and what is skipped.

    Raises:
        InvalidInput: A time has no offset, and there is no zone.
    """
    reading = _Reading(options)
    deliveries = _Deliveries(records.trades)
    for trade in records.trades:
        yield from reading.guarded(trade, lambda trade=trade: reading.trade(trade, deliveries))  # type: ignore[misc]
    for cash in records.cash:
        yield from reading.guarded(cash, lambda cash=cash: reading.cash(cash))  # type: ignore[misc]
    for action in records.actions:
        yield from reading.guarded(action, lambda action=action: reading.action(action))  # type: ignore[misc]
    for held in records.positions:
        yield from reading.guarded(held, lambda held=held: [reading.quantity(held)])  # type: ignore[misc]
    for held in records.balances:
        yield from reading.guarded(held, lambda held=held: [reading.balance(held)])  # type: ignore[misc]
    for row, location, reason in records.others:
        yield Skipped(reason=reason, row=row, location=location, expected=True)


class _Deliveries:
    """The trades in underlyings that exercises and assignments made."""

    def __init__(self, trades: Iterable[TradeRecord]) -> None:
        self._delivered: set[tuple[str, str, str]] = set()
        self._exercised: set[tuple[str, str, str]] = set()
        for trade in trades:
            if _is_delivery(trade):
                self._delivered.add(_delivery_key(trade, trade.contract.symbol))
            if _is_exercise(trade):
                self._exercised.add(_delivery_key(trade, trade.contract.underlying))

    def delivers(self, trade: TradeRecord) -> bool:
        """Whether an exercise or assignment comes with a trade in its underlying."""
        return _delivery_key(trade, trade.contract.underlying) in self._delivered

    def has_exercise(self, trade: TradeRecord) -> bool:
        """Whether a trade in an underlying comes with an exercise or assignment, which records it."""
        return _is_delivery(trade) and _delivery_key(trade, trade.contract.symbol) in self._exercised


def _kind(contract: Contract) -> InstrumentKind:
    kind = KINDS.get(contract.category)
    if kind is None:
        raise RowError(f"{contract.category} is a category that is not read")
    return kind


def _is_option(trade: TradeRecord) -> bool:
    return KINDS.get(trade.contract.category) is InstrumentKind.OPTION


def _is_exercise(trade: TradeRecord) -> bool:
    return _is_option(trade) and trade.option_code in ("Ex", "A")


def _is_delivery(trade: TradeRecord) -> bool:
    return not _is_option(trade) and trade.option_code in ("Ex", "A")


def _delivery_key(trade: TradeRecord, symbol: str) -> tuple[str, str, str]:
    """An option and its underlying are booked on one day with one code."""
    return symbol, "".join(filter(str.isdigit, trade.at))[:8], trade.option_code


@attrs.define
class _Reading:
    """The state of reading one statement."""

    options: ReaderOptions
    instruments: Instruments = attrs.field(factory=Instruments)
    ids: RowIds = attrs.field(factory=RowIds)
    moments: MomentSequence = attrs.field(factory=MomentSequence)
    remarks: list[str] = attrs.field(factory=list)

    @property
    def account_fields(self) -> dict[str, Any]:
        options = self.options
        return {
            "account_id": options.account_id,
            "venue": options.venue or VENUE,
            "venue_account": options.venue_account,
        }

    def guarded(self, record: Any, read: Callable[[], Iterable[ImportItem]]) -> list[ImportItem]:
        """What a record says, or why it is skipped."""
        self.remarks = []
        try:
            items = list(read())
        except RowError as error:
            return [Skipped(reason=error.reason, row=record.row, location=record.location)]
        return items + [Remark(text=text, row=record.row, location=record.location) for text in self.remarks]

    def time(self, text: str) -> datetime:
        return read_time(text, self.options.zone, self.remarks)

    def trade(self, trade: TradeRecord, deliveries: _Deliveries) -> Iterator[ImportItem]:
        """An execution, or what an option came to."""
        contract = self._instrument(trade.contract)
        if deliveries.has_exercise(trade):
            yield from self.instruments.new(contract)
            yield Skipped(reason=COUNTED_WITH_OPTION, row=trade.row, location=trade.location, expected=True)
        elif _is_option(trade) and trade.option_code:
            yield from self.instruments.new(contract)
            yield self._option_event(trade, contract, deliveries)
        else:
            execution = self._execution(trade, contract)
            yield from self.instruments.new(contract)
            yield execution
        yield from self._result(trade, contract)

    def _execution(self, trade: TradeRecord, contract: Instrument) -> Any:
        quantity, price = number("quantity", trade.quantity), number("price", trade.price)
        at = self.time(trade.at)
        trade_id = trade.trade_id or self.ids.next_id(trade.identity)
        amount = optional_number("proceeds", trade.proceeds)
        amount = None if amount is None else amount.copy_abs() if price >= ZERO else -amount.copy_abs()
        if amount is not None and not contract.believes(quantity.copy_abs(), price, amount):
            amount = None
        is_bust = bool(trade.canceled_id)
        side = Side(trade.side) if trade.side else Side.SELL if quantity < ZERO else Side.BUY
        return report(
            {
                **self.account_fields,
                "type": EventType.TRADE_CANCEL if is_bust else EventType.TRADE,
                "exec_id": trade_id,
                "exec_ref_id": trade.canceled_id or None,
                "venue_order_id": trade.order_id or trade.canceled_id or trade_id,
                "symbol": contract.symbol,
                "side": side,
                "last_quantity": None if is_bust else quantity.copy_abs(),
                "last_price": None if is_bust else price,
                "last_amount": None if is_bust else amount,
                "fees": None if is_bust else self._fees(trade),
                "occurred_at": at,
                "venue_sequence": self.moments.next_number(at),
                "raw_payload": trade.row,
            }
        )

    def _fees(self, trade: TradeRecord) -> list[Fee]:
        """Commissions and taxes; what was paid is negative in the statement."""
        currency = trade.commission_currency or trade.contract.currency
        found = [
            (optional_number("commission", trade.commission), currency),
            (optional_number("taxes", trade.taxes), trade.contract.currency),
        ]
        return [Fee(amount=-amount, currency=of) for amount, of in found if amount]

    def _option_event(self, trade: TradeRecord, contract: Instrument, deliveries: _Deliveries) -> Any:
        """The exercise, the assignment or the expiry of an option."""
        quantity = number("quantity", trade.quantity).copy_abs()
        proceeds = optional_number("proceeds", trade.proceeds) or ZERO
        kind = _POSITION_EVENTS[trade.option_code]
        fields: dict[str, Any] = {"quantity": quantity}
        if kind is not AccountEventType.EXPIRY and deliveries.delivers(trade):
            fields["to_symbol"] = trade.contract.underlying
        elif proceeds:
            fields |= {"amount": proceeds, "currency": contract.currency}
        else:
            kind = AccountEventType.EXPIRY
        return account_event(
            {
                **self.account_fields,
                **fields,
                "type": kind,
                "symbol": contract.symbol,
                "occurred_at": self.time(trade.at),
                "external_id": trade.trade_id or self.ids.next_id(trade.identity),
                "reason": ";".join(sorted(trade.codes)) or None,
                "raw_payload": trade.row,
            }
        )

    def _result(self, trade: TradeRecord, contract: Instrument) -> Iterator[ImportItem]:
        """The result that the broker states, oldest units first, less commissions; currencies have none."""
        if contract.kind is InstrumentKind.FX or (trade.option_code and trade.option_code != "Ep"):
            return
        realized = optional_number("realized", trade.realized)
        if realized is not None:
            text = read_number("realized", trade.realized.replace(",", ""))
            yield Statement(
                figure=StatedFigure.REALIZED_NET,
                venue=contract.venue,
                symbol=contract.symbol,
                currency=contract.currency,
                amount=realized,
                fraction_digits=min(max(fraction_digits(text), 2), FRACTION_DIGITS),
                method=Method.FIFO,
                row=trade.row,
            )

    def cash(self, cash: CashRecord) -> Iterator[ImportItem]:
        """A payment."""
        kind = _CASH_TYPES.get(cash.type.upper())
        if kind is None:
            raise RowError(f"a cash transaction of type {cash.type}")
        amount = number("amount", cash.amount)
        symbol = None
        if cash.contract is not None and kind is not AccountEventType.TRANSFER:
            contract = self._instrument(cash.contract)
            yield from self.instruments.new(contract)
            symbol = contract.symbol
        if not amount:
            yield Skipped(reason=NOTHING_MOVED, row=cash.row, location=cash.location, expected=True)
            return
        yield account_event(
            {
                **self.account_fields,
                "type": kind,
                "symbol": symbol,
                "amount": amount,
                "currency": cash.currency,
                "occurred_at": self.time(cash.at),
                "external_id": cash.id or self.ids.next_id(cash.row),
                "reason": f"{cash.type}: {cash.description}".removesuffix(": "),
                "raw_payload": cash.row,
            }
        )

    def action(self, action: ActionRecord) -> Iterator[ImportItem]:
        """A split; other actions are skipped, since a person has to say what they did to the cost."""
        split = split_of(action.description)
        if split is None:
            raise RowError("a corporate action other than a split: record it as account events (docs: accounting)")
        contract = self._instrument(action.contract)
        yield from self.instruments.new(contract)
        yield account_event(
            {
                **self.account_fields,
                "type": AccountEventType.SPLIT,
                "symbol": contract.symbol,
                "split_to": split[0],
                "split_from": split[1],
                "occurred_at": self.time(action.at),
                "external_id": action.id or self.ids.next_id(action.row),
                "reason": action.description,
                "raw_payload": action.row,
            }
        )

    def quantity(self, held: HeldRecord) -> Statement:
        """The open units of an instrument."""
        return Statement(
            figure=StatedFigure.QUANTITY,
            venue=self.options.venue or VENUE,
            symbol=held.symbol,
            amount=number("quantity", held.amount),
            row=held.row,
        )

    def balance(self, held: HeldRecord) -> Statement:
        """The cash in a currency."""
        amount = number("cash", held.amount)
        return Statement(
            figure=StatedFigure.BALANCE,
            venue=self.options.venue or VENUE,
            venue_account=self.options.venue_account,
            currency=held.currency,
            amount=amount,
            fraction_digits=2,
            row=held.row,
        )

    def _instrument(self, contract: Contract) -> Instrument:
        kind = _kind(contract)
        base, quote = contract.symbol, contract.currency
        if kind in (InstrumentKind.FX, InstrumentKind.SPOT):
            left, dot, right = contract.symbol.partition(".")
            base, quote = (left, right) if dot and right else (contract.symbol, contract.currency)
        multiplier: Decimal | None = optional_number("multiplier", contract.multiplier)
        if contract.category in PERCENT_QUOTED:
            multiplier = ONE_PERCENT
        elif kind in (InstrumentKind.EQUITY, InstrumentKind.FX, InstrumentKind.SPOT):
            multiplier = None
        terms: dict[str, Any] = {}
        if kind is InstrumentKind.OPTION:
            terms = {
                "underlying": contract.underlying or None,
                "strike": optional_number("strike", contract.strike),
                "right": RIGHTS.get(contract.right.upper()),
                "expires_at": self.time(contract.expiry) if contract.expiry else None,
            }
        return instrument(
            {
                "account_id": self.options.account_id,
                "venue": self.options.venue or VENUE,
                "symbol": contract.symbol,
                "kind": kind,
                "base": base,
                "quote": quote,
                "multiplier": multiplier,
                **terms,
            }
        )
