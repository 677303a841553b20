"""What every log of facts must do: the first level of the contract that a store of your own passes.

    class TestMyLog(FactLogContract):
        @pytest.fixture
        def open_log(self, tmp_path):
            return lambda: MyLog(tmp_path / "facts.log")    # each call opens the same log once more

The next levels are those of a store: `sot.adapters.memory.LogStore` over the log passes `StoreContract`.
"""

from collections.abc import Callable
from decimal import Decimal

import pytest

from sot.adapters.memory import LogStore
from sot.application.history import OrderHistory
from sot.domain.orders.report import Fee, VenueReport
from sot.domain.orders.request import OrderRequest
from sot.domain.values.errors import ConcurrentUpdate
from sot.domain.values.instrument import Instrument
from sot.domain.values.vocabulary import EventType, InstrumentKind, OrderType, Side
from sot.ports.log import FactLog

OpenLog = Callable[[], FactLog]
LINES = ["first", "", "with \\n an escape", "with\na line break", "ß漢😀", '{"fact":{}}']


class FactLogContract:
    """The facts level: lines are appended and read back. Override the fixture `open_log`."""

    @pytest.fixture
    def open_log(self) -> OpenLog:
        """A function that opens the log under test; each call opens the same log once more."""
        raise NotImplementedError

    def test_a_new_log_is_empty(self, open_log: OpenLog) -> None:
        """A log that was just created has no lines."""
        assert list(open_log().read(0)) == []

    def test_lines_come_back_in_order(self, open_log: OpenLog) -> None:
        """Lines of any text come back as they were appended, from any place on."""
        log = open_log()
        log.append(LINES[:2], 0)
        log.append(LINES[2:], 2)
        for after in range(len(LINES) + 1):
            assert list(log.read(after)) == LINES[after:]

    def test_what_was_appended_is_durable(self, open_log: OpenLog) -> None:
        """A log that is opened again has all lines."""
        open_log().append(LINES, 0)
        assert list(open_log().read(0)) == LINES

    def test_another_writer_is_seen(self, open_log: OpenLog) -> None:
        """Lines that were appended elsewhere are read."""
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
        """What one store records, another one over the same log sees; of two that race, one is run again."""
        one, other = LogStore(open_log()), LogStore(open_log())
        with one.begin() as uow:
            OrderHistory(uow).register(_instrument())
            uow.commit()
        first, second = one.begin(), other.begin()
        OrderHistory(first).submit(_request("C1"))
        OrderHistory(second).submit(_request("C2"))
        first.commit()
        with pytest.raises(ConcurrentUpdate):
            second.commit()
        other.run(lambda uow: OrderHistory(uow).submit(_request("C2")))
        with one.begin(read_only=True) as uow:
            assert OrderHistory(uow).find_request("main", "C2") is not None

    def test_an_order_survives(self, open_log: OpenLog) -> None:
        """The story of an order, told to one store, is there in a store that opens the log later."""
        store = LogStore(open_log())
        with store.begin() as uow:
            history = OrderHistory(uow)
            history.register(_instrument())
            history.mark_sent(history.submit(_request("C1")).request_id)
            uow.commit()
        with store.begin() as uow:
            order_id = OrderHistory(uow).record(_trade("C1")).order_id
            uow.commit()
        assert order_id is not None
        expected = [read(store, order_id) for store in (store, LogStore(open_log()))]
        assert expected[0] == expected[1]
        assert expected[0][0] == "PARTIALLY_FILLED"


def read(store: LogStore, order_id: str) -> tuple[object, ...]:
    """What a store has of an order: status, quantities, hash, costs, fills and position."""
    with store.begin(read_only=True) as uow:
        history = OrderHistory(uow)
        order = history.order(order_id)
        position = history.position("main", "VENUE", "BASE/QUOTE")
        fills = list(history.fills(order_id))
        return order.status, order.cum_quantity, order.last_hash, history.costs(order_id), fills, position


def _instrument() -> Instrument:
    kind = InstrumentKind.SPOT
    return Instrument(account_id="main", venue="VENUE", symbol="BASE/QUOTE", kind=kind, base="BASE", quote="QUOTE")


def _request(client_order_id: str) -> OrderRequest:
    return OrderRequest(
        account_id="main",
        client_order_id=client_order_id,
        venue="VENUE",
        symbol="BASE/QUOTE",
        side=Side.BUY,
        order_type=OrderType.LIMIT,
        quantity=Decimal(3),
        limit_price=Decimal(100),
    )


def _trade(client_order_id: str) -> VenueReport:
    return VenueReport(
        account_id="main",
        venue="VENUE",
        type=EventType.TRADE,
        client_order_id=client_order_id,
        exec_id="E1",
        last_quantity=Decimal(1),
        last_price=Decimal(99),
        fees=[Fee(Decimal("0.1"), "QUOTE")],
    )
