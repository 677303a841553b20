"""Bytes of a database and its write-ahead log are flipped, zeroed, overwritten and cut off.

Damage of the log leaves whole transactions, those before it: the history up to some moment. Any other damage ends in an
error of `sot`, or is found by `verify` against an exported checkpoint, or changed nothing that a history says.
"""

import random
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import attrs

from sot import OrderHistory, SotError
from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.audit import Checkpoint, seal, verify
from sot.testing.contract.samples import spot_instrument
from sot.testing.contract.transactions import write_history
from tests.reliability.campaigns.report import CampaignReport
from tests.reliability.campaigns.server_death import write_order
from tests.support.contents import Contents, contents

ORDERS = 8
HEADER, PAGE = 32, 4096


def flip(data: bytearray, chance: random.Random) -> None:
    """Flip some bits."""
    for _ in range(chance.choice((1, 1, 2, 20))):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def zero(data: bytearray, chance: random.Random) -> None:
    """Zero a part, as blocks that were never written."""
    start = chance.randrange(len(data))
    end = min(start + chance.choice((16, 512, PAGE)), len(data))
    data[start:end] = bytes(end - start)


def overwrite(data: bytearray, chance: random.Random) -> None:
    """Overwrite a part with garbage."""
    start = chance.randrange(len(data))
    end = min(start + chance.choice((16, 512)), len(data))
    data[start:end] = chance.randbytes(end - start)


def cut(data: bytearray, chance: random.Random) -> None:
    """Cut the end off."""
    del data[chance.randrange(len(data)) :]


HARMS: tuple[Callable[[bytearray, random.Random], None], ...] = (flip, flip, zero, overwrite, cut)


@attrs.frozen
class Recorded:
    """A database with a write-ahead log, as a process left it that was killed.

    Attributes:
        file: The bytes of the database.
        log: The bytes of its log, which has all that was written after the first checkpoint of SQLite.
        prefixes: What the database held after each transaction.
        checkpoint: A checkpoint over the facts that are in the file itself.
    """

    file: bytes
    log: bytes
    prefixes: list[Contents]
    checkpoint: Checkpoint


def record(folder: Path) -> Recorded:
    """Make the database."""
    path = folder / "recorded.db"
    url = f"sqlite:///{path}"
    store = SqlAlchemyStore.open(url)
    write_history(store, lambda h: h.register(spot_instrument()))
    for number in range(ORDERS):
        write_history(store, lambda h, number=number: write_order(h, f"F{number}"))
    checkpoint = store.run(seal)
    store.close()
    holder = sqlite3.connect(path)  # while it is open, nobody empties the log
    holder.execute("SELECT count(*) FROM orders").fetchone()
    prefixes = [contents(url)]
    store = SqlAlchemyStore.open(url)
    for number in range(ORDERS):
        write_history(store, lambda h, number=number: write_order(h, f"L{number}"))
        prefixes.append(contents(url))
    recorded = Recorded(path.read_bytes(), Path(f"{path}-wal").read_bytes(), prefixes, checkpoint)
    store.close()
    holder.close()
    return recorded


def place(recorded: Recorded, folder: Path, file: bytes | None = None, log: bytes | None = None) -> str:
    """Write the files, damaged or not; return the URL."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / "a.db").write_bytes(recorded.file if file is None else file)
    (folder / "a.db-wal").write_bytes(recorded.log if log is None else log)
    return f"sqlite:///{folder}/a.db"


def damage_log(recorded: Recorded, folder: Path, report: CampaignReport, chance: random.Random) -> None:
    """Damage the log: what is left are whole transactions, the first ones."""
    log, harm = bytearray(recorded.log), chance.choice(HARMS)
    harm(log, chance)
    url = place(recorded, folder, log=bytes(log))
    with report.trial(f"log, {harm.__name__}"):
        try:
            with closing(SqlAlchemyStore.open(url)) as store:
                assert contents(url) in recorded.prefixes, "it is no prefix of what was written"
                problems = verify(store, [recorded.checkpoint]).problems
                assert problems == [], problems[0]
        except SotError:
            report.counts["errors"] += 1
        else:
            report.counts["prefixes"] += 1


def damage_file(recorded: Recorded, folder: Path, report: CampaignReport, chance: random.Random) -> None:
    """Damage the database: an error, a finding, or the history is what it was."""
    file, harm = bytearray(recorded.file), chance.choice(HARMS)
    harm(file, chance)
    url = place(recorded, folder, file=bytes(file))
    with report.trial(f"file, {harm.__name__}"):
        try:
            with closing(SqlAlchemyStore.open(url)) as store:
                if verify(store, [recorded.checkpoint]).problems:
                    report.counts["findings"] += 1
                    return
                assert contents(url) == recorded.prefixes[-1], "it changed unnoticed"
                with store.begin() as uow:
                    write_order(OrderHistory(uow), "after")
            report.counts["nothing changed"] += 1
        except SotError:
            report.counts["errors"] += 1


def damage(recorded: Recorded, folder: Path, report: CampaignReport, chance: random.Random) -> None:
    """Damage one of the files."""
    chance.choice((damage_log, damage_file, damage_file))(recorded, folder, report, chance)


def run(seconds: float, seed: int) -> CampaignReport:
    """Damage files for some time."""
    report = CampaignReport("damaged_files", seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        recorded = record(folder)
        for _, chance in report.rounds(seconds):
            damage(recorded, folder / "damaged", report, chance)
    return report
