"""The identity of a position, and the order in which fills and account events fold into it."""

import re
from collections.abc import Iterable
from datetime import datetime
from enum import IntEnum
from typing import NamedTuple

from sot.domain.values.vocabulary import PositionSide

_DIGITS = re.compile("([0-9]+)")


class PositionKey(NamedTuple):
    """The identity of a position: what nets together.

    Long and short positions are apart where the venue keeps them apart, and venue accounts (sub-accounts) always are.
    Strategies net in one position.
    """

    account_id: str
    venue: str
    symbol: str
    position_side: PositionSide = PositionSide.NET
    position_id: str = ""
    venue_account: str = ""


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
    """
    return (
        f"{moment_key(at)} {int(stage)} {venue_time_ns:020d} {venue.encode().hex()}"
        f" {'' if venue_sequence is None else f'{venue_sequence:020d}'}"
        f" {natural_key(exec_id or '')} {natural_key(venue_order_id or '')} {natural_key(leg)}"
        f" {order_id.encode().hex()} {sequence:020d}"
    )


def moment_key(at: datetime) -> str:
    """Return the text with which the fold keys of a time begin."""
    return at.isoformat(" ", "microseconds")[:26]


def natural_parts(text: str) -> tuple[str | int, ...]:
    """Split a text at its runs of digits: texts and numbers in turn, a text first and last."""
    return tuple(int(part) if number else part for number, part in _numbered(text))


def _numbered(text: str) -> Iterable[tuple[bool, str]]:
    return ((index % 2 == 1, part) for index, part in enumerate(_DIGITS.split(text)))


def natural_key(text: str) -> str:
    """Return a text that sorts by code point as the text does naturally: runs of digits as numbers, of any length.

    Bytes are written as two hexadecimal digits. A number is written where its first digit would sort: 3, the count of
    its digits, and its digits. A count above 8 is written as 9, the length of the count, and the count.
    """
    if not text:
        return ""
    parts = _DIGITS.split(text)
    for index, part in enumerate(parts):
        if index % 2:
            digits = part.lstrip("0") or "0"
            parts[index] = f"3{len(digits)}{digits}" if len(digits) < 9 else _long_number_key(digits)
        elif part:
            parts[index] = part.encode().hex()
    return "".join(parts)


def _long_number_key(digits: str) -> str:
    count = str(len(digits))
    return f"39{len(count)}{count}{digits}"
