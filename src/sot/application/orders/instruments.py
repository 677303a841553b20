"""Register instruments."""

from sot.application.accounting import revaluation
from sot.domain.audit.digests import instrument_digest
from sot.domain.values.errors import Conflict, InvalidInput
from sot.domain.values.instrument import Instrument
from sot.domain.values.vocabulary import Outcome
from sot.ports.store import UnitOfWork

# A position has the same currencies all its life.
_FIXED_FIELDS = ("base", "quote", "settle", "inverse")


def register(uow: UnitOfWork, instrument: Instrument) -> Outcome:
    """Record a version of an instrument, and value again what was recorded before.

    Raises:
        Conflict: Another version has the same `valid_from`.
        InvalidInput: A field differs that all versions must share.
    """
    versions = uow.instruments.versions(instrument.account_id, instrument.venue, instrument.symbol)
    for version in versions:
        if version.valid_from == instrument.valid_from:
            if version == instrument:
                return Outcome.REPEATED
            differs = [name for name in Instrument.KINDS if getattr(version, name) != getattr(instrument, name)]
            hint = "a new version needs a later valid_from"
            raise Conflict("instrument", f"{instrument.venue} {instrument.symbol}", differs, hint)
        differs = [name for name in _FIXED_FIELDS if getattr(version, name) != getattr(instrument, name)]
        if differs:
            allowed = f"{getattr(version, differs[0])}, as its other versions have it"
            raise InvalidInput(differs[0], getattr(instrument, differs[0]), allowed)
    uow.instruments.add(instrument, instrument_digest(instrument), uow.clock.now())
    revaluation.revalue(uow, instrument.account_id, instrument.venue, instrument.symbol)
    return Outcome.RECORDED
