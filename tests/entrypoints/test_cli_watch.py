"""`sot watch`: orders, executions and positions as they change."""

import io
import signal
import sys

import pytest
from rich.console import Console
from tests.support.command_line import named, report, sot, trade
from tests.support.command_line import request as new_order
from tests.support.sealed_history import LATER, recorded

from sot.entrypoints.commands.watch import watch
from sot.entrypoints.json_lines import apply_line
from sot.entrypoints.watch_tables import frame, row_counts
from sot.entrypoints.watched import Watch


def record(store, *lines):
    def use_case(uow):
        for line in lines:
            ((key, fields),) = line.items()
            apply_line(uow, key, fields)

    store.run(use_case)


def instrument(symbol="BTC/USDT", account="main"):
    fields = {"account_id": account, "venue": "BINANCE", "symbol": symbol, "kind": "SPOT"}
    return {"instrument": {**fields, "base": symbol[:3], "quote": "USDT"}}


def shown(watched, width=80, height=24):
    console = Console(file=io.StringIO(), width=width, height=height or 1000, record=True, markup=False)
    console.print(frame(watched, width, height))
    return console.export_text()


@pytest.fixture(params=["memory", "sqlite"])
def store(request, make_store):
    store = make_store(request.param)
    record(store, instrument(), new_order("a"), named("sent", "a"))
    return store


def test_what_changes_is_read_once(store):
    watched = Watch(store)
    assert watched.update()
    assert [(order.client_order_id, order.status) for order in watched.orders] == [("a", "PENDING_NEW")]
    assert (watched.executions, watched.positions) == ([], [])
    assert not watched.update()
    record(store, trade("a", "1", "0.5", "50000"))
    assert watched.update()
    assert [order.status for order in watched.orders] == ["PARTIALLY_FILLED"]
    assert [event.report.exec_id for event, _ in watched.executions] == ["1"]
    assert [position.quantity for position in watched.positions] == [watched.orders[0].cum_quantity]
    assert not watched.update()


def test_an_order_that_ends_stays_and_the_latest_comes_first(store):
    watched = Watch(store)
    watched.update()
    record(store, new_order("b"), named("sent", "b"), report("CANCELED", "a"))
    watched.update()
    record(store, report("CANCELED", "b"))
    watched.update()
    assert [(order.client_order_id, order.status) for order in watched.orders] == [("b", "CANCELED"), ("a", "CANCELED")]


def test_an_account_event_changes_a_position(store):
    record(store, trade("a", "1", "0.5", "50000"))
    watched = Watch(store)
    watched.update()
    event = {"account_id": "main", "venue": "BINANCE", "symbol": "BTC/USDT", "type": "TRANSFER", "quantity": "1"}
    record(store, {"account_event": {**event, "cost": "1", "occurred_at": "2026-03-01T10:00:00Z", "external_id": "t"}})
    assert watched.update()
    assert str(watched.positions[0].quantity) == "1.5"


def test_open_orders_come_before_those_that_ended(store):
    record(store, new_order("b"), named("sent", "b"), report("CANCELED", "b"))
    watched = Watch(store)
    watched.update()
    assert [(order.client_order_id, order.is_open) for order in watched.orders] == [("a", True), ("b", False)]


def test_of_more_open_orders_than_it_reads_the_newest_are_shown(store, monkeypatch):
    monkeypatch.setattr("sot.entrypoints.watched.LARGEST_PAGE", 2)
    monkeypatch.setattr("sot.entrypoints.watched._LATELY", 0)
    for name in ("b", "c", "d"):
        record(store, new_order(name), named("sent", name))
    watched = Watch(store)
    watched.update()
    assert [order.client_order_id for order in watched.orders] == ["d", "c"]


def test_of_one_account_and_symbol(store):
    record(store, instrument("ETH/USDT"), new_order("e", symbol="ETH/USDT"), named("sent", "e"))
    for watched, names in (
        (Watch(store, "main"), {"a", "e"}),
        (Watch(store, "main", "ETH/USDT"), {"e"}),
        (Watch(store, symbol="BTC/USDT"), {"a"}),
        (Watch(store, "other"), set()),
    ):
        watched.update()
        assert {order.client_order_id for order in watched.orders} == names


def test_eighty_columns_have_what_matters(store):
    record(store, trade("a", "1", "0.5", "50000"))
    watched = Watch(store, "main")
    watched.update()
    text = shown(watched)
    assert max(map(len, text.splitlines())) <= 80
    for words in (
        ["symbol", "side", "quantity", "executed", "price", "status"],
        ["BTC/USDT", "BUY", "2", "0.5", "50000.5", "PARTIALLY_FILLED"],
        ["BTC/USDT", "long", "0.5", "50000", "0", "USDT"],
    ):
        assert any(line.split() == words for line in text.splitlines()), text
    assert "client order id" in shown(watched, width=140)


def test_a_small_terminal_is_never_exceeded(store):
    for number in range(30):
        record(store, new_order(f"o{number}"), named("sent", f"o{number}"), trade(f"o{number}", f"{number}", "1", "5"))
    watched = Watch(store)
    watched.update()
    text = shown(watched, height=24)
    assert len(text.splitlines()) <= 24
    assert "and 24 more" in text
    assert len(shown(watched, height=None).splitlines()) > 60


@pytest.mark.parametrize(
    ("wanted", "height", "counts"),
    [([3, 2, 1], None, [3, 2, 1]), ([9, 9, 9], 16, [2, 2, 2]), ([9, 0, 1], 16, [5, 0, 1]), ([9, 9, 9], 4, [0, 0, 0])],
)
def test_rooms(wanted, height, counts):
    assert list(row_counts(wanted, height)) == counts


def test_once_is_for_any_output(tmp_path):
    store = recorded(tmp_path / "orders.db")
    result = sot("watch", "--once", "--store", store)
    assert result.exit_code == 0
    assert "BTC/USDT" in result.stdout
    assert "Ctrl-C" not in result.stdout
    nothing = sot("watch", "--once", "--store", store, "--symbol", "NOPE").stdout
    assert nothing.splitlines()[1:] == ["Orders: none", "Executions: none", "Positions: none"]


def test_without_a_terminal_it_names_what_programs_read(tmp_path):
    result = sot("watch", "--store", recorded(tmp_path / "orders.db"))
    assert result.exit_code == 2
    assert "sot follow" in result.stderr


@pytest.mark.parametrize("options", [["--every", "0"], ["--account", ""], ["--symbol", ""]])
def test_bad_options(tmp_path, options):
    assert sot("watch", "--once", "--store", recorded(tmp_path / "orders.db"), *options).exit_code == 2


@pytest.mark.skipif(sys.platform == "win32", reason="it has no pseudo-terminals")
def test_in_a_terminal_until_interrupted(tmp_path):
    from tests.support.pseudo_terminal import Terminal

    store = recorded(tmp_path / "orders.db")
    with Terminal("watch", "--store", store, "--every", "0.1") as terminal:
        terminal.read_until(lambda text: "BTC/USDT" in text)
        assert "03-01 12:00:00" not in terminal.text
        recorded(store, LATER)
        terminal.read_until(lambda text: "03-01 12:00:00" in text)
        terminal.process.send_signal(signal.SIGINT)
        assert terminal.read_to_end() == 0
    assert "Traceback" not in terminal.text
    assert "\x1b[?1049l" in terminal.output, "the screen of before is shown again"


def test_the_help_names_the_command_for_programs():
    assert "sot follow" in (watch.__doc__ or "")
