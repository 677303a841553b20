"""The shipped mappings: the reader suite on a sample of each, and figures computed by hand."""

from datetime import UTC
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from tests.support.csv_samples import SAMPLES, CsvReaderContract

from sot import OrderHistory
from sot.adapters.imports.csv_mapping.mapping import read_mapping
from sot.adapters.imports.mappings import mapping_text, shipped_mappings
from sot.adapters.memory import MemoryStore
from sot.application.importing.importer import import_history
from sot.domain.values.vocabulary import PositionSide
from sot.entrypoints.readers import open_reader
from sot.ports.orders import OrderFilter
from sot.ports.readers import ReaderOptions, Skipped

CHICAGO = ZoneInfo("America/Chicago")


class TestBinanceSpotTrades(CsvReaderContract):
    FORMAT = "binance-spot-trades"
    NEWEST_FIRST = True


class TestBinanceSpotTradesOf2020(CsvReaderContract):
    FORMAT = "binance-spot-trades-2020"
    NEWEST_FIRST = True


class TestBinanceFuturesTrades(CsvReaderContract):
    FORMAT = "binance-futures-trades"
    NEWEST_FIRST = True


class TestBinanceFuturesTradesLocal(CsvReaderContract):
    FORMAT = "binance-futures-trades-local"
    ZONE = CHICAGO
    NEWEST_FIRST = True


class TestKrakenMarginTrades(CsvReaderContract):
    FORMAT = "kraken-margin-trades"


class TestBinanceFuturesIncome(CsvReaderContract):
    FORMAT = "binance-futures-income"
    NEWEST_FIRST = True


class TestBinanceStatement(CsvReaderContract):
    FORMAT = "binance-statement"
    CUT = 0.6  # between two trades


class TestKrakenLedgers(CsvReaderContract):
    FORMAT = "kraken-ledgers"


class TestKrakenTrades(CsvReaderContract):
    FORMAT = "kraken-trades"


class TestCoinbaseFills(CsvReaderContract):
    FORMAT = "coinbase-fills"


class TestCoinbaseAccount(CsvReaderContract):
    FORMAT = "coinbase-account"


class TestCoinbaseTransactions(CsvReaderContract):
    FORMAT = "coinbase-transactions"
    NEWEST_FIRST = True


class TestBybitSpotTrades(CsvReaderContract):
    FORMAT = "bybit-spot-trades"
    NEWEST_FIRST = True


class TestBybitTransactionLog(CsvReaderContract):
    FORMAT = "bybit-transaction-log"
    NEWEST_FIRST = True
    CUT = 0.4  # between two trades


class TestBybitDerivatives(CsvReaderContract):
    FORMAT = "bybit-derivatives"
    NEWEST_FIRST = True


class TestOkxTrading(CsvReaderContract):
    FORMAT = "okx-trading"
    ZONE = UTC
    NEWEST_FIRST = True


class TestNinjaTraderExecutions(CsvReaderContract):
    FORMAT = "ninjatrader-executions"
    ZONE = CHICAGO

    def _values(self):
        return [row[:-1] for row in super()._values()]


class TestTradovateFills(CsvReaderContract):
    FORMAT = "tradovate-fills"
    ZONE = CHICAGO


class TestTradovateOrders(CsvReaderContract):
    FORMAT = "tradovate-orders"
    ZONE = CHICAGO


class TestTradovatePerformance(CsvReaderContract):
    FORMAT = "tradovate-performance"
    ZONE = CHICAGO


def imported(format, zone=None):
    """The history of a sample, and the summary."""
    store, reader = MemoryStore(), open_reader(format)
    options = ReaderOptions(account_id="main", zone=zone)
    items = reader.read(str(SAMPLES / f"{format}.csv"), options)
    summary = import_history(store, items, finished_orders=reader.finished_orders)
    return OrderHistory(store.begin(read_only=True)), summary


@pytest.mark.parametrize("name", shipped_mappings())
def test_every_shipped_mapping_has_a_sample_and_a_title(name):
    assert read_mapping(mapping_text(name), name).title
    assert (SAMPLES / f"{name}.csv").is_file()


def test_binance_splits_units_that_begin_with_digits():
    history, summary = imported("binance-spot-trades")
    assert summary.agrees
    positions = {each.symbol: each for each in history.positions("main")}
    assert positions["1INCH/USDT"].quantity == Decimal("99.9")
    assert positions["BTC/USDT"].realized_gross == Decimal("8.04")
    assert positions["BTC/USDT"].fees == {"BNB": Decimal("0.00008"), "USDT": Decimal("2.24804")}


def test_kraken_names_of_pairs():
    history, summary = imported("kraken-trades")
    assert summary.agrees
    positions = {each.symbol: each for each in history.positions("main", include_flat=True)}
    assert set(positions) == {"BTC/EUR", "XTZ/USD", "ETH/BTC"}
    assert positions["BTC/EUR"].realized_gross == Decimal("14.9985")
    assert positions["BTC/EUR"].realized_net == Decimal("12.6195")


def test_kraken_ledgers_agree_with_their_balances():
    history, summary = imported("kraken-ledgers")
    assert summary.figures == 4
    assert summary.agrees, (summary.skipped, summary.differences)
    assert summary.expected == {"a pending entry, which has no balance": 1}
    positions = {each.symbol: each for each in history.positions("main", include_flat=True)}
    assert set(positions) == {"BTC/EUR", "DOT/EUR"}
    balances = {(each.venue_account, each.asset): each.amount for each in history.balances("main")}
    assert balances["earn / bonded", "DOT"] == Decimal("3.008")


def test_binance_futures_agree_with_their_results():
    history, summary = imported("binance-futures-trades")
    assert summary.figures == 1
    assert summary.agrees, (summary.skipped, summary.differences)
    position = history.position("main", "BINANCE", "ETHUSDT")
    assert (position.realized_gross, position.fees) == (16, {"USDT": Decimal("1.4704")})


def test_binance_futures_whose_results_are_cut_off_agree():
    history, summary = imported("binance-futures-trades-local", CHICAGO)
    assert summary.figures == 1
    assert summary.agrees, (summary.skipped, summary.differences)
    assert history.position("main", "BINANCE", "ETHUSDT").realized_gross == 16


def test_kraken_margin_trades_open_short_positions():
    history, summary = imported("kraken-margin-trades")
    assert summary.agrees
    position = history.position("main", "KRAKEN", "BTC/EUR")
    assert (position.quantity, position.realized_gross, position.missing_quantity) == (Decimal("0.005"), 10, 0)


def test_binance_futures_income():
    history, summary = imported("binance-futures-income")
    assert summary.agrees
    assert {each.asset: each.amount for each in history.balances("main")} == {"USDT": Decimal("499.8269")}


def test_binance_statement():
    history, summary = imported("binance-statement")
    assert summary.agrees, summary.skipped
    [position] = history.positions("main")
    assert (position.symbol, position.quantity) == ("ETH/BUSD", Decimal("0.05"))
    assert position.realized_gross == 5
    balances = {(each.venue_account, each.asset): each.amount for each in history.balances("main")}
    assert balances["", "BUSD"] == Decimal("269.86")
    assert balances["Earn", "ETH"] == Decimal("0.050001")


def test_coinbase_transactions():
    history, summary = imported("coinbase-transactions")
    assert summary.agrees, summary.skipped
    [position] = history.positions("main")
    assert (position.symbol, position.quantity) == ("BTC/USD", Decimal("0.007"))
    assert position.fees == {"USD": Decimal("10.76")}
    balances = {each.asset: each.amount for each in history.balances("main")}
    assert balances == {"BTC": Decimal("0.003"), "ETH": Decimal("0.001"), "USD": Decimal("-322.87345")}


def test_bybit_fees_are_in_what_was_received():
    history, summary = imported("bybit-spot-trades")
    assert summary.agrees, summary.skipped
    position = history.position("main", "BYBIT", "ICP/USDT")
    assert position.fees == {"ICP": Decimal("0.01"), "USDT": Decimal("0.049973424")}
    assert position.quantity == Decimal("4.63")


def test_bybit_transaction_log_agrees_with_its_results():
    history, summary = imported("bybit-transaction-log")
    assert summary.agrees and summary.figures == 2, (summary.skipped, summary.differences)
    assert not summary.remarks
    linear = history.position("main", "BYBIT", "ETHUSDT")
    assert (linear.quantity, linear.realized_gross) == (Decimal("0.6"), 40)
    assert linear.fees == {"USDT": Decimal("2.332")}
    inverse = history.position("main", "BYBIT", "ETHUSD")
    assert (inverse.quantity, inverse.realized_gross) == (0, Decimal("0.02"))
    assert history.position("main", "BYBIT", "BTC/USDT").quantity == Decimal("0.00999")
    balances = {each.asset: each.amount for each in history.balances("main")}
    assert balances == {"BTC": Decimal("0.00999"), "ETH": Decimal("0.019879"), "USDT": Decimal("537.368")}


def test_bybit_derivatives_agree_with_their_results():
    history, summary = imported("bybit-derivatives")
    assert summary.agrees and summary.figures == 1, (summary.skipped, summary.differences)
    position = history.position("main", "BYBIT", "ETHUSDT")
    assert (position.quantity, position.realized_gross) == (Decimal("0.5"), 50)
    assert position.fees == {"USDT": Decimal("1.83")}
    assert {each.asset: each.amount for each in history.balances("main")} == {"USDT": Decimal("547.965")}


def test_okx_trading_history_agrees_with_its_results():
    history, summary = imported("okx-trading", UTC)
    assert summary.agrees and summary.figures == 1, (summary.skipped, summary.differences)
    contracts = [each for each in history.positions("main", include_flat=True) if each.symbol == "BTC-USDT-SWAP"]
    assert {each.key.position_side: each.realized_gross for each in contracts} == {
        PositionSide.LONG: 50,
        PositionSide.NET: 0,  # funding, of which the file does not say which side paid it
    }
    spot = history.position("main", "OKX", "ETH/USDT")
    assert spot.quantity == Decimal("0.0998")
    assert spot.fees == {"ETH": Decimal("0.0002"), "USDT": Decimal("0.31")}
    balances = {each.asset: each.amount for each in history.balances("main")}
    assert balances == {"ETH": Decimal("0.0998"), "USDT": Decimal("1656.365")}


def test_okx_begins_each_line_with_a_byte_order_mark(tmp_path):
    lines = (SAMPLES / "okx-trading.csv").read_text("utf-8").splitlines()
    file = tmp_path / "okx.csv"
    preamble = "UID:1,\ufeffAccount Type:Main,\ufeffTime Zone:UTC+3"
    file.write_text("".join(f"\ufeff{line}\n" for line in [preamble, *lines]), "utf-8")
    reader, options = open_reader("okx-trading"), ReaderOptions(account_id="main", zone=UTC)
    [above, *items] = reader.read(str(file), options)
    assert isinstance(above, Skipped) and above.expected
    assert items == list(reader.read(str(SAMPLES / "okx-trading.csv"), options))


def test_okx_contracts_of_unknown_size_are_skipped(tmp_path):
    file = tmp_path / "okx.csv"
    file.write_text((SAMPLES / "okx-trading.csv").read_text("utf-8").replace("BTC-USDT-SWAP", "XYZ-USDT-SWAP"), "utf-8")
    items = list(open_reader("okx-trading").read(str(file), ReaderOptions(account_id="main", zone=UTC)))
    reasons = [item.reason for item in items if isinstance(item, Skipped)]
    assert len(reasons) == 2 and all("'XYZ-USDT' is none of the words" in reason for reason in reasons)


def test_ninjatrader_results():
    history, summary = imported("ninjatrader-executions", CHICAGO)
    assert summary.agrees, summary.skipped
    position = history.position("main", "NINJATRADER", "MNQ SEP25")
    assert (position.realized_gross, position.realized_net) == (Decimal(-3), Decimal("-5.08"))


def test_coinbase_statement_agrees_with_its_balances():
    history, summary = imported("coinbase-account")
    assert summary.figures == 2
    assert summary.agrees
    balances = {each.asset: each.amount for each in history.balances("main")}
    assert balances == {"EUR": Decimal(798), "ETH": Decimal("0.8")}
    assert {order.symbol for order in history.orders(OrderFilter(account_id="main"))} == {"ETH/EUR"}


@pytest.mark.parametrize("format", ["tradovate-fills", "tradovate-orders", "tradovate-performance"])
def test_tradovate_results(format):
    history, summary = imported(format, CHICAGO)
    assert not summary.skipped
    [micro] = [each for each in history.positions("main", include_flat=True) if each.symbol == "MNQH4"]
    assert micro.realized_gross == Decimal("0.50")
    assert micro.is_flat


def test_tradovate_performance_is_compared_with_its_own_results():
    _, summary = imported("tradovate-performance", CHICAGO)
    assert summary.figures == 2
    [difference] = summary.differences
    assert (difference.symbol, difference.stated, difference.computed) == ("MESH4", Decimal(1000), Decimal(100))


def test_times_without_an_offset_need_a_zone():
    reader = open_reader("tradovate-orders")
    with pytest.raises(ValueError, match="--zone"):
        list(reader.read(str(SAMPLES / "tradovate-orders.csv"), ReaderOptions(account_id="main")))
