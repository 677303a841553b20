"""Units that leave without being there: no short, no result at a cost of zero, and never out of sight."""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.position_samples import (
    MARGIN,
    PERPETUAL,
    SPOT,
    T0,
    fill_of,
    fold_of,
    instrument_of,
    split_of,
    transfer_of,
)

from sot import InstrumentKind
from sot.accounting import Method
from sot.domain.accounting.fold import PositionFold
from sot.domain.accounting.results import contributions
from sot.domain.accounting.round_trips import round_trips
from sot.domain.values.numbers import ZERO, add
from sot.domain.values.position_key import PositionKey

KEY = PositionKey("a", "V", "S")
METHODS = pytest.mark.parametrize("method", Method)


def figures(position):
    return (position.quantity, position.realized_gross, position.missing_quantity, position.complete)


@METHODS
def test_spot_sold_without_being_there_opens_no_short_and_has_no_result(method):
    sold = [fill_of(1, "SELL", 1, 60000, fees=[(6, "QUOTE")])]
    position = fold_of(SPOT, sold, method)
    assert figures(position) == (0, 0, 1, False)
    assert (position.realized_net, position.realized_paid, position.open_fees) == (-6, -6, 0)  # the fee is paid
    position = fold_of(SPOT, [*sold, fill_of(2, "BUY", 1, 70000)], method)
    assert figures(position) == (1, 0, 1, False)  # no later purchase fills it
    assert position.avg_entry_price == 70000
    position = fold_of(SPOT, [*sold, fill_of(2, "BUY", 1, 70000), fill_of(3, "SELL", 1, 71000)], method)
    assert figures(position) == (0, 1000, 1, False)


@METHODS
def test_the_part_that_is_held_has_its_result(method):
    position = fold_of(SPOT, [fill_of(1, "BUY", 3, 10), fill_of(2, "SELL", 5, 12, fees=[("0.5", "QUOTE")])], method)
    assert figures(position) == (0, 6, 2, False)
    assert position.realized_net == Decimal("5.5")


@METHODS
def test_the_last_unit_that_is_held_can_be_sold(method):
    assert figures(fold_of(SPOT, [fill_of(1, "BUY", 3, 10), fill_of(2, "SELL", 3, 12)], method)) == (0, 6, 0, True)


@METHODS
def test_a_transfer_with_its_cost_at_its_time_makes_it_whole(method):
    sold = [fill_of(5, "SELL", 1, 60000), fill_of(6, "BUY", 1, 70000)]
    told = fold_of(SPOT, [*sold, transfer_of(4, 1, 50000)], method)
    assert figures(told) == (1, 10000, 0, True)
    same_moment = fold_of(SPOT, [*sold, transfer_of(5, 1, 50000)], method)
    assert figures(same_moment) == (1, 10000, 0, True)
    too_late = fold_of(SPOT, [*sold, transfer_of(7, 1, 50000)], method)
    assert figures(too_late) == (2, 0, 1, False)


def test_a_base_fee_that_is_not_there_is_missing():
    position = fold_of(SPOT, [fill_of(1, "BUY", 1, 100), fill_of(2, "SELL", 1, 120, fees=[("0.25", "BASE")])])
    assert (position.quantity, position.missing_quantity) == (0, Decimal("0.25"))
    assert position.realized_gross == 120 * Decimal("0.8") - 100  # 1 of the 1.25 units that left was held
    margin = fold_of(MARGIN, [fill_of(1, "BUY", 1, 100), fill_of(2, "SELL", 1, 120, fees=[("0.25", "BASE")])])
    assert (margin.quantity, margin.missing_quantity) == (Decimal("-0.25"), 0)


@pytest.mark.parametrize("kind", [kind for kind in InstrumentKind if kind is not InstrumentKind.SPOT])
def test_other_kinds_are_sold_short(kind):
    position = fold_of(instrument_of(kind), [fill_of(1, "SELL", 2, 15), fill_of(2, "BUY", 2, 12)])
    assert figures(position) == (0, 6, 0, True)


@METHODS
@pytest.mark.parametrize("kind", InstrumentKind)
def test_a_long_side_never_passes_below_zero(kind, method):
    fills = [
        fill_of(1, "BUY", 1, 10, position_side="LONG"),
        fill_of(2, "SELL", 3, 11, position_side="LONG"),
        fill_of(3, "BUY", 1, 20, position_side="LONG"),
    ]
    assert figures(fold_of(instrument_of(kind), fills, method)) == (1, 1, 2, False)


@METHODS
def test_a_short_side_never_passes_above_zero(method):
    fills = [
        fill_of(1, "SELL", 1, 10, position_side="SHORT"),
        fill_of(2, "BUY", 3, 9, position_side="SHORT"),
        fill_of(3, "SELL", 1, 20, position_side="SHORT"),
    ]
    assert figures(fold_of(PERPETUAL, fills, method)) == (-1, 1, 2, False)


# ------------------------------------------------------------------------------------------------------- transfers


@METHODS
@pytest.mark.parametrize("instrument", [SPOT, MARGIN, PERPETUAL])
def test_units_taken_without_being_there_are_filled_by_later_purchases(instrument, method):
    taken = [fill_of(1, "BUY", 3, 10), transfer_of(2, -5)]
    position = fold_of(instrument, taken, method)
    assert figures(position) == (0, 0, 2, False)
    one = fill_of(3, "BUY", 1, 12, fees=[(1, "QUOTE")])
    position = fold_of(instrument, [*taken, one], method)
    assert figures(position) == (0, 0, 1, False)
    assert (position.realized_net, position.realized_paid) == (-1, -1)
    position = fold_of(instrument, [*taken, one, fill_of(4, "BUY", 3, 20, fees=[(3, "QUOTE")])], method)
    assert figures(position) == (2, 0, 0, True)
    assert (position.entry_value, position.open_fees, position.realized_net) == (40, 2, -2)


@METHODS
def test_later_transfers_fill_what_was_taken(method):
    position = fold_of(SPOT, [transfer_of(1, -2), transfer_of(2, 5, 500)], method)
    assert figures(position) == (3, 0, 0, True)
    assert position.entry_value == 300


def test_what_was_sold_and_what_was_taken_are_kept_apart():
    position = fold_of(SPOT, [fill_of(1, "SELL", 1, 10), transfer_of(2, -2), fill_of(3, "BUY", 5, 12)])
    assert figures(position) == (3, 0, 1, False)
    assert (position.state.missing_traded, position.state.missing_moved) == (1, 0)


def test_a_short_moves_in_only_with_its_own_cost():
    assert figures(fold_of(PERPETUAL, [transfer_of(1, -5, 500)])) == (-5, 0, 0, True)
    assert figures(fold_of(PERPETUAL, [transfer_of(1, -5)])) == (0, 0, 5, False)
    assert figures(fold_of(SPOT, [transfer_of(1, -5, 500)])) == (0, 0, 5, False)
    on_long_side = [transfer_of(1, -5, 500, position_side="LONG")]
    assert figures(fold_of(PERPETUAL, on_long_side)) == (0, 0, 5, False)
    on_short_side = [transfer_of(1, -5, 500, position_side="SHORT"), fill_of(2, "BUY", 5, 90, position_side="SHORT")]
    assert figures(fold_of(PERPETUAL, on_short_side)) == (0, 50, 0, True)


def test_a_short_position_is_covered_before_missing_units_are_filled():
    entries = [transfer_of(1, -2), fill_of(2, "SELL", 3, 10), fill_of(3, "BUY", 4, 8)]
    assert figures(fold_of(PERPETUAL, entries)) == (0, 6, 1, False)


def test_units_closed_for_a_cost_and_missing_ones_share_it():
    position = fold_of(SPOT, [fill_of(1, "BUY", 3, 10), transfer_of(2, -5, 100)])
    assert figures(position) == (0, 0, 2, False)
    assert position.account_results == {"TRANSFER": 60 - 30}


def test_a_split_changes_missing_units_as_others():
    entries = [fill_of(1, "SELL", 1, 10), transfer_of(2, -2), split_of(3, 3), fill_of(4, "BUY", 7, 4)]
    position = fold_of(SPOT, entries)
    assert figures(position) == (1, 0, 3, False)


# ------------------------------------------------------------------------------------- trips, contributions, identities


def test_a_trip_in_which_units_were_missing_is_not_complete():
    fills = [
        fill_of(1, "BUY", 3, 10),
        fill_of(2, "SELL", 5, 12),
        fill_of(3, "BUY", 1, 10),
        fill_of(4, "SELL", 1, 11),
    ]
    first, second = round_trips(KEY, PositionFold([SPOT]), fills)
    assert (first.exit_quantity, first.exit_value, first.realized_gross, first.complete) == (3, 36, 6, False)
    assert (second.entry_quantity, second.realized_gross, second.complete) == (1, 1, True)


def test_a_contribution_tells_what_it_sold_without_being_there():
    fills = [fill_of(1, "BUY", 3, 10), fill_of(2, "SELL", 5, 12)]
    parts = list(contributions(KEY, PositionFold([SPOT]), fills))
    assert [part.missing_quantity for part in parts] == [0, 2]
    assert [part.realized_gross for part in parts] == [0, 6]


amounts = st.integers(1, 40).map(lambda number: number * Decimal("0.5"))
moves = st.lists(st.tuples(st.sampled_from(["BUY", "SELL", "IN", "OUT"]), amounts, amounts), max_size=14)


def entries_of(rows):
    entries = []
    for number, (kind, quantity, price) in enumerate(rows, 1):
        if kind in ("BUY", "SELL"):
            entries.append(fill_of(number, kind, quantity, price, fees=[("0.3", "QUOTE")]))
        else:
            entries.append(
                transfer_of(number, quantity if kind == "IN" else -quantity, price if kind == "IN" else None)
            )
    return entries


units = st.sampled_from([Decimal(number) for number in (1, 2, 5)])
missing_moves = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["BUY", "SELL", "IN", "OUT", "SOLD OUT"]), units),
        st.tuples(st.just("SPLIT"), st.sampled_from([(2, 1), (1, 2), (1, 3), (7, 3)])),
    ),
    max_size=12,
)


def entry_of(number, kind, value):
    if kind == "SPLIT":
        return split_of(number, *value)
    if kind in ("BUY", "SELL"):
        return fill_of(number, kind, value, 10)
    return transfer_of(number, value if kind == "IN" else -value, None if kind == "OUT" else 10)


@given(missing_moves, st.sampled_from([SPOT, MARGIN, PERPETUAL]), st.sampled_from(Method))
def test_contributions_miss_what_the_position_misses(rows, instrument, method):
    """In units after all splits, exactly; a split itself misses nothing."""
    entries = [entry_of(number, *row) for number, row in enumerate(rows, 1)]
    splits = [entry for entry, (kind, _) in zip(entries, rows, strict=True) if kind == "SPLIT"]
    parts = list(contributions(KEY, PositionFold([instrument], method), entries, splits))
    position = fold_of(instrument, entries, method)
    assert reduce(add, (part.missing_quantity for part in parts), ZERO) == position.missing_quantity
    assert not any(part.missing_quantity for part in parts if part.entry in splits)


@given(moves, st.sampled_from(Method))
def test_no_unit_of_spot_is_lost_or_made(rows, method):
    position = fold_of(SPOT, entries_of(rows), method)
    signs = {"BUY": 1, "IN": 1, "SELL": -1, "OUT": -1}
    moved = sum(signs[kind] * quantity for kind, quantity, _ in rows)
    state = position.state
    assert position.quantity >= 0 and state.missing_traded >= 0 and state.missing_moved >= 0
    assert position.quantity - state.missing_traded - state.missing_moved == moved
    assert not (position.quantity and state.missing_moved)
    paid = Decimal("0.3") * sum(kind in ("BUY", "SELL") for kind, _, _ in rows)
    assert Fraction(position.realized_paid) == Fraction(position.realized_gross) - Fraction(paid)
    assert sum(lot.quantity for lot in position.lots) in (0, position.quantity)


@given(moves)
def test_missing_units_whose_cost_is_told_have_the_results_of_a_history_that_was_whole(rows):
    """A transfer of the missing units before everything else leaves no unit missing."""
    entries = entries_of(rows)
    missing = sum(quantity for _, quantity, _ in rows)
    told = [transfer_of(0, missing, 100)] if missing else []
    position = fold_of(SPOT, [*told, *entries])
    assert position.complete and not position.missing_quantity
    assert position.state.last_at is None or position.state.last_at <= T0 + timedelta(seconds=20)


@given(moves, st.integers(0, 14), st.sampled_from(Method))
def test_a_fold_continues_from_its_state(rows, cut, method):
    entries = entries_of(rows)
    start = fold_of(SPOT, entries[:cut]).state
    if method is Method.AVERAGE or start.is_common:
        whole, continued = fold_of(SPOT, entries, method), fold_of(SPOT, entries[cut:], method, start=start)
        for name in ("quantity", "entry_value", "realized_gross", "realized_net", "missing_quantity"):
            assert getattr(continued, name) == getattr(whole, name)
