"""Reading together what recording many reports looks up one by one, for a database that is far away."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sot.adapters.sqlalchemy.repositories.accounting.costs import Costs
from sot.adapters.sqlalchemy.repositories.orders.events import EventKey, Events
from sot.adapters.sqlalchemy.repositories.orders.identifiers import IdentifierCache, Key
from sot.adapters.sqlalchemy.repositories.orders.orders import Orders
from sot.adapters.sqlalchemy.repositories.orders.requests import Requests
from sot.domain.orders.external_id import external_order_id
from sot.domain.orders.order import Order
from sot.domain.orders.report import VenueReport
from sot.domain.orders.request import OrderRequest
from sot.domain.values.vocabulary import IdentifierKind


class ReadAhead:
    """Fills the caches of the repositories of a unit of work."""

    def __init__(
        self, identifiers: IdentifierCache, orders: Orders, requests: Requests, events: Events, costs: Costs
    ) -> None:
        self._identifiers = identifiers
        self._orders = orders
        self._requests = requests
        self._events = events
        self._costs = costs

    def read(self, reports: Sequence[VenueReport], requests: Sequence[OrderRequest]) -> None:
        """Read what recording these looks up: names first, then what goes by them."""
        names = {name for report in reports for name in _names_of_report(report)}
        names.update(name for request in requests for name in _names_of_request(request))
        self._identifiers.load_many(names)
        claimed = {name: self._order_ids(name) for name in names}
        self._look_for_requests(names, claimed, requests)
        wanted = {order_id for order_ids in claimed.values() for order_id in order_ids}
        wanted.update(report.order_id for report in reports if report.order_id is not None)
        wanted.update(_ids_of_external_orders(reports, claimed))
        orders = {order.order_id: order for order in self._orders.load_many(wanted)}
        self._costs.load_many(orders.values())
        self._events.load_many(_event_keys(reports, claimed, orders))

    def _order_ids(self, name: Key) -> set[str]:
        return {order_id for _, order_id in self._identifiers.claims(name, lock=False).orders}

    def _look_for_requests(
        self, names: Iterable[Key], claimed: Mapping[Key, set[str]], requests: Sequence[OrderRequest]
    ) -> None:
        """Find out which requests are not there: those to come, and those that reports of no order may be about."""
        keys: dict[str, set[str]] = defaultdict(set)
        for name in names:
            account_id, kind, value = name
            if kind is IdentifierKind.CLIENT and not claimed[name]:
                keys[account_id].add(value)
        for request in requests:
            keys[request.account_id].add(request.key)
        for account_id, of_account in keys.items():
            self._requests.look_for_keys(account_id, of_account)


def _names_of_report(report: VenueReport) -> Iterator[Key]:
    return ((report.account_id, kind, value) for kind, value in report.identifiers())


def _names_of_request(request: OrderRequest) -> Iterator[Key]:
    if request.client_order_id is not None:
        yield request.account_id, IdentifierKind.CLIENT, request.client_order_id


def _ids_of_external_orders(reports: Iterable[VenueReport], claimed: Mapping[Key, set[str]]) -> Iterator[str]:
    """Iterate over the ids that external orders would get from reports whose names no order has."""
    for report in reports:
        names = list(_names_of_report(report))
        if names and not any(claimed[name] for name in names):
            yield external_order_id(report)


def _event_keys(
    reports: Iterable[VenueReport], claimed: Mapping[Key, set[str]], stored: Mapping[str, Order]
) -> Iterator[EventKey]:
    """Iterate over the keys by which the events would be found that reports repeat."""
    for report in reports:
        of_names = (order_id for name in _names_of_report(report) for order_id in claimed[name])
        for order_id in {*of_names, report.order_id or ""} & stored.keys():
            prefix = (report.account_id, order_id)
            if report.exec_id is not None:
                yield *prefix, report.exec_id, report.leg
            if report.identity is None:
                yield from ((*prefix, digest) for digest in report.repeated_digests)
