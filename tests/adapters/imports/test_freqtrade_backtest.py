"""Results of freqtrade's backtests: JSON and archives, several entries, shorts with funding, older versions."""

import json
import zipfile
from decimal import Decimal

import pytest

from sot import InvalidInput, OrderHistory
from sot.adapters.imports.freqtrade import FEES_BY_RATE
from sot.adapters.imports.freqtrade_backtest import FIGURES_ROUNDED, FreqtradeBacktestReader
from sot.adapters.memory import MemoryStore
from sot.importing import ReaderOptions, Skipped, import_history
from sot.testing.contract.reader import ReaderContract

MINUTE = 60_000
BEGIN = 1_767_600_000_000  # 2026-01-05T08:00:00Z


def order(amount, price, minutes, is_entry, side, tag=None):
    return {
        "amount": amount,
        "safe_price": price,
        "ft_order_side": side,
        "order_filled_timestamp": None if minutes is None else BEGIN + minutes * MINUTE,
        "ft_is_entry": is_entry,
        "ft_order_tag": tag,
        "cost": amount * price,
    }


LONG = {
    "pair": "BTC/USDT",
    "stake_amount": 150.0,
    "max_stake_amount": 150.0,
    "amount": 1.5,
    "open_date": "2026-01-05 08:00:00+00:00",
    "close_date": "2026-01-05 08:30:00+00:00",
    "open_rate": 100.0,
    "close_rate": 110.0,
    "fee_open": 0.001,
    "fee_close": 0.001,
    "trade_duration": 30,
    "profit_ratio": 0.09,
    "profit_abs": 14.685,  # 165 - 150 - 0.15 - 0.165
    "exit_reason": "roi",
    "is_open": False,
    "enter_tag": "dip",
    "leverage": 1.0,
    "is_short": False,
    "open_timestamp": BEGIN,
    "close_timestamp": BEGIN + 30 * MINUTE,
    "orders": [
        order(1.0, 100.0, 0, True, "buy", "dip"),
        order(0.5, 100.0, 10, True, "buy", "dca"),
        order(0.5, 90.0, None, True, "buy", "dca"),
        order(1.5, 110.0, 30, False, "sell", "roi"),
    ],
}
SHORT = {
    **LONG,
    "pair": "ETH/USDT:USDT",
    "open_date": "2026-01-05 09:00:00+00:00",
    "close_date": "2026-01-05 17:00:00+00:00",
    "amount": 2.0,
    "profit_abs": 18.92,  # 200 - 180 - 0.2 - 0.18 - 0.7
    "funding_fees": -0.7,
    "leverage": 3.0,
    "is_short": True,
    "orders": [order(2.0, 100.0, 60, True, "sell"), order(2.0, 90.0, 540, False, "buy")],
}
OLD = {
    "pair": "TRX/BTC",
    "amount": 10.373443983402491,
    "open_date": "2026-01-05 08:00:00+00:00",
    "close_date": "2026-01-05 08:05:00+00:00",
    "open_rate": 9.64e-05,
    "close_rate": 0.00010074887218045112,
    "fee_open": 0.0025,
    "fee_close": 0.0025,
    "profit_abs": 0.00004,
    "is_open": False,
}


def result(*trades, strategy="Dips"):
    return {"strategy": {strategy: {"trades": list(trades), "results_per_pair": []}}, "strategy_comparison": []}


def write(path, document):
    path.write_text(json.dumps(document))
    return str(path)


def row(trade):
    """A trade or an order as the reader keeps it."""
    return {name: Decimal(str(value)) if isinstance(value, float) else value for name, value in trade.items()}


class TestFreqtradeBacktest(ReaderContract):
    def reader(self):
        return FreqtradeBacktestReader()

    def source(self, tmp_path):
        return write(tmp_path / "result.json", result(LONG, SHORT))

    def rows(self):
        trades = [row({name: value for name, value in each.items() if name != "orders"}) for each in (LONG, SHORT)]
        return [*trades, *(row(each) for trade in (LONG, SHORT) for each in trade["orders"])]

    def new_store(self):
        return MemoryStore()

    def in_other_order(self, tmp_path):
        return write(tmp_path / "other.json", result(SHORT, LONG))

    def overlapping(self, tmp_path):
        return [write(tmp_path / "early.json", result(LONG)), self.source(tmp_path)]


def imported(source, **options):
    store, reader = MemoryStore(), FreqtradeBacktestReader()
    items = reader.read(source, ReaderOptions(account_id="main", **options))
    summary = import_history(store, items, finished_orders=reader.finished_orders)
    return OrderHistory(store.begin(read_only=True)), summary


def test_results_agree(tmp_path):
    history, summary = imported(write(tmp_path / "result.json", result(LONG, SHORT)))
    assert summary.agrees and summary.figures == 2, (summary.skipped, summary.differences)
    assert summary.remarks == {FEES_BY_RATE: 5}
    positions = {each.symbol: each for each in history.positions("main", include_flat=True)}
    assert positions["BTC/USDT"].realized_gross == 15
    assert positions["BTC/USDT"].fees == {"USDT": Decimal("0.315")}
    short = positions["ETH/USDT:USDT"]
    assert (short.realized_gross, short.key.venue, short.key.venue_account) == (20, "BACKTEST", "Dips")
    assert short.realized_net == Decimal("18.92")


def test_a_result_that_differs_is_listed(tmp_path):
    _, summary = imported(write(tmp_path / "result.json", result({**LONG, "profit_abs": 14.7})))
    [difference] = summary.differences
    assert difference.difference == Decimal("0.015")


def test_the_archive(tmp_path):
    archive = tmp_path / "backtest-result-2026-01-05_09-00-00.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("backtest-result-2026-01-05_09-00-00.json", json.dumps(result(LONG)))
        file.writestr("backtest-result-2026-01-05_09-00-00_config.json", "{}")
        file.writestr("backtest-result-2026-01-05_09-00-00.meta.json", "{}")
        file.writestr("backtest-result-2026-01-05_09-00-00_Dips.py", "")
    _, summary = imported(str(archive))
    assert summary.agrees and summary.figures == 1


def test_trades_of_older_versions_have_no_orders(tmp_path):
    history, summary = imported(write(tmp_path / "result.json", result(OLD)))
    assert summary.agrees, (summary.skipped, summary.differences)
    assert summary.remarks[FIGURES_ROUNDED] == 1
    [position] = history.positions("main", include_flat=True)
    assert position.is_flat and position.realized_gross > 0


def test_several_strategies_are_several_accounts(tmp_path):
    document = result(LONG)
    document["strategy"]["Other"] = {"trades": [LONG]}
    history, summary = imported(write(tmp_path / "result.json", document), venue="BINANCE")
    assert summary.agrees and summary.figures == 2
    accounts = {(each.key.venue, each.key.venue_account) for each in history.positions("main", include_flat=True)}
    assert accounts == {("BINANCE", "Dips"), ("BINANCE", "Other")}


def test_a_trade_that_cannot_be_read_is_skipped(tmp_path):
    broken = [
        {**LONG, "pair": "BTC"},
        {**OLD, "open_rate": None, "close_rate": None},
        {**OLD, "amount": "many"},
        {**LONG, "orders": ["x"]},
        {**LONG, "orders": 5},
    ]
    items = list(
        FreqtradeBacktestReader().read(
            write(tmp_path / "result.json", result(*broken)), ReaderOptions(account_id="main")
        )
    )
    assert [item.location for item in items if isinstance(item, Skipped)] == [f"Dips trade {n}" for n in range(1, 6)]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"strategy": []}', '{"strategy": {"A": {}}}', "\xff"])
def test_another_file_is_refused(tmp_path, text):
    file = tmp_path / "result.json"
    file.write_text(text, "latin-1")
    with pytest.raises(InvalidInput, match="result of a backtest"):
        list(FreqtradeBacktestReader().read(str(file), ReaderOptions(account_id="main")))


def test_an_archive_without_a_result_is_refused(tmp_path):
    archive = tmp_path / "result.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("notes.txt", "")
    with pytest.raises(InvalidInput, match="0 JSON files"):
        list(FreqtradeBacktestReader().read(str(archive), ReaderOptions(account_id="main")))
