"""`sot record`: keeping a stream of facts, batch by batch."""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, BinaryIO, TextIO

import typer

from sot.application.history import OrderHistory
from sot.domain.errors import CommitUnknown, InvalidInput, SotError
from sot.entrypoints import failures
from sot.entrypoints.lines import Answer, apply_line, read_line
from sot.entrypoints.options import JsonOption, StoreOption
from sot.entrypoints.stores import open_store
from sot.ports.store import Store, UnitOfWork

Line = tuple[int, bytes]


class LineRefused(Exception):
    """A line that cannot be read, or that makes no sense; nothing of its batch was kept."""

    def __init__(self, line: int, error: SotError) -> None:
        super().__init__(line, error)
        self.line = line
        self.error = error


def record(
    file: Annotated[str, typer.Argument(metavar="[FILE|-]", help="JSON lines; - is the standard input.")] = "-",
    *,
    store: StoreOption,
    batch: Annotated[int, typer.Option("--batch", min=1, metavar="N", help="Commit after every N lines.")] = 1,
    as_json: JsonOption = False,
) -> None:
    """Record a stream of JSON lines. Recording it again adds nothing.

    Each line is an object with one key, which says what it is: *instrument*, *request*, *risk_check*, *sent*, *failed*,
    *unknown*, *withdraw*, *report*, *mark*, *void* or *account_event*; the lines of an archive have *fact* and *checkpoint*, and
    are kept exactly as they were. Amounts are text or whole numbers, times have an offset.

        {"instrument": {"account_id": "main", "venue": "BINANCE", "symbol": "BTC/USDT", "kind": "SPOT", "base": "BTC", "quote": "USDT"}}
        {"request": {"account_id": "main", "client_order_id": "my-order-1", "venue": "BINANCE", "symbol": "BTC/USDT", "side": "BUY", "order_type": "LIMIT", "quantity": "0.5", "limit_price": "50000"}}
        {"sent": {"account_id": "main", "idempotency_key": "my-order-1"}}
        {"report": {"account_id": "main", "type": "TRADE", "client_order_id": "my-order-1", "exec_id": "1", "last_quantity": "0.5", "last_price": "49990"}}
        {"account_event": {"account_id": "main", "type": "FUNDING", "venue": "BINANCE", "symbol": "BTC/USDT", "amount": "-0.25", "currency": "USDT", "occurred_at": "2026-01-05T16:00:00Z"}}

    After each commit, one JSON line is printed per input line: *RECORDED*, *REPEATED* (known already), *FLAGGED* (kept,
    and odd: see *anomalies*) or *ERROR*. An error ends the stream; nothing of its batch is kept, earlier batches are.

    For example:

    ```
    sot record orders.jsonl --store orders.db
    tail -f reports.jsonl | sot record --store postgresql://localhost/orders
    sot record history.jsonl --batch 500 --store orders.db
    sot export history --store orders.db | sot record --batch 500 --store copy.db
    ```
    """  # noqa: E501
    with failures.exit_codes(as_json), _opened(file) as lines:
        kept = open_store(store)
        try:
            fine = record_stream(kept, lines, batch, sys.stdout)
        finally:
            kept.close()
    if not fine:
        raise typer.Exit(failures.BAD_INPUT)


def record_stream(store: Store, lines: Iterable[bytes], batch: int, out: TextIO) -> bool:
    """Record lines in batches, printing an answer for each after its commit; False if a line was refused."""
    for numbered in _batches(lines, batch):
        try:
            answers = _record_batch(store, numbered)
        except LineRefused as refused:
            _print(out, {**_blank(refused.line, "ERROR"), **_explained(refused.error)})
            return False
        for (number, _), answer in zip(numbered, answers, strict=True):
            _print(out, _said(number, answer))
    return True


@contextmanager
def _opened(file: str) -> Iterator[BinaryIO]:
    if file == "-":
        yield sys.stdin.buffer
        return
    path = Path(file)
    if path.is_dir():
        raise InvalidInput("FILE", file, "a file of JSON lines, or - for the standard input")
    with path.open("rb") as opened:
        yield opened


def _batches(lines: Iterable[bytes], size: int) -> Iterator[list[Line]]:
    """Lines with their numbers, blank ones left out."""
    held: list[Line] = []
    for number, line in enumerate(lines, 1):
        text = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
        if text.strip():
            held.append((number, text))
            if len(held) == size:
                yield held
                held = []
    if held:
        yield held


def _record_batch(store: Store, lines: Sequence[Line]) -> list[Answer]:
    def use_case(uow: UnitOfWork) -> list[Answer]:
        history = OrderHistory(uow)
        return [_recorded(history, number, text) for number, text in lines]

    try:
        return store.run(use_case)
    except CommitUnknown:
        # Whatever of the batch was stored is recognised, so running it once more settles the question.
        return store.run(use_case)


def _recorded(history: OrderHistory, number: int, text: bytes) -> Answer:
    try:
        key, said = read_line(text)
        return apply_line(history, key, said)
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
