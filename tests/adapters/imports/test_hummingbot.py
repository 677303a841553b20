"""The store of Hummingbot: a sample in the shape of its tables."""

import json
import random
from decimal import Decimal

import pytest
from tests.support.sqlite_samples import write_tables

from sot import OrderHistory, OrderStatus
from sot.adapters.imports.hummingbot import FEE_IN_QUOTE, FEE_WITHOUT_RATE, HummingbotReader
from sot.adapters.memory import MemoryStore
from sot.application.importing.importer import import_history
from sot.ports.orders import OrderFilter
from sot.ports.readers import ReaderOptions, Remark, Skipped
from sot.testing.contract.reader import ReaderContract

COMMON = """config_file_path TEXT, strategy TEXT, market TEXT, symbol TEXT, base_asset TEXT, quote_asset TEXT"""
SCHEMA = {
    "Order": f"""id TEXT, {COMMON}, creation_timestamp BIGINT, order_type TEXT, amount BIGINT, leverage INTEGER,
        price BIGINT, last_status TEXT, last_update_timestamp BIGINT, exchange_order_id TEXT, position TEXT""",
    "OrderStatus": "id INTEGER, order_id TEXT, timestamp BIGINT, status TEXT",
    "TradeFill": f"""{COMMON}, timestamp BIGINT, order_id TEXT, trade_type TEXT, order_type TEXT, price BIGINT,
        amount BIGINT, leverage INTEGER, trade_fee JSON, trade_fee_in_quote BIGINT, exchange_trade_id TEXT,
        position TEXT""",
    "FundingPayment": "timestamp BIGINT, config_file_path TEXT, market TEXT, rate FLOAT, symbol TEXT, amount FLOAT",
}
AT = 1767607200000
SPOT = {"market": "binance", "symbol": "ETH-USDT", "base_asset": "ETH", "quote_asset": "USDT", "strategy": "pmm"}
PERPETUAL = {**SPOT, "market": "binance_perpetual", "symbol": "SOL-USDT", "base_asset": "SOL"}


def order(id, minutes=0, pair=SPOT, **fields):
    return {
        "id": id,
        **pair,
        "creation_timestamp": AT + minutes * 60_000,
        "order_type": "LIMIT",
        "amount": 1_500_000,
        "leverage": 1,
        "price": 2_000_100_000,
        "last_status": "",
        "last_update_timestamp": AT,
        "exchange_order_id": f"E-{id}",
        **fields,
    }


def status(id, order_id, text, minutes):
    return {"id": id, "order_id": order_id, "timestamp": AT + minutes * 60_000, "status": text}


def fee(percent="0", token=None, flat=(), kind="AddedToCost"):
    flat_fees = [{"token": currency, "amount": amount} for currency, amount in flat]
    return json.dumps({"fee_type": kind, "percent": percent, "percent_token": token, "flat_fees": flat_fees})


def fill(id, order_id, side, minutes, pair=SPOT, trade_fee=None, **fields):
    return {
        **pair,
        "timestamp": AT + minutes * 60_000,
        "order_id": order_id,
        "trade_type": side,
        "order_type": "LIMIT",
        "price": 2_000_100_000,
        "amount": 1_000_000,
        "leverage": 1,
        "trade_fee": trade_fee or fee(flat=[("BNB", "0.0012")]),
        "exchange_trade_id": id,
        "position": "NIL",
        **fields,
    }


ROWS = {
    "Order": [
        order("buy-1"),
        order("sell-1", 5, amount=1_000_000, price=2_100_000_000),
        order("buy-2", 6),
        order("buy-3", 7, PERPETUAL, amount=9_000_000),
    ],
    "OrderStatus": [
        status(1, "buy-1", "BuyOrderCreated", 0),
        status(2, "buy-1", "OrderFilled", 1),
        status(3, "buy-1", "OrderCancelled", 4),
        status(4, "sell-1", "SellOrderCompleted", 6),
        status(5, "buy-2", "OrderCancelled", 8),
    ],
    "TradeFill": [
        fill("T1", "buy-1", "BUY", 1),
        fill("T2", "sell-1", "SELL", 5, price=2_100_000_000, amount=600_000, trade_fee=fee("0.001")),
        fill("T3", "sell-1", "SELL", 5, price=2_100_000_000, amount=400_000, trade_fee=fee("0.001", "USDT")),
        fill("T4", "buy-3", "BUY", 8, PERPETUAL, price=20_500_000, amount=3_000_000),
    ],
    "FundingPayment": [
        {
            "timestamp": AT + 28_800_000,
            "market": "binance_perpetual",
            "rate": 0.0001,
            "symbol": "SOL-USDT",
            "amount": -0.00615,
        }
    ],
}


class TestHummingbot(ReaderContract):
    def reader(self):
        return HummingbotReader()

    def new_store(self):
        return MemoryStore()

    def source(self, tmp_path):
        path = tmp_path / "bot.sqlite"
        return str(path) if path.exists() else write_tables(path, SCHEMA, ROWS)

    def in_other_order(self, tmp_path):
        rows = {table: random.Random(7).sample(rows, len(rows)) for table, rows in ROWS.items()}
        return write_tables(tmp_path / "other.sqlite", SCHEMA, rows)

    def overlapping(self, tmp_path):
        early = {table: rows[:2] for table, rows in ROWS.items()}
        return [write_tables(tmp_path / "early.sqlite", SCHEMA, early), self.source(tmp_path)]

    def rows(self):
        found = []
        for table, rows in ROWS.items():
            names = [column.split()[0] for column in SCHEMA[table].split(",")]
            for row in rows:
                whole = {**dict.fromkeys(names), **row}
                found.append({k: Decimal(repr(v)) if isinstance(v, float) else v for k, v in whole.items()})
        return found


@pytest.fixture
def read(tmp_path):
    def read(**rows):
        path = write_tables(tmp_path / "bot.sqlite", SCHEMA, rows)
        return list(HummingbotReader().read(path, ReaderOptions(account_id="bot")))

    return read


def test_what_is_recorded(read):
    store = MemoryStore()
    summary = import_history(store, read(**ROWS))
    assert summary.agrees, summary.skipped
    history = OrderHistory(store.begin(read_only=True))
    spot = history.position("bot", "BINANCE", "ETH/USDT")
    assert (spot.is_flat, spot.realized_gross) == (True, Decimal("99.9"))
    assert spot.fees == {"BNB": Decimal("0.0012"), "USDT": Decimal("2.1")}
    perpetual = history.position("bot", "BINANCE_PERPETUAL", "SOL/USDT:USDT")
    assert (perpetual.quantity, perpetual.avg_entry_price) == (3, Decimal("20.5"))
    assert perpetual.account_results == {"FUNDING": Decimal("-0.00615")}
    statuses = {each.client_order_id: each.status for each in history.orders(OrderFilter(account_id="bot"))}
    assert statuses == {
        "buy-1": OrderStatus.CANCELED,
        "sell-1": OrderStatus.FILLED,
        "buy-2": OrderStatus.CANCELED,
        "buy-3": OrderStatus.PARTIALLY_FILLED,
    }


@pytest.mark.parametrize(
    ("trade_fee", "in_quote", "fees", "remark"),
    [
        (fee("0.001", kind="DeductedFromReturns"), None, {"ETH": Decimal("0.001")}, None),
        (fee("0.001"), None, {"USDT": Decimal("2.0001")}, None),
        (fee("0.00075", "BNB"), 1_500_000, {"USDT": Decimal("1.5")}, FEE_IN_QUOTE),
        (fee("0.00075", "BNB"), None, {}, FEE_WITHOUT_RATE),
        (
            json.dumps({"percent": 0.001, "flat_fees": [["ETH", 0.25]]}),
            None,
            {"ETH": Decimal("0.25"), "USDT": Decimal("2.0001")},
            None,
        ),
    ],
)
def test_forms_of_fees(read, trade_fee, in_quote, fees, remark):
    items = read(TradeFill=[fill("T1", "x", "BUY", 0, trade_fee=trade_fee, trade_fee_in_quote=in_quote)])
    [report] = [item for item in items if getattr(item, "exec_id", None)]
    assert {each.currency: each.amount for each in report.fees} == fees
    assert [item.text for item in items if isinstance(item, Remark)] == ([remark] if remark else [])


def test_floats_of_older_stores(read):
    items = read(TradeFill=[fill("T1", "x", "BUY", 0, price=2000.1, amount=0.5)])
    [report] = [item for item in items if getattr(item, "exec_id", None)]
    assert (report.last_price, report.last_quantity) == (Decimal("2000.1"), Decimal("0.5"))


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ({"TradeFill": [fill("T", "x", "BUY", 0, amount=0)]}, "empty or zero"),
        ({"TradeFill": [fill("T", "x", "BUY", 0, trade_fee="[")]}, "trade_fee"),
        ({"TradeFill": [fill("T", "x", "BUY", 0, trade_fee="1")]}, "no object"),
        ({"OrderStatus": [status(1, "x", "OrderCancelled", 0)]}, "not in the store"),
        ({"FundingPayment": [{"timestamp": AT, "market": "m", "symbol": "SOL", "amount": 1.0}]}, "no base and quote"),
    ],
)
def test_what_cannot_be_read_is_skipped(read, rows, reason):
    [skipped] = [item for item in read(**rows) if isinstance(item, Skipped)]
    assert reason in skipped.reason
