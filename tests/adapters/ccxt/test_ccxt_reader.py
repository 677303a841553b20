"""Reading unified records of ccxt from a file."""

import json
from decimal import Decimal

import pytest

from sot import AccountEvent, Instrument, OrderHistory, OrderStatus, VenueReport
from sot.adapters.ccxt.reader import CcxtReader
from sot.adapters.memory import MemoryStore
from sot.application.importing.importer import import_history
from sot.domain.values.errors import InvalidInput
from sot.ports.orders import OrderFilter
from sot.ports.readers import ReaderOptions, Remark, Skipped
from sot.testing.contract.reader import ReaderContract

AT = 1767607200000


def trade(id, symbol="BTC/USDT", side="buy", price=50000.5, amount=0.1, order="o1", minutes=0, **fields):
    return {
        "id": id,
        "order": order,
        "timestamp": AT + minutes * 60_000,
        "datetime": None,
        "symbol": symbol,
        "type": "limit",
        "side": side,
        "takerOrMaker": "maker",
        "price": price,
        "amount": amount,
        "cost": float(Decimal(repr(price)) * Decimal(repr(amount))),
        "fee": {"cost": 0.00012, "currency": "BNB"},
        "fees": [{"cost": 0.00012, "currency": "BNB"}],
        "info": {"own": "field"},
        **fields,
    }


def order(id, status, filled=0.0, **fields):
    return {
        "id": id,
        "clientOrderId": f"c-{id}",
        "timestamp": AT,
        "lastUpdateTimestamp": AT + 600_000,
        "lastTradeTimestamp": None,
        "symbol": "BTC/USDT",
        "type": "limit",
        "timeInForce": "GTC",
        "side": "buy",
        "price": 49000.0,
        "amount": 1.0,
        "average": None,
        "filled": filled,
        "remaining": 1.0 - filled,
        "status": status,
        "fee": None,
        "trades": [],
        "fees": [],
        "info": {},
        **fields,
    }


def entry(id, type, direction, currency, amount, reference=None, fee=None):
    return {
        "id": id,
        "timestamp": AT,
        "direction": direction,
        "account": None,
        "referenceId": reference,
        "referenceAccount": None,
        "type": type,
        "currency": currency,
        "amount": amount,
        "before": None,
        "after": None,
        "status": "ok",
        "fee": fee and {"cost": fee, "currency": currency},
        "info": {},
    }


RECORDS = [
    trade("1"),
    trade("2", side="sell", price=51000.0, order="o2", minutes=5),
    trade("3", "ETH/USDT:USDT", price=2000.0, amount=5.0, cost=100.0, order="o3"),
    trade("4", amount=0.0, order="o4"),
    trade("5", amount=0.2, order="o5"),
    trade("5", amount=0.3, order="o5"),
    order("o9", "canceled"),
    order("o8", "open", 0.25),
    entry("l1", "transaction", "in", "USDT", 1000.0, fee=1.5),
    entry("l2", "funding", "out", "USDT", 0.25),
    entry("l3", "trade", "out", "EUR", 30.0, "r1", fee=0.1),
    entry("l4", "trade", "in", "BTC", 0.0009, "r1"),
    entry("l5", "mystery", "in", "BTC", 0.0009),
]


def plain(value):
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value


class TestCcxt(ReaderContract):
    def reader(self):
        return CcxtReader()

    def new_store(self):
        return MemoryStore()

    def options(self):
        return ReaderOptions(account_id="main", venue="BINANCE")

    def source(self, tmp_path):
        return self.written(tmp_path / "records.json", RECORDS)

    def in_other_order(self, tmp_path):
        return self.written(tmp_path / "other.json", RECORDS[::-1])

    def overlapping(self, tmp_path):
        parts = RECORDS[:8], RECORDS[4:]
        return [self.written(tmp_path / f"{len(part)}.json", part) for part in parts]

    def rows(self):
        return [plain(record) for record in RECORDS]

    def written(self, path, records):
        path.write_text(json.dumps(records))
        return str(path)


@pytest.fixture
def read(tmp_path):
    def read(text, venue="BINANCE"):
        path = tmp_path / "records.json"
        path.write_text(text if isinstance(text, str) else json.dumps(text))
        return list(CcxtReader().read(str(path), ReaderOptions(account_id="main", venue=venue)))

    return read


def test_what_is_recorded(read):
    store = MemoryStore()
    summary = import_history(store, read(RECORDS))
    assert {each.reason for each in summary.skipped} == {
        "trade 4: it has no price or no amount: amount is zero",
        "a ledger entry of type mystery",
    }
    history = OrderHistory(store.begin(read_only=True))
    positions = {each.symbol: each for each in history.positions("main")}
    assert positions["BTC/USDT"].quantity == Decimal("0.5")
    assert positions["BTC/USDT"].realized_gross == Decimal("99.95")
    assert positions["ETH/USDT:USDT"].instrument.multiplier == Decimal("0.01")
    assert positions["BTC/EUR"].quantity == Decimal("0.0009")
    orders = {each.state.venue_order_id: each for each in history.orders(OrderFilter(account_id="main"))}
    assert orders["o9"].status is OrderStatus.CANCELED
    assert orders["o8"].state.provisional_quantity == Decimal("0.25")


def test_floats_are_read_by_their_shortest_text(read):
    items = read(json.dumps([trade("1", price=0.1, amount=3)]))
    [report] = [item for item in items if isinstance(item, VenueReport)]
    assert report.last_price == Decimal("0.1")
    assert report.raw_payload["price"] == Decimal("0.1")


def test_lines_and_exchanges_of_their_own(read):
    lines = "\n".join(json.dumps({"exchange": "kraken", "unified": trade(id)}) for id in "12")
    items = read(lines, venue=None)
    assert {item.venue for item in items if isinstance(item, (Instrument, VenueReport))} == {"KRAKEN"}


def test_the_venue_is_needed_where_no_record_names_it(read):
    with pytest.raises(InvalidInput, match="--venue"):
        read([trade("1")], venue=None)


@pytest.mark.parametrize("text", ["{", "[1]", '[{"id": NaN}]', '["a"]'])
def test_another_file_is_refused(read, text):
    with pytest.raises(InvalidInput):
        read(text)


def test_instruments_whose_terms_no_record_has_are_left_to_their_registration(read):
    items = read([trade("1", "BTC/USD:BTC", cost=None), trade("2", "BTC/USD:BTC-260327-50000-C")])
    assert not any(isinstance(item, Instrument) for item in items)
    assert sum(isinstance(item, VenueReport) for item in items) == 2
    assert sum("register" in item.text for item in items if isinstance(item, Remark)) == 2


def test_a_ledger_trade_with_one_side_is_skipped(read):
    items = read([entry("l3", "trade", "out", "EUR", 30.0, "r1"), {"what": "else"}])
    assert [type(item) for item in items] == [Skipped, Skipped]


def test_fees_of_ledger_entries_are_events(read):
    events = [
        item for item in read([entry("l1", "deposit", "in", "EUR", 10.0, fee=0.5)]) if isinstance(item, AccountEvent)
    ]
    assert [(each.type, each.amount) for each in events] == [("TRANSFER", 10), ("FEE_ADJUSTMENT", Decimal("-0.5"))]
