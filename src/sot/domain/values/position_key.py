"""The identity of a position, and the order in which fills and account events fold into it."""

from datetime import datetime
from typing import NamedTuple

from sot.domain.values.vocabulary import PositionSide


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


def fold_key(
    at: datetime,
    venue_time_ns: int,
    venue: str,
    venue_order_id: str | None,
    exec_id: str | None,
    leg: str,
    order_id: str,
    sequence: int,
) -> str:
    """Return a text that sorts by code point as the arguments sort one after another, texts by their UTF-8 bytes.

    The order depends on what happened, not on when it was recorded.

    Hexadecimal digits keep the order of the bytes, and the space between them sorts before every digit, as the end of
    a text does.
    """
    return (
        f"{at.isoformat(' ', 'microseconds')[:26]} {venue_time_ns:020d} {venue.encode().hex()}"
        f" {venue_order_id.encode().hex() if venue_order_id else ''} {exec_id.encode().hex() if exec_id else ''}"
        f" {leg.encode().hex() if leg else ''} {order_id.encode().hex()} {sequence:020d}"
    )
