"""The identity of a position, and the order in which fills and account events fold into it."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

from sot.domain.values.json_form import JsonForm
from sot.domain.values.times import time_text
from sot.domain.values.vocabulary import PositionSide

_DIGITS = re.compile("([0-9]+)")

_LATEST = 256
"""Of so many texts the keys are kept: the fills of an order, and all at a venue, have the same ones."""


class _PositionKeyFields(NamedTuple):
    account_id: str
    venue: str
    symbol: str
    position_side: PositionSide = PositionSide.NET
    position_id: str = ""
    venue_account: str = ""


class PositionKey(_PositionKeyFields, JsonForm):
    """The identity of a position: what nets together.

    Long and short positions are apart where the venue keeps them apart, and venue accounts (sub-accounts) always are.
    Strategies net in one position.

    Rules: FOLD-1.
    """

    __slots__ = ()


class Stage(IntEnum):
    """The stages of one moment, in the order in which its facts fold."""

    SPLITS = 0
    ARRIVALS = 1
    """Units that a transfer brings, and results without an order."""
    FILLS = 2
    DEPARTURES = 3
    """Units that a transfer takes, and the end of options."""


def fold_key(
    at: datetime,
    stage: Stage,
    order_id: str,
    sequence: int,
    *,
    venue_time_ns: int = 0,
    venue: str = "",
    venue_sequence: int | None = None,
    exec_id: str | None = None,
    venue_order_id: str | None = None,
    leg: str = "",
) -> str:
    """Return a text that sorts by code point as facts fold.

    It sorts by time, stage, `venue_time_ns`, venue, `venue_sequence` (none before any number), execution id, venue
    order id and leg (compared naturally), order id and sequence. The order depends on what happened, not on when it was
    recorded.

    Hexadecimal digits keep the order of bytes, and the space between the parts sorts before every digit, as the end of
    a text does.

    Rules: FOLD-2.
    """
    return (
        f"{moment_key(at)} {int(stage)} {venue_time_ns:020d} {_hexadecimal(venue)}"
        f" {'' if venue_sequence is None else f'{venue_sequence:020d}'}"
        f" {natural_key(exec_id or '')} {natural_key(venue_order_id or '')} {natural_key(leg)}"
        f" {_hexadecimal(order_id)} {sequence:020d}"
    )


def moment_key(at: datetime) -> str:
    """Return the text with which the fold keys of a time begin."""
    return time_text(at)[:26].replace("T", " ")  # which is cached


@lru_cache(_LATEST)
def _hexadecimal(text: str) -> str:
    return text.encode().hex()


@lru_cache(_LATEST)
def natural_key(text: str) -> str:
    """Return a text that sorts by code point as the text does naturally: runs of digits as numbers, of any length.

    Bytes are written as two hexadecimal digits. A number is written where its first digit would sort: 3, the count of
    its digits, and its digits. A count above 8 is written as 9, the length of the count, and the count.

    Rules: FOLD-3.
    """
    if not text:
        return ""
    if text.isdigit() and text.isascii():
        return _number_key(text)
    parts = _DIGITS.split(text)
    for index, part in enumerate(parts):
        if index % 2:
            parts[index] = _number_key(part)
        elif part:
            parts[index] = part.encode().hex()
    return "".join(parts)


def _number_key(text: str) -> str:
    digits = text.lstrip("0") or "0"
    return f"3{len(digits)}{digits}" if len(digits) < 9 else _long_number_key(digits)


def _long_number_key(digits: str) -> str:
    count = str(len(digits))
    return f"39{len(count)}{count}{digits}"


def natural_parts(key: str) -> Iterator[str | int]:
    """Iterate over the parts of the text of a `natural_key`: its numbers, and what is between them in hexadecimal."""
    position = start = 0
    while position < len(key):
        if key[position] != "3" or not key[position + 1].isdigit():
            position += 2
            continue
        if position > start:
            yield key[start:position]
        digits, count = position + 2, int(key[position + 1])
        if count == 9:
            digits += 1 + int(key[digits])
            count = int(key[position + 3 : digits])
        position = start = digits + count
        yield int(key[digits:position])
    if position > start:
        yield key[start:position]


class OrderMarks(NamedTuple):
    """What tells the order of the fills of one moment.

    Attributes:
        venue_time_ns: The venue's time in nanoseconds; 0 for none.
        venue_sequence: The venue's running number; None for none.
        exec_id: The parts of the execution id; empty for none.
    """

    venue_time_ns: int
    venue_sequence: int | None
    exec_id: Sequence[str | int]


def order_marks(key: str) -> OrderMarks:
    """Read from the fold key of a fill what tells its order."""
    _, _, _, venue_time_ns, _, venue_sequence, exec_id, *_ = key.split(" ")
    return OrderMarks(
        int(venue_time_ns), int(venue_sequence) if venue_sequence else None, tuple(natural_parts(exec_id))
    )
