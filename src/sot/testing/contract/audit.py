"""The audit trail: all facts in order, checkpoints over them, and any past moment."""

from datetime import timedelta
from typing import Any

import attrs
import pytest

from sot.application.as_of.history import PastHistory
from sot.application.audit.feed import follow
from sot.application.audit.rebuild import rebuild
from sot.application.audit.seal import prove, seal
from sot.application.audit.verification import verify
from sot.application.history import OrderHistory
from sot.domain.audit.checkpoint import Checkpoint
from sot.domain.orders.report import VenueReport
from sot.domain.values.vocabulary import EventType, FactKind, IdentifierKind, OrderStatus, Outcome
from sot.ports.store import Store
from sot.testing.contract.samples import ACCOUNT, T0, VENUE, trade_report
from sot.testing.contract.transactions import THREADS, read_history, run_in_threads, submit_and_send, write_history

SECOND = timedelta(seconds=1)


def seal_store(store: Store) -> Checkpoint:
    """Seal the facts of a store that no checkpoint covers; there is at least one."""
    checkpoint = store.run(seal)
    assert checkpoint is not None
    return checkpoint


def _statement(event_type: EventType, **fields: Any) -> VenueReport:
    """A report of a venue that is no execution."""
    return VenueReport(account_id=ACCOUNT, type=event_type, venue=VENUE, **fields)


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

    # ----------------------------------------------------------------------------------------------------- verification

    @pytest.mark.parametrize("event_type", [EventType.ORDER_STATUS, EventType.NEW, EventType.TRADE])
    def test_a_client_order_id_of_two_scopes_is_no_problem(self, store: Store, event_type: EventType) -> None:
        """A report without a scope joined the first order with its client order id. Another order has it later."""
        traded = trade_report("C1", "E1")
        report = traded if event_type is EventType.TRADE else _statement(event_type, client_order_id="C1")
        outcomes = [write_history(store, lambda h: h.record(report)).outcome for _ in range(2)]
        assert outcomes == [Outcome.FLAGGED, Outcome.REPEATED]
        order_ids = [submit_and_send(store, "C1", id_scope=day, idempotency_key=day) for day in ("MON", "TUE")]
        assert read_history(store, lambda h: list(h.waiting(ACCOUNT))) == []
        with store.begin(read_only=True) as uow:
            (waited,) = uow.reports.all(ACCOUNT)
            taken_up = uow.events.by_report(ACCOUNT, waited.report_id)
            assert taken_up is not None and taken_up.order_id == order_ids[0]
        assert verify(store).problems == []

    def test_reports_with_and_without_a_venue_account_are_no_problem(self, store: Store) -> None:
        """The venue order id that came with a venue account identifies the order in a report without one, too."""
        order_id = submit_and_send(store, "C1")
        for venue_account in ("A", ""):
            new = _statement(EventType.NEW, client_order_id="C1", venue_order_id="V1", venue_account=venue_account)
            assert write_history(store, lambda h, report=new: h.record(report)).order_id == order_id  # type: ignore[misc]
        assert verify(store).problems == []

    def test_identifiers_and_waiting_reports_follow_from_the_events(self, store: Store) -> None:
        """What brings an identifier, or stops waiting, has an event, even if it says nothing else; once."""
        order_id = submit_and_send(store, "C1")
        reports = [
            trade_report("C1", "E1", venue_order_id="V1", occurred_at=T0 + SECOND),
            trade_report("C1", "E1", venue_order_id="V2", occurred_at=T0 + SECOND),
            _statement(EventType.ORDER_STATUS, client_order_id="C1", venue_order_id="V3", occurred_at=T0),
            _statement(EventType.ORDER_STATUS, venue_order_id="V4", occurred_at=T0),
            _statement(EventType.ORDER_STATUS, client_order_id="C1", venue_order_id="V4", occurred_at=T0),
        ]
        for report in [*reports, *reports]:
            write_history(store, lambda h, report=report: h.record(report))  # type: ignore[misc]
        events = read_history(store, lambda h: list(h.events(order_id)))
        assert [event.type for event in events[3:]] == [EventType.SUPPLEMENTED] * 4
        assert [event.report and event.report.venue_order_id for event in events[3:]] == ["V2", "V3", "V4", None]
        assert len(read_history(store, lambda h: list(h.fills(order_id)))) == 1
        for venue_order_id in ("V1", "V2", "V3", "V4"):
            found = read_history(store, lambda h, name=venue_order_id: h.find_order(ACCOUNT, None, VENUE, name))  # type: ignore[misc]
            assert found.order_id == order_id
        assert verify(store).problems == []

    def test_rebuild_repairs_identifiers_and_waiting_reports(self, store: Store) -> None:
        """An identifier that no event gives, and a report that waits otherwise than it should, are found."""
        order_id = submit_and_send(store, "C1")
        write_history(store, lambda h: h.record(trade_report("C2", "E1")))
        write_history(store, lambda h: h.record(trade_report("C3", "E2")))
        with store.begin() as uow:
            lost, changed = uow.reports.waiting(ACCOUNT)
            waits_for = uow.reports.waits_for(changed)
            uow.reports.mark_attributed(lost)
            uow.reports.mark_attributed(changed)
            uow.reports.add_waiting(changed, [(IdentifierKind.CLIENT, "C9")])
            (own,) = uow.identifiers.of_order(ACCOUNT, order_id)
            uow.identifiers.remove(own, order_id)
            uow.identifiers.add(own._replace(value="C8"), order_id)
            assert uow.identifiers.of_order(ACCOUNT, order_id) == [own._replace(value="C8")]
            assert uow.identifiers.claims(ACCOUNT, IdentifierKind.CLIENT, "C1").orders == []
            uow.commit()
        found = {(problem.what, problem.key) for problem in verify(store).problems}
        assert found == {("order", order_id), ("unattributed", lost.report_id), ("unattributed", changed.report_id)}
        rebuild(store)
        assert verify(store).problems == []
        with store.begin(read_only=True) as uow:
            assert uow.identifiers.of_order(ACCOUNT, order_id) == [own]
            assert uow.reports.waits_for(changed) == waits_for == [("", ""), (IdentifierKind.CLIENT, "C3")]
            assert uow.reports.waiting(ACCOUNT) == [lost, changed]

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
