"""A venue for any exchange that ccxt supports (extra `ccxt`)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Self

import attrs

from sot.adapters.ccxt import commands, markets, order_search, responses
from sot.adapters.ccxt.balances import held_balances
from sot.adapters.ccxt.connection import Connection, make_exchange
from sot.adapters.ccxt.exchange_facts import ExchangeFacts, exchange_facts, late_after
from sot.adapters.ccxt.instruments import ConvertedMarkets, instruments_of
from sot.adapters.ccxt.paging import PagingRules
from sot.adapters.ccxt.positions import held_positions
from sot.adapters.ccxt.records import Account, Conversion, convert_order_status, convert_trades
from sot.adapters.ccxt.trade_list import list_trades, paging_rules
from sot.application.support.log import log
from sot.application.support.system import SystemClock
from sot.domain.orders.order import Order
from sot.domain.orders.report import VenueReport
from sot.domain.orders.request import OrderRequest
from sot.domain.values.errors import InvalidInput, VenueNotReached, VenueOutcomeUnknown
from sot.domain.values.vocabulary import Action, EventType
from sot.ports.clock import Clock
from sot.ports.venue import (
    UNSUPPORTED,
    ExecutionsPage,
    FoundOrder,
    HeldBalances,
    HeldPositions,
    OpenOrders,
    OrderReference,
    Venue,
    VenueCapabilities,
    VenueScope,
)

OVERLAP = timedelta(minutes=10)
_REQUESTS = 15  # of one call at most, except for calls about many symbols
_PATIENCE = 2  # how many requests of another call a call waits for


class CcxtVenue(Venue):
    """An exchange, by a synchronous exchange object of ccxt.

        venue = CcxtVenue.open("binance", api_key=..., secret=...)

    Symbols are ccxt's unified ones. The exchange object belongs to this venue from now on and is changed: it reads JSON
    without floats, and does not repeat requests.

    Args:
        exchange: The exchange object, which reads numbers as text (`exchange.number = str`).
        name: The venue in requests and reports; by default ccxt's id of the exchange in capitals.
        venue_account: Your account at the exchange, if you have several.
        facts: Facts about the exchange that ccxt does not have; by default `exchange_facts` of it.
        page_size: How many trades a page has; by default ccxt's limit.
        overlap: How late the exchange may list a trade.
        clock: The clock; by default the system's.

    Raises:
        InvalidInput: The exchange is asynchronous, or reads numbers as floats; or the page size is below 2.
    """

    def __init__(
        self,
        exchange: Any,
        *,
        name: str | None = None,
        venue_account: str | None = None,
        facts: ExchangeFacts | None = None,
        page_size: int | None = None,
        overlap: timedelta = OVERLAP,
        clock: Clock | None = None,
    ) -> None:
        if page_size is not None and page_size < 2:
            raise InvalidInput("page_size", page_size, "at least 2: a page of one trade cannot be told from the last")
        self._timeout = timedelta(milliseconds=exchange.timeout)
        self._connection = Connection(exchange, (self._timeout * _PATIENCE).total_seconds())
        self._exchange = exchange
        self._facts = exchange_facts(exchange.id) if facts is None else facts
        self._page_size = page_size
        self._overlap = overlap
        self._clock = clock or SystemClock()
        self.name = name or exchange.id.upper()
        self.venue_account = venue_account

    @classmethod
    def open(
        cls,
        exchange_id: str,
        *,
        api_key: str = "",
        secret: str = "",
        password: str = "",
        sandbox: bool = False,
        timeout: timedelta = timedelta(seconds=10),
        options: Mapping[str, Any] | None = None,
        **arguments: Any,
    ) -> Self:
        """Open a venue by ccxt's id of its exchange.

        Args:
            exchange_id: ccxt's id of the exchange, such as binance.
            api_key: The key of the exchange account.
            secret: The secret of the key.
            password: The password of the key, where the exchange has one.
            sandbox: Use the exchange's test system.
            timeout: The longest duration of one request.
            options: Options of ccxt.
            **arguments: Arguments of `CcxtVenue`.

        Raises:
            InvalidInput: ccxt has no such exchange, or it has no sandbox.
            MissingExtra: The extra `ccxt` is not installed.
        """
        settings = {
            "apiKey": api_key,
            "secret": secret,
            "password": password,
            "timeout": timeout // timedelta(milliseconds=1),
            "enableRateLimit": True,
            # ccxt raises this warning as an error before it sends the query; the result has the symbols covered.
            "options": {"warnOnFetchOpenOrdersWithoutSymbol": False, **(options or {})},
        }
        return cls(make_exchange(exchange_id, settings, sandbox), **arguments)

    def instruments(
        self, account_id: str, symbols: Iterable[str] | None = None, margin: bool = False
    ) -> ConvertedMarkets:
        """Return the instruments of the exchange's markets; see `instruments_of`.

        Raises:
            VenueNotReached: The markets could not be loaded.
            InvalidInput: A symbol is none of the markets'.
        """
        self._connection.load_markets()
        return instruments_of(self._exchange.markets, account_id, self.name, symbols=symbols, margin=margin)

    def __repr__(self) -> str:
        return f"CcxtVenue({self._exchange.id!r}, name={self.name!r})"

    @property
    def capabilities(self) -> VenueCapabilities:
        """What the exchange can do, according to ccxt and to the facts about it."""
        facts, exchange = self._facts, self._exchange
        kind = markets.default_type(exchange)
        finds_orders = markets.has(exchange, "fetchOrder") or markets.has(
            exchange, "fetchOpenOrders", "fetchClosedOrders"
        )
        late = late_after(exchange, facts)
        limit = self._timeout * (_PATIENCE + _REQUESTS)
        return VenueCapabilities(
            cancels=markets.has(exchange, "cancelOrder"),
            replaces=facts.replaces.get(kind) if markets.has(exchange, "editOrder") else None,
            client_order_ids=facts.client_order_ids,
            finds_orders=finds_orders,
            finds_by_client_order_id=facts.client_order_ids and finds_orders,
            executions_by_order=any(markets.has(exchange, method) for method in ("fetchOrderTrades", "fetchMyTrades")),
            lists_open_orders=markets.has(exchange, "fetchOpenOrders"),
            lists_executions=self._paging_rules() is not None,
            lists_positions=markets.has(exchange, "fetchPositions"),
            lists_balances=markets.has(exchange, "fetchBalance"),
            history=facts.history.get(kind, timedelta(0)),
            settled_after=None if late is None else late + limit,  # the request may be made as late as that
            time_limit=limit,
        )

    # ------------------------------------------------------------------------------------------------ commands

    def submit(self, request: OrderRequest) -> Sequence[VenueReport]:
        """Place an order.

        Returns:
            The exchange's reports, with the executions in its response.

        Raises:
            VenueRefused: The exchange refused the order.
            VenueNotReached: Nothing was sent: there was no connection, or the order cannot be sent exactly as requested
                (`reason` NOT_EXACT or UNSUPPORTED).
            VenueOutcomeUnknown: There was no response, or one without an order.
        """
        if request.action is not Action.NEW or request.symbol is None:
            raise VenueNotReached(UNSUPPORTED, "only new orders are submitted")
        account = self._account(request.account_id, request.venue_account, request.id_scope)
        self._connection.load_markets()
        asked_at = self._clock.now()
        response = self._connection.call(lambda exchange: commands.place_order(exchange, request))
        return self._reports(responses.new_order_reports(response, request, request.symbol, account, asked_at))

    def cancel(self, request: OrderRequest, target: Order) -> Sequence[VenueReport]:
        """Cancel an order. Raises as `submit`."""
        self._connection.load_markets()
        asked_at = self._clock.now()
        response = self._connection.call(lambda exchange: commands.cancel_order(exchange, target, self._facts))
        return self._reports(responses.cancel_reports(response, target, self._account_of(target), asked_at))

    def replace(self, request: OrderRequest, target: Order) -> Sequence[VenueReport]:
        """Replace the terms of an order, at exchanges of which it is known what a replacement is.

        Raises as `submit`; VenueOutcomeUnknown also if the old order was cancelled and the new one was refused.
        """
        self._connection.load_markets()
        asked_at = self._clock.now()
        response = self._connection.call(
            lambda exchange: commands.replace_order(exchange, request, target, self._facts)
        )
        account = self._account_of(target)
        return self._reports(responses.replace_reports(response, request, target, account, asked_at))

    # ------------------------------------------------------------------------------------------------- queries

    def find(self, order: OrderReference) -> FoundOrder:
        """Find an order by its client order id, its id at the exchange, or in lists, whatever the exchange has.

        Raises:
            VenueError: The exchange did not answer, or the order may exist although it was not found (`reason`
                SEARCH_INCOMPLETE).
        """
        self._connection.load_markets()
        account = self._account(order.account_id, order.venue_account, order.id_scope)
        asked_at = self._clock.now()
        records = order_search.find(self._connection, order, self._facts)
        trades = self._reports(convert_trades(records.trades, account))
        if records.order is None and not trades:
            return FoundOrder(asked_at=asked_at)
        if records.order is not None:
            record = _with_symbol(records.order, order.symbol)
            status = self._reports(convert_order_status(record, account, asked_at))
        else:
            status = [_order_of_trade(trades[-1], asked_at)]
        if not status:
            raise VenueOutcomeUnknown("UNREADABLE", "the exchange's record of the order cannot be read exactly")
        return FoundOrder(
            asked_at=asked_at,
            reports=[_with_client_order_id(report, order.client_order_id) for report in (*trades, *status)],
            complete=records.complete and len(trades) == len(records.trades),
        )

    def open_orders(self, scope: VenueScope) -> OpenOrders:
        """List the open orders, by symbol if there are symbols.

        Without symbols the result covers ccxt's default market type, such as spot; its `symbols` say which.

        Raises:
            VenueError: The exchange did not answer.
        """
        self._connection.load_markets()
        account = self._account(scope.account_id, scope.venue_account)
        asked_at = self._clock.now()
        symbols: Iterable[str | None] = [None] if scope.symbols is None else sorted(scope.symbols)
        all_reports: list[VenueReport] = []
        complete = True
        for symbol in symbols:
            records = self._connection.call(partial(_open_orders, symbol))
            conversions = [convert_order_status(_with_symbol(record, symbol), account, asked_at) for record in records]
            reports = [report for conversion in conversions for report in self._reports(conversion)]
            complete = complete and len(reports) == len(records) and self._is_complete(len(records), symbol)
            all_reports += reports
        return OpenOrders(
            asked_at=asked_at, reports=all_reports, symbols=self._covered_symbols(scope), complete=complete
        )

    def executions(self, scope: VenueScope, since: datetime | None = None, cursor: str | None = None) -> ExecutionsPage:
        """List executions of one symbol after the other, oldest first; without `since` those of seven days.

        Raises:
            VenueError: The exchange did not answer; or it is not known how it lists trades (`reason` UNSUPPORTED); or
                it lists them by symbol only (SYMBOLS_NEEDED).
            InvalidInput: The cursor is not from this venue.
        """
        self._connection.load_markets()
        account = self._account(scope.account_id, scope.venue_account)
        asked_at = self._clock.now()
        page = list_trades(self._connection, scope.symbols, since, cursor, asked_at, self._paging_rules)
        return ExecutionsPage(
            asked_at=asked_at,
            reports=self._reports(convert_trades(page.trades, account)),
            cursor=page.cursor,
            more=page.more,
            since=page.since,
            symbols=self._covered_symbols(scope),
        )

    def positions(self, scope: VenueScope) -> HeldPositions:
        """List positions in contracts. Spot symbols are not covered: there are balances, but no positions.

        Raises:
            VenueError: The exchange did not answer.
        """
        self._connection.load_markets()
        asked_at = self._clock.now()
        return self._connection.call(lambda exchange: held_positions(exchange, scope.symbols, asked_at))

    def balances(self, scope: VenueScope) -> HeldBalances:
        """List the balances of the wallet that the exchange object is set to, such as spot or swap.

        Raises:
            VenueError: The exchange did not answer, or a balance has no exact total.
        """
        self._connection.load_markets()
        asked_at = self._clock.now()
        return self._connection.call(lambda exchange: held_balances(exchange, asked_at))

    # ------------------------------------------------------------------------------------------------- helpers

    def _account(self, account_id: str, venue_account: str, id_scope: str = "") -> Account:
        return Account(
            exchange=self._exchange.id,
            venue=self.name,
            account_id=account_id,
            venue_account=venue_account,
            id_scope=id_scope,
        )

    def _account_of(self, order: Order) -> Account:
        return self._account(order.account_id, order.venue_account, order.id_scope)

    def _paging_rules(self, symbol: str | None = None) -> PagingRules | None:
        return paging_rules(self._exchange, self._facts, self._page_size, self._overlap, symbol)

    def _covered_symbols(self, scope: VenueScope) -> frozenset[str] | None:
        return markets.default_symbols(self._exchange) if scope.symbols is None else scope.symbols

    def _is_complete(self, count: int, symbol: str | None) -> bool:
        """Whether a list of so many open orders is complete."""
        limit = markets.limit_of(self._exchange, "fetchOpenOrders", "limit", symbol)
        return self._facts.lists_all_open_orders or (limit is not None and count < limit)

    def _reports(self, conversion: Conversion) -> list[VenueReport]:
        """The reports of a conversion; what it left out is logged."""
        for reason in conversion.left_out:
            log.info("%s: %s", self.name, reason, extra={"venue": self.name})
        return list(conversion.reports)


def _open_orders(symbol: str | None, exchange: Any) -> Sequence[Mapping[str, Any]]:
    if symbol is not None:
        commands.check_symbol(exchange, symbol)
    records: Sequence[Mapping[str, Any]] = exchange.fetch_open_orders(symbol)
    return records


def _with_symbol(record: Mapping[str, Any], symbol: str | None) -> Mapping[str, Any]:
    return record if record.get("symbol") is not None else {**record, "symbol": symbol}


def _with_client_order_id(report: VenueReport, client_order_id: str | None) -> VenueReport:
    """The report with the client order id of the query, if it has none itself."""
    if report.client_order_id is not None or client_order_id is None:
        return report
    return attrs.evolve(report, client_order_id=client_order_id)


def _order_of_trade(trade: VenueReport, asked_at: datetime) -> VenueReport:
    """A report that the order of a trade exists, which is all that a trade says about it."""
    return VenueReport(
        account_id=trade.account_id,
        type=EventType.ORDER_STATUS,
        venue=trade.venue,
        venue_account=trade.venue_account,
        id_scope=trade.id_scope,
        client_order_id=trade.client_order_id,
        venue_order_id=trade.venue_order_id,
        symbol=trade.symbol,
        side=trade.side,
        occurred_at=asked_at,
    )
