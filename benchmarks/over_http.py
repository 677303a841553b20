"""What the HTTP API costs on SQLite, beside the same framework answering a constant, and beside the library in process.

Run by `make bench`. One server process on one core, clients that keep their connections on another. Figures vary with
the machine; the ratios should not. Pages are read from a file of a million orders (see `many`): the first, the last,
and those of the few orders that a filter finds. The web page shows the same lists, and updates of a row (see `page`).
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import many
import page
import uvicorn
from bench import T0, fill_order, register
from clients import Client, alternating, answers_per_second, request
from fastapi import FastAPI, Response
from figures import show_tables
from rich.console import Console
from rich.table import Table

from sot import OrderHistory
from sot.adapters.http import Settings, create_app
from sot.adapters.http.pages import PageTokens, encode_page_key, token_binding
from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.application.access.keys import make_key
from sot.application.views.orders import order_view
from sot.domain.values.vocabulary import AccessScope
from sot.ports.orders import OrderFilter
from sot.ports.paging import PageKey

ORDERS = 2_000
READS, WRITES, PAGES = 3_000, 1_000, 100
CONNECTIONS = 4
PAGE = 100
GOAL = "0.50"
SECRET = b"so that a token of any page can be made"
FEW = {
    "of a rare symbol": f"symbol={many.RARE_SYMBOL}",
    "of a rare strategy": f"strategy_code={many.RARE_STRATEGY}",
    "of a rare status": "status=PENDING_NEW",
    "that are open": "is_open=true",
    "that are open, of all accounts": "is_open=true",
    "of one name": f"identifier=many.{many.MANY * 3 // 4}",
    "of a status that none has": "status=REJECTED&status=EXPIRED",
}
"""Filters that find few of a million: by what, and what is asked."""


# ----------------------------------------------------------------------------------------------------------- servers


def bare(body: bytes) -> FastAPI:
    """The framework, answering a constant."""
    app = FastAPI(openapi_url=None)

    @app.get("/sot/orders/{order_id}")
    async def constant(order_id: str) -> Response:
        return Response(body, media_type="application/json")

    return app


def serve(what: str, url: str, fd: int) -> None:
    """A server on a socket that is listened on already, until it is killed."""
    if what == "bare":
        app = bare(Path(url).read_bytes())
    else:
        settings = Settings(keys=what == "keyed", local_store=True, refusal_seconds=0, page_secret=SECRET)
        app = create_app(SqlAlchemyStore.open(url), settings=settings, page=True)
    uvicorn.run(app, fd=fd, log_level="error", access_log=False)


@contextmanager
def served(what: str, url: str) -> Iterator[int]:
    """Such a server in a process of its own, on one core; gives its port."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(128)
        fd = listening.fileno()
        process = subprocess.Popen([sys.executable, __file__, what, url, str(fd)], pass_fds=[fd])
        try:
            keep_on(process.pid, 0)
            yield listening.getsockname()[1]
        finally:
            process.kill()
            process.wait()


def keep_on(pid: int, core: int) -> None:
    """Where there is more than one core, a server is not to share its own with the clients."""
    if hasattr(os, "sched_setaffinity"):
        cores = sorted(os.sched_getaffinity(0))
        if len(cores) > 1:
            os.sched_setaffinity(pid, {cores[core]})


# ------------------------------------------------------------------------------------------------- what is asked for


INTENT = {
    "account_id": "account",
    "venue": "VENUE",
    "symbol": "BTC/USDT",
    "side": "BUY",
    "order_type": "LIMIT",
    "quantity": "2",
    "limit_price": "100",
}


def made(folder: Path) -> tuple[str, list[str], str]:
    """A store of filled orders: its address, some of the orders' ids, and a key that may do everything."""
    url = f"sqlite:///{folder}/orders.db"
    store = SqlAlchemyStore.open(url)
    register(store)
    for first in range(0, ORDERS, 200):
        with store.begin() as uow:
            history = OrderHistory(uow)
            for number in range(first, first + 200):
                fill_order(history, f"o{number}", T0 + timedelta(seconds=number))
            uow.commit()
    with store.begin(read_only=True) as uow:
        ids = [order.order_id for order in OrderHistory(uow).orders(OrderFilter(account_id="account"), limit=500).items]
    _, token = store.run(lambda uow: make_key(uow, list(AccessScope), ["account"]))
    store.close()
    return url, ids, token


def reads(port: int, ids: Sequence[str], token: str = "") -> float:
    """Orders by id."""
    asked = [request("GET", f"/sot/orders/{id}", token) for id in ids]
    mine = [[asked[(number + at) % len(asked)] for at in range(READS // CONNECTIONS)] for number in range(CONNECTIONS)]
    return answers_per_second(port, mine)


def writes(port: int, prefix: str, token: str = "") -> float:
    """Intents, each with a name of its own."""

    def intent(name: str) -> bytes:
        body = json.dumps({**INTENT, "client_order_id": name}).encode()
        return request("POST", "/sot/order-requests", token, body)

    mine = [[intent(f"{prefix}.{n}.{at}") for at in range(WRITES // CONNECTIONS)] for n in range(CONNECTIONS)]
    return answers_per_second(port, mine, b"201")


def library_reads(url: str, ids: Sequence[str]) -> float:
    """The same orders as the same texts, in this process."""
    store = SqlAlchemyStore.open(url)
    started = time.perf_counter()
    for number in range(READS):
        with store.begin(read_only=True) as uow:
            json.dumps(order_view(OrderHistory(uow).order(ids[number % len(ids)])))
    elapsed = time.perf_counter() - started
    store.close()
    return READS / elapsed


def library_writes(url: str, prefix: str) -> float:
    """The same intents, each in a commit of its own."""
    from sot import OrderRequest

    store = SqlAlchemyStore.open(url)
    started = time.perf_counter()
    for number in range(WRITES):
        said = OrderRequest.read({**INTENT, "client_order_id": f"{prefix}.{number}"})
        store.run(lambda uow, said=said: OrderHistory(uow).submit(said))  # type: ignore[misc]
    elapsed = time.perf_counter() - started
    store.close()
    return WRITES / elapsed


def listed(query: str = "", account: str = "account_id=account") -> str:
    """The address of the first page of a list."""
    return "/sot/orders?" + "&".join(part for part in (f"page_size={PAGE}", account, query) if part)


def far_page(place: PageKey) -> str:
    """The address of the page behind a place: all the pages before it need not be read for its token."""
    bound = token_binding("listOrders", "account", {"account_id": "account"})
    return listed(f"page_token={PageTokens(SECRET).encode(bound, encode_page_key(place))}")


def pages(port: int, target: str) -> float:
    """The same page again and again."""
    return answers_per_second(port, [[request("GET", target)] * PAGES])


def main() -> None:
    keep_on(0, 1)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url, ids, token = made(folder)
        with served("open", url) as open_port, served("keyed", url) as keyed_port:
            client = Client(open_port)
            constant = folder / "constant.json"
            constant.write_bytes(client.ask(request("GET", f"/sot/orders/{ids[0]}")))
            client.close()
            with served("bare", str(constant)) as bare_port:
                read = alternating(
                    [
                        lambda _: reads(bare_port, ids),
                        lambda _: reads(open_port, ids),
                        lambda _: reads(keyed_port, ids, token),
                        lambda _: library_reads(url, ids),
                    ]
                )
            written = alternating(
                [
                    lambda n: writes(open_port, f"open{n}"),
                    lambda n: writes(keyed_port, f"keyed{n}", token),
                    lambda n: library_writes(url, f"library{n}"),
                ]
            )
        tables = (table for made_of in ([requests_table(read, written)], page_tables(folder)) for table in made_of)
        show_tables(Path("build/bench-http.json"), "what the HTTP API and the page cost on SQLite", tables)


def requests_table(read: Sequence[float], written: Sequence[float]) -> Table:
    table = Table("over HTTP, one server process, SQLite", "per second", "ratio", "goal", box=None)
    names = (
        "the framework answering a constant",
        "GET an order by id",
        "the same with a key",
        "the library, in process",
    )
    for name, rate, goal in zip(names, read, ("", GOAL, GOAL, ""), strict=True):
        table.add_row(name, f"{rate:,.0f}", f"{rate / read[0]:.2f}", goal)
    for name, rate in zip(("POST an intent", "the same with a key"), written, strict=False):
        table.add_row(name, f"{rate:,.0f}", f"{rate / written[2]:.2f}", "")
    table.add_row("the library, in process, the same commits", f"{written[2]:,.0f}", "1.00", "")
    return table


def page_tables(folder: Path) -> Iterator[Table]:
    """Fill a file with a million orders, and read pages of it."""
    started = time.perf_counter()
    url, ends = many.fill(folder / "many.db")
    filled = time.perf_counter() - started
    of_one = "account_id=account"
    found = [listed(query, "" if name.endswith("all accounts") else of_one) for name, query in FEW.items()]
    targets = [listed(), *map(far_page, ends), listed(account=""), *found]
    with served("open", url) as port:
        rates = alternating([lambda _, one=target: pages(port, one) for target in targets])  # type: ignore[misc]
        counts = [len(json.loads(Client(port).ask(request("GET", target)))["data"]) for target in targets]
        of_page = [page.list_table(port), page.bytes_table(port), page.live_table(url, port)]
    table = Table(f"a page of at most {PAGE} of {many.MANY:,} orders", "orders", "pages/s", "ratio", "goal", box=None)
    names = ("the first", "in the middle", "the last", "the first of all accounts", *FEW)
    for name, count, rate, goal in zip(names, counts, rates, ("", "1.00", "1.00", *[""] * len(targets)), strict=False):
        table.add_row(name, f"{count}", f"{rate:,.0f}", f"{rate / rates[0]:.2f}", goal)
    yield table
    Console().print(
        f"Copies of the rows of two orders, with ids, names and times of their own, inserted in {filled:.0f} s; "
        f"one in {many.RARE_EVERY:,} is open, of a rare symbol and strategy."
    )
    yield from of_page


if __name__ == "__main__":
    if len(sys.argv) == 4:
        serve(sys.argv[1], sys.argv[2], int(sys.argv[3]))
    else:
        main()
