"""What recording orders costs beside other libraries that keep orders, in the same run, in turns.

Run by `make bench-peers`, in an environment of its own. Each measurement is a process of its own, with the garbage
collector on; everything is built inside the clock and kept. In memory CPU time counts, on disk time by the clock. The
load is the filled order of `bench.py`: request, sent, NEW, two TRADEs with fees. No two libraries do the same with it:
the modules in `peer_programs` say what each leaves out.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Protocol

import attrs
from bench import T0, fill_order, register, reports_of, request_of
from figures import Figure, in_turns, print_figures, write_figures

ROUNDS = 5
KEPT, STORED = 5_000, 500
FEW, MANY = 10_000, 100_000
"""Orders that are kept in memory, orders that are stored on disk, and those between which growth is measured."""


class Program(Protocol):
    """Something that records filled orders."""

    def fill_order(self, number: int) -> None:
        """Record a filled order."""

    def check(self, count: int) -> None:
        """Check that all of them were kept."""


class SotOrders:
    """`sot` itself.

    Args:
        path: A file for SQLite; None for memory.
        round_trips: Whether every second order sells what the one before bought.
        commits_reports: Whether each report has a transaction of its own, and not each order.
    """

    def __init__(self, path: Path | None, round_trips: bool = False, commits_reports: bool = False) -> None:
        from sot.adapters.memory import MemoryStore
        from sot.adapters.sqlalchemy import SqlAlchemyStore

        self._store = MemoryStore() if path is None else SqlAlchemyStore.open(f"sqlite:///{path}")
        self._round_trips, self._commits_reports = round_trips, commits_reports
        register(self._store)

    def fill_order(self, number: int) -> None:
        """Record a filled order."""
        from sot import OrderHistory, Side

        side = Side.SELL if self._round_trips and number % 2 else Side.BUY
        name, at = str(number), T0 + timedelta(milliseconds=number)
        if not self._commits_reports:
            with self._store.begin() as uow:
                fill_order(OrderHistory(uow), name, at, side)
                uow.commit()
            return
        with self._store.begin() as uow:
            history = OrderHistory(uow)
            request = history.submit(request_of(name, side))
            history.mark_sent(request.request_id, occurred_at=T0)
            uow.commit()
        for report in reports_of(name, at):
            with self._store.begin() as uow:
                OrderHistory(uow).record(report)
                uow.commit()

    def check(self, count: int) -> None:
        """Check the position that all orders make."""
        from sot import OrderHistory

        with self._store.begin(read_only=True) as uow:
            position = OrderHistory(uow).position("account", "VENUE", "BTC/USDT")
        assert position.quantity == (2 * (count % 2) if self._round_trips else 2 * count)


def _nautilus(path: Path | None, round_trips: bool = False) -> Program:
    from peer_programs.nautilus import NautilusOrders

    return NautilusOrders(round_trips)


def _event_sourced(path: Path | None, saves_reports: bool = False) -> Program:
    from peer_programs.event_sourced import SourcedOrders

    return SourcedOrders(path, saves_reports)


def _freqtrade(path: Path | None) -> Program:
    from peer_programs.freqtrade_models import FreqtradeOrders

    assert path is not None
    return FreqtradeOrders(path)


@attrs.frozen
class Entry:
    """A program, and what it is compared with.

    Attributes:
        name: Its name in the table.
        make: Makes it, with the path of a file or None.
        is_stored: Whether it writes to a file.
        beside: The entry that it is compared with.
        goal: The least ratio that is wanted.
    """

    name: str
    make: Callable[[Path | None], Program]
    is_stored: bool = False
    beside: str | None = None
    goal: float | None = None


SOT = "sot, growing position"
GROWING, ROUND_TRIPS, SOURCED = "Nautilus, growing", "Nautilus, round trips", "eventsourcing, in memory"
SOURCED_ORDER, SOURCED_REPORT = "eventsourcing, a commit per order", "eventsourcing, a commit per report"
ENTRIES = (
    Entry(GROWING, _nautilus),
    Entry(SOT, SotOrders, beside=GROWING, goal=1.0),
    Entry(ROUND_TRIPS, partial(_nautilus, round_trips=True)),
    Entry("sot, round trips", partial(SotOrders, round_trips=True), beside=ROUND_TRIPS, goal=0.75),
    Entry(SOURCED, _event_sourced),
    Entry("sot, in memory", SotOrders, beside=SOURCED),
    Entry(SOURCED_ORDER, _event_sourced, is_stored=True),
    Entry("sot, SQLite, a commit per order", SotOrders, True, SOURCED_ORDER, 0.5),
    Entry(SOURCED_REPORT, partial(_event_sourced, saves_reports=True), is_stored=True),
    Entry("sot, SQLite, a commit per report", partial(SotOrders, commits_reports=True), True, SOURCED_REPORT),
    Entry("freqtrade's models, three commits", _freqtrade, is_stored=True),
)
BY_NAME: Mapping[str, Entry] = {entry.name: entry for entry in ENTRIES}


@attrs.frozen(kw_only=True)
class Measurement:
    """What one process measured.

    Attributes:
        seconds: What the orders took.
        kilobytes: By how much the memory of the process grew.
    """

    seconds: float
    kilobytes: float


def measure_here(entry: Entry, first: int, count: int) -> Measurement:
    """Measure a program in this process: after `first` orders, `count` more."""
    with tempfile.TemporaryDirectory() as folder:
        program = entry.make(Path(folder) / "orders.db" if entry.is_stored else None)
        for number in range(first):
            program.fill_order(number)
        clock = time.perf_counter if entry.is_stored else time.process_time
        resident, started = _resident_kilobytes(), clock()
        for number in range(first, first + count):
            program.fill_order(number)
        seconds, grown = clock() - started, _resident_kilobytes() - resident
        program.check(first + count)
    return Measurement(seconds=seconds, kilobytes=grown)


def _resident_kilobytes() -> float:
    """The resident memory of this process."""
    for line in Path("/proc/self/status").read_text("utf-8").splitlines():
        if line.startswith("VmRSS:"):
            return float(line.split()[1])
    raise OSError("The memory of a process is read from /proc, which is not here.")


def measure(name: str, count: int, first: int = 2) -> Measurement:
    """Measure a program in a process of its own."""
    command = [sys.executable, __file__, "--only", name, "--first", str(first), "--count", str(count)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return Measurement(**json.loads(done.stdout.splitlines()[-1]))


def speeds(rounds: int) -> Sequence[Figure]:
    """Measure how many filled orders a second each program records."""

    def rate(entry: Entry) -> float:
        count = STORED if entry.is_stored else KEPT
        return count / measure(entry.name, count).seconds

    values = in_turns({entry.name: partial(rate, entry) for entry in ENTRIES}, rounds)
    return [
        Figure(name=entry.name, unit="orders/s", values=values[entry.name], beside=entry.beside, goal=entry.goal)
        for entry in ENTRIES
    ]


def growth(rounds: int) -> Sequence[Figure]:
    """Measure what an order costs after few and after many, and the memory that it takes."""

    def microseconds(first: int) -> float:
        return measure(SOT, FEW // 2, first).seconds / (FEW // 2) * 1e6

    def kilobytes(name: str) -> float:
        return measure(name, 2 * FEW, FEW // 10).kilobytes / (2 * FEW)

    few, many = f"sot, an order after {FEW:,}", f"sot, an order after {MANY:,}"
    ours, theirs = "sot, memory of an order", "Nautilus, memory of an order"
    measures = {few: partial(microseconds, FEW), many: partial(microseconds, MANY)}
    measures |= {theirs: partial(kilobytes, GROWING), ours: partial(kilobytes, SOT)}
    values = in_turns(measures, rounds)
    rows = ((few, "us", None), (many, "us", few), (theirs, "kB", None), (ours, "kB", theirs))
    return [Figure(name=name, unit=unit, values=values[name], beside=beside) for name, unit, beside in rows]


def main() -> None:
    """Measure everything, or one program in this process."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=BY_NAME, help="measure one program here, and print its figures as JSON")
    parser.add_argument("--first", type=int, default=2, help="orders that are recorded before the clock starts")
    parser.add_argument("--count", type=int, default=KEPT, help="orders that are recorded while it runs")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--json", type=Path, default=Path("build/bench-peers.json"), help="the file for the figures")
    options = parser.parse_args()
    if options.only:
        print(json.dumps(attrs.asdict(measure_here(BY_NAME[options.only], options.first, options.count))))
        return
    found = speeds(options.rounds)
    print_figures("filled orders", found)
    grown = growth(min(options.rounds, 2))
    print_figures("growth in memory", grown)
    write_figures(options.json, "filled orders beside other libraries", [*found, *grown])


if __name__ == "__main__":
    main()
