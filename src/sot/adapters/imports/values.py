"""Making facts of the values that a reader found, with errors that are those of the row."""

from collections.abc import Mapping
from typing import Any

from sot.adapters.imports.row_error import RowError
from sot.domain.accounting.account_event import AccountEvent
from sot.domain.orders.report import VenueReport
from sot.domain.values.errors import InvalidInput
from sot.domain.values.instrument import Instrument
from sot.domain.values.vocabulary import InstrumentKind


def _present(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def report(values: Mapping[str, Any]) -> VenueReport:
    """Make a report of the values that are not None.

    Raises:
        RowError: One is not allowed.
    """
    try:
        return VenueReport.read(_present(values))
    except InvalidInput as error:
        raise RowError(str(error)) from None


def account_event(values: Mapping[str, Any]) -> AccountEvent:
    """Make an account event of the values that are not None.

    Raises:
        RowError: One is not allowed.
    """
    try:
        return AccountEvent.read(_present(values))
    except InvalidInput as error:
        raise RowError(str(error)) from None


def instrument(values: Mapping[str, Any]) -> Instrument:
    """Make an instrument of the values that are not None.

    Raises:
        RowError: One is not allowed.
    """
    try:
        return Instrument.read(_present(values))
    except InvalidInput as error:
        raise RowError(str(error)) from None


def crypto_symbol(base: str, quote: str, settle: str | None = None) -> str:
    """The symbol as ccxt has it: `BTC/USDT`, of a perpetual contract `BTC/USDT:USDT`."""
    return f"{base}/{quote}" if settle is None else f"{base}/{quote}:{settle}"


def crypto_instrument(account_id: str, venue: str, base: str, quote: str, settle: str | None = None) -> Instrument:
    """A coin against another, or a linear perpetual contract of one unit.

    Raises:
        RowError: A name is not allowed.
    """
    return instrument(
        {
            "account_id": account_id,
            "venue": venue,
            "symbol": crypto_symbol(base, quote, settle),
            "kind": InstrumentKind.SPOT if settle is None else InstrumentKind.PERPETUAL,
            "base": base,
            "quote": quote,
            "settle": settle,
        }
    )


class Instruments:
    """Returns each instrument once, and refuses other terms of one that was returned."""

    def __init__(self) -> None:
        self._returned: dict[tuple[str, str], Instrument] = {}

    def new(self, found: Instrument) -> list[Instrument]:
        """Return the instrument, if it was not returned before.

        Raises:
            RowError: It was returned with other terms.
        """
        key = found.venue, found.symbol
        known = self._returned.setdefault(key, found)
        if known != found:
            raise RowError(f"{found.symbol} has other terms than in an earlier row")
        return [found] if known is found else []
