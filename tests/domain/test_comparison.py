"""Comparing two snapshots: equal ones agree, each change is found as what it is, and what is not covered never is."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal as D

import attrs
from hypothesis import given
from hypothesis import strategies as st

from sot import Mismatch, OrderStatus, VenueReport
from sot.domain.reconciliation.comparison import Comparison, compare
from sot.domain.reconciliation.snapshots import (
    Coverage,
    HistorySnapshot,
    KnownExecution,
    KnownOrder,
    PositionHeld,
    VenueSnapshot,
)

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
SYMBOLS = ("A/B", "C/D")
WHOLE = Coverage(complete=True)


def uuid(number):
    return f"00000000-0000-7000-8000-{number:012x}"


@st.composite
def books(draw):
    """Orders as both sides know them: (order of the history, the venue's status or None if it is over, executions)."""
    made = []
    for number in range(draw(st.integers(1, 5))):
        symbol = draw(st.sampled_from(SYMBOLS))
        filled = draw(st.lists(st.integers(1, 5), max_size=3))
        rest = draw(st.integers(0, 3))
        quantity, cum = D(sum(filled) + rest), D(sum(filled))
        over = not rest and bool(filled)
        if not quantity:
            quantity = D(1)
        status = OrderStatus.FILLED if over else OrderStatus.PARTIALLY_FILLED if filled else OrderStatus.NEW
        happened = NOON - timedelta(minutes=10)
        names = {"client_order_id": f"C{number}", "venue_order_id": f"V{number}"}
        executions = [
            VenueReport(
                account_id="a", type="TRADE", venue="X", symbol=symbol, exec_id=f"E{number}.{n}", last_quantity=size,
                last_price=D(100), occurred_at=happened, **names,
            )
            for n, size in enumerate(filled)
        ]  # fmt: skip
        known = KnownOrder(
            order_id=uuid(number),
            symbol=symbol,
            status=status,
            is_open=not over,
            in_doubt=False,
            cum_quantity=cum,
            order_quantity=quantity,
            changed_at=happened,
            client_order_ids=(names["client_order_id"],),
            venue_order_ids=(names["venue_order_id"],),
            executions=[
                KnownExecution(quantity=one.last_quantity, price=D(100), happened_at=happened, exec_id=one.exec_id)
                for one in executions
            ],
        )
        said = VenueReport(
            account_id="a", type="ORDER_STATUS", venue="X", symbol=symbol, reported_status=status, cum_quantity=cum,
            order_quantity=quantity, occurred_at=NOON, **names,
        )  # fmt: skip
        made.append((known, None if over else said, executions))
    return made


def sides(orders):
    positions = {symbol: D(0) for symbol in SYMBOLS}
    for known, _, executions in orders:
        positions[known.symbol] += sum((one.last_quantity for one in executions), D(0))
    held = [PositionHeld(symbol=symbol, quantity=quantity) for symbol, quantity in positions.items() if quantity]
    history = HistorySnapshot(
        account_id="a",
        venue="X",
        taken_at=NOON,
        coverage=WHOLE,
        orders=[known for known, _, _ in orders],
        positions=held,
    )
    venue = VenueSnapshot(
        account_id="a",
        venue="X",
        asked_at=NOON,
        orders=[said for _, said, _ in orders if said is not None],
        executions=[one for _, _, executions in orders for one in executions],
        positions=held,
        open_orders=WHOLE,
        executed=WHOLE,
        held=WHOLE,
    )
    return history, venue


def kinds(differences):
    return {(difference.mismatch, difference.order_id, difference.exec_id) for difference in differences}


@given(books())
def test_equal_sides_agree(orders):
    assert compare(*sides(orders)) == ()


@given(books(), st.randoms())
def test_what_the_history_lacks_is_found_execution_by_execution(orders, dice):
    history, venue = sides(orders)
    lost, kept = set(), []
    for known in history.orders:
        gone = {one.exec_id for one in known.executions if dice.random() < 0.5}
        lost |= {(Mismatch.MISSING_EXECUTION, known.order_id, exec_id) for exec_id in gone}
        left = [one for one in known.executions if one.exec_id not in gone]
        kept.append(known.changed(executions=tuple(left), cum_quantity=sum((one.quantity for one in left), D(0))))
    found = kinds(compare(history.changed(orders=tuple(kept)), venue))
    assert found - {one for one in found if one[0] is Mismatch.POSITION_DIFFERS} == lost


@given(books(), st.randoms())
def test_what_the_venue_lacks_is_found_and_only_where_its_lists_are_complete(orders, dice):
    history, venue = sides(orders)
    gone = [one for one in venue.executions if dice.random() < 0.5]
    unlisted = [one for one in venue.orders if dice.random() < 0.5]
    told = venue.changed(
        executions=tuple(one for one in venue.executions if one not in gone),
        orders=tuple(one for one in venue.orders if one not in unlisted),
    )
    numbers = {f"C{number}": known.order_id for number, (known, _, _) in enumerate(orders)}
    expected = {(Mismatch.MISSING_AT_VENUE, numbers[one.client_order_id], one.exec_id) for one in gone}
    expected |= {(Mismatch.MISSING_AT_VENUE, numbers[one.client_order_id], None) for one in unlisted}
    assert kinds(compare(history, told)) == expected
    partly = told.changed(open_orders=Coverage(), executed=Coverage())
    assert compare(history, partly) == ()


@given(books(), st.randoms())
def test_order_and_repetition_of_what_the_venue_says_change_nothing(orders, dice):
    history, venue = sides(orders)
    history = history.changed(orders=tuple(history.orders[:-1]))
    told = compare(history, venue)
    executions = [*venue.executions, *(one for one in venue.executions if dice.random() < 0.5)]
    statuses = list(venue.orders)
    dice.shuffle(executions)
    dice.shuffle(statuses)
    again = compare(history, venue.changed(executions=tuple(executions), orders=tuple(statuses)))
    assert {one.subject(venue) for one in again} == {one.subject(venue) for one in told}


@given(books())
def test_symbols_that_are_not_covered_are_never_told_of(orders):
    history, venue = sides(orders)
    one = Coverage(symbols=SYMBOLS[:1], complete=True)
    scoped_to_accounts = venue.changed(orders=(), executions=(), positions=(), open_orders=one, executed=one, held=one)
    assert {difference.symbol for difference in compare(history, scoped_to_accounts)} <= set(SYMBOLS[:1])
    unknown = history.changed(orders=(), positions=(), coverage=one)
    assert {difference.symbol for difference in compare(unknown, venue)} <= set(SYMBOLS[:1])


@given(books())
def test_what_just_changed_is_not_judged(orders):
    history, venue = sides(orders)
    moving = [known.changed(changed_at=NOON - timedelta(seconds=9), executions=()) for known in history.orders]
    told = venue.changed(orders=())
    assert compare(history.changed(orders=tuple(moving)), told) == ()
    assert Comparison(history.changed(orders=tuple(moving)), told, timedelta(seconds=8)).moving == frozenset()


@given(books())
def test_snapshots_survive_being_written(orders):
    for side in sides(orders):
        assert type(side).from_canonical(side.as_json()) == side


@given(books())
def test_subjects_tell_things_apart_and_not_figures(orders):
    history, venue = sides(orders)
    nothing = venue.changed(orders=(), executions=(), positions=())
    found = compare(history, nothing)
    assert len({one.subject(venue) for one in found}) == len(found)
    for one in found:
        assert attrs.evolve(one, local_quantity=D(77), reason="other").subject(venue) == one.subject(venue)
