"""`sot demo`: it runs on a new store and on its own, and adds nothing the second time."""

import json
from decimal import Decimal

import pytest
from rich.console import Console
from tests.support.command_line import sot
from typer.main import get_command

from sot.entrypoints.app import app
from sot.entrypoints.demo import real_records
from sot.entrypoints.demo.file_commands import FileCommands
from sot.entrypoints.stores import open_store


def facts(url):
    store = open_store(str(url))
    try:
        return real_records.count_facts(store)
    finally:
        store.close()


def imported_events(folder):
    orders = sot("orders", "--store", folder / "sot-demo-files" / "history.db", "--limit", 500, "--json").stdout
    return sum(order["last_sequence"] for order in json.loads(orders)["orders"])


def test_it_runs_twice_on_the_same_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    first = sot("demo")
    assert first.exit_code == 0, first.output
    url = tmp_path / "sot-demo.db"
    count = facts(url)
    assert count > 200
    assert f"{count} before, {count} after" in first.stdout
    assert "of 4 figures that the source states agree" in first.stdout
    headings = [line for line in first.stdout.splitlines() if line.startswith("─") and line.endswith("─")]
    assert [len(line) for line in headings] == [80] * 4, "a heading is as wide as its table outside a terminal"
    files = {file.name for file in (tmp_path / "sot-demo-files").iterdir()}
    assert files >= {"history.db", "fills.parquet", "exchange.beancount"}
    imported = imported_events(tmp_path)
    again = sot("demo")
    assert again.exit_code == 0, again.output
    assert facts(url) == count
    assert imported_events(tmp_path) == imported > 60
    orders = json.loads(sot("orders", "--store", url, "--limit", 500, "--json").stdout)["orders"]
    assert len({order["venue"] for order in orders}) >= 9
    assert {order["status"] for order in orders} >= {"NEW", "FILLED", "CANCELED", "REJECTED", "FAILED", "PENDING_NEW"}


def test_an_import_that_adds_something_again_is_told(tmp_path):
    class Forgetful(FileCommands):
        def _added(self, words):
            (tmp_path / "history.db").unlink(missing_ok=True)
            return super()._added(words)

    commands = Forgetful(tmp_path, Console(quiet=True), get_command(app))
    commands.play()
    assert commands.failed


def test_what_it_shows():
    result = sot("demo", "--store", "memory")
    assert result.exit_code == 0, result.output
    for words in (
        "5.820000000000001e-05 LTC is not exact",
        "names no currency",
        "1.1 GATEPOINT, 2.2 GT, 0.00301420496 USDT",
        "in doubt",
        "risk check MAX_NOTIONAL failed",
        "Timeline",
        "Profit and loss at 50500",
        "111 known already, 0 added",
        "the venue has an order that the history does not have (by-hand)",
    ):
        assert words in result.stdout, words
    assert "Traceback" not in result.output


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    url = tmp_path_factory.mktemp("demo") / "demo.db"
    assert sot("demo", "--store", url).exit_code == 0
    return url


@pytest.mark.parametrize(
    ("venue", "venue_order_id", "expected"),
    [
        ("KRAKEN", "OL7LNO-R4SAD-6UINEU", {"status": "NEW", "order_quantity": "0.1"}),
        ("BYBIT", "1609602210852247040", {"order_quantity": None, "provisional_quantity": "0.001614"}),
        ("COINBASE", "01b6e467-b659-432f-9490-c7cefe949564", {"cum_quantity": "10", "provisional_quantity": "0"}),
        ("BYBIT", "aee7453a-a100-465f-857a-3db780e9329a", {"cum_quantity": "0.001", "provisional_quantity": "0"}),
        ("BINANCE", "3397148653", {"status": "FILLED", "cum_quantity": "0", "provisional_notional": "9.08"}),
        ("GEMINI", "106028543717", {"status": "CANCELED", "is_open": False}),
        ("BINANCE", "13809777875", {"cum_quantity": "0.001", "request_id": None}),
    ],
)
def test_orders_are_as_the_exchanges_say(store, venue, venue_order_id, expected):
    arguments = ("show", venue_order_id, "--account", "demo", "--venue", venue, "--store", store, "--json")
    order = json.loads(sot(*arguments).stdout)
    assert {name: order[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("venue", "venue_order_id", "currency", "notional", "rate"),
    [
        # The value and the fee rate that the exchanges state, which also check the contract sizes.
        ("BINANCE", "71548909034", "ETH", "0.00400296", "4"),
        ("HTX", "1513834754585190400", "USDT", "125.3764", "0"),  # its fee is left out: the sign is in doubt
        ("BINGX", "1817441228670648320", "SOL", None, "5"),
        ("OKX", "317321390244397056", "USDT", "19.99996434", "10"),
        ("GATE", "125924049993", "USDT", "1.50710248", None),
    ],
)
def test_costs_agree_with_the_exchanges(store, venue, venue_order_id, currency, notional, rate):
    arguments = ("show", venue_order_id, "--account", "demo", "--venue", venue, "--store", store, "--json")
    costs = json.loads(sot(*arguments).stdout)["costs"]
    assert costs["currency"] == currency
    if notional is not None:
        assert round(Decimal(costs["notional"]), 8) == Decimal(notional)
    if rate is not None:
        assert round(Decimal(costs["effective_rate"]), 2) == Decimal(rate)


def test_reports_of_nameless_instruments_wait(store):
    opened = open_store(str(store))
    waiting = opened.run(lambda uow: uow.reports.waiting(real_records.ACCOUNT), read_only=True)
    opened.close()
    assert all(report.report.symbol is None for report in waiting)
    assert {report.report.venue for report in waiting} == {"BITGET", "BITSTAMP", "BINGX", "BYBIT"}
