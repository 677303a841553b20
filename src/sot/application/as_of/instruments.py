"""The versions of instruments that were known at a point in time."""

from collections.abc import Sequence
from typing import Any, cast

from sot.domain.audit.digests import instrument_key
from sot.domain.audit.known import KnownAt
from sot.domain.values.instrument import Instrument
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
        self._versions: dict[tuple[str, str, str], Sequence[Instrument]] = {}

    def versions(self, account_id: str, venue: str, symbol: str) -> Sequence[Instrument]:
        key = account_id, venue, symbol
        if key not in self._versions:
            versions = self._uow.instruments.versions(*key)
            self._versions[key] = [version for version in versions if was_known(self._uow, self._known, version)]
        return self._versions[key]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._uow, name)


def was_known(uow: UnitOfWork, known: KnownAt, instrument: Instrument) -> bool:
    """Whether a version of an instrument was known."""
    leaf = uow.feed.find(FactKind.INSTRUMENT, instrument.account_id, instrument_key(instrument))
    return leaf is not None and known.includes(leaf)
