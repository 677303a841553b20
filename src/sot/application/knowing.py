"""What was known of instruments at a moment."""

from collections.abc import Sequence
from typing import Any, cast

from sot.domain.facts import instrument_key
from sot.domain.instrument import Instrument
from sot.domain.vocabulary import FactKind
from sot.ports.records import Known
from sot.ports.store import UnitOfWork


def knowing(uow: UnitOfWork, known: Known) -> UnitOfWork:
    """The unit of work, for reading, with the versions of instruments that were known."""
    return uow if known.everything else cast("UnitOfWork", _Knowing(uow, known))


class _Knowing:
    def __init__(self, uow: UnitOfWork, known: Known) -> None:
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


def was_known(uow: UnitOfWork, known: Known, instrument: Instrument) -> bool:
    """Whether a version was registered by then."""
    leaf = uow.feed.find(FactKind.INSTRUMENT, instrument.account_id, instrument_key(instrument))
    return leaf is not None and known.holds(leaf)
