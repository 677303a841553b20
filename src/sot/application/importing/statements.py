"""Compare the figures that a source states with those of the history.

Results, fees and payments are those of the executions and account events of the source alone, whether they were
recorded now or before. Quantities and balances are those of the whole history, as they were when the source ends.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

import attrs

from sot.application.history import OrderHistory
from sot.application.importing.summary import FigureDifference
from sot.application.queries.accounts import AccountQueries
from sot.application.support.record_result import RecordResult
from sot.domain.accounting.account_event import AccountEvent
from sot.domain.accounting.figures import Entry
from sot.domain.accounting.results import Contribution
from sot.domain.orders.fill import Fill
from sot.domain.orders.report import VenueReport
from sot.domain.values.numbers import ZERO, add, canonical, subtract
from sot.domain.values.vocabulary import Method
from sot.ports.readers import StatedFigure, Statement
from sot.ports.store import UnitOfWork


class _FigureKey(NamedTuple):
    """What a figure is of."""

    figure: StatedFigure
    venue: str
    venue_account: str
    symbol: str | None
    currency: str | None
    method: Method


class _Stated(NamedTuple):
    amount: Decimal
    tolerance: Decimal


@attrs.frozen(kw_only=True)
class Compared:
    """How many figures were compared, and those that differ."""

    figures: int = 0
    differences: Sequence[FigureDifference] = ()


@attrs.define
class Imported:
    """The executions and account events of an import, recorded now or before."""

    fills: set[tuple[str | None, str | None, str]] = attrs.field(factory=set)
    events: set[str] = attrs.field(factory=set)
    account_id: str | None = None
    last_at: datetime | None = None

    def add_fill(self, report: VenueReport, result: RecordResult) -> None:
        """Add an execution."""
        self.account_id = report.account_id
        self.fills.add((result.order_id, report.exec_id, report.leg))
        self._note_time(report.occurred_at)

    def add_event(self, event: AccountEvent, result: RecordResult) -> None:
        """Add an account event."""
        self.account_id = event.account_id
        if result.event_id is not None:
            self.events.add(result.event_id)
        self._note_time(event.occurred_at)

    def _note_time(self, at: datetime | None) -> None:
        if at is not None and (self.last_at is None or at > self.last_at):
            self.last_at = at

    def has(self, entry: Entry) -> bool:
        """Whether an entry of a position is of the import."""
        if isinstance(entry, Fill):
            return (entry.order_id, entry.exec_id, entry.leg) in self.fills
        return entry.event_id in self.events


def compare_statements(uow: UnitOfWork, statements: Iterable[Statement], imported: Imported) -> Compared:
    """Compare the figures of a source with those of the history, per figure, instrument and currency.

    A difference that rounding each stated figure explains is none.
    """
    stated = _sums(statements)
    if not stated or imported.account_id is None:
        return Compared(figures=len(stated), differences=[_difference(*each, None) for each in stated.items()])
    computed = _Computed(uow, imported)
    differences = []
    for wanted, sums in stated.items():
        figure, note = computed.figure(wanted)
        if figure is None or subtract(sums.amount, figure).copy_abs() > sums.tolerance:
            differences.append(_difference(wanted, sums, figure, note))
    return Compared(figures=len(stated), differences=tuple(differences))


_OF_ONE_TIME = frozenset({StatedFigure.QUANTITY, StatedFigure.BALANCE})


def _sums(statements: Iterable[Statement]) -> dict[_FigureKey, _Stated]:
    """The sums of what is stated; of figures of one time the last one."""
    sums: dict[_FigureKey, _Stated] = {}
    for each in statements:
        wanted = _FigureKey(each.figure, each.venue, each.venue_account, each.symbol, each.currency, each.method)
        half_unit = Decimal((0, (5,), -each.fraction_digits - 1))
        before = sums.get(wanted)
        if before is None or each.figure in _OF_ONE_TIME:
            sums[wanted] = _Stated(each.amount, half_unit)
        else:
            sums[wanted] = _Stated(add(before.amount, each.amount), add(before.tolerance, half_unit))
    return sums


def _difference(wanted: _FigureKey, stated: _Stated, computed: Decimal | None, note: str = "") -> FigureDifference:
    return FigureDifference(
        figure=wanted.figure,
        venue=wanted.venue,
        venue_account=wanted.venue_account,
        symbol=wanted.symbol,
        currency=wanted.currency,
        stated=canonical(stated.amount),
        computed=None if computed is None else canonical(computed),
        tolerance=canonical(stated.tolerance),
        note=note,
    )


class _Computed:
    """The figures of the history."""

    def __init__(self, uow: UnitOfWork, imported: Imported) -> None:
        self._uow = uow
        self._history = OrderHistory(uow)
        self._imported = imported
        assert imported.account_id is not None
        self._account_id = imported.account_id
        self._contributions: dict[tuple[str, Method], Sequence[Contribution]] = {}

    @cached_property
    def _at_end(self) -> AccountQueries:
        """The history when the source ends, which may be before what other sources told."""
        end = self._imported.last_at
        is_past = end is not None and end <= self._uow.clock.now()
        return self._history.as_of(happened_by=end) if is_past else self._history

    def figure(self, wanted: _FigureKey) -> tuple[Decimal | None, str]:
        """The figure of the history, if it has one, and what it lacks."""
        return _FIGURES[wanted.figure](self, wanted)

    def quantity(self, wanted: _FigureKey) -> tuple[Decimal | None, str]:
        """The open units of an instrument, on all sides."""
        positions = self._at_end.positions(
            self._account_id,
            venue=wanted.venue,
            symbol=wanted.symbol,
            venue_account=wanted.venue_account or None,
        )
        quantities = [position.quantity for position in positions]
        return _sum(quantities), ""

    def balance(self, wanted: _FigureKey) -> tuple[Decimal | None, str]:
        """The balance of an asset."""
        balances = self._at_end.balances(
            self._account_id, wanted.venue, venue_account=wanted.venue_account, asset=wanted.currency
        )
        amount = _sum(balance.amount for balance in balances)
        return amount, "" if all(balance.complete for balance in balances) else "a symbol is not registered"

    def result(self, wanted: _FigureKey) -> tuple[Decimal | None, str]:
        """What the executions of the import realized, and what closed units without one."""
        parts = [part for part in self._parts(wanted) if part.currency == (wanted.currency or part.currency)]
        gross = _sum(part.realized_gross for part in parts)
        name = _FEES_IN.get(wanted.figure)
        fees = ZERO if name is None else _sum(getattr(part, name) for part in parts)
        notes = []
        if name is not None and any(part.unvalued for part in parts):
            notes.append("without fees in other currencies")
        if any(part.missing_quantity for part in parts):
            notes.append("units were sold that no fact shows to have come")
        return subtract(gross, fees), "; ".join(notes)

    def fees(self, wanted: _FigureKey) -> tuple[Decimal | None, str]:
        """The fees of the executions of the import in a currency."""
        fees = [
            fee.amount
            for part in self._parts(wanted)
            if isinstance(part.entry, Fill)
            for fee in part.entry.fees
            if wanted.currency in (None, fee.currency)
        ]
        return _sum(fees), ""

    def events(self, wanted: _FigureKey) -> tuple[Decimal | None, str]:
        """What the account events of the import received or paid in a currency."""
        amounts = [
            event.amount or ZERO
            for event in self._uow.account_events.effective(self._account_id, wanted.venue, wanted.symbol)
            if event.event_id in self._imported.events and event.currency == wanted.currency
        ]
        return _sum(amounts), ""

    def _parts(self, wanted: _FigureKey) -> Iterable[Contribution]:
        """What the entries of the import contributed to the positions that a figure is of."""
        key = wanted.venue, wanted.method
        if key not in self._contributions:
            parts = self._history.contributions(self._account_id, venue=wanted.venue, method=wanted.method)
            self._contributions[key] = [part for part in parts if self._imported.has(part.entry)]
        for part in self._contributions[key]:
            if wanted.symbol in (None, part.key.symbol) and wanted.venue_account in (
                "",
                part.key.venue_account,
            ):
                yield part


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    total = ZERO
    for amount in amounts:
        total = add(total, amount)
    return total


_FEES_IN: Mapping[StatedFigure, str] = {
    StatedFigure.REALIZED_NET: "closed_fees",
    StatedFigure.REALIZED_PAID: "paid_fees",
}

_FIGURES: Mapping[StatedFigure, Callable[[_Computed, _FigureKey], tuple[Decimal | None, str]]] = {
    StatedFigure.REALIZED_GROSS: _Computed.result,
    StatedFigure.REALIZED_NET: _Computed.result,
    StatedFigure.REALIZED_PAID: _Computed.result,
    StatedFigure.FEES: _Computed.fees,
    StatedFigure.EVENTS: _Computed.events,
    StatedFigure.QUANTITY: _Computed.quantity,
    StatedFigure.BALANCE: _Computed.balance,
}
