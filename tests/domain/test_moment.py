"""The order of what happened in one moment: what tells it, and when a result depends on an order that nothing tells."""

import random
from decimal import Decimal
from itertools import combinations, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import examples
from tests.support.position_samples import MARGIN, PERPETUAL, SPOT, fill_of, fold_of, split_of, transfer_of

from sot.domain.accounting.fold import PositionFold
from sot.domain.accounting.moment import AlikeFills, can_continue, is_known_to_precede
from sot.domain.accounting.position import PositionState

HELD = fill_of(1, "BUY", 100, 10)


def sale(number=2, quantity=50, price=12, **fields):
    return fill_of(number, "SELL", quantity, price, at=9, **fields)


def purchase(number=3, quantity=50, price=20, **fields):
    return fill_of(number, "BUY", quantity, price, at=9, **fields)


def assumed(*entries, instrument=PERPETUAL):
    return fold_of(instrument, entries).order_assumed


def test_opposite_fills_without_anything_that_tells_their_order():
    assert assumed(HELD, sale(), purchase())
    assert not assumed(HELD, sale(), fill_of(3, "BUY", 50, 20, at=10))


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        ({"exec_id": "9"}, {"exec_id": "10"}, True),
        ({"exec_id": "T-9-x"}, {"exec_id": "T-10-x"}, True),
        ({"exec_id": "1-9"}, {"exec_id": "2-10"}, False),  # they differ in two numbers
        ({"exec_id": "A9"}, {"exec_id": "B10"}, False),
        ({"exec_id": "A"}, {"exec_id": "B"}, False),
        ({"exec_id": "T7"}, {"exec_id": "T007"}, False),  # the same number
        ({"exec_id": "9"}, {}, False),
        ({"venue_sequence": 41}, {"venue_sequence": 42}, True),
        ({"venue_sequence": 41}, {"venue_sequence": 41}, False),
        ({"venue_sequence": 41}, {}, False),
        ({"venue_time_ns": 1}, {"venue_time_ns": 2}, True),
        ({"venue_time_ns": 1}, {"venue_time_ns": 1}, False),
        ({"venue_time_ns": 1}, {}, False),
        ({"venue_order_id": "9"}, {"venue_order_id": "10"}, False),
        ({"leg": "1"}, {"leg": "2"}, False),
    ],
)
def test_what_tells_the_order_of_two_fills(first, second, told):
    one, other = sorted((sale(**first), purchase(**second)), key=lambda fill: fill.fold_key)
    assert is_known_to_precede(one, other) is told
    assert assumed(HELD, one, other) is not told


def test_ids_count_as_numbers_of_any_length():
    told = fold_of(PERPETUAL, [HELD, purchase(exec_id="1" * 40), sale(exec_id="9" * 39)])
    assert (told.avg_entry_price, told.realized_gross, told.order_assumed) == (15, 100, False)


def test_a_running_number_outranks_ids_and_nanoseconds_outrank_both():
    sequence = fold_of(PERPETUAL, [HELD, sale(exec_id="9", venue_sequence=2), purchase(exec_id="8", venue_sequence=3)])
    assert sequence.avg_entry_price == 15
    clock = [sale(venue_sequence=3, venue_time_ns=5), purchase(venue_sequence=2, venue_time_ns=6)]
    assert fold_of(PERPETUAL, [HELD, *clock]).avg_entry_price == 15


def test_fills_between_tell_the_order():
    """9 before 10 by their ids, 10 before another one by the venue's sequence."""
    first = sale(exec_id="9")
    middle = fill_of(4, "SELL", 10, 12, at=9, exec_id="10", venue_sequence=1)
    last = purchase(exec_id="x", venue_sequence=2)
    assert not is_known_to_precede(first, last)
    assert not assumed(HELD, first, middle, last)


@pytest.mark.parametrize(
    ("instrument", "entries", "expected"),
    [
        (PERPETUAL, [purchase(2), purchase(3, price=30)], False),  # both buy
        (PERPETUAL, [purchase(), sale()], False),  # from flat, and it may be short: any order has one result
        (SPOT, [purchase(), sale()], True),  # it may not be short
        (PERPETUAL, [HELD, sale(), purchase(price=10)], False),  # bought at the average
        (PERPETUAL, [purchase(2, price=9), purchase(3), sale(4, quantity=70)], True),
        (PERPETUAL, [purchase(2), purchase(3), sale(4, quantity=70)], False),
        (PERPETUAL, [HELD, sale(quantity=100), purchase()], True),
        (PERPETUAL, [HELD, sale(), purchase(price=10, fees=[(1, "QUOTE")])], True),  # the fee goes with the units
        (MARGIN, [HELD, transfer_of(9, -50), purchase()], False),  # a transfer has its place
        (SPOT, [transfer_of(1, -70), purchase(), purchase(4), sale()], True),
    ],
)
def test_it_is_assumed_where_the_result_depends_on_it(instrument, entries, expected):
    assert assumed(*entries, instrument=instrument) is expected


def test_it_stays_when_the_position_is_flat():
    assert assumed(HELD, sale(), purchase(), fill_of(8, "SELL", 100, 30, at=20))


def test_transfers_stand_around_the_fills_of_their_moment():
    bought = fill_of(1, "BUY", 1, 60000, at=5)
    out = fold_of(SPOT, [transfer_of(5, -1, external_id="a"), bought])
    assert (out.quantity, out.realized_net, out.complete) == (0, 0, True)
    sold = fill_of(1, "SELL", 1, 60000, at=5, venue_time_ns=1)
    come = fold_of(SPOT, [transfer_of(5, 1, 50000, external_id="z"), sold])
    assert (come.quantity, come.realized_gross, come.complete) == (0, 10000, True)


def test_a_split_comes_before_everything_else_of_its_moment():
    entries = [fill_of(1, "BUY", 1, 10), fill_of(2, "SELL", 2, 6, at=5), split_of(5, 2, external_id="z")]
    assert fold_of(SPOT, [*entries, transfer_of(5, 3, 12, external_id="a")]).realized_gross == Decimal(
        "3.2"
    )  # 2 of 5 for 22


def test_a_short_side_is_enlarged_before_and_reduced_after_the_fills():
    entries = [
        transfer_of(5, -2, 20, position_side="SHORT"),
        fill_of(1, "BUY", 2, 9, at=5, position_side="SHORT"),
    ]
    position = fold_of(PERPETUAL, entries)
    assert (position.quantity, position.realized_gross, position.complete) == (0, 2, True)


# ------------------------------------------------------------------------------------------------------ properties

terms = st.tuples(
    st.sampled_from(["BUY", "SELL"]),
    st.integers(1, 3),
    st.integers(1, 3),
    st.integers(1, 3),
    st.sampled_from([None, 1, 2]),
    st.sampled_from([None, "1", "2", "x"]),
)
rows = st.lists(terms, max_size=7)


def fills_of(rows):
    return sorted(
        (
            fill_of(number, side, quantity, price, at=at, venue_sequence=sequence, exec_id=exec_id)
            for number, (side, quantity, price, at, sequence, exec_id) in enumerate(rows, 1)
        ),
        key=lambda fill: fill.fold_key,
    )


@given(rows, st.sampled_from([SPOT, PERPETUAL]), st.integers(0, 999))
def test_it_does_not_depend_on_how_the_fold_was_continued(rows, instrument, seed):
    """A fold that continues from stored states, and begins anew where it cannot, has the state of one pass."""
    fills = fills_of(rows)
    expected = fold_of(instrument, fills).state
    state, recorded = PositionState(), []
    for fill in random.Random(seed).sample(fills, len(fills)):
        recorded = sorted([*recorded, fill], key=lambda each: each.fold_key)
        if can_continue(state, fill):
            fold = PositionFold([instrument], start=state)
            fold.fold([fill])
            state = fold.state()
        else:
            state = fold_of(instrument, recorded).state
    assert state == expected


one_moment = st.lists(terms.map(lambda row: (*row[:3], 1, *row[4:])), max_size=4)


@given(one_moment, st.sampled_from([SPOT, PERPETUAL]))
def test_where_it_is_not_assumed_every_possible_order_has_one_result(rows, instrument):
    fills = fills_of(rows)
    if fold_of(instrument, fills).order_assumed:
        return
    pairs = list(combinations(fills, 2))
    fixed = [(one, other) for one, other in pairs if is_known_to_precede(one, other) or one.side is other.side]
    results = set()
    for order in permutations(fills):
        if all(order.index(one) < order.index(other) for one, other in fixed):
            fold = PositionFold([instrument])
            fold.fold(order)
            figures = fold.figures()
            amounts = (figures.entry_value, figures.realized_gross, figures.missing_traded)
            results.add((figures.direction, figures.open_quantity, *(round(amount, 20) for amount in amounts)))
    assert len(results) == 1


alike_terms = st.tuples(
    st.sampled_from(["BUY", "SELL"]),
    st.integers(1, 3),
    st.sampled_from([10] * 19 + [11]),
    st.sampled_from([1] * 19 + [2]),
)


@given(
    st.lists(alike_terms, min_size=2, max_size=6),
    st.integers(-4, 4),
    st.booleans(),
    st.sampled_from([SPOT, MARGIN, PERPETUAL]),
    st.sampled_from(["NET", "LONG", "SHORT"]),
    st.sampled_from(["QUOTE", "BASE", "TOKEN"]),
)
@settings(max_examples=examples(400))
def test_fills_that_are_alike_need_not_be_tried(rows, held, moved, instrument, side, currency):
    """Fills at the price of what is held, with fees in proportion, have one result in any order."""
    fields = {"position_side": side}
    start = []
    if held and moved:
        start = [transfer_of(1, abs(held) if side == "SHORT" else -abs(held), **fields)]
    elif held:
        start = [fill_of(1, "BUY" if held > 0 else "SELL", abs(held), 10, **fields)]
    fills = [
        fill_of(number, way, quantity, price, at=9, fees=[(rate * quantity, currency)], **fields)
        for number, (way, quantity, price, rate) in enumerate(rows, 2)
    ]
    found = assumed(*start, *fills, instrument=instrument)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(AlikeFills, "include", lambda alike, fills: False)
        assert assumed(*start, *fills, instrument=instrument) is found


def test_fills_that_are_alike_or_told_are_not_tried(monkeypatch):
    monkeypatch.setattr(PositionFold, "_simulate", None)
    alike = [fill_of(number, "BUY" if number % 2 else "SELL", 1, 10, at=9) for number in range(1, 9)]
    assert not assumed(*alike)
    told = [
        fill_of(number, "BUY" if number % 2 else "SELL", 1, number, at=9, exec_id=f"{number}") for number in range(9)
    ]
    assert not assumed(*told)


def test_only_the_fills_that_nothing_tells_apart_are_tried(monkeypatch):
    """The first of 9 fills has no id."""
    tried = []
    real = PositionFold._simulate
    monkeypatch.setattr(PositionFold, "_simulate", lambda *given: tried.append(given) or real(*given))
    fills = [
        fill_of(number, "BUY" if number % 2 else "SELL", 1, number, at=9, exec_id=f"{number}") for number in range(9)
    ]
    assert not assumed(fills[0].changed(first_exec_id=None), *fills[1:])
    assert len(tried) == 4 * 4  # for each purchase, what was before, what is, and the two other orders
