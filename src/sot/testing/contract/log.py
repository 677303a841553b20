"""The log level: what every log of facts must do, the smallest store that somebody else can write.

    class TestMyLog(FactLogContract):
        @pytest.fixture
        def open_log(self, tmp_path):
            return lambda: MyLog(tmp_path / "facts.log")  # each call opens the same log once more

        def open_store(self, log):
            return LogStore(log)  # of sot.adapters.memory

A `LogStore` over the log passes the suites of the next levels.
"""

from collections.abc import Callable
from decimal import Decimal

import pytest

from sot.application.history import OrderHistory
from sot.domain.orders.report import Fee
from sot.domain.values.errors import ConcurrentUpdate
from sot.ports.log import FactLog
from sot.ports.store import Store
from sot.testing.contract.samples import (
    ACCOUNT,
    SYMBOL,
    VENUE,
    new_order_request,
    spot_instrument,
    trade_report,
)
from sot.testing.contract.transactions import read_history, submit_and_send, write_history

OpenLog = Callable[[], FactLog]
LINES = ["first", "", "with \\n an escape", "with\na line break", "ß漢😀", '{"fact":{}}']


class FactLogContract:
    """A log of lines, and a store over it. Override the fixture `open_log` and the method `open_store`."""

    @pytest.fixture
    def open_log(self) -> OpenLog:
        """A function that opens the log under test; each call opens the same log once more."""
        raise NotImplementedError("derive from FactLogContract and give it a fixture `open_log`")

    def open_store(self, log: FactLog) -> Store:
        """A store over a log."""
        raise NotImplementedError(
            "give the suite a store over the log: `def open_store(self, log): return LogStore(log)`"
        )

    def test_a_new_log_is_empty(self, open_log: OpenLog) -> None:
        """A log that was just created has no lines."""
        assert list(open_log().read(0)) == []

    def test_lines_come_back_in_order(self, open_log: OpenLog) -> None:
        """Lines of any text come back as they were appended, from any line on."""
        log = open_log()
        log.append(LINES[:2], 0)
        log.append(LINES[2:], 2)
        for after in range(len(LINES) + 1):
            assert list(log.read(after)) == LINES[after:]

    def test_lines_are_durable(self, open_log: OpenLog) -> None:
        """A log that is opened again has all lines."""
        open_log().append(LINES, 0)
        assert list(open_log().read(0)) == LINES

    def test_another_writer_is_seen(self, open_log: OpenLog) -> None:
        """Lines that another writer appended are read."""
        log, other = open_log(), open_log()
        log.append(["a"], 0)
        assert list(other.read(0)) == ["a"]
        other.append(["b"], 1)
        assert list(log.read(1)) == ["b"]

    @pytest.mark.parametrize("after", [0, 1, 3])
    def test_a_lost_race_appends_nothing(self, open_log: OpenLog, after: int) -> None:
        """An append for another number of lines than there are raises ConcurrentUpdate."""
        log, other = open_log(), open_log()
        log.append(["a", "b"], 0)
        with pytest.raises(ConcurrentUpdate):
            other.append(["c"], after)
        assert list(log.read(0)) == ["a", "b"]
        other.append(["c"], 2)
        assert list(log.read(2)) == ["c"]

    def test_two_stores_share_a_log(self, open_log: OpenLog) -> None:
        """A store reads what another one recorded in the log; of two that race, one is run again."""
        first, second = self.open_store(open_log()), self.open_store(open_log())
        write_history(first, lambda h: h.register(spot_instrument()))
        winner, loser = first.begin(), second.begin()
        OrderHistory(winner).submit(new_order_request("C1"))
        OrderHistory(loser).submit(new_order_request("C2"))
        winner.commit()
        with pytest.raises(ConcurrentUpdate):
            loser.commit()
        write_history(second, lambda h: h.submit(new_order_request("C2")))
        assert read_history(first, lambda h: h.find_request(ACCOUNT, "C2")) is not None

    def test_an_order_is_durable(self, open_log: OpenLog) -> None:
        """An order that one store recorded is there in a store that opens the log later."""
        store = self.open_store(open_log())
        order_id = submit_and_send(store, "C1")
        execution = trade_report("C1", "E1", "3", "99", fees=[Fee(Decimal("0.1"), "QUOTE")])
        write_history(store, lambda h: h.record(execution))
        order, reopened = [_observe(opened, order_id) for opened in (store, self.open_store(open_log()))]
        assert order == reopened
        assert order[0] == "PARTIALLY_FILLED"


def _observe(store: Store, order_id: str) -> tuple[object, ...]:
    """What a store has of an order: status, quantities, hash, costs, fills and position."""
    with store.begin(read_only=True) as uow:
        history = OrderHistory(uow)
        order = history.order(order_id)
        position = history.position(ACCOUNT, VENUE, SYMBOL)
        fills = list(history.fills(order_id))
        return order.status, order.cum_quantity, order.last_hash, history.costs(order_id), fills, position
