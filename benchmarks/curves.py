"""What an order costs where many are kept: curves to a million on disk and 200,000 in memory, as a picture and as JSON.

Run by `make curves`; it takes a quarter of an hour. Costs are the time of the processor, which other work on the
machine and the speed of its disk disturb little. Files of many orders are filled by the statements that the store sends
for one order, with other names and ids, since only what is recorded at the end of each size is measured. Their feed,
events, executions, costs and identifiers are all there; their hashes are those of one order, so that they cannot be
verified.
"""

import argparse
import gc
import resource
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import matplotlib as mpl
from bench import T0, fill_order, memory_store, register
from figures import Figure, write_figures
from rich.progress import Progress
from stores import NAME, PRAGMAS, Statement, commit_order, writes_of

from sot import OrderHistory, Store
from sot.adapters.memory import MemoryStore
from sot.adapters.sqlalchemy import SqlAlchemyStore

mpl.use("svg")
from matplotlib import pyplot as plt

IN_MEMORY = (1_000, 3_000, 10_000, 30_000, 100_000, 200_000)
ON_DISK = (1_000, 10_000, 100_000, 1_000_000)
PARTS, MEASURED = 5, 100
"""How many orders are recorded, and read, at each size on disk: some parts, of which the median counts."""
AT_ONCE = 1_000
PICTURE = Path("docs/pictures/curves.svg")

Curve = dict[int, float]
"""Microseconds for an order, by the number of orders that are kept."""


def microseconds(number: int, act: Callable[[], None]) -> float:
    """The processor's time for one of some orders."""
    gc.collect()
    started = time.process_time()
    act()
    return (time.process_time() - started) / number * 1e6


def memory_used() -> int:
    """The bytes that the process has now."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * resource.getpagesize()


# ------------------------------------------------------------------------------------------------------------ memory


def record(store: Store, first: int, number: int) -> None:
    """Record filled orders, a hundred in each unit of work."""
    for begin in range(first, first + number, 100):
        with store.begin() as uow:
            history = OrderHistory(uow)
            for name in range(begin, min(begin + 100, first + number)):
                fill_order(history, f"o{name}", T0 + timedelta(milliseconds=name))
            uow.commit()


def in_memory(store: MemoryStore, sizes: Sequence[int], advance: Callable[[int], None]) -> tuple[Curve, float]:
    """Record up to each size; returns the cost of an order since half of it, and the bytes of an order at the end.

    Half of the orders, since the garbage collector looks at all that is kept each time that a quarter has come.
    """
    before, kept, curve = memory_used(), 0, Curve()
    for size in sizes:
        half = size // 2
        record(store, kept, half - kept)
        curve[size] = microseconds(size - half, partial(record, store, half, size - half))
        advance(size - kept)
        kept = size
    return curve, (memory_used() - before) / kept


# -------------------------------------------------------------------------------------------------------------- disk


class Filler:
    """Adds orders to a file, by the statements of one."""

    def __init__(self, path: Path, template: Sequence[Statement]) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        for pragma in (*PRAGMAS, "cache_size = -200000"):
            self._connection.execute(f"PRAGMA {pragma}")
        inserts = [sent for sent in template if sent.text.startswith("INSERT") and " positions " not in sent.text]
        ids = sorted({value for sent in inserts for row in sent.rows for value in row if _is_id(value)})
        marks = {old: f"{old[:-12]}{{0:08x}}{place:04x}" for place, old in enumerate(ids)} | {NAME: "r{0}."}
        self._inserts = [
            (sent.text, [[_pattern(value, marks) for value in row] for row in sent.rows]) for sent in inserts
        ]

    def fill(self, first: int, number: int) -> None:
        """Add orders with these numbers, in one transaction."""
        self._connection.execute("BEGIN IMMEDIATE")
        for text, rows in self._inserts:
            self._connection.executemany(text, _made(rows, range(first, first + number)))
        self._connection.execute("COMMIT")

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


def _is_id(value: object) -> bool:
    return isinstance(value, str) and len(value) == 36 and value.count("-") == 4


def _pattern(value: Any, marks: dict[str, str]) -> Any:
    """A function of the number of an order that gives the value of its row; or the value, if all have the same."""
    if not isinstance(value, str) or not any(old in value for old in marks):
        return value
    escaped = value.replace("{", "{{").replace("}", "}}")
    for old, mark in marks.items():
        escaped = escaped.replace(old, mark)
    return escaped.format


def _made(rows: Sequence[Sequence[Any]], numbers: range) -> Iterator[tuple[Any, ...]]:
    for number in numbers:
        for row in rows:
            yield tuple([value(number) if callable(value) else value for value in row])


def on_disk(folder: Path, sizes: Sequence[int], advance: Callable[[int], None]) -> dict[str, Curve]:
    """Fill a file up to each size, and measure there."""
    (template,) = writes_of(f"sqlite:///{folder}/template.db", commit_order)
    path, kept = folder / "many.db", 0
    store = SqlAlchemyStore.open(f"sqlite:///{path}")
    register(store)
    commit_order(store, "first", 0)
    filler = Filler(path, template)
    curves: dict[str, Curve] = {
        name: Curve() for name in ("record, a commit for each", "one order, read", "list, of 100")
    }
    for size in sizes:
        for first in range(kept, size, AT_ONCE):
            filler.fill(first, min(AT_ONCE, size - first))
            advance(AT_ONCE)
        kept = size
        for name, cost in zip(curves, measured(store, size), strict=True):
            curves[name][size] = cost
    filler.close()
    store.close()
    return curves


def measured(store: SqlAlchemyStore, size: int) -> Sequence[float]:
    """The cost of recording, of reading one, and of each order of the list."""

    starts = range(size, size + PARTS * MEASURED, MEASURED)
    recorded = [microseconds(MEASURED, partial(_record_each, store, first)) for first in starts]
    with store.begin(read_only=True) as uow:
        history = OrderHistory(uow)
        ids = [order.order_id for order in history.orders(limit=MEASURED).items]
    read = []
    for _ in range(PARTS):
        with store.begin(read_only=True) as uow:
            read.append(microseconds(len(ids), partial(_read_each, OrderHistory(uow), ids)))
    pages = [microseconds(100, partial(_read_page, store)) for _ in range(4 * PARTS)]
    return statistics.median(recorded), statistics.median(read), statistics.median(pages)


def _record_each(store: SqlAlchemyStore, first: int) -> None:
    for number in range(first, first + MEASURED):
        commit_order(store, f"after{number}", number)


def _read_each(history: OrderHistory, ids: Sequence[str]) -> None:
    for order_id in ids:
        history.order(order_id)


def _read_page(store: SqlAlchemyStore) -> None:
    with store.begin(read_only=True) as uow:
        assert len(OrderHistory(uow).orders(limit=100, newest_first=True).items) == 100


# ----------------------------------------------------------------------------------------------------------- picture


def draw(curves: dict[str, Curve], path: Path) -> None:
    """Draw all curves as an SVG."""
    mpl.rcParams["svg.hashsalt"] = "curves"
    figure, axes = plt.subplots(figsize=(8, 4.5))
    for name, curve in curves.items():
        axes.plot(list(curve), list(curve.values()), marker="o", label=name)
    axes.set(
        xscale="log", yscale="log", xlabel="orders that are kept", ylabel="microseconds of the processor, an order"
    )
    axes.grid(visible=True, which="both", alpha=0.25)
    axes.legend(fontsize="small")
    figure.savefig(path, format="svg", metadata={"Date": None}, bbox_inches="tight")


def main() -> None:
    """Measure, draw, and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--most", type=int, default=ON_DISK[-1], help="no size above this one")
    parser.add_argument("--picture", type=Path, default=PICTURE)
    parser.add_argument("--json", type=Path, default=Path("build/curves.json"))
    options = parser.parse_args()
    sizes = [size for size in IN_MEMORY if size <= options.most], [size for size in ON_DISK if size <= options.most]
    curves: dict[str, Curve] = {}
    with tempfile.TemporaryDirectory() as name, Progress() as progress:
        task = progress.add_task("orders", total=2 * sizes[0][-1] + sizes[1][-1])
        record(memory_store(), 0, 100)  # what is done once, such as compiling checks, is no cost of an order
        plain, bytes_of_order = in_memory(memory_store(), sizes[0], lambda more: progress.advance(task, more))
        frozen, _ = in_memory(_frozen_store(), sizes[0], lambda more: progress.advance(task, more))
        curves["memory: record"], curves["memory: record, frozen every 100 commits"] = plain, frozen
        disk = on_disk(Path(name), sizes[1], lambda more: progress.advance(task, more))
        curves.update({f"SQLite: {name}": curve for name, curve in disk.items()})
    draw(curves, options.picture)
    figures = [
        Figure(name=f"{name}, {size:,} orders", unit="us an order", values=[cost])
        for name, curve in curves.items()
        for size, cost in curve.items()
    ]
    figures.append(Figure(name="memory of an order", unit="bytes", values=[bytes_of_order]))
    write_figures(options.json, "what an order costs where many are kept", figures)
    for figure in figures:
        print(f"{figure.name:60} {figure.median:12,.1f} {figure.unit}")


def _frozen_store() -> MemoryStore:
    store = MemoryStore(freeze_every=100)
    register(store)
    return store


if __name__ == "__main__":
    main()
