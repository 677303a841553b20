"""Positions in a store: the same however facts arrive, kept up to date as they do, and made anew identically."""

import itertools
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sot import (
    AccountEvent,
    Conflict,
    EventType,
    Fee,
    GroupBy,
    InvalidInput,
    Method,
    NotFound,
    OrderHistory,
    Outcome,
    PositionKey,
    PositionSide,
    VenueReport,
)
from sot.adapters.memory import MemoryStore
from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.application.accounting import positions
from sot.testing.contract.samples import ACCOUNT, SYMBOL, VENUE, new_order_request, spot_instrument, trade_report
from sot.testing.contract.transactions import read_history, submit_and_send, write_history
from sot.testing.fakes import CountedIds, ManualClock

T0 = datetime(2026, 1, 5, 10, tzinfo=UTC)
KEY = PositionKey(ACCOUNT, VENUE, SYMBOL)


def at(second):
    return T0 + timedelta(seconds=second)


def execution(exec_id, side, quantity, price, second, fees=(), order=None, **said):
    return VenueReport(
        account_id=ACCOUNT,
        type=said.pop("type", EventType.TRADE),
        venue=VENUE,
        symbol=SYMBOL,
        venue_order_id=order or f"V{exec_id}",
        exec_id=exec_id,
        side=side,
        last_quantity=quantity,
        last_price=price,
        fees=[Fee(*fee) for fee in fees],
        occurred_at=at(second),
        **said,
    )


def kept(store):
    """The rows of all positions and their checkpoints, with all that a row holds."""
    with store.begin(read_only=True) as uow:
        found = uow.positions.list(ACCOUNT)
        return [(key, state, list(uow.positions.snapshots(key))) for key, state in found]


@pytest.fixture(autouse=True)
def early_checkpoints(monkeypatch):
    monkeypatch.setattr(positions, "FLAT_SNAPSHOT_INTERVAL", 2)
    monkeypatch.setattr(positions, "SNAPSHOT_INTERVAL", 3)


# -------------------------------------------------------------------------------------------- in whatever order

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


def told(trades, corrected, moves):
    """The facts of a story: executions, what corrects them, and what no order made; each could come at any time."""
    facts = [
        execution(f"E{number}", side, quantity, price, second, said)
        for number, (side, quantity, price, second, said) in enumerate(trades)
    ]
    seen = set()
    for which, kind, quantity, price in corrected:
        which %= len(trades)
        if which not in seen:
            seen.add(which)
            values = (quantity, price) if kind == "TRADE_CORRECT" else (None, None)
            side, second = trades[which][0], trades[which][3]
            facts.append(
                execution(
                    f"K{which}",
                    side,
                    *values,
                    second + 20,
                    trades[which][4] if kind == "TRADE_CORRECT" else (),
                    f"VE{which}",
                    type=kind,
                    exec_ref_id=f"E{which}",
                )
            )
    for number, (second, says) in enumerate(moves):
        about = {"account_id": ACCOUNT, "venue": VENUE, "symbol": SYMBOL, "external_id": f"X{number}"}
        facts.append(AccountEvent.read({**about, "occurred_at": at(second), **says}))
    return facts


def outcome(store, facts, per_commit=1, instrument_last=False):
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
        found = []
        for method in Method:
            for held in history.positions(ACCOUNT, method=method, include_flat=True):
                state = attrs.evolve(held.state, last_key="")  # which names our own ids
                found.append((state, [lot[:-1] for lot in held.lots]))
        return found

    return read_history(store, figures)


@given(st.lists(terms, min_size=1, max_size=10), corrections, flows, st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_positions_are_the_same_in_whatever_order_facts_are_recorded(trades, corrected, moves, random):
    facts = told(trades, corrected, moves)
    in_order = outcome(MemoryStore(), sorted(facts, key=lambda fact: fact.occurred_at))
    shuffled = facts[:]
    random.shuffle(shuffled)
    for store, per_commit, late in ((MemoryStore(), 1, False), (MemoryStore(), 3, True)):
        assert outcome(store, shuffled, per_commit, late) == in_order
        before = kept(store)
        write_history(store, lambda h: h.rebuild_positions(ACCOUNT))
        assert kept(store) == before


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_rebuild_gives_identical_rows(kind, make_store):
    """The same long story in memory and in a database, with checkpoints, then everything made anew."""
    stores = [make_store(name, ManualClock(), CountedIds()) for name in ("memory", kind)]
    pattern = itertools.cycle([("BUY", 2, 10, 0), ("SELL", 1, 12, 0), ("SELL", 3, 11, -5), ("BUY", 2, 9, 0)])
    trades = [
        (side, Decimal(quantity), Decimal(price), number + shift, [("0.125", "QUOTE"), ("0.5", "TOKEN")])
        for number, (side, quantity, price, shift) in zip(range(40), pattern, strict=False)
    ]
    facts = told(trades, [(3, "TRADE_CORRECT", Decimal(1), Decimal(7)), (11, "TRADE_CANCEL", None, None)], [])
    figures = [outcome(store, facts, per_commit=4) for store in stores]
    assert figures[0] == figures[1]
    rows = [kept(store) for store in stores]
    assert rows[0] == rows[1]
    ((key, _, checkpoints),) = rows[0]
    assert key == KEY
    assert len(checkpoints) >= 8
    for store in stores:
        assert write_history(store, lambda h: h.rebuild_positions(ACCOUNT)) == 1
        assert kept(store) == rows[0]
        assert write_history(store, lambda h: h.rebuild_positions(ACCOUNT, symbol=SYMBOL)) == 1
        assert kept(store) == rows[0]
        assert write_history(store, lambda h: h.rebuild_positions("nobody")) == 0


def test_a_late_fill_reads_no_more_than_the_entries_since_the_last_checkpoint(monkeypatch):
    store = MemoryStore()
    facts = told([("BUY", Decimal(1), Decimal(n + 1), n * 2, []) for n in range(30)], [], [])
    outcome(store, facts)
    folded = []
    real = positions.entries
    monkeypatch.setattr(positions, "entries", lambda *given: folded.append(list(real(*given))) or folded[-1])
    write_history(store, lambda h: h.adopt(execution("LATE", "BUY", 1, 1, 53)))
    assert [len(part) for part in folded] == [1 + 3]
    write_history(store, lambda h: h.adopt(execution("NEXT", "BUY", 1, 1, 70)))
    assert len(folded) == 1, "the latest of a position reads none"


# --------------------------------------------------------------------------------------------------- which position


def test_a_fill_moves_the_position_that_its_request_or_its_report_names(store):
    submit_and_send(store, "C1", position_side=PositionSide.LONG, position_id="hedge")
    submit_and_send(store, "C2", position_side=PositionSide.SHORT, side="SELL")
    submit_and_send(store, "C3")
    write_history(store, lambda h: h.record(trade_report("C1", "E1", "2")))
    write_history(store, lambda h: h.record(trade_report("C2", "E2", "3")))
    write_history(store, lambda h: h.record(trade_report("C3", "E3", "1")))
    write_history(store, lambda h: h.record(trade_report("C3", "E4", "1", position_side="LONG")))
    write_history(store, lambda h: h.adopt(execution("E5", "BUY", 4, 10, 0, position_side="LONG", position_id="hedge")))
    found = read_history(store, lambda h: {tuple(p.key)[3:]: p.quantity for p in h.positions(ACCOUNT)})
    assert found == {("NET", ""): 1, ("LONG", ""): 1, ("LONG", "hedge"): 6, ("SHORT", ""): -3}
    one = read_history(store, lambda h: h.position(ACCOUNT, VENUE, SYMBOL, position_side="LONG", position_id="hedge"))
    assert one.quantity == 6


def test_an_attributed_order_counts_once(store):
    ours = submit_and_send(store, "C1")
    write_history(store, lambda h: h.adopt(execution("E1", "BUY", 4, 100, 0, order="X")))
    external = read_history(store, lambda h: h.find_order(ACCOUNT, venue=VENUE, venue_order_id="X")).order_id
    write_history(store, lambda h: h.attribute(external, ours, reason="the same"))
    assert read_history(store, lambda h: h.position(ACCOUNT, VENUE, SYMBOL)).quantity == 4
    assert [row.order_id for row in read_history(store, lambda h: h.realized(ACCOUNT, by=GroupBy.ORDER))] == [ours]


def test_a_void_and_a_bust_leave_no_position(store):
    order_id = submit_and_send(store, "C1")
    write_history(store, lambda h: h.record(trade_report("C1", "E1", "2")))
    write_history(store, lambda h: h.void(order_id, exec_id="E1", reason="not ours"))
    assert kept(store) == []
    flat = read_history(store, lambda h: h.position(ACCOUNT, VENUE, SYMBOL))
    assert (flat.quantity, flat.is_flat, flat.realized_net, flat.avg_entry_price) == (0, True, 0, None)


def test_what_came_before_the_instrument_counts_from_its_registration_on(store):
    write_history(store, lambda h: h.adopt(execution("E1", "BUY", 4, 100, 0)))
    assert read_history(store, lambda h: h.positions(ACCOUNT)) == []
    with pytest.raises(NotFound, match="register"):
        read_history(store, lambda h: h.position(ACCOUNT, VENUE, SYMBOL))
    write_history(store, lambda h: h.register(spot_instrument()))
    assert read_history(store, lambda h: h.position(ACCOUNT, VENUE, SYMBOL)).entry_value == 400
    order_id = read_history(store, lambda h: h.orders()).items[0].order_id
    assert read_history(store, lambda h: h.costs(order_id)).currency == "QUOTE"


def test_a_new_version_of_an_instrument_keeps_its_currencies_and_values_anew(store):
    future = attrs.evolve(spot_instrument(), kind="FUTURE")
    write_history(store, lambda h: h.register(future))
    write_history(store, lambda h: h.adopt(execution("E1", "BUY", 4, 100, 10)))
    with pytest.raises(InvalidInput, match="settle"):
        write_history(store, lambda h: h.register(attrs.evolve(future, settle="EUR", valid_from=at(20))))
    write_history(store, lambda h: h.register(attrs.evolve(future, multiplier=Decimal(5), valid_from=at(5))))
    assert read_history(store, lambda h: h.position(ACCOUNT, VENUE, SYMBOL)).entry_value == 2000
    order_id = read_history(store, lambda h: h.orders()).items[0].order_id
    assert read_history(store, lambda h: h.costs(order_id)).notional == 2000


# --------------------------------------------------------------------------------------------------- account events


def moved(kind, second, **said):
    return AccountEvent(
        account_id=ACCOUNT, type=kind, venue=VENUE, occurred_at=at(second), **{"symbol": SYMBOL, **said}
    )


def test_account_events_are_recognised_kept_and_corrected(store):
    write_history(store, lambda h: h.register(spot_instrument()))
    first = moved("FUNDING", 1, amount="-2", currency="QUOTE", external_id="X1")
    assert write_history(store, lambda h: h.record_account_event(first)).outcome is Outcome.RECORDED
    again = attrs.evolve(first, received_at=at(9), raw_payload={"a": 1})
    assert write_history(store, lambda h: h.record_account_event(again)).outcome is Outcome.REPEATED
    other = attrs.evolve(first, amount=Decimal(-3))
    contradiction = write_history(store, lambda h: h.record_account_event(other))
    assert (contradiction.outcome, contradiction.anomalies) == (Outcome.FLAGGED, ("DUPLICATE_CONFLICT",))
    assert write_history(store, lambda h: h.record_account_event(other)).outcome is Outcome.REPEATED
    assert read_history(store, lambda h: h.position(ACCOUNT, VENUE, SYMBOL)).account_results == {"FUNDING": -2}

    known = read_history(store, lambda h: h.account_events()).items
    assert len(known) == 2
    corrected = moved("FUNDING", 1, amount="-1", currency="QUOTE", replaces=known[0].event_id)
    assert write_history(store, lambda h: h.record_account_event(corrected)).outcome is Outcome.RECORDED
    assert write_history(store, lambda h: h.record_account_event(corrected)).outcome is Outcome.REPEATED
    assert read_history(store, lambda h: h.position(ACCOUNT, VENUE, SYMBOL)).account_results == {"FUNDING": -1}
    with pytest.raises(Conflict, match="replaced before"):
        write_history(store, lambda h: h.record_account_event(attrs.evolve(corrected, amount=Decimal(5))))
    with pytest.raises(InvalidInput, match="replaces"):
        write_history(
            store,
            lambda h: h.record_account_event(
                moved("INTEREST", 1, amount=1, currency="QUOTE", replaces=known[0].event_id)
            ),
        )
    struck = moved(
        "FUNDING",
        1,
        amount=0,
        currency="QUOTE",
        replaces=read_history(store, lambda h: h.account_events()).items[2].event_id,
    )
    write_history(store, lambda h: h.record_account_event(struck))
    assert read_history(store, lambda h: h.position(ACCOUNT, VENUE, SYMBOL)).account_results == {}


def test_a_split_is_of_all_positions_of_the_symbol(store):
    write_history(store, lambda h: h.register(spot_instrument()))
    for side in ("LONG", "SHORT"):
        trade_side = "BUY" if side == "LONG" else "SELL"
        write_history(store, lambda h, s=side, t=trade_side: h.adopt(execution(s, t, 2, 10, 0, position_side=s)))
    write_history(store, lambda h: h.record_account_event(moved("SPLIT", 5, split_to=3)))
    found = read_history(store, lambda h: {p.key.position_side: p.quantity for p in h.positions(ACCOUNT)})
    assert found == {"LONG": 6, "SHORT": -6}
    write_history(store, lambda h: h.adopt(execution("late", "BUY", 1, 10, 1, position_side="NET")))
    assert read_history(store, lambda h: h.position(ACCOUNT, VENUE, SYMBOL)).quantity == 3


def test_results_of_an_account_alone_are_in_its_results_and_in_no_position(store):
    write_history(store, lambda h: h.register(spot_instrument()))
    interest = moved("INTEREST", 1, amount="-2.5", currency="EUR", symbol=None, strategy_code="carry")
    write_history(store, lambda h: h.record_account_event(interest))
    assert read_history(store, lambda h: h.positions(ACCOUNT, include_flat=True)) == []
    (row,) = read_history(store, lambda h: h.realized(ACCOUNT, by=[GroupBy.DAY, GroupBy.STRATEGY]))
    assert (row.day, row.strategy_code, row.currency) == (T0.date(), "carry", "EUR")
    assert (row.account_results, row.realized_net) == (Decimal("-2.5"), Decimal("-2.5"))
    assert read_history(store, lambda h: h.realized(ACCOUNT, symbol=SYMBOL)) == []


def test_account_events_are_listed_by_what_is_asked(store):
    write_history(store, lambda h: h.register(spot_instrument()))
    for number in range(5):
        kind = "FUNDING" if number % 2 else "DIVIDEND"
        event = moved(kind, number, amount=number, currency="QUOTE")
        write_history(store, lambda h, e=event: h.record_account_event(e))
    page = read_history(store, lambda h: h.account_events(limit=2))
    rest = read_history(store, lambda h: h.account_events(after=page.next, limit=500))
    assert [one.event.amount for one in (*page.items, *rest.items)] == [0, 1, 2, 3, 4]
    assert rest.next is None


# ---------------------------------------------------------------------------------------------------------- queries


def two_strategies(store):
    """Two strategies and two days in one position: trend buys and sells on the next day, carry sells the rest."""
    context_free = {"strategy_code": "trend"}
    submit_and_send(store, "C1", quantity=4, **context_free)
    submit_and_send(store, "C2", quantity=2, side="SELL", **context_free)
    submit_and_send(store, "C3", quantity=4, side="SELL", strategy_code="carry")
    fee = [Fee(Decimal(1), "QUOTE")]
    token = [Fee(Decimal("0.5"), "TOKEN")]
    day = timedelta(days=1)
    write_history(store, lambda h: h.record(trade_report("C1", "E1", "4", "100", fees=fee, occurred_at=T0)))
    write_history(store, lambda h: h.record(trade_report("C2", "E2", "1", "110", fees=token, occurred_at=T0 + day)))
    write_history(store, lambda h: h.record(trade_report("C3", "E3", "3", "90", fees=fee, occurred_at=T0 + 2 * day)))


def test_realized_results_by_day_symbol_strategy_and_order(store):
    two_strategies(store)
    ask = lambda **said: read_history(store, lambda h: h.realized(ACCOUNT, **said))  # noqa: E731
    (whole,) = ask()
    assert (whole.symbol, whole.currency) == (SYMBOL, "QUOTE")
    assert (whole.realized_gross, whole.realized_net, whole.realized_paid) == (-20, -22, -22)
    assert whole.unvalued == {"TOKEN": Decimal("0.5")}
    assert not whole.complete
    by_day = ask(by=GroupBy.DAY)
    assert [(row.day.day, row.realized_gross, row.realized_net) for row in by_day] == [
        (5, 0, 0),
        (6, 10, Decimal("9.75")),
        (7, -30, Decimal("-31.75")),
    ]
    by_strategy = ask(by="STRATEGY", rates={("TOKEN", "QUOTE"): 2})
    assert [(row.strategy_code, row.realized_net) for row in by_strategy] == [
        ("carry", Decimal("-31.75")),
        ("trend", Decimal("8.75")),
    ]
    assert by_strategy[1].complete
    assert by_strategy[1].conversions[0].rate == 2
    assert sum(row.realized_paid for row in ask(by=GroupBy.ORDER)) == -22
    assert [row.realized_gross for row in ask(strategy_code="carry", method="LIFO")] == [-30]
    assert ask(since=T0 + timedelta(days=3)) == []
    assert [row.realized_gross for row in ask(before=T0 + timedelta(days=2))] == [10]
    with pytest.raises(InvalidInput, match="by"):
        ask(by="WEATHER")
    with pytest.raises(InvalidInput, match="method"):
        ask(method="RANDOM")
    with pytest.raises(InvalidInput, match="since"):
        ask(since=datetime(2026, 1, 1))


def test_round_trips_tell_entry_exit_fees_net_and_duration(store):
    two_strategies(store)
    write_history(store, lambda h: h.adopt(execution("E9", "SELL", 1, 50, 400_000)))
    trip, still_open = read_history(store, lambda h: h.round_trips(ACCOUNT, rates={"TOKEN": 2}))
    assert (trip.side, trip.entry_quantity, trip.exit_quantity) == ("LONG", 4, 4)
    assert (trip.avg_entry_price, trip.avg_exit_price) == (100, 95)
    assert (trip.realized_gross, trip.fees, trip.net) == (-20, 3, -23)
    assert (trip.duration, trip.fills, len(trip.order_ids)) == (timedelta(days=2), 3, 3)
    assert trip.complete
    assert (still_open.side, still_open.closed_at, still_open.duration) == ("SHORT", None, None)
    assert not read_history(store, lambda h: h.round_trips(ACCOUNT))[0].complete
    assert len(read_history(store, lambda h: h.round_trips(ACCOUNT, before=T0))) == 0


def test_cost_analysis_tells_fees_slippage_and_what_was_filled(store):
    from sot import DecisionContext

    write_history(store, lambda h: h.register(spot_instrument()))
    context = DecisionContext(market_snapshot={"decision_price": "99"})
    for name, side in (("C1", "BUY"), ("C2", "SELL")):
        request = write_history(
            store, lambda h, n=name, s=side: h.submit(new_order_request(n, side=s, quantity=4), context)
        )
        write_history(store, lambda h, r=request: h.mark_sent(r.request_id))
    fees = [Fee(Decimal(1), "QUOTE"), Fee(Decimal(2), "TOKEN")]
    write_history(store, lambda h: h.record(trade_report("C1", "E1", "4", "100", fees=fees)))
    write_history(store, lambda h: h.record(trade_report("C2", "E2", "1", "97")))
    (row,) = read_history(store, lambda h: h.cost_analysis(ACCOUNT))
    assert (row.orders, row.notional, row.fill_ratio) == (2, 497, Decimal("0.625"))
    assert (row.fee_total, row.unvalued, row.complete, row.effective_rate) == (1, {"TOKEN": 2}, False, None)
    assert (row.decided, row.slippage_cost, row.decided_notional) == (2, 4 + 2, 5 * 99)
    (valued,) = read_history(
        store, lambda h: h.cost_analysis(ACCOUNT, by=["DAY", "SYMBOL"], rates=lambda *asked: Decimal(3))
    )
    assert (valued.fee_total, valued.complete, valued.conversions[0].rate) == (7, True, 3)
    assert valued.effective_rate is not None
    assert len(read_history(store, lambda h: h.cost_analysis(ACCOUNT, by=GroupBy.ORDER))) == 2


def test_rates_are_functions_of_pair_and_time(store):
    two_strategies(store)

    def rates(currency, into, moment):
        assert (currency, into) == ("TOKEN", "QUOTE")
        return Decimal(4) if moment == T0 + timedelta(days=1) else None

    held = read_history(store, lambda h: h.position(ACCOUNT, VENUE, SYMBOL, rates=rates))
    assert (held.realized_paid, held.complete) == (-24, True)
    assert held.conversions[0].rate == 4
    with pytest.raises(InvalidInput, match="rates"):
        read_history(store, lambda h: h.position(ACCOUNT, VENUE, SYMBOL, rates=lambda *asked: Decimal(-1)))


def test_every_method_sees_the_same_position(store):
    write_history(store, lambda h: h.register(spot_instrument()))
    for number, price in enumerate((10, 30, 20)):
        write_history(store, lambda h, n=number, p=price: h.adopt(execution(f"E{n}", "BUY", 1, p, n)))
    write_history(store, lambda h: h.adopt(execution("S", "SELL", 1, 25, 9)))
    gross = {
        method: read_history(store, lambda h, m=method: h.position(ACCOUNT, VENUE, SYMBOL, method=m)).realized_gross
        for method in Method
    }
    assert gross == {"AVERAGE": 5, "FIFO": 15, "LIFO": 5, "HIFO": -5, "LOFO": 15}


# ---------------------------------------------------------------------------------------------------------- the store


def test_two_units_of_work_do_not_lose_a_fill(make_store):
    """Each has read the position before the other wrote it."""
    store = make_store("memory")
    write_history(store, lambda h: h.register(spot_instrument()))
    write_history(store, lambda h: h.adopt(execution("E0", "BUY", 1, 10, 0)))
    from sot import ConcurrentUpdate

    with store.begin() as one, store.begin() as other:
        OrderHistory(one).adopt(execution("E1", "BUY", 1, 10, 1))
        OrderHistory(other).adopt(execution("E2", "BUY", 1, 10, 2))
        one.commit()
        with pytest.raises(ConcurrentUpdate):
            other.commit()
    assert read_history(store, lambda h: h.position(ACCOUNT, VENUE, SYMBOL)).quantity == 2


def test_an_application_can_ask_sql_for_positions(tmp_path):
    from sqlalchemy import select

    from sot.adapters.sqlalchemy.models import PositionRow

    store = SqlAlchemyStore.open(f"sqlite:///{tmp_path}/positions.db")
    two_strategies(store)
    with store.engine.connect() as connection:
        row = connection.execute(select(PositionRow.__table__)).one()
    assert (row.symbol, row.quantity, row.realized_gross, row.currency) == (SYMBOL, 0, -20, "QUOTE")
    store.close()
