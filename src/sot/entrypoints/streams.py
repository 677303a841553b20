"""Recording a stream of facts, batch by batch, whatever its format.

A format takes the lines of a stream apart into entries (a JSON line, the report of a FIX message), each with the number
of the line where it began, and records one entry.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TextIO

import attrs

from sot.application.history import OrderHistory
from sot.application.support.retry import run_until_known
from sot.domain.values.errors import SotError
from sot.entrypoints import failures
from sot.entrypoints.lines import Answer, apply_line, read_line
from sot.ports.store import Store, UnitOfWork

Entry = tuple[int, Any]


class LineRefused(Exception):
    """A line that cannot be read, or that makes no sense; nothing of its batch was kept."""

    def __init__(self, line: int, error: SotError) -> None:
        super().__init__(line, error)
        self.line = line
        self.error = error


def _nothing() -> str:
    return ""


@attrs.frozen
class Format:
    """How a stream is read: `entries` may raise LineRefused, `record` a SotError; `left_out` tells what was skipped."""

    entries: Callable[[Iterable[bytes]], Iterator[Entry]]
    record: Callable[[UnitOfWork, Any], Answer]
    left_out: Callable[[], str] = _nothing


def _json_entries(lines: Iterable[bytes]) -> Iterator[Entry]:
    """Lines with their numbers, blank ones left out."""
    for number, line in enumerate(lines, 1):
        text = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
        if text.strip():
            yield number, text


def _record_json(uow: UnitOfWork, text: bytes) -> Answer:
    return apply_line(OrderHistory(uow), *read_line(text))


JSON_LINES = Format(_json_entries, _record_json)


def record_stream(store: Store, lines: Iterable[bytes], batch: int, out: TextIO, format: Format = JSON_LINES) -> bool:
    """Record lines in batches, printing an answer for each entry after its commit; False if a line was refused."""
    try:
        for entries in _batches(format.entries(lines), batch):
            answers = _record_batch(store, entries, format)
            for (number, _), answer in zip(entries, answers, strict=True):
                _print(out, _said(number, answer))
    except LineRefused as refused:
        _print(out, {**_blank(refused.line, "ERROR"), **_explained(refused.error)})
        return False
    return True


def _batches(entries: Iterable[Entry], size: int) -> Iterator[list[Entry]]:
    held: list[Entry] = []
    for entry in entries:
        held.append(entry)
        if len(held) == size:
            yield held
            held = []
    if held:
        yield held


def _record_batch(store: Store, entries: Sequence[Entry], format: Format) -> list[Answer]:
    def use_case(uow: UnitOfWork) -> list[Answer]:
        return [_recorded(uow, number, said, format) for number, said in entries]

    return run_until_known(store, use_case)


def _recorded(uow: UnitOfWork, number: int, said: Any, format: Format) -> Answer:
    try:
        return format.record(uow, said)
    except SotError as error:
        if failures.is_of_the_store(error):
            raise
        raise LineRefused(number, error) from error


def _blank(number: int, outcome: str) -> dict[str, Any]:
    return {"line": number, "outcome": outcome, "order_id": None, "sequence": None, "anomalies": []}


def _said(number: int, answer: Answer) -> dict[str, Any]:
    said = {
        **_blank(number, answer.outcome),
        "order_id": answer.order_id,
        "sequence": answer.sequence,
        "anomalies": list(answer.anomalies),
    }
    ids = {"request_id": answer.request_id, "event_id": answer.event_id, "record_id": answer.record_id}
    return {**said, **{name: value for name, value in ids.items() if value is not None}}


def _explained(error: SotError) -> dict[str, Any]:
    return {name: value for name, value in failures.described(error).items() if value is not None}


def _print(out: TextIO, said: Mapping[str, Any]) -> None:
    out.write(json.dumps(said) + "\n")
    out.flush()
