"""The size of a contract, which a report does not state, and the currencies in a symbol."""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

import attrs

from sot.adapters.imports.metatrader.report_file import ReportFile, ReportRow
from sot.adapters.imports.row_error import RowError
from sot.domain.values.numbers import ZERO, multiply, quotient, rounded, subtract

_PAIR = re.compile(r"([A-Z]{3})/?([A-Z]{3})(?![A-Z])")

FIAT = frozenset(
    {"USD", "EUR", "GBP", "JPY", "CHF", "AUD", "CAD", "NZD", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "TRY", "ZAR"}
    | {"MXN", "SGD", "HKD", "CNH", "THB", "ILS", "RUB"}
)

_CURRENCIES = FIAT | {"XAU", "XAG", "BTC", "ETH"}

LOT_OF_CURRENCY = Decimal(100_000)
"""The size of a contract of a pair of currencies."""

_HALF_CENT = Decimal("0.005")

_UNITS = tuple(Decimal((0, (1,), exponent)) for exponent in range(-4, 7))
"""What sizes of contracts are multiples of, from a ten-thousandth to a million."""


def currencies_of(symbol: str) -> tuple[str, str] | None:
    """The currencies in a symbol such as `EURUSD.m`; None if it is no pair."""
    found = _PAIR.match(symbol)
    if found is None or not {found[1], found[2]} <= _CURRENCIES:
        return None
    return found[1], found[2]


def contract_sizes(report_file: ReportFile) -> dict[str, Decimal]:
    """The sizes of contracts that profits tell, by symbol; none where they tell several."""
    sizes: dict[str, set[Decimal]] = {}
    for closed in [*_closed_positions(report_file.rows), *_closed_by_deals(report_file.rows)]:
        pair = currencies_of(closed.symbol)
        size = closed.size if pair is None or pair[1] == report_file.currency else None
        if size is not None:
            sizes.setdefault(closed.symbol, set()).add(size)
    return {symbol: found.pop() for symbol, found in sizes.items() if len(found) == 1}


@attrs.frozen
class _Closed:
    """A position that was closed: by how much its price moved in its favour, per lot, and what it earned."""

    symbol: str
    moved: Decimal
    volume: Decimal
    profit: Decimal

    @property
    def size(self) -> Decimal | None:
        """The roundest size of a contract that gives the profit, to a cent; None if there is none."""
        moved = multiply(self.moved, self.volume)
        best = None
        for unit in _UNITS if moved and self.profit else ():
            size = multiply(rounded(quotient(quotient(self.profit, moved), unit), 0), unit)
            if size > ZERO and subtract(multiply(size, moved), self.profit).copy_abs() <= _HALF_CENT:
                best = size
        return best


def _closed_positions(rows: Iterable[ReportRow]) -> Iterator[_Closed]:
    """The positions that the report lists."""
    for row in rows:
        if row.section == "Positions":
            figures = _figures(row, "Volume", "Profit", "Price", "Price 2")
            if figures is not None:
                volume, profit, opened, closed = figures
                moved = subtract(closed, opened)
                is_short = row.values.get("Type", "").lower() == "sell"
                yield _Closed(row.values.get("Symbol", ""), -moved if is_short else moved, volume, profit)


def _closed_by_deals(rows: Iterable[ReportRow]) -> Iterator[_Closed]:
    """The positions that one deal opened and the next one of its symbol closed, whole."""
    opened: dict[str, tuple[Decimal, Decimal, str] | None] = {}
    for row in sorted(rows, key=lambda row: row.values.get("Time", "")):
        figures = _figures(row, "Volume", "Price", "Profit") if row.section == "Deals" else None
        if figures is None:
            continue
        volume, price, profit = figures
        symbol, kind = row.values.get("Symbol", ""), row.values.get("Type", "").lower()
        before = opened.pop(symbol, None)
        if row.values.get("Direction", "").lower() == "in":
            opened[symbol] = (price, volume, kind)
        elif before is not None and before[1] == volume:
            moved = subtract(price, before[0])
            yield _Closed(symbol, -moved if before[2] == "sell" else moved, volume, profit)


def _figures(row: ReportRow, *names: str) -> tuple[Decimal, ...] | None:
    """The numbers in columns; None if one is missing."""
    try:
        numbers = [row.number(name) for name in names]
    except RowError:
        return None
    found = tuple(number for number in numbers if number is not None)
    return found if len(found) == len(names) else None
