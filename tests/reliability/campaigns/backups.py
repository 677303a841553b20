"""A database is backed up while it is written to, and restored.

The copy holds what was acknowledged before, whole transactions only, and everything that a checkpoint seals that was
exported before; verification finds nothing, and writing goes on in it.
"""

import random
import shutil
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import attrs
from sqlalchemy import make_url

from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.audit import Checkpoint, seal, verify
from sot.testing.contract.samples import spot_instrument
from sot.testing.contract.transactions import write_history
from tests.reliability.campaigns.report import CampaignReport
from tests.reliability.campaigns.server_death import Writers, check, write_order
from tests.support.postgres import Server, server


def copy_by_backup(path: Path, target: Path, chance: random.Random) -> None:
    """Copy with SQLite's backup function, all at once or in steps between which others write."""
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy, pages=chance.choice((-1, 50)), sleep=0.001)


def copy_by_vacuum(path: Path, target: Path, chance: random.Random) -> None:
    """Copy with VACUUM INTO."""
    with closing(sqlite3.connect(path)) as source:
        source.execute("VACUUM INTO ?", [str(target)])


def copy_files(path: Path, target: Path, chance: random.Random) -> None:
    """Copy the file without SQLite, as one must not."""
    shutil.copy(path, target)


def copy_sqlite(copy: Callable[[Path, Path, random.Random], None]) -> Callable[[str, Path, random.Random], str]:
    """A function that copies a database of SQLite; it returns the URL of the copy."""

    def make(url: str, folder: Path, chance: random.Random) -> str:
        target = folder / f"{chance.getrandbits(64):x}.db"
        copy(Path(str(make_url(url).database)), target, chance)
        return f"sqlite:///{target}"

    return make


def dump_and_restore(url: str, folder: Path, chance: random.Random) -> str:
    """Copy a database of PostgreSQL with pg_dump and pg_restore; return the URL of the copy."""
    running, target, file = server(), server().fresh(), folder / f"{chance.getrandbits(64):x}.dump"
    addresses = [address.replace("postgresql+psycopg://", "postgresql://") for address in (url, target)]
    _call(running, "pg_dump", "--format=custom", f"--file={file}", addresses[0])
    _call(running, "pg_restore", "--exit-on-error", "--single-transaction", f"--dbname={addresses[1]}", str(file))
    return target


def _call(running: Server, program: str, *arguments: str) -> None:
    done = subprocess.run([running.tool(program), *arguments], check=False, capture_output=True, text=True)
    assert done.returncode == 0, f"{program}: {done.stderr[:500]}"


WAYS = {
    "backup": copy_sqlite(copy_by_backup),
    "VACUUM INTO": copy_sqlite(copy_by_vacuum),
    "pg_dump": dump_and_restore,
}


@attrs.define
class _Taken:
    """What was known when a backup began, and where it is."""

    acknowledged: set[str]
    checkpoints: list[Checkpoint]
    url: str = ""


def back_up_while_writing(
    way: Callable[[str, Path, random.Random], str], url: str, report: CampaignReport, chance: random.Random, count: int
) -> None:
    """Take some backups of a database while it is written to, and check them."""
    store = SqlAlchemyStore.open(url)
    write_history(store, lambda h: h.register(spot_instrument()))
    writers, taken, checkpoints = Writers(store), [], []

    def take() -> None:
        for _ in range(count):
            wanted, latest = len(writers.acknowledged) + chance.randrange(1, 20), time.monotonic() + 10
            while len(writers.acknowledged) < wanted and time.monotonic() < latest:
                time.sleep(0.002)
            checkpoint = store.run(seal)
            checkpoints.extend([] if checkpoint is None else [checkpoint])
            taken.append(_Taken(set(writers.acknowledged), list(checkpoints)))
            taken[-1].url = way(url, folder, chance)

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with report.trial("writing goes on during a backup"):
            writers.write_during(take)
            check(url, writers)
        store.close()
        for backup in taken:
            with report.trial(f"the backup {backup.url}"):
                check_backup(backup.url, backup.acknowledged, backup.checkpoints)
                report.counts["backups"] += 1
    report.counts["acknowledged"] += len(writers.acknowledged)


def check_backup(url: str, acknowledged: set[str], checkpoints: list[Checkpoint]) -> None:
    """Check a copy, and write to it."""
    store = SqlAlchemyStore.open(url, create=False)
    try:
        writers = Writers(store)
        writers.acknowledged = acknowledged
        check(url, writers)
        write_history(store, lambda h: write_order(h, "after the restore"))
        verification = verify(store, checkpoints)
        assert verification.passed, verification.problems[0]
    finally:
        store.close()


def run(seconds: float, seed: int) -> CampaignReport:
    """Take backups for some time, in each way in turn."""
    report = CampaignReport("backups", seed)
    ways = list(WAYS.items())
    for number, chance in report.rounds(seconds):
        name, way = ways[number % len(ways)]
        with tempfile.TemporaryDirectory() as folder:
            url = server().fresh() if name == "pg_dump" else f"sqlite:///{folder}/orders.db"
            back_up_while_writing(way, url, report, chance, 4)
    return report
