"""Positions and results, as they are told of the present and of the past."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import datetime

from sot.application.accounting import results
from sot.application.accounting.results import ResultFilter
from sot.application.support.paging import checked_limit
from sot.domain.accounting.account_event import RecordedAccountEvent
from sot.domain.accounting.cost_analysis import CostAnalysis
from sot.domain.accounting.position import Position
from sot.domain.accounting.rates import Rates, RatesByPair, checked_rates
from sot.domain.accounting.results import Contribution, Realized
from sot.domain.accounting.round_trips import RoundTrip
from sot.domain.values import fields
from sot.domain.values.position_key import PositionKey
from sot.domain.values.times import utc_time
from sot.domain.values.vocabulary import GroupBy, Method, PositionSide
from sot.ports.accounting import AccountEventFilter
from sot.ports.paging import Page, PageKey, Stretch
from sot.ports.store import UnitOfWork


class AccountQueries(ABC):
    """Whoever tells of accounts: what is held, what that earned and cost, and what moved it without an order."""

    @property
    @abstractmethod
    def _source(self) -> UnitOfWork:
        """Where it reads."""

    @property
    def _missing_hint(self) -> str:
        """Why something may not be there, if that is not plain."""
        return ""

    def position(
        self,
        account_id: str,
        venue: str,
        symbol: str,
        *,
        position_side: PositionSide = PositionSide.NET,
        position_id: str = "",
        method: Method = Method.AVERAGE,
        rates: Rates | RatesByPair | None = None,
    ) -> Position:
        """One position as `method` sees it; a flat one, if nothing ever moved it.

        `rates` value fees and results in other currencies: a mapping of (currency, into), or currency alone, to units
        of the settlement currency, or a function of (currency, into, at).

        Raises: InvalidInput: an unknown method or side, or a rate that is not positive. NotFound: the instrument is not
            registered.
        """
        key = PositionKey(account_id, venue, symbol, _SIDE.check("position_side", position_side), position_id)
        return results.position(self._source, key, _method(method), checked_rates(rates), self._missing_hint)

    def positions(
        self,
        account_id: str,
        *,
        venue: str | None = None,
        symbol: str | None = None,
        method: Method = Method.AVERAGE,
        rates: Rates | RatesByPair | None = None,
        include_flat: bool = False,
    ) -> Sequence[Position]:
        """The positions of an account; flat ones, which still tell what they earned, with `include_flat`.

        Raises: InvalidInput: an unknown method, or a rate that is not positive.
        """
        scope = ResultFilter(account_id=account_id, venue=venue, symbol=symbol)
        return results.positions(self._source, scope, _method(method), checked_rates(rates), include_flat)

    def positions_page(
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
    ) -> Stretch[Position, PositionKey]:
        """A page of them, by key, after a position. Of the present no other position is looked at.

        Raises: InvalidInput: the same, or `limit` is not from 1 to 500.
        """
        scope, checked = ResultFilter(account_id=account_id, venue=venue, symbol=symbol), checked_rates(rates)
        wanted = (_method(method), checked, include_flat, after, checked_limit(limit))
        return results.positions_page(self._source, scope, *wanted)

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
        """What positions did from flat to flat, by when that ended; those that are open come last.

        Raises: InvalidInput: a time that is not aware, or a rate that is not positive.
        """
        scope = _scope(account_id, venue, symbol, None, since, before)
        return results.list_round_trips(self._source, scope, checked_rates(rates))

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
        """Realized results of what happened from `since` to `before`, summed by day, symbol, strategy or order.

        Several words sum by each combination; results in different currencies are never added. A result belongs to
        the order that closed, and so to its strategy. All rows together are the results of the positions.

        Raises: InvalidInput: an unknown word or method, a time that is not aware, or a rate that is not positive.
        """
        scope = _scope(account_id, venue, symbol, strategy_code, since, before)
        groups = results.grouping(by)
        return results.realized(self._source, scope, groups, _method(method), checked_rates(rates))

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
        """What every fill and account event of a position contributed to its results, in the order of time.

        Raises: InvalidInput: an unknown method, a time that is not aware, or a rate that is not positive.
        """
        scope = _scope(account_id, venue, symbol, None, since, before)
        parts = results.iterate_contributions(self._source, scope, _method(method), checked_rates(rates))
        return sorted(parts, key=lambda part: part.entry.fold_key)

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
        """What executing the orders made from `since` to `before` cost, summed by day, symbol, strategy or order.

        Raises: InvalidInput: an unknown word, a time that is not aware, or a rate that is not positive.
        """
        scope = _scope(account_id, venue, symbol, strategy_code, since, before)
        return results.cost_analysis(self._source, scope, results.grouping(by), checked_rates(rates))

    def account_events(
        self, filter: AccountEventFilter | None = None, after: PageKey | None = None, limit: int = 50
    ) -> Page[RecordedAccountEvent]:
        """A page of account events, in the order in which they were recorded; `happened_by` goes by `occurred_at`.

        Raises: InvalidInput: `limit` is not from 1 to 500.
        """
        return self._source.account_events.list(filter or AccountEventFilter(), after, checked_limit(limit))


def _method(method: Method | str) -> Method:
    found: Method = _METHOD.check("method", method)
    return found


_METHOD = fields.member_of(Method)


_SIDE = fields.member_of(PositionSide)


def _scope(
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
