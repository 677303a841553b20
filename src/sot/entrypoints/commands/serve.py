"""`sot serve`: serve the order history over HTTP."""

import ipaddress
import os
import sys
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import attrs
import typer

from sot.adapters.venues.simulated import SimulatedVenue
from sot.application.accounting.rates import check_default_currency
from sot.application.history import OrderHistory
from sot.application.input.text_values import marks
from sot.domain.accounting.rates import Mark
from sot.domain.values.errors import InvalidInput, MissingExtra
from sot.domain.values.instrument import Instrument
from sot.domain.values.vocabulary import InstrumentKind
from sot.entrypoints.error_handling import exit_codes
from sot.entrypoints.options import STORE, RatesFileOption, RatesMaxAgeOption, RatesViaOption, read_file_rates
from sot.entrypoints.server_options import (
    AccessLogOption,
    BodyTimeoutOption,
    HeadTimeoutOption,
    IdleTimeoutOption,
    MaxConnectionsOption,
    MaxStreamsOption,
    MaxStreamsPerKeyOption,
    WriteTimeoutOption,
    connection_limits,
    start_access_log,
)
from sot.entrypoints.signing_keys import read_signer
from sot.entrypoints.stores import open_store
from sot.entrypoints.table_files import installed_formats
from sot.entrypoints.venues import ConfigOption, open_venue
from sot.ports.access import AccessStore
from sot.ports.store import Store, UnitOfWork
from sot.ports.venue import Venue

if TYPE_CHECKING:
    from sot.adapters.http import Settings

SIMULATED = "simulated"
PAGE_SECRET = "SOT_PAGE_SECRET"
"""The environment variable with the secret of page tokens."""
_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
_SHUTDOWN_SECONDS = 3


def serve(
    *,
    store_url: Annotated[str, STORE] = "orders.db",
    venue_name: Annotated[
        str | None,
        typer.Option(
            "--venue",
            metavar="VENUE",
            envvar="SOT_VENUE",
            help="The venue that executes requests: ccxt:binance and the like, MODULE:FUNCTION, or simulated, to try "
            "it out. Without one, applications report what they executed themselves.",
        ),
    ] = None,
    venue_config: ConfigOption = None,
    price: Annotated[
        list[str] | None,
        typer.Option("--price", metavar="SYMBOL=PRICE", help="A price of the simulated venue. Repeatable."),
    ] = None,
    host: Annotated[str, typer.Option("--host", metavar="NAME", help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="The port to listen on.")] = 8000,
    key: Annotated[
        Path | None, typer.Option("--key", metavar="PEM", help="The private key that signs checkpoints.")
    ] = None,
    rates_file: RatesFileOption = None,
    rates_via: RatesViaOption = None,
    rates_max_age: RatesMaxAgeOption = None,
    max_connections: MaxConnectionsOption = None,
    max_streams: MaxStreamsOption = 100,
    max_streams_per_key: MaxStreamsPerKeyOption = 10,
    head_timeout: HeadTimeoutOption = 10.0,
    body_timeout: BodyTimeoutOption = 30.0,
    idle_timeout: IdleTimeoutOption = 15,
    write_timeout: WriteTimeoutOption = 30.0,
    access_log: AccessLogOption = True,
    page: Annotated[bool, typer.Option("--page/--no-page", help="Show the web page at /.")] = True,
    session_hours: Annotated[
        float, typer.Option("--session-hours", min=0.01, help="How long somebody who logged in to the page stays so.")
    ] = 8.0,
    currency: Annotated[
        str | None,
        typer.Option(
            "--currency",
            metavar="CUR",
            envvar="SOT_CURRENCY",
            help="The page shows results in this currency (--rates), unless its reader chooses another one.",
        ),
    ] = None,
) -> None:
    """Serve the order history over HTTP, until interrupted: a page to look at, and operations for programs.

    `/` shows the page, `/sot/openapi.json` describes all operations.

    A request needs a key from `sot keys create`. While the store has no key, the server listens on a loopback address
    only, and every request there may do everything; it prints a warning.

    With the simulated venue, each symbol with a --price such as BTC/USDT=50000 is registered as a spot instrument of
    the account *default*. `POST /sot/instruments` and `sot record` register others.

    The figures of the server are at `/metrics`, for a key with the scope metrics.

    The page asks for a key, too, once: it opens a session that ends after --session-hours, when somebody logs out, or
    when the key is revoked.

    Page tokens and sessions are valid for one process, unless SOT_PAGE_SECRET gives several processes the same secret.

    For example:

    ```
    sot serve --venue simulated --price BTC/USDT=50000
    sot keys create --store orders.db --name bot --account main --scope read --scope submit --scope execute
    sot serve --store orders.db --venue ccxt:binance --host 0.0.0.0
    ```
    """
    with exit_codes():
        venue = _open_venue(venue_name, venue_config, price or [])
        signer = read_signer(key)
        rates = read_file_rates(rates_file, rates_via, rates_max_age)
        check_default_currency("--currency", currency, rates)
        try:
            import uvicorn

            from sot.adapters.http import create_app
            from sot.adapters.http.connections import connection_protocol
        except ModuleNotFoundError as error:
            raise MissingExtra("http", "sot serve") from error
        limits = connection_limits(max_connections, head_timeout, body_timeout, idle_timeout, write_timeout)
        with closing(open_store(store_url)) as store:
            settings = attrs.evolve(
                _settings(store, host, _is_local(store_url)),
                max_streams=max_streams,
                max_streams_per_key=max_streams_per_key,
                body_seconds=body_timeout,
                session_seconds=round(session_hours * 3600),
            )
            for symbol in _read_prices(price or []):
                _register_spot(store, symbol)
            app = create_app(
                store,
                venue,
                signer=signer,
                rates=rates,
                settings=settings,
                page=page,
                file_formats=installed_formats(),
                currency=currency,
            )
            _announce(settings, host, port, venue)
            if access_log:
                start_access_log()
            uvicorn.run(
                app,
                host=host,
                port=port,
                http=cast(
                    "Any", connection_protocol(limits, app.state.metrics)
                ),  # uvicorn calls it for each connection
                ws="none",
                timeout_keep_alive=limits.idle_seconds,
                log_level="warning",
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=_SHUTDOWN_SECONDS,
            )


def _open_venue(venue_name: str | None, config: Path | None, prices: list[str]) -> Venue | None:
    if venue_name == SIMULATED:
        return SimulatedVenue(SIMULATED.upper(), prices=_read_prices(prices))
    if prices:
        raise InvalidInput("--price", prices, "nothing: only the simulated venue has prices")
    return None if venue_name is None else open_venue(venue_name, config)


def _read_prices(texts: list[str]) -> dict[str, Decimal]:
    prices = marks("--price", texts)
    return {str(symbol): mark.price if isinstance(mark, Mark) else mark for symbol, mark in prices.items()}


def _register_spot(store: Store, symbol: str) -> None:
    """Register a symbol of the simulated venue for the account that requests without a key use."""
    from sot.adapters.http.access import DEFAULT_ACCOUNT

    base, slash, quote = symbol.partition("/")
    venue = SIMULATED.upper()

    def use_case(uow: UnitOfWork) -> None:
        if slash and quote and not uow.instruments.versions(DEFAULT_ACCOUNT, venue, symbol):
            spot = Instrument(
                account_id=DEFAULT_ACCOUNT, venue=venue, symbol=symbol, kind=InstrumentKind.SPOT, base=base, quote=quote
            )
            OrderHistory(uow).register(spot)

    store.run(use_case)


def _settings(store: AccessStore, host: str, local_store: bool) -> "Settings":
    """Settings that require keys if the store has any, also a revoked one.

    Raises InvalidInput for an address that others reach while there is no key.
    """
    from sot.adapters.http import Settings

    secret = os.environ.get(PAGE_SECRET, "").encode()
    if store.run(lambda uow: bool(uow.api_keys.list()), read_only=True):
        return Settings(page_secret=secret, local_store=local_store)
    if not _is_loopback(host):
        allowed = "a loopback address such as 127.0.0.1, since the store has no key yet (sot keys create makes one)"
        raise InvalidInput("--host", host, allowed)
    return Settings(keys=False, hosts=frozenset({*_LOOPBACK, host}), page_secret=secret, local_store=local_store)


def _is_local(store_url: str) -> bool:
    """Whether a read never waits: neither for a network, nor for the only connection of a database in memory."""
    return not (store_url.startswith("postgresql") or store_url.endswith("://"))


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _announce(settings: "Settings", host: str, port: int, venue: Venue | None) -> None:
    address = f"[{host}]" if ":" in host else host
    sys.stderr.write(f"sot: listening on http://{address}:{port}, ")
    sys.stderr.write("without a venue\n" if venue is None else f"venue {venue.name}\n")
    if not settings.keys:
        sys.stderr.write(
            "sot: the store has no key: every request to this loopback address may do everything. "
            "Create keys with sot keys create, then start again.\n"
        )
    sys.stderr.flush()
