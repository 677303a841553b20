"""Read positions, results and costs of accounts: as they are now, or as they were at a point in time."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import datetime

from sot.application.accounting import results
from sot.application.accounting.results import ResultFilter
from sot.application.support.paging import read_page
from sot.domain.accounting.account_event import RecordedAccountEvent
from sot.domain.accounting.cost_analysis import CostAnalysis
from sot.domain.accounting.position import Position
from sot.domain.accounting.rates import Rates, RatesByPair, checked_rates
from sot.domain.accounting.results import Contribution, Realized
from sot.domain.accounting.round_trips import RoundTrip
from sot.domain.values import fields
from sot.domain.values.arguments import checked_arguments
from sot.domain.values.position_key import PositionKey
from sot.domain.values.times import utc_time
from sot.domain.values.vocabulary import GroupBy, Method, PositionSide
from sot.ports.accounting import AccountEventFilter
from sot.ports.paging import Page, PageKey
from sot.ports.store import UnitOfWork


@checked_arguments
class AccountQueries(ABC):
    """The queries of accounts: positions, what they earned and cost, and what moved them without an order.

    `rates` value fees and results in other currencies. They are a mapping from (currency, into), or from a currency
    alone, to units of the settlement currency per unit; or a function of (currency, into, at). What has no rate is
    listed as unvalued, and never taken as zero. Times are half-open: from `since`, before `before`.
    """

    @property
    @abstractmethod
    def _source(self) -> UnitOfWork:
        """The unit of work that the queries read."""

    @property
    def _missing_hint(self) -> str:
        """Why something may be missing, for error messages; empty if there is nothing to say."""
        return ""

    def position(
        self,
        account_id: str,
        venue: str,
        symbol: str,
        *,
        position_side: PositionSide = PositionSide.NET,
        position_id: str = "",
        venue_account: str = "",
        method: Method = Method.AVERAGE,
        rates: Rates | RatesByPair | None = None,
    ) -> Position:
        """Return a position by a method; a flat one, if nothing ever moved it.

        Raises:
            NotFound: The instrument is not registered.
            InvalidInput: The method or side is unknown, or a rate is not positive.
        """
        side = _SIDE.check("position_side", position_side)
        key = PositionKey(account_id, venue, symbol, side, position_id, venue_account)
        return results.position(self._source, key, _method(method), checked_rates(rates), self._missing_hint)

    def positions(
        self,
        account_id: str,
        after: PositionKey | None = None,
        limit: int = 50,
        *,
        venue: str | None = None,
        symbol: str | None = None,
        method: Method = Method.AVERAGE,
        rates: Rates | RatesByPair | None = None,
        include_flat: bool = False,
    ) -> Page[Position, PositionKey]:
        """List the positions of an account by venue, symbol, side and id.

        With `include_flat`, flat ones are listed, too: they still have what they earned.

        Raises:
            InvalidInput: The method is unknown, a rate is not positive, or `limit` is not from 1 to 500.
        """
        filter = ResultFilter(account_id=account_id, venue=venue, symbol=symbol)
        checked, method, source = checked_rates(rates), _method(method), self._source

        def read(after: PositionKey | None, limit: int) -> Page[Position, PositionKey]:
            return results.positions(source, filter, method, checked, include_flat, after, limit)

        return read_page(read, after, limit)

    def round_trips(
        self,
        account_id: str,
        *,
        venue: str | None = None,
        symbol: str | None = None,
        since: datetime | None = None,
        before: datetime | None = None,
        rates: Rates | RatesByPair | None = None,
    ) -> Sequence[RoundTrip]:
        """Return the round trips of positions, from flat to flat, by when they ended; open ones come last.

        Raises:
            InvalidInput: A time is not aware, or a rate is not positive.
        """
        filter = _filter(account_id, venue, symbol, None, since, before)
        return results.list_round_trips(self._source, filter, checked_rates(rates))

    def realized(
        self,
        account_id: str,
        *,
        by: GroupBy | Sequence[GroupBy] = GroupBy.SYMBOL,
        venue: str | None = None,
        symbol: str | None = None,
        strategy_code: str | None = None,
        since: datetime | None = None,
        before: datetime | None = None,
        method: Method = Method.AVERAGE,
        rates: Rates | RatesByPair | None = None,
    ) -> Sequence[Realized]:
        """Return realized results of what happened in a time, summed by day, symbol, strategy or order.

        Several groupings sum by each combination; results in different currencies are never added. A result belongs to
        the order that closed, and so to its strategy. All rows together are the results of the positions.

        Raises:
            InvalidInput: A grouping or the method is unknown, a time is not aware, or a rate is not positive.
        """
        filter = _filter(account_id, venue, symbol, strategy_code, since, before)
        groups = results.grouping(by)
        return results.realized(self._source, filter, groups, _method(method), checked_rates(rates))

    def contributions(
        self,
        account_id: str,
        *,
        venue: str | None = None,
        symbol: str | None = None,
        since: datetime | None = None,
        before: datetime | None = None,
        method: Method = Method.AVERAGE,
        rates: Rates | RatesByPair | None = None,
    ) -> Sequence[Contribution]:
        """Return what every fill and account event contributed to the results of its position, in order of time.

        Raises:
            InvalidInput: The method is unknown, a time is not aware, or a rate is not positive.
        """
        filter = _filter(account_id, venue, symbol, None, since, before)
        contributions = results.iterate_contributions(self._source, filter, _method(method), checked_rates(rates))
        return sorted(contributions, key=lambda contribution: contribution.entry.fold_key)

    def cost_analysis(
        self,
        account_id: str,
        *,
        by: GroupBy | Sequence[GroupBy] = GroupBy.SYMBOL,
        venue: str | None = None,
        symbol: str | None = None,
        strategy_code: str | None = None,
        since: datetime | None = None,
        before: datetime | None = None,
        rates: Rates | RatesByPair | None = None,
    ) -> Sequence[CostAnalysis]:
        """Return what executing the orders created in a time cost, summed by day, symbol, strategy or order.

        Raises:
            InvalidInput: A grouping is unknown, a time is not aware, or a rate is not positive.
        """
        filter = _filter(account_id, venue, symbol, strategy_code, since, before)
        return results.cost_analysis(self._source, filter, results.grouping(by), checked_rates(rates))

    def account_events(
        self, filter: AccountEventFilter | None = None, after: PageKey | None = None, limit: int = 50
    ) -> Page[RecordedAccountEvent, PageKey]:
        """List account events in the order in which they were recorded; `happened_by` goes by `occurred_at`.

        Raises:
            InvalidInput: `limit` is not from 1 to 500.
        """
        source, wanted = self._source, filter or AccountEventFilter()
        return read_page(lambda after, limit: source.account_events.list(wanted, after, limit), after, limit)


_METHOD = fields.member_of(Method)
_SIDE = fields.member_of(PositionSide)


def _method(method: Method | str) -> Method:
    checked: Method = _METHOD.check("method", method)
    return checked


def _filter(
    account_id: str,
    venue: str | None,
    symbol: str | None,
    strategy_code: str | None,
    since: datetime | None,
    before: datetime | None,
) -> ResultFilter:
    return ResultFilter(
        account_id=account_id,
        venue=venue,
        symbol=symbol,
        strategy_code=strategy_code,
        since=None if since is None else utc_time("since", since),
        before=None if before is None else utc_time("before", before),
    )
