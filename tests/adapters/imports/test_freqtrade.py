"""The store of freqtrade: a sample in the shape of its tables, with results that freqtrade computed."""

import random
from decimal import Decimal

import pytest
from tests.support.sqlite_samples import write_tables

from sot import OrderHistory, OrderStatus
from sot.adapters.imports.database import open_database
from sot.adapters.imports.freqtrade import FreqtradeReader
from sot.adapters.memory import MemoryStore
from sot.application.importing.importer import import_history
from sot.domain.values.errors import InvalidInput
from sot.ports.orders import OrderFilter
from sot.ports.readers import ReaderOptions, Skipped
from sot.testing.contract.reader import ReaderContract

SCHEMA = {
    "trades": """id INTEGER PRIMARY KEY, exchange VARCHAR(25), pair VARCHAR(25), base_currency VARCHAR(25),
        stake_currency VARCHAR(25), is_open BOOLEAN, fee_open FLOAT, fee_open_cost FLOAT, fee_open_currency VARCHAR(25),
        fee_close FLOAT, fee_close_cost FLOAT, fee_close_currency VARCHAR(25), open_rate FLOAT,
        open_rate_requested FLOAT, open_trade_value FLOAT, close_rate FLOAT, close_rate_requested FLOAT,
        realized_profit FLOAT, close_profit FLOAT, close_profit_abs FLOAT, stake_amount FLOAT, max_stake_amount FLOAT,
        amount FLOAT, amount_requested FLOAT, open_date DATETIME, close_date DATETIME, stop_loss FLOAT,
        exit_reason VARCHAR(255), strategy VARCHAR(100), enter_tag VARCHAR(255), timeframe INTEGER,
        trading_mode VARCHAR(7), leverage FLOAT, is_short BOOLEAN, interest_rate FLOAT, funding_fees FLOAT""",
    "orders": """id INTEGER PRIMARY KEY, ft_trade_id INTEGER, ft_order_side VARCHAR(25), ft_pair VARCHAR(25),
        ft_is_open BOOLEAN, ft_amount FLOAT, ft_price FLOAT, ft_cancel_reason VARCHAR(255), order_id VARCHAR(255),
        status VARCHAR(255), symbol VARCHAR(25), order_type VARCHAR(50), side VARCHAR(25), price FLOAT, average FLOAT,
        amount FLOAT, filled FLOAT, remaining FLOAT, cost FLOAT, stop_price FLOAT, order_date DATETIME,
        order_filled_date DATETIME, order_update_date DATETIME, funding_fee FLOAT, ft_fee_base FLOAT,
        ft_order_tag VARCHAR(255)""",
}


def trade(id, pair="ETH/USDT", **fields):
    return {
        "id": id,
        "exchange": "binance",
        "pair": pair,
        "stake_currency": "USDT",
        "is_open": 0,
        "fee_open": 0.001,
        "fee_close": 0.001,
        "open_rate": 2000.1,
        "realized_profit": 0.0,
        "stake_amount": 200.01,
        "amount": 0.1,
        "open_date": "2024-02-01 10:00:01.123456",
        "strategy": "Sample",
        "trading_mode": "SPOT",
        "leverage": 1.0,
        "is_short": 0,
        **fields,
    }


def order(id, trade_id, side, price, amount, minute, pair="ETH/USDT", **fields):
    at = f"2024-02-01 10:{minute:02d}:00.000000"
    return {
        "id": id,
        "ft_trade_id": trade_id,
        "ft_order_side": side,
        "ft_pair": pair,
        "ft_is_open": 0,
        "ft_amount": amount,
        "ft_price": price,
        "order_id": f"X{id}",
        "status": "closed",
        "symbol": pair,
        "order_type": "limit",
        "side": side,
        "price": price,
        "average": price,
        "amount": amount,
        "filled": amount,
        "remaining": 0.0,
        "order_date": at,
        "order_filled_date": at,
        "order_update_date": at,
        **fields,
    }


# 0.1 * 2100.3 * 0.999 - 0.1 * 2000.1 * 1.001, to 8 digits
SPOT = [trade(1, close_profit_abs=9.60996, close_date="2024-02-01 10:30:00.000000", realized_profit=9.60996)]
SPOT_ORDERS = [
    order(1, 1, "buy", 2000.1, 0.1, 0),
    order(2, 1, "sell", 2200.0, 0.1, 10, status="canceled", filled=0.0, order_filled_date=None),
    order(3, 1, "sell", 2100.3, 0.1, 30, order_type="market"),
]
# A short: 3 * 30 * 0.9995 - 3 * 28 * 1.0005 = 5.913, and 0.0125 of funding that was paid
FUTURES = [
    trade(
        2,
        "SOL/USDT:USDT",
        trading_mode="FUTURES",
        is_short=1,
        leverage=3.0,
        fee_open=0.0005,
        fee_close=0.0005,
        funding_fees=-0.0125,
        close_profit_abs=5.9005,
        close_date="2024-02-01 10:50:00.000000",
    )
]
FUTURES_ORDERS = [
    order(4, 2, "sell", 30.0, 3.0, 20, "SOL/USDT:USDT"),
    order(5, 2, "buy", 28.0, 3.0, 50, "SOL/USDT:USDT", order_type="market"),
]
OPEN = [trade(3, "ADA/USDT", is_open=1, amount=500.0)]
OPEN_ORDERS = [
    order(6, 3, "buy", 0.51, 300.0, 51, "ADA/USDT", status="canceled", filled=120.5, ft_amount=300.0),
    order(7, 3, "buy", 0.5, 100.0, 55, "ADA/USDT", ft_is_open=1, status="open", filled=0.0, order_filled_date=None),
]
ROWS = {"trades": [*SPOT, *FUTURES, *OPEN], "orders": [*SPOT_ORDERS, *FUTURES_ORDERS, *OPEN_ORDERS]}


class TestFreqtrade(ReaderContract):
    def reader(self):
        return FreqtradeReader()

    def new_store(self):
        return MemoryStore()

    def source(self, tmp_path):
        path = tmp_path / "tradesv3.sqlite"
        return str(path) if path.exists() else write_tables(path, SCHEMA, ROWS)

    def in_other_order(self, tmp_path):
        rows = {table: random.Random(7).sample(rows, len(rows)) for table, rows in ROWS.items()}
        return write_tables(tmp_path / "other.sqlite", SCHEMA, rows)

    def overlapping(self, tmp_path):
        early = {"trades": ROWS["trades"][:2], "orders": ROWS["orders"][:5]}
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
def imported(tmp_path):
    def imported(trades, orders):
        store = MemoryStore()
        path = write_tables(tmp_path / "bot.sqlite", SCHEMA, {"trades": trades, "orders": orders})
        items = list(FreqtradeReader().read(path, ReaderOptions(account_id="bot")))
        summary = import_history(store, items)
        return OrderHistory(store.begin(read_only=True)), summary

    return imported


def test_results_are_those_of_freqtrade(imported):
    history, summary = imported(ROWS["trades"], ROWS["orders"])
    assert summary.agrees, (summary.skipped, summary.differences)
    assert summary.figures == 2
    assert history.position("bot", "BINANCE", "ETH/USDT").realized_net == Decimal("9.60996")
    short = history.position("bot", "BINANCE", "SOL/USDT:USDT")
    assert (short.is_flat, short.realized_gross) == (True, 6)
    assert short.account_results == {"FUNDING": Decimal("-0.0125")}


def test_orders_have_their_status(imported):
    history, _ = imported(ROWS["trades"], ROWS["orders"])
    statuses = {each.state.venue_order_id: each.status for each in history.orders(OrderFilter(account_id="bot"))}
    assert statuses == {
        **dict.fromkeys(["X1", "X3", "X4", "X5"], OrderStatus.FILLED),
        "X2": OrderStatus.CANCELED,
        "X6": OrderStatus.CANCELED,
        "X7": OrderStatus.NEW,
    }
    assert history.position("bot", "BINANCE", "ADA/USDT").quantity == Decimal("120.5")


def test_what_an_open_order_has_filled_is_unproven_until_it_ends(tmp_path):
    store, trades = MemoryStore(), [trade(3, is_open=1)]
    path = tmp_path / "bot.sqlite"
    growing = {"ft_is_open": 1, "status": "open", "order_filled_date": None}
    for filled, fields in (
        (0.2, {**growing, "order_update_date": "2024-02-01 10:01:00.000000"}),
        (0.5, {**growing, "order_update_date": "2024-02-01 10:02:00.000000"}),
        (1.0, {"order_update_date": "2024-02-01 10:03:00.000000"}),
    ):
        path.unlink(missing_ok=True)
        write_tables(
            path, SCHEMA, {"trades": trades, "orders": [order(1, 3, "buy", 10.0, 1.0, 0, filled=filled, **fields)]}
        )
        for _ in range(2):
            summary = import_history(store, list(FreqtradeReader().read(str(path), ReaderOptions(account_id="bot"))))
            assert not summary.contradictions
        with store.begin(read_only=True) as uow:
            (found,) = OrderHistory(uow).orders(OrderFilter(account_id="bot"))
        is_over = filled == 1.0
        assert found.cum_quantity == (1 if is_over else 0)
        assert found.state.provisional_quantity == (0 if is_over else Decimal(str(filled)))
        assert found.status == (OrderStatus.FILLED if is_over else OrderStatus.NEW)


def test_a_fee_that_was_taken_from_the_coins(imported):
    orders = [order(1, 1, "buy", 10.0, 5.0, 0, ft_fee_base=0.005), order(2, 1, "sell", 11.0, 4.995, 1)]
    history, summary = imported([trade(1, close_profit_abs=4.9)], orders)
    assert summary.figures == 0
    assert any("not compared" in text for text in summary.remarks)
    assert history.position("bot", "BINANCE", "ETH/USDT").is_flat


def test_a_difference_is_found(imported):
    _, summary = imported([trade(1, close_profit_abs=9.6)], SPOT_ORDERS)
    [difference] = summary.differences
    assert (difference.symbol, difference.stated, difference.computed) == (
        "ETH/USDT",
        Decimal("9.6"),
        Decimal("9.60996"),
    )


@pytest.mark.parametrize(
    ("trades", "orders", "reason"),
    [
        ([trade(1)], [], "without orders"),
        ([], [SPOT_ORDERS[0]], "without a trade"),
        ([trade(1, "ETHUSDT")], [SPOT_ORDERS[0]], "no base and quote"),
        ([trade(1)], [order(1, 1, "buy", 0.0, 1.0, 0, average=None)], "no price"),
        ([trade(1)], [order(1, 1, "buy", 1e-30, 1.0, 0)], "fraction digits"),
        ([trade(1)], [order(1, 1, "hold", 1.0, 1.0, 0)], "'hold' is no side"),
    ],
)
def test_what_cannot_be_read_is_skipped(tmp_path, trades, orders, reason):
    path = write_tables(tmp_path / "bot.sqlite", SCHEMA, {"trades": trades, "orders": orders})
    items = FreqtradeReader().read(path, ReaderOptions(account_id="bot"))
    assert any(reason in item.reason for item in items if isinstance(item, Skipped))


def test_another_file_is_refused(tmp_path):
    (tmp_path / "text.sqlite").write_text("no database" * 100)
    other = write_tables(tmp_path / "other.sqlite", {"trades": "id INTEGER"}, {})
    for source in (str(tmp_path / "text.sqlite"), other):
        with pytest.raises(InvalidInput):
            list(FreqtradeReader().read(source, ReaderOptions(account_id="bot")))
    with pytest.raises(FileNotFoundError):
        list(FreqtradeReader().read(str(tmp_path / "none.sqlite"), ReaderOptions(account_id="bot")))


def test_the_store_is_opened_for_reading(tmp_path):
    path = write_tables(tmp_path / "bot.sqlite", SCHEMA, ROWS)
    with open_database(path) as database, pytest.raises(Exception, match="readonly"):
        database._connection.exec_driver_sql("DELETE FROM trades")
