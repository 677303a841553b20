"""Recording a stream in batches, whatever its format.

A format splits the lines of a stream into entries (a JSON line, the report of a FIX message), each with the number of
the line where it begins, and records one entry. What cannot be read is an entry, too: its error.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TextIO

import attrs

from sot.application.accounting.positions import folding_together
from sot.application.support.retry import run_until_known
from sot.application.views.orders import invalid_view
from sot.domain.orders.report import VenueReport
from sot.domain.orders.request import OrderRequest
from sot.domain.values.errors import SotError
from sot.entrypoints import error_handling
from sot.entrypoints.json_lines import Command, LineResult, number_report, read_command, read_line
from sot.entrypoints.record_summary import UNREADABLE, RecordSummary
from sot.ports.store import Store, UnitOfWork

Entry = tuple[int, Any]
"""The number of a line, and what was read from there: the content of an entry, or a SotError."""


@attrs.frozen
class NotRecorded:
    """What the format read and cannot record, which is no error."""

    reason: str


class LineRefused(Exception):
    """A line cannot be read, or its fact is refused; nothing of its batch was recorded."""

    def __init__(self, line: int, error: SotError, kind: str) -> None:
        super().__init__(line, error, kind)
        self.line = line
        self.error = error
        self.kind = kind


def _nothing_skipped() -> str:
    return ""


@attrs.frozen
class Format:
    """A format of streams.

    Attributes:
        entries: Splits lines into entries.
        record: Records the content of an entry; raises a SotError if it is refused.
        kind: The kind of fact in an entry, in a word.
        facts: The reports and requests in an entry that can be read: what a batch looks up is read together.
        skipped: Describes what was skipped, after the stream was recorded.
    """

    entries: Callable[[Iterable[bytes]], Iterator[Entry]]
    record: Callable[[UnitOfWork, Any], LineResult | NotRecorded]
    kind: Callable[[Any], str]
    facts: Callable[[Any], Iterable[VenueReport | OrderRequest]]
    skipped: Callable[[], str] = _nothing_skipped


def _json_entries(lines: Iterable[bytes]) -> Iterator[Entry]:
    """Lines with their numbers, without blank lines and the byte order mark."""
    for number, line in enumerate(lines, 1):
        text = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
        if text.strip():
            yield number, text


@attrs.frozen
class _JsonLine:
    """A JSON line that was read.

    Attributes:
        kind: The kind of its fact.
        command: What it asks for; or why its fields cannot be read.
    """

    kind: str
    command: Command | SotError


def _read_json(text: bytes, number: int | None = None) -> _JsonLine | SotError:
    try:
        kind, fields = read_line(text)
    except SotError as error:
        return error
    if number is not None:
        number_report(kind, fields, number)
    try:
        return _JsonLine(kind, read_command(kind, fields))
    except SotError as error:
        return _JsonLine(kind, error)


def _json_commands(lines: Iterable[bytes]) -> Iterator[Entry]:
    for number, text in _json_entries(lines):
        yield number, _read_json(text)


def _numbered_json_commands(lines: Iterable[bytes]) -> Iterator[Entry]:
    for number, text in _json_entries(lines):
        yield number, _read_json(text, number)


def _record_json(uow: UnitOfWork, line: _JsonLine) -> LineResult:
    if isinstance(line.command, SotError):
        raise line.command
    return line.command.record(uow)


def _kind_of_json(line: _JsonLine) -> str:
    return line.kind


def _facts_of_json(line: _JsonLine) -> Iterator[VenueReport | OrderRequest]:
    if isinstance(line.command, Command):
        yield from filter(None, (line.command.report, line.command.request))


JSON_LINES = Format(_json_commands, _record_json, _kind_of_json, _facts_of_json)
NUMBERED_JSON_LINES = attrs.evolve(JSON_LINES, entries=_numbered_json_commands)
"""JSON lines whose reports have the number of their line as `venue_sequence`, where they have none."""


@attrs.define
class RepeatsWhenFedAgain:
    """The lines of a stream that would be added again if the stream were recorded again."""

    lines: list[int] = attrs.field(factory=list)

    def observe(self, line: int, result: LineResult) -> None:
        """Note a line if it would be added again."""
        if result.adds_again:
            self.lines.append(line)

    def warning(self) -> str:
        """A warning for people; empty if there are no such lines."""
        if not self.lines:
            return ""
        listed = ", ".join(map(str, self.lines[:_LISTED_LINES]))
        more = len(self.lines) - _LISTED_LINES
        return (
            f"{'lines' if len(self.lines) > 1 else 'line'} {listed}{f' and {more} more' if more > 0 else ''} "
            "(POSSIBLE_REPEAT): the same words were recorded before and say something new now, without an exec_id, a "
            "time or a venue_sequence that tells them apart. Recording this input again adds them again. For a file "
            "that only grows, --number-lines ends that: each report has the number of its line as venue_sequence."
        )


_LISTED_LINES = 20


def record_stream(
    store: Store,
    lines: Iterable[bytes],
    batch: int,
    out: TextIO,
    format: Format = JSON_LINES,
    observe: Callable[[int, LineResult], None] = lambda line, result: None,
    keep_going: bool = False,
    notes: list[str] | None = None,
    summary: RecordSummary | None = None,
) -> bool:
    """Record lines in batches, and print a JSON line for each entry after its commit.

    Args:
        store: The store to record in.
        lines: The lines of the stream.
        batch: How many entries are committed together.
        out: Where results are printed.
        format: The format of the stream.
        observe: Called with the number and the result of each line that was recorded.
        keep_going: Go on after a line that is refused; otherwise the stream ends there.
        notes: Takes a sentence about each line that was refused or not recorded.
        summary: Counts what became of the entries, by the kind of fact.

    Returns:
        Whether no line was refused.
    """
    recorder = _Recorder(store, format, observe, keep_going, out, [] if notes is None else notes, summary)
    try:
        for entries in _batches(format.entries(lines), batch):
            recorder.record(entries)
    except LineRefused as refused:
        recorder.print_refused(refused)
    return not recorder.refused


def _batches(entries: Iterable[Entry], size: int) -> Iterator[list[Entry]]:
    batch: list[Entry] = []
    for entry in entries:
        batch.append(entry)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


@attrs.define
class _Recorder:
    """Records batches; counts the lines that are refused."""

    store: Store
    format: Format
    observe: Callable[[int, LineResult], None]
    keep_going: bool
    out: TextIO
    notes: list[str]
    summary: RecordSummary | None
    refused: int = 0

    def record(self, entries: Sequence[Entry]) -> None:
        """Record a batch and print its results.

        Raises:
            LineRefused: A line is refused, and the stream ends there.
        """
        for (number, content), result in zip(entries, self._results(entries), strict=True):
            if isinstance(result, LineRefused):
                self.print_refused(result)
                self.notes.append(f"line {number}: {result.error}")
                continue
            if self.summary is not None:
                self.summary.count(self.format.kind(content), None if isinstance(result, NotRecorded) else result)
            if isinstance(result, NotRecorded):
                self.notes.append(f"line {number}: not recorded: {result.reason}")
            else:
                _print(self.out, _result_view(number, result))
                self.observe(number, result)

    def print_refused(self, refused: LineRefused) -> None:
        """Print the line of a refusal."""
        self.refused += 1
        if self.summary is not None:
            self.summary.count_refused(refused.kind)
        _print(self.out, {**_common_fields(refused.line, "ERROR"), **_error_fields(refused.error)})

    def _results(self, entries: Sequence[Entry]) -> Sequence[LineResult | NotRecorded | LineRefused]:
        """Commit a batch; without the entries that are refused, where these do not end the stream."""
        refused: dict[int, LineRefused] = {}

        facts = [
            fact for _, content in entries if not isinstance(content, SotError) for fact in self.format.facts(content)
        ]
        reports = [fact for fact in facts if isinstance(fact, VenueReport)]
        requests = [fact for fact in facts if isinstance(fact, OrderRequest)]

        def use_case(uow: UnitOfWork) -> list[LineResult | NotRecorded | LineRefused]:
            uow.read_ahead(reports, requests)
            with folding_together(uow):
                return [
                    refused.get(place) or self._record_entry(uow, place, each) for place, each in enumerate(entries)
                ]

        while True:
            try:
                return run_until_known(self.store, use_case)
            except _EntryRefused as error:
                if not self.keep_going:
                    raise error.line from None
                refused[error.place] = error.line

    def _record_entry(self, uow: UnitOfWork, place: int, entry: Entry) -> LineResult | NotRecorded:
        number, content = entry
        try:
            if isinstance(content, SotError):
                raise content
            return self.format.record(uow, content)
        except SotError as error:
            if error_handling.is_store_error(error):
                raise
            raise _EntryRefused(place, LineRefused(number, error, self._kind(content))) from error

    def _kind(self, content: Any) -> str:
        """The kind of fact in an entry that is refused."""
        return UNREADABLE if isinstance(content, SotError) else self.format.kind(content)


class _EntryRefused(Exception):
    """An entry of a batch is refused."""

    def __init__(self, place: int, line: LineRefused) -> None:
        super().__init__(place, line)
        self.place = place
        self.line = line


def _common_fields(number: int, outcome: str) -> dict[str, Any]:
    return {"line": number, "outcome": outcome, "order_id": None, "sequence": None, "anomalies": []}


def _result_view(number: int, result: LineResult) -> dict[str, Any]:
    view = {
        **_common_fields(number, result.outcome),
        "order_id": result.order_id,
        "sequence": result.sequence,
        "anomalies": list(result.anomalies),
    }
    if result.invalid:
        view["invalid"] = invalid_view(result.invalid)
    ids = {"request_id": result.request_id, "event_id": result.event_id, "record_id": result.record_id}
    return {**view, **{name: value for name, value in ids.items() if value is not None}}


def _error_fields(error: SotError) -> dict[str, Any]:
    return {name: value for name, value in error_handling.error_view(error).items() if value is not None}


def _print(out: TextIO, view: Mapping[str, Any]) -> None:
    out.write(json.dumps(view) + "\n")
    out.flush()
