"""A venue for any exchange that ccxt speaks to (extra `ccxt`)."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Self

import attrs

from sot.adapters.ccxt import answers, finding, markets, sending
from sot.adapters.ccxt.connection import Connection, make_exchange
from sot.adapters.ccxt.holdings import held_positions
from sot.adapters.ccxt.known import Known, known, late_after
from sot.adapters.ccxt.listing import list_trades, listing
from sot.adapters.ccxt.paging import Listing
from sot.adapters.ccxt.records import Account, Converted, executions, order_standing
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
    HeldPositions,
    OpenOrders,
    OrderReference,
    Venue,
    VenueCapabilities,
    VenueScope,
)

_log = logging.getLogger(__name__)

OVERLAP = timedelta(minutes=10)
_REQUESTS = 15  # that one call makes at most, but for those about many symbols
_PATIENCE = 2  # how many requests of another call one waits for


class CcxtVenue(Venue):
    """An exchange, spoken to by a synchronous exchange object of ccxt, which is this venue's alone from now on.

        venue = CcxtVenue.open("binance", api_key=..., secret=...)

    `exchange` reads numbers as text (`exchange.number = str`). It is changed: its JSON is read without floats, and ccxt
    repeats no requests of its own. `name` is that of the venue in requests and reports, the exchange's id in capitals
    unless said otherwise; `venue_account` is which of your accounts there it speaks for, if you have several. Symbols
    are ccxt's unified ones. `facts` is what is known of the exchange beyond what ccxt says (`known`); `page_size` how
    many trades are asked for at once, ccxt's limit unless said otherwise; `overlap` how late it may list a trade.

    Raises: InvalidInput: an asynchronous exchange, or one that reads numbers as floats.
    """

    def __init__(
        self,
        exchange: Any,
        *,
        name: str | None = None,
        venue_account: str | None = None,
        facts: Known | None = None,
        page_size: int | None = None,
        overlap: timedelta = OVERLAP,
        clock: Clock | None = None,
    ) -> None:
        if page_size is not None and page_size < 2:
            raise InvalidInput("page_size", page_size, "at least 2: a page of one trade cannot be told from the last")
        self._timeout = timedelta(milliseconds=exchange.timeout)
        self._connection = Connection(exchange, (self._timeout * _PATIENCE).total_seconds())
        self._exchange = exchange
        self._facts = known(exchange.id) if facts is None else facts
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
        **named: Any,
    ) -> Self:
        """A venue by ccxt's id for its exchange; `options` are ccxt's, `named` what the class takes besides.

        Raises: InvalidInput: ccxt has no such exchange, or it has no sandbox. MissingExtra.
        """
        settings = {
            "apiKey": api_key,
            "secret": secret,
            "password": password,
            "timeout": timeout // timedelta(milliseconds=1),
            "enableRateLimit": True,
            # ccxt's warning is an error before anything is asked; what the question covers is told in the answer.
            "options": {"warnOnFetchOpenOrdersWithoutSymbol": False, **(options or {})},
        }
        return cls(make_exchange(exchange_id, settings, sandbox), **named)

    def __repr__(self) -> str:
        return f"CcxtVenue({self._exchange.id!r}, name={self.name!r})"

    @property
    def capabilities(self) -> VenueCapabilities:
        """What ccxt says that the exchange has, and what is known of it besides."""
        facts, exchange = self._facts, self._exchange
        kind = markets.default_type(exchange)
        finds = markets.has(exchange, "fetchOrder") or markets.has(exchange, "fetchOpenOrders", "fetchClosedOrders")
        late = late_after(exchange, facts)
        limit = self._timeout * (_PATIENCE + _REQUESTS)
        return VenueCapabilities(
            cancels=markets.has(exchange, "cancelOrder"),
            replaces=facts.replaces.get(kind) if markets.has(exchange, "editOrder") else None,
            client_order_ids=facts.client_order_ids,
            finds_orders=finds,
            finds_by_client_order_id=facts.client_order_ids and finds,
            executions_by_order=any(markets.has(exchange, each) for each in ("fetchOrderTrades", "fetchMyTrades")),
            lists_open_orders=markets.has(exchange, "fetchOpenOrders"),
            lists_executions=self._listing() is not None,
            lists_positions=markets.has(exchange, "fetchPositions"),
            history=facts.history.get(kind, timedelta(0)),
            settled_after=None if late is None else late + limit,  # the request may be made as late as that
            time_limit=limit,
        )

    # ------------------------------------------------------------------------------------------------ commands

    def submit(self, request: OrderRequest) -> Sequence[VenueReport]:
        """Place an order; what the exchange answers, with the executions that it tells at once.

        Raises: VenueRefused: the exchange said no. VenueNotReached: nothing was sent, because it could not be sent
            exactly as asked for (`reason` NOT_EXACT, UNSUPPORTED), or there was no connection.
            VenueOutcomeUnknown: no answer, or one that says nothing.
        """
        if request.action is not Action.NEW or request.symbol is None:
            raise VenueNotReached(UNSUPPORTED, "only new orders are submitted")
        account = self._account(request.account_id, request.venue_account, request.id_scope)
        self._connection.prepare()
        asked_at = self._clock.now()
        answer = self._connection.call(lambda exchange: sending.place(exchange, request))
        return self._kept(answers.placed(answer, request, request.symbol, account, asked_at))

    def cancel(self, request: OrderRequest, target: Order) -> Sequence[VenueReport]:
        """Ask for the end of an order.

        Raises: as `submit`.
        """
        self._connection.prepare()
        asked_at = self._clock.now()
        answer = self._connection.call(lambda exchange: sending.cancel(exchange, target, self._facts))
        return self._kept(answers.cancelled(answer, target, self._account_of(target), asked_at))

    def replace(self, request: OrderRequest, target: Order) -> Sequence[VenueReport]:
        """Ask for other terms, at exchanges of which it is known what that does.

        Raises: as `submit`; VenueOutcomeUnknown also if the old order was cancelled and the new one was refused.
        """
        self._connection.prepare()
        asked_at = self._clock.now()
        answer = self._connection.call(lambda exchange: sending.replace(exchange, request, target, self._facts))
        return self._kept(answers.replaced(answer, request, target, self._account_of(target), asked_at))

    # ------------------------------------------------------------------------------------------------ questions

    def find(self, order: OrderReference) -> FoundOrder:
        """Ask for an order by its client order id, its id at the exchange, or by searching lists, as the exchange can.

        Raises: VenueError: it could not be asked, or not finding it proves nothing (`reason` SEARCH_INCOMPLETE).
        """
        self._connection.prepare()
        account = self._account(order.account_id, order.venue_account, order.id_scope)
        asked_at = self._clock.now()
        found = finding.find(self._connection, order, self._facts)
        traded = self._kept(executions(found.trades, account))
        if found.order is None and not traded:
            return FoundOrder(asked_at=asked_at)
        if found.order is not None:
            acknowledge_from_status = self._kept(
                order_standing(_with_symbol(found.order, order.symbol), account, asked_at)
            )
        else:
            acknowledge_from_status = [_order_behind(traded[-1], asked_at)]
        if not acknowledge_from_status:
            raise VenueOutcomeUnknown("UNREADABLE", "the exchange's record of the order cannot be read exactly")
        return FoundOrder(
            asked_at=asked_at,
            reports=[_named(report, order.client_order_id) for report in (*traded, *acknowledge_from_status)],
            complete=found.complete and len(traded) == len(found.trades),
        )

    def open_orders(self, scope: VenueScope) -> OpenOrders:
        """Ask for the orders that work, by symbol where symbols are given.

        Without them the answer covers what ccxt asks for by default, such as spot; `symbols` tells.

        Raises: VenueError.
        """
        self._connection.prepare()
        account = self._account(scope.account_id, scope.venue_account)
        asked_at = self._clock.now()
        asked: Iterable[str | None] = [None] if scope.symbols is None else sorted(scope.symbols)
        reports: list[VenueReport] = []
        complete = True
        for symbol in asked:
            records = self._connection.call(partial(_open_orders, symbol))
            acknowledge_from_status = [
                order_standing(_with_symbol(record, symbol), account, asked_at) for record in records
            ]
            kept = [report for each in acknowledge_from_status for report in self._kept(each)]
            complete = complete and len(kept) == len(records) and self._are_all(len(records), symbol)
            reports += kept
        return OpenOrders(asked_at=asked_at, reports=reports, symbols=self._covered(scope), complete=complete)

    def executions(self, scope: VenueScope, since: datetime | None = None, cursor: str | None = None) -> ExecutionsPage:
        """Ask for executions of one symbol after the other, oldest first; without `since` from seven days ago on.

        Raises: VenueError: also where it is not known how the exchange lists them (UNSUPPORTED), or where it wants
            symbols (SYMBOLS_NEEDED). InvalidInput: not a cursor of this venue.
        """
        self._connection.prepare()
        account = self._account(scope.account_id, scope.venue_account)
        asked_at = self._clock.now()
        page = list_trades(self._connection, scope.symbols, since, cursor, asked_at, self._listing)
        return ExecutionsPage(
            asked_at=asked_at,
            reports=self._kept(executions(page.trades, account)),
            cursor=page.cursor,
            more=page.more,
            since=page.since,
            symbols=self._covered(scope),
        )

    def positions(self, scope: VenueScope) -> HeldPositions:
        """Ask for positions in contracts; of spot symbols nothing is told, since there are only balances.

        Raises: VenueError.
        """
        self._connection.prepare()
        asked_at = self._clock.now()
        return self._connection.call(lambda exchange: held_positions(exchange, scope.symbols, asked_at))

    # ------------------------------------------------------------------------------------------------- its inside

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

    def _listing(self, symbol: str | None = None) -> Listing | None:
        return listing(self._exchange, self._facts, self._page_size, self._overlap, symbol)

    def _covered(self, scope: VenueScope) -> frozenset[str] | None:
        return markets.of_default_type(self._exchange) if scope.symbols is None else scope.symbols

    def _are_all(self, number: int, symbol: str | None) -> bool:
        """Whether a list of so many open orders is whole."""
        limit = markets.limit_of(self._exchange, "fetchOpenOrders", "limit", symbol)
        return self._facts.lists_all_open_orders or (limit is not None and number < limit)

    def _kept(self, converted: Converted) -> list[VenueReport]:
        for why in converted.left_out:
            _log.info("%s: %s", self.name, why)
        return list(converted.reports)


def _open_orders(symbol: str | None, exchange: Any) -> Sequence[Mapping[str, Any]]:
    if symbol is not None:
        sending.check_symbol(exchange, symbol)
    records: Sequence[Mapping[str, Any]] = exchange.fetch_open_orders(symbol)
    return records


def _with_symbol(record: Mapping[str, Any], symbol: str | None) -> Mapping[str, Any]:
    return record if record.get("symbol") is not None else {**record, "symbol": symbol}


def _named(report: VenueReport, client_order_id: str | None) -> VenueReport:
    """The report under the name that was asked for, where it says none itself."""
    if report.client_order_id is not None or client_order_id is None:
        return report
    return attrs.evolve(report, client_order_id=client_order_id)


def _order_behind(trade: VenueReport, asked_at: datetime) -> VenueReport:
    """That an order exists is all that its trades say of it."""
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
