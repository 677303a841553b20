"""A unit of work that shows some accounts only."""

from datetime import UTC, datetime
from decimal import Decimal
from inspect import isfunction
from typing import get_type_hints

import pytest

from sot import Instrument, NotFound, OrderHistory, OrderRequest, VenueReport
from sot.application.access.account_scope import REPOSITORIES, rule_of, scoped_to_accounts
from sot.domain.values.errors import InvalidInput
from sot.ports.access import AccessUnitOfWork
from sot.ports.orders import OrderFilter
from sot.ports.store import UnitOfWork

UNNARROWED = {("feed", "by_kind"), ("feed", "events"), ("feed", "reserve_position")}
CLOSED = {"audit", "api_keys", "idempotency_records"}
OWN_ATTRIBUTES = set(vars(UnitOfWork)["__annotations__"])
OWN_PARTS = OWN_ATTRIBUTES | {name for name in vars(UnitOfWork) if not name.startswith("_")}
HOW_IT_ENDS = {"commit", "rollback"}


def methods():
    for name, port in REPOSITORIES.items():
        for method, function in vars(port).items():
            if isfunction(function) and not method.startswith("_"):
                yield name, method


@pytest.mark.parametrize(("repository", "method"), list(methods()))
def test_every_method_has_a_rule_or_is_closed(repository, method):
    """A new method of a port has to be thought about: it fails here until it can be narrowed, or is named above."""
    if (repository, method) in UNNARROWED:
        with pytest.raises(NotImplementedError):
            rule_of(REPOSITORIES[repository], method)
    else:
        assert rule_of(REPOSITORIES[repository], method)


def test_every_repository_is_narrowed_or_closed(store):
    assert get_type_hints(AccessUnitOfWork).keys() - OWN_ATTRIBUTES == set(REPOSITORIES) | CLOSED
    with store.begin() as uow:
        for name in CLOSED:
            with pytest.raises(AttributeError):
                getattr(scoped_to_accounts(uow, ["alice"]), name)


def test_every_other_part_is_that_of_the_unit_of_work_but_how_it_ends(store):
    with store.begin() as uow:
        scoped = scoped_to_accounts(uow, ["alice"])
        for name in OWN_PARTS - HOW_IT_ENDS:
            assert getattr(scoped, name) == getattr(uow, name)
        for name in HOW_IT_ENDS:
            with pytest.raises(AttributeError):
                getattr(scoped, name)


def intent(account, name):
    return OrderRequest(
        account_id=account,
        client_order_id=name,
        venue="V",
        symbol="S",
        side="BUY",
        order_type="MARKET",
        quantity="1",
    )


@pytest.fixture
def two(store):
    """A store with an order in each of two accounts: their ids."""
    ids = {}

    def fill(uow):
        history = OrderHistory(uow)
        for account in ("alice", "bob"):
            history.register(
                Instrument(account_id=account, venue="V", symbol="S", kind="EQUITY", base="S", quote="EUR")
            )
            request = history.submit(intent(account, "o"))
            ids[account] = (request.request_id, history.mark_sent(request.request_id).order_id)

    store.run(fill)
    return ids


def test_what_is_foreign_is_not_there(store, two):
    request_id, order_id = two["bob"]
    with store.begin() as uow:
        history = OrderHistory(scoped_to_accounts(uow, ["alice"]))
        for ask in (history.order, history.events, history.timeline, history.fills, history.costs, history.pnl):
            with pytest.raises(NotFound):
                ask(order_id)
        with pytest.raises(NotFound):
            history.request(request_id)
        with pytest.raises(NotFound):
            history.mark_sent(request_id)
        with pytest.raises(NotFound):
            history.mark(order_id, "1")
        assert history.find_request("bob", "o") is None
        assert not history.orders(OrderFilter(account_id="bob")).items
        with pytest.raises(InvalidInput):
            history.orders()
        assert not list(history.positions("bob"))
        assert not list(history.waiting("bob"))
        with pytest.raises(InvalidInput):
            history.submit(intent("bob", "p"))
        with pytest.raises(NotFound):
            history.register(Instrument(account_id="bob", venue="W", symbol="S", kind="EQUITY", base="S", quote="EUR"))


def test_what_is_ones_own_is_as_ever(store, two):
    request_id, order_id = two["alice"]
    with store.begin(read_only=True) as uow:
        plain, narrow = OrderHistory(uow), OrderHistory(scoped_to_accounts(uow, ["alice"]))
        assert narrow.order(order_id) == plain.order(order_id)
        assert narrow.request(request_id) == plain.request(request_id)
        assert narrow.orders(OrderFilter(account_id="alice")) == plain.orders(OrderFilter(account_id="alice"))
        assert narrow.as_of(known_at=uow.feed.last()).order(order_id).status == plain.order(order_id).status
        assert scoped_to_accounts(uow, None) is uow


def test_a_batch_is_recorded_in_a_narrowed_unit_of_work(store, two):
    trades = [
        VenueReport(
            account_id="alice",
            venue="V",
            symbol="S",
            client_order_id="o",
            type="TRADE",
            exec_id=str(hour),
            last_quantity="0.1",
            last_price=str(hour),
            occurred_at=datetime(2026, 1, 1, hour, tzinfo=UTC),
        )
        for hour in (3, 2, 1)
    ]
    with store.begin() as uow:
        OrderHistory(scoped_to_accounts(uow, ["alice"])).record_many(trades)
        uow.commit()
    with store.begin(read_only=True) as uow:
        position = OrderHistory(uow).position("alice", "V", "S")
        assert (position.quantity, position.avg_entry_price) == (Decimal("0.3"), 2)
