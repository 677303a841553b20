"""A venue for any exchange that ccxt supports (extra `ccxt`), and ccxt's records as venue reports (no extra needed).

Enter at `CcxtVenue`; `convert_new_order`, `convert_order_status` and `convert_trades` convert records of your own,
`instruments_of` its markets.

What always holds:

1. Numbers are never floats: ccxt reads them as text, and a figure that is not exact is left out, never estimated.
2. An order is sent exactly as requested, or not at all.
3. A request is sent once: ccxt's own repetitions are switched off.
4. Nothing is concluded from an error unless it is certain (`errors`), nor from an incomplete list (`order_search`).
5. The exchange's own fields are kept as the raw payload of the report.
"""

from sot.adapters.ccxt.exchange_facts import ExchangeFacts, exchange_facts
from sot.adapters.ccxt.instruments import ConvertedMarkets, instruments_of
from sot.adapters.ccxt.records import Account, Conversion, convert_new_order, convert_order_status, convert_trades
from sot.adapters.ccxt.venue import CcxtVenue

__all__ = [
    "Account",
    "CcxtVenue",
    "Conversion",
    "ConvertedMarkets",
    "ExchangeFacts",
    "convert_new_order",
    "convert_order_status",
    "convert_trades",
    "exchange_facts",
    "instruments_of",
]
