"""The facts level: what is recorded is appended once, exactly, and with its transaction, and read back as it was."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

import attrs
import pytest

from sot.application.history import OrderHistory
from sot.application.support.record_result import RecordResult
from sot.domain.accounting.account_event import AccountEvent
from sot.domain.audit.digests import account_event_digest
from sot.domain.orders.event import OrderEvent
from sot.domain.orders.records import RecordedRequest
from sot.domain.orders.report import Fee
from sot.domain.orders.request import DecisionContext, RiskCheck
from sot.domain.values.canonical import digest
from sot.domain.values.errors import (
    ConcurrentUpdate,
    Conflict,
    InvalidInput,
    NotExecutable,
    NotFound,
    ReadOnly,
    UnitOfWorkFailed,
)
from sot.domain.values.vocabulary import AccountEventType, Anomaly, Outcome
from sot.ports.store import Store, UnitOfWork
from sot.testing.contract.samples import (
    ACCOUNT,
    LARGEST,
    SMALLEST,
    SYMBOL,
    T0,
    VENUE,
    new_order_request,
    spot_instrument,
    trade_report,
)
from sot.testing.contract.transactions import (
    THREADS,
    failing_fills,
    read_history,
    run_in_threads,
    submit_and_send,
    write_history,
)


class FactsContract:
    """Instruments, requests, events, reports and account events. `store` is a fixture that makes an empty store."""

    # ----------------------------------------------------------------------------------------------------- transactions

    def test_nothing_is_stored_without_commit(self, store: Store) -> None:
        """Leaving the block rolls back."""
        with store.begin() as uow:
            OrderHistory(uow).register(spot_instrument())
            OrderHistory(uow).submit(new_order_request("C1"))
        assert read_history(store, lambda h: h.find_request(ACCOUNT, "C1")) is None
        with store.begin() as uow:
            assert uow.instruments.versions(ACCOUNT, VENUE, SYMBOL) == []

    def test_nothing_is_stored_after_an_error(self, store: Store) -> None:
        """An error inside the block rolls back and is raised."""
        with pytest.raises(ZeroDivisionError), store.begin() as uow:
            OrderHistory(uow).register(spot_instrument())
            raise ZeroDivisionError
        with store.begin() as uow:
            assert uow.instruments.versions(ACCOUNT, VENUE, SYMBOL) == []

    def test_a_use_case_that_is_awaited_is_refused(self, store: Store) -> None:
        """Nothing of it is stored: `run` returns before it has done its work."""

        async def submit(uow: UnitOfWork) -> None:
            OrderHistory(uow).submit(new_order_request("C1"))

        def use_case(uow: UnitOfWork) -> object:
            OrderHistory(uow).register(spot_instrument())
            return submit(uow)

        with pytest.raises(InvalidInput, match="awaited"):
            store.run(use_case)
        with store.begin() as uow:
            assert uow.instruments.versions(ACCOUNT, VENUE, SYMBOL) == []

    def test_a_unit_of_work_can_be_used_after_rollback(self, store: Store) -> None:
        """A rollback discards everything; the unit of work can be used again."""
        with store.begin() as uow:
            OrderHistory(uow).register(spot_instrument())
            uow.rollback()
            assert uow.instruments.versions(ACCOUNT, VENUE, SYMBOL) == []
            OrderHistory(uow).register(spot_instrument())
            OrderHistory(uow).submit(new_order_request("C1"))
            uow.commit()
        assert read_history(store, lambda h: h.find_request(ACCOUNT, "C1")) is not None

    def test_a_unit_of_work_can_commit_twice(self, store: Store) -> None:
        """What follows a commit is a transaction of its own."""
        with store.begin() as uow:
            history = OrderHistory(uow)
            history.register(spot_instrument())
            order_id = history.mark_sent(history.submit(new_order_request("C1")).request_id).order_id
            assert order_id is not None
            uow.commit()
            history.record(trade_report("C1", "E1"))
            uow.commit()
            history.record(trade_report("C1", "E2"))
        assert read_history(store, lambda h: h.order(order_id)).cum_quantity == 1

    def test_uncommitted_facts_are_invisible_to_others(self, store: Store) -> None:
        """Another unit of work reads only what is committed."""
        order_id = submit_and_send(store, "C1")
        with store.begin() as uow:
            OrderHistory(uow).record(trade_report("C1", "E1"))
            assert read_history(store, lambda h: h.order(order_id)).cum_quantity == 0
            uow.commit()
        assert read_history(store, lambda h: h.order(order_id)).cum_quantity == 1

    def test_a_read_only_unit_of_work_writes_nothing(self, store: Store) -> None:
        """A read-only unit of work raises ReadOnly, and stores nothing."""
        with pytest.raises(ReadOnly), store.begin(read_only=True) as uow:
            OrderHistory(uow).register(spot_instrument())
            uow.commit()
        with store.begin() as uow:
            assert uow.instruments.versions(ACCOUNT, VENUE, SYMBOL) == []

    @pytest.mark.parametrize("error", [RuntimeError, ConcurrentUpdate, KeyboardInterrupt])
    def test_half_of_a_use_case_cannot_be_committed(self, store: Store, error: type[BaseException]) -> None:
        """After a use case that failed halfway, commands, queries and `commit` are refused until a rollback."""
        order_id = submit_and_send(store, "C1")
        with store.begin() as uow:
            history = OrderHistory(uow)
            with failing_fills(uow, error("halfway")), pytest.raises(error):
                history.record(trade_report("C1", "E1"))
            expected = ConcurrentUpdate if error is ConcurrentUpdate else UnitOfWorkFailed
            with pytest.raises(expected):
                history.record(trade_report("C1", "E2"))
            with pytest.raises(expected):
                history.order(order_id)
            with pytest.raises(expected):
                uow.commit()
            history.record(trade_report("C1", "E3"))  # `commit` has rolled back
            uow.commit()
        events = read_history(store, lambda h: list(h.events(order_id)))
        assert [event.report.exec_id for event in events if event.report] == ["E3"]
        assert [event.sequence for event in events] == [1, 2, 3]

    def test_a_refusal_leaves_the_unit_of_work_usable(self, store: Store) -> None:
        """A command that is refused before anything is written prevents no commit."""
        order_id = submit_and_send(store, "C1")
        with store.begin() as uow:
            OrderHistory(uow).record(trade_report("C1", "E1"))
            with pytest.raises(NotFound):
                OrderHistory(uow).withdraw(order_id)
            OrderHistory(uow).record(trade_report("C1", "E2"))
            uow.commit()
        assert read_history(store, lambda h: h.order(order_id)).cum_quantity == 2

    # ----------------------------------------------------------------------------------------------------- exactly once

    def test_the_same_intent_is_recorded_once(self, store: Store) -> None:
        """Many threads submit the same intent: there is one request, and all receive it."""
        write_history(store, lambda h: h.register(spot_instrument()))
        results = run_in_threads(THREADS, lambda _: write_history(store, lambda h: h.submit(new_order_request("C1"))))
        ids = {result.request_id for result in results if isinstance(result, RecordedRequest)}
        assert len(ids) == 1, results
        assert all(isinstance(result, RecordedRequest) for result in results), results
        assert len(read_history(store, lambda h: h.requests()).items) == 1

    def test_concurrent_reports_are_counted_once(self, store: Store) -> None:
        """Two threads record each execution: it counts once, and the order's sequence has no gap."""
        order_id = submit_and_send(store, "C1")
        results = run_in_threads(
            THREADS, lambda n: write_history(store, lambda h: h.record(trade_report("C1", f"E{n // 2}")))
        )
        outcomes = sorted(result.outcome for result in results if isinstance(result, RecordResult))
        assert outcomes == sorted([Outcome.RECORDED, Outcome.REPEATED] * (THREADS // 2)), results
        assert read_history(store, lambda h: h.order(order_id)).cum_quantity == THREADS // 2
        events = read_history(store, lambda h: list(h.events(order_id)))
        assert [event.sequence for event in events] == list(range(1, THREADS // 2 + 3))

    def test_a_failed_check_and_an_execution_exclude_each_other(self, store: Store) -> None:
        """A failed risk check either prevents the concurrent execution, or is refused."""
        write_history(store, lambda h: h.register(spot_instrument()))
        for number in range(4):
            request = write_history(store, lambda h, n=number: h.submit(new_order_request(f"C{n}")))  # type: ignore[misc]
            check = RiskCheck(rule_code="limit", passed=False)

            def act(thread: int, request_id: str = request.request_id, check: RiskCheck = check) -> object:
                if thread:
                    return write_history(store, lambda h: h.mark_sent(request_id))
                return write_history(store, lambda h: h.add_risk_check(request_id, check))

            results = run_in_threads(2, act)
            assert sum(isinstance(result, BaseException) for result in results) == 1, results
            assert not any(isinstance(result, ConcurrentUpdate) for result in results), results

    def test_concurrent_commands_are_recorded_once(self, store: Store) -> None:
        """Many threads add the same check, withdrawal or void: one is recorded, the others are repeats."""
        write_history(store, lambda h: h.register(spot_instrument()))
        request_id = write_history(store, lambda h: h.submit(new_order_request("C1"))).request_id
        order_id = submit_and_send(store, "C2")
        write_history(store, lambda h: h.record(trade_report("C2", "E1")))
        check = RiskCheck(rule_code="limit", passed=True)
        commands: list[Callable[[OrderHistory], object]] = [
            lambda h: h.add_risk_check(request_id, check),
            lambda h: h.withdraw(request_id, "the price moved away"),
            lambda h: h.void(order_id, reason="a wrong report", exec_id="E1").outcome,
        ]
        for command in commands:
            results = run_in_threads(THREADS, lambda _, command=command: write_history(store, command))  # type: ignore[misc]
            assert sorted(map(str, results)) == [Outcome.RECORDED] + [Outcome.REPEATED] * (THREADS - 1), results

    def test_an_account_event_is_recorded_once(self, store: Store) -> None:
        """Many threads record the same account event: it counts once, and is read back as it was."""
        write_history(store, lambda h: h.register(spot_instrument()))
        event = AccountEvent(
            account_id=ACCOUNT,
            type=AccountEventType.FUNDING,
            venue=VENUE,
            symbol=SYMBOL,
            amount=-SMALLEST,
            currency="QUOTE",
            external_id="X1",
            occurred_at=datetime(2026, 1, 5, tzinfo=UTC),
            raw_payload={"a": [1, "x"]},
        )
        run_in_threads(THREADS, lambda _: write_history(store, lambda h: h.record_account_event(event)))
        (recorded,) = read_history(store, lambda h: h.account_events()).items
        assert attrs.evolve(recorded.event, event_id=None) == event
        assert recorded.hash == account_event_digest(recorded.event, recorded.anomalies)
        position = read_history(store, lambda h: h.position(ACCOUNT, VENUE, SYMBOL))
        assert position.account_results == {"FUNDING": -SMALLEST}

    def test_a_conflicting_account_event_replaces_nothing(self, store: Store) -> None:
        """An event under an external id that is taken is recorded with its anomaly, and does not count."""
        submit_and_send(store, "C1")
        first = AccountEvent(
            account_id=ACCOUNT,
            type=AccountEventType.FUNDING,
            venue=VENUE,
            amount=Decimal(1),
            currency="QUOTE",
            external_id="X1",
            occurred_at=T0,
        )
        recorded = write_history(store, lambda h: h.record_account_event(first))
        for amount in (2, 3):
            conflicting = first.changed(amount=Decimal(amount), replaces=recorded.event_id)
            assert write_history(store, lambda h, event=conflicting: h.record_account_event(event)).anomalies  # type: ignore[misc]
        assert len(read_history(store, lambda h: h.account_events()).items) == 3
        with store.begin(read_only=True) as uow:
            assert [event.amount for event in uow.account_events.effective(ACCOUNT)] == [Decimal(1)]

    # --------------------------------------------------------------------------------------------- requests and reports

    def test_a_request_is_read_back_as_it_was(self, store: Store) -> None:
        """Every field, the decision context, the risk checks and the withdrawal come back."""
        context = DecisionContext(
            indicators={"rsi": Decimal("61.5"), "ünïcode": ["a", None, True]},
            signal_strength=Decimal("0.25"),
            market_snapshot={"decision_price": "99.5"},
        )
        request = new_order_request(
            "C1",
            idempotency_key="key",
            requested_at=datetime(2026, 1, 5, 10, 0, 0, 123456, tzinfo=UTC),
            tags={"desk": "é'\"%s"},
            raw_payload={"nested": {"amount": Decimal("1.10")}},
            strategy_code="s",
        )
        checks = [RiskCheck(rule_code="a", passed=True), RiskCheck(rule_code="b", passed=False, message="no")]
        write_history(store, lambda h: h.register(spot_instrument()))
        recorded = write_history(store, lambda h: h.submit(request, context, checks))
        write_history(store, lambda h: h.add_risk_check(recorded.request_id, RiskCheck(rule_code="b", passed=True)))
        stored = read_history(store, lambda h: h.request(recorded.request_id))
        assert not stored.request.differences(recorded.request)
        assert stored.request.raw_payload == {"nested": {"amount": Decimal("1.1")}}
        assert stored.request.requested_at == request.requested_at
        assert (stored.context, stored.hash, stored.context_hash) == (context, recorded.hash, recorded.context_hash)
        assert [check.rule_code for check in stored.risk_checks] == ["a", "b", "b"]
        assert stored.status == "PENDING"
        assert read_history(store, lambda h: h.find_request(ACCOUNT, "key")) == stored
        write_history(store, lambda h: h.withdraw(recorded.request_id, "changed my mind", "me"))
        assert read_history(store, lambda h: h.request(recorded.request_id)).status == "WITHDRAWN"
        with pytest.raises(NotExecutable):
            write_history(store, lambda h: h.mark_sent(recorded.request_id))

    def test_the_decision_price_of_a_request(self, store: Store) -> None:
        """It is the same with the request, without it, and in the first costs of its order."""
        context = DecisionContext(market_snapshot={"decision_price": "99.50"})
        write_history(store, lambda h: h.register(spot_instrument()))
        priced = write_history(store, lambda h: h.submit(new_order_request("C1"), context)).request_id
        unpriced = write_history(store, lambda h: h.submit(new_order_request("C2"))).request_id
        with store.begin(read_only=True) as uow:
            for _ in ("alone", "with the request"):
                assert uow.requests.decision_price(ACCOUNT, priced) == Decimal("99.5")
                assert uow.requests.decision_price(ACCOUNT, unpriced) is None
                assert uow.requests.decision_price("another", priced) is None
                assert uow.requests.decision_price(ACCOUNT, "any text") is None
                assert uow.requests.get(priced) is not None
        order_id = write_history(store, lambda h: h.mark_sent(priced)).order_id or ""
        write_history(store, lambda h: h.record(trade_report("C1", "E1")))
        assert read_history(store, lambda h: h.costs(order_id)).decision_price == Decimal("99.5")

    def test_another_intent_under_the_same_key_is_a_conflict(self, store: Store) -> None:
        """Conflict names the fields that differ."""
        write_history(store, lambda h: h.register(spot_instrument()))
        write_history(store, lambda h: h.submit(new_order_request("C1")))
        with pytest.raises(Conflict) as caught:
            write_history(store, lambda h: h.submit(new_order_request("C1", quantity=Decimal(11))))
        assert caught.value.differs == ("quantity",)
        with pytest.raises(Conflict):
            write_history(store, lambda h: h.submit(new_order_request("C1", idempotency_key="another")))

    def test_accounts_are_separate(self, store: Store) -> None:
        """The same ids in two accounts are two orders."""
        first, second = submit_and_send(store, "C1", "one"), submit_and_send(store, "C1", "two")
        write_history(store, lambda h: h.record(trade_report("C1", "E1", account_id="two")))
        assert read_history(store, lambda h: h.order(first)).cum_quantity == 0
        assert read_history(store, lambda h: h.order(second)).cum_quantity == 1
        assert read_history(store, lambda h: h.find_order("one", "C1")).order_id == first

    def test_a_report_waits_for_its_order(self, store: Store) -> None:
        """A report for an unknown order waits, and is applied when its order becomes known."""
        first = write_history(store, lambda h: h.record(trade_report("C1", "E1")))
        assert (first.outcome, first.order_id) == (Outcome.FLAGGED, None)
        repeat = write_history(store, lambda h: h.record(trade_report("C1", "E1")))
        assert repeat.outcome is Outcome.REPEATED
        (waiting,) = read_history(store, lambda h: list(h.waiting(ACCOUNT)))
        order_id = submit_and_send(store, "C1")
        assert read_history(store, lambda h: h.order(order_id)).cum_quantity == 1
        assert read_history(store, lambda h: list(h.waiting(ACCOUNT))) == []
        assert write_history(store, lambda h: h.record(trade_report("C1", "E1"))).outcome is Outcome.REPEATED
        write_history(store, lambda h: h.record(trade_report("C2", "E2")))
        with store.begin() as uow:
            OrderHistory(uow).record(trade_report("C3", "E3"))
            reports = uow.reports.all(ACCOUNT)
            assert [unattributed.report.client_order_id for unattributed in reports] == ["C1", "C2", "C3"]
            assert (reports[0], uow.reports.all("another")) == (waiting, [])
            event = uow.events.by_report(ACCOUNT, waiting.report_id)
            assert event is not None and (event.order_id, event.report_id) == (order_id, waiting.report_id)
            assert uow.events.by_report(ACCOUNT, reports[1].report_id) is None
            assert uow.events.by_report("another", waiting.report_id) is None
            assert uow.events.by_report(ACCOUNT, "any text") is None

    def test_anomalies_of_a_page_of_orders(self, store: Store) -> None:
        """The anomalies of orders are those of their events up to the last one that is asked for, each once."""
        odd, fine = submit_and_send(store, "C1"), submit_and_send(store, "C2")
        with store.begin() as uow:
            for report in (trade_report("C1", "E1", "11"), trade_report("C1", "E2", "1"), trade_report("C2", "E3")):
                OrderHistory(uow).record(report)
            uow.commit()
        before = read_history(store, lambda h: h.order(odd))
        conflict = trade_report("C1", "E1", "9")
        with store.begin() as uow:
            history = OrderHistory(uow)
            history.record(conflict)
            orders = list(history.orders())
            found = history.anomalies(orders)
            assert found[odd] == [Anomaly.DUPLICATE_CONFLICT, Anomaly.OVERFILL]
            assert not found.get(fine)
            assert history.anomalies([before])[odd] == [Anomaly.OVERFILL]
            assert history.anomalies([]) == {}
            uow.commit()
        later = read_history(store, lambda h: h.anomalies([h.order(odd), h.order(fine)]))
        assert (later[odd], list(later.get(fine, ()))) == (found[odd], [])
        assert read_history(store, lambda h: h.anomalies([before]))[odd] == [Anomaly.OVERFILL]

    def test_waiting_reports_are_listed_in_parts(self, store: Store) -> None:
        """A list continues behind a report, and is empty behind an unknown one."""
        for number in range(3):
            write_history(store, lambda h, n=number: h.record(trade_report("unknown", f"E{n}")))  # type: ignore[misc]
        with store.begin(read_only=True) as uow:
            waiting = uow.reports.waiting(ACCOUNT)
            assert uow.reports.waiting(ACCOUNT, waiting[0].report_id, 1) == waiting[1:2]
            assert uow.reports.waiting(ACCOUNT, "any text") == []
            assert uow.reports.waiting("other", limit=1) == []

    # ----------------------------------------------------------------------------------------------------- exact values

    @pytest.mark.parametrize(
        "price", [LARGEST, SMALLEST, LARGEST.copy_negate(), Decimal(0), Decimal("61234.123456789012345678")]
    )
    def test_numbers_are_exact(self, store: Store, price: Decimal) -> None:
        """No digit is lost, in facts and in sums."""
        order_id = submit_and_send(store, "C1", quantity=LARGEST)
        fee = Fee(-SMALLEST, "TOKEN")
        report = attrs.evolve(trade_report("C1", "E1"), last_quantity=LARGEST, last_price=price, fees=(fee,))
        write_history(store, lambda h: h.record(report))
        order = read_history(store, lambda h: h.order(order_id))
        fill = read_history(store, lambda h: list(h.fills(order_id)))[0]
        assert (str(fill.quantity), str(fill.price)) == (str(LARGEST), str(price))
        assert fill.fees == (fee,)
        assert order.avg_price == price
        assert read_history(store, lambda h: list(h.events(order_id)))[-1].report == report

    def test_times_are_exact_to_the_microsecond(self, store: Store) -> None:
        """Times come back aware and in UTC; nanoseconds have a field of their own."""
        order_id = submit_and_send(store, "C1")
        occurred_at = datetime(2262, 4, 11, 23, 47, 16, 854775, tzinfo=UTC)
        write_history(
            store,
            lambda h: h.record(trade_report("C1", "E1", occurred_at=occurred_at, venue_time_ns=9223372036854775807)),
        )
        fill = read_history(store, lambda h: list(h.fills(order_id)))[0]
        assert (fill.occurred_at, fill.venue_time_ns) == (occurred_at, 9223372036854775807)
        assert fill.recorded_at.tzinfo is UTC

    def test_any_text_is_stored(self, store: Store) -> None:
        """Quotes, percent signs, other alphabets and control characters come back as they were."""
        name = "a'\";--%s:x\\\t\n\u202eß漢😀"
        order_id = submit_and_send(store, name)
        write_history(store, lambda h: h.record(trade_report(name, name, text=name)))
        assert read_history(store, lambda h: h.find_order(ACCOUNT, name)).order_id == order_id
        assert read_history(store, lambda h: list(h.events(order_id)))[-1].report.text == name  # type: ignore[union-attr]

    def test_events_are_hashed_and_chained(self, store: Store) -> None:
        """Each hash can be computed from the event's body, and covers the hash before."""
        order_id = submit_and_send(store, "C1")
        write_history(
            store,
            lambda h: h.record(trade_report("C1", "E1", fees=[Fee(Decimal("0.1"), "QUOTE")], venue_order_id="V1")),
        )
        write_history(store, lambda h: h.record(trade_report("C1", "E2", "-1")))
        events = read_history(store, lambda h: list(h.events(order_id)))
        assert len(events) == 4
        for previous, event in zip([None, *events], events, strict=False):
            assert event.hash == digest("event", event.body())
            assert previous is None or event.prev_hash == previous.hash
            assert OrderEvent.from_stored(event.body(), event.hash) == event
        assert read_history(store, lambda h: h.order(order_id)).last_hash == events[-1].hash
