"""What fails on purpose fails as the seed says, everywhere that the ports reach."""

from contextlib import suppress
from decimal import Decimal

import pytest

from sot import CommitUnknown, ConcurrentUpdate, OrderHistory
from sot.adapters.memory import MemoryStore
from sot.adapters.venues.simulated import SimulatedVenue
from sot.audit import verify
from sot.errors import StoreUnavailable, VenueNotReached, VenueOutcomeUnknown
from sot.ports.store import AuditTrail, Facts, Projections
from sot.testing.contract.faults import CLEAN, FAULTY, USE_CASES, do, stored_facts, summary
from sot.testing.contract.samples import SYMBOL, VENUE, new_order_request, spot_instrument
from sot.testing.fakes import CountedIds, ManualClock
from sot.testing.faults import (
    CollidingIds,
    FaultPlan,
    FaultyStore,
    FaultyUnitOfWork,
    FaultyVenue,
    JumpingClock,
    StoreFault,
    VenueFault,
)
from sot.testing.faults.store import REPOSITORIES
from tests.conftest import STORES
from tests.support.process_crashes import CrashingStore, CrashSchedule, ProcessKilled

SEEDS = range(12)


def live(seed, chance=0.003):
    """Live a life under faults, run each use case until it is done, and return plan and store."""
    store = MemoryStore(ManualClock(), CountedIds())
    plan = FaultPlan(seed, dict.fromkeys(StoreFault, chance))
    faulty = FaultyStore(store, plan)
    for use_case in USE_CASES.values():
        for _ in range(100):
            with suppress(CommitUnknown, ConcurrentUpdate, StoreUnavailable, RuntimeError):
                do(faulty, use_case, FAULTY)
                break
        do(store, use_case, CLEAN)
    return plan, store


def test_repeating_what_failed_ends_as_without_faults():
    fired = FaultPlan().counts()
    for seed in SEEDS:
        plan, store = live(seed)
        fired += plan.counts()
        assert summary(store, FAULTY) == summary(store, CLEAN)
        assert not verify(store).problems
    assert set(fired) == set(StoreFault)


def test_the_same_seed_gives_the_same_faults():
    first, second, other = live(3)[0], live(3)[0], live(4)[0]
    assert first.trace == second.trace
    assert first.trace_hash() == second.trace_hash() != other.trace_hash()


def test_every_repository_of_the_ports_can_fail():
    declared = {name for port in (Facts, Projections, AuditTrail) for name in port.__annotations__}
    assert declared | {"api_keys", "idempotency_records"} == REPOSITORIES
    for name in declared:
        plan = FaultPlan(chances={StoreFault.ERROR_BEFORE: 1.0})
        uow = FaultyUnitOfWork(MemoryStore().begin(), plan)
        repository = getattr(uow, name)
        method = next(each for each in dir(getattr(uow._uow, name)) if not each.startswith("_"))
        with pytest.raises(RuntimeError, match=f"before {name}.{method}"):
            getattr(repository, method)()


def test_a_process_is_killed_in_repositories_too():
    crashes = CrashSchedule()
    store = CrashingStore(MemoryStore(), crashes)
    crashes.start_process(killed_at=3)
    with pytest.raises(ProcessKilled), store.begin() as uow:
        OrderHistory(uow).register(spot_instrument())
    assert crashes.calls == 3


@pytest.mark.parametrize(("fault", "is_stored"), [(StoreFault.COMMIT_LOST, False), (StoreFault.ANSWER_LOST, True)])
def test_a_commit_whose_outcome_is_unknown(fault, is_stored):
    store, plan = MemoryStore(), FaultPlan()
    plan.once(fault, 1)
    with pytest.raises(CommitUnknown):
        FaultyStore(store, plan).run(lambda uow: OrderHistory(uow).register(spot_instrument()))
    assert bool(stored_facts(store)) is is_stored
    assert plan.fired == {(fault, "commit"): 1}


def test_a_trace_reaches_the_unit_of_work():
    with FaultyStore(MemoryStore(), FaultPlan()).begin() as uow:
        uow.trace = "T"
        OrderHistory(uow).register(spot_instrument())
        request = OrderHistory(uow).submit(new_order_request("C1"))
        assert request.request.trace == "T"


def test_others_act_during_a_delay():
    store, places = MemoryStore(), []
    plan = FaultPlan(chances={StoreFault.DELAY: 1.0}, on_delay=places.append)
    FaultyStore(store, plan).run(lambda uow: OrderHistory(uow).register(spot_instrument()))
    assert {"begin", "commit", "instruments.add"} <= set(places)


# --------------------------------------------------------------------------------------------------- clock and ids


@pytest.mark.parametrize("kind", STORES)
def test_a_clock_that_jumps_changes_no_order_of_facts(kind, make_store):
    store = make_store(kind)
    clock = JumpingClock(ManualClock(), seed=1, chance=0.5)
    jumping = FaultyStore(store, FaultPlan(), clock=clock)
    for use_case in USE_CASES.values():
        do(jumping, use_case, FAULTY)
        do(store, use_case, CLEAN)
    assert set(clock.fired) == {"back", "forward", "repeated"}
    assert summary(store, FAULTY) == summary(store, CLEAN)
    assert not verify(store).problems


@pytest.mark.parametrize("kind", STORES)
def test_ids_that_collide_replace_nothing(kind, make_store):
    store = make_store(kind)
    ids = CollidingIds(CountedIds(), seed=2, chance=0.4)
    colliding = FaultyStore(store, FaultPlan(), ids=ids)
    for use_case in USE_CASES.values():
        before = stored_facts(store)
        for _ in range(50):
            with suppress(ConcurrentUpdate):
                do(colliding, use_case, FAULTY)
                break
        after = stored_facts(store)
        assert {fact for fact in before if len(fact) == 2} <= set(after)
        do(store, use_case, FAULTY)
        do(store, use_case, CLEAN)
    assert ids.fired["repeated"] > 3
    assert summary(store, FAULTY) == summary(store, CLEAN)
    assert not verify(store).problems


# ----------------------------------------------------------------------------------------------------------- venue


def venue_with(fault):
    exchange = SimulatedVenue(VENUE, prices={SYMBOL: Decimal(100)}, parts=3, clock=ManualClock())
    plan = FaultPlan(seed=5, chances={fault: 1.0})
    request = new_order_request("C1", request_id="00000000-0000-4000-8000-000000000001")
    return exchange, FaultyVenue(exchange, plan), plan, request


@pytest.mark.parametrize(
    ("fault", "error", "arrives"),
    [
        (VenueFault.NOT_REACHED, VenueNotReached, False),
        (VenueFault.LOST, VenueOutcomeUnknown, False),
        (VenueFault.ERROR_BEFORE, RuntimeError, False),
        (VenueFault.ANSWER_LOST, VenueOutcomeUnknown, True),
        (VenueFault.ERROR_AFTER, RuntimeError, True),
    ],
)
def test_a_venue_raises_before_or_after_sending(fault, error, arrives):
    exchange, faulty, plan, request = venue_with(fault)
    with pytest.raises(error):
        faulty.submit(request)
    assert bool(exchange.orders()) is arrives
    assert plan.counts() == {fault: 1}


def test_a_venue_tells_twice_in_another_order_late_or_never():
    answers = {}
    for fault in (VenueFault.DELAY, VenueFault.DUPLICATED, VenueFault.REORDERED):
        _, faulty, _, request = venue_with(fault)
        answers[fault] = [(report.type, report.exec_id) for report in faulty.submit(request)]
    complete = answers[VenueFault.DELAY]
    assert len(answers[VenueFault.DUPLICATED]) == len(complete) + 1
    assert sorted(answers[VenueFault.REORDERED], key=str) == sorted(complete, key=str)
    assert answers[VenueFault.REORDERED] != complete
    for fault, comes_later in ((VenueFault.WITHHELD, True), (VenueFault.FORGOTTEN, False)):
        _, faulty, _, request = venue_with(fault)
        told, late = faulty.submit(request), faulty.deliver()
        assert len(told) < len(complete)
        assert len(told) + len(late) == len(complete) if comes_later else late == []
        assert faulty.deliver() == []


def test_faults_can_be_paused():
    _, faulty, plan, request = venue_with(VenueFault.LOST)
    plan.pause()
    assert faulty.submit(request)
    assert not plan.fired
