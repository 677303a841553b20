"""What a handler gets: one request, parsed and authorized, with access to the history."""

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from typing import Any, Self, TypeVar
from urllib.parse import quote

import attrs

from sot.adapters.http.access import Principal
from sot.adapters.http.http_errors import InvalidParameter, NoVenue, PreconditionFailed
from sot.adapters.http.http_message import HttpMessage, etag_matches, order_etag
from sot.adapters.http.metrics import Metrics
from sot.adapters.http.pages import (
    BATCH_SIZE,
    PageTokens,
    decode_page_key,
    encode_page_key,
    read_long_items,
    token_binding,
)
from sot.adapters.http.parameters import PAGE_SIZE
from sot.adapters.http.response import Response
from sot.application.access.account_scope import scoped_to_accounts
from sot.application.accounting.rates import RatesInOrder
from sot.application.as_of.history import PastHistory
from sot.application.history import OrderHistory
from sot.application.queries.history import HistoryQueries
from sot.application.support.lazy import clear_lazy, lazy
from sot.application.support.tracing import TracedStore
from sot.application.tables.file_format import FileFormat
from sot.application.views.points_in_time import as_of_field
from sot.domain.accounting.rates import RatesByPair
from sot.domain.orders.order import Order
from sot.domain.values.errors import InvalidInput, NotFound
from sot.domain.values.fields import IDENTITY
from sot.ports.access import AccessStore
from sot.ports.paging import Page, PageKey
from sot.ports.rates import RateSource
from sot.ports.signer import Signer
from sot.ports.store import Store, UnitOfWork
from sot.ports.venue import Venue

T = TypeVar("T")
K = TypeVar("K")
ResponseRecorder = Callable[[UnitOfWork, Response], None]


@attrs.frozen
class Services:
    """What all requests of a server share.

    Attributes:
        document: The OpenAPI document.
        rates: Rates between currencies, for what a query gives no rate of.
        currency: The reporting currency of the web page, where its address names none.
        metrics: The figures of the server.
        file_formats: The formats of files in which the web page offers tables.
    """

    store: AccessStore
    venue: Venue | None
    signer: Signer | None
    page_tokens: PageTokens
    document: Mapping[str, Any]
    rates: RateSource | None = None
    metrics: Metrics | None = None
    file_formats: Sequence[FileFormat] = ()
    currency: str | None = None


class RequestContext:
    """One request.

    `uow`, `history` and `queries` show only the accounts of the API key.

    Attributes:
        message: The head of the request.
        principal: Who sent it.
        query: The values of its query parameters; absent ones are left out.
        body: The JSON object of its body.
        idempotency_key: The header Idempotency-Key, for handlers with a transaction.
        record_response: Records the response under the Idempotency-Key, for handlers that own their transactions; None
            without a key.
    """

    def __init__(
        self,
        services: Services,
        operation: str,
        message: HttpMessage,
        principal: Principal,
        query: Mapping[str, Any],
        body: Mapping[str, Any],
        uow: UnitOfWork | None = None,
    ) -> None:
        self.services = services
        self.message = message
        self.principal = principal
        self.query = query
        self.body = dict(body)
        self.idempotency_key: str | None = None
        self.record_response: ResponseRecorder | None = None
        self._operation = operation
        self._uow = uow

    def in_transaction(self, uow: UnitOfWork, idempotency_key: str | None) -> Self:
        """Return a copy for one attempt of a transaction, with the body as it was sent."""
        context = copy(self)
        clear_lazy(context)
        context.body = dict(self.body)
        context._uow, context.idempotency_key = uow, idempotency_key
        return context

    def with_recorder(self, record_response: ResponseRecorder) -> "RequestContext":
        """Return a copy whose handler records its response with its effect."""
        context = copy(self)
        context.record_response = record_response
        return context

    # -------------------------------------------------------------------------------------- handlers in a transaction

    @lazy
    def uow(self) -> UnitOfWork:
        """The unit of work of this request, scoped to the accounts of the key."""
        assert self._uow is not None
        return scoped_to_accounts(self._uow, self.principal.accounts)

    @lazy
    def history(self) -> OrderHistory:
        """The history in this unit of work."""
        return OrderHistory(self.uow)

    @lazy
    def queries(self) -> HistoryQueries:
        """The history to read from: the present one, or the past one that `as_of` and `happened_by` select.

        Raises:
            InvalidParameter: The history has no such point in time.
        """
        known_at, happened_by = self.query.get("as_of"), self.query.get("happened_by")
        if known_at is None and happened_by is None:
            return self.history
        try:
            return self.history.as_of(known_at=known_at, happened_by=happened_by)
        except InvalidInput as error:
            name = "as_of" if error.field == "known_at" else error.field
            raise InvalidParameter(name, f"give {error.allowed}") from None

    @property
    def as_of_fields(self) -> dict[str, Any]:
        """The field `as_of` of a response about the past; nothing for one about the present."""
        return as_of_field(self.queries)

    # ------------------------------------------------------------------------- handlers that own their transactions

    @property
    def venue(self) -> Venue:
        """The venue of the server.

        Raises:
            NoVenue: It has none.
        """
        if self.services.venue is None:
            raise NoVenue("The server was started without a venue.")
        return self.services.venue

    @property
    def venue_name(self) -> str | None:
        """The name of the server's venue, if it has one."""
        return None if self.services.venue is None else self.services.venue.name

    @property
    def store(self) -> Store:
        """The store; everything recorded through it has the trace of this request. It is not scoped to accounts."""
        return TracedStore(self.services.store, self.message.trace)

    def read(self, use_case: Callable[[OrderHistory], T]) -> T:
        """Run a use case in a read-only transaction, scoped to the accounts of the key."""
        accounts = self.principal.accounts
        return self.services.store.run(
            lambda uow: use_case(OrderHistory(scoped_to_accounts(uow, accounts))), read_only=True
        )

    @property
    def rates(self) -> RatesByPair | RateSource | None:
        """The rates of the query, and those of the server for what it does not give."""
        pairs: RatesByPair | None = self.query.get("rate")
        source = self.services.rates
        return pairs if source is None else RatesInOrder(pairs or {}, source)

    # -------------------------------------------------------------------------------------------- names in a request

    def path_id(self, name: str, kind: str) -> str:
        """Return an id in the path.

        Raises:
            NotFound: It is not a UUID, so that nothing has this id.
        """
        text = self.message.path_parameters[name]
        try:
            id: str = IDENTITY.check(name, text)
        except InvalidInput:
            raise NotFound(kind, text) from None
        return id

    @property
    def order_id(self) -> str:
        """The order id in the path.

        Raises:
            NotFound: It is not a UUID.
        """
        return self.path_id("order_id", "order")

    @property
    def request_id(self) -> str:
        """The request id in the path.

        Raises:
            NotFound: It is not a UUID.
        """
        return self.path_id("request_id", "request")

    @property
    def list_account_id(self) -> str | None:
        """The account that a list is limited to, or None for all.

        Raises:
            InvalidParameter: The query names none, and the key has several.
        """
        return self.principal.list_account(self.query.get("account_id"))

    @property
    def account_id(self) -> str:
        """The account of an operation on a single account.

        Raises:
            InvalidParameter: The query names none, and the key has several.
        """
        return self.principal.query_account(self.query.get("account_id"))

    @property
    def actor(self) -> str | None:
        """The actor of events whose body names nobody."""
        return self.principal.name

    def url(self, path: str) -> str:
        """Return the URL of a path of this server, without its host."""
        return self.message.root_path + quote(path)

    def check_if_match(self, order: Order) -> None:
        """Check the header If-Match.

        Raises:
            PreconditionFailed: It does not list the order's entity tag.
        """
        header = self.message.headers.get(b"if-match")
        if header is not None and not etag_matches(header, order_etag(order), weak=False):
            raise PreconditionFailed("The order's entity tag does not match If-Match.", {"ETag": order_etag(order)})

    # ---------------------------------------------------------------------------------------------------------- pages

    @property
    def page_size(self) -> int:
        """The largest number of items of the page."""
        size: int = self.query.get("page_size", PAGE_SIZE)
        return size

    @property
    def page_position(self) -> list[Any] | None:
        """The position after which the page begins, or None for the first page.

        Raises:
            InvalidPageToken: The token was issued for another list or other parameters, or by another server.
        """
        token = self.query.get("page_token")
        return None if token is None else self.services.page_tokens.decode(self._token_binding, token)

    @property
    def after_key(self) -> PageKey | None:
        """The page position in a list that is sorted by time and id."""
        position = self.page_position
        return None if position is None else decode_page_key(position)

    @property
    def after_number(self) -> int:
        """The page position in a list that is sorted by a number from 1."""
        return int((self.page_position or [0])[0])

    def read_long_items(
        self, read: Callable[[K | None, int], Page[T, K]], after: K | None, view: Callable[[T], Any]
    ) -> Page[Any, K]:
        """Read a page of items that may be long; see `pages.read_long_items`.

        A list of the past is derived as a whole for each call, so that it is read in one batch.
        """
        batch_size = self.page_size if isinstance(self.queries, PastHistory) else BATCH_SIZE
        return read_long_items(read, after, self.page_size, view, batch_size)

    def page_token(self, next: PageKey | list[Any] | int | str) -> str:
        """Return the token of a position after which a page begins."""
        position = encode_page_key(next) if isinstance(next, PageKey) else next if isinstance(next, list) else [next]
        return self.services.page_tokens.encode(self._token_binding, position)

    def page_response(
        self,
        data: list[Any],
        next: PageKey | list[Any] | int | str | None,
        etag: str | None = None,
        fields: Mapping[str, Any] | None = None,
    ) -> Response:
        """Return a page.

        Args:
            data: Its items as JSON values.
            next: The position after which the next page begins; None at the end.
            etag: The entity tag of the list, if it has one.
            fields: What else the page says.
        """
        shown = {**self.as_of_fields, "data": data, **(fields or {})}
        if next is None:
            return Response(body={**shown, "next_page_token": None}, etag=etag)
        token = self.page_token(next)
        url = self.message.root_path + self.message.path + "?" + self.message.query_with("page_token", token)
        body = {**shown, "next_page_token": token}
        return Response(body=body, headers={"Link": f'<{url}>; rel="next"'}, etag=etag)

    @property
    def _token_binding(self) -> bytes:
        account_id = self.list_account_id if "account_id" in self.query else None
        operation = self.message.path if self.message.path_parameters else self._operation
        return token_binding(operation, account_id, self.query)
