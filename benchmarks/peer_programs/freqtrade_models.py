"""Freqtrade's own models of a trade and its order on an SQLite file, used as its bot uses them.

Two rows that are overwritten: a commit when the order is placed, when it is partly filled, and when it is filled. There
are no facts, no history, and no execution apart from the sum of the order.
"""

from datetime import datetime
from pathlib import Path
from typing import Any

from freqtrade.persistence import Order, Trade, init_db

AT = datetime.fromisoformat("2026-01-05T10:00:00+00:00")
PAIR = "BTC/USDT"


class FreqtradeOrders:
    """Trades of freqtrade in a file."""

    def __init__(self, path: Path) -> None:
        init_db(f"sqlite:///{path}")
        self._last: Trade | None = None

    def fill_order(self, number: int) -> None:
        """Open a trade with one order, and fill it in two steps."""
        trade = Trade(
            pair=PAIR, base_currency="BTC", stake_currency="USDT", stake_amount=200.0, amount=2.0, amount_requested=2.0,
            open_rate=100.0, open_rate_requested=100.0, fee_open=0.001, fee_close=0.001, open_date=AT,
            exchange="binance", is_open=True, leverage=1.0, is_short=False,
        )  # fmt: skip
        order = Order.parse_from_ccxt_object(_order(number, 0.0, None), PAIR, "buy", 2.0, 100.0)
        trade.orders.append(order)
        Trade.session.add(trade)
        Trade.commit()
        for filled, average in ((0.5, 99.5), (2.0, 99.875)):
            order.update_from_ccxt_object(_order(number, filled, average))
            if filled == 2.0:
                trade.update_trade(order)
            Trade.commit()
        self._last = trade

    def check(self, count: int) -> None:
        """Check that all trades are stored, and the last one."""
        assert Trade.session.query(Trade).count() == count
        assert self._last is not None
        assert (self._last.amount, self._last.open_rate) == (2.0, 99.875)


def _order(number: int, filled: float, average: float | None) -> dict[str, Any]:
    return {
        "id": f"V{number}", "symbol": PAIR, "status": "closed" if filled == 2.0 else "open", "type": "limit",
        "side": "buy", "price": 100.0, "amount": 2.0, "filled": filled, "remaining": 2.0 - filled, "average": average,
        "cost": filled * (average or 0.0), "timestamp": int(AT.timestamp() * 1000),
    }  # fmt: skip
