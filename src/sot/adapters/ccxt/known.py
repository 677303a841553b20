"""What is known of exchanges beyond what ccxt says of them: facts from their own documentation.

What is not here is not known, and nothing is promised. Every entry can be said otherwise when a venue is made.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import attrs

from sot.ports.venue import Replacement

_MATCHING_MAY_LAG = timedelta(seconds=1)  # Binance takes requests that are up to a second ahead of its clock


@attrs.frozen(kw_only=True)
class Known:
    """Facts about one exchange, by ccxt's id for it.

    `client_order_ids`: ccxt sends them under the unified name, and reads them back. `by_client_order_id`: its
    `fetch_order` asks for an order by that name. `by_venue_order_id`: an OrderNotFound of it covers all orders.
    `from_id`: the parameter by which trades are listed from a trade id on. `oldest_first`: a page of trades from a
    moment on begins with the first of them. `lists_all_open_orders`: at once, without pages.
    `refuses_late`: the option with the milliseconds after which a request is refused. `settled_after`: the same as a
    time, where there is no option. `history`, `replaces`: as in the capabilities, by market type; "contract" stands for
    all that is not spot.
    """

    client_order_ids: bool = False
    by_client_order_id: bool = False
    by_venue_order_id: bool = True
    from_id: str | None = None
    oldest_first: bool = False
    lists_all_open_orders: bool = False
    refuses_late: str | None = None
    settled_after: timedelta | None = None
    history: Mapping[str, timedelta | None] = attrs.field(factory=dict)
    replaces: Mapping[str, Replacement] = attrs.field(factory=dict)


_NEW, _AMENDS = Replacement.NEW_ORDER, Replacement.AMENDS

# Binance: `recvWindow` is checked again when a request goes to the matching engine (REST API, "Timing security");
# cancelReplace makes a new order, PUT order amends (USD-M and COIN-M futures); an order that was cancelled or expired
# without executions is kept for 90 days (spot, error -2026) or 3 (futures, "Query Order").
_BINANCE = Known(
    client_order_ids=True,
    by_client_order_id=True,
    from_id="fromId",
    oldest_first=True,
    lists_all_open_orders=True,
    refuses_late="recvWindow",
    history={"spot": timedelta(days=90), "contract": timedelta(days=3)},
    replaces={"spot": _NEW, "contract": _AMENDS},
)
_BOTH_AMEND = {"spot": _AMENDS, "contract": _AMENDS}

KNOWN: Mapping[str, Known] = {
    "binance": _BINANCE,
    "binanceus": attrs.evolve(_BINANCE, history={"spot": timedelta(0)}, replaces={"spot": _NEW}),
    "binanceusdm": _BINANCE,
    "binancecoinm": _BINANCE,
    # OKX amends by "Amend order"; cancelled orders without executions are gone after two hours ("Order details").
    "okx": Known(
        client_order_ids=True,
        by_client_order_id=True,
        history={"spot": timedelta(hours=2), "contract": timedelta(hours=2)},
        replaces=_BOTH_AMEND,
    ),
    # Bybit's `fetch_order` sees the last 500 orders only, so that not finding one there says nothing.
    "bybit": Known(client_order_ids=True, by_venue_order_id=False, replaces=_BOTH_AMEND),
    "bitget": Known(client_order_ids=True, by_client_order_id=True),
    "kucoin": Known(client_order_ids=True, by_client_order_id=True),
    "mexc": Known(client_order_ids=True, by_client_order_id=True),
    "gate": Known(client_order_ids=True, replaces=_BOTH_AMEND),
    "coinbase": Known(client_order_ids=True),
}
_NOTHING = Known()


def known(exchange_id: str) -> Known:
    """What is known of an exchange."""
    return KNOWN.get(exchange_id, _NOTHING)


def late_after(exchange: Any, facts: Known) -> timedelta | None:
    """How long after it was made a request can still be taken; None where the exchange refuses none for being late."""
    if facts.settled_after is not None:
        return facts.settled_after
    milliseconds = exchange.options.get(facts.refuses_late) if facts.refuses_late else None
    return timedelta(milliseconds=milliseconds) + _MATCHING_MAY_LAG if type(milliseconds) is int else None
