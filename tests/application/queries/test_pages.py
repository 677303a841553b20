"""Iterating the page that a list method returns goes on to the end of the list, whatever the size of its pages."""

from datetime import timedelta
from inspect import signature
from typing import get_origin, get_type_hints

import pytest

from sot import AccountEvent, OrderHistory
from sot.adapters.memory import MemoryStore
from sot.audit import seal
from sot.queries import HistoryQueries, Page, ReconciliationFilter
from sot.testing.contract.samples import ACCOUNT, VENUE, spot_instrument, trade_report
from sot.testing.contract.transactions import add_full_reconciliation, submit_and_send, write_history
from sot.testing.fakes import ManualClock

PUBLIC = {name: getattr(HistoryQueries, name) for name in dir(HistoryQueries) if not name.startswith("_")}
LISTS = [
    name
    for name, method in PUBLIC.items()
    if callable(method) and get_origin(get_type_hints(method).get("return")) is Page
]


@pytest.fixture(scope="module")
def store():
    """A store in which every list has several items."""
    store = MemoryStore(ManualClock())
    for symbol in ("A/B", "C/B"):
        write_history(store, lambda history, symbol=symbol: history.register(spot_instrument(symbol=symbol)))
        order_id = submit_and_send(store, f"{symbol} 1", symbol=symbol)
        for number in range(3):
            store.clock.move(timedelta(seconds=1))
            trade = trade_report(f"{symbol} 1", f"{symbol} {number}", symbol=symbol)
            funding = AccountEvent(
                account_id=ACCOUNT, type="FUNDING", venue=VENUE, symbol=symbol, amount=number + 1, currency="QUOTE",
                occurred_at=store.clock.now(),
            )  # fmt: skip
            write_history(store, lambda history, trade=trade: history.record(trade))
            write_history(store, lambda history, event=funding: history.record_account_event(event))
            write_history(store, lambda history, mark=100 + number, order_id=order_id: history.mark(order_id, mark))
        write_history(store, lambda history, name=symbol: history.record(trade_report(f"nobody {name}", "E")))
        write_history(store, lambda history: add_full_reconciliation(history._uow))
        store.run(seal)
    return store


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("past", [False, True])
def test_iterating_a_page_goes_on_to_the_end(store, name, past):
    with store.begin(read_only=True) as uow:
        history = OrderHistory(uow).as_of(known_at=store.clock.now()) if past else OrderHistory(uow)
        known = {
            "account_id": ACCOUNT, "order_id": OrderHistory(uow).orders().items[0].order_id, "in_currency": "QUOTE",
        }  # fmt: skip
        method = getattr(history, name)
        arguments = {key: value for key, value in known.items() if key in signature(method).parameters}
        if name == "findings":
            arguments["filter"] = ReconciliationFilter()
        whole = method(**arguments, limit=500)
        assert whole.next is None and len(whole.items) >= 2
        for limit in (1, 2, 3):
            page = method(**arguments, limit=limit)
            assert list(page) == list(whole.items)
            assert list(page) == list(whole.items), "a page can be iterated again"
            assert len(page.items) <= limit


def test_every_list_method_is_found():
    assert len(LISTS) == 12, LISTS
