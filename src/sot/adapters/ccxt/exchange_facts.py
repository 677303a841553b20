"""Facts about exchanges that ccxt does not have, from the exchanges' own documentation.

An exchange that is not in `EXCHANGES` has the defaults, which promise nothing. The facts of a venue can be given when
it is created.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import attrs

from sot.ports.venue import Replacement

_MATCHING_MAY_LAG = timedelta(seconds=1)  # Binance accepts requests that are up to a second ahead of its clock


@attrs.frozen(kw_only=True)
class ExchangeFacts:
    """Facts about one exchange.

    Attributes:
        client_order_ids: ccxt sends client order ids under the unified name, and reads them back.
        by_client_order_id: `fetch_order` accepts a client order id.
        by_venue_order_id: OrderNotFound for an exchange's order id covers all orders.
        from_id: The parameter that lists trades from a trade id on.
        oldest_first: A page of trades from a time on begins with the oldest one.
        lists_all_open_orders: All open orders are listed at once, without pages.
        refuses_late: The option of ccxt with the milliseconds after which a request is refused.
        settled_after: The time after which a request is refused, where there is no option.
        history: How long after their end orders are found (None: for ever), by market type. "contract" stands for
            every type but spot.
        replaces: What a replacement is, by market type.
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
_BINANCE = ExchangeFacts(
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

EXCHANGES: Mapping[str, ExchangeFacts] = {
    "binance": _BINANCE,
    "binanceus": attrs.evolve(_BINANCE, history={"spot": timedelta(0)}, replaces={"spot": _NEW}),
    "binanceusdm": _BINANCE,
    "binancecoinm": _BINANCE,
    # OKX amends by "Amend order"; cancelled orders without executions are gone after two hours ("Order details").
    "okx": ExchangeFacts(
        client_order_ids=True,
        by_client_order_id=True,
        history={"spot": timedelta(hours=2), "contract": timedelta(hours=2)},
        replaces=_BOTH_AMEND,
    ),
    # Bybit's `fetch_order` has the last 500 orders only: an order that it does not find may exist.
    "bybit": ExchangeFacts(client_order_ids=True, by_venue_order_id=False, replaces=_BOTH_AMEND),
    "bitget": ExchangeFacts(client_order_ids=True, by_client_order_id=True),
    "kucoin": ExchangeFacts(client_order_ids=True, by_client_order_id=True),
    "mexc": ExchangeFacts(client_order_ids=True, by_client_order_id=True),
    "gate": ExchangeFacts(client_order_ids=True, replaces=_BOTH_AMEND),
    "coinbase": ExchangeFacts(client_order_ids=True),
}
"""By ccxt's id of the exchange."""
_DEFAULTS = ExchangeFacts()


def exchange_facts(exchange_id: str) -> ExchangeFacts:
    """The facts about an exchange, by ccxt's id."""
    return EXCHANGES.get(exchange_id, _DEFAULTS)


def late_after(exchange: Any, facts: ExchangeFacts) -> timedelta | None:
    """How long after it was made a request is refused; None if late requests are accepted."""
    if facts.settled_after is not None:
        return facts.settled_after
    milliseconds = exchange.options.get(facts.refuses_late) if facts.refuses_late else None
    return timedelta(milliseconds=milliseconds) + _MATCHING_MAY_LAG if type(milliseconds) is int else None
