"""Account activities of Alpaca."""

import json
from decimal import Decimal

import pytest

from sot import OrderHistory, OrderStatus
from sot.adapters.imports.alpaca import COUNTED_WITH_OPTION, AlpacaReader
from sot.adapters.memory import MemoryStore
from sot.application.importing.importer import import_history
from sot.domain.values.errors import InvalidInput
from sot.ports.orders import OrderFilter
from sot.ports.readers import ReaderOptions, Skipped
from sot.testing.contract.reader import ReaderContract


def fill(id, symbol, side, qty, price, order, **fields):
    return {
        "id": f"20240304093000000::{id}",
        "activity_type": "FILL",
        "transaction_time": "2024-03-04T14:30:00.123456789Z",
        "type": "fill",
        "price": price,
        "qty": qty,
        "side": side,
        "symbol": symbol,
        "leaves_qty": "0",
        "order_id": order,
        "cum_qty": qty,
        "order_status": "filled",
        **fields,
    }


def other(id, kind, **fields):
    return {
        "id": f"20240305000000000::{id}",
        "activity_type": kind,
        "date": "2024-03-15",
        "status": "executed",
        **fields,
    }


OPTION = "ABC240315P00009500"
ACTIVITIES = [
    fill("f1", "ABC", "buy", "6", "10", "o1", type="partial_fill", leaves_qty="4", order_status="partially_filled"),
    fill("f2", "ABC", "buy", "4", "10.1", "o1", cum_qty="10"),
    fill("f3", "ABC", "sell_short", "10", "11", "o2", transaction_time="2024-03-05T14:30:00Z"),
    fill("f4", "BTC/USD", "buy", "0.0123456", "60000.5", "o3"),
    fill("f5", OPTION, "sell", "1", "0.4", "o4"),
    other("a1", "OPASN", symbol=OPTION, qty="-1", net_amount="0"),
    other("a2", "OPTRD", symbol="ABC", qty="100", price="9.5", net_amount="-950"),
    other("n1", "CSD", net_amount="5000"),
    other("n2", "DIV", symbol="ABC", qty="10", net_amount="1.25", per_share_amount="0.125"),
    other("n3", "FEE", net_amount="-0.02", description="TAF fee"),
    other("n4", "INT", net_amount="0.4"),
]
OPTIONS = ReaderOptions(account_id="main")


def written(path, activities, lines=False):
    path.write_text("\n".join(map(json.dumps, activities)) if lines else json.dumps(activities))
    return str(path)


class TestAlpaca(ReaderContract):
    def reader(self):
        return AlpacaReader()

    def new_store(self):
        return MemoryStore()

    def source(self, tmp_path):
        return written(tmp_path / "activities.json", ACTIVITIES)

    def in_other_order(self, tmp_path):
        return written(tmp_path / "other.json", ACTIVITIES[::-1])

    def overlapping(self, tmp_path):
        return [written(tmp_path / "early.json", ACTIVITIES[:7]), written(tmp_path / "late.json", ACTIVITIES[4:], True)]

    def rows(self):
        return ACTIVITIES


def test_what_is_recorded(tmp_path):
    store = MemoryStore()
    items = list(AlpacaReader().read(written(tmp_path / "a.json", ACTIVITIES), OPTIONS))
    summary = import_history(store, items)
    assert summary.agrees, summary.skipped
    assert summary.expected == {COUNTED_WITH_OPTION: 1}
    history = OrderHistory(store.begin(read_only=True))
    stock = history.position("main", "ALPACA", "ABC")
    assert (stock.quantity, stock.realized_gross) == (100, Decimal("9.6"))
    assert stock.entry_value == 950 - 40
    assert history.position("main", "ALPACA", OPTION).is_flat
    assert {each.status for each in history.orders(OrderFilter(account_id="main"))} == {OrderStatus.FILLED}
    balances = {each.asset: each.amount for each in history.balances("main")}
    assert balances["BTC"] == Decimal("0.0123456")
    assert balances["ABC"] == 100


@pytest.mark.parametrize(
    ("activity", "reason"),
    [
        (other("x", "SPLIT", symbol="ABC"), "of type SPLIT"),
        (other("x", "DIV", symbol="ABC", net_amount=""), "net_amount is empty"),
        (other("x", "CSD", net_amount="5", date="soon"), "no date"),
        (fill("x", "ABC", "buy", "0", "1", "o"), "qty is zero"),
    ],
)
def test_what_cannot_be_read_is_skipped(tmp_path, activity, reason):
    [item] = AlpacaReader().read(written(tmp_path / "a.json", [activity]), OPTIONS)
    assert isinstance(item, Skipped) and reason in item.reason and not item.expected


@pytest.mark.parametrize("text", ["[1]", '[{"id": "x"}]', "nothing", "[", "\udcff"])
def test_another_file_is_refused(tmp_path, text):
    path = tmp_path / "a.json"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(InvalidInput):
        list(AlpacaReader().read(str(path), OPTIONS))
