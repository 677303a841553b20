"""The log: what the caller does not see otherwise, with facts as attributes, and nothing that must stay secret."""

import logging
import subprocess
import sys

import pytest

from sot import CommitUnknown, ConcurrentUpdate, Executor, OrderHistory
from sot.adapters.memory import MemoryStore
from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.errors import VenueNotReached, VenueOutcomeUnknown, VenueRefused
from sot.testing.contract.samples import ACCOUNT, VENUE, new_order_request, spot_instrument, trade_report
from sot.testing.contract.transactions import read_history, write_history
from sot.testing.faults import FaultPlan, FaultyStore, StoreFault
from tests.support.reconciliation_rows import EXECUTIONS_WITHHELD
from tests.support.trading_scenario import REQUEST_LOST, TradingScenario

SECRET = "hunter2hunter2"
STANDARD = set(vars(logging.makeLogRecord({}))) | {"message", "asctime"}


@pytest.fixture
def records(caplog):
    caplog.set_level(logging.DEBUG, "sot")
    return lambda: [(record.levelname, facts_of(record)) for record in caplog.records if record.name == "sot"]


def facts_of(record):
    """What a record carries beside what every record does."""
    return {name: value for name, value in vars(record).items() if name not in STANDARD}


class Venue:
    name = VENUE

    def __init__(self, error):
        self.error = error

    def submit(self, request):
        raise self.error


def submitted(store, **changes):
    write_history(store, lambda h: h.register(spot_instrument()))
    return write_history(store, lambda h: h.submit(new_order_request("C1", **changes))).request_id


def test_recording_logs_nothing(store, records):
    request_id = submitted(store)
    write_history(store, lambda h: h.mark_sent(request_id))
    for number in range(20):
        write_history(store, lambda h, number=number: h.record(trade_report("C1", f"E{number}", "1", "99")))
    read_history(store, lambda h: list(h.orders().items))
    assert [level for level, facts in records() if "schema_version" not in facts] == []


def register(uow):
    return OrderHistory(uow).register(spot_instrument())


def test_a_lost_race_that_is_run_again(records):
    plan = FaultPlan(seed=1)
    plan.once(StoreFault.LOST_RACE, 1)
    FaultyStore(MemoryStore(), plan).run(register)
    assert records() == [("DEBUG", {"use_case": f"{__name__}.register", "attempts": 1})]


@pytest.mark.parametrize(
    ("fault", "error", "attempts"),
    [(StoreFault.LOST_RACE, ConcurrentUpdate, 8), (StoreFault.ANSWER_LOST, CommitUnknown, 1)],
)
def test_what_a_store_cannot_make_good(fault, error, attempts, records):
    with pytest.raises(error):
        FaultyStore(MemoryStore(), FaultPlan(seed=1, chances={fault: 1})).run(register)
    warnings = [facts for level, facts in records() if level == "WARNING"]
    assert warnings == [{"use_case": f"{__name__}.register", "attempts": attempts}]


def test_another_error_of_a_use_case_is_the_callers(records):
    with pytest.raises(ZeroDivisionError):
        MemoryStore().run(lambda uow: 1 // 0)
    assert records() == []


@pytest.mark.parametrize(
    ("error", "level", "outcome"),
    [
        (VenueRefused("INSUFFICIENT_FUNDS", SECRET), "INFO", "REFUSED"),
        (VenueNotReached("NO_ROUTE", SECRET), "WARNING", "NOT_REACHED"),
        (VenueOutcomeUnknown("TIME_OUT", SECRET), "WARNING", "UNKNOWN"),
        (TimeoutError(f"https://venue.example/?key={SECRET}"), "WARNING", "UNKNOWN"),
    ],
)
def test_an_execution_without_an_answer(error, level, outcome, records, caplog):
    store = MemoryStore()
    request_id = submitted(store, raw_payload={"key": SECRET}, tags={"key": SECRET})
    order = Executor(store, Venue(error)).execute(request_id)
    facts = {
        "account_id": ACCOUNT,
        "request_id": request_id,
        "order_id": order.order_id,
        "venue": VENUE,
        "action": "NEW",
        "outcome": outcome,
    }
    if outcome != "REFUSED":
        facts["error"] = type(error).__name__
    assert records() == [(level, facts)]
    assert request_id in caplog.text
    assert SECRET not in caplog.text + str(records())


def test_an_execution_that_was_answered_logs_nothing(records):
    TradingScenario().send("C1")
    assert records() == []


def test_a_recovery(records, monkeypatch):
    scenario = TradingScenario()
    order = scenario.send("C1", REQUEST_LOST)
    before = len(records())

    def find(venue, reference):
        raise ConnectionError(SECRET)

    monkeypatch.setattr(type(scenario.venue), "find", find)
    scenario.recover(tries=1)
    summary, doubt = records()[before:]
    assert summary == ("INFO", {"venue": VENUE, "settled": 0, "in_doubt": 1, "too_recent": 0, "queries": 1})
    assert doubt == (
        "WARNING",
        {"account_id": ACCOUNT, "order_id": order.order_id, "venue": VENUE, "status": "PENDING_NEW"},
    )
    assert SECRET not in str(records())


def test_a_reconciliation(records):
    scenario = TradingScenario()
    order = scenario.send("C1", EXECUTIONS_WITHHELD, limit_price=101)
    result = scenario.reconcile()
    (level, run), *findings = records()
    assert (level, run["opened"], run["open"], run["failures"]) == ("WARNING", 3, 3, 0)
    assert {facts["mismatch"] for _, facts in findings} == {"MISSING_EXECUTION", "POSITION_DIFFERS", "STATUS_DIFFERS"}
    assert {facts.get("order_id") for _, facts in findings} == {order.order_id, None}
    assert {(level, facts["run_id"]) for level, facts in findings} == {("INFO", result.run_id)}
    before = len(records())
    scenario.reconcile()
    assert [level for level, _ in records()[before:]] == ["INFO"]  # nothing new


def test_tables_that_are_made(tmp_path, records, caplog):
    for _ in range(2):
        SqlAlchemyStore.open(f"sqlite:///{tmp_path}/orders.db?timeout=71717171").close()
    ((level, facts),) = records()
    assert (level, set(facts)) == ("INFO", {"schema_version"})
    assert "orders.db" in caplog.text
    assert "7171" not in caplog.text  # options of an address may be secrets


WARNS = """
import sys
from sot.adapters.memory import MemoryStore
from sot.errors import CommitUnknown
if sys.argv[1:]:
    sys.argv = ["sot"]
    from sot.entrypoints.main import main
    try:
        main()
    except SystemExit:
        pass
def lost(uow):
    raise CommitUnknown("lost")
try:
    MemoryStore().run(lost)
except CommitUnknown:
    pass
"""


@pytest.mark.parametrize(("arguments", "lines"), [([], 0), (["cli"], 1)])
def test_nothing_is_written_without_a_handler_but_by_the_command_line(arguments, lines):
    result = subprocess.run([sys.executable, "-c", WARNS, *arguments], capture_output=True, text=True, check=True)
    assert sum("COMMIT" in line for line in result.stderr.splitlines()) == lines
