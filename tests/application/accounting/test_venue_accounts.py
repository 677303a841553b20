"""Positions are per account at the venue; and what is missing in one symbol may be held in another."""

from decimal import Decimal

import pytest

from sot import Instrument, InstrumentKind, VenueReport
from sot.accounting import GroupBy
from sot.application.reconciliation.history_snapshot import history_snapshot
from sot.domain.reconciliation.snapshots import VenueSnapshot
from sot.ports.venue import VenueScope
from sot.testing.contract.samples import ACCOUNT, SYMBOL, VENUE, spot_instrument
from sot.testing.contract.transactions import read_history, write_history
from tests.support.accounting_samples import account_event, at, execution_report


@pytest.fixture
def two_accounts(store):
    write_history(store, lambda h: h.register(spot_instrument()))
    for report in (
        execution_report("A1", "BUY", 2, 10, 0, venue_account="one"),
        execution_report("A2", "SELL", 2, 15, 1, venue_account="one"),
        execution_report("B1", "BUY", 3, 12, 2, venue_account="two"),
        execution_report("C1", "BUY", 5, 11, 3),
    ):
        write_history(store, lambda h, report=report: h.adopt(report))
    return store


def test_positions_of_one_account_are_asked_for(two_accounts):
    def ask(name, **fields):
        return read_history(two_accounts, lambda h: list(getattr(h, name)(ACCOUNT, venue_account="one", **fields)))

    (position,) = ask("positions", include_flat=True)
    assert (position.key.venue_account, position.realized_gross, position.quantity) == ("one", 10, 0)
    assert ask("positions") == []
    assert [trip.realized_gross for trip in ask("round_trips")] == [10]
    assert [row.realized_gross for row in ask("realized", by=GroupBy.SYMBOL)] == [10]
    assert len(ask("contributions")) == 2
    assert [row.orders for row in ask("cost_analysis")] == [2]
    unnamed = read_history(two_accounts, lambda h: list(h.positions(ACCOUNT, venue_account="")))
    assert [position.quantity for position in unnamed] == [5]
    every = read_history(two_accounts, lambda h: list(h.positions(ACCOUNT, include_flat=True, limit=1)))
    assert [position.quantity for position in every] == [5, 0, 3]


def test_the_past_is_asked_for_in_the_same_way(two_accounts):
    past = read_history(
        two_accounts, lambda h: list(h.as_of(happened_by=at(0)).positions(ACCOUNT, venue_account="one"))
    )
    assert [(position.quantity, position.key.venue_account) for position in past] == [(2, "one")]


def test_a_split_concerns_every_account_at_the_venue(two_accounts):
    write_history(two_accounts, lambda h: h.record_account_event(account_event("SPLIT", 9, split_to=2)))
    positions = read_history(two_accounts, lambda h: list(h.positions(ACCOUNT)))
    assert [position.quantity for position in positions] == [10, 6]


def test_a_transfer_moves_the_position_of_its_account(two_accounts):
    event = account_event("TRANSFER", 9, quantity=Decimal(-1), venue_account="two")
    write_history(two_accounts, lambda h: h.record_account_event(event))
    positions = read_history(two_accounts, lambda h: list(h.positions(ACCOUNT)))
    assert [(position.key.venue_account, position.quantity) for position in positions] == [("", 5), ("two", 2)]


def test_a_flat_position_with_missing_units_is_listed_and_names_where_units_are(store):
    write_history(store, lambda h: h.register(spot_instrument()))
    write_history(
        store,
        lambda h: h.register(
            Instrument(
                account_id=ACCOUNT, venue=VENUE, symbol="BASE/EUR", kind=InstrumentKind.SPOT, base="BASE", quote="EUR"
            )
        ),
    )
    write_history(store, lambda h: h.adopt(execution_report("A", "SELL", 2, 10, 1)))
    (position,) = read_history(store, lambda h: list(h.positions(ACCOUNT)))
    assert (position.quantity, position.missing_quantity, position.missing, position.complete) == (0, 2, (), False)
    (row,) = read_history(store, lambda h: list(h.realized(ACCOUNT)))
    assert (row.missing_quantity, row.realized_gross, row.complete) == (2, 0, False)
    bought = VenueReport(
        account_id=ACCOUNT,
        type="TRADE",
        venue=VENUE,
        symbol="BASE/EUR",
        venue_order_id="V9",
        exec_id="B",
        side="BUY",
        last_quantity=3,
        last_price=9,
        occurred_at=at(0),
    )
    write_history(store, lambda h: h.adopt(bought))
    position = read_history(store, lambda h: h.position(ACCOUNT, VENUE, SYMBOL))
    assert position.missing == ("BASE/EUR",)
    assert read_history(store, lambda h: h.position(ACCOUNT, VENUE, "BASE/EUR")).missing == ()


@pytest.mark.parametrize(("name", "quantity"), [("one", 0), ("two", 3), ("", 5)])
def test_a_reconciliation_compares_the_positions_of_its_account(two_accounts, name, quantity):
    scope = VenueScope(account_id=ACCOUNT, venue_account=name)
    venue = VenueSnapshot(account_id=ACCOUNT, venue=VENUE, venue_account=name, asked_at=at(9))
    snapshot = two_accounts.run(lambda uow: history_snapshot(uow, venue, scope))
    assert [position.quantity for position in snapshot.positions] == [quantity]
