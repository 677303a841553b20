"""The audit trail: all facts in order, checkpoints over them, and any past moment."""

from datetime import timedelta

import attrs

from sot.application.as_of.history import PastHistory
from sot.application.audit.feed import follow
from sot.application.audit.seal import prove, seal
from sot.application.audit.verification import verify
from sot.application.history import OrderHistory
from sot.domain.audit.checkpoint import Checkpoint
from sot.domain.values.vocabulary import FactKind, OrderStatus
from sot.ports.store import Store
from sot.testing.contract.samples import ACCOUNT, T0, trade_report
from sot.testing.contract.transactions import THREADS, read_history, run_in_threads, submit_and_send, write_history

SECOND = timedelta(seconds=1)


def seal_store(store: Store) -> Checkpoint:
    """Seal the facts of a store that no checkpoint covers; there is at least one."""
    checkpoint = store.run(seal)
    assert checkpoint is not None
    return checkpoint


class AuditContract:
    """Feed, checkpoints and past moments. `store` is a fixture that makes an empty store."""

    # ------------------------------------------------------------------------------------------------------------- feed

    def test_the_feed_lists_every_fact_in_order(self, store: Store) -> None:
        """There is one row for each committed fact, in the order of recording."""
        order_id = submit_and_send(store, "C1")
        with store.begin() as uow:
            OrderHistory(uow).record(trade_report("C1", "LOST"))
        write_history(store, lambda h: h.record(trade_report("C1", "E1")))
        waiting = write_history(store, lambda h: h.record(trade_report("UNKNOWN", "E2")))
        assert waiting.order_id is None
        horizon = store.horizon()
        with store.begin(read_only=True) as uow:
            leaves = list(uow.feed.leaves())
            kinds = [leaf.kind for leaf in leaves]
            assert kinds == ["INSTRUMENT", "REQUEST", "EVENT", "EVENT", "EVENT", "UNATTRIBUTED"]
            positions = [leaf.position for leaf in leaves]
            assert positions == sorted(set(positions))
            assert (uow.feed.last(), horizon) == (positions[-1], positions[-1])
            events = uow.events.list(ACCOUNT, order_id)
            rows = [(leaf.key, leaf.number, leaf.hash, leaf.recorded_at) for leaf in leaves[2:5]]
            assert rows == [(order_id, event.sequence, event.hash, event.recorded_at) for event in events]
            assert list(uow.feed.leaves(positions[1], positions[3])) == leaves[2:4]
            assert [row.leaf for row in uow.feed.bodies(positions[1])] == leaves[2:]
            assert [row.body for row in uow.feed.bodies(positions[1], positions[4])] == [
                event.body() for event in events
            ]
            assert list(uow.feed.by_kind(FactKind.EVENT)) == leaves[2:5]
            assert uow.feed.find(FactKind.EVENT, ACCOUNT, order_id, 2) == leaves[3]
            assert uow.feed.find(FactKind.EVENT, ACCOUNT, order_id, 9) is None
            assert [uow.feed.last_sequence(ACCOUNT, order_id, upto) for upto in positions] == [0, 0, 1, 2, 3, 3]
            assert uow.feed.earliest_after(positions[-1]) is None
            assert uow.feed.earliest_after(positions[-2]) == leaves[-1].recorded_at
            assert uow.feed.events(positions[2], positions[5], 1) == [(positions[3], events[1])]
            assert (uow.audit.known_accounts(), uow.audit.is_known_account(ACCOUNT)) == ([ACCOUNT], True)
            assert not uow.audit.is_known_account("another")

    def test_the_horizon_is_the_last_fact_after_a_rollback(self, store: Store) -> None:
        """A past moment can be named by the horizon, whatever positions a rollback used."""
        order_id = submit_and_send(store, "C1")
        with store.begin() as uow:
            OrderHistory(uow).record(trade_report("C1", "LOST"))
            assert uow.feed.last() > 0  # it was written
        horizon = store.horizon()
        with store.begin(read_only=True) as uow:
            assert uow.feed.last() == horizon
            (order,) = OrderHistory(uow).as_of(known_at=horizon).orders().items
        assert order.order_id == order_id

    def test_a_follower_misses_nothing_of_many_writers(self, store: Store) -> None:
        """Following gives every committed event exactly once, in an order that agrees with each order's sequence."""
        client_order_ids = [f"C{number}" for number in range(THREADS)]
        for client_order_id in client_order_ids:
            submit_and_send(store, client_order_id)
        seen: list[tuple[str, int]] = []
        cursor = 0

        def follow_on() -> None:
            nonlocal cursor
            for followed in follow(store, cursor):
                cursor = followed.cursor
                seen.append((followed.event.order_id, followed.event.sequence))

        def record_trades(number: int) -> None:
            for execution in range(4):
                report = trade_report(client_order_ids[number], f"E{number}.{execution}")
                write_history(store, lambda h, report=report: h.record(report))  # type: ignore[misc]
                if number == 0:
                    follow_on()

        assert run_in_threads(THREADS, record_trades) == [None] * THREADS
        follow_on()
        follow_on()
        orders = {order_id for order_id, _ in seen}
        assert len(orders) == THREADS
        for order_id in orders:
            assert [sequence for followed_id, sequence in seen if followed_id == order_id] == [1, 2, 3, 4, 5, 6]

    # ------------------------------------------------------------------------------------------------------ checkpoints

    def test_checkpoints_are_chained_and_prove_facts(self, store: Store) -> None:
        """Each checkpoint begins where the one before ended; a proof holds under its checkpoint alone."""
        order_id = submit_and_send(store, "C1")
        first = seal_store(store)
        assert store.run(seal) is None
        write_history(store, lambda h: h.record(trade_report("C1", "E1")))
        second = seal_store(store)
        assert (first.number, second.number, second.previous) == (1, 2, first.hash)
        assert (first.store_id, first.count, second.count) == (second.store_id, 4, 1)
        with store.begin(read_only=True) as uow:
            assert list(uow.checkpoints.all()) == [first, second]
            assert uow.checkpoints.last() == second
            assert (uow.checkpoints.list(1, 1), uow.checkpoints.list(2, 9)) == ([second], [])
            proof = prove(uow, FactKind.EVENT, ACCOUNT, order_id, 3)
            assert proof.is_valid_under(second)
            assert not proof.is_valid_under(first)
            assert not attrs.evolve(proof, leaf=proof.leaf.replace("EVENT", "REQUEST")).is_valid_under(second)
        assert verify(store, [first, second]).problems == []

    # ------------------------------------------------------------------------------------------------------------- past

    def test_a_past_moment_is_what_was_read_then(self, store: Store) -> None:
        """Orders, executions, costs and positions as of a cursor are what was read at that time."""
        order_id = submit_and_send(store, "C1")
        readings = []

        def read_everything(history: OrderHistory | PastHistory) -> list[object]:
            order = attrs.evolve(history.order(order_id), version=0)
            return [order, list(history.fills(order_id)), history.costs(order_id), list(history.positions(ACCOUNT))]

        for number in range(20):
            report = trade_report("C1", f"E{number}", "0.5", occurred_at=T0 + (number % 7) * SECOND)
            write_history(store, lambda h, report=report: h.record(report))  # type: ignore[misc]
            readings.append((store.horizon(), read_history(store, read_everything)))
        with store.begin(read_only=True) as uow:
            history = OrderHistory(uow)
            for cursor, expected in readings:
                assert read_everything(history.as_of(known_at=cursor)) == expected
            assert history.as_of(known_at=readings[3][0]).order(order_id).status is OrderStatus.PARTIALLY_FILLED
