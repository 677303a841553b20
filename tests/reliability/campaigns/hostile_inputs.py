"""Inputs below 100 kB from outside are changed, swollen and nested: lines, logs, archives, bodies, queries, statements.

Each ends in a result or an error of `sot`, in less than half a second of processor time and a millisecond for each fact
in it, and what is refused leaves nothing behind.
"""

import json
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

from starlette.testclient import TestClient

from sot import SotError
from sot.adapters.http import Settings, create_app
from sot.adapters.memory import MemoryStore
from sot.audit import archive, seal, verify_archive
from sot.domain.values.numbers import exact
from sot.entrypoints.fix_stream import FixOptions, fix_format
from sot.entrypoints.json_lines import read_line
from sot.entrypoints.readers import open_reader
from sot.entrypoints.record_stream import JSON_LINES, Format
from sot.importing import import_history
from sot.ports.readers import ReaderOptions
from tests.reliability.campaigns.report import CampaignReport
from tests.support.record_lines import every_key

MOST_BYTES = 99_000
MOST_SECONDS, MOST_SECONDS_OF_A_FACT = 0.5, 0.001
MOST_OF_A_QUERY = 8_000
ROUND = 1_000
"""How many inputs one store gets."""
ROOT = Path(__file__).parents[3]
STATEMENTS = ROOT / "tests" / "data" / "imports"
"""Statements of brokers and exchanges, each named as its format."""
SAMPLES = ROOT / "src" / "sot" / "entrypoints" / "data" / "samples"
PATHS = (
    "/sot/orders",
    "/sot/events",
    "/sot/pnl",
    "/sot/positions",
    "/sot/balances",
    "/orders",
    "/results",
    "/positions",
)
NAMES = (
    "account_id",
    "symbol",
    "as_of",
    "status",
    "page_token",
    "page_size",
    "after",
    "id",
    "mark",
    "rate",
    "since",
    "x",
)
BODIES = ("/sot/order-requests", "/sot/reports", "/sot/account-events", "/sot/instruments")
HOSTILE: Sequence[bytes] = (
    b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"\\ud800", b"\\u0000", b"'; DROP TABLE orders; --", b"<b>",
    b"\xe2\x80\xae", b"1e999999999", b"-0", b"NaN", b"Infinity", b"9" * 5_000, b"0." + b"0" * 5_000 + b"1", b"1_000",
    b"\xd9\xa1", b"[" * 2_000, b'{"a":' * 2_000, b'"', b"\\", b"\x01", b"\x018=FIX.4.4\x01", b"10=000\x01", b",", b"\n",
    b"\r\n", b";", b"true", b"null", b"2026-13-41T99:99:99Z", b"0001-01-01T00:00:00+23:59", b"{}", b"[]",
)  # fmt: skip


# ------------------------------------------------------------------------------------------------- changing inputs


def _flip(data: bytes, chance: random.Random) -> bytes:
    """Change some bytes."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 3, 30))):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _cut(data: bytes, chance: random.Random) -> bytes:
    """Cut a part out."""
    first, last = sorted(chance.randrange(len(data) + 1) for _ in range(2))
    return data[:first] + data[last:]


def _insert(data: bytes, chance: random.Random) -> bytes:
    """Insert a hostile text."""
    place = chance.randrange(len(data) + 1)
    return data[:place] + chance.choice(HOSTILE) + data[place:]


def _swell(data: bytes, chance: random.Random) -> bytes:
    """Repeat a part until the input is as large as it may be."""
    first = chance.randrange(len(data))
    part = data[first : first + chance.choice((1, 2, 7, 60, 500))]
    return data[:first] + part * ((MOST_BYTES - len(data)) // len(part)) + data[first:]


def _replace_value(data: bytes, chance: random.Random) -> bytes:
    """Replace a value between quotes, separators or breaks."""
    marks = [place for place, byte in enumerate(data) if byte in b'",:=\x01\n']
    if len(marks) < 2:
        return _insert(data, chance)
    place = chance.randrange(len(marks) - 1)
    return data[: marks[place] + 1] + chance.choice(HOSTILE) + data[marks[place + 1] :]


CHANGES: Sequence[Callable[[bytes, random.Random], bytes]] = (
    _flip,
    _cut,
    _insert,
    _swell,
    _replace_value,
    _replace_value,
)


def changed(data: bytes, chance: random.Random) -> bytes:
    """Change an input once or several times."""
    for _ in range(chance.choice((1, 1, 2, 4))):
        data = chance.choice(CHANGES)(data or b" ", chance)[:MOST_BYTES]
    return data


# ------------------------------------------------------------------------------------------------------- the entries


class Entries:
    """The ways in, each with valid inputs, on one store in memory."""

    def __init__(self, folder: Path) -> None:
        self.store = MemoryStore()
        self._folder = folder
        self._statements = sorted(STATEMENTS.iterdir())
        self._lines = [json.dumps(line).encode() for line in every_key()]
        for _, content in JSON_LINES.entries(self._lines):
            self.record(JSON_LINES, content)
        self.store.run(seal)
        with self.store.begin(read_only=True) as uow:
            self._archive = "\n".join(archive(uow)).encode()
        self._log = (SAMPLES / "drop-copy.log").read_bytes()
        self._client = TestClient(
            create_app(self.store, settings=Settings(), page=True), "http://localhost", raise_server_exceptions=False
        )

    @cached_property
    def ways(self) -> Sequence[tuple[str, Callable[[random.Random], bytes], Callable[[bytes], int | None]]]:
        """Each way in: its name, what makes a valid input, and what takes one and may return how many facts it has."""
        return (
            ("lines", lambda chance: chance.choice(self._lines), self._take_line),
            ("FIX logs", lambda chance: self._log, self._take_log),
            ("archives", lambda chance: self._archive, self._take_archive),
            ("bodies", lambda chance: json.dumps(_content(chance.choice(self._lines))).encode(), self._take_body),
            ("queries", lambda chance: chance.choice(HOSTILE), self._take_query),
            ("numbers", lambda chance: b"-12345.678900", self._take_number),
            ("statements", self._choose_statement, self._take_statement),
        )

    def record(self, format: Format, content: object) -> None:
        """Record an entry in a transaction of its own; one that is refused must leave nothing behind."""
        before = self.store.horizon()
        try:
            with self.store.begin() as uow:
                format.record(uow, content)
                uow.commit()
        except SotError:
            assert self.store.horizon() == before, "what was refused left something behind"
            raise

    def _take_line(self, data: bytes) -> None:
        for _, content in JSON_LINES.entries(data.splitlines()[:20]):
            if isinstance(content, SotError):
                raise content
            self.record(JSON_LINES, content)

    def _take_log(self, data: bytes) -> None:
        format = fix_format(FixOptions(venue="FIXVENUE", account_id="main"))
        for _, content in format.entries(data.splitlines(keepends=True)):
            if not isinstance(content, SotError):
                with suppress(SotError):
                    self.record(format, content)

    def _take_archive(self, data: bytes) -> None:
        verify_archive(read_line(line) for line in data.splitlines())

    def _take_body(self, data: bytes) -> None:
        path = random.Random(data).choice(BODIES)
        answer = self._client.post(path, content=data, headers={"Content-Type": "application/json"})
        assert answer.status_code < 500, f"{path} answered {answer.status_code}"

    def _take_query(self, data: bytes) -> None:
        chance = random.Random(data)
        address = f"{chance.choice(PATHS)}?{chance.choice(NAMES)}={quote(data[:MOST_OF_A_QUERY])}"
        answer = self._client.get(address)
        assert answer.status_code < 500, f"{address} answered {answer.status_code}"

    def _take_number(self, data: bytes) -> None:
        exact("number", data.decode("utf-8", "replace"))

    def _choose_statement(self, chance: random.Random) -> bytes:
        self._statement = chance.choice(self._statements)
        return self._statement.read_bytes()

    def _take_statement(self, data: bytes) -> int:
        copy = self._folder / self._statement.name
        copy.write_bytes(data)
        items = list(open_reader(self._statement.stem).read(str(copy), ReaderOptions(account_id="imported")))
        import_history(self.store, items, dry_run=True)
        return len(items)


def _content(line: bytes) -> object:
    (content,) = list(json.loads(line).values())[:1]
    return content


# ------------------------------------------------------------------------------------------------------ the campaign


def send(
    entries: Entries, report: CampaignReport, chance: random.Random, seconds_allowed: float = MOST_SECONDS
) -> None:
    """Send one changed input on one way."""
    name, make, take = chance.choice(entries.ways)
    data = changed(make(chance), chance)
    report.counts[f"inputs: {name}"] += 1
    with report.trial(f"{name}: {data[:200]!r} of {len(data)} bytes"):
        started = time.process_time()
        facts = 0
        try:
            facts = take(data) or 0
        except SotError:
            report.counts["refused"] += 1
        seconds = time.process_time() - started
        report.counts["slowest in ms"] = max(report.counts["slowest in ms"], round(seconds * 1000))
        assert seconds < seconds_allowed + facts * MOST_SECONDS_OF_A_FACT, f"it took {seconds:.2f} s"


def run(seconds: float, seed: int) -> CampaignReport:
    """Send changed inputs until the time is over."""
    report = CampaignReport("hostile_inputs", seed)
    end = time.monotonic() + seconds
    with tempfile.TemporaryDirectory(prefix="sot-hostile-") as folder:
        for _, chance in report.rounds(seconds):
            entries = Entries(Path(folder))
            for _ in range(ROUND):
                send(entries, report, chance)
                if report.is_over or time.monotonic() > end:
                    break
    return report
