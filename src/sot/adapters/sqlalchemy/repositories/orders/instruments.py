"""Instruments in tables."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from sqlalchemy import bindparam, select

from sot.adapters.sqlalchemy import rows
from sot.adapters.sqlalchemy.models import InstrumentRow
from sot.adapters.sqlalchemy.statements import Query
from sot.adapters.sqlalchemy.write_buffer import WriteBuffer
from sot.domain.audit.digests import instrument_key
from sot.domain.values.canonical import read_canonical
from sot.domain.values.instrument import Instrument, RecordedInstrument
from sot.domain.values.vocabulary import FactKind
from sot.ports import orders as ports

_RECORDED = Query(
    select(InstrumentRow.body, InstrumentRow.number)
    .where(
        InstrumentRow.account_id == bindparam("account_id"),
        InstrumentRow.venue == bindparam("venue"),
        InstrumentRow.symbol == bindparam("symbol"),
    )
    .order_by(InstrumentRow.valid_from, InstrumentRow.number)
)


class Instruments(ports.Instruments):
    """The versions of an instrument are read once."""

    def __init__(self, buffer: WriteBuffer) -> None:
        self._buffer = buffer
        self._cache: dict[tuple[str, str, str], list[RecordedInstrument]] = {}

    def add(self, recorded: RecordedInstrument, hash: str, recorded_at: datetime) -> None:
        self._buffer.begin_change("an instrument")
        instrument, number = recorded.instrument, recorded.number
        versions = self._recorded(instrument.account_id, instrument.venue, instrument.symbol)
        row = rows.instrument_row(instrument, number, hash)
        key = instrument_key(instrument)
        self._buffer.insert_fact(FactKind.INSTRUMENT, "instruments", row, key, recorded_at, number)
        versions.append(recorded)
        versions.sort(key=lambda version: (version.instrument.valid_from, version.number))
        self._buffer.autoflush()

    def recorded(self, account_id: str, venue: str, symbol: str) -> Sequence[RecordedInstrument]:
        return list(self._recorded(account_id, venue, symbol))

    def _recorded(self, account_id: str, venue: str, symbol: str) -> list[RecordedInstrument]:
        key = (account_id, venue, symbol)
        versions = self._cache.get(key)
        if versions is None:
            found = self._buffer.fetch(_RECORDED, {"account_id": account_id, "venue": venue, "symbol": symbol})
            versions = self._cache[key] = [RecordedInstrument(self._read(row.body), row.number) for row in found]
        return versions

    def _read(self, body: str) -> Instrument:
        return rows.read(self._buffer.url, "instruments", _parse, body)


@lru_cache(maxsize=1024)
def _parse(body: str) -> Instrument:
    """Return the instrument of a text; the same object for the same text, in whichever store it is."""
    return Instrument.from_trusted(read_canonical(body))
