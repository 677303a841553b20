"""What a handler is given: one request, read and let in, with everything that may be looked at for it."""

from collections.abc import Callable, Mapping
from copy import copy
from typing import Any, TypeVar
from urllib.parse import quote

from sot.adapters.http.access import Principal
from sot.adapters.http.pages import PORTION, Pages, bound_to, key_place, place_key, weighed
from sot.adapters.http.parameters import PAGE_SIZE
from sot.adapters.http.refusals import InvalidParameter, NoVenue, PreconditionFailed
from sot.adapters.http.route import Answer, Route
from sot.adapters.http.wire import Wire, etag_of, matches
from sot.application.access.account_scope import scoped_to_accounts
from sot.application.as_of.history import PastHistory
from sot.application.history import OrderHistory
from sot.application.queries.history import HistoryQueries
from sot.application.support.lazy import lazy
from sot.application.support.tracing import TracedStore
from sot.application.views.values import plain_value
from sot.domain.orders.order import Order
from sot.domain.values.errors import InvalidInput, NotFound
from sot.domain.values.fields import IDENTITY
from sot.ports.paging import PageKey, Stretch
from sot.ports.signer import Signer
from sot.ports.store import Store, UnitOfWork
from sot.ports.venue import Venue

T = TypeVar("T")
K = TypeVar("K")


class Asked:
    """One request. `uow` shows the accounts of the key only; so does everything that is reached through it."""

    def __init__(
        self,
        route: Route,
        wire: Wire,
        principal: Principal,
        query: Mapping[str, Any],
        body: Mapping[str, Any],
        store: Store,
        venue: Venue | None,
        signer: Signer | None,
        pages: Pages,
        uow: UnitOfWork | None = None,
    ) -> None:
        self.route = route
        self.wire = wire
        self.principal = principal
        self.query = query
        self.body = dict(body)
        self.signer = signer
        self._store = store
        self._venue = venue
        self._pages = pages
        self._uow = uow
        self.key: str | None = None
        self.keep: Callable[[UnitOfWork, Answer], None] | None = None

    def within(self, uow: UnitOfWork, key: str | None) -> "Asked":
        """The same request inside a unit of work, its body untouched; `key` is that of its header."""
        told = copy(self)
        told.__dict__.pop("uow", None)
        told.__dict__.pop("history", None)
        told.body = dict(self.body)
        told._uow, told.key = uow, key
        return told

    def keeping(self, keep: Callable[[UnitOfWork, Answer], None]) -> "Asked":
        """The same request, whose answer is kept with its effect by `keep`."""
        told = copy(self)
        told.keep = keep
        return told

    # ------------------------------------------------------------------------------------------------- the history

    @lazy
    def uow(self) -> UnitOfWork:
        """The unit of work of this request, narrowed."""
        assert self._uow is not None
        return scoped_to_accounts(self._uow, self.principal.accounts)

    @lazy
    def history(self) -> OrderHistory:
        """The history in this unit of work."""
        return OrderHistory(self.uow)

    @lazy
    def told(self) -> HistoryQueries:
        """Who tells: the history as it is, or as it was where `as_of` or `happened_by` ask for that."""
        known, happened = self.query.get("as_of"), self.query.get("happened_by")
        if known is None and happened is None:
            return self.history
        try:
            return self.history.as_of(known_at=known, happened_by=happened)
        except InvalidInput as error:
            name = "as_of" if error.field == "known_at" else error.field
            raise InvalidParameter(name, f"give {error.allowed}") from None

    @property
    def moment(self) -> dict[str, Any]:
        """What belongs into an answer about a past moment; nothing into one about now."""
        told = self.told
        if not isinstance(told, PastHistory):
            return {}
        known = told.known.recorded_by if told.known.position is None else told.known.position
        exact = {"known_at": plain_value(known), "happened_by": plain_value(told.happened_by), "exact": told.exact}
        return {"as_of": exact}

    # --------------------------------------------------------------------- around calls of the venue, without a unit

    @property
    def venue(self) -> Venue:
        """The venue of the server. Raises: NoVenue."""
        if self._venue is None:
            raise NoVenue("The server was started without a venue.")
        return self._venue

    @property
    def venue_name(self) -> str | None:
        """Its name, where there is one."""
        return None if self._venue is None else self._venue.name

    @property
    def store(self) -> Store:
        """The store, for use cases that own their transactions: what they record keeps the trace of this request."""
        return TracedStore(self._store, self.wire.trace)

    def reading(self, use_case: Callable[[OrderHistory], T]) -> T:
        """Look something up in a transaction of its own, among the accounts of the key."""
        accounts = self.principal.accounts
        return self._store.run(lambda uow: use_case(OrderHistory(scoped_to_accounts(uow, accounts))), read_only=True)

    # --------------------------------------------------------------------------------------------------- its names

    def id(self, name: str, kind: str) -> str:
        """An id in the path. Raises: NotFound: it is none, and so nobody's."""
        given = self.wire.path_parameters[name]
        try:
            found: str = IDENTITY.check(name, given)
        except InvalidInput:
            raise NotFound(kind, given) from None
        return found

    @property
    def order_id(self) -> str:
        """The order in the path. Raises: NotFound."""
        return self.id("order_id", "order")

    @property
    def request_id(self) -> str:
        """The request in the path. Raises: NotFound."""
        return self.id("request_id", "request")

    @property
    def account_id(self) -> str | None:
        """The account that a list is of; None for those of all. Raises: InvalidParameter."""
        return self.principal.listed(self.query.get("account_id"))

    @property
    def actor(self) -> str | None:
        """Who does it, where the body does not say."""
        return self.principal.name

    def address(self, path: str) -> str:
        """The address of something here."""
        return self.wire.root_path + quote(path)

    def check_match(self, order: Order) -> None:
        """Raises: PreconditionFailed: If-Match names another state of the order."""
        wanted = self.wire.headers.get(b"if-match")
        if wanted is not None and not matches(wanted, etag_of(order), weakly=False):
            raise PreconditionFailed("The order is not as If-Match says.", {"ETag": etag_of(order)})

    # --------------------------------------------------------------------------------------------------- its pages

    @property
    def page_size(self) -> int:
        """How many at most."""
        size: int = self.query.get("page_size", PAGE_SIZE)
        return size

    @property
    def _bound(self) -> bytes:
        account_id = self.account_id if "account_id" in self.query else None
        path = self.wire.path if self.wire.path_parameters else self.route.name
        return bound_to(path, account_id, self.query)

    @property
    def place(self) -> list[Any] | None:
        """Where the page before ended. Raises: InvalidPageToken."""
        token = self.query.get("page_token")
        return None if token is None else self._pages.place(self._bound, token)

    @property
    def after(self) -> PageKey | None:
        """The same, in a list that is sorted by time and id. Raises: InvalidPageToken."""
        place = self.place
        return None if place is None else place_key(place)

    @property
    def after_number(self) -> int:
        """The same, in a list that is sorted by a number, which counts from 1. Raises: InvalidPageToken."""
        return int((self.place or [0])[0])

    def weighed(
        self, read: Callable[[K | None, int], Stretch[T, K]], after: K | None, view: Callable[[T], Any]
    ) -> Stretch[Any, K]:
        """A page of what may be long; a list of the past is made as a whole, so that it is asked for once."""
        portion = self.page_size if isinstance(self.told, PastHistory) else PORTION
        return weighed(read, after, self.page_size, view, portion)

    def page(self, data: list[Any], next: PageKey | list[Any] | int | str | None, etag: str | None = None) -> Answer:
        """A page, and where the next one begins."""
        place = key_place(next) if isinstance(next, PageKey) else next if isinstance(next, list) else [next]
        if next is None:
            return Answer(body={**self.moment_of_list, "data": data, "next_page_token": None}, etag=etag)
        token = self._pages.token(self._bound, place)
        address = self.wire.root_path + self.wire.path + "?" + self.wire.query_with("page_token", token)
        body = {**self.moment_of_list, "data": data, "next_page_token": token}
        return Answer(body=body, headers={"Link": f'<{address}>; rel="next"'}, etag=etag)

    @property
    def moment_of_list(self) -> dict[str, Any]:
        """The moment of a list that can be asked of the past."""
        return self.moment if any(one.name == "as_of" for one in self.route.query) else {}
