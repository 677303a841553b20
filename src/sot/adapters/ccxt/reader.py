"""Unified records of ccxt in a JSON file: trades, orders and ledger entries, as its methods return them.

The file is a JSON array of records, or one record a line; `{"exchange": ..., "unified": {...}}` around a record names
its exchange. Numbers are floats that ccxt wrote, and are read by their shortest text. What a record lacks stays absent:
a quantity without executions is provisional, as it is while trading. Trades of a ledger are its two entries with one
`referenceId`; give either the ledger or the trades of a time.

The size of a contract is in no record. It follows from the cost of a trade, where the record has one.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs

from sot.adapters.ccxt import records
from sot.adapters.ccxt.records import Account, Conversion, read_milliseconds
from sot.adapters.ccxt.vocabulary import Record
from sot.application.importing.prices import price_of
from sot.domain.accounting.account_event import AccountEvent
from sot.domain.orders.report import Fee, VenueReport
from sot.domain.values.documents import checked_document, read_document
from sot.domain.values.errors import InvalidInput
from sot.domain.values.instrument import Instrument
from sot.domain.values.limits import JSON_LENGTH
from sot.domain.values.numbers import ONE, ZERO, add, exact, multiply, plain, quotient
from sot.domain.values.vocabulary import AccountEventType, EventType, InstrumentKind, Side
from sot.ports.readers import NOTHING_MOVED, ImportItem, Reader, ReaderOptions, Remark, Skipped

_LEDGER_TYPES = {
    "transaction": AccountEventType.TRANSFER,
    "deposit": AccountEventType.TRANSFER,
    "withdrawal": AccountEventType.TRANSFER,
    "transfer": AccountEventType.TRANSFER,
    "fee": AccountEventType.FEE_ADJUSTMENT,
    "rebate": AccountEventType.FEE_ADJUSTMENT,
    "referral": AccountEventType.FEE_ADJUSTMENT,
    "cashback": AccountEventType.FEE_ADJUSTMENT,
    "funding": AccountEventType.FUNDING,
    "interest": AccountEventType.INTEREST,
    "margin": AccountEventType.INTEREST,
    "staking": AccountEventType.INTEREST,
    "airdrop": AccountEventType.INTEREST,
    "reward": AccountEventType.INTEREST,
}

_QUOTES = ("USD", "USDT", "USDC", "EUR", "GBP", "JPY", "FDUSD", "BUSD", "DAI", "BTC", "ETH", "BNB")


@attrs.frozen
class _Row:
    """A record, where it is, and its account."""

    record: Record
    account: Account
    location: str

    @property
    def raw(self) -> Any:
        return checked_document("record", dict(self.record))

    def skipped(self, reason: str, expected: bool = False) -> Skipped:
        return Skipped(reason=reason, row=self.raw, location=self.location, expected=expected)


class CcxtReader(Reader):
    """Reads unified records of ccxt."""

    title = "ccxt: unified trades, orders or ledger entries, JSON"
    finished_orders = False

    def read(self, source: str, options: ReaderOptions) -> Iterator[ImportItem]:
        """Read a file; see `Reader.read`."""
        reading = _Reading()
        trades: dict[tuple[Any, ...], list[_Row]] = {}
        legs: dict[tuple[Any, ...], list[_Row]] = {}
        for row in _rows(Path(source), options):
            kind = _kind(row.record)
            if kind == "trade":
                trades.setdefault((row.record.get("order"), row.record.get("id")), []).append(row)
            elif kind == "leg":
                legs.setdefault((row.record["referenceId"], row.account.venue), []).append(row)
            else:
                yield from _READ[kind](reading, row)
        for rows in trades.values():
            yield from reading.trades(rows)
        for rows in legs.values():
            yield from _guarded(rows, lambda rows=rows: reading.legs(rows))  # type: ignore[misc]


def _kind(record: Record) -> str:
    """What a record is: ccxt's structures have fields of their own."""
    if "direction" in record and "currency" in record:
        return "leg" if record.get("type") == "trade" and record.get("referenceId") else "entry"
    if "remaining" in record or "filled" in record or "timeInForce" in record:
        return "order"
    return "trade" if "price" in record and "amount" in record else "unknown"


class _Reading:
    """Tells each instrument once."""

    def __init__(self) -> None:
        self._told: dict[tuple[str, str], Instrument] = {}

    def order(self, row: _Row) -> Iterator[ImportItem]:
        """What a record of an order says."""
        at = next((at for name in _TIMES if (at := read_milliseconds(row.record.get(name))) is not None), None)
        conversion = records.convert_new_order(row.record, row.account, at)
        yield from self._items([row], conversion)

    def entry(self, row: _Row) -> Iterator[ImportItem]:
        """What an entry of a ledger says."""
        yield from _guarded([row], lambda: _event(row))

    def unknown(self, row: _Row) -> Iterator[ImportItem]:
        """Skip a record of another kind."""
        yield row.skipped("it is no trade, order or ledger entry of ccxt")

    def trades(self, rows: Sequence[_Row]) -> Iterator[ImportItem]:
        """What the records with one id of a trade say."""
        yield from self._items(rows, records.convert_trades([row.record for row in rows], rows[0].account))

    def legs(self, rows: Sequence[_Row]) -> list[ImportItem]:
        """The trade of which ledger entries are the two sides."""
        moved, fees = _moved(rows)
        if len(moved) != len(_SIDES) or sorted(amount > ZERO for amount in moved.values()) != _SIDES:
            raise InvalidInput("referenceId", rows[0].record["referenceId"], "one currency that came and one that left")
        base, quote = sorted(moved, key=lambda name: (-_QUOTES.index(name) if name in _QUOTES else -len(_QUOTES), name))
        instrument = _instrument(f"{base}/{quote}", rows[0], ONE)
        reference = str(rows[0].record["referenceId"])
        quantity, amount = moved[base].copy_abs(), moved[quote].copy_abs()
        report = VenueReport(
            type=EventType.TRADE,
            exec_id=reference,
            venue_order_id=reference,
            symbol=instrument.symbol,
            side=Side.BUY if moved[base] > ZERO else Side.SELL,
            last_quantity=quantity,
            last_price=price_of(quantity, amount, instrument),
            last_amount=amount,
            fees=fees,
            occurred_at=read_milliseconds(rows[-1].record.get("timestamp")),
            raw_payload={"rows": [row.raw for row in rows]},
            **_account_fields(rows[0]),
        )
        return [*self._new(instrument), report]

    def _items(self, rows: Sequence[_Row], conversion: Conversion) -> Iterator[ImportItem]:
        raw = rows[0].raw if len(rows) == 1 else {"rows": [row.raw for row in rows]}
        if not conversion.reports:
            reason = "; ".join(conversion.left_out) or "it says nothing about an order"
            yield from (row.skipped(reason) for row in rows)
            return
        symbol = rows[0].record.get("symbol")
        if symbol is not None:
            try:
                yield from self._new(_instrument(symbol, rows[0], _contract_size(rows[0].record)))
            except InvalidInput as error:
                yield Remark(text=str(error), row=rows[0].raw, location=rows[0].location)
        yield from (report.changed(raw_payload=raw) for report in conversion.reports)
        for reason in conversion.left_out:
            yield Remark(text=f"left out: {reason}", row=rows[0].raw, location=rows[0].location)

    def _new(self, instrument: Instrument) -> list[Instrument]:
        told = self._told.setdefault((instrument.venue, instrument.symbol), instrument)
        return [instrument] if told is instrument else []


_SIDES = [False, True]

_TIMES = ("lastUpdateTimestamp", "lastTradeTimestamp", "timestamp")

_READ: Mapping[str, Callable[[_Reading, _Row], Iterator[ImportItem]]] = {
    "order": _Reading.order,
    "entry": _Reading.entry,
    "unknown": _Reading.unknown,
}


def _guarded(rows: Sequence[_Row], read: Callable[[], Iterable[ImportItem]]) -> Iterable[ImportItem]:
    try:
        return list(read())
    except InvalidInput as error:
        return [row.skipped(str(error)) for row in rows]


def _account_fields(row: _Row) -> dict[str, Any]:
    account = row.account
    return {"account_id": account.account_id, "venue": account.venue, "venue_account": account.venue_account}


def _signed(record: Record) -> Decimal:
    amount = exact("amount", record.get("amount")).copy_abs()
    return -amount if record.get("direction") == "out" else amount


def _fee(record: Record) -> Fee | None:
    fee = record.get("fee")
    if not isinstance(fee, Mapping) or not fee.get("cost"):
        return None
    return Fee(amount=exact("fee.cost", fee["cost"]), currency=fee.get("currency") or record["currency"])


def _moved(rows: Sequence[_Row]) -> tuple[dict[str, Decimal], list[Fee]]:
    moved: dict[str, Decimal] = {}
    fees = []
    for row in rows:
        currency = str(row.record["currency"])
        moved[currency] = add(moved.get(currency, ZERO), _signed(row.record))
        fee = _fee(row.record)
        if fee is not None:
            fees.append(fee)
    return moved, fees


def _event(row: _Row) -> list[ImportItem]:
    record = row.record
    kind = _LEDGER_TYPES.get(str(record.get("type")))
    if kind is None:
        return [row.skipped(f"a ledger entry of type {record.get('type')}")]
    common = {
        **_account_fields(row),
        "occurred_at": read_milliseconds(record.get("timestamp")),
        "raw_payload": row.raw,
    }
    items: list[ImportItem] = []
    amount, fee = _signed(record), _fee(record)
    if amount:
        fields = {"type": kind, "amount": amount, "currency": record["currency"], "external_id": str(record["id"])}
        items.append(AccountEvent.read({**common, **fields}))
    if fee is not None:
        fields = {"type": AccountEventType.FEE_ADJUSTMENT, "amount": -fee.amount, "currency": fee.currency}
        items.append(AccountEvent.read({**common, **fields, "external_id": f"{record['id']}-fee"}))
    return items or [row.skipped(NOTHING_MOVED, expected=True)]


def _contract_size(record: Record) -> Decimal:
    """Units of the underlying per contract, as the cost of a linear trade tells; 1 where it tells nothing."""
    price, amount, cost = record.get("price"), record.get("amount"), record.get("cost")
    if ":" not in str(record.get("symbol")) or not (price and amount and cost):
        return ONE
    size = quotient(exact("cost", cost), multiply(exact("price", price), exact("amount", amount)))
    return size if _is_plain(size) else ONE


def _is_plain(size: Decimal) -> bool:
    """Whether a quotient is a size that exchanges have: 0.001, 0.01, 10, 100 and the like."""
    return size > ZERO and len(plain(size).replace(".", "").strip("0")) == 1


def _instrument(symbol: str, row: _Row, size: Decimal) -> Instrument:
    """The instrument of a unified symbol: BASE/QUOTE, with :SETTLE of contracts, and -EXPIRY of those that end.

    Raises:
        InvalidInput: It is an option, or an inverse contract, whose terms no record has.
    """
    pair, _, contract = symbol.partition(":")
    base, slash, quote = pair.partition("/")
    settle, *dated = contract.split("-")
    if not (base and slash and quote) or len(dated) > 1 or settle == base:
        raise InvalidInput("symbol", symbol, "a pair or a linear contract: register other instruments before")
    kind = InstrumentKind.SPOT if not settle else InstrumentKind.FUTURE if dated else InstrumentKind.PERPETUAL
    return Instrument(
        account_id=row.account.account_id,
        venue=row.account.venue,
        symbol=symbol,
        kind=kind,
        base=base,
        quote=quote,
        settle=settle or None,
        multiplier=size if settle else ONE,
    )


def _rows(path: Path, options: ReaderOptions) -> Iterator[_Row]:
    size = path.stat().st_size
    if size > JSON_LENGTH:
        raise InvalidInput(str(path), size, f"a file of at most {JSON_LENGTH} bytes")
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput(str(path), str(error), "JSON in UTF-8") from None
    for number, record in enumerate(_documents(path, text), 1):
        if not isinstance(record, Mapping):
            raise InvalidInput(f"{path} record {number}", record, "an object")
        inner = record.get("unified")
        unified = inner if isinstance(inner, Mapping) else record
        yield _Row(unified, _account(path, record, options), f"record {number}")


def _account(path: Path, record: Record, options: ReaderOptions) -> Account:
    exchange = str(record.get("exchange") or options.venue or "").lower()
    if not exchange:
        raise InvalidInput("--venue", None, f"the exchange of the records in {path}")
    return Account(
        exchange=exchange,
        venue=options.venue or exchange.upper(),
        account_id=options.account_id,
        venue_account=options.venue_account,
    )


def _documents(path: Path, text: str) -> Iterable[Any]:
    try:
        found = read_document(text) if text.lstrip().startswith("[") else list(map(read_document, _lines(text)))
    except InvalidInput as error:
        raise InvalidInput(str(path), error.value, error.allowed) from None
    return [_plain(document) for document in found]


def _lines(text: str) -> Iterable[str]:
    return filter(str.strip, text.splitlines())


def _plain(value: Any) -> Any:
    """A document whose numbers are Decimals: those of ccxt are floats, of which JSON has the shortest text."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return Decimal(value) if isinstance(value, Decimal) else value
