"""What an observer sees: executions with their three steps, recoveries and reconciliations."""

import pytest

from sot import Executor
from sot.adapters.memory import MemoryStore
from sot.application.support.tracing import TracedStore
from sot.errors import NotFound, VenueNotReached, VenueOutcomeUnknown, VenueRefused
from sot.ports.observer import NO_OBSERVER, Operation, observer_of
from sot.testing.contract import CountingVenue
from sot.testing.contract.samples import ACCOUNT, VENUE, new_order_request, spot_instrument
from sot.testing.contract.transactions import write_history
from sot.testing.fakes import RecordingObserver
from tests.support.trading_scenario import REQUEST_LOST, TradingScenario


@pytest.fixture
def store():
    store = MemoryStore()
    write_history(store, lambda h: h.register(spot_instrument()))
    store.observer = RecordingObserver()
    return store


def submitted(store, **changes):
    return write_history(store, lambda h: h.submit(new_order_request("C1", **changes))).request_id


def facts_of(store, *operations):
    """What the observer saw of some kinds of operations, without what all of them have."""
    seen = [facts for facts in store.observer.seen if facts["operation"] in operations]
    return [
        {name: value for name, value in facts.items() if name not in ("operation", "above", "parent")} for facts in seen
    ]


def test_an_execution_and_its_steps(store):
    request_id = submitted(store)
    store.observer.seen.clear()
    order = Executor(TracedStore(store, "given"), CountingVenue()).execute(request_id)
    assert [(facts["operation"], facts["above"]) for facts in store.observer.seen] == [
        (Operation.EXECUTE, None),
        (Operation.PREPARE, Operation.EXECUTE),
        (Operation.RUN, Operation.PREPARE),
        (Operation.CALL_VENUE, Operation.EXECUTE),
        (Operation.CONCLUDE, Operation.EXECUTE),
        (Operation.RUN, Operation.CONCLUDE),
    ]
    names = {
        "account_id": ACCOUNT,
        "venue": VENUE,
        "request_id": request_id,
        "order_id": order.order_id,
        "action": "NEW",
    }
    assert facts_of(store, Operation.EXECUTE) == [{**names, "outcome": "ANSWERED", "status": order.status}]
    assert facts_of(store, Operation.PREPARE) == [{"venue": VENUE, "request_id": request_id}]
    assert facts_of(store, Operation.CALL_VENUE) == [{**names, "outcome": "ANSWERED"}]
    assert facts_of(store, Operation.CONCLUDE) == [{**names, "status": order.status}]
    runs = [facts["use_case"] for facts in facts_of(store, Operation.RUN)]
    assert all(name.startswith("sot.application.execut") for name in runs)


def test_executing_again(store):
    request_id = submitted(store)
    Executor(store, CountingVenue()).execute(request_id)
    store.observer.seen.clear()
    order = Executor(store, CountingVenue()).execute(request_id)
    ((execution),) = facts_of(store, Operation.EXECUTE)
    assert (execution["outcome"], execution["status"]) == ("REPEATED", order.status)
    assert facts_of(store, Operation.CALL_VENUE, Operation.CONCLUDE) == []


@pytest.mark.parametrize(
    ("answer", "outcome", "error"),
    [
        (VenueRefused("INSUFFICIENT_FUNDS"), "REFUSED", None),
        (VenueNotReached("NO_ROUTE"), "NOT_REACHED", "VenueNotReached"),
        (VenueOutcomeUnknown("TIME_OUT"), "UNKNOWN", "VenueOutcomeUnknown"),
        (KeyError("a bug in the adapter"), "UNKNOWN", "KeyError"),
    ],
)
def test_the_outcome_of_a_call(store, answer, outcome, error):
    class Venue:
        name = VENUE

        def submit(self, request):
            raise answer

    Executor(store, Venue()).execute(submitted(store))
    for facts in facts_of(store, Operation.EXECUTE, Operation.CALL_VENUE):
        assert (facts["outcome"], facts.get("error")) == (outcome, error)


def test_what_cannot_be_executed(store):
    with pytest.raises(NotFound):
        Executor(store, CountingVenue()).execute("00000000-0000-7000-8000-000000000001")
    assert [facts["raised"] for facts in facts_of(store, Operation.EXECUTE, Operation.PREPARE, Operation.RUN)] == [
        "NotFound"
    ] * 3


def test_a_recovery_and_a_reconciliation():
    scenario = TradingScenario()
    scenario.store.observer = RecordingObserver()
    scenario.send("C1", REQUEST_LOST)
    scenario.recover()
    result = scenario.reconcile()
    (recovery,) = facts_of(scenario.store, Operation.RECOVER)
    assert recovery == {"venue": VENUE, "settled": 1, "in_doubt": 0, "too_recent": 0, "queries": 1}
    (reconciliation,) = facts_of(scenario.store, Operation.RECONCILE)
    counts = {"opened": 0, "closed": 0, "open": 0, "recorded": 0, "failures": 0}
    assert reconciliation == {"venue": VENUE, "account_id": ACCOUNT, "run_id": result.run_id, **counts}


def test_a_store_without_an_observer():
    assert MemoryStore().observer is NO_OBSERVER
    assert observer_of(object()) is NO_OBSERVER
    assert NO_OBSERVER.trace() is None
    with NO_OBSERVER.observe(Operation.RUN, use_case="a") as observation:
        observation.add(attempts=1)
