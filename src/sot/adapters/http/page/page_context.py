"""What a view gets: one request of the page, authorized, with access to the history."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sot.adapters.http.access import DEFAULT_ACCOUNT, Principal
from sot.adapters.http.http_errors import PreconditionFailed
from sot.adapters.http.http_message import HttpMessage, order_etag
from sot.adapters.http.page.cookies import CookieWriter
from sot.adapters.http.page.links import Links
from sot.adapters.http.page.models.links import NavCount
from sot.adapters.http.page.page_parameters import query_texts
from sot.adapters.http.page.sessions import Session, Sessions
from sot.adapters.http.request_context import RequestContext, Services
from sot.application.support.lazy import lazy
from sot.domain.orders.order import Order
from sot.ports.paging import PageKey
from sot.ports.store import UnitOfWork

SEEN_FIELD = "seen"
"""The field of a form with the entity tag of the order that its reader saw."""


class PageContext(RequestContext):
    """One request of the page.

    Attributes:
        form: The fields of its form.
        session: The session of the reader; None without one.
        sessions: All sessions of the server.
        cookies: Writes cookies.
        links: Makes addresses.
        needs_key: Whether the server has keys.
        counts: What the navigation shows beside names, by route.
    """

    def __init__(
        self,
        services: Services,
        operation: str,
        message: HttpMessage,
        principal: Principal,
        query: Mapping[str, Any],
        uow: UnitOfWork | None,
        *,
        form: Mapping[str, str],
        session: Session | None,
        sessions: Sessions,
        cookies: CookieWriter,
        links: Links,
        needs_key: bool,
    ) -> None:
        super().__init__(services, operation, message, principal, query, {}, uow)
        self.form = form
        self.session = session
        self.sessions = sessions
        self.cookies = cookies
        self.links = links
        self.needs_key = needs_key
        self.counts: Mapping[str, NavCount] = {}

    @property
    def now(self) -> datetime:
        """The current time, by the clock of the store."""
        return self.services.store.clock.now()

    @property
    def is_past(self) -> bool:
        """Whether a past point in time is shown."""
        return "as_of" in self.query

    @property
    def accounts(self) -> list[str] | None:
        """The accounts that the reader may choose from; None for a key of all accounts."""
        accounts = self.principal.accounts
        return None if accounts is None else sorted(accounts)

    @property
    def list_account_id(self) -> str | None:
        """The account that a list is limited to: the one that the query names, else the first one of the key."""
        account_id: str | None = self.query.get("account_id")
        if account_id is None and self.accounts is not None:
            return self.accounts[0]
        return account_id

    @lazy
    def known_accounts(self) -> Sequence[str]:
        """The accounts that the reader may choose from: those of the key, or of the store."""
        return self.uow.audit.known_accounts() if self.accounts is None else self.accounts

    @property
    def one_account(self) -> str:
        """The account of a page about a single account: the one that the query names, else the first one."""
        account_id: str | None = self.query.get("account_id")
        return account_id or next(iter(self.known_accounts), DEFAULT_ACCOUNT)

    @lazy
    def shown_at(self) -> datetime | None:
        """The time that is shown: now, a past time, or that of the fact at a cursor; None if nothing has the cursor."""
        as_of = self.query.get("as_of")
        if as_of is None or isinstance(as_of, datetime):
            return as_of or self.uow.clock.now()
        leaf = next(iter(self.uow.feed.leaves(as_of - 1, as_of)), None)
        return None if leaf is None else leaf.recorded_at

    @property
    def query_texts(self) -> dict[str, Any]:
        """The query parameters as texts, without the point in time and the position in the list."""
        return {name: query_texts(value) for name, value in self.query.items() if name not in ("as_of", "page_token")}

    def check_if_match(self, order: Order) -> None:
        """Check that an order is as it was when the form was opened.

        Raises:
            PreconditionFailed: It has changed.
        """
        if self.form.get(SEEN_FIELD, "") != order_etag(order):
            raise PreconditionFailed("The order has changed since the form was opened.")

    def next_address(self, name: str, next: PageKey | list[Any] | str | None, **values: object) -> str | None:
        """Return the address of the next page of a list; None at its end."""
        if next is None:
            return None
        return self.links(name, **{**self.query_texts, **values, "page_token": self.page_token(next)})

    def first_address(self, name: str) -> str | None:
        """Return the address of the first page of a list; None there."""
        return self.links(name, **self.query_texts) if "page_token" in self.query else None
