"""Simulates applications over one store, beside a lying exchange, with faults in the store, the venue and the clock."""

import random
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from sot import CommitUnknown, ConcurrentUpdate, IllegalTransition, OrderHistory
from sot.adapters.memory import MemoryStore
from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.audit import rebuild, verify
from sot.errors import StoreUnavailable, VenueError
from sot.testing.contract.faults import stored_facts
from sot.testing.faults import FaultPlan, FaultyStore, FaultyVenue, JumpingClock, StoreFault, VenueFault
from tests.reliability.campaigns.report import CampaignReport
from tests.support.extended_simulation import ExtendedSimulation
from tests.support.process_crashes import ProcessKilled

STEPS = 40
STEPS_BETWEEN_LONG_CHECKS = 20
STORE_CHANCES = (0.0, 0.0005, 0.003)
VENUE_CHANCES = (0.0, 0.01, 0.05)
EXPECTED = (CommitUnknown, ConcurrentUpdate, IllegalTransition, StoreUnavailable, VenueError, ProcessKilled)
"""The errors that an application handles. An injected RuntimeError is known by its text."""


class Nobody:
    """No other process acts."""

    def act(self) -> None:
        """Do nothing."""


class FaultySimulation(ExtendedSimulation):
    """An extended simulation whose store, venue and clock fail, and where other clients act during delays.

    The promises that are cheap to check are checked after each step: no order lost an event, no fact that was
    acknowledged is gone, nothing was sent twice, one request made one order. `verify` and `rebuild` run now and then.
    """

    def __init__(self, seed: int, open_store: Callable[..., Any] = MemoryStore, steps: int = STEPS) -> None:
        super().__init__(seed, open_store, steps)
        draw = random.Random(f"faults {seed}")
        self.plan = FaultPlan(seed, self._chances(draw), self._delayed)
        self.jumping_clock = JumpingClock(self.clock, seed, draw.choice([0, 0, 0.01]))
        self.store._inner = FaultyStore(self.durable_store, self.plan, self.jumping_clock)
        self.store.clock = self.jumping_clock
        self.faulty_venue = FaultyVenue(self.network, self.plan)
        self.venue._inner = self.faulty_venue
        self.can_act_in_transactions = isinstance(self.durable_store, MemoryStore)
        if not self.can_act_in_transactions:
            self.store.other_process = Nobody()
        self.done = 0
        self.known_events: dict[str, tuple[int, str | None]] = {}
        self.known_facts: list[Any] = []

    @staticmethod
    def _chances(draw: random.Random) -> dict[Any, float]:
        store, venue = draw.choice(STORE_CHANCES), draw.choice(VENUE_CHANCES)
        at_commit = {StoreFault.COMMIT_LOST: store * 10, StoreFault.ANSWER_LOST: store * 10}
        return {**dict.fromkeys(StoreFault, store), **at_commit, **dict.fromkeys(VenueFault, venue)}

    def _delayed(self, place: str) -> None:
        """Let another client act. In a database a second transaction of the same thread would wait for ever."""
        if self.can_act_in_transactions or place in ("begin", "submit", "cancel", "replace", "find"):
            self.venue.other_process.act()

    # ------------------------------------------------------------------------------------------------- the steps

    def run(self) -> None:
        steps = [self.new_order] * 5 + [self.cancel, self.replace] * 2 + [self.execute_again, self.move, self.stream]
        steps += [self.trade_manually, self.recover, self.reconcile, self.pass_time, self.revise, self.exchange_acts]
        steps += [self.next_day, self.cancel_without_client_order_id, self.deliver_withheld]
        for number in range(1, self.steps + 1):
            step = self.random.choice(steps)
            self.crashes.start_process(self.random.randint(1, 400) if self.random.random() < 0.2 else None)
            self.trace.append((step.__name__, self._outcome(step)))
            self.crashes.start_process()
            self.venue.other_process._busy = False
            self.done += 1
            with self.without_faults():
                self.check_cheaply()
                if number % STEPS_BETWEEN_LONG_CHECKS == 0:
                    self.check_thoroughly()

    def _outcome(self, step: Callable[[], Any]) -> Any:
        try:
            return step()
        except EXPECTED as error:
            return "killed" if isinstance(error, ProcessKilled) else type(error).__name__
        except RuntimeError as error:
            if "an unexpected error" not in str(error):
                raise
            return "RuntimeError"

    def deliver_withheld(self) -> int:
        """Let the stream have the reports that an answer lacked."""
        late = self.faulty_venue.deliver()
        self.undelivered += late
        return len(late)

    @contextmanager
    def without_faults(self) -> Iterator[None]:
        chances, self.plan.chances = self.plan.chances, {}
        try:
            yield
        finally:
            self.plan.chances = chances

    def settle(self) -> None:
        self.plan.pause()
        self.jumping_clock.chance = 0
        self.jumping_clock._offset *= 0
        self.clock.move(timedelta(days=2))  # past every time that the clock told
        self.deliver_withheld()
        super().settle()

    # ---------------------------------------------------------------------------------------------------- checks

    def check_cheaply(self) -> None:
        """Check what must hold after each step."""
        assert max(self.exchange.arrived.values(), default=1) == 1, "something was sent twice"
        with self.durable_store.begin(read_only=True) as uow:
            history = OrderHistory(uow)
            orders = history.orders(limit=500).items
            by_request = Counter(order.request_id for order in orders if order.request_id is not None)
            assert max(by_request.values(), default=1) == 1, "one request made two orders"
            now = {order.order_id: (order.last_sequence, order.last_hash) for order in orders}
            for order_id, (sequence, head) in self.known_events.items():
                assert order_id in now, "an order was lost"
                assert now[order_id][0] >= sequence, "an event was lost"
                assert now[order_id][0] > sequence or now[order_id][1] == head, "a fact was changed"
            for order_id, (sequence, _) in now.items():
                if self.known_events.get(order_id, (0, None))[0] == sequence:
                    continue
                events = list(history.events(order_id))
                assert [event.sequence for event in events] == list(range(1, sequence + 1)), "a gap in the events"
                before, head = self.known_events.get(order_id, (0, None))
                assert not before or events[before - 1].hash == head, "a fact was changed"
        self.known_events = now

    def check_thoroughly(self) -> None:
        """Check that every fact is kept, that all is as the facts say, and that rebuilding changes nothing."""
        facts = [fact for fact in stored_facts(self.durable_store) if len(fact) == 2]
        assert set(self.known_facts) <= set(facts), "a fact was lost"
        self.known_facts = facts
        problems = verify(self.durable_store).problems
        assert not problems, problems[0]
        before = stored_facts(self.durable_store)
        rebuild(self.durable_store)
        assert [fact[:1] + fact[2:] for fact in before] == [
            fact[:1] + fact[2:] for fact in stored_facts(self.durable_store)
        ], "rebuilding changed something"

    def trace_hash(self) -> str:
        """A digest of everything that happened."""
        return sha256(f"{self.trace} {self.plan.trace_hash()}".encode()).hexdigest()


def live(seed: int, open_store: Callable[..., Any] = MemoryStore, steps: int = STEPS) -> FaultySimulation:
    """Run a simulation, settle it and check it."""
    simulation = FaultySimulation(seed, open_store, steps)
    simulation.run()
    simulation.settle()
    simulation.check_cheaply()
    simulation.check_thoroughly()
    simulation.check()
    return simulation


def count(report: CampaignReport, simulation: FaultySimulation) -> None:
    """Add what happened in a simulation to a report."""
    report.counts["steps"] += simulation.done
    report.counts["faults"] += simulation.plan.fired.total()
    for fault, number in simulation.plan.counts().items():
        report.counts[f"{type(fault).__name__}.{fault.name}"] += number
    for jump, number in simulation.jumping_clock.fired.items():
        report.counts[f"clock {jump}"] += number
    report.counts["kills (simulated)"] += sum(outcome == "killed" for _, outcome in simulation.trace)
    report.counts["actions during a delay"] += sum(name.startswith("meanwhile") for name, _ in simulation.trace)


def run(seconds: float, seed: int) -> CampaignReport:
    """Run simulations: mostly in memory, one in twenty on SQLite."""
    report = CampaignReport("simulation", seed)
    with tempfile.TemporaryDirectory() as folder:
        for number, draw in report.rounds(seconds):
            life = draw.randrange(2**32)
            in_sqlite = number % 20 == 19
            path = Path(folder) / f"{number}.db"
            open_store = partial(SqlAlchemyStore.open, f"sqlite:///{path}") if in_sqlite else MemoryStore
            with report.trial(f"{'sqlite' if in_sqlite else 'memory'} seed {life}"):
                simulation = live(life, open_store)
                count(report, simulation)
                simulation.durable_store.close()
            for file in Path(folder).iterdir():
                file.unlink()
    return report


__all__ = ["FaultySimulation", "live", "run"]
