"""The missing units of a position, counted in units after all splits, as they change entry by entry."""

from collections.abc import Iterable
from decimal import Decimal

from sot.domain.accounting.account_event import AccountEvent
from sot.domain.accounting.figures import Entry, Figures
from sot.domain.values.numbers import ZERO, add, share, subtract


class MissingUnits:
    """Counts what each entry adds to the missing units of a position.

    What is missing after an entry is what the position would miss at its end if only the splits were yet to come. So
    the differences add up to what the position misses, exactly, and a split adds nothing.

    Rules: MISSING-5.
    """

    def __init__(self, splits: Iterable[AccountEvent]) -> None:
        """Begin before the first entry.

        Args:
            splits: All splits of the symbol that take effect.
        """
        self._later = sorted(splits, key=lambda split: split.fold_key, reverse=True)
        self._missing = ZERO

    def added_by(self, entry: Entry, after: Figures) -> Decimal:
        """Return the units that an entry added; negative if it brought units that were missing.

        Args:
            entry: The next entry, in the order of fold keys.
            after: The figures of the fold after it.
        """
        while self._later and self._later[-1].fold_key <= entry.fold_key:
            self._later.pop()
        before = self._missing
        self._missing = add(self._at_end(after.missing_traded), self._at_end(after.missing_moved).copy_abs())
        return subtract(self._missing, before)

    def _at_end(self, units: Decimal) -> Decimal:
        if units:
            for split in reversed(self._later):
                assert split.split_to is not None and split.split_from is not None
                units = share(split.split_to, units, split.split_from)
        return units
