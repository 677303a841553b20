"""Register instruments."""

from collections.abc import Sequence

from sot.application.accounting import revaluation
from sot.domain.audit.digests import instrument_digest
from sot.domain.values.errors import Conflict, InvalidInput
from sot.domain.values.instrument import Instrument, RecordedInstrument, holding_versions
from sot.domain.values.times import time_text
from sot.domain.values.vocabulary import Outcome
from sot.ports.store import UnitOfWork

# A position has the same currencies all its life.
_FIXED_FIELDS = ("base", "quote", "settle", "inverse")


def register(uow: UnitOfWork, instrument: Instrument) -> Outcome:
    """Record a version of an instrument, and value again what was recorded before.

    Raises:
        Conflict: Another version has the same `valid_from`.
        InvalidInput: A field differs that all versions must share, or no version holds that it corrects.

    Rules: VALUE-8.
    """
    recorded = uow.instruments.recorded(instrument.account_id, instrument.venue, instrument.symbol)
    if any(version.instrument == instrument for version in recorded):
        return Outcome.REPEATED
    holding = holding_versions(recorded)
    _check_corrections(holding, instrument)
    for version in holding:
        if version.valid_from not in instrument.corrects:
            _check_beside(version, instrument)
    numbered = RecordedInstrument(instrument, next_number(recorded, instrument))
    uow.instruments.add(numbered, instrument_digest(instrument), uow.clock.now())
    revaluation.revalue(uow, instrument.account_id, instrument.venue, instrument.symbol)
    return Outcome.RECORDED


def next_number(recorded: Sequence[RecordedInstrument], instrument: Instrument) -> int:
    """The number of a new version: how many with its `valid_from` were recorded before it."""
    return sum(version.instrument.valid_from == instrument.valid_from for version in recorded)


def _check_corrections(holding: Sequence[Instrument], instrument: Instrument) -> None:
    times = [version.valid_from for version in holding]
    for at in instrument.corrects:
        if at not in times:
            allowed = "the valid_from of versions that hold: " + (", ".join(map(time_text, times)) or "there is none")
            raise InvalidInput("corrects", time_text(at), allowed)


def _check_beside(version: Instrument, instrument: Instrument) -> None:
    """Check that a new version can hold beside another one."""
    if version.valid_from == instrument.valid_from:
        differs = [name for name in Instrument.KINDS if getattr(version, name) != getattr(instrument, name)]
        hint = "a new version needs a later valid_from; a correction of this one names its valid_from in corrects"
        raise Conflict("instrument", f"{instrument.venue} {instrument.symbol}", differs, hint)
    differs = [name for name in _FIXED_FIELDS if getattr(version, name) != getattr(instrument, name)]
    if differs:
        allowed = (
            f"{getattr(version, differs[0])}, as the version of {time_text(version.valid_from)} has it; to correct"
            " this, correct all versions at once (corrects), and register the others again"
        )
        raise InvalidInput(differs[0], getattr(instrument, differs[0]), allowed)
