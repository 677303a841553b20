"""Compare two snapshots: equal ones agree, each change is found as what it is, and nothing outside the coverage is."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal as D

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sot import InvalidInput, OrderStatus, VenueReport
from sot.domain.reconciliation.comparison import Comparison, compare
from sot.domain.reconciliation.snapshots import (
    Coverage,
    HeldPosition,
    HistorySnapshot,
    KnownExecution,
    KnownOrder,
    OrderIndex,
    VenueSnapshot,
)
from sot.venue import Mismatch

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
SYMBOLS = ("A/B", "C/D")
COMPLETE = Coverage(complete=True)


def uuid(number):
    return f"00000000-0000-7000-8000-{number:012x}"


@st.composite
def books(draw):
    """Orders as both sides know them: (order of the history, ORDER_STATUS or None if it is closed, executions)."""
    orders = []
    for number in range(draw(st.integers(1, 5))):
        symbol = draw(st.sampled_from(SYMBOLS))
        filled = draw(st.lists(st.integers(1, 5), max_size=3))
        rest = draw(st.integers(0, 3))
        quantity, cum = D(sum(filled) + rest), D(sum(filled))
        closed = not rest and bool(filled)
        if not quantity:
            quantity = D(1)
        status = OrderStatus.FILLED if closed else OrderStatus.PARTIALLY_FILLED if filled else OrderStatus.NEW
        happened = NOON - timedelta(minutes=10)
        ids = {"client_order_id": f"C{number}", "venue_order_id": f"V{number}"}
        executions = [
            VenueReport(
                account_id="a", type="TRADE", venue="X", symbol=symbol, exec_id=f"E{number}.{n}", last_quantity=size,
                last_price=D(100), occurred_at=happened, **ids,
            )
            for n, size in enumerate(filled)
        ]  # fmt: skip
        order = KnownOrder(
            order_id=uuid(number),
            symbol=symbol,
            status=status,
            is_open=not closed,
            in_doubt=False,
            cum_quantity=cum,
            order_quantity=quantity,
            changed_at=happened,
            client_order_ids=(ids["client_order_id"],),
            venue_order_ids=(ids["venue_order_id"],),
            executions=[
                KnownExecution(quantity=one.last_quantity, price=D(100), happened_at=happened, exec_id=one.exec_id)
                for one in executions
            ],
        )
        report = VenueReport(
            account_id="a", type="ORDER_STATUS", venue="X", symbol=symbol, reported_status=status, cum_quantity=cum,
            order_quantity=quantity, occurred_at=NOON, **ids,
        )  # fmt: skip
        orders.append((order, None if closed else report, executions))
    return orders


def snapshots(orders):
    quantities = {symbol: D(0) for symbol in SYMBOLS}
    for order, _, executions in orders:
        quantities[order.symbol] += sum((one.last_quantity for one in executions), D(0))
    positions = [HeldPosition(symbol=symbol, quantity=quantity) for symbol, quantity in quantities.items() if quantity]
    history = HistorySnapshot(
        account_id="a",
        venue="X",
        taken_at=NOON,
        coverage=COMPLETE,
        orders=[order for order, _, _ in orders],
        positions=positions,
    )
    venue = VenueSnapshot(
        account_id="a",
        venue="X",
        asked_at=NOON,
        orders=[report for _, report, _ in orders if report is not None],
        executions=[one for _, _, executions in orders for one in executions],
        positions=positions,
        open_orders=COMPLETE,
        executed=COMPLETE,
        held=COMPLETE,
    )
    return history, venue


def kinds(differences):
    return {(difference.mismatch, difference.order_id, difference.exec_id) for difference in differences}


@given(books())
def test_equal_snapshots_agree(orders):
    assert compare(*snapshots(orders)) == ()


@given(books(), st.randoms())
def test_executions_missing_in_the_history_are_found_one_by_one(orders, random):
    history, venue = snapshots(orders)
    missing, reduced = set(), []
    for order in history.orders:
        exec_ids = {one.exec_id for one in order.executions if random.random() < 0.5}
        missing |= {(Mismatch.MISSING_EXECUTION, order.order_id, exec_id) for exec_id in exec_ids}
        left = [one for one in order.executions if one.exec_id not in exec_ids]
        reduced.append(order.changed(executions=tuple(left), cum_quantity=sum((one.quantity for one in left), D(0))))
    found = kinds(compare(history.changed(orders=tuple(reduced)), venue))
    assert found - {one for one in found if one[0] is Mismatch.POSITION_DIFFERS} == missing


@given(books(), st.randoms())
def test_what_is_missing_at_the_venue_is_found_only_where_its_lists_are_complete(orders, random):
    history, venue = snapshots(orders)
    missing = [one for one in venue.executions if random.random() < 0.5]
    unlisted = [one for one in venue.orders if random.random() < 0.5]
    reduced = venue.changed(
        executions=tuple(one for one in venue.executions if one not in missing),
        orders=tuple(one for one in venue.orders if one not in unlisted),
    )
    order_ids = {f"C{number}": order.order_id for number, (order, _, _) in enumerate(orders)}
    expected = {(Mismatch.MISSING_AT_VENUE, order_ids[one.client_order_id], one.exec_id) for one in missing}
    expected |= {(Mismatch.MISSING_AT_VENUE, order_ids[one.client_order_id], None) for one in unlisted}
    assert kinds(compare(history, reduced)) == expected
    incomplete = reduced.changed(open_orders=Coverage(), executed=Coverage())
    assert compare(history, incomplete) == ()


@given(books(), st.randoms())
def test_order_and_repetition_of_the_venues_reports_change_nothing(orders, random):
    history, venue = snapshots(orders)
    history = history.changed(orders=tuple(history.orders[:-1]))
    differences = compare(history, venue)
    executions = [*venue.executions, *(one for one in venue.executions if random.random() < 0.5)]
    statuses = list(venue.orders)
    random.shuffle(executions)
    random.shuffle(statuses)
    again = compare(history, venue.changed(executions=tuple(executions), orders=tuple(statuses)))
    assert {one.subject(venue) for one in again} == {one.subject(venue) for one in differences}


@given(books())
def test_symbols_that_are_not_covered_are_never_reported(orders):
    history, venue = snapshots(orders)
    one = Coverage(symbols=SYMBOLS[:1], complete=True)
    scoped = venue.changed(orders=(), executions=(), positions=(), open_orders=one, executed=one, held=one)
    assert {difference.symbol for difference in compare(history, scoped)} <= set(SYMBOLS[:1])
    unknown = history.changed(orders=(), positions=(), coverage=one)
    assert {difference.symbol for difference in compare(unknown, venue)} <= set(SYMBOLS[:1])


@given(books())
def test_an_order_that_changed_just_now_is_not_compared(orders):
    history, venue = snapshots(orders)
    changing = [order.changed(changed_at=NOON - timedelta(seconds=9), executions=()) for order in history.orders]
    history, venue = history.changed(orders=tuple(changing)), venue.changed(orders=())
    assert compare(history, venue) == ()
    assert Comparison(history, venue, timedelta(seconds=8)).changing_order_ids == frozenset()


@given(books())
def test_snapshots_are_read_back_from_their_canonical_form(orders):
    for snapshot in snapshots(orders):
        assert type(snapshot).from_canonical(snapshot.as_json()) == snapshot


@given(books(), st.lists(st.sampled_from(["order_quantity", "limit_price", "stop_price"]), unique=True))
def test_each_term_that_differs_is_a_difference_of_open_orders_alone(orders, terms):
    """What one side does not state, as in runs that were recorded before prices were compared, is no difference."""
    history, venue = snapshots(orders)
    prices = {"limit_price": D(100), "stop_price": D(99)}
    stated = venue.changed(orders=tuple(report.changed(**prices) for report in venue.orders))
    assert compare(history, stated) == ()
    there = {term: D(1000) for term in terms}
    known = history.changed(orders=tuple(order.changed(**prices) for order in history.orders))
    amended = stated.changed(orders=tuple(report.changed(**there) for report in stated.orders))
    listed = {order.order_id for order, report, _ in orders if report is not None}
    found = compare(known, amended)
    assert {one.mismatch for one in found} <= {Mismatch.TERMS_DIFFER}
    assert sorted((one.order_id, one.aspect) for one in found) == sorted((id, term) for id in listed for term in terms)


@given(books())
def test_subjects_tell_things_apart_and_not_figures(orders):
    history, venue = snapshots(orders)
    empty = venue.changed(orders=(), executions=(), positions=())
    found = compare(history, empty)
    assert len({one.subject(venue) for one in found}) == len(found)
    for one in found:
        assert attrs.evolve(one, local_quantity=D(77), reason="other").subject(venue) == one.subject(venue)


# -------------------------------------------------------------------------------------------- orders by identifiers


def known_order(number, **fields):
    return KnownOrder(
        order_id=uuid(number),
        symbol="A/B",
        status=OrderStatus.NEW,
        is_open=True,
        in_doubt=False,
        cum_quantity=D(0),
        changed_at=NOON,
        **fields,
    )


def status(**fields):
    return VenueReport(account_id="a", type="ORDER_STATUS", **{"venue": "X", **fields})


def test_a_report_with_a_scope_fits_only_orders_that_are_known_in_it():
    unscoped = known_order(1, client_order_ids=["C1"])
    monday = known_order(2, client_order_ids=["C2"], id_scopes=["monday"])
    index = OrderIndex([unscoped, monday])
    assert index.find(status(client_order_id="C2", id_scope="monday")) == monday
    assert index.find(status(client_order_id="C2", id_scope="tuesday")) is None
    assert index.find(status(client_order_id="C1", id_scope="monday")) is None


def test_a_report_without_a_scope_fits_any_order_unless_several_have_its_identifier():
    monday = known_order(1, client_order_ids=["C1"], venue_order_ids=["V1"], id_scopes=["monday"])
    tuesday = known_order(2, client_order_ids=["C1"], venue_order_ids=["V2"], id_scopes=["tuesday"])
    index = OrderIndex([monday, tuesday])
    assert index.find(status(venue_order_id="V1")) == monday
    assert index.find(status(client_order_id="C1", id_scope="tuesday")) == tuesday
    assert index.find(status(client_order_id="C1")) is None


def test_the_first_identifier_that_is_known_decides():
    first = known_order(1, client_order_ids=["C1"], venue_order_ids=["V1"])
    second = known_order(2, client_order_ids=["C2"], venue_order_ids=["V2"])
    index = OrderIndex([first, second])
    assert index.find(status(client_order_id="C1", venue_order_id="V2")) == first
    assert index.find(status(client_order_id="C9", venue_order_id="V2", orig_client_order_id="C1")) == second
    assert index.find(status(client_order_id="C9", orig_client_order_id="C1")) == first
    assert index.find(status(venue=None, venue_order_id="V2")) is None, "it counts together with its venue only"
    assert index.find(status(client_order_id="C9", venue_order_id="V9")) is None


@pytest.mark.parametrize("missing", ["symbol", "quantity", "position_side"])
def test_a_position_has_all_its_fields(missing):
    fields = {"symbol": "A/B", "quantity": D(1), "position_side": "NET", "position_id": ""}
    assert HeldPosition(**fields).key == ("A/B", "NET", "")
    with pytest.raises(InvalidInput, match=missing):
        HeldPosition(**{**fields, missing: None})


@pytest.mark.parametrize(("venue_account", "held", "found"), [("sub", 3, []), ("sub", 2, [(3, 2)]), ("", 2, [(3, 2)])])
def test_positions_of_one_account_at_the_venue_are_compared(venue_account, held, found):
    history = HistorySnapshot(
        account_id="a",
        venue="X",
        venue_account=venue_account,
        taken_at=NOON,
        coverage=COMPLETE,
        positions=[HeldPosition(symbol="A/B", quantity=3)],
    )
    venue = VenueSnapshot(
        account_id="a",
        venue="X",
        venue_account=venue_account,
        asked_at=NOON,
        positions=[HeldPosition(symbol="A/B", quantity=held)],
        held=COMPLETE,
    )
    differences = compare(history, venue)
    assert [(each.local_quantity, each.exchange_quantity) for each in differences] == found
