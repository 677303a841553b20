"""`sot serve`: the order history over HTTP."""

import ipaddress
import os
import sys
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sot.adapters.venues.simulated import SimulatedVenue
from sot.application.history import OrderHistory
from sot.application.input.text_values import marks
from sot.domain.accounting.rates import Mark
from sot.domain.values.errors import InvalidInput, MissingExtra
from sot.domain.values.instrument import Instrument
from sot.domain.values.vocabulary import InstrumentKind
from sot.entrypoints import failures
from sot.entrypoints.keys import signer_of
from sot.entrypoints.options import STORE
from sot.entrypoints.stores import open_store
from sot.entrypoints.venues import ConfigOption, open_venue
from sot.ports.access import AccessStore
from sot.ports.store import Store, UnitOfWork
from sot.ports.venue import Venue

if TYPE_CHECKING:
    from sot.adapters.http import Settings

SIMULATED = "simulated"
PAGE_SECRET = "SOT_PAGE_SECRET"
_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
_GRACE_SECONDS = 3


def serve(
    *,
    store: Annotated[str, STORE] = "orders.db",
    venue: Annotated[
        str | None,
        typer.Option(
            "--venue",
            metavar="VENUE",
            envvar="SOT_VENUE",
            help="Who executes requests: ccxt:binance and the like, MODULE:FUNCTION, or simulated, to try it out. "
            "Without one, applications report what they executed themselves.",
        ),
    ] = None,
    venue_config: ConfigOption = None,
    price: Annotated[
        list[str] | None,
        typer.Option("--price", metavar="SYMBOL=PRICE", help="What the simulated venue trades at. Repeatable."),
    ] = None,
    host: Annotated[str, typer.Option("--host", metavar="NAME", help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="The port to listen on.")] = 8000,
    key: Annotated[
        Path | None, typer.Option("--key", metavar="PEM", help="The private key that signs checkpoints.")
    ] = None,
) -> None:
    """Serve the order history over HTTP, until interrupted. `/sot/openapi.json` tells what there is.

    Requests need a key, made by `sot keys create`. While the store has none, the server listens on a loopback address
    only, and whoever reaches it may do everything. It says so.

    With the simulated venue, symbols like BTC/USDT that have a --price are registered for the account *default* as
    spot instruments. Others are registered by `POST /sot/instruments` or `sot record`.

    Page tokens hold for one process, unless SOT_PAGE_SECRET gives several the same secret.

    For example:

    ```
    sot serve --venue simulated --price BTC/USDT=50000
    sot keys create --store orders.db --name bot --account main --scope read --scope submit --scope execute
    sot serve --store orders.db --venue ccxt:binance --host 0.0.0.0
    ```
    """
    with failures.exit_codes():
        opened = _venue(venue, venue_config, price or [])
        signer = signer_of(key)
        try:
            import uvicorn

            from sot.adapters.http import create_app
        except ModuleNotFoundError as error:
            raise MissingExtra("http", "sot serve") from error
        kept = open_store(store)
        try:
            settings = _settings(kept, host, _is_at_hand(store))
            for symbol in _priced(price or []):
                _register(kept, symbol)
            app = create_app(kept, opened, signer=signer, settings=settings)
            _tell(settings, host, port, opened)
            uvicorn.run(
                app,
                host=host,
                port=port,
                log_level="warning",
                server_header=False,
                timeout_graceful_shutdown=_GRACE_SECONDS,
            )
        finally:
            kept.close()


def _venue(spec: str | None, config: Path | None, prices: list[str]) -> Venue | None:
    if spec == SIMULATED:
        return SimulatedVenue(SIMULATED.upper(), prices=_priced(prices))
    if prices:
        raise InvalidInput("--price", prices, "nothing: only the simulated venue is told what it trades at")
    return None if spec is None else open_venue(spec, config)


def _priced(prices: list[str]) -> dict[str, Decimal]:
    given = marks("--price", prices)
    return {str(symbol): mark.price if isinstance(mark, Mark) else mark for symbol, mark in given.items()}


def _register(store: Store, symbol: str) -> None:
    """What the simulated venue trades can be traded at once by the account of whoever only tries it out."""
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
    """Keys are needed as soon as there is one, if only a revoked one. Raises: InvalidInput: open to others."""
    from sot.adapters.http import Settings

    secret = os.environ.get(PAGE_SECRET, "").encode()
    if store.run(lambda uow: bool(uow.api_keys.list()), read_only=True):
        return Settings(page_secret=secret, local_store=local_store)
    if not _is_loopback(host):
        allowed = "a loopback address such as 127.0.0.1, since the store has no key yet (sot keys create makes one)"
        raise InvalidInput("--host", host, allowed)
    return Settings(keys=False, hosts=frozenset({*_LOOPBACK, host}), page_secret=secret, local_store=local_store)


def _is_at_hand(store: str) -> bool:
    """Whether reading waits for nobody: not in a database behind a network, nor in one that has one connection."""
    return not (store.startswith("postgresql") or store.endswith("://"))


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _tell(settings: "Settings", host: str, port: int, venue: Venue | None) -> None:
    named = f"[{host}]" if ":" in host else host
    sys.stderr.write(f"sot: listening on http://{named}:{port}, ")
    sys.stderr.write("without a venue\n" if venue is None else f"venue {venue.name}\n")
    if not settings.keys:
        sys.stderr.write(
            "sot: the store has no key: whoever reaches this loopback address may do everything. "
            "Make keys with sot keys create, then start again.\n"
        )
    sys.stderr.flush()
