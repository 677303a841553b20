"""Account events: funding, interest, transfers and splits, recorded once and corrected by replacement."""

from decimal import Decimal

import attrs
import pytest

from sot import Conflict, InvalidInput, Outcome
from sot.accounting import GroupBy
from sot.testing.contract.samples import ACCOUNT, SYMBOL, VENUE, spot_instrument
from sot.testing.contract.transactions import read_history, write_history
from tests.support.accounting_samples import T0, account_event, at, execution_report


def test_account_events_are_recognised_kept_and_corrected(store):
    write_history(store, lambda h: h.register(spot_instrument()))
    first = account_event("FUNDING", 1, amount="-2", currency="QUOTE", external_id="X1")
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
    corrected = account_event("FUNDING", 1, amount="-1", currency="QUOTE", replaces=known[0].event_id)
    assert write_history(store, lambda h: h.record_account_event(corrected)).outcome is Outcome.RECORDED
    assert write_history(store, lambda h: h.record_account_event(corrected)).outcome is Outcome.REPEATED
    assert read_history(store, lambda h: h.position(ACCOUNT, VENUE, SYMBOL)).account_results == {"FUNDING": -1}
    with pytest.raises(Conflict, match="replaced before"):
        write_history(store, lambda h: h.record_account_event(attrs.evolve(corrected, amount=Decimal(5))))
    with pytest.raises(InvalidInput, match="replaces"):
        write_history(
            store,
            lambda h: h.record_account_event(
                account_event("INTEREST", 1, amount=1, currency="QUOTE", replaces=known[0].event_id)
            ),
        )
    struck = account_event(
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
        write_history(store, lambda h, s=side, t=trade_side: h.adopt(execution_report(s, t, 2, 10, 0, position_side=s)))
    write_history(store, lambda h: h.record_account_event(account_event("SPLIT", 5, split_to=3)))
    found = read_history(store, lambda h: {p.key.position_side: p.quantity for p in h.positions(ACCOUNT)})
    assert found == {"LONG": 6, "SHORT": -6}
    write_history(store, lambda h: h.adopt(execution_report("late", "BUY", 1, 10, 1, position_side="NET")))
    assert read_history(store, lambda h: h.position(ACCOUNT, VENUE, SYMBOL)).quantity == 3


def test_results_of_an_account_alone_are_in_its_results_and_in_no_position(store):
    write_history(store, lambda h: h.register(spot_instrument()))
    interest = account_event("INTEREST", 1, amount="-2.5", currency="EUR", symbol=None, strategy_code="carry")
    write_history(store, lambda h: h.record_account_event(interest))
    assert read_history(store, lambda h: list(h.positions(ACCOUNT, include_flat=True))) == []
    (row,) = read_history(store, lambda h: h.realized(ACCOUNT, by=[GroupBy.DAY, GroupBy.STRATEGY]))
    assert (row.day, row.strategy_code, row.currency) == (T0.date(), "carry", "EUR")
    assert (row.account_results, row.realized_net) == (Decimal("-2.5"), Decimal("-2.5"))
    assert read_history(store, lambda h: h.realized(ACCOUNT, symbol=SYMBOL)) == []


def test_account_events_are_listed_by_what_is_asked(store):
    write_history(store, lambda h: h.register(spot_instrument()))
    for number in range(5):
        kind = "FUNDING" if number % 2 else "DIVIDEND"
        event = account_event(kind, number, amount=number + 1, currency="QUOTE")
        write_history(store, lambda h, e=event: h.record_account_event(e))
    page = read_history(store, lambda h: h.account_events(limit=2))
    rest = read_history(store, lambda h: h.account_events(after=page.next, limit=500))
    assert [one.event.amount for one in (*page.items, *rest.items)] == [1, 2, 3, 4, 5]
    assert rest.next is None
