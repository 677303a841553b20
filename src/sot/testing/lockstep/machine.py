"""The state machine: its rules are the commands and queries of the history, run in each store."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TypeVar

import attrs
from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from sot.application.audit.archive import archive
from sot.application.audit.rebuild import rebuild
from sot.application.audit.verification import verify
from sot.application.history import OrderHistory
from sot.domain.accounting.account_event import AccountEvent
from sot.domain.orders.report import VenueReport
from sot.domain.orders.request import OrderRequest, RiskCheck
from sot.domain.reconciliation.record import Reconciliation
from sot.domain.values.vocabulary import (
    Action,
    OrderStatus,
    OrderType,
    Resolution,
    Side,
    TimeInForce,
)
from sot.ports.access import AccessStore, AccessUnitOfWork
from sot.ports.orders import OrderFilter
from sot.ports.paging import PageKey
from sot.ports.reconciliation import ReconciliationFilter
from sot.testing.contract.samples import ACCOUNT, SYMBOL, VENUE, api_key, idempotency_record, spot_instrument
from sot.testing.contract.transactions import add_reconciliation
from sot.testing.fakes import CountedIds, ManualClock
from sot.testing.lockstep.comparison import assert_equal, outcome_of
from sot.testing.lockstep.observations import (
    check_now_is_the_last_moment,
    check_past_pages,
    list_reconciliations,
    observe_history,
    observe_identifiers,
    observe_present,
    restore_lines,
)
from sot.testing.lockstep.picks import (
    close_picked_finding,
    find_request_id,
    list_order_ids,
    list_request_ids,
    pick_order_id,
    replacing_picked,
    then_list,
)
from sot.testing.pages import check_pages
from sot.testing.strategies import account_events, reconciliations, reports, round_numbers

T = TypeVar("T")
StoreFactory = Callable[[ManualClock, CountedIds], AccessStore]

FIRST = datetime(2026, 1, 5, 10, tzinfo=UTC)
STEPS_BETWEEN_OBSERVATIONS = 6
_CLIENT_IDS = st.sampled_from(["C1", "C2", "C3", "C4"])
_AMENDMENT_IDS = st.sampled_from(["D1", "D2", "D3"])
_ACCESS_IDS = st.sampled_from(["K1", "K2", "K3"])
_RESOLUTIONS = st.lists(st.tuples(st.integers(0, 5), st.sampled_from(Resolution)), max_size=3)
_OPEN = st.sampled_from([None, True, False])


def lockstep(factories: Mapping[str, StoreFactory]) -> type[RuleBasedStateMachine]:
    """Make the state machine for some stores.

    Args:
        factories: Each makes an empty store from a clock and a source of ids. The other stores are compared with the
            first.

    Returns:
        A Hypothesis state machine; its `TestCase` is what pytest collects.
    """

    class StoresInLockstep(_Lockstep):
        FACTORIES = factories

    return StoresInLockstep


@attrs.frozen
class _Observation:
    """What was read at a cursor of each store."""

    cursors: Mapping[str, int]
    history: object
    reconciliations: object
    identifiers: object


class _Lockstep(RuleBasedStateMachine):
    FACTORIES: Mapping[str, StoreFactory] = {}

    def __init__(self) -> None:
        super().__init__()
        self.stores: dict[str, AccessStore] = {}
        self.clocks: list[ManualClock] = []
        self.observations: list[_Observation] = []
        self.steps = 0
        for name, make in self.FACTORIES.items():
            clock = ManualClock()
            self.clocks.append(clock)
            self.stores[name] = make(clock, CountedIds())

    def teardown(self) -> None:
        """Check the past of every observation, verify the stores, and close them."""
        for observation in self.observations:
            self.check_past(observation)
        for name, store in self.stores.items():
            problems = verify(store).problems
            assert problems == [], f"{name}: {problems}"
            store.close()

    # --------------------------------------------------------------------------------------------- comparing

    def run_history(
        self, use_case: Callable[[OrderHistory], T], commit: bool = True, read_only: bool = False
    ) -> T | None:
        """Do the same with the history of each store; see `run`."""
        return self.run(lambda uow: use_case(OrderHistory(uow)), commit, read_only)

    def run(self, use_case: Callable[[AccessUnitOfWork], T], commit: bool = True, read_only: bool = False) -> T | None:
        """Run a use case in each store and compare the results or errors.

        Returns:
            The result; None if the use case was refused.
        """
        trace = None if self.steps % 3 else f"step {self.steps}"
        outcomes = {name: outcome_of(store, use_case, commit, read_only, trace) for name, store in self.stores.items()}
        (first, expected), *others = outcomes.items()
        for name, outcome in others:
            assert_equal(outcome, expected, f"{name} and {first} differ")
        kind, value = expected
        note(f"{kind}: {value}")
        return value if kind == "result" else None

    @initialize()
    def register(self) -> None:
        """Register the instrument."""
        self.run_history(lambda h: h.register(spot_instrument()))

    # ------------------------------------------------------------------------------------------------ writing

    @rule(seconds=st.integers(-5, 60))
    def move_clocks(self, seconds: int) -> None:
        """Move the clocks forward, and sometimes back."""
        for clock in self.clocks:
            clock.move(timedelta(seconds=seconds))

    @rule(name=_CLIENT_IDS, quantity=round_numbers(4, 60), side=st.sampled_from(Side), commit=st.booleans())
    def submit(self, name: str, quantity: Decimal, side: Side, commit: bool) -> None:
        """Submit, sometimes again, sometimes with other terms, sometimes without commit."""
        request = OrderRequest(
            account_id=ACCOUNT,
            client_order_id=name,
            venue=VENUE,
            symbol=SYMBOL,
            side=side,
            order_type=OrderType.LIMIT,
            limit_price=Decimal(100),
            quantity=quantity,
            time_in_force=TimeInForce.GTC if quantity > 8 else None,
        )
        self.run_history(lambda h: h.submit(request), commit)

    @rule(name=_CLIENT_IDS, passed=st.booleans(), rule_code=st.sampled_from(["a", "b"]))
    def add_risk_check(self, name: str, passed: bool, rule_code: str) -> None:
        """Add a risk check."""
        self.run_history(
            lambda h: h.add_risk_check(find_request_id(h, name), RiskCheck(rule_code=rule_code, passed=passed))
        )

    @rule(name=_CLIENT_IDS)
    def withdraw(self, name: str) -> None:
        """Withdraw a request."""
        self.run_history(lambda h: h.withdraw(find_request_id(h, name), "no"))

    @rule(name=st.one_of(_CLIENT_IDS, _AMENDMENT_IDS), commit=st.booleans())
    def mark_sent(self, name: str, commit: bool) -> None:
        """Mark a request as sent."""
        self.run_history(lambda h: h.mark_sent(find_request_id(h, name)), commit)

    @rule(name=st.one_of(_CLIENT_IDS, _AMENDMENT_IDS), failed=st.booleans())
    def mark_failed_or_unknown(self, name: str, failed: bool) -> None:
        """Mark a request as failed, or its outcome as unknown."""
        self.run_history(lambda h: (h.mark_failed if failed else h.mark_unknown)(find_request_id(h, name), "no route"))

    @rule(name=_AMENDMENT_IDS, order=_CLIENT_IDS, quantity=st.one_of(st.none(), round_numbers(4, 60)))
    def amend(self, name: str, order: str, quantity: Decimal | None) -> None:
        """Submit a cancel or a replacement."""

        def submit(history: OrderHistory) -> object:
            request = OrderRequest(
                account_id=ACCOUNT,
                action=Action.CANCEL if quantity is None else Action.REPLACE,
                client_order_id=name,
                target_order_id=history.find_order(ACCOUNT, order).order_id,
                quantity=quantity,
            )
            return history.submit(request)

        self.run_history(submit)

    @rule(
        reported=st.lists(reports(ACCOUNT, VENUE, SYMBOL), min_size=1, max_size=4),
        commit=st.booleans(),
        together=st.booleans(),
    )
    def record(self, reported: list[VenueReport], commit: bool, together: bool) -> None:
        """Record some reports in one transaction."""
        if together:
            self.run_history(lambda h: h.record_many(reported), commit)
        else:
            self.run_history(lambda h: [h.record(report) for report in reported], commit)

    @rule(report=reports(ACCOUNT, VENUE, SYMBOL))
    def adopt(self, report: VenueReport) -> None:
        """Adopt an external order."""
        self.run_history(lambda h: h.adopt(attrs.evolve(report, venue=VENUE, symbol=report.symbol or SYMBOL)))

    @rule(pick=st.integers(0, 5), mark=round_numbers(1, 800))
    def mark(self, pick: int, mark: Decimal) -> None:
        """Mark an order to a price."""
        self.run_history(lambda h: h.mark(pick_order_id(h, pick), mark, {"TOKEN": Decimal(2)}))

    @rule(pick=st.integers(0, 5), sequence=st.integers(1, 12))
    def void(self, pick: int, sequence: int) -> None:
        """Void an event."""
        self.run_history(lambda h: h.void(pick_order_id(h, pick), sequence=sequence, reason="wrong"))

    @rule(pick=st.integers(0, 5), status=st.sampled_from([None, *OrderStatus]))
    def resolve(self, pick: int, status: OrderStatus | None) -> None:
        """Resolve what is in doubt."""
        self.run_history(lambda h: h.resolve(pick_order_id(h, pick), status=status, reason="looked"))

    @rule(external=st.integers(0, 5), pick=st.integers(0, 5))
    def attribute(self, external: int, pick: int) -> None:
        """Attribute an external order to another one."""
        self.run_history(lambda h: h.attribute(pick_order_id(h, external), pick_order_id(h, pick), reason="the same"))

    @rule(event=account_events(ACCOUNT, VENUE, SYMBOL), replaces=st.one_of(st.none(), st.integers(0, 3)))
    def record_account_event(self, event: AccountEvent, replaces: int | None) -> None:
        """Record an account event, sometimes as the correction of an earlier one."""
        self.run_history(lambda h: h.record_account_event(replacing_picked(h, event, replaces)))

    @rule(
        rows=reconciliations(ACCOUNT, VENUE),
        resolutions=_RESOLUTIONS,
        commit=st.sampled_from([True, True, True, False]),
    )
    def reconcile(self, rows: list[Reconciliation], resolutions: list[tuple[int, Resolution]], commit: bool) -> None:
        """Add a run, its inputs and findings; and close findings, some again."""
        self.run(lambda uow: then_list(uow, lambda: [add_reconciliation(uow, row) for row in rows]), commit)
        for pick, resolution in resolutions:
            self.run(lambda uow, p=pick, r=resolution: then_list(uow, lambda: close_picked_finding(uow, p, r)), commit)  # type: ignore[misc]

    @rule(name=_ACCESS_IDS, revoke=st.booleans(), commit=st.booleans())
    def add_or_revoke_api_key(self, name: str, revoke: bool, commit: bool) -> None:
        """Add an API key, or revoke one."""

        def use_case(uow: AccessUnitOfWork) -> object:
            if revoke:
                uow.api_keys.revoke(name, uow.clock.now())
            else:
                uow.api_keys.add(api_key(name, created_at=uow.clock.now()))
            return list(uow.api_keys.list())

        self.run(use_case, commit)

    @rule(name=_ACCESS_IDS, status=st.sampled_from([201, 409]), commit=st.booleans())
    def add_idempotency_record(self, name: str, status: int, commit: bool) -> None:
        """Add an idempotency record, sometimes another one under the same key."""

        def use_case(uow: AccessUnitOfWork) -> object:
            uow.idempotency_records.add(idempotency_record(name, status=status))
            return uow.idempotency_records.get(ACCOUNT, name)

        self.run(use_case, commit)

    @rule(later=st.integers(0, 20), multiplier=st.sampled_from(["1", "2"]))
    def register_late(self, later: int, multiplier: str) -> None:
        """Register the other symbol, perhaps in versions, after much of it may have been recorded."""
        instrument = spot_instrument(symbol="UNREGISTERED")
        version = attrs.evolve(instrument, multiplier=Decimal(multiplier), valid_from=FIRST + timedelta(seconds=later))
        self.run_history(lambda h: h.register(version))

    @rule()
    def rebuild(self) -> None:
        """Rebuild everything that is derived: it changes nothing."""
        for store in self.stores.values():
            rebuild(store)

    # ------------------------------------------------------------------------------------------------ reading

    @rule(size=st.integers(1, 4), is_open=_OPEN, newest_first=st.booleans())
    def page_orders(self, size: int, is_open: bool | None, newest_first: bool) -> None:
        """Read all pages of orders, oldest or newest first."""
        self._read_pages(lambda h, after: list_order_ids(h, is_open, after, size, newest_first))

    @rule(size=st.integers(1, 4), newest_first=st.booleans())
    def page_requests(self, size: int, newest_first: bool) -> None:
        """Read all pages of requests, oldest or newest first."""
        self._read_pages(lambda h, after: list_request_ids(h, after, size, newest_first))

    def _read_pages(self, read: Callable[[OrderHistory, PageKey | None], tuple[list[str], PageKey | None]]) -> None:
        after: PageKey | None = None
        for _ in range(20):
            page = self.run_history(lambda h, a=after: read(h, a), read_only=True)  # type: ignore[misc]
            assert page is not None
            after = page[1]
            if after is None:
                return

    @rule(size=st.integers(1, 5), seconds=st.integers(-10, 60), facts_ago=st.integers(0, 12))
    def page_everything(self, size: int, seconds: int, facts_ago: int) -> None:
        """Check that each list is its pages: now, as of a time, and as of a cursor, also within a transaction."""
        at = FIRST + timedelta(seconds=seconds)
        self.run_history(lambda h: check_pages(h, ACCOUNT, size), read_only=True)
        self.run_history(lambda h: check_pages(h.as_of(happened_by=at), ACCOUNT, size), read_only=True)
        self.run(lambda uow: check_past_pages(uow, facts_ago, size), read_only=True)

    @rule()
    def read_last_moment(self) -> None:
        """Check that the present is the same as the past of the last fact."""
        self.run(check_now_is_the_last_moment, read_only=True)

    @rule(size=st.integers(1, 3), is_open=_OPEN, venue_account=st.sampled_from(["", "sub"]))
    def page_reconciliations(self, size: int, is_open: bool | None, venue_account: str) -> None:
        """Read all pages of reconciliation rows, and the last run."""
        filter = ReconciliationFilter(account_id=ACCOUNT, venue_account=venue_account, is_open=is_open)
        after: PageKey | None = None
        for _ in range(20):
            page = self.run(lambda uow, a=after: uow.reconciliations.list(filter, a, size), read_only=True)  # type: ignore[misc]
            assert page is not None
            after = page.next
            if after is None:
                break
        self.run(lambda uow: uow.reconciliations.last_run(ACCOUNT, VENUE, venue_account), read_only=True)

    @rule(identifier=st.sampled_from(["C1", "V1", "D1"]), status=st.sampled_from(OrderStatus))
    def find_orders(self, identifier: str, status: OrderStatus) -> None:
        """Find orders by identifier and status."""
        filter = OrderFilter(identifier=identifier, statuses=[status, OrderStatus.NEW], account_id=ACCOUNT)
        self.run_history(lambda h: [order.order_id for order in h.orders(filter).items], read_only=True)
        self.run_history(lambda h: h.find_order(ACCOUNT, identifier).order_id, read_only=True)

    @rule(seconds=st.integers(-10, 60), known=st.booleans())
    def read_past_time(self, seconds: int, known: bool) -> None:
        """Read what had happened by a time, as it was known by then or is known now."""
        at = FIRST + timedelta(seconds=seconds)
        known_at = at if known else None
        for happened_by in (at, None):
            for observe in (observe_history, observe_identifiers):
                self.run_history(lambda h, o=observe, by=happened_by: o(h.as_of(known_at, by)), read_only=True)  # type: ignore[misc]

    @invariant()
    def stores_agree(self) -> None:
        """Everything that can be read is equal, and each order is the fold of its own events."""
        if self.stores:
            self.run_history(observe_present, read_only=True)
            self.run(list_reconciliations, read_only=True)

    # --------------------------------------------------------------------------------------------------- past

    @invariant()
    def observe(self) -> None:
        """Keep an observation every few steps."""
        self.steps += 1
        if not self.stores or self.steps % STEPS_BETWEEN_OBSERVATIONS:
            return
        observation = _Observation(
            {name: store.horizon() for name, store in self.stores.items()},
            self.run_history(observe_history, read_only=True),
            self.run(list_reconciliations, read_only=True),
            self.run_history(observe_identifiers, read_only=True),
        )
        self.observations.append(observation)

    def check_past(self, observation: _Observation) -> None:
        """Check that the past of an observation's cursor is what was read then, from the store and from its facts."""
        expected = (observation.history, observation.reconciliations)
        for name, store in self.stores.items():
            cursor = observation.cursors[name]
            with store.begin(read_only=True) as uow:
                past = OrderHistory(uow).as_of(known_at=cursor)
                assert_equal(observe_history(past), observation.history, f"{name} as of {cursor} differs")
                assert_equal(observe_identifiers(past), observation.identifiers, f"{name} as of {cursor} differs")
                lines = list(archive(uow, 0, cursor))
            restored = next(iter(self.FACTORIES.values()))(ManualClock(), CountedIds())
            restored.run(lambda uow, lines=lines: restore_lines(uow, lines))  # type: ignore[misc]
            actual = restored.run(
                lambda uow: (observe_history(OrderHistory(uow)), list_reconciliations(uow)), read_only=True
            )
            restored.close()
            assert_equal(actual, expected, f"{name}'s facts up to {cursor}, restored, differ")
