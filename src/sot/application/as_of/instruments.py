"""The versions of instruments that were known at a point in time."""

from collections.abc import Sequence
from typing import Any, cast

from sot.domain.audit.digests import instrument_key
from sot.domain.audit.known import KnownAt
from sot.domain.values.instrument import Instrument, RecordedInstrument, holding_versions
from sot.domain.values.vocabulary import FactKind
from sot.ports.store import UnitOfWork


def with_known_instruments(uow: UnitOfWork, known: KnownAt) -> UnitOfWork:
    """A unit of work for reading that has only the versions of instruments that were known."""
    return uow if known.is_unlimited else cast("UnitOfWork", _KnownInstruments(uow, known))


class _KnownInstruments:
    def __init__(self, uow: UnitOfWork, known: KnownAt) -> None:
        self._uow = uow
        self._known = known
        self.instruments = self
        self._recorded: dict[tuple[str, str, str], Sequence[RecordedInstrument]] = {}

    def recorded(self, account_id: str, venue: str, symbol: str) -> Sequence[RecordedInstrument]:
        key = account_id, venue, symbol
        if key not in self._recorded:
            recorded = self._uow.instruments.recorded(*key)
            self._recorded[key] = [version for version in recorded if was_known(self._uow, self._known, version)]
        return self._recorded[key]

    def versions(self, account_id: str, venue: str, symbol: str) -> Sequence[Instrument]:
        return holding_versions(self.recorded(account_id, venue, symbol))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._uow, name)


def was_known(uow: UnitOfWork, known: KnownAt, recorded: RecordedInstrument) -> bool:
    """Whether a version of an instrument was known."""
    key = instrument_key(recorded.instrument)
    leaf = uow.feed.find(FactKind.INSTRUMENT, recorded.account_id, key, recorded.number)
    return leaf is not None and known.includes(leaf)
