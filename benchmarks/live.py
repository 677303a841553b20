"""How long after its commit an open page shows a report: from this process, by the server's, to Chromium's document."""

import statistics
import sys
import time
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from bench import INSTRUMENT
from rich.console import Console
from rich.table import Table

from sot import EventType, OrderHistory, OrderRequest, OrderType, Side, TimeInForce, VenueReport
from sot.adapters.sqlalchemy import SqlAlchemyStore

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.support.chromium import NoChromium, launched_chromium

UPDATES, PAUSE = 50, 0.3
NAME = f"live.{time.time_ns()}"
WATCH = """id => {
    window.seen = {};
    new MutationObserver(() => {
        const cell = document.querySelector(`#order-${id} [data-label=Executed]`);
        const text = cell && cell.textContent.trim();
        if (text && !(text in window.seen)) window.seen[text] = performance.timeOrigin + performance.now();
    }).observe(document.body, {childList: true, subtree: true, characterData: true});
}"""


def live_table(url: str, port: int) -> Table:
    """The times of some updates of a row of the list; a row with the reason where there is no Chromium."""
    table = Table("an update of a row of an open page, ms after its commit", "median", "95 of 100", "worst", box=None)
    try:
        times = update_times(url, port)
    except NoChromium as error:
        table.add_row(f"not measured: {error}")
        return table
    figures = (statistics.median(times), statistics.quantiles(times, n=20)[-1], max(times))
    table.add_row(f"{len(times)} reports, in Chromium", *(f"{figure:.0f}" for figure in figures))
    return table


def update_times(url: str, port: int, updates: int = UPDATES) -> Sequence[float]:
    """The milliseconds from the commit of each report to the new text in its row.

    Raises:
        NoChromium: There is none.
    """
    store = SqlAlchemyStore.open(url)
    order_id = _resting_order(store, updates + 1)
    times = []
    with launched_chromium() as browser:
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{port}/orders?page_size=100")
        page.locator(".live-state", has_text="live").wait_for()
        page.evaluate(WATCH, order_id)
        for number in range(1, updates + 1):
            time.sleep(PAUSE)
            _record_trade(store, number)
            committed = time.time() * 1000
            shown = page.wait_for_function("text => window.seen[text]", arg=str(number), polling=20)
            times.append(shown.json_value() - committed)
    store.close()
    return times


def _said(**more: Any) -> VenueReport:
    return VenueReport(account_id=INSTRUMENT.account_id, venue=INSTRUMENT.venue, client_order_id=NAME, **more)


def _resting_order(store: SqlAlchemyStore, quantity: int) -> str:
    with store.begin() as uow:
        history = OrderHistory(uow)
        request = history.submit(
            OrderRequest(
                account_id=INSTRUMENT.account_id,
                client_order_id=NAME,
                venue=INSTRUMENT.venue,
                symbol=INSTRUMENT.symbol,
                side=Side.BUY,
                order_type=OrderType.LIMIT,
                quantity=Decimal(quantity),
                limit_price=Decimal(100),
                time_in_force=TimeInForce.GTC,
            )
        )
        history.mark_sent(request.request_id)
        order_id = history.record(_said(type=EventType.NEW)).order_id or ""
        uow.commit()
    return order_id


def _record_trade(store: SqlAlchemyStore, number: int) -> None:
    report = _said(type=EventType.TRADE, exec_id=f"{NAME}.{number}", last_quantity=Decimal(1), last_price=Decimal(100))
    store.run(lambda uow: OrderHistory(uow).record(report))


if __name__ == "__main__":
    Console().print(live_table(sys.argv[1], int(sys.argv[2])))
