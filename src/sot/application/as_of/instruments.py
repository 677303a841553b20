"""What was known of instruments at a moment."""

from collections.abc import Sequence
from typing import Any, cast

from sot.domain.audit.digests import instrument_key
from sot.domain.audit.known import KnownAt
from sot.domain.values.instrument import Instrument
from sot.domain.values.vocabulary import FactKind
from sot.ports.store import UnitOfWork


def with_known_instruments(uow: UnitOfWork, known: KnownAt) -> UnitOfWork:
    """The unit of work, for reading, with the versions of instruments that were known."""
    return uow if known.is_unlimited else cast("UnitOfWork", _KnownInstruments(uow, known))


class _KnownInstruments:
    def __init__(self, uow: UnitOfWork, known: KnownAt) -> None:
        self._uow = uow
        self._known = known
        self.instruments = self
        self._versions: dict[tuple[str, str, str], Sequence[Instrument]] = {}

    def versions(self, account_id: str, venue: str, symbol: str) -> Sequence[Instrument]:
        asked = account_id, venue, symbol
        if asked not in self._versions:
            found = self._uow.instruments.versions(*asked)
            self._versions[asked] = [one for one in found if was_known(self._uow, self._known, one)]
        return self._versions[asked]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._uow, name)


def was_known(uow: UnitOfWork, known: KnownAt, instrument: Instrument) -> bool:
    """Whether a version was registered by then."""
    leaf = uow.feed.find(FactKind.INSTRUMENT, instrument.account_id, instrument_key(instrument))
    return leaf is not None and known.includes(leaf)
