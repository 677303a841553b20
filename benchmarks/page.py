"""What the web page costs: its lists beside the same lists as JSON, its bytes, and how soon it shows a report.

A report goes from its commit in this process by the process of the server to the document of Chromium.
"""

import re
import statistics
import sys
import time
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from bench import INSTRUMENT
from clients import Client, alternating, answers_per_second, request
from many import RARE_SYMBOL
from rich.console import Console
from rich.table import Table

from sot import EventType, OrderHistory, OrderRequest, OrderType, Side, TimeInForce, VenueReport
from sot.adapters.sqlalchemy import SqlAlchemyStore

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.support.chromium import NoChromium, launched_chromium

PAGES, PAGE, GOAL = 50, 100, "2.00"
LISTS = {
    "the newest orders": "account_id=account",
    "of all accounts": "",
    "those that are filled": "account_id=account&status=FILLED",
    "bought ones": "account_id=account&side=BUY",
    "of a rare symbol, of all accounts": f"symbol={RARE_SYMBOL}",
}
"""Lists by their filter."""
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


def list_table(port: int) -> Table:
    """Pages of the newest orders, as HTML that is compressed, and as JSON."""

    def requests(path: str, query: str, is_compressed: bool) -> list[bytes]:
        return [request("GET", f"{path}page_size={PAGE}&{query}", is_compressed=is_compressed)] * PAGES

    table = Table("the first page of the newest", "ms as HTML", "ms as JSON", "ratio", "goal", box=None)
    for name, query in LISTS.items():
        html, json = requests("/orders?", query, True), requests("/sot/orders?newest_first=true&", query, False)
        rates = alternating(
            [lambda _, h=html: answers_per_second(port, [h]), lambda _, j=json: answers_per_second(port, [j])]  # type: ignore[misc]
        )
        ratio = rates[1] / rates[0]
        table.add_row(name, *(f"{1000 / rate:.1f}" for rate in rates), f"{ratio:.2f}", GOAL)
    return table


def bytes_table(port: int) -> Table:
    """What a browser loads that comes for the first time."""
    client = Client(port)

    def size(path: str) -> int:
        return len(client.ask(request("GET", path, is_compressed=True)))

    address = f"/orders?page_size={PAGE}"
    text = client.ask(request("GET", address)).decode()
    files = sorted(set(re.findall(r"/static/[^\"]+", text)))
    table = Table("a first visit, compressed", "kB", "goal", box=None)
    table.add_row(f"the page of {PAGE} orders", f"{size(address) / 1000:.1f}", "")
    table.add_row(f"its {len(files)} files, once", f"{sum(map(size, files)) / 1000:.1f}", "")
    table.add_row("in all", f"{(size(address) + sum(map(size, files))) / 1000:.1f}", "150.0")
    client.close()
    return table


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
    for measured in (
        list_table(int(sys.argv[2])),
        bytes_table(int(sys.argv[2])),
        live_table(sys.argv[1], int(sys.argv[2])),
    ):
        Console().print(measured)
