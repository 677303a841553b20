"""Read positions, results and costs of accounts: as they are now, or as they were at a point in time."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import UTC, tzinfo

from sot.application.accounting import balances, capital_gains, cost_analysis, position_queries, results
from sot.application.accounting.balances import BalanceFilter
from sot.application.accounting.rates import rate_source
from sot.application.accounting.reporting import Reporting
from sot.application.accounting.result_filter import ResultFilter
from sot.application.accounting.result_groups import grouping
from sot.application.input.time_zones import read_time_zone
from sot.application.support.paging import read_page
from sot.domain.accounting.account_event import RecordedAccountEvent
from sot.domain.accounting.balances import Balance, Movement
from sot.domain.accounting.capital_gains import CapitalGain
from sot.domain.accounting.cost_analysis import CostAnalysis
from sot.domain.accounting.position import Position
from sot.domain.accounting.rates import Rates, RatesByPair, checked_rates
from sot.domain.accounting.reported_position import ReportedPosition
from sot.domain.accounting.results import Contribution, Realized
from sot.domain.accounting.round_trips import RoundTrip
from sot.domain.accounting.unregistered import ResultRows
from sot.domain.values import fields
from sot.domain.values.arguments import checked_arguments
from sot.domain.values.given import GroupByGiven, MethodGiven, PositionSideGiven, TimeGiven
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

    With `in_currency` figures are in that reporting currency: each part is valued by `rates` at its own time, and what
    the settlement currency gained while units were held is a figure of its own, `currency_gain`.

    Rows of results have an attribute `unregistered`: the symbols whose instrument is not registered, with how many
    executions and account events of each the rows leave out.
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
        position_side: PositionSideGiven | None = PositionSide.NET,
        position_id: str | None = "",
        venue_account: str | None = "",
        method: MethodGiven = Method.AVERAGE,
        rates: Rates | RatesByPair | None = None,
    ) -> Position:
        """Return a position by a method; a flat one, if nothing ever moved it.

        Raises:
            NotFound: The instrument is not registered.
            InvalidInput: The method or side is unknown, or a rate is not positive.
        """
        side = _SIDE.check("position_side", position_side)
        key = PositionKey(account_id, venue, symbol, side, position_id or "", venue_account or "")
        return position_queries.position(self._source, key, _method(method), checked_rates(rates), self._missing_hint)

    def positions(
        self,
        account_id: str,
        after: PositionKey | None = None,
        limit: int = 50,
        *,
        venue: str | None = None,
        symbol: str | None = None,
        venue_account: str | None = None,
        method: MethodGiven = Method.AVERAGE,
        rates: Rates | RatesByPair | None = None,
        include_flat: bool = False,
    ) -> Page[Position, PositionKey]:
        """List the positions of an account by venue, symbol, side, id and account at the venue.

        With `include_flat`, flat ones are listed, too: they still have what they earned. Those in which units are
        missing are always listed.

        Raises:
            InvalidInput: The method is unknown, a rate is not positive, or `limit` is not from 1 to 500.
        """
        filter = ResultFilter(account_id=account_id, venue=venue, symbol=symbol, venue_account=venue_account)
        checked, method, source = checked_rates(rates), _method(method), self._source

        def read(after: PositionKey | None, limit: int) -> Page[Position, PositionKey]:
            return position_queries.positions(source, filter, method, checked, include_flat, after, limit)

        return read_page(read, after, limit)

    def reported_positions(
        self,
        account_id: str,
        in_currency: str,
        after: PositionKey | None = None,
        limit: int = 50,
        *,
        venue: str | None = None,
        symbol: str | None = None,
        venue_account: str | None = None,
        method: MethodGiven = Method.AVERAGE,
        rates: Rates | RatesByPair | None = None,
        include_flat: bool = False,
    ) -> Page[ReportedPosition, PositionKey]:
        """List the positions of an account with their figures in a reporting currency, each at the rate of its time.

        It folds all facts of each position, since what is stored is in settlement currency.

        Args:
            account_id: The account.
            in_currency: The reporting currency.
            after: The position after which the page begins.
            limit: How many positions the page has at most.
            venue: Only positions at this venue.
            symbol: Only positions of this symbol.
            venue_account: Only positions in this account at the venue.
            method: Which lot a closing trade reduces.
            rates: Rates into the reporting currency, and those for fees and results in other currencies.
            include_flat: Flat positions, too.

        Raises:
            InvalidInput: The method is unknown, a rate is not positive, or `limit` is not from 1 to 500.
        """
        filter = ResultFilter(account_id=account_id, venue=venue, symbol=symbol, venue_account=venue_account)
        checked, method, source = checked_rates(rates), _method(method), self._source
        reporting = Reporting(fields.NAME.check("in_currency", in_currency), rate_source(rates))

        def read(after: PositionKey | None, limit: int) -> Page[ReportedPosition, PositionKey]:
            return position_queries.reported_positions(
                source, filter, method, checked, include_flat, after, limit, reporting
            )

        return read_page(read, after, limit)

    def round_trips(
        self,
        account_id: str,
        *,
        venue: str | None = None,
        symbol: str | None = None,
        venue_account: str | None = None,
        since: TimeGiven | None = None,
        before: TimeGiven | None = None,
        rates: Rates | RatesByPair | None = None,
    ) -> ResultRows[RoundTrip]:
        """Return the round trips of positions, from flat to flat, by when they ended; open ones come last.

        Raises:
            InvalidInput: A time is not aware, or a rate is not positive.
        """
        filter = _filter(account_id, venue, symbol, None, venue_account, since, before)
        return results.list_round_trips(self._source, filter, checked_rates(rates))

    def realized(
        self,
        account_id: str,
        *,
        by: GroupByGiven | Sequence[GroupByGiven] = GroupBy.SYMBOL,
        venue: str | None = None,
        symbol: str | None = None,
        strategy_code: str | None = None,
        venue_account: str | None = None,
        since: TimeGiven | None = None,
        before: TimeGiven | None = None,
        method: MethodGiven = Method.AVERAGE,
        rates: Rates | RatesByPair | None = None,
        time_zone: str | tzinfo = UTC,
        in_currency: str | None = None,
    ) -> ResultRows[Realized]:
        """Return realized results of what happened in a time, summed by day, symbol, strategy or order.

        Several groupings sum by each combination; results in different currencies are never added. A result belongs to
        the order that closed, and so to its strategy. All rows together are the results of the positions.

        Days are those of `time_zone`, a name such as America/New_York.

        Raises:
            InvalidInput: A grouping, the method or the time zone is unknown, a time is not aware, or a rate is not
                positive.
        """
        filter = _filter(account_id, venue, symbol, strategy_code, venue_account, since, before, time_zone)
        groups = grouping(by)
        reporting = _reporting(in_currency, rates)
        return results.realized(self._source, filter, groups, _method(method), checked_rates(rates), reporting)

    def realized_and_contributions(
        self,
        account_id: str,
        *,
        by: GroupByGiven | Sequence[GroupByGiven] = GroupBy.SYMBOL,
        venue: str | None = None,
        symbol: str | None = None,
        venue_account: str | None = None,
        since: TimeGiven | None = None,
        before: TimeGiven | None = None,
        method: MethodGiven = Method.AVERAGE,
        rates: Rates | RatesByPair | None = None,
        time_zone: str | tzinfo = UTC,
        in_currency: str | None = None,
    ) -> tuple[ResultRows[Realized], ResultRows[Contribution]]:
        """Return what `realized` and `contributions` return, with the facts read once.

        Raises:
            InvalidInput: A grouping, the method or the time zone is unknown, a time is not aware, or a rate is not
                positive.
        """
        filter = _filter(account_id, venue, symbol, None, venue_account, since, before, time_zone)
        groups = grouping(by)
        reporting = _reporting(in_currency, rates)
        found = results.list_contributions(self._source, filter, _method(method), checked_rates(rates), reporting)
        return results.sum_contributions(self._source, found, filter, groups), found

    def contributions(
        self,
        account_id: str,
        *,
        venue: str | None = None,
        symbol: str | None = None,
        venue_account: str | None = None,
        since: TimeGiven | None = None,
        before: TimeGiven | None = None,
        method: MethodGiven = Method.AVERAGE,
        rates: Rates | RatesByPair | None = None,
        in_currency: str | None = None,
    ) -> ResultRows[Contribution]:
        """Return what every fill and account event contributed to the results of its position, in order of time.

        The key of an account event without a symbol has none either.

        Raises:
            InvalidInput: The method is unknown, a time is not aware, or a rate is not positive.
        """
        filter = _filter(account_id, venue, symbol, None, venue_account, since, before)
        return results.list_contributions(
            self._source, filter, _method(method), checked_rates(rates), _reporting(in_currency, rates)
        )

    def capital_gains(
        self,
        account_id: str,
        *,
        venue: str | None = None,
        symbol: str | None = None,
        venue_account: str | None = None,
        since: TimeGiven | None = None,
        before: TimeGiven | None = None,
        method: MethodGiven = Method.FIFO,
        rates: Rates | RatesByPair | None = None,
        in_currency: str | None = None,
    ) -> ResultRows[CapitalGain]:
        """Return the gains that closing units realized, one for each lot that each execution or account event closed.

        Together they are the realized net results of the same method, but for payments: funding, interest, dividends,
        fee adjustments. What is not known is None, with the reason; it is never taken as zero.

        Args:
            account_id: The account.
            venue: Only this venue.
            symbol: Only this instrument.
            venue_account: Only this account at the venue.
            since: Only what was realized at or after this time.
            before: Only what was realized before this time.
            method: Which lot a closing trade reduces. By AVERAGE one row has all that an entry closed.
            rates: Rates for fees in other currencies, and into the reporting currency.
            in_currency: The reporting currency: cost, proceeds and fees each at the rate of their own time.

        Raises:
            InvalidInput: The method is unknown, a time is not aware, or a rate is not positive.
        """
        filter = _filter(account_id, venue, symbol, None, venue_account, since, before)
        return capital_gains.list_capital_gains(
            self._source, filter, _method(method), checked_rates(rates), _reporting(in_currency, rates)
        )

    def cost_analysis(
        self,
        account_id: str,
        *,
        by: GroupByGiven | Sequence[GroupByGiven] = GroupBy.SYMBOL,
        venue: str | None = None,
        symbol: str | None = None,
        strategy_code: str | None = None,
        venue_account: str | None = None,
        since: TimeGiven | None = None,
        before: TimeGiven | None = None,
        rates: Rates | RatesByPair | None = None,
        time_zone: str | tzinfo = UTC,
        in_currency: str | None = None,
    ) -> Sequence[CostAnalysis]:
        """Return what executing the orders created in a time cost, summed by day, symbol, strategy or order.

        Days are those of `time_zone`, a name such as America/New_York.

        Raises:
            InvalidInput: A grouping or the time zone is unknown, a time is not aware, or a rate is not positive.
        """
        filter = _filter(account_id, venue, symbol, strategy_code, venue_account, since, before, time_zone)
        groups, reporting = grouping(by), _reporting(in_currency, rates)
        return cost_analysis.cost_analysis(self._source, filter, groups, checked_rates(rates), reporting)

    def balances(
        self,
        account_id: str,
        venue: str | None = None,
        *,
        venue_account: str | None = None,
        asset: str | None = None,
        include_zero: bool = False,
    ) -> Sequence[Balance]:
        """Return the balance of each asset, by venue, venue account and asset.

        It is the exact sum of everything that executions, fees and account events moved. What was in the account before
        the history began, and what was deposited or withdrawn, must be told by TRANSFER events.

        Args:
            account_id: The account.
            venue: Only this venue.
            venue_account: Only this venue account; '' is the only one of a venue without several.
            asset: Only this asset.
            include_zero: Assets of which nothing is left, too.
        """
        filter = BalanceFilter(account_id=account_id, venue=venue, venue_account=venue_account, asset=asset)
        return balances.list_balances(self._source, filter, include_zero)

    def balance_movements(
        self, account_id: str, venue: str | None = None, *, venue_account: str | None = None, asset: str | None = None
    ) -> Sequence[Movement]:
        """Return what each execution, fee and account event moved, in the order of time: what balances are made of.

        Args:
            account_id: The account.
            venue: Only this venue.
            venue_account: Only this venue account.
            asset: Only this asset.
        """
        filter = BalanceFilter(account_id=account_id, venue=venue, venue_account=venue_account, asset=asset)
        return balances.list_movements(self._source, filter)

    def account_events(
        self, filter: AccountEventFilter | None = None, after: PageKey | None = None, limit: int = 50
    ) -> Page[RecordedAccountEvent, PageKey]:
        """List account events in the order in which they were recorded; `happened_by` goes by `occurred_at`.

        Raises:
            InvalidInput: `limit` is not from 1 to 500.
        """
        source, wanted = self._source, filter or AccountEventFilter()
        return read_page(lambda after, limit: source.account_events.list(wanted, after, limit), after, limit)


def _reporting(currency: str | None, rates: Rates | RatesByPair | None) -> Reporting | None:
    if currency is None:
        return None
    return Reporting(fields.NAME.check("in_currency", currency), rate_source(rates))


_METHOD = fields.member_of(Method)
_SIDE = fields.member_of(PositionSide)


def _method(method: MethodGiven) -> Method:
    checked: Method = _METHOD.check("method", method)
    return checked


def _filter(
    account_id: str,
    venue: str | None,
    symbol: str | None,
    strategy_code: str | None,
    venue_account: str | None,
    since: TimeGiven | None,
    before: TimeGiven | None,
    time_zone: str | tzinfo = UTC,
) -> ResultFilter:
    return ResultFilter(
        account_id=account_id,
        venue=venue,
        symbol=symbol,
        strategy_code=strategy_code,
        venue_account=venue_account,
        since=None if since is None else utc_time("since", since),
        before=None if before is None else utc_time("before", before),
        time_zone=read_time_zone("time_zone", time_zone),
    )
