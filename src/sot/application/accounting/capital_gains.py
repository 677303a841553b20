"""Queries for capital gains. Nothing here writes."""

from collections.abc import Iterator
from operator import attrgetter

from sot.application.accounting.other_positions import source_of
from sot.application.accounting.position_entries import entries, splits_of
from sot.application.accounting.reporting import Reporting
from sot.application.accounting.result_filter import ResultFilter
from sot.application.accounting.results import registered_positions
from sot.application.accounting.unregistered import left_out
from sot.domain.accounting.capital_gains import CapitalGain, capital_gains
from sot.domain.accounting.closings import ClosingFold, ReportedClosingFold
from sot.domain.accounting.rates import Rates
from sot.domain.accounting.reported_results import reported_contributions
from sot.domain.accounting.results import contributions
from sot.domain.accounting.unregistered import ResultRows
from sot.domain.values.vocabulary import Method
from sot.ports.store import UnitOfWork


def list_capital_gains(
    uow: UnitOfWork, filter: ResultFilter, method: Method, rates: Rates | None, reporting: Reporting | None = None
) -> ResultRows[CapitalGain]:
    """The gains that were realized in the interval of the filter, in the order of time; of one time, by position."""
    gains = _iterate(uow, filter, method, rates, reporting)
    wanted = (gain for gain in gains if filter.includes(gain.realized_at))
    return ResultRows(sorted(wanted, key=attrgetter("realized_at")), left_out(uow, filter))


def _iterate(
    uow: UnitOfWork, filter: ResultFilter, method: Method, rates: Rates | None, reporting: Reporting | None
) -> Iterator[CapitalGain]:
    for key, instruments in registered_positions(uow, filter):
        if reporting is None:
            fold = ClosingFold(instruments, method, rates, source_of(uow, method, rates))
            moves = contributions(key, fold, entries(uow, key), splits_of(uow, key))
            yield from capital_gains(fold, moves, method)
        else:
            reported = ReportedClosingFold(
                instruments, method, reporting.converter(), reporting.carried_source(uow, method)
            )
            moves = reported_contributions(key, reported, entries(uow, key), splits_of(uow, key))
            yield from capital_gains(reported, moves, method)
