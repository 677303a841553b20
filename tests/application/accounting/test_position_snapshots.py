"""What continues from a snapshot of a position is what a fold of all of its entries says.

Real snapshots are hundreds of entries apart. Here they are as close as possible.
"""

import itertools
from datetime import timedelta
from decimal import Decimal

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sot import EventType, Instrument, InstrumentKind, OrderHistory, VenueReport
from sot.accounting import Method, PositionKey
from sot.adapters.memory import MemoryStore
from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.application.accounting import other_positions, position_entries, positions
from sot.audit import rebuild_positions, verify
from sot.testing.contract.samples import ACCOUNT, SYMBOL, VENUE
from sot.testing.contract.transactions import read_history, write_history
from sot.testing.fakes import CountedIds, ManualClock
from tests.conftest import examples
from tests.support.accounting_samples import T0, account_event, at, execution_report

KEY = PositionKey(ACCOUNT, VENUE, SYMBOL)
KINDS = (InstrumentKind.SPOT, InstrumentKind.EQUITY, InstrumentKind.FUTURE, InstrumentKind.PERPETUAL)
UNTOLD = {"occurred_at": None}

_numbers = itertools.count(1)


@pytest.fixture(autouse=True)
def closest_snapshots(monkeypatch):
    """Take a snapshot wherever one can be taken, and read few executions at a time."""
    monkeypatch.setattr(positions, "FLAT_SNAPSHOT_INTERVAL", 1)
    monkeypatch.setattr(positions, "SNAPSHOT_INTERVAL", 2)
    monkeypatch.setattr(position_entries, "FILLS_PER_BATCH", 2)


def instrument_of(kind):
    return Instrument(account_id=ACCOUNT, venue=VENUE, symbol=SYMBOL, kind=kind, base="BASE", quote="QUOTE")


# ------------------------------------------------------------------------------------------------- examples


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def kept(request, make_store):
    clock = ManualClock(T0 + timedelta(hours=2))
    return make_store(request.param, clock, CountedIds())


def flat_trades(first, count, second):
    """Purchases and sales in turn, after each pair of which the position is flat."""
    return [execution_report(f"N{first + n}", "SELL" if n % 2 else "BUY", 1, 10, second + n) for n in range(count)]


def record_all(store, kind, facts):
    write_history(store, lambda h: h.register(instrument_of(kind)))
    for fact in facts:
        record(store, fact)


def quantities(store, **point):
    return read_history(
        store, lambda h: {h.as_of(**point).position(ACCOUNT, VENUE, SYMBOL, method=m).quantity for m in Method}
    )


def test_an_execution_whose_time_is_told_later_counts_once(kept):
    """First told without a time, then with one before the snapshots that were taken meanwhile."""
    bought = execution_report("LATE", "BUY", 2, 10, 0)
    facts = [
        attrs.evolve(bought, occurred_at=None),
        bought,
        execution_report("SOLD", "SELL", 2, 12, 5),
        *flat_trades(0, 6, 10),
        execution_report("LAST", "BUY", 1, 10, 40),
        execution_report("BETWEEN", "BUY", 1, 10, 30),
    ]
    record_all(kept, InstrumentKind.EQUITY, facts[:-1])
    assert quantities(kept) == {1}
    check_stored(kept)
    record(kept, facts[-1])
    assert quantities(kept) == {2}
    check_stored(kept)
    assert verify(kept).problems == []
    assert quantities(kept, happened_by=at(20)) == {0}


def test_a_correction_that_came_first_is_placed_by_its_original(kept):
    bought = execution_report("A1", "BUY", 2, 11, 0, order="V1")
    corrected = execution_report("A2", "BUY", 2, 10, 3600, order="V1", type="TRADE_CORRECT", exec_ref_id="A1")
    facts = [corrected, bought, execution_report("SOLD", "SELL", 2, 12, 5), *flat_trades(0, 6, 10)]
    record_all(kept, InstrumentKind.EQUITY, [*facts, execution_report("LAST", "BUY", 1, 10, 40)])
    assert quantities(kept) == {1}
    check_stored(kept)


def test_an_execution_that_moved_to_a_later_time_was_at_its_earlier_one(kept):
    """What was known before is not continued from a snapshot of what is known now."""
    received = attrs.evolve(execution_report("E", "BUY", 2, 10, 0), occurred_at=None, received_at=at(1))
    record_all(kept, InstrumentKind.EQUITY, [*flat_trades(0, 6, 10), received])
    then = kept.horizon()
    kept.clock.move(timedelta(minutes=1))
    before = kept.clock.now() - timedelta(seconds=1)
    record(kept, execution_report("E", "BUY", 2, 10, 30))
    for known_at in (then, before):
        assert quantities(kept, known_at=known_at, happened_by=at(20)) == {2}
        assert quantities(kept, known_at=known_at) == {2}
    assert quantities(kept, happened_by=at(20)) == {0}
    check_stored(kept)


@pytest.mark.parametrize("told", [{"amount": "5", "currency": "QUOTE"}, {}])
def test_methods_do_not_share_what_follows_an_expiry_for_a_result(kept, told):
    """What was paid for the last unit does not contain what it had cost, which each method says otherwise."""
    trades = [("BUY", 10), ("BUY", 20), ("SELL", 30)]
    facts = [execution_report(f"E{n}", side, 1, price, n) for n, (side, price) in enumerate(trades)]
    expiry = account_event("EXPIRY", 5, **_exact(told))
    record_all(kept, InstrumentKind.FUTURE, [*facts, expiry, *flat_trades(0, 6, 10)])
    paid = Decimal(told.get("amount", 0))
    expected = {"AVERAGE": 15, "FIFO": 20, "LIFO": 10, "HIFO": 10, "LOFO": 20}
    found = {m: read_history(kept, lambda h, m=m: h.position(ACCOUNT, VENUE, SYMBOL, method=m)) for m in Method}
    assert {m.name: position.realized_gross - paid for m, position in found.items()} == expected
    check_stored(kept)


@pytest.mark.parametrize(
    "trades", [flat_trades(0, 4, 0), [execution_report(f"E{n}", "BUY", 1, 10, n) for n in range(4)]]
)
def test_a_snapshot_that_nothing_follows_any_more_is_dropped(kept, trades):
    record_all(kept, InstrumentKind.SPOT, [*trades, execution_report("X", "BUY", 1, 10, 20)])
    check_stored(kept)
    record(kept, execution_report("B", "BUY", None, None, 50, order="VX", type="TRADE_CANCEL", exec_ref_id="X"))
    check_stored(kept)
    assert verify(kept).problems == []
    record(kept, execution_report("Y", "BUY", 1, 10, 30))
    check_stored(kept)


def test_an_event_that_moves_to_another_position_leaves_no_snapshot_behind(kept):
    """It came right after the snapshot; the event that replaces it is about another position side."""
    event = account_event("FUNDING", 20, amount=Decimal(1), currency="QUOTE", event_id=_event_id(1))
    record_all(kept, InstrumentKind.PERPETUAL, [*flat_trades(0, 4, 0), event])
    moved = attrs.evolve(event, event_id=None, replaces=event.event_id, position_side="LONG", external_id="moved")
    record(kept, moved)
    check_stored(kept)
    assert verify(kept).problems == []


@pytest.mark.parametrize("seconds", [(50, 40, 30, 20, 10), (10, 50, 20, 40, 30), (10, 20, 30, 40, 50)])
def test_a_batch_of_late_fills_is_folded_once(kept, seconds, monkeypatch):
    folded = []
    refold = positions.refold
    monkeypatch.setattr(positions, "refold", lambda *args, **kwargs: folded.append(args[1]) or refold(*args, **kwargs))
    known = [*flat_trades(0, 6, 0), *flat_trades(6, 6, 12), execution_report("LAST", "BUY", 1, 10, 60)]
    record_all(kept, InstrumentKind.EQUITY, known)
    reports = [execution_report(f"LATE{n}", "BUY", 1, 10, n, order="VLAST") for n in seconds]
    folded.clear()
    write_history(kept, lambda h: h.record_many(reports))
    assert folded == [KEY]
    assert quantities(kept) == {6}
    check_stored(kept)


def test_a_batch_that_fails_folds_nothing_and_leaves_the_next_one_alone(kept):
    record_all(kept, InstrumentKind.EQUITY, [execution_report("LAST", "BUY", 1, 10, 60)])
    with kept.begin() as uow:
        with pytest.raises(ZeroDivisionError), positions.folding_together(uow):
            OrderHistory(uow).adopt(execution_report("LATE", "BUY", 1, 10, 50))
            raise ZeroDivisionError
        assert uow.postponed_folds is None
    assert quantities(kept) == {1}
    write_history(kept, lambda h: h.adopt(execution_report("LATE", "BUY", 2, 10, 50)))
    assert quantities(kept) == {3}
    check_stored(kept)


def test_an_account_event_in_a_batch_follows_the_late_fills_before_it(kept):
    """What it takes out of the position, and brings to another one, depends on them."""
    record_all(kept, InstrumentKind.EQUITY, [*flat_trades(0, 6, 0), execution_report("LAST", "BUY", 1, 10, 60)])
    split = account_event("SPLIT", 55, split_to=Decimal(2), split_from=Decimal(1))
    with kept.begin() as uow:
        with positions.folding_together(uow):
            history = OrderHistory(uow)
            history.adopt(execution_report("LATE", "BUY", 3, 10, 50))
            history.record_account_event(split)
            assert history.position(ACCOUNT, VENUE, SYMBOL).quantity == 7
        uow.commit()
    check_stored(kept)


# ------------------------------------------------------------------------------------------------ histories

seconds = st.integers(0, 30)
units = st.sampled_from(["1", "2", "3"])
prices = st.sampled_from(["10", "20", "35"])
fill_terms = st.fixed_dictionaries(
    {
        "side": st.sampled_from(["BUY", "SELL"]),
        "quantity": units,
        "price": prices,
        "second": seconds,
        "told": st.sampled_from(["at once", "at once", "later", "later, received before", "never"]),
        "then": st.sampled_from([None, None, "corrected", "busted", "corrected before"]),
    }
)
event_fields = st.sampled_from(
    [
        {"type": "TRANSFER", "quantity": "2", "cost": "30"},
        {"type": "TRANSFER", "quantity": "-1"},
        {"type": "FUNDING", "amount": "-1", "currency": "QUOTE"},
        {"type": "SPLIT", "split_to": "2", "split_from": "1"},
        {"type": "COST_ADJUSTMENT", "amount": "2", "currency": "QUOTE"},
    ]
)
expiries = st.sampled_from(
    [{}, {"price": "12"}, {"amount": "5", "currency": "QUOTE"}, {"quantity": "1", "amount": "5", "currency": "QUOTE"}]
)


def reports_of(number, terms):
    """The reports of one execution, in the order in which they arrive."""
    name, second = f"E{number}", terms["second"]
    told = execution_report(name, terms["side"], terms["quantity"], terms["price"], second)
    if terms["told"] == "at once":
        reports = [told]
    else:
        received = at(second + 9) if "received" in terms["told"] else None
        reports = [attrs.evolve(told, occurred_at=None, received_at=received)]
    if "later" in terms["told"]:
        reports.append(told)
    correction = execution_report(
        f"K{number}", terms["side"], "2", "15", second + 20, order=f"V{name}", type="TRADE_CORRECT", exec_ref_id=name
    )
    bust = correction.changed(type=EventType.TRADE_CANCEL, last_quantity=None, last_price=None)
    return {
        None: reports,
        "corrected": [*reports, correction],
        "corrected before": [correction, *reports],
        "busted": [*reports, bust],
    }[terms["then"]]


@st.composite
def histories(draw):
    """A kind of instrument, and facts about it as they arrive: those of one execution in their order, others mixed."""
    kind = draw(st.sampled_from(KINDS))
    streams = [
        reports_of(number, terms) for number, terms in enumerate(draw(st.lists(fill_terms, min_size=3, max_size=9)))
    ]
    fields = draw(st.lists(st.tuples(seconds, event_fields), max_size=2))
    if kind in (InstrumentKind.FUTURE, InstrumentKind.PERPETUAL):
        fields += [
            (second, {"type": "EXPIRY", **more})
            for second, more in draw(st.lists(st.tuples(seconds, expiries), max_size=2))
        ]
    for number, (second, more) in enumerate(fields):
        first = account_event(second=second, external_id=f"X{number}", event_id=_event_id(number), **_exact(more))
        streams.append([first, _strike(first, number)] if draw(st.booleans()) and "amount" in more else [first])
    facts = []
    while any(streams):
        stream = draw(st.sampled_from([stream for stream in streams if stream]))
        facts.append(stream.pop(0))
    return kind, facts


def _event_id(number):
    return f"00000000-0000-4000-8000-{number:012d}"


def _exact(fields):
    return {name: Decimal(value) if value[-1:].isdigit() else value for name, value in fields.items()}


def _strike(event, number):
    """An earlier event that takes the place of another one, and has no effect."""
    return attrs.evolve(
        event,
        event_id=None,
        external_id=f"S{number}",
        replaces=event.event_id,
        amount=Decimal(0),
        occurred_at=event.occurred_at - timedelta(seconds=7),
    )


# ------------------------------------------------------------------------------------------------- the checks


def record(store, fact):
    write_history(store, lambda h: record_in(h, fact))


def record_in(history, fact):
    return history.adopt(fact) if isinstance(fact, VenueReport) else history.record_account_event(fact)


def record_together(store, facts):
    with store.begin() as uow:
        with positions.folding_together(uow):
            for fact in facts:
                record_in(OrderHistory(uow), fact)
        uow.commit()


def figures(history):
    return {method: _figures(history, method) for method in Method}


def hashes(store):
    """The hashes of all facts, in the order in which they were recorded."""
    with store.begin(read_only=True) as uow:
        return [leaf.hash for leaf in uow.feed.leaves()]


def _figures(history, method):
    position = history.position(ACCOUNT, VENUE, SYMBOL, method=method)
    return attrs.evolve(position.state, carried=False, last_key=""), position.lots


def check_stored(store):
    """The stored state, its snapshots and every method are those of a fold from the first entry."""
    with store.begin(read_only=True) as uow:
        instruments = uow.instruments.versions(*KEY[:3])
        entries = list(position_entries.entries(uow, KEY))
        assert len({(entry.order_id, entry.fold_key) for entry in entries}) == len(entries)
        state, snapshots = positions.fold_position(uow, KEY, instruments)
        assert uow.positions.get(KEY) == state
        stored = list(uow.positions.snapshots(KEY))
        assert stored == snapshots
        assert [s.checkpointed for s in stored] == [s.checkpointed for s in snapshots]
        for method in Method:
            fold = other_positions.fold_of(uow, instruments, method)
            fold.fold(entries)
            whole = fold.position(KEY)
            found = OrderHistory(uow).position(ACCOUNT, VENUE, SYMBOL, method=method)
            assumed = whole.order_assumed if state is None else state.order_assumed
            assert found.state == attrs.evolve(whole.state, order_assumed=assumed), method
            assert found.lots == whole.lots, method


def check_happened(store, second):
    """What had happened by a time is the fold of the entries until then, each at its latest time."""
    moment = at(second)
    with store.begin(read_only=True) as uow:
        fold = other_positions.fold_of(uow, uow.instruments.versions(*KEY[:3]))
        fold.fold(entry for entry in position_entries.entries(uow, KEY) if entry.happened_at <= moment)
        past = OrderHistory(uow).as_of(happened_by=moment).position(ACCOUNT, VENUE, SYMBOL)
        assert past.state == (fold.state() if fold.entries else past.state)
        assert past.quantity == fold.state().quantity


def check_history(store, clock, kind, facts):
    write_history(store, lambda h: h.register(instrument_of(kind)))
    seen = []
    for fact in facts:
        clock.move(timedelta(seconds=3))
        record(store, fact)
        check_stored(store)
        seen.append((store.horizon(), read_history(store, figures)))
    clock.move(timedelta(hours=1))
    assert verify(store).problems == []
    for cursor, then in seen:
        assert read_history(store, lambda h, cursor=cursor: figures(h.as_of(known_at=cursor))) == then
    for second in (0, 10, 20, 40):
        check_happened(store, second)
    store.run(lambda uow: rebuild_positions(uow, ACCOUNT))
    check_stored(store)
    return [then for _, then in seen]


@given(histories())
@settings(max_examples=examples(40))
def test_every_step_and_every_past_is_a_fold_from_the_start(history):
    clock = ManualClock(T0)
    check_history(MemoryStore(clock, CountedIds()), clock, *history)


@given(histories(), st.data())
@settings(max_examples=examples(40))
def test_facts_in_batches_give_what_they_give_one_by_one(history, data):
    kind, facts = history
    one_by_one, in_batches = (MemoryStore(ManualClock(T0), CountedIds()) for _ in range(2))
    record_all(one_by_one, kind, facts)
    record_all(in_batches, kind, [])
    while facts:
        size = data.draw(st.integers(1, len(facts)))
        batch, facts = facts[:size], facts[size:]
        record_together(in_batches, batch)
        check_stored(in_batches)
    assert verify(in_batches).problems == []
    assert read_history(in_batches, figures) == read_history(one_by_one, figures)
    assert hashes(in_batches) == hashes(one_by_one)


@given(histories())
@settings(max_examples=examples(5))
def test_memory_and_sqlite_say_the_same(tmp_path_factory, history):
    answers = []
    for url in (None, f"sqlite:///{tmp_path_factory.mktemp('snapshots')}/{next(_numbers)}.db"):
        clock = ManualClock(T0)
        store = SqlAlchemyStore.open(url, clock, CountedIds()) if url else MemoryStore(clock, CountedIds())
        answers.append(check_history(store, clock, *history))
        store.close()
    assert answers[0] == answers[1]
