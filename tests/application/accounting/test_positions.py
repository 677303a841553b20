"""Positions in a store do not depend on the order in which facts arrive, and a rebuild gives the same rows."""

import itertools
from decimal import Decimal

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sot import AccountEvent, EventType, InvalidInput, NotFound, OrderHistory
from sot.accounting import GroupBy, Method, PositionKey, PositionSide
from sot.adapters.memory import MemoryStore
from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.application.accounting import position_entries, positions
from sot.audit import rebuild_positions, verify
from sot.testing.contract.samples import ACCOUNT, SYMBOL, VENUE, spot_instrument, trade_report
from sot.testing.contract.transactions import read_history, submit_and_send, write_history
from sot.testing.fakes import CountedIds, ManualClock
from tests.conftest import examples
from tests.support.accounting_samples import at, execution_report, record_two_strategies

KEY = PositionKey(ACCOUNT, VENUE, SYMBOL)


def position_rows(store):
    """All positions and their snapshots, as they are stored."""
    with store.begin(read_only=True) as uow:
        positions = uow.positions.list(ACCOUNT)
        return [(key, state, list(uow.positions.snapshots(key))) for key, state in positions]


amounts = st.integers(1, 12).map(lambda n: Decimal(n) / 4)
fees = st.lists(
    st.tuples(st.integers(-1, 3).map(lambda n: Decimal(n) / 8), st.sampled_from(["QUOTE", "BASE", "TOKEN"])), max_size=2
)
terms = st.tuples(st.sampled_from(["BUY", "SELL"]), amounts, amounts, st.integers(0, 12), fees)
corrections = st.lists(
    st.tuples(st.integers(0, 11), st.sampled_from(["TRADE_CORRECT", "TRADE_CANCEL"]), amounts, amounts), max_size=3
)
flows = st.lists(
    st.tuples(
        st.integers(0, 12),
        st.sampled_from(
            [
                {"type": "TRANSFER", "quantity": "1.5", "cost": "3"},
                {"type": "TRANSFER", "quantity": "-1"},
                {"type": "FUNDING", "amount": "-0.25", "currency": "QUOTE"},
                {"type": "INTEREST", "amount": "2", "currency": "TOKEN"},
                {"type": "SPLIT", "split_to": "2", "split_from": "3"},
            ]
        ),
    ),
    max_size=3,
)


def make_facts(trades, corrected, moves):
    """Executions, their corrections and busts, and account events, which may arrive in any order."""
    facts = [
        execution_report(f"E{number}", side, quantity, price, second, fees)
        for number, (side, quantity, price, second, fees) in enumerate(trades)
    ]
    seen = set()
    for index, kind, quantity, price in corrected:
        index %= len(trades)
        if index not in seen:
            seen.add(index)
            values = (quantity, price) if kind == "TRADE_CORRECT" else (None, None)
            side, second = trades[index][0], trades[index][3]
            facts.append(
                execution_report(
                    f"K{index}",
                    side,
                    *values,
                    second + 20,
                    trades[index][4] if kind == "TRADE_CORRECT" else (),
                    f"VE{index}",
                    type=kind,
                    exec_ref_id=f"E{index}",
                )
            )
    for number, (second, fields) in enumerate(moves):
        common = {"account_id": ACCOUNT, "venue": VENUE, "symbol": SYMBOL, "external_id": f"X{number}"}
        facts.append(AccountEvent.read({**common, "occurred_at": at(second), **fields}))
    return facts


def record_facts(store, facts, per_commit=1, instrument_last=False):
    if not instrument_last:
        write_history(store, lambda h: h.register(spot_instrument()))
    for start in range(0, len(facts), per_commit):
        with store.begin() as uow:
            history = OrderHistory(uow)
            for fact in facts[start : start + per_commit]:
                if isinstance(fact, AccountEvent):
                    history.record_account_event(fact)
                else:
                    history.adopt(fact)
            uow.commit()
    if instrument_last:
        write_history(store, lambda h: h.register(spot_instrument()))

    def figures(history):
        listed = []
        for method in Method:
            for position in history.positions(ACCOUNT, method=method, include_flat=True):
                state = attrs.evolve(position.state, last_key="")  # it has ids of the store
                listed.append((state, [lot[:-1] for lot in position.lots]))
        return listed

    return read_history(store, figures)


@given(st.lists(terms, min_size=1, max_size=10), corrections, flows, st.randoms(use_true_random=False))
@settings(max_examples=examples(60))
def test_positions_are_the_same_in_whatever_order_facts_are_recorded(trades, corrected, moves, random):
    facts = make_facts(trades, corrected, moves)
    in_order = record_facts(MemoryStore(), sorted(facts, key=lambda fact: fact.occurred_at))
    shuffled = facts[:]
    random.shuffle(shuffled)
    for store, per_commit, late in ((MemoryStore(), 1, False), (MemoryStore(), 3, True)):
        assert record_facts(store, shuffled, per_commit, late) == in_order
        before = position_rows(store)
        store.run(lambda uow: rebuild_positions(uow, ACCOUNT))
        assert position_rows(store) == before


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_rebuild_gives_identical_rows(kind, make_store):
    """The same long story in memory and in a database, with checkpoints, then everything made anew."""
    stores = [make_store(name, ManualClock(), CountedIds()) for name in ("memory", kind)]
    pattern = itertools.cycle([("BUY", 2, 10, 0), ("SELL", 1, 12, 0), ("SELL", 3, 11, -5), ("BUY", 2, 9, 0)])
    trades = [
        (side, Decimal(quantity), Decimal(price), number + shift, [("0.125", "QUOTE"), ("0.5", "TOKEN")])
        for number, (side, quantity, price, shift) in zip(range(40), pattern, strict=False)
    ]
    facts = make_facts(trades, [(3, "TRADE_CORRECT", Decimal(1), Decimal(7)), (11, "TRADE_CANCEL", None, None)], [])
    figures = [record_facts(store, facts, per_commit=4) for store in stores]
    assert figures[0] == figures[1]
    rows = [position_rows(store) for store in stores]
    assert rows[0] == rows[1]
    ((key, _, checkpoints),) = rows[0]
    assert key == KEY
    assert len(checkpoints) >= 8
    for store in stores:
        assert store.run(lambda uow: rebuild_positions(uow, ACCOUNT)) == 1
        assert position_rows(store) == rows[0]
        assert store.run(lambda uow: rebuild_positions(uow, ACCOUNT, symbol=SYMBOL)) == 1
        assert position_rows(store) == rows[0]
        assert store.run(lambda uow: rebuild_positions(uow, "nobody")) == 0


def test_a_late_fill_reads_no_more_than_the_entries_since_the_last_checkpoint(monkeypatch):
    store = MemoryStore()
    facts = make_facts([("BUY", Decimal(1), Decimal(n + 1), n * 2, []) for n in range(30)], [], [])
    record_facts(store, facts)
    folded = []
    real = position_entries.entries
    monkeypatch.setattr(positions, "entries", lambda *given: folded.append(list(real(*given))) or iter(folded[-1]))
    write_history(store, lambda h: h.adopt(execution_report("LATE", "BUY", 1, 1, 53)))
    assert [len(part) for part in folded] == [1 + 3]
    write_history(store, lambda h: h.adopt(execution_report("NEXT", "BUY", 1, 1, 70)))
    assert len(folded) == 1, "the latest of a position reads none"


def test_a_fill_moves_the_position_that_its_request_or_its_report_names(store):
    submit_and_send(store, "C1", position_side=PositionSide.LONG, position_id="hedge")
    submit_and_send(store, "C2", position_side=PositionSide.SHORT, side="SELL")
    submit_and_send(store, "C3")
    write_history(store, lambda h: h.record(trade_report("C1", "E1", "2")))
    write_history(store, lambda h: h.record(trade_report("C2", "E2", "3")))
    write_history(store, lambda h: h.record(trade_report("C3", "E3", "1")))
    write_history(store, lambda h: h.record(trade_report("C3", "E4", "1", position_side="LONG")))
    write_history(
        store, lambda h: h.adopt(execution_report("E5", "BUY", 4, 10, 0, position_side="LONG", position_id="hedge"))
    )
    found = read_history(store, lambda h: {tuple(p.key)[3:5]: p.quantity for p in h.positions(ACCOUNT)})
    assert found == {("NET", ""): 1, ("LONG", ""): 1, ("LONG", "hedge"): 6, ("SHORT", ""): -3}
    one = read_history(store, lambda h: h.position(ACCOUNT, VENUE, SYMBOL, position_side="LONG", position_id="hedge"))
    assert one.quantity == 6


def test_an_attributed_order_counts_once(store):
    ours = submit_and_send(store, "C1")
    write_history(store, lambda h: h.adopt(execution_report("E1", "BUY", 4, 100, 0, order="X")))
    external = read_history(store, lambda h: h.find_order(ACCOUNT, venue=VENUE, venue_order_id="X")).order_id
    write_history(store, lambda h: h.attribute(external, ours, reason="the same"))
    assert read_history(store, lambda h: h.position(ACCOUNT, VENUE, SYMBOL)).quantity == 4
    assert [row.order_id for row in read_history(store, lambda h: h.realized(ACCOUNT, by=GroupBy.ORDER))] == [ours]


def test_a_void_and_a_bust_leave_no_position(store):
    order_id = submit_and_send(store, "C1")
    write_history(store, lambda h: h.record(trade_report("C1", "E1", "2")))
    write_history(store, lambda h: h.void(order_id, exec_id="E1", reason="not ours"))
    assert position_rows(store) == []
    flat = read_history(store, lambda h: h.position(ACCOUNT, VENUE, SYMBOL))
    assert (flat.quantity, flat.is_flat, flat.realized_net, flat.avg_entry_price) == (0, True, 0, None)


def test_a_bust_of_what_a_snapshot_was_taken_for_leaves_none(store):
    """A snapshot is taken before the entry that follows it, in a rebuild, too."""
    write_history(store, lambda h: h.register(spot_instrument()))
    for number in range(5):
        side = "SELL" if number % 2 else "BUY"
        write_history(store, lambda h, n=number, s=side: h.adopt(execution_report(f"E{n}", s, 1, 10, n)))
    bust = {"type": EventType.TRADE_CANCEL, "exec_ref_id": "E4", "order": "VE4"}
    write_history(store, lambda h: h.record(execution_report("B", "BUY", 1, 10, 9, **bust)))
    assert verify(store).problems == []
    rows = position_rows(store)
    store.run(lambda uow: rebuild_positions(uow, ACCOUNT))
    assert position_rows(store) == rows
    ((_, _, snapshots),) = rows
    assert len(snapshots) == 1
    write_history(store, lambda h: h.adopt(execution_report("E5", "BUY", 1, 10, 20)))
    assert verify(store).problems == []


def test_what_came_before_the_instrument_counts_from_its_registration_on(store):
    write_history(store, lambda h: h.adopt(execution_report("E1", "BUY", 4, 100, 0)))
    assert read_history(store, lambda h: list(h.positions(ACCOUNT))) == []
    with pytest.raises(NotFound, match="register"):
        read_history(store, lambda h: h.position(ACCOUNT, VENUE, SYMBOL))
    write_history(store, lambda h: h.register(spot_instrument()))
    assert read_history(store, lambda h: h.position(ACCOUNT, VENUE, SYMBOL)).entry_value == 400
    order_id = read_history(store, lambda h: h.orders()).items[0].order_id
    assert read_history(store, lambda h: h.costs(order_id)).currency == "QUOTE"


def test_a_new_version_of_an_instrument_keeps_its_currencies_and_values_anew(store):
    future = attrs.evolve(spot_instrument(), kind="FUTURE")
    write_history(store, lambda h: h.register(future))
    write_history(store, lambda h: h.adopt(execution_report("E1", "BUY", 4, 100, 10)))
    with pytest.raises(InvalidInput, match="settle"):
        write_history(store, lambda h: h.register(attrs.evolve(future, settle="EUR", valid_from=at(20))))
    write_history(store, lambda h: h.register(attrs.evolve(future, multiplier=Decimal(5), valid_from=at(5))))
    assert read_history(store, lambda h: h.position(ACCOUNT, VENUE, SYMBOL)).entry_value == 2000
    order_id = read_history(store, lambda h: h.orders()).items[0].order_id
    assert read_history(store, lambda h: h.costs(order_id)).notional == 2000


def test_two_units_of_work_do_not_lose_a_fill(make_store):
    """Each has read the position before the other wrote it."""
    store = make_store("memory")
    write_history(store, lambda h: h.register(spot_instrument()))
    write_history(store, lambda h: h.adopt(execution_report("E0", "BUY", 1, 10, 0)))
    from sot import ConcurrentUpdate

    with store.begin() as one, store.begin() as other:
        OrderHistory(one).adopt(execution_report("E1", "BUY", 1, 10, 1))
        OrderHistory(other).adopt(execution_report("E2", "BUY", 1, 10, 2))
        one.commit()
        with pytest.raises(ConcurrentUpdate):
            other.commit()
    assert read_history(store, lambda h: h.position(ACCOUNT, VENUE, SYMBOL)).quantity == 2


def test_an_application_can_ask_sql_for_positions(tmp_path):
    from sqlalchemy import select

    from sot.adapters.sqlalchemy.models import PositionRow

    store = SqlAlchemyStore.open(f"sqlite:///{tmp_path}/positions.db")
    record_two_strategies(store)
    with store.engine.connect() as connection:
        row = connection.execute(select(PositionRow.__table__)).one()
    assert (row.symbol, row.quantity, row.realized_gross, row.currency) == (SYMBOL, 0, -20, "QUOTE")
    store.close()


def test_executions_follow_their_order_to_the_venue_account_that_is_told_later(store):
    submit_and_send(store, "C1")
    write_history(store, lambda h: h.record(trade_report("C1", "E1", "2")))
    write_history(store, lambda h: h.record(trade_report("C1", "E2", "3", venue_account="sub")))
    write_history(store, lambda h: h.record(trade_report("C1", "E3", "1")))
    assert _quantities_by_venue_account(store) == {"sub": 6}
    store.run(lambda uow: rebuild_positions(uow, ACCOUNT))
    assert _quantities_by_venue_account(store) == {"sub": 6}


def _quantities_by_venue_account(store):
    return read_history(
        store, lambda h: {p.key.venue_account: p.quantity for p in h.positions(ACCOUNT, include_flat=True)}
    )


def figures_by_method(store):
    def read(history):
        held = [history.position(ACCOUNT, VENUE, SYMBOL, method=method) for method in Method]
        return [(position.quantity, position.entry_value, position.realized_gross) for position in held]

    return read_history(store, read)


def told_without_a_time(store):
    """A purchase at 9 by its arrival is told again with its own time, 1; its sale is at 3."""
    untimed = attrs.evolve(execution_report("E", "BUY", 2, 10, 0), occurred_at=None, received_at=at(9))
    write_history(store, lambda h: h.adopt(untimed))
    cursor = store.horizon()
    write_history(store, lambda h: h.record(attrs.evolve(untimed, occurred_at=at(1))))
    return cursor


def corrected_before_it_was_told(store):
    """The correction of a purchase is told first, with its own time; then the purchase with an earlier one."""
    submit_and_send(store, "C1")
    told = trade_report("C1", "E", "2", "11", occurred_at=at(1))
    correction = {"type": EventType.TRADE_CORRECT, "exec_id": "K", "exec_ref_id": "E", "last_price": Decimal(10)}
    write_history(store, lambda h: h.record(attrs.evolve(told, occurred_at=at(9), **correction)))
    cursor = store.horizon()
    write_history(store, lambda h: h.record(told))
    return cursor


@pytest.mark.parametrize("tell", [told_without_a_time, corrected_before_it_was_told])
def test_an_execution_whose_time_changes_counts_once(store, tell):
    """Whatever a fold continues from, the version of the earlier time counts, and that of the later one does not."""
    write_history(store, lambda h: h.register(spot_instrument()))
    cursor = tell(store)
    write_history(store, lambda h: h.adopt(execution_report("S", "SELL", 2, 12, 3)))
    for second in (4, 5, 6, 7, 10, 11):
        side = "SELL" if second % 2 else "BUY"
        write_history(store, lambda h, s=side, n=second: h.adopt(execution_report(f"F{n}", s, 1, 10, n)))
    assert figures_by_method(store) == [(0, 0, 4)] * len(Method)
    write_history(store, lambda h: h.adopt(execution_report("LATE", "BUY", 1, 10, 8)))
    assert figures_by_method(store) == [(1, 10, 4)] * len(Method)
    assert verify(store).problems == []
    rows = position_rows(store)
    store.run(lambda uow: rebuild_positions(uow, ACCOUNT))
    assert position_rows(store) == rows
    balances = read_history(store, lambda h: {row.asset: row.amount for row in h.balances(ACCOUNT)})
    assert balances == {"BASE": 1, "QUOTE": -6}
    past = read_history(store, lambda h: h.as_of(known_at=cursor).position(ACCOUNT, VENUE, SYMBOL))
    assert (past.quantity, past.entry_value) == (2, 20)


def test_what_was_known_of_an_execution_that_moved_to_a_later_time(store):
    """The purchase was placed by its arrival, 1; the venue says 9. Snapshots in between do not have it any more."""
    write_history(store, lambda h: h.register(spot_instrument()))
    untimed = attrs.evolve(execution_report("E", "BUY", 2, 10, 0), occurred_at=None, received_at=at(1))
    write_history(store, lambda h: h.adopt(untimed))
    for second in (3, 4, 5, 6, 7, 8):
        side = "BUY" if second % 2 else "SELL"
        write_history(store, lambda h, s=side, n=second: h.adopt(execution_report(f"F{n}", s, 1, 10, n)))
    cursor = store.horizon()
    before = figures_by_method(store)
    write_history(store, lambda h: h.record(attrs.evolve(untimed, occurred_at=at(9))))
    assert figures_by_method(store) == [(2, 20, 0)] * len(Method)
    assert verify(store).problems == []

    def past(history):
        held = [history.as_of(known_at=cursor).position(ACCOUNT, VENUE, SYMBOL, method=method) for method in Method]
        return [(position.quantity, position.entry_value, position.realized_gross) for position in held]

    assert read_history(store, past) == before
