"""A PostgreSQL server is killed under writers, or some of its backends are, and starts again.

What was acknowledged is there, no use case is there by half, and all that the writers saw are errors of `sot`.
"""

import itertools
import random
import threading
import time
import traceback
from collections import Counter

import psycopg
from sqlalchemy import create_engine, text

from sot import OrderHistory, SotError
from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.audit import verify
from sot.errors import CommitUnknown
from sot.testing.contract.samples import new_order_request, spot_instrument, trade_report
from sot.testing.contract.transactions import write_history
from tests.reliability.campaigns.report import CampaignReport
from tests.support.postgres import Server

WRITERS = 4
ROUNDS_OF_A_DATABASE = 25
_BACKENDS = (
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    " AND backend_type = 'client backend'"
)
_ORDERS = text(
    "SELECT orders.client_order_id, orders.cum_quantity, orders.last_sequence,"
    " (SELECT count(*) FROM order_events e WHERE e.order_id = orders.order_id),"
    " (SELECT count(*) FROM order_fills f WHERE f.order_id = orders.order_id) FROM orders"
)


class Writers:
    """Threads that write orders, each with its executions in one transaction, and note what was acknowledged.

    Attributes:
        acknowledged: The names of the orders that were acknowledged.
        errors: How often each error was raised, by its type.
        strange: Errors that are none of `sot`.
    """

    def __init__(self, store: SqlAlchemyStore) -> None:
        self._store = store
        self._numbers = itertools.count(1)
        self.acknowledged: set[str] = set()
        self.errors: Counter[str] = Counter()
        self.strange: list[str] = []

    def write_during(self, action) -> None:
        """Let the threads write until the action has ended."""
        end = threading.Event()
        threads = [threading.Thread(target=self._write, args=(end,)) for _ in range(WRITERS)]
        for thread in threads:
            thread.start()
        try:
            action()
        finally:
            end.set()
            for thread in threads:
                thread.join(120)

    def _write(self, end: threading.Event) -> None:
        while not end.is_set():
            name = f"C{next(self._numbers)}"
            try:
                self._store.run(lambda uow, name=name: write_order(OrderHistory(uow), name))
                self.acknowledged.add(name)
            except SotError as error:
                self.errors[type(error).__name__] += 1
                end.wait(0.02)
            except Exception as error:
                self.strange.append(f"{type(error).__name__}: {error}, raised in {_where(error)}")
                end.wait(0.005)


def _where(error: Exception) -> str:
    """The calls that led to an error, the last ones first."""
    frames = reversed(list(traceback.walk_tb(error.__traceback__)))
    return ", ".join(f"{frame.f_globals.get('__name__')}:{line}" for frame, line in frames)


def write_order(history: OrderHistory, name: str) -> None:
    """Send an order and record two executions."""
    history.mark_sent(history.submit(new_order_request(name)).request_id)
    for number in (1, 2):
        history.record(trade_report(name, f"{name}.{number}"))


def kill_backends(server: Server, url: str, writers: Writers, chance: random.Random, report: CampaignReport) -> None:
    """End some connections, one after another, by the server or as the kernel would."""
    conninfo = url.replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(conninfo, autocommit=True) as admin:
        for _ in range(8):
            time.sleep(chance.uniform(0.005, 0.03))
            backends = [pid for (pid,) in admin.execute(_BACKENDS)]
            if backends:
                admin.execute("SELECT pg_terminate_backend(%s)", [chance.choice(backends)])
                report.counts["backends killed"] += 1


def kill_server(server: Server, url: str, writers: Writers, chance: random.Random, report: CampaignReport) -> None:
    """Kill the server in the middle of the work, when some more orders were acknowledged."""
    enough, latest = len(writers.acknowledged) + chance.randrange(1, 40), time.monotonic() + 10
    while len(writers.acknowledged) < enough and time.monotonic() < latest:
        time.sleep(chance.uniform(0, 0.01))
    chance.choice((server.kill, server.kill, server.stop_immediately))()
    report.counts["server deaths"] += 1


def check(url: str, writers: Writers) -> None:
    """Check what is stored."""
    engine = create_engine(url)
    with engine.connect() as connection:
        orders = {name: tuple(map(int, figures)) for name, *figures in connection.execute(_ORDERS)}
    engine.dispose()
    lost = writers.acknowledged - set(orders)
    assert not lost, f"{len(lost)} of {len(writers.acknowledged)} acknowledged orders are lost, such as {min(lost)}"
    half = {name: figures for name, figures in orders.items() if figures != (2, 4, 4, 2)}
    assert not half, f"orders are there by half (quantity, sequence, events, executions): {list(half.items())[:2]}"
    assert writers.strange == [], writers.strange[0]


def round_of_deaths(server: Server, report: CampaignReport, chance: random.Random, deaths: int) -> None:
    """Kill a server or its backends so often, in a new database, and verify it in the end."""
    url = server.fresh()
    store = SqlAlchemyStore.open(url)
    write_history(store, lambda h: h.register(spot_instrument()))
    writers = Writers(store)
    for number in range(deaths):
        kill = chance.choice((kill_backends, kill_server, kill_server)) if number else kill_server
        with report.trial(f"{kill.__name__}, death {number + 1} of {deaths}"):
            writers.write_during(lambda kill=kill: kill(server, url, writers, chance, report))
            if kill is kill_server:
                server.start_again()
            check(url, writers)
    with report.trial("writing goes on"):
        write_history(store, lambda h: write_order(h, "last"))
        problems = verify(store).problems
        assert problems == [], problems[0]
    store.close()
    report.counts["acknowledged"] += len(writers.acknowledged)
    report.counts["unknown commits"] += writers.errors[CommitUnknown.__name__]
    report.counts["errors"] += sum(writers.errors.values())


def run(seconds: float, seed: int) -> CampaignReport:
    """Kill servers for some time."""
    report = CampaignReport("server_death", seed)
    server = Server()
    end = time.monotonic() + seconds
    try:
        for number, chance in report.rounds(seconds):
            deaths = ROUNDS_OF_A_DATABASE if end - time.monotonic() > 60 or number else 3
            round_of_deaths(server, report, chance, deaths)
    finally:
        server.stop()
    return report
