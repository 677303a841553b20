"""Realized results and positions agree on the units that were sold or taken without being there."""

from decimal import Decimal
from functools import reduce

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sot.accounting import Method
from sot.domain.values.numbers import ZERO, add
from sot.testing.contract.samples import ACCOUNT, SYMBOL, VENUE
from sot.testing.contract.transactions import read_history, write_history
from tests.application.accounting.test_capital_gains import EVENTS, FILLS, day, traded
from tests.application.accounting.test_reporting import event, record, shares, trade

D = Decimal


def missing_by_day(store, **options):
    rows = read_history(store, lambda h: h.realized(ACCOUNT, by="DAY", **options))
    return [(row.day.day - day(0).day, row.missing_quantity, row.complete) for row in rows]


@pytest.mark.parametrize(
    ("ratio", "missing"), [({"split_to": "2"}, 10), ({"split_to": "1", "split_from": "2"}, D("2.5"))]
)
@pytest.mark.parametrize("into", [None, "USD"])
def test_units_that_were_missing_before_a_split_are_told_in_units_after_it(store, ratio, missing, into):
    """The split itself sold nothing."""
    record(store, shares("SPOT"), trade("E1", "SELL", 5, 100, 0), events=[event("SPLIT", 1, **ratio)])
    assert missing_by_day(store, in_currency=into) == [(0, missing, False), (1, 0, True)]
    held = read_history(store, lambda h: h.position(ACCOUNT, VENUE, SYMBOL))
    assert held.missing_quantity == missing


def test_splits_before_change_nothing(store):
    record(
        store,
        shares("SPOT"),
        trade("E0", "SELL", 1, 100, 0),
        trade("E1", "SELL", 5, 100, 2),
        events=[event("SPLIT", 1, split_to="2")],
    )
    assert missing_by_day(store) == [(0, 2, False), (1, 0, True), (2, 5, False)]


@pytest.mark.parametrize("cost", [None, "40"])
def test_units_that_a_transfer_took_are_missing_until_they_are_filled(store, cost):
    record(
        store, shares("SPOT"), trade("E1", "BUY", 1, 100, 0), events=[event("TRANSFER", 1, quantity="-4", cost=cost)]
    )
    assert missing_by_day(store) == [(0, 0, True), (1, 3, False)]
    write_history(store, lambda h: h.adopt(trade("E2", "BUY", 2, 100, 2)))
    assert missing_by_day(store) == [(0, 0, True), (1, 3, False), (2, -2, True)]
    write_history(store, lambda h: h.adopt(trade("E3", "BUY", 2, 100, 3)))
    (row,) = read_history(store, lambda h: h.realized(ACCOUNT))
    assert (row.missing_quantity, row.complete) == (0, True)


@given(
    st.sampled_from(["SPOT", "MARGIN", "EQUITY", "OPTION"]),
    FILLS,
    EVENTS,
    st.sampled_from(list(Method)),
    st.sampled_from([None, "EUR"]),
)
def test_what_realized_results_miss_is_what_positions_miss(kind, fills, events, method, into):
    store, _ = traded(kind, False, fills, events)
    rows = read_history(store, lambda h: h.contributions(ACCOUNT, method=method, in_currency=into))
    for held in read_history(store, lambda h: list(h.positions(ACCOUNT, method=method, include_flat=True))):
        parts = [row.missing_quantity for row in rows if row.key == held.key]
        assert reduce(add, parts, ZERO) == held.missing_quantity
    total = read_history(store, lambda h: h.realized(ACCOUNT, by=[], method=method, in_currency="EUR"))
    assert reduce(add, (row.missing_quantity for row in total), ZERO) == reduce(
        add, (row.missing_quantity for row in rows), ZERO
    )


def test_a_split_of_another_side_of_the_symbol_counts_too(store):
    """A split changes the units of all positions of its symbol."""
    sold = attrs.evolve(trade("E1", "SELL", 3, 100, 0), position_side="LONG")
    record(store, shares("SPOT"), sold, events=[event("SPLIT", 1, split_to="3")])
    assert missing_by_day(store) == [(0, 9, False), (1, 0, True)]
