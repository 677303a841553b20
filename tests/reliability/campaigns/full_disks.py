"""A disk is full, or fails, at every write.

With `PRAGMA max_page_count` the database itself is full. With strace the operating system refuses a write, a truncation
or an fsync, once or from then on, or the process is killed in it. What was acknowledged is there, no use case is there
by half, and the process sees errors of `sot` alone.
"""

import json
import random
import shutil
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from sqlalchemy import create_engine, event

from sot import SotError
from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.audit import verify
from sot.testing.contract.samples import spot_instrument
from sot.testing.contract.transactions import write_history
from tests.reliability.campaigns.report import CampaignReport
from tests.reliability.campaigns.server_death import Writers, check, write_order

ROOT = Path(__file__).parents[3]
ORDERS = 6
CALLS = ("pwrite64", "fdatasync", "ftruncate", "openat")
FAULTS = ("error=ENOSPC", "error=EIO", "signal=KILL")
WRITER = """
import json, sys
from sot import OrderHistory, SotError
from sot.adapters.sqlalchemy import SqlAlchemyStore
from tests.reliability.campaigns.server_death import write_order
try:
    store = SqlAlchemyStore.open(sys.argv[1], create=False)
    for number in range(int(sys.argv[2])):
        try:
            store.run(lambda uow: write_order(OrderHistory(uow), f"C{number}"))
            print(json.dumps({"acknowledged": f"C{number}"}), flush=True)
        except SotError as error:
            print(json.dumps({"error": type(error).__name__}), flush=True)
    store.close()
except SotError as error:
    print(json.dumps({"error": type(error).__name__}), flush=True)
except BaseException as error:
    print(json.dumps({"strange": f"{type(error).__name__}: {error}"}), flush=True)
"""


def make(folder: Path) -> str:
    """Make a store with an instrument; return its URL."""
    url = f"sqlite:///{folder}/orders.db"
    store = SqlAlchemyStore.open(url)
    write_history(store, lambda h: h.register(spot_instrument()))
    store.close()
    return url


def fill_the_database(folder: Path, report: CampaignReport, chance: random.Random) -> None:
    """Write until the database may not grow any more, then make room and go on."""
    url = make(folder)
    engine = create_engine(url)
    with engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
    engine.dispose()  # the limit is one of a connection
    room = [pages + chance.randrange(0, 30)]
    event.listen(engine, "connect", lambda driver, record: driver.execute(f"PRAGMA max_page_count = {room[0]}"))
    store = SqlAlchemyStore(engine)
    writers, full = Writers(store), 0
    with report.trial(f"room for {room[0] - pages} pages"):
        for number in range(1, 40):
            try:
                write_history(store, lambda h, number=number: write_order(h, f"C{number}"))
                writers.acknowledged.add(f"C{number}")
            except SotError:
                full += 1
        check(url, writers)
        assert full, "it never was full"
        engine.dispose()
        room[0] = 1_000_000
        write_history(store, lambda h: write_order(h, "with room"))
        assert verify(store).problems == []
    report.counts["faults"] += full
    store.close()


def can_trace() -> bool:
    """Whether strace is there and may trace a process."""
    if shutil.which("strace") is None:
        return False
    return subprocess.run(["strace", "-o", "/dev/null", "true"], check=False, capture_output=True).returncode == 0


def refuse_a_call(folder: Path, report: CampaignReport, chance: random.Random) -> None:
    """Let the operating system refuse the n-th call of a kind on the database's files, and maybe all later ones."""
    url = make(folder)
    path = folder / "orders.db"
    call, fault = chance.choice(CALLS), chance.choice(FAULTS)
    number = chance.randrange(1, 40 if call == "pwrite64" else 12)
    when = f"{number}+" if chance.random() < 0.4 and fault != "signal=KILL" else str(number)
    files = [option for suffix in ("", "-wal", "-shm") for option in ("-P", f"{path}{suffix}")]
    injected = ("-e", f"trace={call}", "-e", f"inject={call}:{fault}:when={when}")
    tracing = ["strace", "-f", "-qq", "-o", "/dev/null", *files, *injected]
    done = subprocess.run(
        [*tracing, sys.executable, "-c", WRITER, url, str(ORDERS)],
        check=False, capture_output=True, text=True, cwd=ROOT, timeout=120,
    )  # fmt: skip
    said = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    with report.trial(f"{call}:{fault}:when={when}"):
        assert said or done.returncode != 0, done.stderr[-300:]
        strange = [each["strange"] for each in said if "strange" in each]
        assert not strange, strange[0]
        report.counts["kills"] += done.returncode < 0 or done.returncode > 128
        report.counts["errors"] += sum("error" in each for each in said)
        with closing(SqlAlchemyStore.open(url, create=False)) as store:
            writers = Writers(store)
            writers.acknowledged = {each["acknowledged"] for each in said if "acknowledged" in each}
            check(url, writers)
            write_history(store, lambda h: write_order(h, "afterwards"))
            problems = verify(store).problems
            assert problems == [], problems[0]


def read_only_directory(folder: Path, report: CampaignReport) -> None:
    """Open the database for reading alone: it is read, and a write is an error of `sot`."""
    url = make(folder)
    read_only = f"sqlite:///file:{folder}/orders.db?mode=ro&uri=true"
    with report.trial("mode=ro"), closing(SqlAlchemyStore.open(read_only)) as store:
        assert verify(store).problems == []
        try:
            write_history(store, lambda h: write_order(h, "C1"))
        except SotError:
            return
        raise AssertionError(f"{url} was written to")


def run(seconds: float, seed: int) -> CampaignReport:
    """Fill disks for some time."""
    report = CampaignReport("full_disks", seed)
    traces = can_trace()
    if not traces:
        report.skipped.append("strace is missing, or may not trace: no write was refused by the operating system")
    for number, chance in report.rounds(seconds):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            if number % 10 == 1:
                read_only_directory(folder, report)
            elif number % 4 == 0 or not traces:
                fill_the_database(folder, report, chance)
            else:
                refuse_a_call(folder, report, chance)
    return report
