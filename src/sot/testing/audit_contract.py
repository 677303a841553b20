"""What every store must do so that nothing is changed unseen and any past moment can be asked: a suite for adapters.

Used like `StoreContract`, and along with it:

    class TestMyStore(StoreContract, AuditContract):
        @pytest.fixture
        def store(self):
            return MyStore(...)
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import attrs

from sot.application.as_of.history import PastHistory
from sot.application.audit.feed import follow
from sot.application.audit.rebuild import rebuild
from sot.application.audit.seal import prove, seal
from sot.application.audit.verification import verify
from sot.application.history import OrderHistory
from sot.domain.accounting.account_event import AccountEvent
from sot.domain.audit.checkpoint import Checkpoint
from sot.domain.audit.known import EventPrefix, KnownAt
from sot.domain.orders.records import StateAfter
from sot.domain.orders.state import OrderState
from sot.domain.values.position_key import PositionKey
from sot.domain.values.vocabulary import AccountEventType, FactKind, OrderStatus
from sot.ports.store import Store
from sot.testing.contract import ACCOUNT, SYMBOL, THREADS, VENUE, at_once, place, read, trade, write

T0 = datetime(2026, 1, 5, 10, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def _sealed(store: Store) -> Checkpoint:
    found = store.run(seal)
    assert found is not None
    return found


class AuditContract:
    """Tests for a store from the fixture `store`, which makes an empty one for every test."""

    # ---------------------------------------------------------------------------------------------------- the feed

    def test_the_feed_names_every_fact_in_order(self, store: Store) -> None:
        """One row for each fact, as it was recorded; what was rolled back has none."""
        order_id = place(store, "C1")
        with store.begin() as uow:
            OrderHistory(uow).record(trade("C1", "LOST"))
        write(store, lambda h: h.record(trade("C1", "E1")))
        waiting = write(store, lambda h: h.record(trade("NOBODY", "E2")))
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
            told = [(leaf.key, leaf.number, leaf.hash, leaf.recorded_at) for leaf in leaves[2:5]]
            assert told == [(order_id, one.sequence, one.hash, one.recorded_at) for one in events]
            assert list(uow.feed.leaves(positions[1], positions[3])) == leaves[2:4]
            assert [found.leaf for found in uow.feed.bodies(positions[1])] == leaves[2:]
            assert [found.body for found in uow.feed.bodies(positions[1], positions[4])] == [e.body() for e in events]
            assert list(uow.feed.by_kind(FactKind.EVENT)) == leaves[2:5]
            assert uow.feed.find(FactKind.EVENT, ACCOUNT, order_id, 2) == leaves[3]
            assert uow.feed.find(FactKind.EVENT, ACCOUNT, order_id, 9) is None
            assert [uow.feed.last_sequence(ACCOUNT, order_id, upto) for upto in positions] == [0, 0, 1, 2, 3, 3]
            assert uow.feed.earliest_after(positions[-1]) is None
            assert uow.feed.earliest_after(positions[-2]) == leaves[-1].recorded_at
            assert uow.feed.events(positions[2], positions[5], 1) == [(positions[3], events[1])]

    def test_the_horizon_is_the_last_fact_after_what_was_rolled_back(self, store: Store) -> None:
        """So that a past moment can be named by it, wherever a database goes on numbering."""
        order_id = place(store, "C1")
        with store.begin() as uow:
            OrderHistory(uow).record(trade("C1", "LOST"))
            assert uow.feed.last() > 0  # it was written
        horizon = store.horizon()
        with store.begin(read_only=True) as uow:
            assert uow.feed.last() == horizon
            (order,) = OrderHistory(uow).as_of(known_at=horizon).orders().items
        assert order.order_id == order_id

    def test_who_follows_misses_nothing_of_many_writers(self, store: Store) -> None:
        """Every committed event exactly once, in an order that agrees with each order's sequence."""
        names = [f"C{number}" for number in range(THREADS)]
        for name in names:
            place(store, name)
        seen: list[tuple[str, int]] = []
        cursor = 0

        def told_so_far() -> None:
            nonlocal cursor
            for followed in follow(store, cursor):
                cursor = followed.cursor
                seen.append((followed.event.order_id, followed.event.sequence))

        def act(number: int) -> None:
            for execution in range(4):
                report = trade(names[number], f"E{number}.{execution}")
                write(store, lambda h, one=report: h.record(one))  # type: ignore[misc]
                if number == 0:
                    told_so_far()

        assert at_once(THREADS, act) == [None] * THREADS
        told_so_far()
        told_so_far()
        orders = {order_id for order_id, _ in seen}
        assert len(orders) == THREADS
        for order_id in orders:
            assert [sequence for one, sequence in seen if one == order_id] == [1, 2, 3, 4, 5, 6]

    # ---------------------------------------------------------------------------------------------- checkpoints

    def test_checkpoints_are_chained_and_prove_what_they_seal(self, store: Store) -> None:
        """Each begins where the one before ended, and a proof needs no store."""
        order_id = place(store, "C1")
        first = _sealed(store)
        assert store.run(seal) is None
        write(store, lambda h: h.record(trade("C1", "E1")))
        second = _sealed(store)
        assert (first.number, second.number, second.previous) == (1, 2, first.hash)
        assert (first.store_id, first.count, second.count) == (second.store_id, 4, 1)
        with store.begin(read_only=True) as uow:
            assert list(uow.checkpoints.all()) == [first, second]
            assert uow.checkpoints.last() == second
            proof = prove(uow, FactKind.EVENT, ACCOUNT, order_id, 3)
            assert proof.holds_under(second)
            assert not proof.holds_under(first)
            assert not attrs.evolve(proof, leaf=proof.leaf.replace("EVENT", "REQUEST")).holds_under(second)
        assert verify(store, [first, second]).problems == []

    def test_what_is_derived_is_made_again_as_it_was(self, store: Store) -> None:
        """Rebuilding changes no answer, and everything that is kept holds before and after."""
        order_id = place(store, "C1")
        for number in range(20):
            write(store, lambda h, n=number: h.record(trade("C1", f"E{n}", "0.25", str(100 + n))))  # type: ignore[misc]
        write(store, lambda h: h.mark(order_id, Decimal(120)))

        def everything(history: OrderHistory) -> list[object]:
            held = history.position(ACCOUNT, VENUE, SYMBOL)
            return [history.order(order_id), history.costs(order_id), list(history.pnl_snapshots(order_id)), held]

        before = read(store, everything)
        assert verify(store).problems == []
        rebuild(store)
        assert read(store, everything) == before
        assert verify(store).problems == []

    # ------------------------------------------------------------------------------------------------ the past

    def test_states_are_found_by_how_much_is_looked_at(self, store: Store) -> None:
        """By sequence, by when it was recorded, and by when it had happened."""
        order_id = place(store, "C1")
        states = [
            StateAfter(
                account_id=ACCOUNT,
                order_id=order_id,
                sequence=sequence,
                recorded_at=T0 + sequence * SECOND,
                happened_at=T0 - happened * SECOND,
                state=OrderState(cum_quantity=Decimal(sequence)),
            )
            for sequence, happened in ((16, 30), (32, 20), (48, 10))
        ]
        with store.begin() as uow:
            for state in states:
                uow.states.add(state)
            uow.commit()
        with store.begin() as uow:
            assert list(uow.states.list(ACCOUNT, order_id)) == states
            for upto, expected in (
                (EventPrefix(), states[2]),
                (EventPrefix(sequence=47), states[1]),
                (EventPrefix(sequence=15), None),
                (EventPrefix(recorded_by=T0 + 16 * SECOND), states[0]),
                (EventPrefix(happened_by=T0 - 20 * SECOND), states[1]),
                (EventPrefix(sequence=40, happened_by=T0 - 25 * SECOND), states[0]),
            ):
                assert uow.states.last(ACCOUNT, order_id, upto) == expected
            uow.states.drop(ACCOUNT, order_id)
            assert uow.states.last(ACCOUNT, order_id, EventPrefix()) is None

    def test_executions_are_found_as_they_were_known(self, store: Store) -> None:
        """By the position of the feed, by times, and a few at a time."""
        place(store, "C1")
        cursors = []
        for number in range(4):
            report = trade("C1", f"E{number}", occurred_at=T0 + number * SECOND)
            write(store, lambda h, one=report: h.record(one))  # type: ignore[misc]
            cursors.append(store.horizon())
        key = PositionKey(ACCOUNT, VENUE, SYMBOL)
        with store.begin(read_only=True) as uow:

            def names(since: datetime | None, known: KnownAt | None, before: datetime | None) -> list[str]:
                return sorted(fill.exec_id or "" for fill in uow.fills.of_position(key, since, known, before))

            assert names(None, None, None) == ["E0", "E1", "E2", "E3"]
            assert names(T0 + SECOND, None, T0 + 3 * SECOND) == ["E1", "E2"]
            assert names(None, KnownAt(position=cursors[1]), None) == ["E0", "E1"]
            assert names(T0 + SECOND, KnownAt(position=cursors[2]), T0 + 2 * SECOND) == ["E1"]
            found: list[str] = []
            since: datetime | None = None
            while True:
                before = uow.fills.time_after(key, since, 2)
                found += names(since, None, before)
                if before is None:
                    break
                assert since is None or before > since
                since = before
            assert found == ["E0", "E1", "E2", "E3"]

    def test_a_moment_is_what_was_told_then(self, store: Store) -> None:
        """Of orders, executions, costs and positions; by a cursor exactly."""
        order_id = place(store, "C1")
        told = []

        def everything(history: OrderHistory | PastHistory) -> list[object]:
            order = attrs.evolve(history.order(order_id), version=0)
            return [order, history.fills(order_id), history.costs(order_id), history.positions(ACCOUNT)]

        for number in range(20):
            report = trade("C1", f"E{number}", "0.5", occurred_at=T0 + (number % 7) * SECOND)
            write(store, lambda h, one=report: h.record(one))  # type: ignore[misc]
            told.append((store.horizon(), read(store, everything)))
        with store.begin(read_only=True) as uow:
            history = OrderHistory(uow)
            for cursor, expected in told:
                assert everything(history.as_of(known_at=cursor)) == expected
            assert history.as_of(known_at=told[3][0]).order(order_id).status is OrderStatus.PARTIALLY_FILLED

    def test_an_account_event_that_contradicts_replaces_nothing(self, store: Store) -> None:
        """However many claim to replace the same one under an id that is taken: each is kept, and none counts."""
        place(store, "C1")
        first = AccountEvent(
            account_id=ACCOUNT,
            type=AccountEventType.FUNDING,
            venue=VENUE,
            amount=Decimal(1),
            currency="QUOTE",
            external_id="X1",
            occurred_at=T0,
        )
        kept = write(store, lambda h: h.record_account_event(first))
        for amount in (2, 3):
            other = first.changed(amount=Decimal(amount), replaces=kept.event_id)
            assert write(store, lambda h, one=other: h.record_account_event(one)).anomalies  # type: ignore[misc]
        assert len(read(store, lambda h: h.account_events()).items) == 3
        with store.begin(read_only=True) as uow:
            assert [event.amount for event in uow.account_events.effective(ACCOUNT)] == [Decimal(1)]
