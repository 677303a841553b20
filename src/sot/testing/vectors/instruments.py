"""The instruments of a vector: an implied one, and those that it names."""

from collections.abc import Iterator, Mapping
from typing import Any

from sot.domain.values.instrument import Instrument

VENUE = "VENUE"
SYMBOL = "BASE/QUOTE"

_IMPLIED: Mapping[str, Any] = {"symbol": SYMBOL, "kind": "SPOT", "base": "BASE", "quote": "QUOTE"}


def instruments_of(vector: Mapping[str, Any], account_id: str) -> Iterator[Instrument]:
    """The instruments to register: those of the vector, and the implied one, unless the vector has its symbol."""
    named = vector.get("instruments", [])
    implied = [] if any(fields["symbol"] == SYMBOL for fields in named) else [_IMPLIED]
    for fields in (*implied, *named):
        yield Instrument.read({"account_id": account_id, "venue": VENUE, **fields})
