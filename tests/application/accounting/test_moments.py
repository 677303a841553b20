"""The order within one moment in a store: the same whether facts come in order, late, or in a rebuild."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sot import AccountEvent
from sot.accounting import Method
from sot.adapters.memory import MemoryStore
from sot.audit import rebuild_positions, verify
from sot.domain.accounting.moment import Moment
from sot.testing.contract.samples import ACCOUNT, SYMBOL, VENUE, spot_instrument
from sot.testing.contract.transactions import read_history, write_history
from tests.conftest import examples
from tests.support.accounting_samples import account_event, execution_report

quantities = st.integers(1, 8).map(lambda number: Decimal(number) / 2)
trades = st.lists(
    st.tuples(st.sampled_from(["BUY", "SELL"]), quantities, quantities, st.integers(0, 3), st.sampled_from("9ABC")),
    min_size=1,
    max_size=12,
)
transfers = st.lists(st.tuples(st.sampled_from([2, -2]), st.integers(0, 3)), max_size=3)


def facts_of(trades, transfers):
    """Executions whose ids tell the order of few of them, and transfers of the same moments."""
    facts = [
        execution_report(f"{name}{number}", side, quantity, price, second)
        for number, (side, quantity, price, second, name) in enumerate(trades)
    ]
    for number, (quantity, second) in enumerate(transfers):
        cost = {"cost": 5} if quantity > 0 else {}
        facts.append(account_event("TRANSFER", second, quantity=quantity, external_id=f"t{number}", **cost))
    return facts


def rows_of(store):
    with store.begin(read_only=True) as uow:
        return [(key, state, list(uow.positions.snapshots(key))) for key, state in uow.positions.list(ACCOUNT)]


def figures_of(history):
    return [
        (method, position.quantity, position.realized_gross, position.missing_quantity, position.order_assumed)
        for method in Method
        for position in history.positions(ACCOUNT, method=method, include_flat=True)
    ]


def recorded(facts):
    store = MemoryStore()
    write_history(store, lambda h: h.register(spot_instrument().changed(kind="MARGIN")))
    for fact in facts:
        is_event = isinstance(fact, AccountEvent)
        write_history(store, lambda h, f=fact, e=is_event: h.record_account_event(f) if e else h.adopt(f))
    return store


@given(trades, transfers, st.randoms(use_true_random=False))
@settings(max_examples=examples(40))
def test_the_order_of_recording_does_not_matter(trades, transfers, random):
    facts = facts_of(trades, transfers)
    in_order = recorded(sorted(facts, key=lambda fact: fact.occurred_at))
    shuffled = facts[:]
    random.shuffle(shuffled)
    late = recorded(shuffled)
    assert read_history(late, figures_of) == read_history(in_order, figures_of)
    before = rows_of(late)
    late.run(lambda uow: rebuild_positions(uow, ACCOUNT))
    assert rows_of(late) == before
    assert verify(late).passed


def test_every_method_says_that_an_order_was_assumed(store):
    write_history(store, lambda h: h.register(spot_instrument()))
    for report in (
        execution_report("A", "BUY", 2, 10, 0),
        execution_report("B", "SELL", 1, 12, 5),
        execution_report("C", "BUY", 1, 20, 5),
        execution_report("D", "SELL", 2, 20, 9),
        execution_report("E", "BUY", 1, 20, 11),
    ):
        write_history(store, lambda h, report=report: h.adopt(report))
    for method in Method:
        position = read_history(store, lambda h, m=method: h.position(ACCOUNT, VENUE, SYMBOL, method=m))
        assert (position.order_assumed, position.complete) == (True, True)


def test_a_sweep_of_one_moment_reads_no_earlier_entries(monkeypatch):
    """Fills of one side in one moment continue from the stored state; only an opposite one folds again."""
    from sot.application.accounting import position_entries, positions

    monkeypatch.setattr(positions, "SNAPSHOT_INTERVAL", 512)
    store = recorded([execution_report(f"A{number}", "BUY", 1, 10 + number, 5) for number in range(3)])
    folded = []
    real = position_entries.entries
    monkeypatch.setattr(positions, "entries", lambda *given: folded.append(list(real(*given))) or iter(folded[-1]))
    write_history(store, lambda h: h.adopt(execution_report("A3", "BUY", 1, 20, 5)))
    assert folded == []
    write_history(store, lambda h: h.adopt(execution_report("B", "SELL", 1, 20, 5)))
    assert [len(part) for part in folded] == [5]


@pytest.mark.parametrize("reverse", [False, True])
def test_opposite_fills_of_one_moment_that_ids_tell_apart_continue_from_the_stored_state(monkeypatch, store, reverse):
    """Only the first opposite one folds again; after it, each is told to come last. In reverse all fold again."""
    from sot.application.accounting import position_entries, positions

    folded = []
    real = position_entries.entries
    monkeypatch.setattr(positions, "entries", lambda *given: folded.append(list(real(*given))) or folded[-1])
    write_history(store, lambda h: h.register(spot_instrument().changed(kind="MARGIN")))
    numbers = range(8, 14)
    for number in reversed(numbers) if reverse else numbers:
        report = execution_report(f"{number}", "BUY" if number % 2 else "SELL", 1, number, 5)
        write_history(store, lambda h, r=report: h.adopt(r))
    assert [len(part) for part in folded] == ([1, 2, 3, 4, 5, 6] if reverse else [1, 2])
    position = read_history(store, lambda h: h.position(ACCOUNT, VENUE, SYMBOL))
    assert (position.quantity, position.realized_gross, position.order_assumed) == (0, -3, False)
    assert position.state.moment_sides == 7
    before = rows_of(store)
    store.run(lambda uow: rebuild_positions(uow, ACCOUNT))
    assert rows_of(store) == before


def test_the_order_of_fills_of_one_moment_is_looked_at_once(monkeypatch):
    """Where the first of them has no id, each opposite one folds again, but what was found before is not found anew."""
    asked = []
    real = Moment.is_order_relevant
    monkeypatch.setattr(Moment, "is_order_relevant", lambda *given: asked.append(given) or real(*given))
    facts = [execution_report(f"{number}", "BUY" if number % 2 else "SELL", 1, number, 5) for number in range(8)]
    store = recorded(facts)  # 0 is no id
    assert len(asked) == 7
    assert not read_history(store, lambda h: h.position(ACCOUNT, VENUE, SYMBOL)).order_assumed
