"""Positions and the executions that they are folded from: the part of the projections level about accounting."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from sot.application.accounting.positions import rebuild as rebuild_positions
from sot.application.audit.rebuild import rebuild
from sot.application.audit.verification import verify
from sot.application.history import OrderHistory
from sot.domain.accounting.position import PositionState
from sot.domain.audit.known import KnownAt
from sot.domain.orders.report import Fee
from sot.domain.values.errors import ConcurrentUpdate
from sot.domain.values.position_key import PositionKey
from sot.domain.values.vocabulary import Side
from sot.ports.store import Store, UnitOfWork
from sot.testing.contract.samples import ACCOUNT, SYMBOL, T0, VENUE, trade_report
from sot.testing.contract.transactions import THREADS, read_history, run_in_threads, submit_and_send, write_history

SECOND = timedelta(seconds=1)


class PositionsContract:
    """Positions, position snapshots, and executions by position. `store` makes an empty store."""

    def test_concurrent_fills_of_a_position_all_count(self, store: Store) -> None:
        """A position is the sum of the executions that many threads recorded."""
        for number in range(THREADS):
            submit_and_send(store, f"C{number}")

        def record_trades(number: int) -> None:
            for part in range(3):
                report = trade_report(f"C{number}", f"E{number}.{part}", "1", fees=[Fee(Decimal("0.5"), "QUOTE")])
                while True:
                    try:
                        write_history(store, lambda h, report=report: h.record(report))  # type: ignore[misc]
                    except ConcurrentUpdate:
                        continue
                    break

        assert run_in_threads(THREADS, record_trades) == [None] * THREADS
        position = read_history(store, lambda h: h.position(ACCOUNT, VENUE, SYMBOL))
        assert position.quantity == 3 * THREADS
        assert position.entry_value == 300 * THREADS
        assert position.open_fees == Decimal("1.5") * THREADS
        assert position.state.entries == 3 * THREADS

    def test_a_position_is_not_stored_without_commit(self, store: Store) -> None:
        """A rollback discards the position with the fill that changed it."""
        submit_and_send(store, "C1")
        with store.begin() as uow:
            OrderHistory(uow).record(trade_report("C1", "E1", "3"))
            assert OrderHistory(uow).position(ACCOUNT, VENUE, SYMBOL).quantity == 3
        assert read_history(store, lambda h: list(h.positions(ACCOUNT, include_flat=True))) == []

    def test_a_late_fill_is_folded_at_its_time(self, store: Store) -> None:
        """A position depends on its fills, not on the order of their arrival; a rebuild changes nothing."""
        for number in range(8):
            submit_and_send(store, f"C{number}", side=Side.SELL if number % 3 == 2 else Side.BUY)
        first = datetime(2026, 1, 5, tzinfo=UTC)
        for number in (1, 2, 3, 5, 6, 7, 4, 0):
            at = first + timedelta(seconds=number)
            report = trade_report(f"C{number}", f"E{number}", "2", str(100 + number), occurred_at=at)
            write_history(store, lambda h, report=report: h.record(report))  # type: ignore[misc]
        with store.begin(read_only=True) as uow:
            positions = uow.positions.list(ACCOUNT)
        assert [state.realized_gross for _, state in positions] == [Decimal(8)]
        assert store.run(lambda uow: rebuild_positions(uow, ACCOUNT)) == 1
        with store.begin(read_only=True) as uow:
            assert uow.positions.list(ACCOUNT) == positions

    def test_position_snapshots_are_found_by_execution_key(self, store: Store) -> None:
        """The last snapshot, the last before an execution, and the last that serves every method."""
        key = PositionKey(ACCOUNT, VENUE, SYMBOL)
        first = datetime(2026, 1, 5, tzinfo=UTC)
        states = {
            execution_key: PositionState(
                quantity=quantity, entries=number, last_key=execution_key, last_at=first, carried=carried
            )
            for number, (execution_key, quantity, carried) in enumerate(
                [("a", Decimal(0), False), ("b", Decimal(2), False), ("c", Decimal(0), True)], 1
            )
        }
        with store.begin() as uow:
            uow.positions.put(key, states["c"], "QUOTE")
            for state in states.values():
                uow.positions.add_snapshot(key, state)
            uow.commit()
        with store.begin() as uow:
            positions = uow.positions
            assert positions.get(key) == states["c"]
            assert positions.last_snapshot(key) == states["c"]
            assert positions.last_snapshot(key, before="c") == states["b"]
            assert positions.last_snapshot(key, before="a") is None
            assert positions.last_snapshot(key, common=True) == states["a"]
            assert list(positions.snapshots(key)) == list(states.values())
            positions.drop_snapshots(key, "b")
            positions.remove(key)
            assert positions.get(key) is None
            assert list(positions.snapshots(key)) == [states["a"]]
            positions.put(key, states["b"], "QUOTE")
            uow.commit()
        with store.begin() as uow:
            assert uow.positions.list(ACCOUNT) == [(key, states["b"])]
            assert uow.positions.list(ACCOUNT, VENUE, "OTHER_SUBJECT") == []

    def test_positions_are_listed_by_account_at_the_venue_and_if_they_are_open(self, store: Store) -> None:
        """A flat position in which units are missing is listed with the open ones."""
        at = datetime(2026, 1, 5, tzinfo=UTC)
        states = {
            "open": PositionState(quantity=Decimal(2), entries=1, last_key="a", last_at=at),
            "flat": PositionState(entries=1, last_key="a", last_at=at),
            "sold": PositionState(missing_traded=Decimal(3), entries=1, last_key="a", last_at=at),
            "taken": PositionState(missing_moved=Decimal(-1), order_assumed=True, entries=1, last_key="a", last_at=at),
        }
        with store.begin() as uow:
            for name, state in states.items():
                uow.positions.put(PositionKey(ACCOUNT, VENUE, SYMBOL, venue_account=name), state, "QUOTE")
            uow.commit()
        with store.begin(read_only=True) as uow:
            listed = {key.venue_account: state for key, state in uow.positions.list(ACCOUNT)}
            assert listed == states
            is_open = [key.venue_account for key, _ in uow.positions.list(ACCOUNT, VENUE, open_only=True)]
            assert is_open == ["open", "sold", "taken"]
            assert uow.positions.list(ACCOUNT, open_only=True, venue_account="flat") == []
            ((key, state),) = uow.positions.list(ACCOUNT, venue_account="sold", limit=5)
            assert (key.venue_account, state.missing_quantity) == ("sold", Decimal(3))
            after = PositionKey(ACCOUNT, VENUE, SYMBOL, venue_account="open")
            following = uow.positions.list(ACCOUNT, VENUE, SYMBOL, True, after, 1)
            assert [key.venue_account for key, _ in following] == ["sold"]

    def test_executions_of_a_position_are_found_as_known(self, store: Store) -> None:
        """By feed position, by time, and a few at a time."""
        submit_and_send(store, "C1")
        cursors = []
        for number in range(4):
            report = trade_report("C1", f"E{number}", occurred_at=T0 + number * SECOND)
            write_history(store, lambda h, report=report: h.record(report))  # type: ignore[misc]
            cursors.append(store.horizon())
        key = PositionKey(ACCOUNT, VENUE, SYMBOL)
        with store.begin(read_only=True) as uow:

            def exec_ids(since: datetime | None, known: KnownAt | None, before: datetime | None) -> list[str]:
                return sorted(fill.exec_id or "" for fill in uow.fills.of_position(key, since, known, before))

            assert exec_ids(None, None, None) == ["E0", "E1", "E2", "E3"]
            assert exec_ids(T0 + SECOND, None, T0 + 3 * SECOND) == ["E1", "E2"]
            assert exec_ids(None, KnownAt(position=cursors[1]), None) == ["E0", "E1"]
            assert exec_ids(T0 + SECOND, KnownAt(position=cursors[2]), T0 + 2 * SECOND) == ["E1"]
            listed: list[str] = []
            since: datetime | None = None
            while True:
                before = uow.fills.time_after(key, since, 2)
                listed += exec_ids(since, None, before)
                if before is None:
                    break
                assert since is None or before > since
                since = before
            assert listed == ["E0", "E1", "E2", "E3"]

    def test_the_current_version_says_when_an_execution_happened(self, store: Store) -> None:
        """Also where an earlier version is in the interval, and in the unit of work that moved it."""
        submit_and_send(store, "C1")
        late = T0 + 9 * SECOND
        untold = trade_report("C1", "E1", occurred_at=None, received_at=late)
        write_history(store, lambda h: h.record(untold))
        before = store.horizon()
        key = PositionKey(ACCOUNT, VENUE, SYMBOL)

        def check(uow: UnitOfWork) -> None:
            assert [fill.happened_at for fill in uow.fills.of_position(key)] == [T0]
            assert len(uow.fills.of_position(key, before=late)) == 1
            assert list(uow.fills.of_position(key, late)) == []

        with store.begin() as uow:
            OrderHistory(uow).record(trade_report("C1", "E1", occurred_at=T0, received_at=late))
            check(uow)
            uow.commit()
        with store.begin(read_only=True) as uow:
            check(uow)
            then = KnownAt(position=before)
            assert list(uow.fills.of_position(key, known=then, before=late)) == []
            assert [fill.happened_at for fill in uow.fills.of_position(key, late, then)] == [late]
            assert list(uow.fills.of_position(key, late, KnownAt(position=store.horizon()))) == []

    def test_a_rebuild_changes_nothing(self, store: Store) -> None:
        """A rebuild changes no projection, and the store is verified before and after."""
        order_id = submit_and_send(store, "C1")
        for number in range(20):
            write_history(store, lambda h, n=number: h.record(trade_report("C1", f"E{n}", "0.25", str(100 + n))))  # type: ignore[misc]
        write_history(store, lambda h: h.mark(order_id, Decimal(120)))

        def projections(history: OrderHistory) -> list[object]:
            position = history.position(ACCOUNT, VENUE, SYMBOL)
            return [history.order(order_id), history.costs(order_id), list(history.pnl_snapshots(order_id)), position]

        before = read_history(store, projections)
        assert verify(store).problems == []
        rebuild(store)
        assert read_history(store, projections) == before
        assert verify(store).problems == []
